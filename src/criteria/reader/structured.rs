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
    if let Some(age) = &trial.minimum_age {
        add("minimumAge", minimum_age(age.years));
    }
    if let Some(age) = &trial.maximum_age {
        add("maximumAge", maximum_age(age.years));
    }
    if let Some(requirement) = trial.sex.as_deref().and_then(sex_is) {
        add("sex", requirement);
    }
    if trial.eligibility.trim().is_empty() {
        add("eligibilityCriteria", Requirement::Unread(Span { start: 0, end: 0 }));
    }
}

/// At least so many years old; the field's years may be a fraction of one.
pub fn minimum_age(years: f64) -> Requirement {
    Requirement::Atom(Atom::Age(Age { comparison: Comparison::GreaterEqual, years: years.ceil().max(0.0) as u32 }))
}

/// At most so many years old: "65 years" admits whoever has not turned 66.
pub fn maximum_age(years: f64) -> Requirement {
    Requirement::Atom(Atom::Age(Age { comparison: Comparison::LessEqual, years: years.floor().max(0.0) as u32 }))
}

/// Asks for the sex that the field names; `None` where it is open to all.
pub fn sex_is(field: &str) -> Option<Requirement> {
    match field.to_ascii_uppercase().as_str() {
        "FEMALE" => Some(sex::is(Sex::Female)),
        "MALE" => Some(sex::is(Sex::Male)),
        _ => None,
    }
}
