//! What points to another page: appendices, sections, years of guidelines, footnotes.

use crate::grammar::elements::{Cue, Element, Sense};

/// One past what points to another page: "Appendix 3", "section 5.1", "table 2", the year of a guideline ("2018
/// ASCO/CAP guidelines"), the number of a footnote behind a full stop ("guidelines.23").
pub(super) fn reference(elements: &[Element], at: usize) -> Option<usize> {
    let element = elements.get(at)?;
    let number = |i: usize| matches!(elements.get(i).map(|e| e.sense), Some(Sense::Number(_)));
    if matches!(element.text.as_str(), "appendix" | "section" | "table" | "annex" | "figure") {
        let letter = elements.get(at + 1).is_some_and(|e| e.text.len() == 1 && e.sense == Sense::Word);
        let mut end = at + 1 + usize::from(number(at + 1) || letter);
        // "5.1.2".
        while end > at + 1 && elements.get(end).is_some_and(|e| e.is_char('.') && !e.spaced) && number(end + 1) {
            end += 2;
        }
        return (end > at + 1).then_some(end);
    }
    let Sense::Number(value) = element.sense else { return None };
    let guideline = |i: Option<usize>| {
        i.and_then(|i| elements.get(i)).is_some_and(|e| {
            e.is(Cue::Filler)
                && [
                    "guideline",
                    "asco",
                    "cap",
                    "american society",
                    "college of american",
                    "recist",
                    "ajcc",
                    "criteria",
                    "edition",
                    "nccn",
                    "recommendation",
                ]
                .iter()
                .any(|word| e.text.contains(word))
        })
    };
    let year = (1995.0..2035.0).contains(&value) && value.fract() == 0.0;
    if year && (guideline(Some(at + 1)) || guideline(at.checked_sub(1)) || guideline(at.checked_sub(2))) {
        return Some(at + 1);
    }
    // "Guidelines 55.": a footnote.
    let ends = elements.get(at + 1).is_none_or(|e| e.is_char('.'));
    if ends
        && value > 3.0
        && value.fract() == 0.0
        && at.checked_sub(1).and_then(|i| elements.get(i)).is_some_and(|e| e.text.ends_with("guideline"))
    {
        return Some(at + 1);
    }
    let stop = at.checked_sub(1).and_then(|i| elements.get(i)).is_some_and(|e| e.is_char('.'));
    let footnote = stop
        && !element.spaced
        && value.fract() == 0.0
        && value < 200.0
        && at
            .checked_sub(2)
            .and_then(|i| elements.get(i))
            .is_some_and(|e| matches!(e.sense, Sense::Word | Sense::Cue(Cue::Filler)) && e.text.len() > 3);
    footnote.then_some(at + 1)
}
