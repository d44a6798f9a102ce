//! Parentheses and examples that add nothing: "(ANC)" behind its name, "(e.g. ...)", "including but not limited to".

use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::is_neutral;

/// Drops what repeats or only exemplifies.
pub fn simplify(elements: &[Element]) -> Vec<Element> {
    let mut out: Vec<Element> = Vec::with_capacity(elements.len());
    let mut at = 0;
    while let Some(element) = elements.get(at) {
        if element.is_char('(') || element.is_char('[') {
            let close = closing(elements, at);
            let inside = elements.get(at + 1..close).unwrap_or_default();
            if droppable(inside, out.last()) || is_enumerator(inside) {
                at = close + 1;
                continue;
            }
        }
        if does_not_matter(element) {
            at = clause_end(elements, at + 1);
            continue;
        }
        if element.is(Cue::Including) && !out.is_empty() {
            at = examples_end(elements, at + 1);
            continue;
        }
        out.push(element.clone());
        at += 1;
    }
    out
}

/// The place of the bracket that closes the one at `open`, or the end.
pub fn closing(elements: &[Element], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, element) in elements.iter().enumerate().skip(open) {
        if element.is_char('(') || element.is_char('[') {
            depth += 1;
        } else if element.is_char(')') || element.is_char(']') {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at;
            }
        }
    }
    elements.len()
}

/// "With or without X", "regardless of X": whatever follows asks nothing.
fn does_not_matter(element: &Element) -> bool {
    element.is(Cue::Neutral) && (element.text.starts_with("with or") || element.text.starts_with("whether"))
        || element.is(Cue::NoLimit)
            && ["regardless", "irrespective", "independent"].iter().any(|w| element.text.starts_with(w))
}

/// The end of a clause: a comma, a stop, a bracket, a verb of the sentence.
fn clause_end(elements: &[Element], from: usize) -> usize {
    elements
        .iter()
        .enumerate()
        .skip(from)
        .find(|(_, e)| {
            matches!(e.sense, Sense::Punctuation(',' | ';' | '.' | ')'))
                || matches!(
                    e.sense,
                    Sense::Cue(
                        Cue::Allowed | Cue::Forbidden | Cue::Must | Cue::MustNot | Cue::If | Cue::Unless | Cue::Within
                    )
                )
        })
        .map_or(elements.len(), |(at, _)| at)
}

/// "(1)", "(a)" in front of a member of a list inside a sentence.
fn is_enumerator(inside: &[Element]) -> bool {
    match inside {
        [one] => match one.sense {
            Sense::Number(n) => n < 10.0 && n.fract() == 0.0,
            _ => one.text.chars().count() == 1 && one.text.chars().all(|c| matches!(c, 'a'..='h' | 'i' | 'v' | 'x')),
        },
        _ => false,
    }
}

fn droppable(inside: &[Element], before: Option<&Element>) -> bool {
    let Some(first) = inside.first() else { return true };
    if first.is(Cue::Including) {
        return true;
    }
    if inside.iter().all(is_neutral) && !inside.iter().any(|e| e.is(Cue::Anchor)) {
        return true;
    }
    match inside {
        // An abbreviation of what stands before it, or the same thing by another name.
        [one] => match (one.sense, before.map(|b| b.sense)) {
            (Sense::Word, Some(_)) => one.text.chars().count() <= 8 && !one.text.chars().all(|c| c.is_ascii_digit()),
            (sense, Some(before)) => sense == before,
            _ => false,
        },
        _ => false,
    }
}

/// Where a list of examples ends: at an interval, an exception, a condition, a bracket or the end.
fn examples_end(elements: &[Element], from: usize) -> usize {
    let mut at = from;
    let mut depth = 0usize;
    while let Some(element) = elements.get(at) {
        if element.is_char('(') {
            depth += 1;
        } else if element.is_char(')') {
            if depth == 0 {
                return at;
            }
            depth -= 1;
        }
        let ends = depth == 0
            && (matches!(
                element.sense,
                Sense::Number(_)
                    | Sense::Compare(_)
                    | Sense::Cue(
                        Cue::Within
                            | Cue::Unless
                            | Cue::Except
                            | Cue::If
                            | Cue::Before
                            | Cue::Allowed
                            | Cue::Forbidden
                            | Cue::CatchAll
                            | Cue::Judgement
                            | Cue::SettingMetastatic
                            | Cue::Requiring
                            | Cue::Must
                            | Cue::MustNot
                            | Cue::May
                    )
            ) || element.is_char('.')
                || element.is_char(';'));
        if ends {
            return at;
        }
        at += 1;
    }
    at
}
