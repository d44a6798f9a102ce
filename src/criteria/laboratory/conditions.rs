//! The conditions under which another limit counts: liver metastases, Gilbert's syndrome, sex, another test.

use super::items::{bounds_of, limit_for};
use super::{limits, subjects};
use crate::criteria::requirement::{Requirement, Section};
use crate::criteria::{conditions, metastatic_sites, sex};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;
use crate::patient::profile::Sex;

/// A condition as read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Guard {
    /// What must hold for the limit to count.
    pub requirement: Requirement,
    /// One past its last element.
    pub end: usize,
}

/// Words around a condition that add nothing to it.
fn is_trim(element: &Element) -> bool {
    match element.sense {
        Sense::Cue(cue) => matches!(
            cue,
            Cue::Filler | Cue::With | Cue::Must | Cue::Anchor | Cue::MetastaticDisease | Cue::Active | Cue::History
        ),
        Sense::Word => matches!(
            element.text.as_str(),
            "involvement" | "involved" | "proven" | "documented" | "adult" | "syndrome" | "hyperbilirubinemia"
        ),
        _ => false,
    }
}

/// Reads a condition that starts at a place: "if liver metastases are present", "for women", "no bone metastases",
/// "for patients with creatinine > 1.5 x ULN".
pub(super) fn at(phrase: &Phrase, start: usize) -> Option<Guard> {
    let mut at = start;
    let mut negated = false;
    // The caller may have stepped over "patients with".
    let mut opened = (start.saturating_sub(3)..start)
        .rev()
        .filter_map(|before| phrase.get(before))
        .find(|e| !e.is(Cue::Filler))
        .is_some_and(|e| e.is(Cue::With) || e.is(Cue::If));
    let mut whom = false;
    let mut spreading = false;
    while let Some(element) = phrase.get(at).filter(|_| !phrase.is_used(at)) {
        match element.sense {
            Sense::Cue(Cue::Not) => {
                negated = true;
                opened = true;
            }
            Sense::Cue(Cue::If) => {
                opened = true;
                whom = true;
            }
            Sense::Cue(Cue::With) => opened = true,
            Sense::Cue(Cue::MetastaticDisease) => spreading = true,
            Sense::Cue(Cue::Filler) => {
                whom |= matches!(element.text.as_str(), "patient" | "participant" | "subject" | "those");
            }
            Sense::Cue(Cue::Must | Cue::History) => {}
            Sense::Word if matches!(element.text.as_str(), "involving" | "history") => {}
            _ => break,
        }
        at += 1;
    }
    let element = phrase.get(at).filter(|_| !phrase.is_used(at))?;
    if element.is(Cue::Female) || element.is(Cue::Male) {
        let sex = sex::is(if element.is(Cue::Female) { Sex::Female } else { Sex::Male });
        let end = trimmed(phrase, at + 1, |e| e.is(Cue::Filler));
        return Some(Guard { requirement: if negated { sex.negated() } else { sex }, end });
    }
    if opened
        && whom
        && let Some(guard) = other_test(phrase, at)
    {
        return Some(guard);
    }
    // "Hepatic: total bilirubin ..." is a heading, "hepatic metastases" a condition.
    let spread = phrase
        .get(at + 1)
        .is_some_and(|e| e.is(Cue::MetastaticDisease) || matches!(e.text.as_str(), "involvement" | "lesion"));
    if !(opened || spread || spreading) {
        return None;
    }
    let mut members = vec![thing(element)?];
    let mut end = trimmed(phrase, at + 1, is_trim);
    loop {
        let joint = trimmed(phrase, end, |e| e.is(Cue::Or) || e.is_char('/') || e.is_char(','));
        if joint == end {
            break;
        }
        let next = trimmed(phrase, joint, |e| e.is(Cue::Filler) || e.is(Cue::If) || e.is(Cue::With));
        let Some(member) = phrase.get(next).filter(|_| !phrase.is_used(next)).and_then(thing) else { break };
        members.push(member);
        end = trimmed(phrase, next + 1, is_trim);
    }
    let requirement = Requirement::any(members);
    Some(Guard { requirement: if negated { requirement.negated() } else { requirement }, end })
}

fn trimmed(phrase: &Phrase, mut at: usize, fits: impl Fn(&Element) -> bool) -> usize {
    while phrase.get(at).is_some_and(|e| !phrase.is_used(at) && fits(e)) {
        at += 1;
    }
    at
}

fn thing(element: &Element) -> Option<Requirement> {
    match element.concept()? {
        Concept::Site(row) => Some(metastatic_sites::present(row)),
        Concept::Condition(row) => Some(conditions::present(row)),
        _ => None,
    }
}

/// "for patients with creatinine > 1.5 x ULN".
fn other_test(phrase: &Phrase, at: usize) -> Option<Guard> {
    let subject = subjects::at(phrase, at)?;
    let start = trimmed(phrase, subject.end, |e| e.is(Cue::Filler) || e.is(Cue::Must));
    let written = limits::at(phrase, start)?;
    let [lab] = subject.labs.as_slice() else { return None };
    let bounds = limit_for(*lab, &written, written.comparison)?;
    Some(Guard { requirement: bounds_of(bounds, Section::Inclusion), end: written.end })
}
