//! How a phrase is cut into its questions: the lists of treatments, and the part of the phrase that belongs to each.

use super::lists::{List, is_treatment, list_at};
use super::reading::Role;
use crate::criteria::context::Context;
use crate::grammar::anchors::trial_start;
use crate::grammar::elements::{Cue, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::grammar::windows::time_unit;
use std::ops::Range;

/// One question of a phrase: a list with the part of the phrase that belongs to it.
pub(super) struct Part {
    pub(super) list: List,
    pub(super) zone: Range<usize>,
    /// Whether "or" stands before it.
    pub(super) or: bool,
}

/// Cuts a phrase into its questions at the connectors between the lists.
pub(super) fn parts(phrase: &mut Phrase, found: &[(List, Role)]) -> Vec<Part> {
    let mains: Vec<&List> = found.iter().filter(|(_, r)| *r == Role::Main).map(|(l, _)| l).collect();
    let mut out: Vec<Part> = Vec::new();
    for (index, list) in mains.iter().enumerate() {
        let mut or = false;
        let start = match index.checked_sub(1).and_then(|i| mains.get(i)) {
            None => 0,
            Some(previous) => {
                let cut = (previous.end..list.start).rev().find(|&at| is_cut(phrase, at));
                or = (previous.end..list.start)
                    .any(|at| is_cut(phrase, at) && phrase.get(at).is_some_and(|e| e.is(Cue::Or)));
                if let Some(cut) = cut {
                    phrase.claim(cut);
                    if let Some(before) = cut.checked_sub(1).filter(|b| *b >= previous.end && is_cut(phrase, *b)) {
                        phrase.claim(before);
                    }
                }
                cut.unwrap_or(list.start)
            }
        };
        if let Some(last) = out.last_mut() {
            last.zone.end = start;
        }
        out.push(Part { list: (*list).clone(), zone: start..phrase.len(), or });
    }
    out
}

/// A connector that does not belong to an interval ("4 weeks or 5 half-lives, whichever").
fn is_cut(phrase: &Phrase, at: usize) -> bool {
    let next = phrase.get(at + 1);
    phrase
        .get(at)
        .is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And) || e.is_char(',') || e.is_char(';') || e.is_char('/'))
        && !next.is_some_and(|n| {
            n.is(Cue::Longer)
                || n.is(Cue::Within)
                    && at.checked_sub(1).and_then(|b| phrase.get(b)).is_some_and(|b| {
                        b.text.ends_with("during")
                            || b.text.ends_with(" on")
                            || b.text == "while on"
                            || time_unit(b).is_some()
                    })
                || n.is(Cue::Shorter)
                || n.is(Cue::Before)
                || matches!(n.sense, Sense::Number(_))
                    && phrase.get(at + 2).is_some_and(|u| u.is(Cue::HalfLife) || time_unit(u).is_some())
                    && at
                        .checked_sub(1)
                        .and_then(|b| phrase.get(b))
                        .is_some_and(|b| time_unit(b).is_some() || b.is(Cue::HalfLife))
        })
}

/// All lists of a phrase with what they are in it.
pub(super) fn find_lists(phrase: &Phrase, context: &Context<'_>) -> Vec<(List, Role)> {
    let mut out: Vec<(List, Role)> = Vec::new();
    let (mut at, mut depth) = (0usize, 0i32);
    let mut except: Option<i32> = None;
    let anchors = anchors(phrase);
    while let Some(element) = phrase.get(at) {
        if let Some((_, end)) = anchors.iter().find(|(from, end)| (*from..*end).contains(&at)) {
            at = *end;
            continue;
        }
        if element.is_char('(') || element.is_char('[') {
            depth += 1;
        } else if element.is_char(')') || element.is_char(']') {
            depth -= 1;
            if except.is_some_and(|d| depth < d) {
                except = None;
            }
        } else if element.is(Cue::Except) {
            except = Some(depth);
        } else if !phrase.is_used(at)
            && is_treatment(element, context)
            && !behind_anchor(phrase, at)
            && !names_a_toxicity(phrase, at)
            && let Some(list) = list_at(phrase, context, at, phrase.len())
        {
            let behind = out.iter().any(|(_, r)| *r == Role::Main);
            let role = if except.is_some() {
                Role::Except
            } else if behind && combined(phrase, at) {
                Role::With
            } else if behind && depth > 0 {
                Role::Bracket
            } else {
                Role::Main
            };
            at = list.end;
            out.push((list, role));
            continue;
        }
        at += 1;
    }
    out
}

/// Where the trial's own treatment stands as what an interval is counted from.
fn anchors(phrase: &Phrase) -> Vec<(usize, usize)> {
    let timed = |at: usize| phrase.get(at).is_some_and(|e| time_unit(e).is_some() || e.is(Cue::HalfLife));
    let Some(first) = (0..phrase.len()).find(|&at| timed(at)) else { return Vec::new() };
    let behind = |at: usize| {
        timed(at - 1)
            || phrase.get(at - 1).is_some_and(|e| {
                e.is(Cue::Longer) || e.is(Cue::Shorter) || e.is_char(',') || e.is_char(')') || e.is_char('(')
            })
    };
    (first + 1..phrase.len()).filter(|&at| behind(at)).filter_map(|at| Some((at, trial_start(phrase, at)?))).collect()
}

/// "The first dose of <the trial's drug>" names nothing that was received.
fn behind_anchor(phrase: &Phrase, at: usize) -> bool {
    // "Within 4 weeks before (the start of) chemotherapy": the treatment to come.
    let mut back = at;
    while let Some(before) = back.checked_sub(1).and_then(|b| phrase.get(b)) {
        if before.is(Cue::Before) && back + 5 > at && back > 1 {
            return true;
        }
        let between = before.is(Cue::Filler)
            || before.is(Cue::Anchor)
            || matches!(before.text.as_str(), "start" | "initial" | "first" | "starting" | "initiation");
        if !between {
            break;
        }
        back -= 1;
    }
    // "5 half-lives of the investigational product": the half-lives are those of what was named before.
    let of = (at.saturating_sub(4)..at).rev().find(|&i| phrase.get(i).is_some_and(|e| e.text == "of"));
    if of.is_some_and(|of| {
        of > 0
            && phrase.get(of - 1).is_some_and(|e| e.is(Cue::HalfLife))
            && (of + 1..at).all(|i| phrase.get(i).is_some_and(is_neutral))
            && phrase
                .get(at)
                .is_some_and(|e| e.is(Cue::Investigational) || e.text.contains("product") || e.text.ends_with("drug"))
    }) {
        return true;
    }
    at >= 2
        && phrase.get(at - 1).is_some_and(|e| e.text == "of")
        && !(at.saturating_sub(4)..at - 2).any(|i| phrase.get(i).is_some_and(|e| e.text.ends_with("last")))
        && phrase.get(at - 2).is_some_and(|e| {
            e.is(Cue::Anchor)
                && (e.text.contains("dose") || e.text.contains("infusion") || e.text.contains("administration"))
        })
}

/// "An anti-PD-1-related toxicity", "chemotherapy-induced nausea": the treatment only says whose toxicity it is.
pub(super) fn names_a_toxicity(phrase: &Phrase, at: usize) -> bool {
    let related = phrase.get(at + 1).is_some_and(|e| {
        matches!(e.text.as_str(), "related" | "induced" | "associated" | "mediated") || e.text.starts_with("related ")
    });
    related && phrase.elements.iter().any(|e| e.text.contains("discontinu") || e.text.contains("stopped"))
}

/// Whether "in combination with", "plus" stands before a place.
fn combined(phrase: &Phrase, at: usize) -> bool {
    (at.saturating_sub(4)..at).any(|i| {
        phrase.get(i).is_some_and(|e| {
            matches!(
                e.text.as_str(),
                "in combination" | "combination" | "combined" | "plus" | "together with" | "along with"
            ) || e.is_char('+')
        })
    }) && !(at.saturating_sub(4)..at).any(|i| phrase.get(i).is_some_and(|e| e.is_char(',')))
}
