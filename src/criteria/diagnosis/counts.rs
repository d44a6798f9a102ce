//! How many metastases: "no more than 3 metastatic lesions", "1 to 5 metastases". Counts never follow from the list of
//! sites (convention 37), so that each is a fact of its own name.

use super::{METASTATIC, extent};
use crate::criteria::open_fact::named;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::Phrase;

fn is_metastasis(element: &Element) -> bool {
    element.is(Cue::MetastaticDisease) || element.is(Cue::SettingMetastatic) && element.text == "metastatic"
}

/// What may stand between a figure and the metastases that it counts.
fn beside(element: &Element) -> bool {
    matches!(
        element.text.as_str(),
        "different" | "distinct" | "extracranial" | "lesion" | "site" | "organ" | "measurable" | "discrete" | "total"
    ) || element.is(Cue::Measurable)
        || element.is(Cue::Filler)
}

fn figure(phrase: &Phrase, at: usize) -> Option<u32> {
    match phrase.sense(at) {
        Some(Sense::Number(n)) if !phrase.is_used(at) && n.fract() == 0.0 && (0.0..=50.0).contains(&n) => {
            Some(n as u32)
        }
        _ => None,
    }
}

/// Claims a count of metastases; whoever has none fits every upper bound.
pub(super) fn take(phrase: &mut Phrase) -> Option<Requirement> {
    let at = (0..phrase.len()).find(|at| figure(phrase, *at).is_some())?;
    let first = figure(phrase, at)?;
    let mut next = at + 1;
    let mut range = false;
    let mut last = first;
    let mut more = None;
    while let Some(element) = phrase.get(next) {
        if element.is_char('-') || element.is_char('–') || element.text == "to" {
            range = true;
        } else if range && let Some(high) = figure(phrase, next) {
            last = high;
        } else if element.is(Cue::OrMore) {
            more = Some(Comparison::GreaterEqual);
        } else if element.is(Cue::OrLess) {
            more = Some(Comparison::LessEqual);
        } else if !beside(element) {
            break;
        }
        next += 1;
    }
    if next > at + 6 || !phrase.get(next).is_some_and(is_metastasis) {
        return None;
    }
    let sign = match at.checked_sub(1).and_then(|b| phrase.sense(b)) {
        Some(Sense::Compare(comparison)) => Some((comparison, at - 1)),
        _ => None,
    };
    let comparison = sign.map(|(comparison, _)| comparison).or(more);
    let start = sign.map_or(at, |(_, start)| start);
    if comparison == Some(Comparison::GreaterEqual) && first == 1 {
        phrase.claim_range(start, next);
        return Some(Requirement::Nothing);
    }
    if comparison.is_none() && last == first {
        return None;
    }
    phrase.claim_range(start, next);
    for place in next..phrase.len().min(next + 3) {
        if phrase.get(place).is_some_and(beside) {
            phrase.claim(place);
        }
    }
    let metastatic = extent(METASTATIC);
    let words = match comparison {
        None => format!("{first} to {last} metastases"),
        Some(Comparison::Less) => format!("fewer than {first} metastases"),
        Some(Comparison::LessEqual) => format!("at most {first} metastases"),
        Some(Comparison::Greater) => format!("more than {first} metastases"),
        Some(Comparison::GreaterEqual) => format!("at least {first} metastases"),
        Some(Comparison::Equal) => format!("exactly {first} metastases"),
    };
    Some(match comparison {
        Some(Comparison::Less | Comparison::LessEqual) => Requirement::any(vec![metastatic.negated(), named(&words)]),
        _ => Requirement::all(vec![metastatic, named(&words)]),
    })
}
