//! Reads a whole item of laboratory bounds: its titles, sentences, notes and exceptions together.

use super::{Bound, Limit, evaluation, limits, notes, reading, words};
use crate::criteria::atom::Atom;
use crate::criteria::conditions;
use crate::criteria::context::Context;
use crate::criteria::reader::{outside, read_elements, trim};
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::lexicon::concepts::Concept;
use crate::lexicon::labs;

/// Reads an item of laboratory values, under Exclusion also with other things before or behind them in its list. `None`
/// where a word with a meaning is left: then the item is read sentence by sentence.
pub fn read_item(elements: &[Element], context: &Context<'_>) -> Option<Requirement> {
    values(elements, context).or_else(|| beside_others(elements, context))
}

/// "QTc > 450 ms for men or 470 ms for women, or a history of torsades": the values are one member of the list.
fn beside_others(elements: &[Element], context: &Context<'_>) -> Option<Requirement> {
    let lab = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Lab(_) | Concept::LabGroup(_)));
    let condition = |e: &Element| {
        matches!(
            e.sense,
            Sense::Cue(
                Cue::Unless
                    | Cue::Except
                    | Cue::If
                    | Cue::Judgement
                    | Cue::Allowed
                    | Cue::And
                    | Cue::Including
                    | Cue::Not
            )
        )
    };
    if context.section != Section::Exclusion || !elements.iter().any(lab) || elements.len() > 120 {
        return None;
    }
    let ors: Vec<usize> = outside(elements)
        .filter(|(at, e)| *at > 2 && (e.is(Cue::Or) || e.is_char(',')))
        .map(|(at, _)| at)
        .take(12)
        .collect();
    for at in ors {
        let (before, after) = (elements.get(..at)?, elements.get(at + 1..)?);
        let (values_first, rest, listed) = match (before.iter().any(lab), after.iter().any(lab)) {
            (true, false) => (true, after, before),
            (false, true) => (false, before, after),
            _ => continue,
        };
        // The rest must stand by itself: a comma alone may part an interval or a condition from the values.
        let parted = elements.get(at).is_some_and(|e| e.is(Cue::Or))
            || values_first && rest.first().is_some_and(|e| e.is(Cue::Or))
            || !values_first && listed.first().is_some_and(|e| e.is(Cue::Or));
        if !parted || elements.iter().any(condition) {
            continue;
        }
        let Some(read) = values(trim(listed), context) else { continue };
        let other = read_elements(trim(rest), context);
        if !other.has_unread() && other != Requirement::Nothing {
            return Some(Requirement::all(if values_first { vec![read, other] } else { vec![other, read] }));
        }
    }
    None
}

fn values(elements: &[Element], context: &Context<'_>) -> Option<Requirement> {
    let lab = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Lab(_) | Concept::LabGroup(_)));
    if !elements.iter().any(lab) || conditions::fell(elements) {
        return None;
    }
    let cut = notes::cut(elements)?;
    let exclusion = context.section == Section::Exclusion;
    if exclusion && !cut.asked.is_empty() {
        return None;
    }
    if !cut.elements.iter().any(lab) {
        let nothing = cut.asked.is_empty() && cut.elements.iter().all(is_neutral);
        return nothing.then_some(Requirement::Nothing);
    }
    let start = title_end(&cut.elements);
    let mut phrase = Phrase::new(cut.elements);
    phrase.claim_range(0, start);
    // "Potassium outside the normal range" under Exclusion asks for normal values.
    let outside = exclusion.then(|| phrase.find(|e| e.text == "outside")).flatten();
    let inclusion = Context { section: Section::Inclusion, ..context.clone() };
    let requirement = match outside {
        Some(at) => {
            let rest: Vec<Element> =
                phrase.elements.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, e)| e.clone()).collect();
            phrase = Phrase::new(rest);
            reading::read_copy(&mut phrase, &inclusion).filter(only_normal)
        }
        None => reading::read_copy(&mut phrase, context),
    };
    let requirement = requirement?;
    if !exclusion && demands_the_abnormal(&requirement) {
        return None;
    }
    let idle = (0..phrase.len())
        .all(|at| phrase.is_used(at) || phrase.get(at).is_some_and(|e| is_idle(&phrase, at, e, exclusion)));
    if !idle {
        return None;
    }
    Some(if exclusion && outside.is_none() {
        requirement.negated()
    } else {
        Requirement::all(std::iter::once(requirement).chain(cut.asked).collect())
    })
}

/// Tells whether a high bilirubin or a low haemoglobin is asked for. No trial asks for a high bilirubin: such a bound is a condition that was not understood as one.
pub fn demands_the_abnormal(requirement: &Requirement) -> bool {
    let abnormal = |r: &Requirement| match r {
        Requirement::Atom(Atom::Laboratory(bound)) => match evaluation::abnormal_end(bound.lab) {
            Some(upper) => bound.limit != Limit::Normal && upper == limits::upward(bound.comparison),
            None => low_counts(bound),
        },
        _ => false,
    };
    match requirement {
        Requirement::All(members) => members.iter().any(abnormal),
        Requirement::Any(members) => members.iter().all(abnormal),
        one => abnormal(one),
    }
}

/// "Haemoglobin ≤ 9 g/dL" asks for fewer cells than are normal.
fn low_counts(bound: &Bound) -> bool {
    const NORMAL: &[(&str, f64)] = &[
        ("absolute neutrophil count", 2.0),
        ("hemoglobin", 11.0),
        ("platelet count", 140.0),
        ("white blood cell count", 3.5),
    ];
    let least = labs::all()
        .get(usize::from(bound.lab))
        .and_then(|lab| NORMAL.iter().find(|(id, _)| lab.id == *id))
        .map(|(_, least)| *least);
    match (least, bound.limit) {
        (Some(least), Limit::Absolute(value)) => !limits::upward(bound.comparison) && value.value() < least,
        _ => false,
    }
}

/// Whether every bound is the normal range.
fn only_normal(requirement: &Requirement) -> bool {
    let mut only = true;
    requirement.visit(&mut |r| match r {
        Requirement::Atom(Atom::Laboratory(bound)) => only &= bound.limit == Limit::Normal,
        Requirement::Atom(_) | Requirement::Any(_) | Requirement::Not(_) => only = false,
        _ => {}
    });
    only
}

/// Where the title of an item ends: "Step 2: randomisation: leukocytes ≥ 3 x 10^9/L".
fn title_end(elements: &[Element]) -> usize {
    let mut end = 0;
    for (at, element) in elements.iter().enumerate().take(9) {
        if element.is_char(':') {
            end = at + 1;
            continue;
        }
        let title = is_neutral(element)
            || matches!(element.sense, Sense::Word | Sense::Number(_))
            || matches!(
                element.sense,
                Sense::Cue(Cue::Normal | Cue::Administrative | Cue::AdequateFunction | Cue::Invasive | Cue::After)
            )
            || matches!(element.sense, Sense::Concept(Concept::Site(_)))
            || element.text.contains("screening");
        if !title {
            break;
        }
    }
    end
}

/// Whether an element that no bound claimed changes nothing of the bounds.
fn is_idle(phrase: &Phrase, at: usize, element: &Element, exclusion: bool) -> bool {
    let next = phrase.get(at + 1);
    is_neutral(element)
        || words::is_manner(element)
        || words::is_title(element, next)
        || matches!(element.sense, Sense::Cue(Cue::Before | Cue::Anchor))
        || exclusion && element.is(Cue::Forbidden)
        || element.is(Cue::Or) && between_methods(phrase, at)
}

/// "by echocardiogram or MUGA": an "or" between two ways to measure.
fn between_methods(phrase: &Phrase, at: usize) -> bool {
    let method = |e: &Element| e.is(Cue::Filler) || words::is_manner(e);
    let plain = |i: &usize| phrase.get(*i).is_some_and(|e| !matches!(e.sense, Sense::Punctuation(_)));
    let before = (0..at).rev().find(plain);
    let after = (at + 1..phrase.len()).find(plain);
    let fits = |i: Option<usize>| i.is_some_and(|i| phrase.get(i).is_some_and(method));
    fits(after) && (fits(before) || before.is_some_and(|i| phrase.is_used(i)))
}
