//! How far a trial's status can be trusted: when it was verified, and what the records of the study disagree on.

use super::text::{one_line, plain};
use super::types::{Disagreement, RecordHead, Stated, TrialHead};
use crate::matching::sites::is_open_status;
use crate::patient::dates::PartialDate;
use crate::trial::{Trial, TrialRecord};
use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// A text that shares fewer of its words, in per cent, with the one that is shown says something else.
const SAME_TEXT: u8 = 90;

/// How long a status is trusted.
fn trusted() -> Span {
    1.year()
}

/// The status of a trial with its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing<'t> {
    /// Overall status in the registry's spelling.
    pub status: &'t str,
    /// Month or day on which it was last verified.
    pub verified: Option<&'t str>,
    /// Day of the last update that the registry posted.
    pub last_update: Option<&'t str>,
    /// It was not verified for more than a year.
    pub unverified: bool,
}

impl<'t> Standing<'t> {
    /// Takes the status of a trial as seen on a day.
    pub fn of(trial: &'t Trial, day: Date) -> Self {
        let (verified, last_update) = (trial.verified.as_deref(), trial.last_update.as_deref());
        Self { status: &trial.status, verified, last_update, unverified: unverified(verified, last_update, day) }
    }
}

/// Describes a trial as seen on a day: that of the profile, or of the snapshot where there is no patient.
pub fn head(trial: &Trial, day: Date) -> TrialHead {
    let record = |record: &TrialRecord| RecordHead {
        id: record.id.clone(),
        registry: record.registry,
        url: record.url.clone(),
        status: record.status.clone(),
        last_update: record.last_update.clone(),
        verified: record.verified.clone(),
        unverified: unverified(record.verified.as_deref(), record.last_update.as_deref(), day),
    };
    TrialHead {
        id: trial.id.clone(),
        other_ids: trial.other_ids.clone(),
        registry: trial.registry,
        title: trial.title.clone(),
        status: trial.status.clone(),
        status_stated: stated(trial),
        phases: trial.phases.clone(),
        url: trial.url.clone(),
        last_update: trial.last_update.clone(),
        verified: trial.verified.clone(),
        unverified: unverified(trial.verified.as_deref(), trial.last_update.as_deref(), day),
        records: trial.records.iter().map(record).collect(),
        disagreements: differences(&trial.records),
    }
}

/// The registry's own words for the status, where they say something else than the status does.
fn stated(trial: &Trial) -> Option<String> {
    let stated = trial.recruitment.stated.as_ref()?;
    let same = stated.trim().replace([' ', '-'], "_").eq_ignore_ascii_case(&trial.status);
    (!same).then(|| stated.clone())
}

/// Says whether the status was certainly not verified for more than a year. Some registries state no day of
/// verification; there the last update counts. What has no day at all was never verified.
fn unverified(verified: Option<&str>, updated: Option<&str>, day: Date) -> bool {
    let limit = day.checked_sub(trusted()).unwrap_or(day);
    let stated = [verified, updated].into_iter().flatten().find_map(|text| PartialDate::parse(text.trim()).ok());
    stated.is_none_or(|stated| stated.latest < limit)
}

/// Lists what the records of a study disagree on; what a record does not state is no disagreement.
fn differences(records: &[TrialRecord]) -> Vec<Disagreement> {
    let said = |field: &'static str, of: &dyn Fn(&TrialRecord) -> Option<String>| {
        let values: Vec<Stated> =
            records.iter().filter_map(|record| Some(Stated { id: record.id.clone(), value: of(record)? })).collect();
        let differ = values.iter().any(|one| values.iter().any(|other| !same(field, &one.value, &other.value)));
        differ.then_some(Disagreement { field, values })
    };
    let text = |record: &TrialRecord| match (record.text_words, record.text_shared) {
        (0, _) => "no eligibility text".to_owned(),
        (words, shared) => format!("{words} words, {shared} % of them in the text that was read"),
    };
    let texts_differ = records.iter().any(|record| record.text_shared < SAME_TEXT);
    [
        said("status", &|record| Some(record.status.clone()).filter(|status| !status.is_empty())),
        said("minimumAge", &|record| record.minimum_age.as_deref().map(|age| age.trim().to_owned())),
        said("maximumAge", &|record| record.maximum_age.as_deref().map(|age| age.trim().to_owned())),
        said("sex", &|record| record.sex.clone()),
        said("text", &|record| Some(text(record))).filter(|_| texts_differ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Says whether two records say the same in a field.
fn same(field: &str, one: &str, other: &str) -> bool {
    // WHO ICTRP has one word for all that takes no patients.
    const NOT_RECRUITING: &str = "NOT_RECRUITING";
    let closed = |status: &str| !is_open_status(status);
    let age = |words: &str| -> String {
        // "18 Years", "18 years" and "18" are one.
        let words = words.to_lowercase();
        let number: String = words.chars().take_while(|letter| letter.is_ascii_digit() || *letter == '.').collect();
        let unit = words.chars().find(|letter| letter.is_alphabetic()).unwrap_or('y');
        format!("{number}{unit}")
    };
    match field {
        "status" if one == NOT_RECRUITING => closed(other),
        "status" if other == NOT_RECRUITING => closed(one),
        "minimumAge" | "maximumAge" => age(one) == age(other),
        _ => one.eq_ignore_ascii_case(other),
    }
}

/// Says the status, when it was verified and updated, and whether that is too long ago, for people; one piece each.
pub fn status_lines(trial: &TrialHead) -> Vec<String> {
    let mut lines = vec![plain(&trial.status)];
    lines.extend(trial.verified.as_deref().map(|day| format!("verified {}", one_line(day))));
    lines.extend(trial.last_update.as_deref().map(|day| format!("updated {}", one_line(day))));
    lines.extend(mark(trial).map(|mark| format!("! {mark}")));
    lines.retain(|line| !line.is_empty());
    lines
}

/// The same on one line.
pub fn status(trial: &TrialHead) -> String {
    status_lines(trial).join(", ")
}

/// Says that a status is not to be trusted.
pub fn mark(trial: &TrialHead) -> Option<&'static str> {
    let dated = trial.verified.is_some() || trial.last_update.is_some();
    match (trial.unverified, dated) {
        (false, _) => None,
        (true, true) => Some("not verified for over a year"),
        (true, false) => Some("the status has no date"),
    }
}

/// Names the records of the study beside the one that was read; empty where there is one record.
pub fn records(trial: &TrialHead) -> Vec<String> {
    let others = trial.records.iter().skip(1);
    others
        .map(|record| {
            let verified = record.verified.as_deref().map(|day| format!("verified {}", one_line(day)));
            let updated = record.last_update.as_deref().map(|day| format!("updated {}", one_line(day)));
            let parts = [Some(plain(&record.status)), verified, updated];
            let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
            format!("also {} {}: {}", record.registry.name(), one_line(&record.id), parts.join(", "))
        })
        .collect()
}

/// Says what the records disagree on, one sentence each.
pub fn disagreements(trial: &TrialHead) -> Vec<String> {
    trial.disagreements.iter().map(disagreement).collect()
}

fn disagreement(found: &Disagreement) -> String {
    let field = match found.field {
        "minimumAge" => "minimum age",
        "maximumAge" => "maximum age",
        field => field,
    };
    let value = |stated: &Stated| if field == "status" { plain(&stated.value) } else { one_line(&stated.value) };
    let values: Vec<String> =
        found.values.iter().map(|stated| format!("{}: {}", one_line(&stated.id), value(stated))).collect();
    format!("! the registries differ on {field}: {}", values.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn records_that_say_the_same_in_other_words_do_not_differ() {
        for (field, one, other, expected) in [
            ("status", "RECRUITING", "RECRUITING", true),
            ("status", "COMPLETED", "NOT_RECRUITING", true),
            ("status", "NOT_RECRUITING", "ACTIVE_NOT_RECRUITING", true),
            ("status", "RECRUITING", "NOT_RECRUITING", false),
            ("status", "COMPLETED", "TERMINATED", false),
            ("minimumAge", "18 Years", "18", true),
            ("minimumAge", "18 years", "18 Year(s)", true),
            ("maximumAge", "18 Months", "18 Years", false),
            ("maximumAge", "75 Years", "80 Years", false),
            ("sex", "FEMALE", "female", true),
            ("sex", "FEMALE", "ALL", false),
        ] {
            assert_eq!(same(field, one, other), expected, "{field}: {one}, {other}");
            assert_eq!(same(field, other, one), expected, "{field}: {other}, {one}");
        }
    }

    #[test]
    fn a_status_is_old_after_a_year() {
        let day = date(2026, 11, 1);
        for (verified, updated, old) in [
            (Some("2026-09"), None, false),
            (Some("2025-11"), None, false),
            (Some("2025-11-01"), None, false),
            (Some("2025-10-31"), None, true),
            (Some("2025-10"), None, true),
            (Some("2025"), None, false),
            (Some("2024"), Some("2026-10-01"), true),
            (None, Some("2026-10-01"), false),
            (None, Some("2025-10-01"), true),
            (Some("soon"), Some("2026-10-01"), false),
            (None, None, true),
        ] {
            assert_eq!(unverified(verified, updated, day), old, "{verified:?} {updated:?}");
        }
    }
}
