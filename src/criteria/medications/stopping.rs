//! "That cannot be discontinued", "unable to transition off": whether a medicine can be stopped is for a person to say.

use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::structure::Words;

fn stops(element: &Element) -> bool {
    !matches!(element.sense, Sense::Concept(_)) && element.text.is_in(Words::Stopping)
}

fn able(element: &Element) -> bool {
    element.text != "only" && matches!(element.sense, Sense::Cue(Cue::May | Cue::MustNot | Cue::Must))
        || element.text.is_in(Words::Able)
}

/// Whether an element belongs to what is said of stopping: when, for how long, by what.
fn goes_on(element: &Element) -> bool {
    matches!(
        element.sense,
        Sense::Number(_)
            | Sense::Compare(_)
            | Sense::Ordinal(_)
            | Sense::Cue(
                Cue::Within
                    | Cue::Before
                    | Cue::After
                    | Cue::Since
                    | Cue::Anchor
                    | Cue::Day
                    | Cue::Week
                    | Cue::Month
                    | Cue::Hour
                    | Cue::HalfLife
                    | Cue::Longer
                    | Cue::Shorter
                    | Cue::Duration
                    | Cue::Filler
                    | Cue::And
                    | Cue::Times
                    | Cue::Planned
                    | Cue::Administrative
                    | Cue::Between
                    | Cue::Investigational
                    | Cue::OrMore
            )
    )
}

/// Claims what a phrase says of stopping; whether it said anything.
pub(super) fn take(phrase: &mut Phrase) -> bool {
    if !phrase.holds_word(Words::Stopping) {
        return false;
    }
    let Some(verb) = phrase.find(stops) else { return false };
    let Some(ability) =
        (0..phrase.len()).find(|&at| !phrase.is_used(at) && phrase.get(at).is_some_and(able) && at.abs_diff(verb) <= 4)
    else {
        return false;
    };
    let (first, last) = (ability.min(verb), ability.max(verb));
    if (first..=last).any(|at| phrase.get(at).is_some_and(|e| matches!(e.sense, Sense::Concept(_)))) {
        return false;
    }
    phrase.claim_range(first, last + 1);
    if let Some(not) = first.checked_sub(1).filter(|&b| phrase.get(b).is_some_and(|e| e.is(Cue::Not))) {
        phrase.claim(not);
    }
    let mut at = last + 1;
    while phrase.get(at).is_some_and(|e| {
        !phrase.is_used(at)
            && (goes_on(e)
                || stops(e)
                || e.is(Cue::Or) && phrase.get(at + 1).is_some_and(|n| stops(n) || goes_on(n))
                || matches!(
                    e.text.as_str(),
                    "off"
                        | "permanently"
                        | "from"
                        | "duration"
                        | "entire"
                        | "throughout"
                        | "course"
                        | "whole"
                        | "out"
                        | "safely"
                        | "another"
                        | "possible"
                        | "for"
                        | "during"
                        | "until"
                        | "end"
                        | "such"
                        | "use"
                        | "them"
                        | "it"
                        | "taking"
                        | "using"
                        | "alternate"
                        | "required"
                ))
    }) {
        phrase.claim(at);
        at += 1;
    }
    true
}

/// Whether a phrase says nothing but that something can be stopped: "it can be discontinued 2 weeks before".
pub(super) fn is_alone(phrase: &Phrase) -> bool {
    if !phrase.holds_word(Words::Stopping) {
        return false;
    }
    let Some(verb) = phrase.find(stops) else { return false };
    let mut rest = phrase.clone();
    if take(&mut rest) {
        return rest.is_read();
    }
    // "(X that cannot be) discontinued for at least 2 weeks before the first dose", but not "stopped 4 weeks before".
    let next = phrase.get(verb + 1);
    let bare = verb == 0
        && next.is_none_or(|e| e.text.starts_with("for") || e.text.starts_with("during") || e.is(Cue::Before));
    bare && (0..phrase.len()).all(|at| {
        phrase.get(at).is_some_and(|e| {
            at == verb
                || stops(e)
                || goes_on(e)
                || crate::grammar::phrase::is_neutral(e)
                || matches!(e.text.as_str(), "off" | "permanently" | "safely" | "duration" | "for" | "course" | "them")
        })
    })
}
