//! What a limit bounds: one test, or several that share it ("AST and ALT", "potassium, calcium and magnesium").

use super::row_of;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;
use crate::lexicon::labs;
use std::sync::OnceLock;

/// The tests in front of a limit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Subject {
    /// Rows of `lexicon::labs`.
    pub labs: Vec<u16>,
    /// Whether either will do: "INR or PT".
    pub either: bool,
    /// Where it starts.
    pub start: usize,
    /// One past its last element.
    pub end: usize,
}

/// Whether an element names a test or a group of tests.
pub(super) fn names_test(element: &Element) -> bool {
    matches!(element.sense, Sense::Concept(Concept::Lab(_) | Concept::LabGroup(_)))
}

/// The tests that an element names.
pub(super) fn named(element: &Element) -> Option<Vec<u16>> {
    match element.concept()? {
        Concept::Lab(row) => Some(vec![row]),
        Concept::LabGroup(row) => {
            static MEMBERS: OnceLock<Vec<Vec<u16>>> = OnceLock::new();
            let rows = |group: &labs::LabGroup| {
                group.members().into_iter().filter_map(|member| u16::try_from(member).ok()).collect()
            };
            MEMBERS.get_or_init(|| labs::groups().iter().map(rows).collect()).get(usize::from(row)).cloned()
        }
        _ => None,
    }
}

/// The formulae of the corrected QT interval, the least specific first.
const QT: [&str; 4] = ["QT interval", "QTc", "QTcB", "QTcF"];

/// Reads the tests that start at a place.
pub(super) fn at(phrase: &Phrase, start: usize) -> Option<Subject> {
    if phrase.is_used(start) {
        return None;
    }
    let mut labs = named(phrase.get(start)?)?;
    let mut last = labs.clone();
    let mut end = start + 1;
    let mut or = false;
    let mut slash = false;
    loop {
        let mut next = end;
        let mut parenthesis = false;
        let mut joined_or = false;
        let mut joined = false;
        let mut slashed = false;
        let mut formula = None;
        while let Some(element) = phrase.get(next).filter(|_| !phrase.is_used(next)) {
            match element.sense {
                Sense::Punctuation('(' | '[') => parenthesis = true,
                Sense::Punctuation(')' | ']' | ':') => {}
                Sense::Punctuation('/') => {
                    joined = true;
                    slashed = true;
                }
                Sense::Punctuation(',' | '-') | Sense::Cue(Cue::And) => joined = true,
                Sense::Cue(Cue::Or) => joined_or = true,
                Sense::Cue(Cue::Filler) => {}
                Sense::Word
                    if matches!(element.text.as_str(), "ratio" | "count" | "value" | "concentration" | "interval") => {}
                Sense::Word if speaks_of_formula(element, &labs) => formula = formula_of(element).or(formula),
                _ => break,
            }
            next += 1;
            if formula.is_some() && (parenthesis || phrase.get(next).and_then(named).is_none()) {
                merge(&mut labs, &mut last, formula.into_iter().collect(), true);
                end = next;
                formula = None;
            }
        }
        let Some(more) = phrase.get(next).filter(|_| !phrase.is_used(next)).and_then(named) else { break };
        // "... ; AST AST" side by side without a joint are two lists run together, unless they say the same.
        let same = more.iter().all(|lab| labs.contains(lab));
        if !(same || joined || joined_or || parenthesis) {
            break;
        }
        or |= joined_or;
        slash |= slashed;
        merge(&mut labs, &mut last, more, parenthesis && !joined && !joined_or);
        end = next + 1;
    }
    end = closing(phrase, start, end);
    let interchangeable = [
        ["international normalized ratio", "prothrombin time"],
        ["creatinine clearance", "estimated glomerular filtration rate"],
    ];
    // "calcium/creatinine ratio" is neither of the two.
    if slash && labs.len() > 1 && phrase.get(end).is_some_and(|e| e.text == "ratio") {
        return None;
    }
    let either = (or || slash)
        && interchangeable.iter().any(|ids| {
            let rows: Vec<u16> = ids.iter().filter_map(|id| row_of(id)).collect();
            labs.iter().all(|lab| rows.contains(lab))
        });
    Some(Subject { labs, either, start, end })
}

/// Takes in the brackets that the names opened.
fn closing(phrase: &Phrase, start: usize, mut end: usize) -> usize {
    let count = |end: usize, c: [char; 2]| {
        (start..end).filter(|i| phrase.get(*i).is_some_and(|e| e.is_char(c[0]) || e.is_char(c[1]))).count()
    };
    while count(end, ['(', '[']) > count(end, [')', ']']) {
        match phrase.get(end) {
            Some(e) if e.is_char(')') || e.is_char(']') => end += 1,
            Some(e) if e.is(Cue::Filler) || e.sense == Sense::Word && e.text == "formula" => end += 1,
            _ => break,
        }
    }
    end
}

/// Whether a word belongs to the formula of a corrected QT interval.
fn speaks_of_formula(element: &Element, labs: &[u16]) -> bool {
    matches!(element.text.as_str(), "fridericia" | "bazett" | "formula" | "correction" | "method")
        && labs.iter().any(|lab| formula_rank(*lab).is_some())
}

/// How specific the formula of a test of the QT interval is.
fn formula_rank(lab: u16) -> Option<usize> {
    let id = &labs::all().get(usize::from(lab))?.id;
    QT.iter().position(|own| own == id)
}

fn formula_of(element: &Element) -> Option<u16> {
    match element.text.as_str() {
        "fridericia" => row_of("QTcF"),
        "bazett" => row_of("QTcB"),
        _ => None,
    }
}

/// Adds tests; a name in brackets may say the last one again, or more exactly.
fn merge(labs: &mut Vec<u16>, last: &mut Vec<u16>, more: Vec<u16>, bracketed: bool) {
    for lab in &more {
        if let Some(new) = formula_rank(*lab)
            && let Some(old) = labs.iter_mut().find(|old| formula_rank(**old).is_some())
        {
            if formula_rank(*old) < Some(new) {
                *old = *lab;
                *last = more;
            }
            return;
        }
    }
    if bracketed {
        // "systolic blood pressure [BP]", "neutrophils (ANC)": the bracket says no more.
        if last.iter().all(|lab| more.contains(lab)) {
            return;
        }
        // "transaminases (AST and ALT)", "liver enzymes (AST, ALT)", "prothrombin time (INR)".
        let ratio = row_of("international normalized ratio");
        let time = row_of("prothrombin time");
        let time_as_ratio = last.len() == 1 && last.first().copied() == time && more.first().copied() == ratio;
        if more.iter().all(|lab| last.contains(lab)) || time_as_ratio {
            labs.retain(|lab| !last.contains(lab));
        }
    }
    for lab in &more {
        if !labs.contains(lab) {
            labs.push(*lab);
        }
    }
    *last = more;
}
