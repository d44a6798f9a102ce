//! Diagnosis: tumour type, extent, recurrence, progression (conventions 3 and 4).

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::conditions::{is_narrowing, take_words};
use crate::criteria::context::Context;
use crate::criteria::facts::Facts;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::cancers;
use crate::lexicon::concepts::Concept;
use crate::patient::profile::Extent as Stated;
use serde::{Deserialize, Serialize};

/// A question about the cancer under study.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Diagnosis {
    /// One of these tumour types.
    Cancer(Vec<u16>),
    /// One of these extents: a set of the bits below.
    Extent(u8),
    /// Came back after treatment for early disease.
    Recurrent,
    /// Has progressed.
    Progressed,
}

/// Early, operable.
pub const EARLY: u8 = 1;
/// Unresectable, locally advanced.
pub const LOCALLY_ADVANCED: u8 = 2;
/// Metastatic.
pub const METASTATIC: u8 = 4;

impl Diagnosis {
    /// Answers for one patient.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        let Some(diagnosis) = &facts.profile.diagnosis else { return Answer::unknown("diagnosis") };
        match self {
            Self::Cancer(rows) => {
                let Some(stated) = &diagnosis.cancer else { return Answer::unknown("tumour type") };
                let fact = vec![Fact::new("diagnosis.cancer", stated)];
                let given = if stated.eq_ignore_ascii_case("breast") {
                    cancers::by_name("breast cancer")
                } else {
                    cancers::by_name(stated)
                };
                let Some(given) = given else {
                    let any = rows.iter().any(|r| cancers::all().get(*r as usize).is_some_and(|c| c.covers_breast));
                    return Answer::from_option(any.then_some(true), fact, "tumour type");
                };
                let mut answer = Some(false);
                for &row in rows {
                    let row = row as usize;
                    if cancers::is_a(given, row)
                        || cancers::all().get(row).is_some_and(|c| c.covers_breast && !c.breast)
                    {
                        return Answer::settled(Truth::True, fact);
                    }
                    if cancers::is_a(row, given) {
                        answer = histology(diagnosis.histology.as_deref(), row)
                            .and_then(|h| if h { Some(true) } else { answer });
                        if answer == Some(true) {
                            let histology = diagnosis.histology.as_ref().map(|h| Fact::new("diagnosis.histology", h));
                            return Answer::settled(Truth::True, fact.into_iter().chain(histology).collect());
                        }
                    }
                }
                let mut fact = fact;
                fact.extend(diagnosis.histology.as_ref().map(|h| Fact::new("diagnosis.histology", h)));
                Answer::from_option(answer, fact, "histology")
            }
            Self::Extent(bits) => {
                let Some(extent) = diagnosis.extent else { return Answer::unknown("extent of disease") };
                let bit = match extent {
                    Stated::Early => EARLY,
                    Stated::LocallyAdvanced => LOCALLY_ADVANCED,
                    Stated::Metastatic => METASTATIC,
                };
                Answer::settled(Truth::from_bool(bits & bit != 0), vec![Fact::new("diagnosis.extent", extent)])
            }
            Self::Recurrent => {
                let (Some(first), Some(later)) = (&diagnosis.diagnosed, &diagnosis.metastatic_since) else {
                    return Answer::unknown("whether the disease recurred after earlier treatment");
                };
                let facts =
                    vec![Fact::new("diagnosis.diagnosed", first), Fact::new("diagnosis.metastatic_since", later)];
                let apart = later.earliest.duration_since(first.latest).as_hours() / 24;
                // De novo disease is staged within some months of the diagnosis; between those the words do not settle it.
                Answer::from_option(
                    if apart > 180 { Some(true) } else { None },
                    facts,
                    "whether the disease recurred after earlier treatment",
                )
            }
            Self::Progressed => match &diagnosis.last_progression {
                Some(date) => Answer::settled(Truth::True, vec![Fact::new("diagnosis.last_progression", date)]),
                None => Answer::unknown("disease progression"),
            },
        }
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        let is = if holds { "is" } else { "is not" };
        match self {
            Self::Cancer(rows) => {
                let names: Vec<String> =
                    rows.iter().filter_map(|r| cancers::all().get(*r as usize)).map(|c| c.id.clone()).collect();
                format!("the cancer {is} {}", names.join(" or "))
            }
            Self::Extent(EARLY) if holds => "the patient has early-stage disease".to_owned(),
            Self::Extent(EARLY) => "the patient has no early-stage disease".to_owned(),
            Self::Extent(bits) => {
                let names: Vec<&str> =
                    [(EARLY, "early stage"), (LOCALLY_ADVANCED, "locally advanced"), (METASTATIC, "metastatic")]
                        .iter()
                        .filter(|(bit, _)| bits & bit != 0)
                        .map(|(_, name)| *name)
                        .collect();
                format!("the disease {is} {}", names.join(" or "))
            }
            Self::Recurrent => format!("the disease {is} recurrent"),
            Self::Progressed => {
                if holds { "the disease has progressed" } else { "the disease has not progressed" }.to_owned()
            }
        }
    }
}

/// Whether a stated histology is the asked one; unknown where none is stated.
fn histology(stated: Option<&str>, row: usize) -> Option<bool> {
    let stated = stated?.to_lowercase();
    let asked = cancers::all().get(row)?.id.to_lowercase();
    if cancers::by_name(&stated).is_some_and(|given| cancers::is_a(given, row)) {
        return Some(true);
    }
    for word in
        ["lobular", "ductal", "inflammatory", "metaplastic", "mucinous", "phyllodes", "medullary", "paget", "tubular"]
    {
        if asked.contains(word) {
            return Some(stated.contains(word));
        }
    }
    None
}

/// The extent that a name of a tumour says: "metastatic breast cancer" is one name in the lexicon.
pub fn extent_named(name: &str) -> u8 {
    match name.split(' ').next() {
        Some("metastatic") => METASTATIC,
        Some("advanced") => METASTATIC | LOCALLY_ADVANCED,
        _ => 0,
    }
}

/// Requires one of these extents.
pub fn extent(bits: u8) -> Requirement {
    Requirement::Atom(Atom::Diagnosis(Diagnosis::Extent(bits)))
}

/// "Recurrence score", "low risk of recurrence".
fn is_measure(phrase: &Phrase, at: usize) -> bool {
    let says = |e: &Element| e.text.ends_with("score") || e.text.ends_with("risk") || e.text.starts_with("oncotype");
    phrase.get(at + 1).is_some_and(says)
        || (at.saturating_sub(4)..at).any(|before| phrase.get(before).is_some_and(says))
}

/// The extents of figures that follow a stage: "stage II, III or IV", "stage II-IV"; claims them.
fn stages(phrase: &mut Phrase) -> u8 {
    let degree = |e: &Element| match e.text.trim_end_matches(['a', 'b', 'c']) {
        "0" => Some(0u8),
        "i" | "1" => Some(1),
        "ii" | "2" => Some(2),
        "iii" | "3" => Some(3),
        "iv" | "4" => Some(4),
        _ => None,
    };
    let extent_of = |stage: u8| match stage {
        0..=2 => EARLY,
        3 => LOCALLY_ADVANCED,
        _ => METASTATIC,
    };
    let mut bits = 0;
    for start in 0..phrase.len() {
        let opens = phrase.is_used(start) && phrase.get(start).is_some_and(|e| e.text.contains("stage "));
        if !opens {
            continue;
        }
        let mut last = phrase.get(start).and_then(|e| {
            let text = e.text.rsplit(' ').next().unwrap_or_default().into();
            degree(&Element { text, ..e.clone() })
        });
        let mut at = start + 1;
        loop {
            let mut next = at;
            let mut range = phrase.get(next).is_some_and(|e| !e.spaced);
            while phrase.get(next).is_some_and(|e| {
                e.is(Cue::Or)
                    || e.is(Cue::And)
                    || matches!(e.sense, Sense::Punctuation(',' | '/' | '-' | '–'))
                    || e.text == "to"
            }) {
                range = phrase.get(next).is_some_and(|e| e.text == "to" || e.is_char('-') || e.is_char('–'));
                next += 1;
            }
            let stage = phrase.get(next).filter(|_| !phrase.is_used(next)).and_then(degree);
            let Some(stage) = stage.filter(|_| next > at || range) else { break };
            for each in if range { last.unwrap_or(stage).min(stage)..=stage } else { stage..=stage } {
                bits |= extent_of(each);
            }
            phrase.claim_range(at, next + 1);
            last = Some(stage);
            at = next + 1;
        }
    }
    bits
}

/// Reads tumour types, extent, recurrence and progression, in positive sense.
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    let mut rows = Vec::new();
    let mut bits = 0u8;
    let mut recurrent = false;
    let mut progressed = false;
    let mut places = Vec::new();
    for at in 0..phrase.len() {
        if phrase.is_used(at) {
            continue;
        }
        match phrase.sense(at) {
            Some(Sense::Concept(Concept::Cancer(row))) => {
                rows.push(row);
                bits |= phrase.get(at).map_or(0, |e| extent_named(&e.text));
            }
            Some(Sense::Cue(Cue::MetastaticDisease | Cue::SettingMetastatic)) => bits |= METASTATIC,
            Some(Sense::Cue(Cue::Advanced)) => bits |= METASTATIC | LOCALLY_ADVANCED,
            Some(Sense::Cue(Cue::LocallyAdvanced)) => bits |= LOCALLY_ADVANCED,
            Some(Sense::Cue(Cue::EarlyStage)) => bits |= EARLY,
            // A recurrence score or a risk of recurrence is no recurrence.
            Some(Sense::Cue(Cue::Recurrent)) if is_measure(phrase, at) => continue,
            Some(Sense::Cue(Cue::Recurrent)) => recurrent = true,
            Some(Sense::Cue(Cue::Chronic)) if phrase.get(at).is_some_and(|e| e.text == "recurrent") => recurrent = true,
            Some(Sense::Cue(Cue::ProgressiveDisease)) => progressed = true,
            _ => continue,
        }
        places.push(at);
    }
    let (first, last) = (*places.first()?, *places.last()?);
    // A condition of another kind inside ("hepatitis with metastatic disease") is not ours to join.
    let between = (first..last).filter(|at| !phrase.is_used(*at));
    let connectors: Vec<usize> = between
        .filter(|at| {
            phrase
                .get(*at)
                .is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And) || e.is_char(',') || e.is_char('/') || e.is_char(';'))
        })
        .collect();
    for at in places.iter().chain(&connectors) {
        phrase.claim(*at);
    }
    phrase.take(Cue::Invasive);
    bits |= stages(phrase);
    if !rows.is_empty() {
        // "A history of breast cancer", "prior diagnosis of breast cancer": whoever has it has had it.
        phrase.take(Cue::History);
        phrase.take(Cue::Prior);
    }
    take_words(
        phrase,
        &[
            "confirmation",
            "radiological",
            "radiologic",
            "radiographic",
            "radiographical",
            "radiographically",
            "radiologically",
            "objective",
            "existence",
            "pathologic",
            "pathological",
            "pathologically",
            "classification",
            "tnm",
        ],
    );
    // Words that narrow a tumour type which is not the patient's change nothing ("platinum-sensitive ovarian cancer").
    let covers = |row: &u16| cancers::all().get(usize::from(*row)).is_none_or(|c| c.covers_breast || c.breast);
    if !rows.is_empty() && !rows.iter().any(covers) {
        while let Some(at) = phrase.find(is_narrowing) {
            phrase.claim(at);
        }
    }
    let mut members = Vec::new();
    if !rows.is_empty() {
        rows.sort_unstable();
        rows.dedup();
        // "breast cancer ... tumor": the narrower names say more than "any solid tumour" only where they stand alone.
        members.push(Requirement::Atom(Atom::Diagnosis(Diagnosis::Cancer(rows))));
    }
    match (bits, recurrent) {
        (0, true) => members.push(Requirement::any(vec![
            Requirement::Atom(Atom::Diagnosis(Diagnosis::Recurrent)),
            extent(METASTATIC | LOCALLY_ADVANCED),
        ])),
        (0, false) => {}
        (bits, true) => {
            members.push(Requirement::any(vec![extent(bits), Requirement::Atom(Atom::Diagnosis(Diagnosis::Recurrent))]))
        }
        (bits, false) => members.push(extent(bits)),
    }
    if progressed {
        members.push(Requirement::Atom(Atom::Diagnosis(Diagnosis::Progressed)));
    }
    Some(Requirement::all(members))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::context::Definitions;
    use crate::grammar::elements;
    use crate::grammar::outline::Section;

    fn check(text: &str, expected: &str, whole: bool) {
        let definitions = Definitions::default();
        let context = Context { section: Section::Inclusion, interventions: &[], definitions: &definitions };
        let mut phrase = Phrase::new(elements::read(text));
        let said = read(&mut phrase, &context).map_or_else(String::new, |r| r.say());
        assert_eq!((said.as_str(), phrase.is_read()), (expected, whole), "{text}: {:?}", phrase.leftover());
    }

    #[test]
    fn reads_tumour_types_and_extents() {
        let advanced = "the disease is locally advanced or metastatic";
        check("histologically confirmed breast cancer", "the cancer is breast cancer", true);
        check("a history of breast cancer", "the cancer is breast cancer", true);
        check("locally advanced or metastatic disease", advanced, true);
        check("stage III or IV disease", advanced, true);
        check("stage II-IV disease", "the disease is early stage or locally advanced or metastatic", true);
        check("low risk of recurrence", "", false);
        check("secondary immunodeficiency", "", false);
    }
}
