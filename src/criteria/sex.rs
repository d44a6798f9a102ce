//! Sex: "women only", "male or female patients".

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::facts::Facts;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Sense};
use crate::grammar::phrase::Phrase;
use crate::patient::profile::Sex;
use serde::{Deserialize, Serialize};

/// The patient is of this sex.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SexIs(pub Sex);

impl SexIs {
    /// Answers for one patient.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        match facts.profile.sex {
            Some(sex) => Answer::settled(Truth::from_bool(sex == self.0), vec![Fact::new("sex", sex)]),
            None => Answer::unknown("sex"),
        }
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        match (self.0, holds) {
            (Sex::Female, true) => "the patient is a woman",
            (Sex::Female, false) => "the patient is not a woman",
            (Sex::Male, true) => "the patient is a man",
            (Sex::Male, false) => "the patient is not a man",
        }
        .to_owned()
    }
}

/// The requirement of one sex.
pub fn is(sex: Sex) -> Requirement {
    Requirement::Atom(Atom::Sex(SexIs(sex)))
}

/// Reads the sexes that a phrase names.
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    let female = phrase.take(Cue::Female);
    let male = phrase.take(Cue::Male);
    if !female && !male {
        return None;
    }
    // "male and female" joins, "male or female" does too.
    for at in 0..phrase.len() {
        if matches!(phrase.sense(at), Some(Sense::Cue(Cue::Or | Cue::And))) {
            let beside = |i: Option<usize>| {
                i.is_some_and(|i| phrase.get(i).is_some_and(|e| e.is(Cue::Female) || e.is(Cue::Male)))
            };
            if beside(at.checked_sub(1)) && beside(Some(at + 1)) {
                phrase.claim(at);
            }
        }
    }
    Some(match (female, male) {
        (true, true) => Requirement::Nothing,
        (true, false) => is(Sex::Female),
        _ => is(Sex::Male),
    })
}
