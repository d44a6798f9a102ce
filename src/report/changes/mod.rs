//! What changed in the registries between two snapshots, and for one patient whose verdicts changed and by which words.

mod build;
mod difference;
mod table;
#[cfg(test)]
mod tests;

pub use build::build;
pub use table::write;

use super::types::{Snapshot, TrialHead};
use crate::criteria::Section;
use crate::matching::{Fact, Outcome, Verdict};
use jiff::civil::Date;
use serde::Serialize;

/// The name of the form.
pub const CHANGES_SCHEMA: &str = "trialmatch.changes/1";

/// What changed between two snapshots.
#[derive(Clone, Debug, Serialize)]
pub struct Changes {
    /// Always [`CHANGES_SCHEMA`].
    pub schema: &'static str,
    /// The profile's `id`, where there is a patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// The profile's day, where there is a patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// The older snapshot.
    pub since: Snapshot,
    /// The newer snapshot.
    pub snapshot: Snapshot,
    /// How many trials are in both and did not change.
    pub unchanged: usize,
    /// Trials that the older snapshot does not hold, by verdict, then by identifier.
    pub new: Vec<Changed>,
    /// Trials that take patients now and did not.
    pub opened: Vec<Changed>,
    /// Trials that took patients, or were about to, and do no longer; with those that are no longer in the data.
    pub closed: Vec<Changed>,
    /// Trials of which something else changed.
    pub amended: Vec<Changed>,
    /// For a patient: trials of both snapshots whose verdict changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdicts: Option<Vec<VerdictChange>>,
}

/// A trial that is new, gone or changed.
#[derive(Clone, Debug, Serialize)]
pub struct Changed {
    /// What the trial is now; what it was, where it is gone.
    pub trial: TrialHead,
    /// It is no longer in the data.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
    /// The registry fields that changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// The changed parts of the eligibility text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub text: Vec<Vec<Piece>>,
    /// For a patient: the verdict on the older data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict_before: Option<Verdict>,
    /// For a patient: the verdict on the newer data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}

/// A registry field that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Its name.
    pub field: &'static str,
    /// What it was; `null` where it was not stated.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
}

/// A piece of a changed passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// What became of it.
    pub is: Fate,
    /// Its words.
    pub text: String,
}

/// What became of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// They stand in both.
    Kept,
    /// They stood in the older text.
    Removed,
    /// They stand in the newer text.
    Added,
}

/// A trial whose verdict changed.
#[derive(Clone, Debug, Serialize)]
pub struct VerdictChange {
    /// What the trial is now.
    pub trial: TrialHead,
    /// The verdict on the older data.
    pub before: Verdict,
    /// The verdict on the newer data.
    pub after: Verdict,
    /// The sentences that made the difference.
    pub because: Vec<Sentence>,
}

/// A sentence that made a difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sentence {
    /// Which text it stands in: `removed` stood in the older, `added` stands in the newer.
    pub is: Fate,
    /// Inclusion or exclusion.
    pub section: Section,
    /// Characters of that text; `null` for a structured field.
    pub span: Option<[u32; 2]>,
    /// The structured registry field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The registry's words.
    pub text: String,
    /// What they were read to say.
    pub reading: String,
    /// Its outcome for the patient.
    pub outcome: Outcome,
    /// The facts that the outcome rests on.
    pub evidence: Vec<Fact>,
}
