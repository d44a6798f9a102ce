//! Phrases that name a treatment and yet ask nothing about treatment history.

use super::courses;
use super::lists::List;
use super::reading::Role;
use crate::grammar::elements::{Cue, Sense};
use crate::grammar::phrase::Phrase;
use crate::grammar::windows::time_unit;
use crate::lexicon::concepts::Concept;
use crate::lexicon::structure::{Lists, Words};
use crate::lexicon::{conditions, drugs};

/// What makes a treatment one of the future, and what it is named beside.
const ELSEWHERE: Lists = Lists::of(Words::NotYet).and(Lists::of(Words::BesideTreatment));

/// Allergies, candidates for a treatment, treatment that a disease requires.
pub fn speaks_of_something_else(phrase: &Phrase) -> bool {
    // "Receiving radiotherapy as specified in the protocol" is the trial's own treatment.
    if phrase.has(Cue::Receiving) && phrase.elements.iter().any(|e| e.text == "protocol") {
        return true;
    }
    // "During the study": a rule for conduct.
    let during = |at: usize| {
        // "Within 21 days before or during the study": the first half asks for the past.
        let timed = || {
            (0..at).any(|i| phrase.get(i).is_some_and(|e| time_unit(e).is_some()))
                && (at.saturating_sub(3)..at).any(|i| phrase.get(i).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And)))
        };
        phrase.get(at).is_some_and(|e| e.text.is_in(Words::During))
            && !timed()
            && (at + 1..at + 3).any(|i| {
                phrase.get(i).is_some_and(|e| {
                    e.is(Cue::Anchor)
                        || matches!(e.text.as_str(), "study" | "trial" | "this study" | "study therapy" | "protocol")
                })
            })
    };
    if phrase.holds_word(Words::During) && (0..phrase.len()).any(during) {
        return true;
    }
    phrase.elements.iter().enumerate().any(|(at, e)| match e.sense {
        Sense::Cue(Cue::Requiring) if courses::needs_anaesthetic(phrase, at) => false,
        Sense::Concept(Concept::Condition(row)) => conditions::all()
            .get(row as usize)
            .is_some_and(|c| c.id.contains("hypersensitiv") || c.id.contains("allerg") || c.id.contains("anaphyla")),
        Sense::Cue(Cue::Requiring | Cue::Planned | Cue::Childbearing | Cue::Contraception) => true,
        _ => e.text.lists().any(ELSEWHERE),
    })
}

/// "A fistula within 6 months of beginning chemotherapy" asks for the fistula.
pub fn disease_before(phrase: &Phrase, head: usize) -> bool {
    let disease = phrase.find(|e| {
        matches!(e.sense, Sense::Concept(Concept::Condition(row)) if conditions::all().get(row as usize).is_some_and(|c| !c.id.contains("toxic") && !c.id.contains("adverse")))
    });
    let number = phrase.find(|e| matches!(e.sense, Sense::Number(_)));
    matches!((disease, number), (Some(d), Some(n)) if d < n && n < head && phrase.get(n + 1).is_some_and(|e| time_unit(e).is_some()))
}

/// "Systemic treatment" of a disease that is not the cancer.
pub fn generic_for_another_disease(phrase: &Phrase, found: &[(List, Role)]) -> bool {
    let generic = |list: &List| {
        list.what.drugs.is_empty()
            && list.what.procedures.is_empty()
            && list.what.names.is_empty()
            && list.what.classes.iter().all(|c| {
                drugs::all_classes()
                    .get(*c as usize)
                    .is_some_and(|c| matches!(c.id.as_str(), "systemic-therapy" | "anticancer-therapy"))
            })
    };
    found.iter().all(|(l, _)| generic(l))
        && phrase.elements.iter().any(|e| match e.sense {
            Sense::Concept(Concept::Condition(row)) => conditions::all()
                .get(row as usize)
                .is_some_and(|c| !c.id.contains("toxicity") && !c.id.contains("adverse")),
            _ => false,
        })
}
