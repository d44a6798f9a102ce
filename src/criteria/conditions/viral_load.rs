//! "HCV RNA negative", "undetectable viral load": a virus infection that is active or not, by its genes in the blood.

use super::{Condition, State, What, modifiers, row_of};
use crate::criteria::atom::Atom;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
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
    let window = crate::grammar::windows::take_window(phrase);
    let mut condition = Condition::new(What::Row(row_of(id)?), State::Active);
    condition.window = window.filter(|_| found);
    if !found {
        condition.detail = Some("with a detectable viral load".to_owned());
    }
    let atom = Requirement::Atom(Atom::Condition(condition));
    Some(if found { atom } else { atom.negated() })
}
