//! Turns of phrase about one course: "as their first endocrine treatment", "an A/B combination", "surgery that requires
//! general anaesthesia", "no progression for at least 6 months on X".

use super::lists::is_treatment;
use crate::criteria::context::Context;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::grammar::windows::time_unit;
use crate::lexicon::concepts::Concept;

/// Prepares a phrase.
pub(super) fn prepare(phrase: &mut Phrase, context: &Context<'_>) {
    first_of_its_kind(phrase);
    combinations(phrase, context);
    anaesthesia(phrase);
    without_progression(phrase);
    reasons(phrase);
}

/// Whether words say that an operation needs an anaesthetic.
pub(super) fn needs_anaesthetic(phrase: &Phrase, at: usize) -> bool {
    phrase.get(at).is_some_and(|e| e.is(Cue::Requiring))
        && (at + 1..at + 4).any(|i| phrase.get(i).is_some_and(anaesthetic))
}

fn anaesthetic(element: &Element) -> bool {
    element.text.contains("anesthe") || element.text.contains("anaesthe")
}

/// "As their first endocrine treatment": the line that it was, not another treatment.
fn first_of_its_kind(phrase: &mut Phrase) {
    for at in 1..phrase.len() {
        let ordinal = matches!(phrase.sense(at), Some(Sense::Ordinal(_)));
        let class = matches!(phrase.sense(at + 1), Some(Sense::Concept(Concept::DrugClass(_))));
        let opens = (at.saturating_sub(2)..at).find(|&i| phrase.get(i).is_some_and(|e| e.text == "as"));
        let Some(from) = opens.filter(|_| ordinal && class) else { continue };
        let plain = (from + 1..at).all(|i| phrase.get(i).is_some_and(is_neutral));
        // Another treatment stands before it.
        let named = (0..from)
            .any(|i| matches!(phrase.sense(i), Some(Sense::Concept(Concept::Drug(_) | Concept::DrugClass(_)))));
        if plain
            && named
            && let Some(element) = phrase.elements.get_mut(at + 1)
        {
            element.sense = Sense::Cue(Cue::Line);
            phrase.claim_range(from, at);
        }
    }
}

/// "An AI/palbociclib combination": both together.
fn combinations(phrase: &mut Phrase, context: &Context<'_>) {
    for at in 1..phrase.len() {
        let slash = phrase.get(at).is_some_and(|e| e.is_char('/') || e.is_char('+'));
        let treatment = |i: usize| phrase.get(i).is_some_and(|e| is_treatment(e, context));
        let noun = phrase.get(at + 2).is_some_and(|e| e.text.starts_with("combination"));
        if slash && noun && treatment(at - 1) && treatment(at + 1) {
            phrase.claim(at + 2);
            if let Some(element) = phrase.elements.get_mut(at) {
                element.sense = Sense::Cue(Cue::And);
                element.text = "plus".into();
            }
        }
    }
}

/// "Surgery that requires general anaesthesia": words that narrow the operation.
fn anaesthesia(phrase: &mut Phrase) {
    for at in 1..phrase.len() {
        if needs_anaesthetic(phrase, at)
            && let Some(element) = phrase.elements.get_mut(at)
        {
            element.sense = Sense::Cue(Cue::Filler);
        }
    }
}

/// "No (evidence of) progression for at least 6 months on X": X was given for so long.
fn without_progression(phrase: &mut Phrase) {
    // "No evidence of progression" may be one wording.
    let whole = |e: &Element| e.is(Cue::Stable) && e.text.starts_with("no ") && e.text.contains("progress");
    let Some(not) = phrase.find(|e| e.is(Cue::Not) && e.text.starts_with("no") || whole(e)) else { return };
    let progressed =
        |e: &Element| e.is(Cue::ProgressiveDisease) || e.text == "progression" || e.is(Cue::Progressed) || whole(e);
    let Some(progress) = (not..not + 4).find(|&i| phrase.get(i).is_some_and(progressed)) else { return };
    let lasting = (progress + 1..progress + 7).any(|i| phrase.get(i).is_some_and(|e| time_unit(e).is_some()))
        && phrase.get(progress + 1).is_some_and(|e| e.text == "for" || e.text.starts_with("for "));
    let plain = (not + 1..progress).all(|i| phrase.get(i).is_some_and(|e| is_neutral(e) || e.text == "evidence"));
    if lasting && plain {
        phrase.claim_range(not, progress + 1);
        let on = (progress + 1..phrase.len()).find(|&i| phrase.get(i).is_some_and(|e| e.is(Cue::Receiving)));
        if let Some(element) = on.and_then(|at| phrase.elements.get_mut(at)) {
            element.sense = Sense::Cue(Cue::Received);
        }
    }
}

/// "..., as these patients are considered first-line": why a criterion is so asks nothing.
pub(super) fn reasons(phrase: &mut Phrase) {
    for at in 1..phrase.len() {
        let comma = phrase.get(at - 1).is_some_and(|e| e.is_char(','));
        let because = phrase.get(at).is_some_and(|e| matches!(e.text.as_str(), "as" | "since" | "because"));
        let these =
            phrase.get(at + 1).is_some_and(|e| matches!(e.text.as_str(), "these" | "this" | "such" | "they" | "it"));
        if comma && because && these {
            phrase.claim_range(at - 1, phrase.len());
            return;
        }
    }
}
