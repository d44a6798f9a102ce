//! The structured fields that decide: minimum age, maximum age, sex.

use crate::criteria::age::Age;
use crate::criteria::atom::Atom;
use crate::criteria::requirement::{Criterion, Reading, Requirement, Section};
use crate::criteria::sex;
use crate::grammar::elements::Comparison;
use crate::patient::profile::Sex;
use crate::trial::{Span, Trial};

/// Adds the criteria of the structured fields.
pub fn read(trial: &Trial, reading: &mut Reading) {
    let mut add = |field: &str, requirement: Requirement| {
        reading.criteria.push(Criterion {
            section: Section::Inclusion,
            span: None,
            field: Some(field.to_owned()),
            cohort: None,
            requirement,
            notes: Vec::new(),
        });
    };
    let bound = |comparison, years| Requirement::Atom(Atom::Age(Age { comparison, years }));
    if let Some(age) = &trial.minimum_age {
        add("minimumAge", bound(Comparison::GreaterEqual, age.years.ceil().max(0.0) as u32));
    }
    if let Some(age) = &trial.maximum_age {
        // "65 years" admits whoever has not turned 66.
        add("maximumAge", bound(Comparison::LessEqual, age.years.floor().max(0.0) as u32));
    }
    match trial.sex.as_deref().map(str::to_ascii_uppercase).as_deref() {
        Some("FEMALE") => add("sex", sex::is(Sex::Female)),
        Some("MALE") => add("sex", sex::is(Sex::Male)),
        _ => {}
    }
    if trial.eligibility.trim().is_empty() {
        add("eligibilityCriteria", Requirement::Unread(Span { start: 0, end: 0 }));
    }
}
