//! Measurable and evaluable disease.

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::conditions::take_words;
use crate::criteria::context::Context;
use crate::criteria::facts::Facts;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use serde::{Deserialize, Serialize};

/// At least one measurable lesion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Measurable;

impl Measurable {
    /// Answers for one patient.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        match facts.profile.diagnosis.as_ref().and_then(|d| d.measurable_disease) {
            Some(value) => {
                Answer::settled(Truth::from_bool(value), vec![Fact::new("diagnosis.measurable_disease", value)])
            }
            None => Answer::unknown("measurable disease"),
        }
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        if holds { "there is measurable disease" } else { "there is no measurable disease" }.to_owned()
    }
}

/// Reads measurable or evaluable disease, in positive sense.
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    if phrase.take(Cue::Neutral) {
        phrase.take(Cue::Measurable);
        phrase.take(Cue::NonMeasurable);
        return Some(Requirement::Nothing);
    }
    let measurable = phrase.has(Cue::Measurable);
    let evaluable = phrase.has(Cue::NonMeasurable);
    if !measurable && !evaluable {
        return None;
    }
    phrase.take(Cue::Measurable);
    phrase.take(Cue::NonMeasurable);
    // "at least one", "≥ 1", "1 or more" lesion says no more than that there is one.
    for at in 0..phrase.len() {
        let one = matches!(phrase.sense(at), Some(Sense::Number(n)) if n == 1.0);
        if one {
            phrase.claim(at);
            if let Some(before) = at.checked_sub(1)
                && matches!(phrase.sense(before), Some(Sense::Compare(Comparison::GreaterEqual)))
            {
                phrase.claim(before);
            }
            // "1 or more", "one lesion or more".
            for more in [at + 1, at + 2] {
                if phrase.get(more).is_some_and(|e| e.is(Cue::OrMore)) {
                    phrase.claim(more);
                }
            }
        }
    }
    // The version of the criteria: "RECIST version 1.1".
    while let Some(at) = phrase.find(|e| matches!(e.sense, Sense::Number(n) if n == 1.1 || n == 1.0)) {
        phrase.claim(at);
    }
    take_words(
        phrase,
        &[
            "exists",
            "response",
            "solid",
            "immune",
            "bidimensionally",
            "unidimensionally",
            "specific",
            "dimension",
            "recorded",
        ],
    );
    if evaluable {
        phrase.take(Cue::Or);
    }
    // "Non-measurable disease only": none that is measurable.
    let only = |e: &Element| matches!(e.text.as_str(), "only" | "solely" | "exclusively");
    if evaluable
        && !measurable
        && phrase.elements.iter().any(|e| e.text.starts_with("non"))
        && phrase.elements.iter().any(only)
    {
        return Some(Requirement::Atom(Atom::Measurable(Measurable)).negated());
    }
    Some(if measurable && !evaluable { Requirement::Atom(Atom::Measurable(Measurable)) } else { Requirement::Nothing })
}
