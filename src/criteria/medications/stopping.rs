//! "That cannot be discontinued", "unable to transition off": whether a medicine can be stopped is for a person to say.

use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;

/// Openings of words for stopping a medicine or taking another in its place.
const STOPPING: &[&str] = &[
    "discontinu",
    "stop",
    "interrupt",
    "transition",
    "switch",
    "replaced",
    "suspend",
    "withdraw",
    "withheld",
    "withhold",
    "held",
    "substitut",
    "wean",
    "cease",
    "ceas",
    "wash",
    "temporarily",
    "chang",
    "avoid",
    "eliminat",
    "forgo",
    "refrain",
    "modif",
    "taper",
    "abstain",
    "alternative",
    "safely",
];

/// Words of ability before them.
const ABLE: &[&str] = &[
    "unable",
    "inability",
    "able",
    "ability",
    "impossible",
    "possible",
    "feasible",
    "refuse",
    "refusal",
    "unwilling",
    "could",
    "willing",
    "unwillingness",
    "agree",
];

fn stops(element: &Element) -> bool {
    !matches!(element.sense, Sense::Concept(_)) && STOPPING.iter().any(|stem| element.text.contains(stem))
}

fn able(element: &Element) -> bool {
    element.text != "only" && matches!(element.sense, Sense::Cue(Cue::May | Cue::MustNot | Cue::Must))
        || ABLE.iter().any(|word| element.text.split(' ').any(|w| w == *word))
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
    let Some(verb) = phrase.find(stops) else { return false };
    let Some(ability) =
        (0..phrase.len()).find(|&at| !phrase.is_used(at) && phrase.get(at).is_some_and(able) && at.abs_diff(verb) <= 4)
    else {
        return false;
    };
    let (first, last) = (ability.min(verb), ability.max(verb));
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
    let Some(verb) = phrase.find(stops) else { return false };
    let mut rest = phrase.clone();
    if take(&mut rest) {
        return rest.is_read();
    }
    // "(X that cannot be) discontinued for at least 2 weeks before the first dose".
    (0..phrase.len()).all(|at| {
        phrase.get(at).is_some_and(|e| {
            at == verb
                || stops(e)
                || goes_on(e)
                || crate::grammar::phrase::is_neutral(e)
                || matches!(e.text.as_str(), "off" | "permanently" | "safely" | "duration" | "for" | "course" | "them")
        })
    })
}
