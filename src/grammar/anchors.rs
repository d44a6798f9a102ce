//! What an interval is counted from: the trial's own treatment, the entry by another name.

use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;

/// Verbs and nouns of beginning a treatment.
const BEGINNINGS: &[&str] = &[
    "starting",
    "start",
    "started",
    "initiation",
    "initiating",
    "beginning",
    "commencing",
    "commencement",
    "receiving",
    "receipt",
    "receipt of",
    "administration of",
    "first administration of",
    "the start",
    "start of",
    "initiation of",
    "beginning of",
    "commencement of",
    "dosing with",
];

/// Whether an element may name the trial's own treatment: a drug, a class, a procedure, the code of a product.
fn names_treatment(phrase: &Phrase, at: usize) -> Option<usize> {
    let element = phrase.get(at)?;
    let code = phrase.get(at + 1).is_some_and(|n| matches!(n.sense, Sense::Number(_)) && !n.spaced)
        && (2..=5).contains(&element.text.chars().count())
        && !matches!(element.sense, Sense::Punctuation(_) | Sense::Number(_) | Sense::Compare(_));
    if code {
        return Some(at + 2);
    }
    let mixed = element.sense == Sense::Word
        && element.text.chars().any(|c| c.is_ascii_digit())
        && element.text.chars().any(char::is_alphabetic);
    let named = matches!(
        element.sense,
        Sense::Concept(Concept::Drug(_) | Concept::DrugClass(_) | Concept::Medication(_) | Concept::MedicationClass(_))
    ) || matches!(element.sense, Sense::Concept(Concept::Procedure(_)))
        && (element.text.contains("radio") || element.text.contains("therapy"));
    (mixed || named).then_some(at + 1)
}

/// "Within 4 weeks of starting X", "before the first dose of X": what is begun behind an interval is the trial's own
/// treatment, unless a relapse is counted from it. One past its last element.
pub fn trial_start(phrase: &Phrase, from: usize) -> Option<usize> {
    let begins = |e: &Element| BEGINNINGS.contains(&e.text.as_str());
    let first = phrase.get(from)?;
    let opens = first.is(Cue::Before) || first.is(Cue::Anchor) || first.is(Cue::Filler) || begins(first);
    let subject = |e: &Element| {
        e.is(Cue::Investigational) || matches!(e.sense, Sense::Concept(concept) if !matches!(concept, Concept::Unit(_)))
    };
    let named = phrase.elements.iter().take(from).any(subject);
    if !opens || !named || phrase.elements.iter().any(relapses) {
        return None;
    }
    let mut at = from;
    let mut begun = false;
    while let Some(e) = phrase.get(at) {
        let beginning = begins(e) || e.is(Cue::Before) || e.is(Cue::Anchor) && !e.text.contains("last");
        if !(beginning || e.is(Cue::Filler) && !e.text.contains("last") || e.is(Cue::Therapy) || e.is(Cue::With)) {
            break;
        }
        begun |= beginning;
        at += 1;
        if at > from + 7 {
            return None;
        }
    }
    let mut end = names_treatment(phrase, at).filter(|_| begun && at > from)?;
    // Its partners, its code in brackets, its noun.
    loop {
        let joint = |i: usize| {
            phrase.get(i).is_some_and(|e| {
                e.is_char('/')
                    || e.is_char('+')
                    || e.is(Cue::And)
                    || e.is_char('(')
                    || e.is(Cue::Filler) && e.text.contains("combination")
                    || e.is(Cue::With)
            })
        };
        let mut next = end;
        while joint(next) {
            next += 1;
        }
        if next > end
            && let Some(behind) = names_treatment(phrase, next)
        {
            end = behind;
        } else if phrase.get(end).is_some_and(|e| {
            e.is(Cue::Therapy)
                || e.is_char(')') && (from..end).any(|i| phrase.get(i).is_some_and(|o| o.is_char('(')))
                || matches!(e.text.as_str(), "treatment" | "therapy" | "dosing" | "infusion" | "administration")
        }) {
            end += 1;
        } else {
            return Some(end);
        }
    }
}

/// "... or during the study", "... or Cycle 1, Day 1 (C1D1)": the entry by another name, or the time behind it, which
/// asks nothing of a patient at entry. One past its last element.
pub(super) fn or_later(phrase: &Phrase, from: usize) -> Option<usize> {
    let opening = phrase.get(from)?;
    let bracket = opening.is_char('(');
    if !(opening.is(Cue::Or) || opening.is(Cue::And) || opening.is_char('/') || opening.is_char(',') || bracket) {
        return None;
    }
    let mut at = from + 1;
    let mut named = false;
    while let Some(e) = phrase.get(at) {
        let name = e.is(Cue::Anchor)
            || matches!(
                e.text.as_str(),
                "during" | "during the" | "throughout" | "while on" | "whilst on" | "while participating in"
            ) && phrase.get(at + 1).is_some_and(|n| n.is(Cue::Anchor) || is_trial(n) || n.is(Cue::Filler));
        let trial = named && is_trial(e);
        let word = e.is(Cue::Filler) && !e.text.contains("last") && (named || !e.text.ends_with("for"));
        if !(name || trial || word && (named || at <= from + 3)) {
            break;
        }
        named |= name;
        at += 1;
    }
    if bracket {
        return (named && phrase.get(at).is_some_and(|e| e.is_char(')'))).then_some(at + 1);
    }
    // What follows must end the clause: "or during the study chemotherapy" names something else.
    let ends = phrase.get(at).is_none_or(|e| {
        matches!(e.sense, Sense::Punctuation(_)) || e.is(Cue::Longer) || e.is(Cue::Shorter) || e.is(Cue::Or)
    });
    (named && ends).then_some(at)
}

fn is_trial(element: &Element) -> bool {
    matches!(
        element.text.as_str(),
        "study"
            | "trial"
            | "period"
            | "participation"
            | "treatment"
            | "conduct"
            | "course"
            | "this study"
            | "protocol"
            | "this trial"
            | "study therapy"
            | "therapy"
            | "course of the study"
            | "duration of the study"
    )
}

/// What is counted from a treatment of the past.
fn relapses(element: &Element) -> bool {
    element.is(Cue::Recurrent) || element.is(Cue::Progressed) || element.is(Cue::ProgressiveDisease)
}
