//! The cases of `fixtures/criteria/`: a sentence, small patients, the outcome that each must get, end to end.
//!
//! A patient whose outcome is known to be wrong says so in `known_wrong`. When the program changes what it says there,
//! for better or worse, the test fails until the list is written anew:
//! `cargo test --test it -- --ignored write_down_what_is_wrong`. What turns `pass` into `fail` or back is never written down.

use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use trialmatch::criteria::{Section, read_trial};
use trialmatch::matching::{Compiled, Outcome, evaluate_trial};
use trialmatch::patient::Profile;
use trialmatch::trial::{Registry, Trial};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    section: Section,
    text: String,
    patient: Vec<Patient>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patient {
    facts: String,
    outcome: Outcome,
    known_wrong: Option<Outcome>,
}

/// What the program says of one patient of a case.
struct Said {
    outcome: Outcome,
    reading: String,
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/criteria");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

fn read(path: &Path) -> Vec<Case> {
    let file: File = toml::from_str(&std::fs::read_to_string(path).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file.case
}

/// A trial with one criterion and nothing else that decides.
pub fn trial(section: Section, text: &str) -> Trial {
    let heading = match section {
        Section::Inclusion => "Inclusion Criteria:",
        Section::Exclusion => "Exclusion Criteria:",
    };
    Trial {
        id: "SAMPLE-9999".to_owned(),
        other_ids: Vec::new(),
        registry: Registry::Sample,
        title: "One criterion".to_owned(),
        status: "RECRUITING".to_owned(),
        recruitment: Default::default(),
        phases: Vec::new(),
        study_type: "INTERVENTIONAL".to_owned(),
        url: String::new(),
        last_update: None,
        verified: None,
        summary: String::new(),
        conditions: Vec::new(),
        keywords: Vec::new(),
        interventions: Vec::new(),
        arms: Vec::new(),
        eligibility: format!("{heading}\n\n* {text}"),
        minimum_age: None,
        maximum_age: None,
        sex: None,
        healthy_volunteers: None,
        sites: Vec::new(),
        records: Vec::new(),
    }
}

/// The facts of a case as a profile: with the day, and with metastatic breast cancer unless another diagnosis is given.
fn profile(facts: &str, place: &str) -> Profile {
    let mut value: Value = serde_json::from_str(facts).unwrap_or_else(|error| panic!("{place}: {error}"));
    let keys = value.as_object_mut().unwrap();
    keys.insert("as_of".to_owned(), json!("2026-11-01"));
    keys.entry("diagnosis").or_insert_with(|| json!({"cancer": "breast", "extent": "metastatic"}));
    Profile::from_value(value, place).unwrap_or_else(|error| panic!("{place}: {error}"))
}

/// What decides among the criteria that a sentence was split into.
fn gravity(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Fail => 0,
        Outcome::Wait => 1,
        Outcome::Unread => 2,
        Outcome::Unknown => 3,
        Outcome::Confirm => 4,
        Outcome::Pass => 5,
    }
}

fn said(compiled: &Compiled, profile: &Profile) -> Said {
    let found = evaluate_trial(compiled, &compiled.trials[0], profile);
    let reading: Vec<&str> = found.criteria.iter().map(|criterion| criterion.reading.as_str()).collect();
    // A text of which no criterion is left was lost, whatever it says.
    let outcome = found.criteria.iter().map(|c| c.outcome).min_by_key(|outcome| gravity(*outcome));
    Said { outcome: outcome.unwrap_or(Outcome::Unread), reading: reading.join(" | ") }
}

fn is_inversion(expected: Outcome, said: Outcome) -> bool {
    matches!((expected, said), (Outcome::Pass, Outcome::Fail) | (Outcome::Fail, Outcome::Pass))
}

/// Calls `see` with every patient of a file, in order.
fn each(path: &Path, mut see: impl FnMut(&Case, &Patient, &Said)) {
    for case in read(path) {
        let trial = trial(case.section, &case.text);
        let reading = read_trial(&trial);
        let compiled = Compiled::build(vec![(trial, reading)]);
        for patient in &case.patient {
            let profile = profile(&patient.facts, &format!("{}: {}", path.display(), case.text));
            see(&case, patient, &said(&compiled, &profile));
        }
    }
}

#[test]
fn every_case_has_the_outcome_of_the_conventions_or_is_written_down_as_wrong() {
    let mut wrong = String::new();
    let (mut all, mut right, mut known, mut inverted) = (0, 0, 0, 0);
    for path in files() {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        each(&path, |case, patient, said| {
            all += 1;
            let inversion = is_inversion(patient.outcome, said.outcome);
            inverted += usize::from(inversion);
            if said.outcome == patient.outcome && patient.known_wrong.is_none() {
                right += 1;
            } else if patient.known_wrong == Some(said.outcome) && said.outcome != patient.outcome && !inversion {
                known += 1;
            } else {
                let listed = patient.known_wrong.map(|k| format!(", written down as {k:?}")).unwrap_or_default();
                let mark = if inversion { "INVERTED " } else { "" };
                writeln!(
                    wrong,
                    "{mark}{file}: {:?} \"{}\"\n  facts {}\n  expected {:?}, is {:?}{listed}\n  read as: {}",
                    case.section, case.text, patient.facts, patient.outcome, said.outcome, said.reading
                )
                .unwrap();
            }
        });
    }
    println!("{all} patients of cases: {right} right, {known} known to be wrong, {inverted} inverted");
    assert!(all > 500, "{all}");
    assert!(
        wrong.is_empty(),
        "{all} patients of cases, {right} right, {known} known to be wrong; the others:\n{wrong}"
    );
}

/// Rewrites `known_wrong` in all files, after a look at what changed.
#[test]
#[ignore = "writes into fixtures/criteria"]
fn write_down_what_is_wrong() {
    for path in files() {
        let mut wrong = Vec::new();
        each(&path, |_, patient, said| {
            let is_wrong = said.outcome != patient.outcome && !is_inversion(patient.outcome, said.outcome);
            wrong.push(is_wrong.then(|| serde_json::to_value(said.outcome).unwrap()));
        });
        let before = std::fs::read_to_string(&path).unwrap();
        let mut wrong = wrong.into_iter();
        let mut after = String::new();
        for line in before.lines().filter(|line| !line.starts_with("known_wrong = ")) {
            writeln!(after, "{line}").unwrap();
            if line.starts_with("outcome = ")
                && let Some(said) = wrong.next().unwrap()
            {
                writeln!(after, "known_wrong = {said}").unwrap();
            }
        }
        assert!(wrong.next().is_none(), "{}: an outcome stands on no line of its own", path.display());
        if after != before {
            std::fs::write(&path, after).unwrap();
        }
    }
}
