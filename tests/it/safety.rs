//! The contract's safety rules 1 to 6 as properties, over the bundled registry and over a real one where it is at hand.

use crate::{PATIENT, RECORDS, file, program};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use trialmatch::criteria::answer::Truth;
use trialmatch::criteria::facts::Facts;
use trialmatch::criteria::{Reading, Section, read_trial};
use trialmatch::matching::explain::outcome;
use trialmatch::matching::{Compiled, Outcome, Verdict, evaluate};
use trialmatch::patient::Profile;
use trialmatch::registry::source::Records;
use trialmatch::report::{Selection, Snapshot, build};
use trialmatch::store;
use trialmatch::trial::Trial;

/// Violations that are shown; the others are counted.
const SHOWN: usize = 25;

pub fn beside(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

pub type Trials = Vec<(Trial, Reading)>;

/// The bundled trials, then the real ones where they are at hand.
pub static TRIALS: LazyLock<[Trials; 2]> = LazyLock::new(|| {
    let sample = store::sample().compiled.trials.into_iter().map(|compiled| compiled.trial).collect();
    let path = beside("shared/data/ctgov/breast.ndjson.gz");
    let real: Vec<Trial> = match path.exists() {
        true => Records::open(&path).unwrap().map(|record| record.unwrap().trial().unwrap()).collect(),
        false => Vec::new(),
    };
    [sample, real].map(|trials: Vec<Trial>| trials.into_par_iter().map(|t| (t.clone(), read_trial(&t))).collect())
});

/// The same trials, compiled.
pub static COMPILED: LazyLock<[Compiled; 2]> = LazyLock::new(|| TRIALS.clone().map(Compiled::build));

/// The profiles as JSON, by file name: the invented ones, then those of the labelled set where it is at hand.
pub static PATIENTS: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
    let mut patients = BTreeMap::new();
    for folder in [beside("shared/eval/dev/patients"), Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/patients")]
    {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let value = serde_json::to_value(Profile::from_path(&path).unwrap()).unwrap();
            patients.insert(path.file_name().unwrap().to_string_lossy().into_owned(), value);
        }
    }
    assert!(patients.len() >= 8);
    patients
});

pub fn profile(value: &Value) -> Profile {
    Profile::from_value(value.clone(), "a changed profile").unwrap_or_else(|error| panic!("{error}\n{value}"))
}

/// The outcome of every criterion of every trial, in order.
fn outcomes(compiled: &Compiled, profile: &Profile) -> Vec<Outcome> {
    let truths = compiled.run(&compiled.answers(&Facts::new(profile)));
    let of = |node: u32| truths.get(node as usize).copied().unwrap_or(Truth::Unread);
    compiled.trials.iter().flat_map(|trial| &trial.criteria).map(|c| outcome(c.partial, of(c.node)).0).collect()
}

/// Names the n-th criterion of all with its words and its reading.
fn describe(compiled: &Compiled, n: usize) -> String {
    let all = compiled.trials.iter().flat_map(|trial| trial.criteria.iter().map(move |criterion| (trial, criterion)));
    let (trial, criterion) = all.into_iter().nth(n).unwrap();
    let words = match criterion.span {
        Some(span) => slice(&trial.trial.eligibility, span.start, span.end),
        None => criterion.text.clone(),
    };
    format!("{} {:?} \"{words}\"\n    read as: {}", trial.trial.id, criterion.section, criterion.reading)
}

pub fn slice(text: &str, start: u32, end: u32) -> String {
    text.chars().skip(start as usize).take((end - start) as usize).collect()
}

/// Fails where there are violations; shows the first of them.
pub fn hold(rule: &str, violations: impl IntoIterator<Item = String>) {
    let all: BTreeSet<String> = violations.into_iter().collect();
    let mut said = String::new();
    for violation in all.iter().take(SHOWN) {
        writeln!(said, "- {violation}").unwrap();
    }
    assert!(all.is_empty(), "{rule}: {} violations\n{said}", all.len());
}

fn for_each_patient(check: impl Fn(&Compiled, &str, &Value) -> Vec<String> + Sync) -> Vec<String> {
    let pairs: Vec<_> = COMPILED.iter().flat_map(|c| PATIENTS.iter().map(move |(name, p)| (c, name, p))).collect();
    pairs.into_par_iter().flat_map_iter(|(compiled, name, patient)| check(compiled, name, patient)).collect()
}

#[test]
fn a_fail_shows_the_words_and_the_facts() {
    let violations = for_each_patient(|compiled, name, patient| {
        let profile = profile(patient);
        let mut wrong = Vec::new();
        for found in evaluate(compiled, &profile) {
            for criterion in &found.criteria {
                let exact = match criterion.span {
                    Some(span) => {
                        span.start < span.end && slice(&found.trial.eligibility, span.start, span.end) == criterion.text
                    }
                    None => criterion.field.is_some() && !criterion.text.is_empty(),
                };
                let proved = !criterion.evidence.is_empty() || criterion.outcome != Outcome::Fail;
                if !exact || !proved {
                    wrong.push(format!(
                        "{} {name}: exact words {exact}, facts {proved}: \"{}\"\n    read as: {}",
                        found.trial.id, criterion.text, criterion.reading
                    ));
                }
            }
        }
        wrong
    });
    hold("rule 1, a fail has its exact span or field and the facts that made it", violations);
}

#[test]
fn an_empty_profile_fails_nothing() {
    let empty = profile(&json!({"as_of": "2026-11-08"}));
    let violations = COMPILED.iter().flat_map(|compiled| {
        let failed = outcomes(compiled, &empty).into_iter().enumerate().filter(|(_, o)| *o == Outcome::Fail);
        failed.map(|(n, _)| describe(compiled, n)).collect::<Vec<_>>()
    });
    hold("rule 2, a missing fact never makes a fail", violations);
}

/// A part of a profile: a key at the top, or one below `receptors` or `diagnosis`.
type Part = (String, Option<String>);

/// Where a criterion stands: the trial, the start of its words, its structured field.
type Place = (String, Option<u32>, String);

/// The keys that a path of evidence stands on: `receptors.x` and `diagnosis.x`, else the key at the top.
fn unit(path: &str) -> Part {
    let mut parts = path.split(['.', '[']);
    let top = parts.next().unwrap().to_owned();
    let below = parts.next().map(str::to_owned).filter(|_| top == "receptors" || top == "diagnosis");
    (top, below)
}

/// The profile without a key. A list that is gone is not complete either.
fn without(patient: &mut Value, (top, below): &Part) {
    let keys = patient.as_object_mut().unwrap();
    match below {
        Some(below) => drop(keys.get_mut(top).and_then(Value::as_object_mut).and_then(|inner| inner.remove(below))),
        None => drop(keys.remove(top)),
    }
    if let Some(complete) = keys.get_mut("complete").and_then(Value::as_array_mut) {
        complete.retain(|list| list != top);
    }
}

#[test]
fn without_the_facts_that_it_cites_a_fail_is_none() {
    let violations = for_each_patient(|compiled, name, patient| {
        let whole = profile(patient);
        // The criteria that fail, by the facts that they cite.
        let mut cited: BTreeMap<BTreeSet<Part>, Vec<Place>> = BTreeMap::new();
        for found in evaluate(compiled, &whole) {
            for criterion in found.criteria.iter().filter(|c| c.outcome == Outcome::Fail) {
                let units = criterion.evidence.iter().map(|fact| unit(&fact.fact)).collect();
                let start = criterion.span.map(|span| span.start);
                let field = criterion.field.clone().unwrap_or_default();
                cited.entry(units).or_default().push((found.trial.id.clone(), start, field));
            }
        }
        let mut wrong = Vec::new();
        for (units, criteria) in cited {
            let mut less = patient.clone();
            units.iter().for_each(|unit| without(&mut less, unit));
            let outcomes = outcomes(compiled, &profile(&less));
            let all = compiled.trials.iter().flat_map(|trial| trial.criteria.iter().map(move |c| (&trial.trial.id, c)));
            for (n, ((id, criterion), outcome)) in all.zip(outcomes).enumerate() {
                let start = criterion.span.map(|span| span.start);
                let field = criterion.field.clone().unwrap_or_default();
                if outcome == Outcome::Fail && criteria.contains(&(id.clone(), start, field)) {
                    wrong.push(format!("{name} without {units:?}: {}", describe(compiled, n)));
                }
            }
        }
        wrong
    });
    hold("rule 2, without the facts that a fail cites it is no fail", violations);
}

/// The parts of a profile that may be known or not.
fn parts(patient: &Value) -> Vec<Part> {
    let mut parts = Vec::new();
    for (key, value) in patient.as_object().unwrap() {
        match (key.as_str(), value) {
            ("id" | "as_of", _) => {}
            ("receptors", Value::Object(inner)) => {
                parts.extend(inner.keys().map(|below| (key.clone(), Some(below.clone()))))
            }
            _ => parts.push((key.clone(), None)),
        }
    }
    parts
}

/// The profile with the chosen parts only.
fn only(patient: &Value, parts: &[Part], keep: &[bool]) -> Profile {
    let mut less = patient.clone();
    for (part, keep) in parts.iter().zip(keep) {
        if !keep {
            without(&mut less, part);
        }
    }
    let keys: &mut Map<String, Value> = less.as_object_mut().unwrap();
    if keys.get("receptors").is_some_and(|receptors| receptors.as_object().is_some_and(Map::is_empty)) {
        keys.remove("receptors");
    }
    // Completeness of a list that is not there would say that it is empty.
    let present: BTreeSet<String> = keys.keys().cloned().collect();
    if let Some(complete) = keys.get_mut("complete").and_then(Value::as_array_mut) {
        complete.retain(|list| list.as_str().is_some_and(|list| present.contains(list)));
    }
    profile(&less)
}

/// What adding facts changed that it may not.
fn not_monotone(compiled: &Compiled, name: &str, less: &Profile, more: &Profile) -> Vec<String> {
    let pairs = outcomes(compiled, less).into_iter().zip(outcomes(compiled, more));
    let turned = pairs
        .enumerate()
        .filter(|(_, pair)| matches!(pair, (Outcome::Pass, Outcome::Fail) | (Outcome::Fail, Outcome::Pass)));
    turned.map(|(n, (less, more))| format!("{name}: {less:?} to {more:?}: {}", describe(compiled, n))).collect()
}

fn monotone(compiled: &Compiled, cases: u32) -> Vec<String> {
    let names: Vec<&String> = PATIENTS.keys().collect();
    let strategy = (0..names.len(), prop::collection::vec(0u8..3, 64));
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let violations = std::cell::RefCell::new(Vec::new());
    runner
        .run(&strategy, |(at, states)| {
            let patient = &PATIENTS[names[at]];
            let parts = parts(patient);
            // 0 is never known, 1 is added, 2 is known from the start.
            let keep = |from: u8| states.iter().map(|state| *state >= from).collect::<Vec<_>>();
            let (less, more) = (only(patient, &parts, &keep(2)), only(patient, &parts, &keep(1)));
            violations.borrow_mut().extend(not_monotone(compiled, names[at], &less, &more));
            Ok(())
        })
        .unwrap();
    violations.into_inner()
}

#[test]
fn adding_facts_never_turns_pass_into_fail_or_back() {
    let [sample, real] = &*COMPILED;
    let mut violations = monotone(sample, 300);
    violations.extend(monotone(real, 60));
    // From nothing to everything, and from each part alone to everything.
    violations.extend(for_each_patient(|compiled, name, patient| {
        let parts = parts(patient);
        let whole = only(patient, &parts, &vec![true; parts.len()]);
        let mut wrong = not_monotone(compiled, name, &only(patient, &parts, &vec![false; parts.len()]), &whole);
        for at in 0..parts.len() {
            let keep: Vec<bool> = (0..parts.len()).map(|other| other == at).collect();
            wrong.extend(not_monotone(compiled, name, &only(patient, &parts, &keep), &whole));
        }
        wrong
    }));
    hold("rule 3, adding facts never turns pass into fail or back", violations);
}

#[test]
fn every_character_is_accounted_for_and_no_criteria_overlap() {
    let violations = TRIALS.iter().flatten().flat_map(|(trial, reading)| unaccounted(trial, reading));
    hold("rule 4, every character belongs to a criterion or a heading, criteria do not overlap", violations);
}

/// The visible characters that no criterion and no heading holds, and criteria that overlap.
pub fn unaccounted(trial: &Trial, reading: &Reading) -> Vec<String> {
    let characters: Vec<char> = trial.eligibility.chars().collect();
    let mut wrong = Vec::new();
    let mut held = vec![false; characters.len()];
    let mut decides = vec![false; characters.len()];
    for criterion in &reading.criteria {
        let Some(span) = criterion.span else { continue };
        let range = span.start as usize..span.end as usize;
        match decides.get_mut(range.clone()) {
            Some(places) if places.iter().any(|place| *place) => wrong.push(format!(
                "{}: overlaps another: \"{}\"",
                trial.id,
                slice(&trial.eligibility, span.start, span.end)
            )),
            Some(places) => places.fill(true),
            None => wrong.push(format!("{}: {span:?} lies outside of the text", trial.id)),
        }
        held.get_mut(range).into_iter().for_each(|places| places.fill(true));
    }
    for span in &reading.headings {
        held.get_mut(span.start as usize..span.end as usize).into_iter().for_each(|places| places.fill(true));
    }
    let mut at = 0;
    while at < held.len() {
        let start = at;
        while at < held.len() && !held[at] {
            at += 1;
        }
        let lost: String = characters[start..at].iter().collect();
        if !lost.trim().is_empty() {
            wrong.push(format!("{}: in no criterion and no heading, at {start}: {lost:?}", trial.id));
        }
        at += 1;
    }
    wrong
}

/// The report of every patient, in the order of the patients' names.
fn reports(compiled: &Compiled, patients: &[&String]) -> BTreeMap<String, Vec<u8>> {
    let written = patients.par_iter().map(|name| {
        let profile = profile(&PATIENTS[*name]);
        let snapshot = Snapshot::new("s", profile.as_of, compiled.trials.len(), false, profile.as_of);
        let selection = Selection { all: true, ..Selection::default() };
        let report = build(Some(name), profile.as_of, snapshot, evaluate(compiled, &profile), &selection);
        ((*name).clone(), serde_json::to_vec(&report).unwrap())
    });
    written.collect()
}

#[test]
fn the_order_of_trials_patients_and_threads_changes_no_byte() {
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let names: Vec<&String> = PATIENTS.keys().collect();
    for (trials, compiled) in TRIALS.iter().zip(&*COMPILED) {
        // A registry of this size has all that a larger one has, and keeps the test short.
        let trials: Trials = trials.iter().take(120).cloned().collect();
        let small =
            if trials.len() == compiled.trials.len() { compiled.clone() } else { Compiled::build(trials.clone()) };
        let expected = pool(1).install(|| reports(&small, &names));
        assert_eq!(expected, pool(1).install(|| reports(&small, &names)), "the same again");
        let read_again: Trials =
            pool(3).install(|| trials.par_iter().rev().map(|(trial, _)| (trial.clone(), read_trial(trial))).collect());
        let backwards: Vec<&String> = names.iter().rev().copied().collect();
        let actual = pool(3).install(|| reports(&Compiled::build(read_again), &backwards));
        for (name, report) in &expected {
            assert!(report == &actual[name], "the report of {name} changes with the order");
        }
    }
}

#[test]
fn the_order_of_records_patients_and_threads_changes_no_byte_of_what_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines: Vec<&str> = RECORDS.lines().collect();
    let forward = file(folder.path(), "forward.ndjson", lines.join("\n"));
    lines.reverse();
    let backward = file(folder.path(), "backward.ndjson", lines.join("\n"));
    let other = PATIENT.replace("\"p-1\"", "\"p-2\"").replace("\"1+\"", "\"3+\"").replace('\n', " ");
    let patients = file(folder.path(), "patients.ndjson", format!("{}\n{other}\n", PATIENT.replace('\n', " ")));
    let mut written = BTreeSet::new();
    for (records, threads) in [(&forward, "1"), (&backward, "4"), (&backward, "1")] {
        let index = tempfile::tempdir().unwrap();
        program(index.path()).args(["import", "--fetched", "2026-10-30"]).arg(records).assert().success();
        let run = program(index.path())
            .env("RAYON_NUM_THREADS", threads)
            .args(["screen", "--all", "--explain"])
            .arg(&patients)
            .output()
            .unwrap();
        assert!(run.status.success());
        written.insert(run.stdout);
    }
    assert_eq!(written.len(), 1);
    assert_eq!(written.first().unwrap().iter().filter(|byte| **byte == b'\n').count(), 4);
}

#[test]
fn every_output_names_the_date_and_says_that_it_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let records = file(folder.path(), "records.ndjson", RECORDS);
    let patient = file(folder.path(), "patient.json", PATIENT);
    program(&index).args(["import", "--fetched", "2026-09-30"]).arg(records).assert().success();
    let patient = patient.to_str().unwrap();
    for (arguments, loud) in [
        (vec!["match", patient, "--format", "table"], "OLD DATA"),
        (vec!["match", patient, "--format", "html"], "OLD DATA"),
        (vec!["match", patient, "--format", "json"], "\"stale\":true"),
        (vec!["match", patient, "--format", "csv", "--all"], "true"),
        (vec!["screen", patient], "\"stale\":true"),
        (vec!["screen", patient, "--explain"], "\"stale\":true"),
        (vec!["screen", patient, "--format", "csv"], "true"),
        (vec!["show", "NCT90000001"], "2026-09-30"),
        (vec!["search", "HER2"], "2026-09-30"),
    ] {
        let run = program(&index).args(&arguments).output().unwrap();
        let said = String::from_utf8(run.stdout).unwrap();
        assert!(run.status.success(), "{arguments:?}");
        assert!(said.contains("2026-09-30"), "{arguments:?} names no date: {said}");
        assert!(said.contains(loud), "{arguments:?} does not say `{loud}`: {said}");
    }
}

#[test]
fn a_text_without_criteria_makes_nobody_eligible() {
    let profile = profile(&json!({"as_of": "2026-11-08", "sex": "female"}));
    for (text, sex, expected) in [
        ("Inclusion Criteria:\n\nExclusion Criteria:", "FEMALE", Verdict::Possible),
        ("", "FEMALE", Verdict::Possible),
        ("Inclusion Criteria:\n\nExclusion Criteria:", "MALE", Verdict::Ineligible),
        ("Inclusion Criteria:\n\n* Signed informed consent", "FEMALE", Verdict::Eligible),
    ] {
        let mut trial = crate::criteria_cases::trial(Section::Inclusion, "");
        trial.eligibility = text.to_owned();
        trial.sex = Some(sex.to_owned());
        let reading = read_trial(&trial);
        let compiled = Compiled::build(vec![(trial, reading)]);
        assert_eq!(evaluate(&compiled, &profile)[0].verdict, expected, "{text} {sex}");
    }
}
