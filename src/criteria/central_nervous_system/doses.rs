//! Doses of corticosteroids: "> 10 mg of prednisone a day", "a stable or decreasing dose".

use super::Feature;
use crate::criteria::decimal::Decimal;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::Phrase;

/// Whether an element names corticosteroids.
pub(super) fn is_steroid(element: &Element) -> bool {
    element.is(Cue::Steroids)
        || is_named(element)
        || element.text.starts_with("corticosteroid")
        || matches!(element.sense, Sense::Concept(_)) && element.text == "chronic steroid"
}

fn is_named(element: &Element) -> bool {
    ["prednis", "dexameth", "methylpred", "hydrocort", "glucocort"].iter().any(|s| element.text.starts_with(s))
}

/// Words that stand around a dose.
fn around(element: &Element) -> bool {
    element.is(Cue::Filler)
        || element.is(Cue::Day)
        || element.is(Cue::Receiving)
        || element.is(Cue::With)
        || element.is(Cue::Therapy)
        || matches!(element.sense, Sense::Punctuation('(' | ')' | '/' | '[' | ']'))
        || matches!(
            element.text.as_str(),
            "daily"
                | "total"
                | "equivalent"
                | "dosage"
                | "low"
                | "high"
                | "maximum"
                | "physiologic"
                | "oral"
                | "systemic"
        )
        || element.text.contains("dose")
}

/// The dose that begins at a place: the feature that it denies or asks, whether it holds, and one past its end.
pub(super) fn dose(phrase: &Phrase, at: usize) -> Option<(Feature, bool, usize)> {
    let comparison_at = |i: usize| match phrase.sense(i) {
        Some(Sense::Compare(comparison)) => Some(comparison),
        _ => None,
    };
    let mut number = at;
    let mut sign = None;
    while let Some(element) = phrase.get(number) {
        if matches!(element.sense, Sense::Number(_)) {
            break;
        }
        if let Some(comparison) = comparison_at(number) {
            sign = Some(comparison);
        } else if !around(element) && !is_steroid(element) {
            return None;
        }
        number += 1;
    }
    let Some(Sense::Number(value)) = phrase.sense(number) else { return None };
    let unit = phrase
        .get(number + 1)
        .filter(|e| e.text == "mg" || e.text.starts_with("mg ") || e.text.starts_with("milligram"))?;
    let mut end = number + 2;
    let mut dexamethasone = false;
    let mut steroid = (at..number).any(|i| phrase.get(i).is_some_and(is_steroid));
    let _ = unit;
    let mut last = end;
    while let Some(element) = phrase.get(end) {
        if element.is(Cue::OrLess) && sign.is_none() {
            sign = Some(Comparison::LessEqual);
        } else if is_steroid(element) {
            dexamethasone |= element.text.starts_with("dexameth");
            steroid = true;
        } else if element.is(Cue::Or)
            && phrase.get(end + 1).is_some_and(|e| e.text.starts_with("equivalent") || e.text == "its" || is_steroid(e))
        {
        } else if !around(element) {
            break;
        }
        end += 1;
        let closes =
            !element.is(Cue::Filler) && !element.is(Cue::With) && !element.is(Cue::Receiving) && !element.is_char('(');
        if closes || element.text.contains("equivalent") {
            last = end;
        }
    }
    for i in at..number {
        dexamethasone |= phrase.get(i).is_some_and(|e| e.text.starts_with("dexameth"));
    }
    let sign = sign?;
    if !steroid && !phrase.elements.iter().any(is_steroid) {
        return None;
    }
    let milligrams = Decimal::new(value);
    // An upper bound denies the doses above it, and holds of whoever takes none.
    let (comparison, holds) = match sign {
        Comparison::LessEqual | Comparison::Less => (sign.opposite()?, false),
        Comparison::Equal => return None,
        other => (other, true),
    };
    Some((Feature::CorticosteroidDose { comparison, milligrams, dexamethasone }, holds, last))
}

/// "A stable or decreasing dose of corticosteroids", "increasing doses of steroids".
pub(super) fn course(phrase: &Phrase, at: usize) -> Option<(Feature, bool, usize)> {
    let falling = |e: &Element| {
        e.is(Cue::Stable)
            || e.is(Cue::Duration) && e.text == "stable for"
            || matches!(
                e.text.as_str(),
                "decreasing" | "tapering" | "reducing" | "low" | "minimal" | "tapered" | "stable dose"
            )
    };
    let rising = |e: &Element| matches!(e.text.as_str(), "increasing" | "escalating" | "higher" | "rising");
    let first = phrase.get(at)?;
    let (up, down) = (rising(first), falling(first));
    if !up && !down {
        return None;
    }
    let mut next = at + 1;
    while phrase.get(next).is_some_and(|e| {
        falling(e) && down
            || e.is(Cue::Or)
            || e.is_char('/')
            || e.is(Cue::Filler)
            || e.is(Cue::Chronic)
            || e.text == "dose"
            || e.text == "dosage"
            || e.text == "use"
            || e.text == "requirement"
    }) {
        next += 1;
    }
    let dosed = (at..next).any(|i| phrase.get(i).is_some_and(|e| e.text.contains("dose") || e.text == "dosage")) || up;
    let steroid = phrase.get(next).is_some_and(is_steroid);
    // "Steroids at a stable or decreasing dose".
    let before = (0..at).rev().take(6).any(|i| phrase.get(i).is_some_and(is_steroid));
    let figure = !up && dose(phrase, next).is_some();
    if !dosed || !(steroid || before || figure) {
        return None;
    }
    let mut end = next + usize::from(steroid);
    while end > at + 1 && !steroid && phrase.get(end - 1).is_some_and(|e| e.is(Cue::Filler)) {
        end -= 1;
    }
    while steroid
        && phrase
            .get(end)
            .is_some_and(|e| e.is(Cue::Or) || e.is(Cue::Filler) && e.text.contains("equivalent") || is_steroid(e))
        && phrase.get(end + 1).is_some_and(|e| e.text.contains("equivalent") || is_steroid(e))
    {
        end += 2;
    }
    Some((Feature::CorticosteroidsRising, up, end))
}

/// "Discontinued the use of corticosteroids", "stopped all steroids": where the words before a place begin that say that
/// they are taken no more.
pub(super) fn given_up(phrase: &Phrase, at: usize) -> Option<usize> {
    let ends = |e: &Element| {
        ["discontinu", "stop", "ceas", "withdr", "wean", "complet", "finish", "tapered off"]
            .iter()
            .any(|w| e.text.starts_with(w))
    };
    let between = |e: &Element| {
        e.is(Cue::Filler)
            || e.is(Cue::Therapy)
            || e.is(Cue::Chronic)
            || matches!(
                e.text.as_str(),
                "use"
                    | "use of"
                    | "usage"
                    | "intake"
                    | "intake of"
                    | "their"
                    | "all"
                    | "any"
                    | "systemic"
                    | "oral"
                    | "course"
                    | "taking"
                    | "using"
                    | "receiving"
            )
    };
    let mut before = (0..at).rev().take(6);
    let first = before.find(|place| !phrase.get(*place).is_some_and(|e| between(e) && !ends(e)));
    first.filter(|place| phrase.get(*place).is_some_and(ends))
}

/// One past "to control symptoms", "for management of neurological symptoms", where it stands at a place.
pub(super) fn purpose(phrase: &Phrase, at: usize) -> usize {
    let mut next = at;
    while phrase.get(next).is_some_and(|e| e.is(Cue::Filler)) {
        next += 1;
    }
    let aim = |e: &Element| {
        ["control", "manag", "treat", "reliev", "relief", "palliat", "reduce", "maintain"]
            .iter()
            .any(|a| e.text.starts_with(a))
            || e.is(Cue::Therapy)
    };
    if !phrase.get(next).is_some_and(aim) {
        return at;
    }
    let symptom = |e: &Element| {
        e.text.contains("symptom")
            || e.is(Cue::Symptomatic)
            || matches!(e.text.as_str(), "edema" | "cerebral edema" | "brain edema" | "neurological deficit")
    };
    (next + 1..next + 8)
        .find(|i| phrase.get(*i).is_some_and(symptom))
        .filter(|end| {
            (next + 1..*end).all(|i| {
                phrase.get(i).is_some_and(|e| {
                    matches!(e.sense, Sense::Word | Sense::Cue(Cue::Filler | Cue::Therapy | Cue::With | Cue::Active))
                })
            })
        })
        .map_or(at, |end| {
            // "Symptoms from brain metastases": the lesions themselves.
            let from =
                phrase.get(end + 1).is_some_and(|e| matches!(e.text.as_str(), "from" | "of" | "due to" | "caused by"));
            end + 1 + usize::from(from)
        })
}
