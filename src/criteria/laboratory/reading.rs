//! Reads every laboratory bound of a phrase, with the age that its values may have.

use super::items::{self, Item};
use super::joining::{self, Joint};
use super::{limits, subjects, words};
use crate::criteria::conditions;
use crate::criteria::context::Context;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::grammar::windows::{self, time_unit};

/// Reads the laboratory bounds of a phrase, in positive sense. A bare figure whose sign is lost is never a bound.
pub fn read(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    read_list(phrase, context)
}

/// Reads a whole phrase with one or more bounds joined by commas, "and" and "or".
pub fn read_list(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    let lab = |e: &Element| subjects::names_test(e);
    phrase.find(lab)?;
    if conditions::fell(&phrase.elements) {
        return None;
    }
    let mut copy = phrase.clone();
    if let Some(requirement) = read_copy(&mut copy, context)
        && (copy.is_read() || !copy.leftover().into_iter().any(words::is_manner))
    {
        *phrase = copy;
        return Some(requirement);
    }
    // Again without the words that say how a value is measured.
    let kept: Vec<usize> = (0..phrase.len())
        .filter(|at| phrase.get(*at).is_some_and(|e| phrase.is_used(*at) || !words::is_manner(e)))
        .collect();
    let mut short = Phrase::new(kept.iter().filter_map(|at| phrase.get(*at)).cloned().collect());
    for (place, at) in kept.iter().enumerate() {
        if phrase.is_used(*at) {
            short.claim(place);
        }
    }
    let requirement = read_copy(&mut short, context)?;
    for at in 0..phrase.len() {
        match kept.binary_search(&at) {
            Ok(place) if !short.is_used(place) => {}
            _ => phrase.claim(at),
        }
    }
    Some(requirement)
}

pub(super) fn read_copy(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    let mut found: Vec<Item> = Vec::new();
    let mut at = 0;
    let mut ended = 0;
    while let Some(start) = phrase.find_from(at, subjects::names_test) {
        match items::at(phrase, ended, start) {
            Some(item) if item.claims.iter().all(|i| !phrase.is_used(*i)) && !loose_limit(phrase, &item) => {
                for place in &item.claims {
                    phrase.claim(*place);
                }
                at = item.end.max(start + 1);
                ended = at;
                found.push(item);
            }
            _ => at = subjects::at(phrase, start).map_or(start + 1, |subject| subject.end.max(start + 1)),
        }
    }
    if found.is_empty() {
        return None;
    }
    for index in (0..found.len()).rev() {
        trailing(phrase, &mut found, index);
    }
    leading_window(phrase, &mut found);
    spread_exemption(phrase, &mut found);
    let joints: Vec<Joint> = found.windows(2).map(|pair| joint(phrase, pair)).collect();
    surroundings(phrase, &found);
    if unclear_repeat(phrase, &found) {
        return None;
    }
    Some(joining::list(&found, &joints, context.section))
}

/// "INR ≤ 1.5 and aPTT ≤ 1.5 x ULN unless on anticoagulants": the exemption counts for the clotting tests before it as well.
fn spread_exemption(phrase: &Phrase, found: &mut [Item]) {
    if found.len() < 2 {
        return;
    }
    let clotting: Vec<u16> =
        ["international normalized ratio", "prothrombin time", "activated partial thromboplastin time"]
            .iter()
            .filter_map(|id| super::row_of(id))
            .collect();
    for index in (1..found.len()).rev() {
        let (before, after) = found.split_at_mut(index);
        let (Some(earlier), Some(later)) = (before.last_mut(), after.first()) else { continue };
        let same_sentence =
            (earlier.end..later.start).all(|at| phrase.get(at).is_none_or(|e| !e.is_char('.') && !e.is_char(';')));
        let both = earlier.subject.labs.iter().chain(&later.subject.labs).all(|lab| clotting.contains(lab));
        let open = earlier.clauses.iter().all(|c| c.guard.is_none());
        if let Some(exempting) = later.clauses.iter().find(|c| c.bounds.iter().all(Vec::is_empty)).cloned()
            && same_sentence
            && both
            && open
        {
            let bounds = vec![Vec::new(); earlier.subject.labs.len()];
            earlier.clauses.push(items::Clause { bounds, ..exempting });
        }
    }
}

/// Whether a test is bounded twice with words between that were not understood: the second bound may be an exception.
fn unclear_repeat(phrase: &Phrase, found: &[Item]) -> bool {
    found.iter().enumerate().any(|(index, item)| {
        found.iter().skip(index + 1).any(|later| {
            later.subject.labs.iter().any(|lab| item.subject.labs.contains(lab))
                && item.clauses != later.clauses
                && (item.end..later.start).any(|at| {
                    !phrase.is_used(at) && phrase.get(at).is_some_and(|e| !crate::grammar::phrase::is_neutral(e))
                })
        })
    })
}

/// Whether a limit stands behind an item, before the next test, that the item did not understand.
fn loose_limit(phrase: &Phrase, item: &Item) -> bool {
    for at in item.end..phrase.len() {
        let Some(element) = phrase.get(at) else { return false };
        if phrase.is_used(at) || subjects::names_test(element) {
            return false;
        }
        if element.is(Cue::Uln) || element.is(Cue::Lln) {
            return true;
        }
        let with_unit = limits::at(phrase, at).filter(|w| matches!(w.amount, limits::Amount::Figure(_, Some(_))));
        if with_unit
            .is_some_and(|w| item.subject.labs.iter().any(|lab| items::limit_for(*lab, &w, w.comparison).is_some()))
        {
            return true;
        }
    }
    false
}

/// What the elements between two items say of their joint; claims the joint where nothing else stands there.
fn joint(phrase: &mut Phrase, pair: &[Item]) -> Joint {
    let [before, after] = pair else { return Joint::List };
    let gap: Vec<usize> = (before.end..after.start).filter(|at| !phrase.is_used(*at)).collect();
    let or = gap.iter().any(|at| phrase.get(*at).is_some_and(|e| e.is(Cue::Or)));
    let and = gap.iter().any(|at| phrase.get(*at).is_some_and(|e| e.is(Cue::And) || e.is(Cue::With)));
    let plain = gap.iter().all(|at| {
        phrase.get(*at).is_some_and(|e| {
            matches!(
                e.sense,
                Sense::Punctuation(_) | Sense::Cue(Cue::Or | Cue::And | Cue::Filler | Cue::Must | Cue::With)
            )
        })
    });
    if plain {
        gap.iter().for_each(|at| phrase.claim(*at));
    }
    match (or, and) {
        (true, _) => Joint::Or,
        (false, true) => Joint::And,
        _ => Joint::List,
    }
}

/// Words behind a limit that change nothing: how it was measured, the formula, "on room air".
pub(super) fn is_manner(element: &Element) -> bool {
    match element.sense {
        Sense::Punctuation(c) => matches!(c, '(' | ')' | ',' | '[' | ']'),
        Sense::Cue(cue) => matches!(cue, Cue::Filler | Cue::With | Cue::Or | Cue::And | Cue::Receiving),
        Sense::Word => MANNER.contains(&element.text.as_str()),
        _ => false,
    }
}

/// Sorted.
const MANNER: &[&str] = &[
    "2d",
    "acquisition",
    "air",
    "angiography",
    "cockcroft",
    "cockroft",
    "collected",
    "doppler",
    "equation",
    "formula",
    "fridericia",
    "gated",
    "gault",
    "method",
    "multigated",
    "multiple",
    "radionuclide",
    "room",
    "rvg",
    "sample",
    "specimen",
    "transthoracic",
    "triplicate",
];

/// Claims what says how a value is measured, and takes the age that it may have.
fn trailing(phrase: &mut Phrase, found: &mut [Item], index: usize) {
    let Some(item) = found.get(index) else { return };
    let end = item.end;
    let next = found.get(index + 1).map_or(phrase.len(), |item| item.start);
    let mut stop = end;
    let mut manner = end;
    while stop < next && !phrase.is_used(stop) {
        let Some(element) = phrase.get(stop) else { break };
        let again = subjects::named(element).is_some_and(|labs| labs.iter().all(|lab| item.subject.labs.contains(lab)));
        if !again && !is_manner(element) {
            break;
        }
        if again || element.sense == Sense::Word || is_method(element) {
            manner = stop + 1;
        }
        stop += 1;
    }
    phrase.claim_range(end, manner);
    let Some(days) = window_at(phrase, manner) else { return };
    let last = index + 1 == found.len();
    let one_for_all = last
        && found
            .iter()
            .all(|item| item.clauses.iter().all(|c| c.bounds.iter().flatten().all(|b| b.window_days.is_none())));
    let from = if one_for_all { 0 } else { index };
    for item in found.iter_mut().take(index + 1).skip(from) {
        set_window(item, days);
    }
}

fn is_method(element: &Element) -> bool {
    element.is(Cue::Filler)
        && ["echo", "muga", "acquisition", "ecg", "electrocardiogram"].iter().any(|word| element.text.contains(word))
}

fn set_window(item: &mut Item, days: u16) {
    for bound in item.clauses.iter_mut().flat_map(|clause| clause.bounds.iter_mut().flatten()) {
        bound.window_days = Some(days);
    }
}

/// Takes a window that stands right at a place: "(obtained within 14 days prior to randomisation)".
fn window_at(phrase: &mut Phrase, at: usize) -> Option<u16> {
    let mut number = at;
    while phrase.get(number).is_some_and(|e| {
        !phrase.is_used(number)
            && (matches!(e.sense, Sense::Punctuation('(' | '[' | ',' | ')' | ']' | '.' | ':') | Sense::Compare(_))
                || matches!(e.sense, Sense::Cue(Cue::Filler | Cue::Within | Cue::Must | Cue::And)))
    }) {
        number += 1;
    }
    let timed = matches!(phrase.sense(number), Some(Sense::Number(_)))
        && phrase.get(number + 1).is_some_and(|e| time_unit(e).is_some());
    // "based on a 24-hour collection" is how it is measured.
    let hours = phrase.get(number + 1).is_some_and(|e| e.is(Cue::Hour));
    let within =
        (at..number).any(|i| phrase.get(i).is_some_and(|e| e.is(Cue::Within) || matches!(e.sense, Sense::Compare(_))));
    if !timed || hours && !within {
        return None;
    }
    // The first interval of a copy in which everything in front is claimed.
    let mut rest = phrase.clone();
    rest.claim_range(0, at);
    let window = windows::take_window(&mut rest)?;
    let length = window.length?;
    if !matches!(window.bound, windows::Bound::Within { .. }) || window.from_event || window.half_lives.is_some() {
        return None;
    }
    let opened = (at..number).any(|i| phrase.get(i).is_some_and(|e| e.is_char('(') || e.is_char('[')));
    for place in at..phrase.len() {
        if rest.is_used(place) {
            phrase.claim(place);
        }
    }
    phrase.claim_range(at, number);
    if opened && let Some(close) = phrase.find_from(number, |_| true) {
        let bracket = phrase.get(close).is_some_and(|e| e.is_char(')') || e.is_char(']'));
        if bracket {
            phrase.claim(close);
        }
    }
    Some(length.days().ceil().clamp(0.0, f64::from(u16::MAX)) as u16)
}

/// "Within 14 days of registration: ANC ≥ 1.5 ...".
fn leading_window(phrase: &mut Phrase, found: &mut [Item]) {
    let unset = found
        .iter()
        .all(|item| item.clauses.iter().all(|c| c.bounds.iter().flatten().all(|b| b.window_days.is_none())));
    let first = found.iter().map(|item| item.start).min().unwrap_or(0);
    if !unset || first == 0 || (0..first).any(|at| phrase.is_used(at)) {
        return;
    }
    let Some(number) = (0..first).find(|at| matches!(phrase.sense(*at), Some(Sense::Number(_)))) else { return };
    let plain = (0..number).all(|at| {
        phrase.get(at).is_some_and(|e| {
            matches!(
                e.sense,
                Sense::Punctuation(_) | Sense::Compare(_) | Sense::Cue(Cue::Filler | Cue::Within | Cue::Must)
            )
        })
    });
    if !plain {
        return;
    }
    if let Some(days) = window_at(phrase, 0) {
        found.iter_mut().for_each(|item| set_window(item, days));
    }
}

/// Claims words beside the items that their figures make exact: "adequate renal function as shown by", "elevated".
fn surroundings(phrase: &mut Phrase, found: &[Item]) {
    let first = found.iter().map(|item| item.start).min().unwrap_or(0);
    for at in 0..phrase.len() {
        let Some(element) = phrase.get(at) else { continue };
        let adequate = element.is(Cue::AdequateFunction) && at < first;
        let beside = found.iter().any(|item| at + 1 == item.start || item.claims.first() == Some(&(at + 1)));
        let level = beside
            && (element.is(Cue::Normal)
                || matches!(element.text.as_str(), "elevated" | "elevation" | "abnormal" | "fasting"));
        if adequate || level {
            phrase.claim(at);
        }
    }
}
