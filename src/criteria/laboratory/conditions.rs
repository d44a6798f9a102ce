//! The conditions under which another limit counts: liver metastases, Gilbert's syndrome, sex, another test.

use super::items::{bounds_of, limit_for};
use super::{limits, subjects};
use crate::criteria::atom::Atom;
use crate::criteria::medications::{Kind, Medication, Substance};
use crate::criteria::requirement::{Requirement, Section};
use crate::criteria::{conditions, metastatic_sites, sex};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;
use crate::lexicon::medications;
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
            "involvement"
                | "involved"
                | "proven"
                | "documented"
                | "adult"
                | "syndrome"
                | "hyperbilirubinemia"
                | "met"
                | "s"
                | "lesion"
                | "apparent"
        ),
        Sense::Concept(Concept::Unit(_)) => element.text == "s",
        _ => false,
    }
}

/// Words between the opening of a condition and the thing it names: "due to documented involvement of the liver".
fn leads(word: &str) -> bool {
    matches!(
        word,
        "involving"
            | "involvement"
            | "history"
            | "due"
            | "demonstrable"
            | "radiologically"
            | "apparent"
            | "attributed"
            | "attributable"
            | "believed"
            | "secondary"
            | "dose"
            | "elevation"
            | "elevated"
            | "proven"
            | "hyperbilirubinemia"
            | "tumor"
            | "current"
            | "therapeutic"
            | "known"
            | "t"
            | "level"
    )
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
        .is_some_and(|e| e.is(Cue::With) || e.is(Cue::If) || e.is(Cue::Unless) || e.is(Cue::Except));
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
                whom |= matches!(
                    element.text.as_str(),
                    "patient" | "participant" | "subject" | "those" | "individual" | "person"
                );
            }
            Sense::Cue(Cue::Must | Cue::History | Cue::Prior) => {}
            Sense::Cue(Cue::Receiving | Cue::Chronic | Cue::Stable | Cue::Active) if opened => {}
            Sense::Word if leads(&element.text) => {}
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
    let after_therapeutic =
        at.checked_sub(1).and_then(|before| phrase.get(before)).is_some_and(|e| e.text == "therapeutic");
    // "On therapeutic coagulation" is a slip of the pen.
    let slip = (element.text == "coagulation" && after_therapeutic).then(anticoagulant).flatten();
    let mut members = vec![slip.or_else(|| thing(element))?];
    let taken = after_therapeutic && element.text == "coagulation"
        || matches!(element.concept(), Some(Concept::Medication(_) | Concept::MedicationClass(_)));
    let mut end = trimmed(phrase, at + 1, |e| is_trim(e) || taken && is_taken(e));
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
    let mut requirement = Requirement::any(members);
    if let Some(after) = in_range(phrase, end).filter(|_| taken) {
        // Whether the value is in the range that the medicine aims at is for a person.
        requirement = Requirement::all(vec![requirement, Requirement::Confirm]);
        end = after;
    }
    Some(Guard { requirement: if negated { requirement.negated() } else { requirement }, end })
}

fn trimmed(phrase: &Phrase, mut at: usize, mut fits: impl FnMut(&Element) -> bool) -> usize {
    while phrase.get(at).is_some_and(|e| !phrase.is_used(at) && fits(e)) {
        at += 1;
    }
    at
}

fn thing(element: &Element) -> Option<Requirement> {
    match element.concept()? {
        Concept::Site(row) => Some(metastatic_sites::present(row)),
        Concept::Condition(row) => Some(conditions::present(row)),
        Concept::Medication(row) => Some(taking(Substance::Medication(row))),
        Concept::MedicationClass(row) => Some(taking(Substance::Class(row))),
        _ => None,
    }
}

fn anticoagulant() -> Option<Requirement> {
    let row = medications::all_classes().iter().position(|class| class.id == "anticoagulant")?;
    u16::try_from(row).ok().map(|row| taking(Substance::Class(row)))
}

fn taking(substance: Substance) -> Requirement {
    Requirement::Atom(Atom::Medication(Medication::new(substance, Kind::Use)))
}

/// Words behind a medicine that is taken.
fn is_taken(element: &Element) -> bool {
    element.is(Cue::Therapy)
        || element.is(Cue::Receiving)
        || matches!(element.text.as_str(), "use" | "medication" | "treatment" | "dose" | "agent")
}

/// "as long as PT or PTT is within the therapeutic range of intended use of anticoagulants", "in which case the level is
/// left to the investigator": one past its end.
fn in_range(phrase: &Phrase, from: usize) -> Option<usize> {
    let opens = trimmed(phrase, from, |e| {
        e.is(Cue::If)
            || e.is(Cue::And)
            || e.is(Cue::Filler)
            || e.is(Cue::Must)
            || e.is_char(',')
            || matches!(e.text.as_str(), "which" | "case" | "then")
    });
    let led = from
        .checked_sub(1)
        .and_then(|before| phrase.get(before))
        .is_some_and(|e| matches!(e.text.as_str(), "case" | "which" | "then"));
    if opens == from && !led {
        return None;
    }
    let mut speaks = false;
    let end = trimmed(phrase, opens, |e| {
        let word = ["therapeutic", "range", "intended", "target", "determined", "adequate", "discretion", "stable"]
            .iter()
            .any(|w| e.text.contains(w));
        speaks |= word;
        word || is_trim(e)
            || is_taken(e)
            || e.is(Cue::Within)
            || e.is(Cue::Or)
            || e.is(Cue::And)
            || e.is(Cue::Normal)
            || e.is(Cue::Received)
            || e.is(Cue::Judgement)
            || e.is(Cue::Stable)
            || e.is_char(',')
            || e.is_char('/')
            || subjects::names_test(e)
            || matches!(e.concept(), Some(Concept::Medication(_) | Concept::MedicationClass(_)))
            || matches!(
                e.text.as_str(),
                "level" | "acceptable" | "appropriate" | "limit" | "by" | "local" | "for" | "that"
            )
    });
    speaks.then_some(end)
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
