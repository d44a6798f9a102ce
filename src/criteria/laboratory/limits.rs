//! One limit as written: "≥ 1,500/mm3", "≤ 1.5 x ULN", "> 150/90 mmHg", "within normal limits".

use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::grammar::windows::time_unit;
use crate::lexicon::concepts::{self, Concept};

/// What the value is compared with, before the test is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Amount {
    /// A figure, with its unit (UCUM) where written.
    Figure(f64, Option<&'static str>),
    /// Two figures for systolic and diastolic pressure.
    Pair(f64, f64),
    /// A lower and an upper figure.
    Range(f64, f64, Option<&'static str>),
    /// A multiple of the upper limit of normal.
    Uln(f64),
    /// A multiple of the lower limit of normal.
    Lln(f64),
    /// The normal range.
    Normal,
    /// The limit of normal that the comparison points to: "above normal".
    LimitOfNormal,
}

/// A limit with its comparison, where one is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Written {
    /// The comparison; a lost sign is never guessed.
    pub comparison: Option<Comparison>,
    /// The amount.
    pub amount: Amount,
    /// One past its last element.
    pub end: usize,
}

fn is_filler(element: &Element) -> bool {
    element.is(Cue::Filler)
}

fn skip(phrase: &Phrase, mut at: usize, fits: impl Fn(&Element) -> bool) -> usize {
    while phrase.get(at).is_some_and(|e| !phrase.is_used(at) && fits(e)) {
        at += 1;
    }
    at
}

fn unit_at(phrase: &Phrase, at: usize) -> Option<&'static str> {
    match phrase.get(at)?.concept()? {
        Concept::Unit(row) => Some(concepts::unit(row)),
        _ => None,
    }
}

fn plain_number(phrase: &Phrase, at: usize) -> Option<f64> {
    match phrase.sense(at) {
        Some(Sense::Number(value)) if !phrase.is_used(at) => Some(value),
        // "l500/mm3": a letter that was read for the figure.
        Some(Sense::Word) if !phrase.is_used(at) => {
            let digits = phrase.get(at)?.text.strip_prefix('l').filter(|rest| figures(rest) == 3)?;
            digits.parse::<f64>().ok().map(|rest| 1000.0 + rest)
        }
        _ => None,
    }
}

fn figures(text: &str) -> usize {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.len() } else { 0 }
}

/// A number with blanks between thousands ("100 000") or a decimal comma ("1,5"); one past its end.
pub(super) fn number(phrase: &Phrase, at: usize) -> Option<(f64, usize)> {
    let mut value = plain_number(phrase, at)?;
    let first = phrase.get(at)?;
    let mut end = at + 1;
    if (1..=3).contains(&figures(&first.text)) {
        while let (Some(next), Some(thousands)) = (phrase.get(end), plain_number(phrase, end)) {
            if figures(&next.text) != 3 || !next.spaced {
                break;
            }
            value = value * 1000.0 + thousands;
            end += 1;
        }
        let comma = phrase.get(end).is_some_and(|e| e.is_char(',') && !e.spaced);
        if comma
            && end == at + 1
            && let (Some(next), Some(decimals)) = (phrase.get(end + 1), plain_number(phrase, end + 1))
            && !next.spaced
            && (1..=2).contains(&figures(&next.text))
        {
            let places = i32::try_from(figures(&next.text)).unwrap_or(1);
            value += decimals / 10f64.powi(places);
            end += 2;
        }
    }
    Some((value, end))
}

/// A comparison, also said twice: "less than (<)". One past its end.
fn comparison(phrase: &Phrase, at: usize) -> Option<(Comparison, usize)> {
    let Some(Sense::Compare(mut sign)) = phrase.sense(at) else { return None };
    let mut end = at + 1;
    loop {
        let open = skip(phrase, end, |e| e.is_char('('));
        let Some(Sense::Compare(again)) = phrase.sense(open) else { break };
        if upward(again) != upward(sign) {
            break;
        }
        sign = again;
        end = skip(phrase, open + 1, |e| e.is_char(')'));
    }
    // "greater than or equals": the equality is a word of its own.
    if phrase.get(end).is_some_and(|e| e.is(Cue::Or)) && phrase.get(end + 1).is_some_and(|e| e.is(Cue::Equal)) {
        sign = match sign {
            Comparison::Greater => Comparison::GreaterEqual,
            Comparison::Less => Comparison::LessEqual,
            other => other,
        };
        end = skip(phrase, end + 2, is_filler);
    }
    Some((sign, end))
}

/// Whether a comparison bounds from below.
pub(super) fn upward(comparison: Comparison) -> bool {
    matches!(comparison, Comparison::Greater | Comparison::GreaterEqual)
}

/// Reads a limit that starts at a comparison, a number, a limit of normal or "within normal limits".
pub(super) fn at(phrase: &Phrase, at: usize) -> Option<Written> {
    if phrase.is_used(at) {
        return None;
    }
    if phrase.get(at)?.is(Cue::Normal) {
        return Some(Written { comparison: None, amount: Amount::Normal, end: at + 1 });
    }
    let (sign, after) = match comparison(phrase, at) {
        // A sign of equality alone is what is left of a lost one.
        Some((Comparison::Equal, _)) => return None,
        Some((sign, after)) => (Some(sign), after),
        // "within 1.5 times the ULN".
        None if phrase.get(at)?.is(Cue::Within) => {
            let (amount, end) = figure(phrase, at + 1)?;
            let multiple = matches!(amount, Amount::Uln(_));
            return multiple.then_some(Written { comparison: Some(Comparison::LessEqual), amount, end });
        }
        None => (None, skip(phrase, at, |e| e.is(Cue::Between))),
    };
    let start = skip(phrase, after, |e| is_filler(e) && matches!(e.text.as_str(), "the" | "of" | "to" | "a"));
    let (amount, end) = limit_of_normal(phrase, start, sign).or_else(|| figure(phrase, start))?;
    let mut written = Written { comparison: sign, amount, end };
    if matches!(amount, Amount::Range(..)) {
        return sign.is_none().then_some(written);
    }
    if sign.is_none() {
        if phrase.get(end).is_some_and(|e| e.is(Cue::OrMore)) {
            written.comparison = Some(Comparison::GreaterEqual);
            written.end = end + 1;
        } else if phrase.get(end).is_some_and(|e| e.is(Cue::OrLess)) {
            written.comparison = Some(Comparison::LessEqual);
            written.end = end + 1;
        }
    }
    Some(written)
}

/// "≤ ULN", "≤ ULN x 1.5", "≥ LLN".
fn limit_of_normal(phrase: &Phrase, start: usize, sign: Option<Comparison>) -> Option<(Amount, usize)> {
    sign?;
    let normal = skip(phrase, start, |e| is_filler(e) || e.is(Cue::Between));
    if phrase.get(normal).is_some_and(|e| e.is(Cue::Normal) && !e.text.starts_with("within")) {
        let end =
            skip(phrase, normal + 1, |e| e.is(Cue::Filler) && matches!(e.text.as_str(), "range" | "value" | "limit"));
        return Some((Amount::LimitOfNormal, end));
    }
    let (upper, end) = reference(phrase, start, false)?;
    let times = skip(phrase, end, |e| e.is(Cue::Times));
    if times > end
        && let Some((factor, end)) = number(phrase, times)
    {
        return Some((scaled(upper, factor), end));
    }
    Some((scaled(upper, 1.0), end))
}

fn scaled(upper: bool, factor: f64) -> Amount {
    if upper { Amount::Uln(factor) } else { Amount::Lln(factor) }
}

/// The upper (true) or lower limit of normal, after fillers; "normal" alone stands for the upper one behind "times".
fn reference(phrase: &Phrase, at: usize, times: bool) -> Option<(bool, usize)> {
    let at = skip(phrase, at, |e| is_filler(e) || e.is_char('('));
    let element = phrase.get(at)?;
    let upper =
        element.is(Cue::Uln) || matches!(element.text.as_str(), "xuln" | "xunl") || times && element.is(Cue::Normal);
    if !upper && !element.is(Cue::Lln) {
        return None;
    }
    // The abbreviation again: "upper limit of normal [ULN]".
    let mut end = at + 1;
    let open = skip(phrase, end, |e| e.is_char('(') || e.is_char('['));
    let open = if open > end { skip(phrase, open, |e| e.is(Cue::Times)) } else { open };
    if open > end && phrase.get(open).is_some_and(|e| e.is(Cue::Uln) || e.is(Cue::Lln)) {
        end = skip(phrase, open + 1, |e| e.is_char(')') || e.is_char(']'));
    }
    Some((upper, end))
}

fn figure(phrase: &Phrase, start: usize) -> Option<(Amount, usize)> {
    if phrase.get(start).is_some_and(|e| e.text == "twice") {
        let (upper, end) = reference(phrase, start + 1, true)?;
        return Some((scaled(upper, 2.0), end));
    }
    // The vocabulary takes "1000/uL" for a unit; behind a comparison it is a figure.
    if let Some(unit) = unit_at(phrase, start)
        && phrase.get(start).is_some_and(|e| e.text.starts_with('1'))
    {
        return Some((Amount::Figure(1.0, Some(unit)), start + 1));
    }
    let (value, after) = number(phrase, start)?;
    let times = skip(phrase, after, |e| e.is(Cue::Times) || e.is_char('*'));
    if let Some((upper, end)) = reference(phrase, times, times > after) {
        return Some((scaled(upper, value), end));
    }
    if times > after {
        let (unit, end) = unit(phrase, times).or_else(|| power_of_ten(phrase, times))?;
        return Some((Amount::Figure(value, Some(unit)), end));
    }
    second_figure(phrase, value, after).or_else(|| single_figure(phrase, value, after))
}

fn single_figure(phrase: &Phrase, value: f64, after: usize) -> Option<(Amount, usize)> {
    if let Some((unit, end)) = unit(phrase, after) {
        return Some((Amount::Figure(value, Some(unit)), end));
    }
    let other_quantity = phrase.get(after).is_some_and(|e| {
        time_unit(e).is_some()
            || matches!(
                e.sense,
                Sense::Cue(Cue::HalfLife | Cue::Grade | Cue::Cycle | Cue::Line | Cue::Times) | Sense::Number(_)
            )
    });
    (!other_quantity).then_some((Amount::Figure(value, None), after))
}

/// "150/90 mmHg", "3.5-5.0 mmol/L", "3.5 to 5.0", "between 3.5 and 5.0".
fn second_figure(phrase: &Phrase, first: f64, after: usize) -> Option<(Amount, usize)> {
    let own_unit = unit(phrase, after);
    let joint = own_unit.map_or(after, |(_, end)| end);
    let joiner = phrase.get(joint)?;
    let pair = joiner.is_char('/');
    let between = (joint.saturating_sub(4)..joint).any(|i| phrase.get(i).is_some_and(|e| e.is(Cue::Between)));
    let range = joiner.is_char('-') || joiner.text == "to" || joiner.is(Cue::And) && between;
    if !pair && !range {
        return None;
    }
    let (second, end) = number(phrase, joint + 1)?;
    let (unit, end) = match unit(phrase, end) {
        Some((unit, end)) => (Some(unit), end),
        None => (own_unit.map(|(unit, _)| unit), end),
    };
    if pair {
        return unit.is_none_or(|u| u == "mm[Hg]").then_some((Amount::Pair(first, second), end));
    }
    (first < second).then_some((Amount::Range(first, second, unit), end))
}

/// A unit, with what texts add to it.
fn unit(phrase: &Phrase, at: usize) -> Option<(&'static str, usize)> {
    let element = phrase.get(at)?;
    let Some(unit) = unit_at(phrase, at) else {
        // "1,500 mm3": the slash is forgotten.
        let cells = element.text == "cell" && phrase.get(at + 1).is_some_and(|e| e.is_char('/'));
        let lost = at + 2 + usize::from(phrase.get(at + 2).is_some_and(|e| e.is_char('*')));
        return match element.text.as_str() {
            "mm3" => Some(("mm3", at + 1)),
            "e9" if unit_at(phrase, at + 1) == Some("/L") => Some(("10*9/L", at + 2)),
            "x10" => bracketed_power(phrase, at + 1),
            // "cells/*l": the sign of a micro-litre is lost.
            _ if cells && lost > at + 2 && phrase.get(lost).is_some_and(|e| e.text == "l") => Some(("/uL", lost + 1)),
            _ => None,
        };
    };
    let mut end = at + 1;
    // "milliseconds (ms)": the unit again.
    let open = phrase.get(end).is_some_and(|e| e.is_char('(') || e.is_char('['));
    let close = phrase.get(end + 2).is_some_and(|e| e.is_char(')') || e.is_char(']'));
    if open && close && phrase.get(end + 1).is_some_and(|e| matches!(e.concept(), Some(Concept::Unit(_)))) {
        end += 3;
    }
    // "msec ms", the bracket being gone.
    if unit_at(phrase, end) == Some(unit) {
        end += 1;
    }
    if unit == "mm" && phrase.get(end).is_some_and(|e| e.is_char('^')) && plain_number(phrase, end + 1) == Some(3.0) {
        return Some(("mm3", end + 2));
    }
    if element.text.contains("1.73") {
        end = skip(phrase, end, |e| matches!(e.text.as_str(), "m" | "m2"));
    }
    // "mL/min / 1.73 m2": the two rates count as equal.
    let slash = skip(phrase, end, |e| e.is_char('/') || e.is_char('(') || is_filler(e) && e.text == "per");
    if matches!(unit, "mL/min" | "mL/s") && plain_number(phrase, slash) == Some(1.73) {
        end = skip(phrase, slash + 1, |e| {
            e.concept().is_some_and(|c| matches!(c, Concept::Unit(_))) || e.text == "m2" || e.text == "m"
        });
        if phrase.get(end).is_some_and(|e| e.is_char('^')) {
            end += 2;
        }
    }
    Some((unit, end))
}

/// "(9)/L" behind a ten.
fn bracketed_power(phrase: &Phrase, at: usize) -> Option<(&'static str, usize)> {
    let open = phrase.get(at)?.is_char('(') && phrase.get(at + 2)?.is_char(')');
    let volume = unit_at(phrase, at + 3);
    match (plain_number(phrase, at + 1)?, volume) {
        _ if !open => None,
        (9.0, Some("/L")) => Some(("10*9/L", at + 4)),
        (12.0, Some("/L")) => Some(("10*12/L", at + 4)),
        (3.0, Some("/uL")) => Some(("10*3/uL", at + 4)),
        _ => None,
    }
}

/// "x 10^9", "x 10^3" without a volume: per litre and per microlitre are meant.
fn power_of_ten(phrase: &Phrase, at: usize) -> Option<(&'static str, usize)> {
    if plain_number(phrase, at) != Some(10.0) {
        return None;
    }
    if phrase.get(at + 1)?.is_char('(') {
        return bracketed_power(phrase, at + 1);
    }
    // "x 10(9)/L" whose exponent was taken for the mark of a list.
    match unit_at(phrase, at + 1) {
        Some("/L") => return Some(("10*9/L", at + 2)),
        Some("/uL" | "/mm3") => return Some(("10*3/uL", at + 2)),
        _ => {}
    }
    if !phrase.get(at + 1)?.is_char('^') {
        return None;
    }
    match plain_number(phrase, at + 2)? {
        9.0 => Some(("10*9/L", at + 3)),
        3.0 => Some(("10*3/uL", at + 3)),
        _ => None,
    }
}
