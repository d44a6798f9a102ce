//! Medicines in texts: what is taken, within which time, at which dose.

use super::allergy::{class, is_head, known_substance, read_allergy};
use super::{Kind, Medication, Substance, enzymes};
use crate::criteria::atom::Atom;
use crate::criteria::conditions::{is_narrowing, take_words};
use crate::criteria::context::Context;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::grammar::windows::take_window;
use crate::lexicon::concepts::Concept;
use crate::lexicon::{medications, procedures};

/// Words around a medicine that change nothing.
const HARMLESS: &[&str] = &[
    "daily",
    "regular",
    "continuous",
    "systemic",
    "oral",
    "concomitantly",
    "concurrently",
    "prescription",
    "medication",
    "medicine",
    "drug",
    "agent",
    "known",
    "regularly",
    "required",
    "prohibited",
    "other",
    "any other",
    "intravenous",
    "iv",
    "dose",
    "chronic use",
];

/// Words that narrow a medicine to what the profile cannot state.
const NARROWING: &[&str] = &[
    "therapeutic",
    "prophylactic",
    "full",
    "high",
    "parenteral",
    "topical",
    "inhaled",
    "intranasal",
    "ophthalmic",
    "intra articular",
    "immunosuppressive",
    "low",
    "low dose",
    "physiologic",
    "physiological",
    "replacement",
];

/// Reads medicines and allergies.
pub fn read(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    if phrase.find(|e| is_head(e).is_some()).is_some() {
        return read_allergy(phrase, context);
    }
    // A disease that a medicine treats, or steroids for the brain, are read with the disease.
    let elsewhere = (0..phrase.len()).filter_map(|at| Some((at, phrase.get(at)?))).any(|(at, e)| {
        e.text != "other"
            && match e.sense {
                Sense::Concept(Concept::Site(_) | Concept::Lab(_)) => true,
                Sense::Concept(Concept::Condition(_)) => !phrase.is_used(at),
                _ => false,
            }
    });
    if elsewhere {
        return None;
    }
    let dose = dose_range(phrase);
    let mut named: Vec<(Substance, Option<&'static str>)> =
        enzymes::take(phrase).into_iter().map(|named| (Substance::Class(named.class), named.only)).collect();
    let mut inside_dose = false;
    for at in 0..phrase.len() {
        if phrase.is_used(at) {
            continue;
        }
        // The physical status of the American Society of Anesthesiologists is no aspirin.
        let asa = phrase.get(at).is_some_and(|e| e.text == "asa")
            && phrase
                .find(|e| matches!(e.text.as_str(), "i" | "ii" | "iii" | "iv" | "physical" | "class" | "score"))
                .is_some();
        let Some(substance) = phrase.get(at).and_then(head).filter(|_| !asa) else { continue };
        if dose.is_some_and(|(start, end)| (start..=end).contains(&at)) {
            inside_dose = true;
            continue;
        }
        phrase.claim(at);
        named.push((equivalent(phrase, at).unwrap_or(substance), None));
    }
    // "More than 10 mg of prednisone or equivalent": the dose names the class.
    if named.is_empty() && inside_dose {
        named.extend(class("corticosteroid").map(|substance| (substance, None)));
    }
    if named.is_empty() {
        return None;
    }
    let mut details = Vec::new();
    if let Some((start, end)) = dose {
        let words: Vec<String> = (start..=end)
            .filter(|&at| !phrase.is_used(at))
            .filter_map(|at| phrase.get(at))
            .map(|e| e.text.to_string())
            .collect();
        phrase.claim_range(start, end + 1);
        details.push(words.join(" "));
    }
    let window = take_window(phrase);
    let past = phrase.take(Cue::History) | phrase.take(Cue::Prior);
    for cue in [Cue::Requiring, Cue::Chronic, Cue::Active, Cue::Receiving, Cue::Received, Cue::Therapy] {
        phrase.take(cue);
    }
    let narrowing: Vec<String> = (0..phrase.len())
        .filter(|&at| !phrase.is_used(at))
        .filter_map(|at| phrase.get(at))
        .filter(|e| NARROWING.contains(&e.text.as_str()))
        .map(|e| e.text.to_string())
        .collect();
    take_words(phrase, NARROWING);
    details.extend(narrowing);
    take_words(phrase, HARMLESS);
    // Words beside a medicine that the vocabulary does not hold narrow it.
    let left: Vec<usize> = (0..phrase.len())
        .filter(|at| !phrase.is_used(*at) && phrase.get(*at).is_some_and(|e| !is_neutral(e) && !e.is(Cue::Or)))
        .collect();
    if left.len() <= 3 && left.iter().all(|at| phrase.get(*at).is_some_and(is_narrowing)) {
        details.extend(left.iter().filter_map(|at| phrase.get(*at)).map(|e| e.text.to_string()));
        left.iter().for_each(|at| phrase.claim(*at));
    }
    if named.len() > 1 {
        phrase.take(Cue::Or);
        phrase.take(Cue::Including);
    }
    let kind = if past && window.is_none() { Kind::EverUsed } else { Kind::Use };
    let members = named
        .into_iter()
        .map(|(substance, only)| {
            let mut atom = Medication::new(substance, kind);
            atom.window = window;
            let mut words = details.clone();
            words.extend(only.map(str::to_owned));
            atom.detail = (!words.is_empty()).then(|| words.join(" "));
            Requirement::Atom(Atom::Medication(atom))
        })
        .collect();
    Some(Requirement::any(members))
}

/// The medicine that an element names; anticancer drugs are read as prior therapy.
fn head(element: &Element) -> Option<Substance> {
    if let Sense::Concept(Concept::Procedure(row)) = element.sense {
        let vaccination = procedures::all().get(usize::from(row)).is_some_and(|p| p.id == "vaccination");
        return vaccination.then(|| class("vaccine")).flatten();
    }
    known_substance(element).filter(|substance| matches!(substance, Substance::Medication(_) | Substance::Class(_)))
}

/// "Prednisone or equivalent" means its class.
fn equivalent(phrase: &mut Phrase, at: usize) -> Option<Substance> {
    let Some(Sense::Concept(Concept::Medication(row))) = phrase.sense(at) else { return None };
    let steroid = medications::class_by_id("corticosteroid")?;
    let end = phrase.find_from(at, |e| e.text.starts_with("equivalent")).filter(|end| end - at <= 3)?;
    if !medications::is_in_class(usize::from(row), steroid) {
        return None;
    }
    phrase.claim_range(at, end + 1);
    class("corticosteroid")
}

/// From the first to the last word of a dose: "doses > 10 mg/day of prednisone or equivalent".
fn dose_range(phrase: &Phrase) -> Option<(usize, usize)> {
    let unit = phrase
        .find(|e| matches!(e.text.as_str(), "mg" | "milligram" | "mg/day" | "mcg" | "g") || e.text.starts_with("mg"))?;
    let mut start = unit;
    while let Some(before) = start.checked_sub(1) {
        let belongs = phrase.get(before).is_some_and(|e| {
            matches!(e.sense, Sense::Number(_) | Sense::Compare(_))
                || matches!(
                    e.text.as_str(),
                    "dose" | "of" | "at" | "a" | "daily" | "dosage" | "total" | "immunosuppressive"
                )
        });
        if !belongs || phrase.is_used(before) {
            break;
        }
        start = before;
    }
    let mut end = unit;
    while phrase.get(end + 1).is_some_and(|e| {
        matches!(
            e.text.as_str(),
            "/" | "day"
                | "per"
                | "daily"
                | "of"
                | "d"
                | "or"
                | "a"
                | "equivalent"
                | "its"
                | "("
                | ")"
                | "an"
                | "other"
                | "oral"
                | "total"
                | "dose"
                | "equivalent dose"
                | "kg"
        ) || matches!(e.sense, Sense::Concept(Concept::Medication(_) | Concept::Unit(_)))
    }) {
        end += 1;
    }
    while end > unit
        && phrase.get(end).is_some_and(|e| {
            e.is(Cue::Or)
                || e.is_char(')') && !(start..end).any(|at| phrase.get(at).is_some_and(|e| e.is_char('(')))
                || matches!(e.text.as_str(), "(" | "of" | "a" | "an" | "other")
        })
    {
        end -= 1;
    }
    Some((start, end))
}
