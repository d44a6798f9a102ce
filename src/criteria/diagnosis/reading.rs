//! How phrases about the cancer under study are read.

use super::{
    Diagnosis, EARLY, LOCALLY_ADVANCED, METASTATIC, counts, exhausted, extent, extent_named, modifiers, stages, tumours,
};
use crate::criteria::atom::Atom;
use crate::criteria::conditions::{is_narrowing, take_words};
use crate::criteria::context::Context;
use crate::criteria::open_fact::named;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::{Cues, Named, Phrase};
use crate::lexicon::cancers;
use crate::lexicon::concepts::Concept;

/// "Recurrence score", "low risk of recurrence".
fn is_measure(phrase: &Phrase, at: usize) -> bool {
    let says = |e: &Element| e.text.ends_with("score") || e.text.ends_with("risk") || e.text.starts_with("oncotype");
    phrase.get(at + 1).is_some_and(says)
        || (at.saturating_sub(4)..at).any(|before| phrase.get(before).is_some_and(says))
}

/// Words about how a tumour was found or described, which narrow nothing.
const SEEN: &[&str] = &[
    "staged",
    "medically",
    "true",
    "suspicion",
    "substantiated",
    "simultaneously",
    "several",
    "physical",
    "palpation",
    "oncologist",
    "investigational",
    "incisional",
    "excisional",
    "exam",
    "cut",
    "anatomic",
    "accompanying",
    "below",
    "classification",
    "clinical stage",
    "confirmation",
    "core",
    "core needle",
    "demonstrable",
    "evaluable",
    "existence",
    "extent",
    "following",
    "made",
    "mammogram",
    "mammography",
    "met",
    "needle",
    "objective",
    "pathologic",
    "pathological",
    "pathologically",
    "pathologic stage",
    "physical exam",
    "physical examination",
    "radiographic",
    "radiographical",
    "radiographically",
    "radiologic",
    "radiological",
    "radiologically",
    "stage",
    "staging",
    "subtype",
    "tnm",
    "true cut",
    "tru cut",
    "ultrasound",
    "unequivocal",
];

/// Cues of an extent, of recurrence, of progression.
const EXTENT: Cues = Cues::of(&[
    Cue::MetastaticDisease,
    Cue::SettingMetastatic,
    Cue::Advanced,
    Cue::LocallyAdvanced,
    Cue::EarlyStage,
    Cue::SettingEarly,
    Cue::Recurrent,
    Cue::Chronic,
    Cue::ProgressiveDisease,
]);

/// What a place adds: a bit of the extent, recurrence, progression.
fn clinical(phrase: &Phrase, at: usize) -> Option<Said> {
    let element = phrase.get(at)?;
    if stages::is_category(element) {
        return None;
    }
    // "Early invasive breast cancer".
    if element.sense == Sense::Word && element.text == "early" {
        let tumour = |e: &Element| e.is(Cue::Invasive) || matches!(e.sense, Sense::Concept(Concept::Cancer(_)));
        return phrase.get(at + 1).is_some_and(tumour).then_some(Said::Extent(EARLY));
    }
    Some(match element.cue()? {
        Cue::MetastaticDisease if element.text.starts_with("de novo") => Said::DeNovo,
        Cue::MetastaticDisease if element.text.contains("progress") => Said::FewProgress,
        Cue::MetastaticDisease if element.text.starts_with("oligo") => Said::Few,
        Cue::MetastaticDisease | Cue::SettingMetastatic => Said::Extent(METASTATIC),
        Cue::Advanced => Said::Extent(METASTATIC | LOCALLY_ADVANCED),
        Cue::LocallyAdvanced => Said::Extent(LOCALLY_ADVANCED),
        Cue::EarlyStage if element.text.starts_with("node") => Said::Nodes(element.text.contains("positive")),
        // Stage III is operable or not.
        Cue::EarlyStage
            if element.text.contains("iii") || element.text.ends_with('3') || element.text.starts_with("non") =>
        {
            Said::Extent(EARLY | LOCALLY_ADVANCED)
        }
        Cue::EarlyStage => Said::Extent(EARLY),
        Cue::SettingEarly if element.text == "early stage" => Said::Extent(EARLY),
        // A recurrence score or a risk of recurrence is no recurrence.
        Cue::Recurrent if is_measure(phrase, at) => return None,
        Cue::Recurrent => Said::Recurrent,
        Cue::Chronic if element.text == "recurrent" => Said::Recurrent,
        Cue::ProgressiveDisease => Said::Progressed,
        _ => return None,
    })
}

enum Said {
    Extent(u8),
    Recurrent,
    Progressed,
    /// Metastatic from the start.
    DeNovo,
    /// Few metastases.
    Few,
    /// Few metastases that have progressed.
    FewProgress,
    /// Positive or negative lymph nodes, of which no profile states more than the sites.
    Nodes(bool),
}

/// Reads tumour types, extent, recurrence and progression, in positive sense.
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    let may = phrase.holds_cue(EXTENT)
        || phrase.names(Named::Cancer)
        || phrase.elements.iter().any(|e| e.text == "early" || stages::is_category(e));
    if !may {
        return None;
    }
    let begins = (0..phrase.len()).any(|at| {
        !phrase.is_used(at)
            && (clinical(phrase, at).is_some()
                || phrase
                    .get(at)
                    .is_some_and(|e| matches!(e.sense, Sense::Concept(Concept::Cancer(_))) || stages::is_category(e)))
    });
    if !begins {
        return None;
    }
    // "For all tumours other than mesothelioma": what is taken out is not asked for.
    if excepted(phrase) {
        return None;
    }
    // Words that other kinds left are theirs to read.
    let alone = !(0..phrase.len()).any(|at| phrase.is_used(at));
    let nothing_left = exhausted::take(phrase);
    let size = if phrase.has(Cue::Measurable) { None } else { size(phrase) };
    enumerators(phrase);
    let count = counts::take(phrase);
    let mut bits = 0u8;
    let mut recurrent = false;
    let mut progressed = false;
    let mut nodes: Option<bool> = None;
    let mut de_novo = false;
    let mut few: Option<&str> = None;
    // A local recurrence is no extent: metastatic disease may come with one, and locally advanced disease without.
    let mut recurred_locally: Option<bool> = None;
    let mut tumour_places = tumours::spread(phrase);
    tumours::of_the_organ(phrase, &mut tumour_places);
    let all_places: Vec<usize> = tumour_places.iter().map(|(at, _)| *at).collect();
    tumours::drop_general(phrase, &mut tumour_places);
    let denied = taken_out(phrase, &mut tumour_places);
    let mut places = all_places;
    for at in &places {
        bits |= phrase.get(*at).map_or(0, |e| extent_named(&e.text));
    }
    for at in 0..phrase.len() {
        if phrase.is_used(at) {
            continue;
        }
        match clinical(phrase, at) {
            Some(Said::Extent(more)) => {
                bits |= more;
                let recurred = phrase.get(at).is_some_and(|e| e.is(Cue::LocallyAdvanced) && e.text.contains("recurr"));
                recurred_locally = Some(recurred && recurred_locally != Some(false));
            }
            Some(Said::Recurrent) => recurrent = true,
            Some(Said::Progressed) => progressed = true,
            Some(Said::Nodes(positive)) => nodes = Some(positive),
            Some(Said::DeNovo) => {
                bits |= METASTATIC;
                de_novo = true;
            }
            Some(Said::Few) => {
                bits |= METASTATIC;
                few = Some("oligometastatic disease");
            }
            Some(Said::FewProgress) => {
                bits |= METASTATIC;
                few = Some("oligoprogressive disease");
            }
            None => continue,
        }
        places.push(at);
    }
    places.sort_unstable();
    let categories = stages::categories(phrase);
    // "A history of stage II breast cancer": whoever has had it may have more today.
    let earlier = phrase
        .elements
        .iter()
        .any(|e| e.text == "presentation" || e.text == "at diagnosis" || e.text.contains("history"));
    let staged = categories.distant || categories.no_distant || !categories.local.is_empty();
    if categories.distant {
        bits |= METASTATIC;
    }
    if places.is_empty() && !staged {
        return None;
    }
    let (first, last) = (places.first().copied().unwrap_or(0), places.last().copied().unwrap_or(0));
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
    bits |= stages::stages(phrase);
    if alone && tumour_places.len() > 1 {
        phrase.take(Cue::OneOf);
    }
    // "Prior or suspected breast cancer".
    for at in 1..phrase.len() {
        let suspected = phrase.get(at).is_some_and(|e| e.is(Cue::Suspected));
        let beside = at >= 2
            && phrase.get(at - 1).is_some_and(|e| e.is(Cue::Or))
            && phrase.get(at - 2).is_some_and(|e| e.is(Cue::Prior) || e.is(Cue::History));
        if suspected && beside && !phrase.is_used(at) {
            phrase.claim_range(at - 1, at + 1);
        }
    }
    let mut rows: Vec<u16> = tumour_places.iter().map(|(_, row)| *row).collect();
    let mut members = Vec::new();
    if rows.is_empty() {
        phrase.take(Cue::History);
    } else {
        // "A history of breast cancer", "prior diagnosis of breast cancer": whoever has it has had it.
        phrase.take(Cue::History);
        phrase.take(Cue::Prior);
        // What is there now.
        for at in 0..phrase.len() {
            let now = phrase.get(at).is_some_and(|e| {
                e.is(Cue::Active) && matches!(e.text.as_str(), "current" | "currently has" | "existing" | "presently")
            });
            if now && !phrase.is_used(at) {
                phrase.claim(at);
            }
        }
    }
    take_words(phrase, SEEN);
    adverbs(phrase);
    let inflammatory = not_inflammatory(phrase, &tumour_places);
    // Words that narrow a tumour type which is not the patient's change nothing ("platinum-sensitive ovarian cancer").
    let covers = |row: &u16| cancers::all().get(usize::from(*row)).is_none_or(|c| c.covers_breast || c.breast);
    let foreign = !rows.is_empty() && !rows.iter().any(covers);
    if foreign {
        while let Some(at) = phrase.find(is_narrowing) {
            phrase.claim(at);
        }
    }
    let subject = if foreign { "tumor" } else { "disease" };
    let mut narrowed = modifiers::take(phrase, &places, subject);
    if foreign && alone {
        narrowed.extend(modifiers::take_all(phrase, subject));
    }
    if let Some(row) = inflammatory {
        rows.retain(|r| *r != row);
        rows.extend(cancers::by_name("breast cancer").map(|r| r as u16));
    }
    if !rows.is_empty() {
        rows.sort_unstable();
        rows.dedup();
        // "breast cancer ... tumor": the narrower names say more than "any solid tumour" only where they stand alone.
        members.push(Requirement::Atom(Atom::Diagnosis(Diagnosis::Cancer(rows))));
    }
    if !denied.is_empty() {
        members.push(Requirement::Atom(Atom::Diagnosis(Diagnosis::Cancer(denied))).negated());
    }
    if let Some(row) = inflammatory {
        members.push(Requirement::Atom(Atom::Diagnosis(Diagnosis::Cancer(vec![row]))).negated());
    }
    // What it was then does not say what it is now.
    let then = earlier && bits & METASTATIC == 0 && bits != 0;
    if then {
        members.push(named("early or locally advanced disease at presentation"));
        bits = 0;
    }
    let inoperable = |e: &Element| ["operable", "resectable", "amenable"].iter().any(|w| e.text.contains(w));
    if bits == LOCALLY_ADVANCED && recurred_locally == Some(true) && !phrase.elements.iter().any(inoperable) {
        members.push(named("local recurrence"));
        bits = 0;
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
    // "Stage at presentation": what it was then, which the profile does not state.
    let categories = if earlier && (categories.no_distant || categories.early) {
        stages::Categories { no_distant: false, early: false, ..categories }
    } else {
        categories
    };
    let local = (!categories.local.is_empty()).then(|| named(&format!("category{}", categories.local)));
    let no_distant = (categories.no_distant || categories.early).then(|| extent(EARLY | LOCALLY_ADVANCED));
    if categories.alternative {
        // "T4, N3 or M1": one of them is enough.
        if categories.distant {
            members.retain(|m| *m != extent(bits));
        }
        let distant = categories.distant.then(|| extent(bits));
        members.push(Requirement::any([local, no_distant, distant].into_iter().flatten().collect()));
    } else {
        members.extend(no_distant);
        members.extend(local);
    }
    // "De novo or recurrent metastatic disease": either.
    if de_novo && !recurrent {
        members.push(Requirement::Atom(Atom::Diagnosis(Diagnosis::Recurrent)).negated());
    }
    members.extend(few.map(named));
    if let Some(positive) = nodes {
        members.push(named(if positive { "node-positive disease" } else { "node-negative disease" }));
    }
    members.extend(narrowed);
    if let Some(count) = count {
        // The count says itself whether there must be any.
        members.retain(|m| bits != METASTATIC || recurrent || *m != extent(bits) || count == Requirement::Nothing);
        members.push(count);
    }
    members.extend(size);
    members.extend(nothing_left);
    Some(Requirement::all(members))
}

/// "Solid tumours excluding sarcoma": the tumours behind an exception, which is claimed; none of them is the patient's kind
/// or a general one, so that nothing but a name is taken out.
fn taken_out(phrase: &mut Phrase, places: &mut Vec<(usize, u16)>) -> Vec<u16> {
    let Some(except) = phrase.find(|e| e.is(Cue::Except)) else { return Vec::new() };
    let foreign = |row: u16| cancers::all().get(usize::from(row)).is_some_and(|c| !c.covers_breast && !c.breast);
    let behind: Vec<u16> = places.iter().filter(|(at, _)| *at > except).map(|(_, row)| *row).collect();
    let before = places.iter().any(|(at, _)| *at < except);
    if behind.is_empty() || !before || !behind.iter().all(|row| foreign(*row)) {
        return Vec::new();
    }
    places.retain(|(at, _)| *at < except);
    phrase.claim(except);
    behind
}

/// "Tumour of 2 cm or more in its largest diameter": the size of the primary, which no profile states.
fn size(phrase: &mut Phrase) -> Option<Requirement> {
    let unit = phrase.find(|e| matches!(e.text.as_str(), "cm" | "mm" | "centimeter" | "millimeter"))?;
    let number = unit.checked_sub(1)?;
    let Some(Sense::Number(value)) = phrase.sense(number).filter(|_| !phrase.is_used(number)) else { return None };
    let scale = if phrase.get(unit)?.text.starts_with('c') { 10.0 } else { 1.0 };
    let (start, end, sign) = match number.checked_sub(1).and_then(|b| phrase.sense(b)) {
        Some(Sense::Compare(comparison)) => (number - 1, unit + 1, comparison),
        _ if phrase.get(unit + 1).is_some_and(|e| e.is(Cue::OrMore)) => (number, unit + 2, Comparison::GreaterEqual),
        _ if phrase.get(unit + 1).is_some_and(|e| e.is(Cue::OrLess)) => (number, unit + 2, Comparison::LessEqual),
        _ => return None,
    };
    phrase.claim_range(start, end);
    take_words(
        phrase,
        &["largest", "longest", "greatest", "maximum", "maximal", "diameter", "dimension", "size", "its", "t"],
    );
    Some(named(&format!("primary tumor {} {} mm", sign.sign(), value * scale)))
}

/// Whether all that the phrase has left of tumours stands behind an exception.
fn excepted(phrase: &Phrase) -> bool {
    let Some(except) = phrase.find(|e| e.is(Cue::Except)) else { return false };
    let own = |at: usize| {
        !phrase.is_used(at)
            && (clinical(phrase, at).is_some()
                || phrase.get(at).is_some_and(|e| matches!(e.sense, Sense::Concept(Concept::Cancer(_)))))
    };
    !(0..except).any(own)
}

/// "With evidence of a) metastatic or b) locally recurrent disease": the letters of a list inside a sentence.
fn enumerators(phrase: &mut Phrase) {
    let mut depth = 0usize;
    let mut letters = Vec::new();
    for at in 0..phrase.len() {
        match phrase.sense(at) {
            Some(Sense::Punctuation('(' | '[')) => depth += 1,
            Some(Sense::Punctuation(')' | ']')) if depth > 0 => depth -= 1,
            Some(Sense::Punctuation(')')) => {
                let letter = at.checked_sub(1).filter(|b| {
                    !phrase.is_used(*b)
                        && phrase.get(*b).is_some_and(|e| {
                            matches!(e.sense, Sense::Number(n) if n < 10.0)
                                || e.text.len() == 1 && matches!(e.sense, Sense::Word | Sense::Cue(Cue::Filler))
                        })
                });
                letters.extend(letter);
            }
            _ => {}
        }
    }
    // One alone is a member of a list that goes on elsewhere.
    if letters.len() > 1 {
        letters.into_iter().for_each(|letter| phrase.claim(letter));
    }
}

/// "Histologically- or cytologically-confirmed": two words of how it was seen.
fn adverbs(phrase: &mut Phrase) {
    for at in 1..phrase.len() {
        if phrase.is_used(at) || !phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And)) {
            continue;
        }
        let word = |place: Option<usize>| {
            place.and_then(|p| phrase.get(p)).is_some_and(|e| {
                e.is(Cue::Filler) && ["ologic", "ology", "graphic", "clinical"].iter().any(|part| e.text.contains(part))
            })
        };
        let hyphen = at.checked_sub(1).filter(|p| phrase.get(*p).is_some_and(|e| e.is_char('-')));
        let before = hyphen.unwrap_or(at).checked_sub(1);
        if word(before) && word(Some(at + 1)) {
            phrase.claim(at);
        }
    }
}

/// "Invasive, but non-inflammatory carcinoma of the breast": the row that is denied; claims what denies it.
fn not_inflammatory(phrase: &mut Phrase, rows: &[(usize, u16)]) -> Option<u16> {
    let row = cancers::by_name("inflammatory breast cancer")? as u16;
    let (place, _) = rows.iter().find(|(_, r)| *r == row)?;
    let before = place.checked_sub(1)?;
    let denied = phrase.get(before).is_some_and(|e| e.text == "non" && !phrase.is_used(before));
    denied.then(|| phrase.claim(before))?;
    Some(row)
}
