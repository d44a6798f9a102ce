//! Tests for infections, and what a disease comes from.

use super::heads::*;
use super::{What, modifiers};
use crate::grammar::elements::{Cue, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::conditions;

/// What a test for an infection says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Serology {
    /// There is an infection.
    Positive,
    /// There is or was one.
    Antibody,
    /// There is none.
    Negative,
}

/// "HIV positive", "seropositive for hepatitis C", "negative test for HIV": words of a test for the infections named.
pub(super) fn serology(phrase: &mut Phrase, heads: &[(usize, What)]) -> Option<Serology> {
    let infection = row!("infection")?;
    let all = !heads.is_empty()
        && heads.iter().all(
            |(_, what)| matches!(what, What::Row(row) if conditions::is_a(usize::from(*row), usize::from(infection))),
        );
    if !all {
        return None;
    }
    let positive =
        phrase.take(Cue::Positive) | modifiers::take_words(phrase, &["seropositive", "reactive", "seropositivity"]);
    let negative = phrase.has(Cue::Negative);
    let told = |(at, _): &(usize, What)| {
        phrase.get(*at).is_some_and(|e| ["antibod", "anti ", "hbcab", "core"].iter().any(|w| e.text.contains(w)))
    };
    let (any, every) = (heads.iter().any(told), heads.iter().all(told));
    let antibody = any | modifiers::take_words(phrase, &["antibody", "serology", "seropositive", "antibodies"]);
    if antibody && !positive && !negative && every {
        return Some(Serology::Antibody);
    }
    if !positive && !negative {
        return None;
    }
    modifiers::take_words(
        phrase,
        &[
            "test",
            "testing",
            "tested",
            "screening",
            "screen",
            "antigen",
            "surface antigen",
            "virus",
            "serologic",
            "serological",
            "status",
            "result",
            "rna",
            "dna",
            "viral load",
            "known to be",
            "hbsag",
            "hcv",
            "hbv",
            "by",
            "surface",
        ],
    );
    if positive && negative {
        return None;
    }
    if negative {
        phrase.take(Cue::Negative);
        return Some(Serology::Negative);
    }
    Some(if antibody { Serology::Antibody } else { Serology::Positive })
}

/// "Diarrhoea due to Crohn's disease": where the cause stands, and the cause in words. What is joined after a cause may
/// belong to either, and stays unread.
pub(super) fn cause(phrase: &mut Phrase, places: &[usize]) -> Option<(usize, String)> {
    let first = *places.first()?;
    let at = phrase.find_from(first, |e| {
        matches!(
            e.text.as_str(),
            "due to"
                | "secondary to"
                | "caused by"
                | "resulting from"
                | "related to"
                | "attributed to"
                | "associated with"
                | "attributable to"
                | "because of"
                | "resulting in"
                | "with"
                | "leading to"
        )
    })?;
    let next = places.iter().copied().find(|&place| place > at);
    let joined = |from: usize, to: usize| (from..to).any(|place| phrase.get(place).is_some_and(is_joiner));
    // "With" before no other disease is no cause; nor is what stands beyond a joiner.
    let with = phrase.get(at).is_some_and(|e| e.is(Cue::With));
    if with && next.is_none_or(|next| joined(at, next)) {
        return None;
    }
    let mut words = Vec::new();
    // "Not due to": the others, which is narrower as well.
    let not = at
        .checked_sub(1)
        .filter(|not| !with && !phrase.is_used(*not) && phrase.get(*not).is_some_and(|e| e.text == "not"));
    for place in not.unwrap_or(at)..phrase.len() {
        if phrase.is_used(place) {
            continue;
        }
        let Some(element) = phrase.get(place) else { break };
        let listed = is_joiner(element) && places.iter().any(|&head| head > place);
        if listed
            || matches!(element.cue(), Some(Cue::Within | Cue::Before | Cue::Requiring))
            || matches!(element.sense, Sense::Number(_))
        {
            break;
        }
        words.push(element.text.to_string());
        phrase.claim(place);
    }
    Some((not.unwrap_or(at), words.join(" ").trim_end_matches([' ', '.', ',', ';']).to_owned()))
}
