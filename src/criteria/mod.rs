//! The heart: one file per criterion kind, holding its type, how it is read, evaluated and said.

pub mod requirement;

use crate::trial::Trial;
pub use requirement::{Criterion, Reading, Requirement, Section};

/// The version of the reader; readings kept in the store are recomputed when it changes.
pub const READER_VERSION: u32 = 1;

/// Reads the eligibility text and the structured fields of a trial. Never fails: what is not understood is `Unread`.
pub fn read_trial(trial: &Trial) -> Reading {
    let _ = trial;
    Reading::default()
}
