//! (under construction)

use crate::criteria::answer::Answer;
use crate::criteria::context::Context;
use crate::criteria::requirement::Requirement;
use crate::grammar::phrase::Phrase;
use crate::patient::facts::Facts;
use serde::{Deserialize, Serialize};

/// Under construction.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Medication;

impl Medication {
    /// Answers for one patient.
    pub fn evaluate(&self, _: &Facts<'_>) -> Answer {
        Answer::unknown("?")
    }

    /// In words.
    pub fn say(&self, _: bool) -> String {
        String::new()
    }
}

/// Reads what a phrase says of it, in positive sense.
pub fn read(_: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    None
}
/// Allergies.
pub fn read_allergy(_: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    None
}
