//! A stand-in for `matching::evaluate` and `matching::explain`: nothing is read. Goes away when they are there.

use crate::criteria::Section;
use crate::matching::{Compiled, CriterionResult, Outcome, TrialMatch, Verdict};
use crate::patient::Profile;
use crate::trial::Span;

pub fn explain(compiled: &Compiled, id: &str) -> Vec<crate::report::show::ReadCriterion> {
    compiled
        .trials
        .iter()
        .filter(|(trial, _)| trial.id == id)
        .map(|(trial, _)| crate::report::show::ReadCriterion {
            section: Section::Inclusion,
            span: Some([0, trial.eligibility.chars().count() as u32]),
            field: None,
            text: trial.eligibility.clone(),
            cohort: None,
            reading: String::new(),
            unread_spans: Vec::new(),
            notes: Vec::new(),
        })
        .collect()
}

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
