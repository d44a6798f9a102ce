//! Doses of medicines: "more than 10 mg/day of prednisone or equivalent".

use super::Substance;
use super::allergy::class;
use crate::grammar::elements::{Cue, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;
use crate::lexicon::medications;

/// Words that belong to a dose on its left.
const BEFORE: &[&str] = &[
    "dose",
    "of",
    "at",
    "a",
    "daily",
    "dosage",
    "total",
    "immunosuppressive",
    "dosing",
    "in",
    "an",
    "doses",
    "up",
    "to",
    "exceeding",
    "greater",
    "than",
    "excess",
    "with",
    "the",
    "equivalent",
    "above",
    "beyond",
    "maximum",
    "is",
    "are",
    "be",
    "must",
    "below",
    "under",
    "level",
    "per day",
    "stable",
    "chronic",
];

/// Words that belong to a dose on its right.
const AFTER: &[&str] = &[
    "/",
    "day",
    "per",
    "daily",
    "of",
    "d",
    "or",
    "a",
    "equivalent",
    "its",
    "(",
    ")",
    "an",
    "other",
    "oral",
    "total",
    "dose",
    "equivalent dose",
    "kg",
    "or equivalent",
    "or its equivalent",
    "and/or equivalent",
    "once",
    "twice",
    "per day",
    "times",
    "week",
    "the",
    "bioequivalent",
    "orally",
    "equivalents",
    "every",
    "other corticosteroid",
    "[",
    "]",
    "in",
    "dosing",
    "steroid",
    "corticosteroid",
    "anti inflammatory",
    "for",
];

fn is_unit(text: &str) -> bool {
    matches!(text, "mg" | "milligram" | "mg/day" | "mcg" | "g" | "ug" | "iu" | "gram") || text.starts_with("mg")
}

/// From the first to the last word of a dose.
pub(super) fn range(phrase: &Phrase) -> Option<(usize, usize)> {
    let figure =
        |at: usize| at.checked_sub(1).and_then(|b| phrase.sense(b)).is_some_and(|s| matches!(s, Sense::Number(_)));
    let unit = (0..phrase.len())
        .find(|&at| !phrase.is_used(at) && figure(at) && phrase.get(at).is_some_and(|e| is_unit(&e.text)))?;
    let mut start = unit;
    while let Some(before) = start.checked_sub(1) {
        let belongs = phrase.get(before).is_some_and(|e| {
            matches!(e.sense, Sense::Number(_) | Sense::Compare(_))
                || BEFORE.contains(&e.text.as_str())
                || e.is(Cue::High)
                || e.is(Cue::Low)
                || e.is(Cue::Not) && phrase.get(before + 1).is_some_and(|n| n.text.starts_with("exceed"))
        });
        if !belongs || phrase.is_used(before) {
            break;
        }
        start = before;
    }
    // A dose opens with its figure or with a word of its own.
    while start < unit
        && phrase
            .get(start)
            .is_some_and(|e| matches!(e.text.as_str(), "of" | "in" | "with" | "the" | "is" | "are" | "be" | "must"))
    {
        start += 1;
    }
    let mut end = unit;
    while phrase.get(end + 1).is_some_and(|e| {
        !phrase.is_used(end + 1)
            && (AFTER.contains(&e.text.as_str())
                || e.is(Cue::OrMore)
                || e.is(Cue::OrLess)
                || matches!(e.sense, Sense::Concept(Concept::Medication(_) | Concept::Unit(_)))
                || e.is(Cue::Steroids))
    }) {
        end += 1;
    }
    while end > unit
        && phrase.get(end).is_some_and(|e| {
            e.is(Cue::Or)
                || e.is_char(')') && !(start..end).any(|at| phrase.get(at).is_some_and(|e| e.is_char('(')))
                || matches!(e.text.as_str(), "(" | "of" | "a" | "an" | "other" | "for" | "in" | "[" | "the")
        })
    {
        end -= 1;
    }
    Some((start, end))
}

/// "Prednisone or equivalent" means its class.
pub(super) fn equivalent(phrase: &mut Phrase, at: usize) -> Option<Substance> {
    let Some(Sense::Concept(Concept::Medication(row))) = phrase.sense(at) else { return None };
    let steroid = medications::class_by_id("corticosteroid")?;
    let end = phrase.find_from(at, |e| e.text.contains("equivalent")).filter(|end| end - at <= 3)?;
    if !medications::is_in_class(usize::from(row), steroid) {
        return None;
    }
    phrase.claim_range(at, end + 1);
    class("corticosteroid")
}
