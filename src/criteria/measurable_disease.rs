//! Measurable and evaluable disease.

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::central_nervous_system::{CentralNervousSystem, Feature, Region};
use crate::criteria::conditions::take_words;
use crate::criteria::context::Context;
use crate::criteria::facts::Facts;
use crate::criteria::metastatic_sites::{Site, present, row};
use crate::criteria::open_fact::named;
use crate::criteria::prior_therapy::{Therapy, Treatments};
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::grammar::windows::take_window;
use crate::lexicon::concepts::Concept;
use crate::lexicon::{procedures, sites};
use serde::{Deserialize, Serialize};

/// At least one measurable lesion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Measurable;

impl Measurable {
    /// Answers for one patient.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        match facts.profile.diagnosis.as_ref().and_then(|d| d.measurable_disease) {
            Some(value) => {
                Answer::settled(Truth::from_bool(value), vec![Fact::new("diagnosis.measurable_disease", value)])
            }
            None => Answer::unknown("measurable disease"),
        }
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        if holds { "there is measurable disease" } else { "there is no measurable disease" }.to_owned()
    }
}

/// Reads measurable or evaluable disease, in positive sense.
pub fn read(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    if phrase.take(Cue::Neutral) {
        phrase.take(Cue::Measurable);
        phrase.take(Cue::NonMeasurable);
        return Some(Requirement::Nothing);
    }
    let measurable = phrase.has(Cue::Measurable);
    let evaluable = phrase.has(Cue::NonMeasurable);
    if !measurable && !evaluable {
        return None;
    }
    phrase.take(Cue::Measurable);
    phrase.take(Cue::NonMeasurable);
    // "at least one", "≥ 1", "1 or more" lesion says no more than that there is one.
    for at in 0..phrase.len() {
        let one = matches!(phrase.sense(at), Some(Sense::Number(n)) if n == 1.0);
        if one {
            phrase.claim(at);
            if let Some(before) = at.checked_sub(1)
                && matches!(phrase.sense(before), Some(Sense::Compare(Comparison::GreaterEqual)))
            {
                phrase.claim(before);
            }
            // "1 or more", "one lesion or more".
            for more in [at + 1, at + 2] {
                if phrase.get(more).is_some_and(|e| e.is(Cue::OrMore)) {
                    phrase.claim(more);
                }
            }
        }
    }
    // "In at least one dimension" is one word of the vocabulary behind the comparison.
    for at in 1..phrase.len() {
        let dimension = phrase.get(at).is_some_and(|e| e.is(Cue::Filler) && e.text == "one dimension");
        if dimension && matches!(phrase.sense(at - 1), Some(Sense::Compare(_))) {
            phrase.claim(at - 1);
        }
    }
    // The version of the criteria: "RECIST version 1.1".
    while let Some(at) = phrase.find(|e| matches!(e.sense, Sense::Number(n) if n == 1.1 || n == 1.0)) {
        phrase.claim(at);
    }
    let mut asked = Vec::new();
    if measurable && !evaluable {
        asked.extend(elsewhere(phrase));
        asked.extend(only_at(phrase));
        asked.extend(size(phrase));
        asked.extend(not_irradiated(phrase));
    }
    // "No measurable lesion except in bone" keeps out; what is taken out of it is let in.
    let denied = context.section == Section::Exclusion && measurable && !evaluable;
    let excepted = if denied { None } else { excepted(phrase) };
    look(phrase);
    take_words(
        phrase,
        &[
            "assessment",
            "assessed",
            "clinically",
            "conventional",
            "defined",
            "exist",
            "follow",
            "following",
            "identified",
            "longest",
            "measurement",
            "minimum",
            "must have",
            "source",
            "technique",
            "exists",
            "response",
            "solid",
            "immune",
            "bidimensionally",
            "unidimensionally",
            "specific",
            "dimension",
            "recorded",
            "v",
            "nontarget",
            "non target",
            "non-target",
        ],
    );
    if evaluable {
        phrase.take(Cue::Or);
    }
    // "Non-measurable disease only": none that is measurable.
    let only = |e: &Element| matches!(e.text.as_str(), "only" | "solely" | "exclusively");
    if evaluable
        && !measurable
        && phrase.elements.iter().any(|e| e.text.starts_with("non"))
        && phrase.elements.iter().any(only)
    {
        let none = Requirement::Atom(Atom::Measurable(Measurable)).negated();
        take_words(phrase, &["only", "solely", "exclusively"]);
        return Some(match excepted {
            Some(sites) if !sites.is_empty() => Requirement::all(vec![none, not_of(sites)]),
            _ => none,
        });
    }
    if !measurable || evaluable {
        return Some(Requirement::Nothing);
    }
    let mut members = vec![Requirement::Atom(Atom::Measurable(Measurable))];
    members.extend(asked);
    Some(Requirement::all(members))
}

/// "Only non-measurable lesions, other than bone metastases": whoever has no others is not meant; where there are such
/// lesions and others, which of them are not measurable is not stated.
fn not_of(sites: Vec<u16>) -> Requirement {
    let only = Requirement::Atom(Atom::Site(Site { sites: sites.clone(), only: true }));
    let some = Requirement::Atom(Atom::Site(Site { sites, only: false }));
    Requirement::all(vec![
        only.negated(),
        Requirement::any(vec![some.negated(), named("non-measurable lesions of other kinds")]),
    ])
}

/// "Except bone metastases, ascites or pleural effusions": lesions that are never measurable, so that taking them out
/// narrows nothing. Claims the exception and gives the sites it names.
fn excepted(phrase: &mut Phrase) -> Option<Vec<u16>> {
    let at = phrase.find(|e| e.is(Cue::Except))?;
    let mut sites = Vec::new();
    let mut end = at + 1;
    while let Some(element) = phrase.get(end).filter(|_| !phrase.is_used(end)) {
        match element.sense {
            Sense::Concept(Concept::Site(row)) => sites.push(row),
            Sense::Concept(Concept::Condition(_)) if is_never_measurable(element) => {}
            Sense::Cue(Cue::MetastaticDisease | Cue::Or | Cue::NonMeasurable) => {}
            Sense::Punctuation(c) if !matches!(c, ')' | ';' | '.') => {}
            Sense::Word if matches!(element.text.as_str(), "simple" | "only" | "cystic" | "cyst" | "effusion") => {}
            _ if is_neutral(element) && !element.is_char(')') => {}
            _ => break,
        }
        end += 1;
    }
    let closes =
        phrase.get(end).is_none_or(|e| e.is_char(')') || e.is_char(';') || e.is_char('.') || e.is(Cue::Including));
    if !closes || end == at + 1 {
        return None;
    }
    phrase.claim_range(at, end);
    Some(sites)
}

fn is_never_measurable(element: &Element) -> bool {
    ["effusion", "ascit", "lymphang", "cyst", "mening"].iter().any(|w| element.text.contains(w))
}

/// "Outside the brain", "extracranial": measurable disease settles it where there is none at the site, nothing does
/// where there is; disease at the site alone is none elsewhere.
fn elsewhere(phrase: &mut Phrase) -> Option<Requirement> {
    let site_at = |at: usize| match phrase.sense(at) {
        Some(Sense::Concept(Concept::Site(row))) if !phrase.is_used(at) => Some(row),
        _ => None,
    };
    let (start, end, row) = (0..phrase.len()).find_map(|at| {
        let element = phrase.get(at).filter(|_| !phrase.is_used(at))?;
        match element.text.as_str() {
            "extracranial" | "extra cranial" => Some((at, at + 1, row("brain"))),
            "extrahepatic" => Some((at, at + 1, row("liver"))),
            "extraosseous" => Some((at, at + 1, row("bone"))),
            "non" | "extra" => site_at(at + 1).map(|site| (at, at + 2, site)),
            "outside" | "outside of" | "outwith" | "other than" | "beyond" => {
                let place = (at + 1..at + 4).find(|place| site_at(*place).is_some())?;
                let idle = (at + 1..place).all(|i| phrase.get(i).is_some_and(|e| e.is(Cue::Filler)));
                site_at(place).filter(|_| idle).map(|site| (at, place + 1, site))
            }
            _ => None,
        }
    })?;
    phrase.claim_range(start, end);
    let name = sites::all().get(usize::from(row)).map_or("", |s| s.id.as_str());
    let only = Requirement::Atom(Atom::Site(Site { sites: vec![row], only: true }));
    let mut small = vec![present(row).negated()];
    let region = match name {
        "brain" => Some(Region::Brain),
        "cns" => Some(Region::Any),
        _ => None,
    };
    small.extend(region.map(|region| {
        let feature = Feature::Measurable;
        Requirement::Atom(Atom::CentralNervousSystem(CentralNervousSystem { region, feature })).negated()
    }));
    small.push(named(&format!("measurable disease outside the {}", name.replace('_', " "))));
    Some(Requirement::all(vec![only.negated(), Requirement::any(small)]))
}

/// "Measurable disease only in the liver": settled where the site is the only one or none; otherwise nothing states where
/// the measurable lesions lie.
fn only_at(phrase: &mut Phrase) -> Option<Requirement> {
    let word = |e: &Element| matches!(e.text.as_str(), "only" | "sole" | "solely" | "exclusively" | "only site");
    let only = phrase.find(word)?;
    let places: Vec<(usize, u16)> = (0..phrase.len())
        .filter(|at| !phrase.is_used(*at))
        .filter_map(|at| match phrase.sense(at) {
            Some(Sense::Concept(Concept::Site(row))) => Some((at, row)),
            _ => None,
        })
        .collect();
    let (first, _) = *places.first()?;
    let (last, _) = *places.last()?;
    // Nothing but the list of sites and idle words may stand there.
    let plain = (0..phrase.len()).all(|at| {
        phrase.is_used(at)
            || at == only
            || phrase.get(at).is_some_and(|e| {
                is_neutral(e)
                    || matches!(e.sense, Sense::Concept(Concept::Site(_)))
                    || e.is(Cue::Or) && at > first && at < last
                    || e.is(Cue::MetastaticDisease)
            })
    });
    if !plain {
        return None;
    }
    phrase.claim_range(0, phrase.len());
    let rows: Vec<u16> = places.iter().map(|(_, row)| *row).collect();
    let names: Vec<String> = rows
        .iter()
        .filter_map(|row| sites::all().get(usize::from(*row)))
        .map(|site| site.id.replace('_', " "))
        .collect();
    let alone = Requirement::Atom(Atom::Site(Site { sites: rows.clone(), only: true }));
    let some = Requirement::Atom(Atom::Site(Site { sites: rows, only: false }));
    let stated = named(&format!("measurable disease only in the {}", names.join(" or ")));
    Some(Requirement::any(vec![alone, Requirement::all(vec![some, stated])]))
}

/// "At least 10 mm": what makes a lesion measurable (RECIST 1.1: 10 mm, nodes 15 mm; 20 mm where imaging is plain); more
/// than that is asked for by itself.
fn size(phrase: &mut Phrase) -> Option<Requirement> {
    let mut largest: f64 = 0.0;
    let mut places = Vec::new();
    let mut plain = false;
    for at in 1..phrase.len() {
        let unit = phrase.get(at).filter(|_| !phrase.is_used(at)).map_or("", |e| e.text.as_str());
        let scale = match unit {
            "cm" | "centimeter" => 10.0,
            "mm" | "millimeter" => 1.0,
            _ => continue,
        };
        let Some(Sense::Number(value)) = phrase.sense(at - 1) else { continue };
        let up = at.checked_sub(2).is_some_and(|i| {
            matches!(phrase.sense(i), Some(Sense::Compare(Comparison::GreaterEqual | Comparison::Greater)))
        });
        let more = phrase.get(at + 1).is_some_and(|e| e.is(Cue::OrMore));
        if !up && !more {
            return None;
        }
        largest = largest.max(value * scale);
        places.extend([if up { at - 2 } else { at - 1 }, at - 1, at]);
        if more {
            places.push(at + 1);
        }
    }
    if places.is_empty() {
        return None;
    }
    plain |= phrase.elements.iter().any(|e| {
        ["conventional", "x ray", "x-ray", "short", "slice", "node", "nodal", "caliper"]
            .iter()
            .any(|w| e.text.contains(w))
    });
    places.into_iter().for_each(|at| phrase.claim(at));
    take_words(
        phrase,
        &[
            "axis",
            "short",
            "diameter",
            "longest",
            "dimension",
            "size",
            "slice",
            "thickness",
            "spiral",
            "helical",
            "caliper",
            "node",
        ],
    );
    while let Some(at) = phrase.find(|e| e.is(Cue::Or)) {
        phrase.claim(at);
    }
    let usual = largest <= 10.0 || plain && largest <= 20.0;
    (!usual).then(|| named(&format!("measurable lesion of {largest} mm or more")))
}

/// "That has not been irradiated": settled where nothing was.
fn not_irradiated(phrase: &mut Phrase) -> Option<Requirement> {
    let radiotherapy = phrase.find(|e| {
        e.text.contains("irradiat")
            || matches!(e.sense, Sense::Concept(Concept::Procedure(_))) && e.text.contains("radi")
    })?;
    let denial = (radiotherapy.saturating_sub(6)..radiotherapy).rev().find(|at| {
        phrase.get(*at).is_some_and(|e| {
            e.is(Cue::Not)
                || e.is(Cue::Naive)
                || e.is(Cue::MustNot)
                || matches!(e.text.as_str(), "outside" | "outside of" | "non" | "un")
        })
    })?;
    let between = (denial..radiotherapy).all(|at| {
        phrase.get(at).is_some_and(|e| {
            is_neutral(e)
                || at == denial
                || matches!(e.sense, Sense::Cue(Cue::Prior | Cue::Received | Cue::Not))
                || matches!(e.text.as_str(), "area" | "field" | "located")
        })
    });
    if !between || phrase.elements.iter().any(|e| e.is(Cue::Or)) {
        return None;
    }
    phrase.claim_range(denial, radiotherapy + 1);
    take_words(phrase, &["field", "area", "port", "region", "previously", "irradiated"]);
    let row = procedures::by_name("radiotherapy").and_then(|row| u16::try_from(row).ok())?;
    let what = Treatments { procedures: vec![row], ..Treatments::default() };
    let irradiated = Requirement::Atom(Atom::Therapy(Box::new(Therapy::received(what))));
    Some(Requirement::any(vec![irradiated.negated(), named("measurable lesion that was not irradiated")]))
}

/// "On a CT within 28 days": when it is looked at.
fn look(phrase: &mut Phrase) {
    let other = |e: &Element| {
        matches!(e.sense, Sense::Concept(Concept::Drug(_) | Concept::DrugClass(_) | Concept::Procedure(_)))
            || e.is(Cue::Progressed)
            || e.is(Cue::ProgressiveDisease)
    };
    if phrase.find(other).is_none() {
        let _ = take_window(phrase);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::context::Definitions;
    use crate::grammar::elements;

    fn check(text: &str, expected: &str) {
        let definitions = Definitions::default();
        let context = Context { section: Section::Inclusion, interventions: &[], definitions: &definitions };
        let mut phrase = Phrase::new(elements::read(text));
        let said = read(&mut phrase, &context).map_or_else(String::new, |r| r.say());
        assert_eq!(said, expected, "{text}");
        assert!(expected.is_empty() || phrase.is_read(), "{text}: {:?}", phrase.leftover());
    }

    #[test]
    fn reads_where_and_how_large() {
        check("at least one measurable lesion by RECIST 1.1 on a CT within 28 days", "there is measurable disease");
        check("measurable lesion of at least 10 mm in the longest diameter", "there is measurable disease");
        check(
            "measurable lesion of at least 30 mm",
            "there is measurable disease and the patient has measurable lesion of 30 mm or more",
        );
        check(
            "measurable disease outside the liver",
            "there is measurable disease and there are no liver metastases only and (there is no liver involvement or the patient has measurable disease outside the liver)",
        );
        check(
            "measurable lesion not previously irradiated",
            "there is measurable disease and (the patient has not received radiotherapy or the patient has measurable lesion that was not irradiated)",
        );
        check("measurable or non-measurable disease", "nothing is asked at entry");
        check("measurable disease, except bone lesions, ascites or pleural effusions", "there is measurable disease");
        check(
            "only non-measurable lesions, other than skin metastases",
            "there is no measurable disease and there are no skin metastases only and (there is no skin involvement or the patient has non measurable lesion of other kind)",
        );
        check(
            "measurable disease only in the lung",
            "there is measurable disease and (there are lung metastases only or (there is lung involvement and the patient has measurable disease only in the lung))",
        );
        check("a lesion accessible to biopsy", "");
    }
}
