//! Truth, outcome, verdict, rank; the compiled snapshot.

pub mod outcome;

use crate::criteria::Reading;
use crate::trial::Trial;
pub use outcome::{CriterionResult, Fact, Outcome, TrialMatch, Verdict};
use serde::{Deserialize, Serialize};

/// All trials of a snapshot compiled to atoms and flat programs. Serialised into the store when a
/// generation is built, loaded at start; matching never parses.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Compiled {
    /// The trials with their readings, ordered by id.
    pub trials: Vec<(Trial, Reading)>,
}

impl Compiled {
    /// Compiles trials with their readings; orders them by identifier.
    pub fn build(mut trials: Vec<(Trial, Reading)>) -> Self {
        trials.sort_by(|a, b| a.0.id.cmp(&b.0.id));
        Self { trials }
    }
}
