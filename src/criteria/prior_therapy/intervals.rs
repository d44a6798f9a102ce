//! Washouts in roundabout words: "an interval of 3 weeks between the last chemotherapy and registration", "all
//! chemotherapy and surgery completed at least 3 weeks before". They ask a treatment of nobody.

use super::lists::is_treatment;
use crate::criteria::context::Context;
use crate::criteria::requirement::Section;
use crate::grammar::anchors::trial_start;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::grammar::windows::time_unit;
use crate::lexicon::structure::{self, Words};

/// Words around an interval that say nothing besides.
const INTERVAL: &[&str] = &[
    "interval",
    "period",
    "gap",
    "minimum",
    "a minimum",
    "minimum interval",
    "a minimum interval",
    "minimal",
    "minimum of",
    "time interval",
    "interval of",
    "passed",
    "elapsed",
    "pass",
    "elapse",
    "length",
    "time",
    "required",
    "there",
    "treatment-free",
];

/// What stands for the end of a treatment.
const ENDS: &[&str] = &[
    "termination",
    "end",
    "completion",
    "cessation",
    "conclusion",
    "discontinuation",
    "last",
    "the last",
    "the end",
    "stop",
    "final",
    "dose",
    "administration",
    "treatment",
];

fn number_of_time(phrase: &Phrase, at: usize) -> bool {
    matches!(phrase.sense(at), Some(Sense::Number(_)))
        && phrase.get(at + 1).is_some_and(|e| time_unit(e).is_some() || e.is(Cue::HalfLife))
}

/// "Between the last dose of X and enrolment", with an interval before or behind it.
pub(super) fn between(phrase: &mut Phrase) -> bool {
    let Some(from) = phrase.find(|e| (e.is(Cue::Between) || e.is(Cue::Since)) && e.text.ends_with("between")) else {
        return false;
    };
    if !(0..phrase.len()).any(|at| number_of_time(phrase, at)) {
        return false;
    }
    // The second of the two events is the entry.
    let last = (from + 1..phrase.len()).rev().find(|&at| {
        phrase.get(at).is_some_and(|e| e.is(Cue::And))
            && !phrase.is_used(at)
            && (entry(phrase, at + 1).is_some() || trial_start(phrase, at + 1).is_some())
    });
    let Some(and) = last else { return false };
    let Some(end) = trial_start(phrase, and + 1).or_else(|| entry(phrase, and + 1)) else { return false };
    phrase.claim_range(and, end);
    if let Some(element) = phrase.elements.get_mut(from) {
        element.sense = Sense::Cue(Cue::Since);
    }
    for at in 0..phrase.len() {
        let beside = at < from || at >= end;
        let own = phrase.get(at).is_some_and(|e| {
            beside && INTERVAL.contains(&e.text.as_str())
                || (from..and).contains(&at) && (ENDS.contains(&e.text.as_str()) || e.is(Cue::LastDose))
                || at == from
        });
        if own {
            phrase.claim(at);
        }
    }
    true
}

/// "Before", also as the first word of "before registration".
fn is_before(element: &Element) -> bool {
    element.is(Cue::Before)
        || element.is(Cue::Filler) && ["before ", "prior to "].iter().any(|opening| element.text.starts_with(opening))
}

/// One past the words for the entry into the trial.
fn entry(phrase: &Phrase, from: usize) -> Option<usize> {
    let mut at = from;
    let mut found = false;
    while let Some(e) = phrase.get(at) {
        let start = matches!(e.text.as_str(), "start" | "first" | "starting" | "initiation" | "beginning" | "planned");
        if !(e.is(Cue::Anchor) || e.is(Cue::Filler) || start || e.is(Cue::Therapy) || e.is(Cue::Investigational)) {
            break;
        }
        found |= e.is(Cue::Anchor) || start && phrase.get(at + 1).is_some_and(|n| n.is(Cue::Therapy) || n.text == "of");
        at += 1;
    }
    found.then_some(at)
}

/// "All chemotherapy, radiotherapy and surgery completed at least 3 weeks before registration": one washout for all.
pub(super) fn ended(phrase: &mut Phrase, context: &Context<'_>) -> bool {
    if context.section != Section::Inclusion {
        return false;
    }
    let ends =
        |e: &Element| structure::holds(Words::Ended, &e.text) && e.text != "administered" && e.text != "undergone";
    let Some(verb) = (0..phrase.len()).find(|&at| phrase.get(at).is_some_and(ends)) else { return false };
    // Beside the verb nothing but treatments, and behind it the interval.
    let Some(number) = (verb + 1..phrase.len()).find(|&at| number_of_time(phrase, at)) else { return false };
    if !(number + 2..number + 5).any(|i| phrase.get(i).is_some_and(is_before)) {
        return false;
    }
    let list = |e: &Element| {
        is_treatment(e, context)
            || is_neutral(e)
            || matches!(e.sense, Sense::Compare(_))
            || super::lists::is_idle(e)
            || matches!(
                e.cue(),
                Some(
                    Cue::Or
                        | Cue::Prior
                        | Cue::SettingAdjuvant
                        | Cue::SettingNeoadjuvant
                        | Cue::SettingEarly
                        | Cue::SettingMetastatic
                        | Cue::AnySetting
                        | Cue::LastDose
                )
            )
    };
    let treatments =
        |from: usize, to: usize| (from..to).any(|at| phrase.get(at).is_some_and(|e| is_treatment(e, context)));
    let plain = |from: usize, to: usize| (from..to).all(|at| phrase.get(at).is_some_and(list));
    if !treatments(0, number) || !plain(0, verb) || !plain(verb + 1, number) {
        return false;
    }
    for at in 0..number {
        if let Some(element) = phrase.elements.get_mut(at)
            && element.is(Cue::And)
        {
            element.sense = Sense::Cue(Cue::Or);
        }
    }
    phrase.claim(verb);
    true
}
