//! "HCV RNA negative", "undetectable viral load": a virus infection that is active or not, by its genes in the blood.

use super::{Condition, State, What, modifiers, row_of};
use crate::criteria::atom::Atom;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Named, Phrase};
use crate::lexicon::concepts::Concept;
use crate::lexicon::labs;

/// The infection that a test for genes of a virus tells.
fn virus(element: &Element) -> Option<&'static str> {
    let Sense::Concept(Concept::Lab(row)) = element.sense else { return None };
    match labs::all().get(usize::from(row))?.id.as_str() {
        "HBV DNA" => Some("hepatitis B"),
        "HCV RNA" => Some("hepatitis C"),
        "HIV viral load" => Some("HIV infection"),
        _ => None,
    }
}

/// Reads whether the genes of a virus are found. Without figures: those are a laboratory value.
pub(super) fn read(phrase: &mut Phrase) -> Option<Requirement> {
    claim_definitions(phrase);
    let at = phrase.find(|e| virus(e).is_some())?;
    if phrase.find(|e| matches!(e.sense, Sense::Compare(_) | Sense::Concept(Concept::Unit(_)))).is_some() {
        return None;
    }
    let says =
        |words: &[&str]| phrase.find(|e| !matches!(e.sense, Sense::Concept(_)) && words.contains(&e.text.as_str()));
    let absent = says(&[
        "undetectable",
        "negative",
        "undetected",
        "nondetectable",
        "non detectable",
        "suppressed",
        "negativity",
        "below",
    ])
    .or_else(|| phrase.find(|e| e.is(Cue::Negative)));
    let present =
        says(&["detectable", "detected", "positive", "quantifiable"]).or_else(|| phrase.find(|e| e.is(Cue::Positive)));
    let (place, found) = match (absent, present) {
        (Some(place), None) => (place, false),
        (None, Some(place)) => (place, true),
        _ => return None,
    };
    let named = phrase.get(at).and_then(virus)?;
    // "Undetectable viral load" of the infection that is named beside it.
    let told = phrase.elements.iter().find_map(|e| match e.sense {
        Sense::Concept(Concept::Condition(row)) => {
            ["hepatitis B", "hepatitis C", "HIV infection"].into_iter().find(|id| row_of(id) == Some(row))
        }
        _ => None,
    });
    let general = phrase.get(at).is_some_and(|e| e.text.as_str() == "viral load");
    // "Undetectable viral load" where no virus is named beside it: of whichever the sentence speaks.
    let unnamed = general && told.is_none();
    let id = if general { told.unwrap_or(named) } else { named };
    let lists = phrase.find(|e| e.is(Cue::Or)).is_some()
        && (0..phrase.len()).filter(|i| phrase.get(*i).and_then(virus).is_some()).count() > 1;
    if lists {
        return None;
    }
    phrase.claim(at);
    phrase.claim(place);
    while let Some(again) = phrase.find(|e| virus(e) == Some(named)) {
        phrase.claim(again);
    }
    modifiers::take_words(
        phrase,
        &[
            "pcr",
            "polymerase",
            "chain",
            "reaction",
            "polymerase chain reaction",
            "rt",
            "quantitative",
            "qualitative",
            "testing",
            "test",
            "result",
            "level",
            "viral",
            "load",
            "limit",
            "quantification",
            "detection",
            "assay",
            "serum",
            "plasma",
            "titer",
            "nucleic",
            "acid",
            "amplification",
            "documented",
            "lower",
            "sensitivity",
            "nat",
            "copy",
            "detectability",
            "suppressive",
            "antiviral",
            "hiv",
            "hbv",
            "hcv",
            "persistently",
            "sustained",
            "current",
            "suppressed",
            "well",
            "tested",
            "antigen",
            "treatment",
            "currently",
            "ribonucleic",
            "deoxyribonucleic",
            "virus",
            "standard",
            "institutional",
            "clinical",
        ],
    );
    phrase.take(Cue::Active);
    phrase.take(Cue::Suspected);
    let therapy = claim_therapy(phrase, at);
    let window = crate::grammar::windows::take_window(phrase);
    if unnamed {
        let mut condition = Condition::new(What::Named("detectable viral load".to_owned()), State::Present);
        condition.detail = therapy.map(|therapy| format!("or no {therapy}"));
        let atom = Requirement::Atom(Atom::Condition(condition));
        return Some(if found { atom } else { atom.negated() });
    }
    let mut condition = Condition::new(What::Row(row_of(id)?), State::Active);
    if let Some(therapy) = therapy {
        condition.detail = Some(format!("with a detectable viral load or without {therapy}"));
    } else if let Some(window) = window.filter(|_| found) {
        // When it was found, no entry says.
        condition.detail = Some(format!("with a detectable viral load {}", window.say()));
    } else if !found {
        condition.detail = Some("with a detectable viral load".to_owned());
    }
    let atom = Requirement::Atom(Atom::Condition(condition));
    Some(if found { atom } else { atom.negated() })
}

/// "On stable antiretroviral therapy for at least 4 weeks" behind an undetectable viral load.
fn claim_therapy(phrase: &mut Phrase, load: usize) -> Option<String> {
    let drug = |e: &Element| {
        matches!(e.sense, Sense::Concept(Concept::MedicationClass(_) | Concept::Medication(_)))
            && ["viral", "art", "haart"].iter().any(|w| e.text.contains(w))
    };
    let at = phrase.find_from(load, drug)?;
    let on = (at.saturating_sub(4)..at).rev().find(|&i| {
        !phrase.is_used(i)
            && phrase
                .get(i)
                .is_some_and(|e| matches!(e.text.as_str(), "on" | "while on" | "receiving" | "while receiving"))
    })?;
    let between = |e: &Element| {
        e.is(Cue::Stable)
            || matches!(e.text.as_str(), "a" | "effective" | "suppressive" | "established" | "their" | "an")
    };
    if !(on + 1..at).all(|i| phrase.is_used(i) || phrase.get(i).is_some_and(between)) {
        return None;
    }
    let mut end = at + 1;
    while phrase.get(end).is_some_and(|e| e.is(Cue::Therapy) || matches!(e.text.as_str(), "regimen" | "treatment")) {
        end += 1;
    }
    let words: Vec<&str> = (on + 1..end).filter_map(|i| phrase.get(i)).map(|e| e.text.as_str()).collect();
    let words = words.join(" ");
    phrase.claim_range(on, end);
    Some(words)
}

/// "(defined as HCV RNA [qualitative] is detected)", "(e.g., HBsAg reactive)": says by which test the infection before
/// it is known, and names no other.
fn claim_definitions(phrase: &mut Phrase) {
    if !phrase.names(Named::Bracket) {
        return;
    }
    for open in 1..phrase.len() {
        if !phrase.get(open).is_some_and(|e| e.is_char('(')) || phrase.is_used(open) {
            continue;
        }
        let close = crate::criteria::reader::closing(&phrase.elements, open);
        let before = (0..open).rev().take(8).find_map(|at| phrase.get(at).and_then(infection));
        let inside = phrase.elements.get(open + 1..close).unwrap_or_default();
        let tested = inside.iter().find_map(virus);
        let found =
            |e: &Element| e.is(Cue::Positive) || matches!(e.text.as_str(), "detected" | "detectable" | "reactive");
        let idle = |e: &Element| {
            crate::grammar::phrase::is_neutral(e)
                || virus(e).is_some()
                || found(e)
                || e.is(Cue::Including)
                || infection(e) == tested
                || matches!(
                    e.text.as_str(),
                    "defined"
                        | "qualitative"
                        | "quantitative"
                        | "test"
                        | "result"
                        | "known"
                        | "by"
                        | "pcr"
                        | "ribonucleic"
                        | "acid"
                        | "or"
                        | "virus"
                )
        };
        if tested.is_some() && before == tested && inside.iter().any(found) && inside.iter().all(idle) {
            phrase.claim_range(open, close + 1);
        }
    }
}

/// The virus infection that an element names.
fn infection(element: &Element) -> Option<&'static str> {
    let Sense::Concept(Concept::Condition(row)) = element.sense else { return None };
    ["hepatitis B", "hepatitis C", "HIV infection"].into_iter().find(|id| row_of(id) == Some(row))
}
