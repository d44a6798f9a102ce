//! Outcomes of criteria, verdicts of trials.

use crate::criteria::Section;
pub use crate::criteria::answer::Fact;
use crate::matching::sites::Nearest;
use crate::trial::{Span, Trial};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The outcome of one criterion for one patient (contract, section 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The facts settle that the criterion stands in the patient's way.
    Fail,
    /// Not met on the profile's date; time alone will meet it.
    Wait,
    /// Not read; its text is shown.
    Unread,
    /// Read, but the profile lacks the fact that would settle it.
    Unknown,
    /// Only a person can settle it.
    Confirm,
    /// The facts settle that the criterion does not stand in the patient's way.
    Pass,
}

/// The verdict of one trial (or cohort) for one patient, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing fails, is unknown or unread.
    Eligible,
    /// Nothing settles that the patient is excluded.
    Possible,
    /// At least one criterion fails.
    Ineligible,
}

/// One criterion of a trial, evaluated for one patient.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CriterionResult {
    /// Inclusion or exclusion.
    pub section: Section,
    /// Where it stands in the eligibility text; `None` for a structured registry field.
    pub span: Option<Span>,
    /// The structured registry field (`minimumAge`).
    pub field: Option<String>,
    /// Exactly the slice of the eligibility text, or the structured field's words.
    pub text: String,
    /// The outcome.
    pub outcome: Outcome,
    /// For `wait`: the first day on which the criterion is met.
    pub clears_on: Option<Date>,
    /// The cohort, arm or phase that it binds.
    pub cohort: Option<String>,
    /// What was understood, as one plain English sentence.
    pub reading: String,
    /// The facts that the outcome rests on.
    pub evidence: Vec<Fact>,
    /// The facts that would settle it.
    pub missing: Vec<String>,
    /// What was not read of it.
    pub unread_spans: Vec<Span>,
    /// Probable registry slips and other notes.
    pub notes: Vec<String>,
}

/// One trial, evaluated for one patient.
#[derive(Clone, Debug)]
pub struct TrialMatch<'c> {
    /// The trial.
    pub trial: &'c Trial,
    /// The best verdict of its cohorts.
    pub verdict: Verdict,
    /// Share of clinical criteria that are settled and do not fail, 0 to 1.
    pub score: f64,
    /// Criteria in the order of the text, structured fields first.
    pub criteria: Vec<CriterionResult>,
    /// Verdict of each cohort, where the trial has several.
    pub cohorts: Vec<(String, Verdict)>,
    /// The latest date on which a running interval ends.
    pub earliest_start: Option<Date>,
    /// The missing facts, those that settle most criteria first.
    pub ask: Vec<String>,
    /// The nearest open site.
    pub nearest_site: Option<Nearest>,
}
