//! Bounds on numbers: "≥ 18", "between 18 and 75", "0-1", "0 or 1", "2 or more".

use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::Phrase;

/// A bound, a pair of bounds, or a list of values.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    /// Lower bound with its comparison.
    pub low: Option<(Comparison, f64)>,
    /// Upper bound with its comparison.
    pub high: Option<(Comparison, f64)>,
    /// Exact values ("0, 1 or 2").
    pub values: Vec<f64>,
    /// Where the first number of it stands.
    pub at: usize,
    /// One past its last element.
    pub end: usize,
}

impl Bounds {
    /// The bounds as comparisons; a list of values is its range, which is right for whole numbers in a row.
    pub fn pairs(&self) -> Vec<(Comparison, f64)> {
        if !self.values.is_empty() {
            let low = self.values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            return vec![(Comparison::GreaterEqual, low), (Comparison::LessEqual, high)];
        }
        self.low.into_iter().chain(self.high).collect()
    }
}

/// Takes the first bound among unclaimed elements. `unit` says which elements may stand behind a number and belong to
/// it; a bare number without a comparison counts only where `bare_unit` is false or a unit follows it and "or more" does.
pub fn take(phrase: &mut Phrase, unit: impl Fn(&Element) -> bool, needs_comparison: bool) -> Option<Bounds> {
    let mut from = 0;
    loop {
        let at = phrase.find_from(from, |e| matches!(e.sense, Sense::Number(_)))?;
        if let Some(bounds) = at_number(phrase, at, &unit, needs_comparison) {
            let start = start_of(phrase, at);
            phrase.claim_range(start, bounds.end);
            return Some(bounds);
        }
        from = at + 1;
    }
}

pub(crate) fn start_of(phrase: &Phrase, at: usize) -> usize {
    let mut start = at;
    while let Some(before) = start.checked_sub(1) {
        let opens = phrase.get(before).is_some_and(|e| {
            matches!(e.sense, Sense::Compare(_))
                || e.is(Cue::Between)
                || e.is(Cue::Equal)
                || e.is(Cue::Or) && phrase.get(start).is_some_and(|next| next.is(Cue::Equal))
        });
        if !opens {
            break;
        }
        start = before;
    }
    if start == at
        && let Some((_, sign)) = sign_before(phrase, at)
    {
        return sign;
    }
    start
}

/// The comparison in front of a number, also behind a few words ("over the age of 18") or said in two parts ("< or equal
/// to 2"), and its place.
fn sign_before(phrase: &Phrase, at: usize) -> Option<(Comparison, usize)> {
    let mut before = at;
    let mut equal = false;
    for _ in 0..5 {
        before = before.checked_sub(1)?;
        let element = phrase.get(before).filter(|_| !phrase.is_used(before))?;
        match element.sense {
            Sense::Compare(sign) => {
                let sign = match sign {
                    Comparison::Greater if equal => Comparison::GreaterEqual,
                    Comparison::Less if equal => Comparison::LessEqual,
                    other => other,
                };
                return Some((sign, before));
            }
            Sense::Cue(Cue::Equal) => equal = true,
            Sense::Cue(Cue::Or) if equal => {}
            Sense::Cue(Cue::Filler) => {
                let passes = matches!(
                    element.text.as_str(),
                    "of" | "or" | "is" | "a" | "the" | "age" | "age of" | "to" | "an age of" | "the age of"
                );
                if !passes {
                    return None;
                }
            }
            _ => return None,
        }
    }
    None
}

fn number(phrase: &Phrase, at: usize) -> Option<f64> {
    match phrase.sense(at) {
        Some(Sense::Number(n)) if !phrase.is_used(at) => Some(n),
        _ => None,
    }
}

fn comparison(phrase: &Phrase, at: usize) -> Option<Comparison> {
    match phrase.sense(at) {
        Some(Sense::Compare(c)) => Some(c),
        _ => None,
    }
}

/// The bound around the number at a place.
pub(crate) fn at_number(
    phrase: &Phrase,
    at: usize,
    unit: &impl Fn(&Element) -> bool,
    needs_comparison: bool,
) -> Option<Bounds> {
    let first = number(phrase, at)?;
    let before = at.checked_sub(1);
    let mut sign = before.and_then(|b| comparison(phrase, b));
    // "over the age of 18", "< or equal to 2".
    if sign.is_none() {
        sign = sign_before(phrase, at).map(|(sign, _)| sign);
    }
    let between = before.is_some_and(|b| phrase.get(b).is_some_and(|e| e.is(Cue::Between)));
    let skip_unit = |mut i: usize| {
        while phrase.get(i).is_some_and(unit) {
            i += 1;
        }
        i
    };
    let after_unit = skip_unit(at + 1);
    let mut end = after_unit;
    // "18-75", "18 to 75", "between 18 and 75", "> 18 and < 75".
    let joiner = phrase.get(after_unit);
    let joins_range = joiner.is_some_and(|e| {
        e.is_char('-')
            || e.is_char('~')
            || e.text == "to"
            || e.is(Cue::LessEqual) && e.text == "up to"
            || e.is(Cue::And) && between
            || e.text == "through"
    });
    // "= 2 or less".
    if sign == Some(Comparison::Equal) && phrase.get(end).is_some_and(|e| e.is(Cue::OrMore) || e.is(Cue::OrLess)) {
        sign = None;
    }
    if sign.is_none() && joins_range {
        let next_is_sign = comparison(phrase, after_unit + 1).is_some();
        let second_at = after_unit + 1 + usize::from(next_is_sign);
        if let Some(second) = number(phrase, second_at) {
            end = skip_unit(second_at + 1);
            return Some(Bounds {
                low: Some((Comparison::GreaterEqual, first)),
                high: Some((comparison(phrase, after_unit + 1).unwrap_or(Comparison::LessEqual), second)),
                values: Vec::new(),
                at,
                end,
            });
        }
    }
    if let Some(sign) = sign {
        let mut bounds = Bounds { low: None, high: None, values: Vec::new(), at, end };
        bounds.set(sign, first);
        let joined = phrase.get(end).is_some_and(|e| e.is(Cue::And) || e.is_char(','));
        let second = end + usize::from(joined);
        let second = second + usize::from(joined && phrase.get(second).is_some_and(|e| e.is(Cue::And)));
        if let (Some(next), Some(value)) = (comparison(phrase, second), number(phrase, second + 1))
            && opposite_direction(sign, next)
        {
            bounds.set(next, value);
            bounds.end = skip_unit(second + 2);
        }
        return Some(bounds);
    }
    if phrase.get(end).is_some_and(|e| e.is(Cue::OrMore)) {
        return Some(Bounds {
            low: Some((Comparison::GreaterEqual, first)),
            high: None,
            values: Vec::new(),
            at,
            end: end + 1,
        });
    }
    if phrase.get(end).is_some_and(|e| e.is(Cue::OrLess)) {
        return Some(Bounds {
            low: None,
            high: Some((Comparison::LessEqual, first)),
            values: Vec::new(),
            at,
            end: end + 1,
        });
    }
    if needs_comparison {
        return None;
    }
    // "0, 1, or 2".
    let mut values = vec![first];
    let mut next = end;
    loop {
        let mut look = next;
        let mut joined = false;
        while phrase.get(look).is_some_and(|e| e.is_char(',') || e.is(Cue::Or) || e.is_char('/') || e.is(Cue::And)) {
            joined = true;
            look += 1;
        }
        match number(phrase, look) {
            Some(value) if joined => {
                values.push(value);
                next = skip_unit(look + 1);
                end = next;
            }
            _ => break,
        }
    }
    Some(Bounds { low: None, high: None, values, at, end })
}

fn opposite_direction(a: Comparison, b: Comparison) -> bool {
    let up = |c: Comparison| matches!(c, Comparison::Greater | Comparison::GreaterEqual);
    up(a) != up(b) && a != Comparison::Equal && b != Comparison::Equal
}

impl Bounds {
    fn set(&mut self, sign: Comparison, value: f64) {
        match sign {
            Comparison::Greater | Comparison::GreaterEqual => self.low = Some((sign, value)),
            Comparison::Less | Comparison::LessEqual => self.high = Some((sign, value)),
            Comparison::Equal => self.values.push(value),
        }
    }
}
