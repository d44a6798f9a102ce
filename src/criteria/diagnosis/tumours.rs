//! Lists of tumour types that share one noun: "breast, colon or prostate cancer".

use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::cancers;
use crate::lexicon::concepts::Concept;

/// The row of a tumour type that an element names by itself.
fn named(element: &Element) -> Option<u16> {
    match element.sense {
        Sense::Concept(Concept::Cancer(row)) => Some(row),
        _ => None,
    }
}

/// The tumour of an organ: "colon" in a list of cancers.
fn of_organ(phrase: &Phrase, at: usize, end: usize) -> Option<u16> {
    let mut words = String::new();
    for place in at..end {
        let element = phrase.get(place).filter(|e| {
            !phrase.is_used(place)
                && (matches!(e.sense, Sense::Word | Sense::Concept(Concept::Site(_) | Concept::Biomarker(_)))
                    || place > at && e.is(Cue::And)
                    || place + 1 < end && e.text == "primary"
                    || e.is(Cue::Filler) && e.text.len() > 4)
        })?;
        words.push_str(&element.text);
        words.push(' ');
    }
    for noun in ["cancer", "carcinoma"] {
        if let Some(row) = cancers::by_name(&format!("{words}{noun}")) {
            return u16::try_from(row).ok();
        }
    }
    None
}

/// Whether a word is the organ of a tumour type: "ovarian".
pub(super) fn names_organ(element: &Element) -> bool {
    ["cancer", "carcinoma"].iter().any(|noun| cancers::by_name(&format!("{} {noun}", element.text)).is_some())
}

fn joins(element: &Element) -> bool {
    element.is(Cue::Or)
        || element.is(Cue::And)
        || matches!(element.sense, Sense::Punctuation(',' | '/' | ';' | '(' | ')' | ':'))
}

/// The place of the bracket that the one at `close` closes.
fn opening(phrase: &Phrase, close: usize) -> Option<usize> {
    let mut depth = 0usize;
    for at in (0..=close).rev() {
        match phrase.sense(at) {
            Some(Sense::Punctuation(')')) => depth += 1,
            Some(Sense::Punctuation('(')) => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether something that is no tumour follows: "liver metastases".
fn of_another(phrase: &Phrase, at: usize) -> bool {
    phrase.get(at).is_some_and(|e| {
        e.is(Cue::MetastaticDisease)
            || matches!(e.text.as_str(), "lesion" | "involvement" | "function" | "disease" | "metastatic" | "met")
    })
}

/// Gives organs in a list of tumour types their place among them; claims them with the joiners between.
pub(super) fn spread(phrase: &mut Phrase) -> Vec<(usize, u16)> {
    let mut out: Vec<(usize, u16)> = (0..phrase.len())
        .filter(|at| !phrase.is_used(*at))
        .filter_map(|at| Some((at, named(phrase.get(at)?)?)))
        .collect();
    let heads: Vec<usize> = out.iter().map(|(at, _)| *at).collect();
    for head in &heads {
        // Backwards: "breast, head and neck or prostate cancer".
        let mut right = *head;
        while let Some(joiner) = right.checked_sub(1).filter(|j| phrase.get(*j).is_some_and(joins)) {
            let mut start = joiner;
            while start.checked_sub(1).is_some_and(|j| phrase.get(j).is_some_and(joins)) {
                start -= 1;
            }
            // "Breast (HR+/HER2-), NSCLC": what a bracket says of the organ stands between.
            let closed = (start..right).find(|j| phrase.get(*j).is_some_and(|e| e.is_char(')')));
            if let Some(open) = closed.and_then(|close| opening(phrase, close)) {
                start = open;
            }
            let Some((first, row)) = (1..=3)
                .rev()
                .filter_map(|words| start.checked_sub(words))
                .find_map(|first| Some((first, of_organ(phrase, first, start)?)))
            else {
                break;
            };
            if closed.is_none() {
                phrase.claim_range(first, right);
            } else {
                phrase.claim_range(first, start);
            }
            out.push((first, row));
            right = first;
        }
        // Forwards: "NSCLC, cervical, ovarian, or gastric".
        let mut left = *head + 1;
        while phrase.get(left).is_some_and(joins) && !phrase.is_used(left) {
            let mut start = left;
            while phrase.get(start).is_some_and(joins) {
                start += 1;
            }
            let Some((end, row)) = (1..=3)
                .rev()
                .map(|words| start + words)
                .find_map(|end| Some((end, of_organ(phrase, start, end).filter(|_| !of_another(phrase, end))?)))
            else {
                break;
            };
            phrase.claim_range(left, end);
            out.push((start, row));
            left = end;
        }
    }
    out.sort_unstable();
    out
}

/// "Invasive cancer of the breast", "uterine neoplasm": the general name with its organ.
pub(super) fn of_the_organ(phrase: &mut Phrase, rows: &mut [(usize, u16)]) {
    for (head, row) in rows.iter_mut() {
        let general = cancers::all().get(usize::from(*row)).is_some_and(|c| c.covers_breast && !c.breast);
        if !general {
            continue;
        }
        let before = head.checked_sub(1);
        let behind = (*head + 1..phrase.len())
            .find(|at| !phrase.get(*at).is_some_and(|e| matches!(e.text.as_str(), "of" | "the" | "in")))
            .filter(|at| *at > *head + 1);
        for place in [before, behind].into_iter().flatten() {
            if let Some(found) = of_organ(phrase, place, place + 1) {
                *row = found;
                phrase.claim(place);
                break;
            }
        }
    }
}

/// "Solid tumours of the following types: NSCLC, melanoma": the list says which are meant, not the general name before it.
pub(super) fn drop_general(phrase: &Phrase, rows: &mut Vec<(usize, u16)>) {
    let general = |row: u16| cancers::all().get(usize::from(row)).is_some_and(|c| c.covers_breast && !c.breast);
    let announces = |e: &Element| e.is_char(':') || e.is(Cue::OneOf) || e.text.contains("following");
    let Some(last) = rows.iter().rev().find(|(_, row)| !general(*row)).map(|(at, _)| *at) else { return };
    rows.retain(|(at, row)| !general(*row) || *at > last || !(*at..last).any(|i| phrase.get(i).is_some_and(announces)));
}
