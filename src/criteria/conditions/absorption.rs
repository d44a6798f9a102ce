//! "Disease that may alter the absorption of the study drug": what a disease of the gut must be able to do to count.

use super::heads::is_joiner;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::lexicon::concepts::Concept;
use crate::lexicon::disease_nouns;

fn absorbs(element: &Element) -> bool {
    !matches!(element.sense, Sense::Concept(Concept::Condition(_)))
        && (["absor", "bioavail"].iter().any(|start| element.text.contains(start))
            || matches!(element.text.as_str(), "pharmacokinetic" | "metabolism" | "ingestion"))
}

/// A word that says what the disease does to it.
fn alters(element: &Element) -> bool {
    [
        "alter",
        "interfer",
        "affect",
        "impair",
        "impact",
        "preclud",
        "limit",
        "prevent",
        "influenc",
        "modif",
        "compromis",
        "hinder",
        "inhibit",
        "hamper",
        "disturb",
        "reduc",
        "result in inadequate",
        "impede",
        "complicat",
    ]
    .iter()
    .any(|stem| element.text.contains(stem))
}

/// Words between the disease and what it does.
fn leads(element: &Element) -> bool {
    is_neutral(element) && !matches!(element.sense, Sense::Punctuation(_))
        || element.is(Cue::May)
        || element.is(Cue::With)
        || element.is(Cue::CatchAll)
        || element.is(Cue::Significant)
        || element.is(Cue::Planned)
        || element.is(Cue::Judgement)
        || matches!(
            element.text.as_str(),
            "likely"
                | "which"
                | "that"
                | "could"
                | "would"
                | "might"
                | "known"
                | "potentially"
                | "expected"
                | "adequate"
                | "proper"
                | "normal"
                | "oral"
                | "drug"
                | "enteral"
                | "intestinal"
                | "gastrointestinal"
                | "significantly"
                | "adequately"
                | "severely"
                | "substantially"
                | "ability"
                | "capability"
                | "sufficient"
                | "to"
                | "the"
                | "with"
                | "intestine"
                | "gut"
                | "any"
                | "potential"
                | "possibly"
                | "materially"
                | "of"
                | "medication"
                | "orally"
        )
}

/// Claims such a clause behind the disease at `head`; gives its words.
pub(super) fn take(phrase: &mut Phrase, head: usize) -> Option<String> {
    let at = phrase.find_from(head + 1, absorbs)?;
    let start = (head + 1..at)
        .rev()
        .take_while(|&i| {
            !phrase.is_used(i)
                && phrase.get(i).is_some_and(|e| leads(e) || alters(e) || absorbs(e) || e.is_char(',') && i + 1 == at)
        })
        .last()
        .unwrap_or(at);
    let does = (start..at).any(|i| phrase.get(i).is_some_and(alters));
    // Only where nothing but this clause stands between the disease and it.
    let beside = (head + 1..start).all(|i| phrase.is_used(i) || phrase.get(i).is_some_and(is_neutral));
    if !does || !beside {
        return None;
    }
    let disease = |e: &Element| {
        matches!(e.sense, Sense::Concept(Concept::Condition(_) | Concept::Cancer(_) | Concept::Procedure(_)))
            || e.sense == Sense::Word && (disease_nouns::is_noun(&e.text) || disease_nouns::has_ending(&e.text))
            || matches!(e.sense, Sense::Cue(Cue::Uncontrolled | Cue::Active | Cue::History | Cue::Except | Cue::Unless))
    };
    let mut end = at + 1;
    while let Some(element) = phrase.get(end) {
        let stops = element.is_char('(')
            || element.is_char(')')
            || element.is_char('.')
            || element.is_char(';')
            || matches!(element.sense, Sense::Cue(Cue::Except | Cue::Unless | Cue::Within | Cue::Including | Cue::If))
            || is_joiner(element) && (end + 1..phrase.len()).take(6).any(|i| phrase.get(i).is_some_and(disease));
        if stops || phrase.is_used(end) {
            break;
        }
        end += 1;
    }
    let words: Vec<&str> = (start..end).filter_map(|i| phrase.get(i)).map(|e| e.text.as_str()).collect();
    let words = words.join(" ");
    phrase.claim_range(start, end);
    Some(words)
}
