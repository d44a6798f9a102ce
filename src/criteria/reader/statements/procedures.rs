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

/// "ER is considered positive if 10 % of cells stain": the trial's own cut-off, which is read before its criteria.
pub(super) fn defines_receptor(elements: &[Element]) -> bool {
    let receptor = |e: &Element| matches!(e.sense, Sense::Cue(Cue::Er | Cue::Pr | Cue::Hr));
    let verb = |e: &Element| ["considered", "classified", "regarded"].iter().any(|v| e.text.contains(v));
    let result = |e: &Element| matches!(e.sense, Sense::Cue(Cue::Positive | Cue::Negative));
    elements.iter().any(receptor)
        && elements.iter().position(verb).is_some_and(|at| {
            elements.get(at + 1..at + 4).unwrap_or_default().iter().any(result)
                && elements.iter().skip(at).any(|e| e.is(Cue::If))
                && elements.iter().skip(at).any(|e| matches!(e.sense, Sense::Number(_)))
        })
}

/// "Lesions in an irradiated field are considered measurable if they have progressed": what counts as measurable, which
/// the patient's own statement answers already.
pub(super) fn defines_measurability(elements: &[Element]) -> bool {
    let counts = elements.iter().position(|e| {
        ["considered", "regarded", "counted", "selected", "chosen", "deemed"].iter().any(|verb| e.text.contains(verb))
    });
    let Some(at) = counts else { return false };
    let treated = |e: &Element| {
        ["irradiat", "radiat", "radioth", "biops", "locoregional", "local therapy", "local treatment"]
            .iter()
            .any(|part| e.text.contains(part))
    };
    let measurable = |e: &Element| {
        e.is(Cue::Measurable) || e.is(Cue::NonMeasurable) || e.text.contains("target") || e.text.contains("evaluable")
    };
    let lesion = |e: &Element| {
        e.is(Cue::Measurable) || ["lesion", "tumor", "disease", "site", "area"].iter().any(|w| e.text.contains(w))
    };
    elements.iter().any(treated) && elements.iter().skip(at).any(measurable) && elements.iter().take(at).any(lesion)
}
