//! Dates that cannot be: after the day of assessment, before birth, an end before its beginning.
//!
//! A coarse date is refused only where no day that it can mean would do.

use crate::patient::dates::PartialDate;
use crate::patient::error::Problem;
use crate::patient::profile::Profile;

/// Holds the dates of one entry: its path, and its keys with what is stated.
type Entry<'p> = (String, Vec<(&'static str, &'p Option<PartialDate>)>);

/// Pairs of keys of one entry whose first date cannot lie after the second.
const IN_ORDER: &[(&str, &str)] = &[
    ("diagnosed", "metastatic_since"),
    ("diagnosed", "last_progression"),
    ("started", "stopped"),
    ("since", "resolved"),
    ("since", "stopped"),
];

/// Checks every date of the profile.
pub(super) fn check(profile: &Profile, problems: &mut Vec<Problem>) {
    check_birth(profile, problems);
    for (path, dates) in entries(profile) {
        let stated = |key: &str| dates.iter().find(|(name, _)| *name == key).and_then(|(_, date)| date.as_ref());
        for (key, date) in &dates {
            let Some(date) = date else { continue };
            let path = format!("{path}.{key}");
            if date.earliest > profile.as_of {
                problems.push(Problem::between(&path, "as_of", "the date lies after the day of assessment"));
            }
            if profile.birth_date.as_ref().is_some_and(|birth| date.latest < birth.earliest) {
                problems.push(Problem::between(&path, "birth_date", "the date lies before birth"));
            }
        }
        for (first, second) in IN_ORDER {
            if let (Some(begin), Some(end)) = (stated(first), stated(second))
                && begin.earliest > end.latest
            {
                let message = format!("`{second}` lies before `{first}`");
                problems.push(Problem::between(format!("{path}.{second}"), format!("{path}.{first}"), message));
            }
        }
    }
}

/// Checks the date of birth and the age.
fn check_birth(profile: &Profile, problems: &mut Vec<Problem>) {
    let Some(birth) = &profile.birth_date else { return };
    if birth.earliest > profile.as_of {
        problems.push(Problem::between("birth_date", "as_of", "birth lies after the day of assessment"));
        return;
    }
    if let Some(age) = profile.age
        && !birth.ages_on(profile.as_of).contains(&age)
    {
        let message = "the age at `as_of` does not follow from the date of birth; keep the one that is right";
        problems.push(Problem::between("age", "birth_date", message));
    }
}

/// Collects the dates of every entry of the profile but the date of birth.
fn entries(profile: &Profile) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    if let Some(diagnosis) = &profile.diagnosis {
        let dates = vec![
            ("diagnosed", &diagnosis.diagnosed),
            ("metastatic_since", &diagnosis.metastatic_since),
            ("last_progression", &diagnosis.last_progression),
        ];
        entries.push(("diagnosis".to_owned(), dates));
    }
    for (index, metastasis) in profile.metastases.iter().flatten().enumerate() {
        let dates = vec![
            ("treated", &metastasis.treated),
            ("stable_since", &metastasis.stable_since),
            ("corticosteroids_stopped", &metastasis.corticosteroids_stopped),
        ];
        entries.push((format!("metastases[{index}]"), dates));
    }
    for (index, treatment) in profile.treatments.iter().flatten().enumerate() {
        let dates = vec![("started", &treatment.started), ("stopped", &treatment.stopped)];
        entries.push((format!("treatments[{index}]"), dates));
    }
    for (index, lab) in profile.labs.iter().flatten().enumerate() {
        entries.push((format!("labs[{index}]"), vec![("on", &lab.on)]));
    }
    for (index, condition) in profile.conditions.iter().flatten().enumerate() {
        let dates = vec![("since", &condition.since), ("resolved", &condition.resolved)];
        entries.push((format!("conditions[{index}]"), dates));
    }
    for (index, medication) in profile.medications.iter().flatten().enumerate() {
        let dates = vec![("since", &medication.since), ("stopped", &medication.stopped)];
        entries.push((format!("medications[{index}]"), dates));
    }
    entries
}
