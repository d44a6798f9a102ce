//! What a criterion was understood to say.

use crate::trial::Span;
use serde::{Deserialize, Serialize};

/// The section that a criterion stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Section {
    /// What must hold.
    Inclusion,
    /// What must not hold.
    Exclusion,
}

/// A requirement in positive sense: the patient may enter where it is true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Requirement {
    /// Not read; shown to the person.
    Unread(Span),
}

/// One criterion of a trial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    /// Inclusion or exclusion.
    pub section: Section,
    /// Where it stands in the eligibility text; `None` for a structured field.
    pub span: Option<Span>,
    /// The structured registry field that it was read from.
    pub field: Option<String>,
    /// The cohort, arm or phase that it binds; `None` binds all.
    pub cohort: Option<String>,
    /// What it asks.
    pub requirement: Requirement,
    /// Probable registry slips and other notes shown with the reading.
    pub notes: Vec<String>,
}

/// The reading of a whole trial.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Criteria in the order of the text, structured fields first.
    pub criteria: Vec<Criterion>,
    /// Headings, lead-ins and labels.
    pub headings: Vec<Span>,
    /// Cohorts named by the text, in order.
    pub cohorts: Vec<String>,
}
