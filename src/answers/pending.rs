//! A stand-in for `matching::evaluate`: nothing is read. Goes away when that is there.

use crate::criteria::Section;
use crate::matching::{Compiled, CriterionResult, Outcome, TrialMatch, Verdict};
use crate::patient::Profile;
use crate::trial::Span;

pub fn evaluate<'c>(compiled: &'c Compiled, _profile: &Profile) -> Vec<TrialMatch<'c>> {
    compiled
        .trials
        .iter()
        .map(|(trial, _)| TrialMatch {
            trial,
            verdict: Verdict::Possible,
            score: 0.0,
            criteria: vec![CriterionResult {
                section: Section::Inclusion,
                span: Some(Span { start: 0, end: trial.eligibility.chars().count() as u32 }),
                field: None,
                text: trial.eligibility.clone(),
                outcome: Outcome::Unread,
                clears_on: None,
                cohort: None,
                reading: String::new(),
                evidence: Vec::new(),
                missing: Vec::new(),
                unread_spans: Vec::new(),
                notes: Vec::new(),
            }],
            cohorts: Vec::new(),
            earliest_start: None,
            ask: Vec::new(),
            nearest_site: None,
        })
        .collect()
}
