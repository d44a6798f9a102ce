//! Sentences that tell how something is done and ask nothing.

use crate::grammar::elements::{Cue, Element, Sense};

/// "Receptor status will be determined by the local laboratory": how the study is run, nothing of the patient
/// (convention 39).
pub(super) fn tells_procedure(elements: &[Element]) -> bool {
    let will = elements.iter().position(|e| e.is(Cue::Filler) && e.text == "will be");
    let verb = |e: &Element| {
        [
            "determined",
            "assessed",
            "evaluated",
            "measured",
            "performed",
            "collected",
            "recorded",
            "monitored",
            "defined",
        ]
        .iter()
        .any(|v| e.text.starts_with(v))
    };
    will.and_then(|at| elements.get(at + 1)).is_some_and(verb)
        && !elements.iter().any(|e| {
            matches!(
                e.sense,
                Sense::Number(_)
                    | Sense::Cue(Cue::Must | Cue::MustNot | Cue::Not | Cue::Forbidden | Cue::Allowed | Cue::If)
            )
        })
}
