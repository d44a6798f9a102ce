//! "Able to swallow and retain oral medication": no dysphagia; "problems with swallowing": dysphagia.

use super::{Condition, State, What, modifiers};
use crate::criteria::atom::Atom;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;
use crate::lexicon::structure::Words;

/// What is swallowed, and how.
const BESIDE: &[&str] = &[
    "oral",
    "orally",
    "tablet",
    "pill",
    "capsule",
    "whole",
    "intact",
    "medicine",
    "medication",
    "drug",
    "solid",
    "dosage",
    "solid dosage",
    "liquid",
    "food",
    "retain",
    "absorb",
    "tolerate",
    "take",
    "ingest",
    "large",
    "study",
    "administered",
    "orally administered",
    "form",
    "dose",
    "formulation",
    "fluid",
    "mouth",
    "multiple",
    "crushing",
    "chewing",
    "agent",
    "therapy",
    "treatment",
    "product",
    "normally",
    "adequately",
    "meaningful",
    "safely",
    "investigational",
    "material",
    "table",
    "tablets",
    "daily",
    "keep down",
    "size",
];

/// Reads the ability to swallow, or its lack.
pub(super) fn read(phrase: &mut Phrase) -> Option<Requirement> {
    if !phrase.holds_word(Words::Swallowing) {
        return None;
    }
    let word = |e: &Element, starts: &[&str]| {
        !matches!(e.sense, Sense::Concept(_)) && starts.iter().any(|start| e.text.starts_with(start))
    };
    let swallow = phrase.find(|e| word(e, &["swallow", "able to swallow", "unable to swallow"]));
    let oral = phrase.find(|e| e.text == "oral" || e.text == "orally" || e.text == "mouth");
    let take = phrase.find(|e| word(e, &["take", "tolerate", "ingest", "taking"]));
    let at = match (swallow, take, oral) {
        (Some(at), _, _) => at,
        (None, Some(take), Some(oral)) if oral > take && oral - take <= 4 => take,
        _ => return None,
    };
    let unable = (0..phrase.len()).find(|&i| {
        !phrase.is_used(i)
            && i <= at + 2
            && phrase.get(i).is_some_and(|e| {
                word(
                    e,
                    &[
                        "unable",
                        "inability",
                        "cannot",
                        "difficult",
                        "problem",
                        "trouble",
                        "impair",
                        "incapab",
                        "inabil",
                        "compromis",
                    ],
                )
            })
    });
    let able = (0..=at).find(|&i| {
        !phrase.is_used(i)
            && phrase.get(i).is_some_and(|e| {
                word(e, &["able", "ability", "can", "capable"]) && !word(e, &["cannot", "cancer", "candid"])
            })
    });
    if unable.is_none() && able.is_none() {
        return None;
    }
    let dysphagia = Condition::new(What::Row(row!("dysphagia")?), State::Present);
    phrase.claim(at);
    unable.into_iter().chain(able).for_each(|place| phrase.claim(place));
    for place in 0..phrase.len() {
        let own = !phrase.is_used(place)
            && phrase.get(place).is_some_and(|e| {
                BESIDE.contains(&e.text.as_str())
                    || word(e, &["swallow"])
                    || e.is(Cue::Investigational)
                    || e.is(Cue::Anchor)
                    || place > at && matches!(e.sense, Sense::Concept(Concept::Drug(_)))
                    || place > at
                        && e.is(Cue::Or)
                        && phrase.get(place + 1).is_some_and(|n| BESIDE.contains(&n.text.as_str()))
                    || place + 2 > at && place < at && e.is(Cue::Or)
            });
        if own {
            phrase.claim(place);
        }
    }
    // "Swallow HKI-272 capsules": what the capsules hold.
    let capsule = |e: &Element| ["capsule", "tablet", "pill"].iter().any(|start| e.text.starts_with(start));
    if let Some(last) = (at + 1..phrase.len().min(at + 8)).rev().find(|&i| phrase.get(i).is_some_and(capsule)) {
        let named = |e: &Element| {
            capsule(e)
                || matches!(
                    e.sense,
                    Sense::Word | Sense::Number(_) | Sense::Punctuation('-') | Sense::Concept(Concept::Drug(_))
                )
        };
        for place in at + 1..last {
            if !phrase.is_used(place) && phrase.get(place).is_some_and(named) {
                phrase.claim(place);
            }
        }
    }
    modifiers::take_words(phrase, &["willing", "physically", "without", "normal"]);
    let atom = Requirement::Atom(Atom::Condition(dysphagia));
    Some(if unable.is_some() { atom } else { atom.negated() })
}
