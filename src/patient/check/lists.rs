//! Entries of the lists that say nothing, or the opposite of another entry.

use crate::patient::error::Problem;
use crate::patient::profile::{
    Allergy, Biomarker, BiomarkerResult, Condition, ConditionState, Lab, Medication, Profile, Treatment, TreatmentKind,
};
use crate::patient::units;

/// Checks the entries of all lists.
pub(super) fn check(profile: &Profile, problems: &mut Vec<Problem>) {
    check_biomarkers(profile.biomarkers.as_deref().unwrap_or_default(), problems);
    for (index, treatment) in profile.treatments.iter().flatten().enumerate() {
        check_treatment(index, treatment, problems);
    }
    for (index, lab) in profile.labs.iter().flatten().enumerate() {
        check_lab(index, lab, problems);
    }
    check_conditions(profile.conditions.as_deref().unwrap_or_default(), problems);
    check_medications(profile, profile.medications.as_deref().unwrap_or_default(), problems);
    check_allergies(profile.allergies.as_deref().unwrap_or_default(), problems);
}

/// Makes names comparable: case, hyphens and runs of blanks do not tell two things apart.
fn same_name(name: &str) -> String {
    let plain: Vec<String> = name.replace('-', " ").split_whitespace().map(str::to_lowercase).collect();
    plain.join(" ")
}

/// Tells whether two results of one test cannot both hold.
fn exclude_each_other(one: BiomarkerResult, other: BiomarkerResult) -> bool {
    use BiomarkerResult::*;
    let opposites = [
        (WildType, Mutated),
        (Amplified, NotAmplified),
        (High, Low),
        (High, Stable),
        (Low, Stable),
        (Positive, Negative),
    ];
    opposites.contains(&(one, other)) || opposites.contains(&(other, one))
}

fn check_biomarkers(biomarkers: &[Biomarker], problems: &mut Vec<Problem>) {
    for (index, one) in biomarkers.iter().enumerate() {
        let path = |index: usize, key: &str| format!("biomarkers[{index}].{key}");
        if one.gene.is_none() && one.marker.is_none() {
            problems.push(Problem::at(format!("biomarkers[{index}]"), "expected a `gene` or a `marker`"));
            continue;
        }
        let subject = |biomarker: &Biomarker| {
            let name = biomarker.gene.as_deref().or(biomarker.marker.as_deref()).unwrap_or_default();
            (same_name(name), biomarker.origin)
        };
        for (later, other) in biomarkers.iter().enumerate().skip(index + 1) {
            // Two variants of one gene are two tests: one may be there and the other not.
            let apart = matches!((&one.variant, &other.variant), (Some(one), Some(other)) if one != other);
            if apart || subject(one) != subject(other) {
                continue;
            }
            if let (Some(result), Some(opposite)) = (one.result, other.result)
                && exclude_each_other(result, opposite)
            {
                let message = "two results of the same test that exclude each other; keep the one that holds";
                problems.push(Problem::between(path(index, "result"), path(later, "result"), message));
            }
            if one.unit == other.unit && matches!((one.value, other.value), (Some(one), Some(other)) if one != other) {
                let message = "two values of the same test; keep the one that holds";
                problems.push(Problem::between(path(index, "value"), path(later, "value"), message));
            }
        }
    }
}

fn check_treatment(index: usize, treatment: &Treatment, problems: &mut Vec<Problem>) {
    let path = |key: &str| format!("treatments[{index}].{key}");
    // The list is taken as complete, so a nameless drug would count as proof that no drug was given.
    if treatment.kind == TreatmentKind::Drug && treatment.agents.is_empty() && treatment.name.is_none() {
        problems.push(Problem::at(path("agents"), "is missing; a drug treatment needs its drugs"));
    }
    if treatment.reason_stopped.is_some() && treatment.stopped.is_none() {
        let message = "without `stopped` the treatment is still going on; give its last day, be it only the year";
        problems.push(Problem::between(path("reason_stopped"), path("stopped"), message));
    }
}

fn check_lab(index: usize, lab: &Lab, problems: &mut Vec<Problem>) {
    let path = |key: &str| format!("labs[{index}].{key}");
    match units::ucum(&lab.unit) {
        None => problems.push(Problem::at(path("unit"), "not a UCUM unit (such as `10*9/L`, `umol/L`, `g/dL`, `U/L`)")),
        Some(unit) if units::unit_fits(&lab.test, &unit) == Some(false) => {
            problems.push(Problem::between(path("unit"), path("test"), "the unit does not fit the test"));
        }
        Some(_) => {}
    }
    if let (Some(lower), Some(upper)) = (lab.lower_limit_of_normal, lab.upper_limit_of_normal)
        && lower > upper
    {
        let (lower, upper) = (path("lower_limit_of_normal"), path("upper_limit_of_normal"));
        problems.push(Problem::between(lower, upper, "the lower limit lies above the upper one"));
    }
    if lab.upper_limit_of_normal.is_some_and(|limit| limit <= 0.0) {
        problems.push(Problem::at(path("upper_limit_of_normal"), "out of range; expected more than 0"));
    }
}

/// Reports the pairs of entries of one list of which one is absent and the other present.
fn check_presence(list: &str, entries: &[(&str, Presence)], problems: &mut Vec<Problem>) {
    for (index, (name, presence)) in entries.iter().enumerate() {
        for (later, (other_name, other)) in entries.iter().enumerate().skip(index + 1) {
            let opposite = matches!(
                (presence, other),
                (Presence::Absent, Presence::Present) | (Presence::Present, Presence::Absent)
            );
            if opposite && same_name(name) == same_name(other_name) {
                let (one, other) = (format!("{list}[{index}].state"), format!("{list}[{later}].state"));
                problems.push(Problem::between(one, other, "absent and present at once; keep the one that holds"));
            }
        }
    }
}

/// Says whether an entry holds on the day of assessment.
enum Presence {
    Present,
    Past,
    Absent,
}

impl Presence {
    /// An entry without a state is present.
    fn of(state: Option<ConditionState>) -> Self {
        match state {
            Some(ConditionState::Absent) => Self::Absent,
            Some(ConditionState::Resolved) => Self::Past,
            None | Some(ConditionState::Active | ConditionState::Controlled) => Self::Present,
        }
    }
}

fn check_conditions(conditions: &[Condition], problems: &mut Vec<Problem>) {
    let entries: Vec<_> = conditions.iter().map(|entry| (entry.name.as_str(), Presence::of(entry.state))).collect();
    check_presence("conditions", &entries, problems);
    for (index, condition) in conditions.iter().enumerate() {
        let path = |key: &str| format!("conditions[{index}].{key}");
        match condition.state {
            Some(ConditionState::Active | ConditionState::Controlled) if condition.resolved.is_some() => {
                let message = "present with a day of resolution; write `resolved` as its state, or drop the day";
                problems.push(Problem::between(path("state"), path("resolved"), message));
            }
            Some(ConditionState::Absent) => {
                for (key, stated) in [("grade", condition.grade.is_some()), ("since", condition.since.is_some())] {
                    if stated {
                        problems.push(Problem::between(path("state"), path(key), "absent, yet described as present"));
                    }
                }
            }
            _ => {}
        }
    }
}

fn check_medications(profile: &Profile, medications: &[Medication], problems: &mut Vec<Problem>) {
    let presence = |entry: &Medication| {
        let over = entry.stopped.as_ref().is_some_and(|stopped| stopped.earliest <= profile.as_of);
        if over && entry.state != Some(ConditionState::Absent) { Presence::Past } else { Presence::of(entry.state) }
    };
    let entries: Vec<_> = medications.iter().map(|entry| (entry.name.as_str(), presence(entry))).collect();
    check_presence("medications", &entries, problems);
    for (index, medication) in medications.iter().enumerate() {
        let path = |key: &str| format!("medications[{index}].{key}");
        match medication.state {
            Some(ConditionState::Controlled | ConditionState::Resolved) => {
                let message = "unknown word; expected one of `active`, `absent`; give `stopped` for one that is over";
                problems.push(Problem::at(path("state"), message));
            }
            Some(ConditionState::Active)
                if medication.stopped.as_ref().is_some_and(|stopped| stopped.latest < profile.as_of) =>
            {
                problems.push(Problem::between(path("state"), path("stopped"), "active, and stopped before `as_of`"));
            }
            _ => {}
        }
    }
}

fn check_allergies(allergies: &[Allergy], problems: &mut Vec<Problem>) {
    let entries: Vec<_> = allergies.iter().map(|entry| (entry.name.as_str(), Presence::of(entry.state))).collect();
    check_presence("allergies", &entries, problems);
    for (index, allergy) in allergies.iter().enumerate() {
        if allergy.state == Some(ConditionState::Absent) && allergy.grade.is_some() {
            let (state, grade) = (format!("allergies[{index}].state"), format!("allergies[{index}].grade"));
            problems.push(Problem::between(state, grade, "absent, yet described as present"));
        }
    }
}
