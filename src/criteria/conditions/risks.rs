//! "At risk of bleeding", "predisposition to thrombosis": not the disease, but a fact of its own that no list of
//! diseases states under another name.

use super::{Condition, State, What, modifiers};
use crate::criteria::atom::Atom;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::lexicon::concepts::Concept;

/// Reads a risk of the diseases named, and claims them all. `places` are those of the diseases.
pub(super) fn read(phrase: &mut Phrase, places: &[usize]) -> Option<Requirement> {
    let first = *places.first()?;
    let at = phrase.find(is_risk).filter(|at| *at < first && first - at <= 6)?;
    // Medicines with such a risk, and a score of it, are another matter.
    let other = |e: &Element| {
        e.is(Cue::Receiving)
            || e.is(Cue::Received)
            || e.is(Cue::Therapy)
            || matches!(
                e.sense,
                Sense::Concept(
                    Concept::Drug(_) | Concept::DrugClass(_) | Concept::Medication(_) | Concept::MedicationClass(_)
                )
            )
            || matches!(
                e.text.as_str(),
                "drug"
                    | "medication"
                    | "medicine"
                    | "agent"
                    | "product"
                    | "score"
                    | "scale"
                    | "assessment"
                    | "causing"
                    | "inducing"
            )
    };
    if (0..first).any(|at| phrase.get(at).is_some_and(other)) {
        return None;
    }
    // Between the risk and the disease nothing but words without meaning.
    let plain = (at + 1..first).all(|at| {
        phrase.get(at).is_some_and(|e| {
            is_neutral(e)
                || is_risk(e)
                || phrase.is_used(at)
                || matches!(e.text.as_str(), "factor" | "increased" | "high")
        })
    });
    if !plain {
        return None;
    }
    let words: Vec<String> = places.iter().filter_map(|&at| phrase.get(at)).map(|e| e.text.to_string()).collect();
    places.iter().for_each(|&at| phrase.claim(at));
    while let Some(at) = phrase.find(is_risk) {
        phrase.claim(at);
    }
    for at in first..places.last().copied().unwrap_or(first) {
        if phrase.get(at).is_some_and(|e| e.is(Cue::Or)) {
            phrase.claim(at);
        }
    }
    modifiers::take_words(
        phrase,
        &[
            "factor",
            "increased",
            "high",
            "additional",
            "elevated",
            "hereditary",
            "genetic",
            "inherited",
            "considerable",
        ],
    );
    phrase.take(Cue::High);
    let modifiers = modifiers::take(phrase, places);
    let members = words
        .into_iter()
        .map(|word| {
            let mut condition = Condition::new(What::Named(format!("risk of {word}")), State::Present);
            condition.window = modifiers.window;
            condition.detail.clone_from(&modifiers.detail);
            Requirement::Atom(Atom::Condition(condition))
        })
        .collect();
    Some(Requirement::any(members))
}

fn is_risk(element: &Element) -> bool {
    matches!(element.sense, Sense::Word | Sense::Cue(Cue::Filler | Cue::High))
        && ["risk", "at risk", "predispos", "tendency", "propensity", "susceptib", "high risk"]
            .iter()
            .any(|start| element.text.starts_with(start))
}
