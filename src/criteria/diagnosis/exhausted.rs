//! "Refractory to standard therapy, or for which none exists": what only a person settles (convention 29).

use super::{LOCALLY_ADVANCED, METASTATIC, extent};
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::lexicon::concepts::Concept;

/// Words that say which treatment is meant.
const STANDARD: &[&str] = &[
    "standard",
    "conventional",
    "established",
    "effective",
    "curative",
    "palliative",
    "satisfactory",
    "alternative",
    "approved",
    "available",
];

/// Words that such a clause is made of besides.
const BESIDE: &[&str] = &[
    "patient",
    "failure",
    "relapse",
    "progress",
    "could",
    "cannot",
    "intolerance",
    "candidates",
    "suitable",
    "eligible",
    "being",
    "relapsed",
    "disease",
    "medically",
    "clinically",
    "after",
    "following",
    "recurrence",
    "recurred",
    "acceptable",
    "access",
    "all",
    "any",
    "appropriate",
    "are",
    "beneficial",
    "benefit",
    "candidate",
    "care",
    "clinical",
    "confer",
    "declined",
    "decline",
    "despite",
    "exhausted",
    "exist",
    "existing",
    "exists",
    "failed",
    "further",
    "ineligible",
    "known",
    "lack",
    "lacking",
    "locally",
    "longer",
    "measure",
    "no",
    "none",
    "not",
    "of",
    "option",
    "other",
    "received",
    "refractory",
    "refused",
    "regimen",
    "remain",
    "remaining",
    "resistant",
    "respond",
    "responded",
    "responsive",
    "satisfactorily",
    "strategy",
    "that",
    "therapeutic",
    "therapy",
    "tolerate",
    "treatable",
    "treatment",
    "unresponsive",
    "which",
    "whom",
    "worldwide",
];

fn words(element: &Element) -> impl Iterator<Item = &str> {
    element.text.as_str().split([' ', '-'])
}

fn says_standard(element: &Element) -> bool {
    !element.is(Cue::Advanced) && words(element).any(|w| STANDARD.contains(&w))
}

fn says_treatment(element: &Element) -> bool {
    element.is(Cue::Therapy)
        || words(element).any(|w| {
            matches!(
                w.trim_end_matches('s'),
                "therapy" | "therapie" | "treatment" | "option" | "measure" | "care" | "regimen" | "therapeutic"
            )
        })
}

/// Whether a word says that it is of no use, or that there is none.
fn denies(element: &Element) -> bool {
    matches!(element.sense, Sense::Cue(Cue::Not | Cue::Progressed | Cue::Intolerant | Cue::Naive))
        || !element.is(Cue::Advanced)
            && words(element).any(|w| {
                matches!(
                    w,
                    "no" | "not"
                        | "none"
                        | "refractory"
                        | "resistant"
                        | "unresponsive"
                        | "lack"
                        | "lacking"
                        | "failed"
                        | "failure"
                        | "exhausted"
                        | "longer"
                        | "refused"
                        | "declined"
                        | "ineligible"
                )
            })
}

fn belongs(element: &Element) -> bool {
    match element.sense {
        Sense::Concept(Concept::OpenFact(_)) => says_standard(element) || says_treatment(element),
        Sense::Concept(_) | Sense::Number(_) | Sense::Compare(_) | Sense::Score(_) | Sense::Ordinal(_) => false,
        Sense::Punctuation(c) => !matches!(c, ';' | ':' | '.'),
        Sense::Cue(cue) => {
            is_neutral(element)
                || matches!(cue, Cue::Not | Cue::Progressed | Cue::Intolerant | Cue::Prior | Cue::Or | Cue::Judgement)
                || cue == Cue::Advanced && element.text.contains("curative")
        }
        Sense::Word => words(element).all(|w| {
            let word = w.strip_suffix('s').unwrap_or(w);
            BESIDE.contains(&w) || BESIDE.contains(&word) || STANDARD.contains(&w)
        }),
    }
}

/// Claims such clauses. "Or for which no curative treatment exists" is settled by the extent (convention 3).
pub(super) fn take(phrase: &mut Phrase) -> Option<Requirement> {
    if !phrase.elements.iter().any(says_standard) {
        return None;
    }
    let mut found = None;
    let mut at = 0;
    while at < phrase.len() {
        let fits = |i: usize| {
            phrase.get(i).is_some_and(|e| belongs(e) && (!phrase.is_used(i) || is_neutral(e) || says_treatment(e)))
        };
        if !fits(at) {
            at += 1;
            continue;
        }
        let mut end = at;
        while fits(end) {
            end += 1;
        }
        let run = phrase.elements.get(at..end).unwrap_or_default();
        let open = (at..end).any(|i| !phrase.is_used(i) && phrase.get(i).is_some_and(|e| !is_neutral(e)));
        if open && run.iter().any(says_standard) && run.iter().any(says_treatment) && run.iter().any(denies) {
            let incurable = run.iter().any(|e| e.is(Cue::Advanced)) && run.iter().any(|e| e.is(Cue::Or));
            phrase.claim_range(at, end);
            let confirmed = Requirement::Confirm;
            found = Some(if incurable {
                Requirement::any(vec![confirmed, extent(METASTATIC | LOCALLY_ADVANCED)])
            } else {
                confirmed
            });
        }
        at = end;
    }
    found
}
