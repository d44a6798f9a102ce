//! Subjects that are not repeated: "Brain metastases are allowed if stable" asks that the brain metastases are stable.

use crate::criteria::central_nervous_system::region;
use crate::criteria::reader::coordination::is_head;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::lexicon::concepts::Concept;

/// The subject of a clause that a later one may speak of without naming it: metastases of the central nervous system,
/// or the only disease of the clause.
pub fn subject(elements: &[Element]) -> Vec<Element> {
    if let Some(at) = elements.iter().position(|e| region(e).is_some()) {
        let noun = |e: &&Element| {
            e.is(Cue::MetastaticDisease)
                || matches!(e.text.as_str(), "lesion" | "involvement" | "met" | "disease" | "metastatic")
        };
        let head = elements.get(at).into_iter();
        let noun = elements.iter().skip(at + 1).take(5).find(noun);
        return head.chain(noun).cloned().collect();
    }
    let mut diseases = elements.iter().filter(|e| matches!(e.sense, Sense::Concept(Concept::Condition(_))));
    match (diseases.next(), diseases.next()) {
        (Some(only), None) => vec![only.clone()],
        _ => Vec::new(),
    }
}

/// Whether the subject is tumour of the central nervous system.
pub fn is_central(subject: &[Element]) -> bool {
    subject.iter().any(|e| region(e).is_some())
}

/// A clause with the subject put before it, where it has none of its own and says something of such a subject.
pub fn with_subject(subject: &[Element], clause: &[Element]) -> Option<Vec<Element>> {
    if subject.is_empty() || clause.iter().any(|e| region(e).is_some()) {
        return None;
    }
    let central = is_central(subject);
    let state = |e: &Element| {
        matches!(
            e.cue(),
            Some(
                Cue::Stable
                    | Cue::Controlled
                    | Cue::Asymptomatic
                    | Cue::Symptomatic
                    | Cue::OffSteroids
                    | Cue::TreatedLesion
                    | Cue::Untreated
                    | Cue::Uncontrolled
                    | Cue::Resolved
            )
        ) || e.is(Cue::Received) && e.text.contains("treated")
            || central && e.is(Cue::Steroids)
    };
    let foreign = |e: &Element| match e.sense {
        Sense::Concept(Concept::Procedure(_)) => !central,
        Sense::Concept(Concept::Unit(_)) => false,
        Sense::Concept(_) => true,
        Sense::Cue(Cue::Steroids | Cue::Symptomatic | Cue::ProgressiveDisease | Cue::Recurrent) => false,
        _ => is_head(e),
    };
    if !clause.iter().any(state) || clause.iter().any(foreign) {
        return None;
    }
    Some(subject.iter().chain(clause).cloned().collect())
}
