//! Invented trials before and after, and what is said of them.

use super::*;
use crate::criteria::read_trial;
use crate::matching::Compiled;
use crate::patient::Profile;
use crate::trial::{Age, Registry, Trial, TrialRecord};
use jiff::civil::date;
use serde_json::{Value, json};

fn trial(id: &str, status: &str, text: &str) -> Trial {
    Trial {
        id: id.to_owned(),
        other_ids: Vec::new(),
        registry: Registry::Ctgov,
        title: format!("Title of {id}"),
        status: status.to_owned(),
        recruitment: Default::default(),
        phases: Vec::new(),
        study_type: String::new(),
        url: String::new(),
        last_update: Some("2026-10-01".to_owned()),
        verified: None,
        summary: String::new(),
        conditions: Vec::new(),
        keywords: Vec::new(),
        interventions: Vec::new(),
        arms: Vec::new(),
        eligibility: text.to_owned(),
        minimum_age: None,
        maximum_age: None,
        sex: None,
        healthy_volunteers: None,
        sites: Vec::new(),
        records: Vec::new(),
    }
}

fn changes(before: Vec<Trial>, after: Vec<Trial>) -> Changes {
    let compiled =
        |trials: Vec<Trial>| Compiled::build(trials.into_iter().map(|t| (t.clone(), read_trial(&t))).collect());
    let (before, after) = (compiled(before), compiled(after));
    let day = date(2026, 11, 1);
    let snapshot = |compiled: &Compiled| Snapshot::new("generation", day, compiled.trials.len(), false, day);
    let profile = json!({"id": "p-1", "as_of": "2026-11-01", "age": 57, "sex": "female",
        "performance_status": {"ecog": 1}, "receptors": {"her2": {"status": "negative"}}});
    let profile = Profile::from_value(profile, "test").unwrap();
    build((snapshot(&before), &before), (snapshot(&after), &after), Some(&profile))
}

fn ids(list: &[Changed]) -> Vec<&str> {
    list.iter().map(|changed| changed.trial.id.as_str()).collect()
}

const TEXT: &str = "Inclusion Criteria:\n\n* ECOG 0-1\n* HER2 negative";

#[test]
fn each_trial_stands_in_one_list() {
    let before = vec![
        trial("NCT90000001", "RECRUITING", TEXT),
        trial("NCT90000002", "RECRUITING", TEXT),
        trial("NCT90000003", "NOT_YET_RECRUITING", TEXT),
        trial("NCT90000004", "COMPLETED", TEXT),
        trial("NCT90000005", "RECRUITING", TEXT),
        trial("NCT90000006", "RECRUITING", TEXT),
        trial("NCT90000007", "ACTIVE_NOT_RECRUITING", TEXT),
    ];
    let mut after = before.clone();
    after[1].status = "COMPLETED".to_owned();
    after[2].status = "RECRUITING".to_owned();
    after[3].status = "RECRUITING".to_owned();
    after[4].eligibility = TEXT.replace("0-1", "0-2");
    after[5].last_update = Some("2026-10-30".to_owned());
    after[6].status = "COMPLETED".to_owned();
    after[6].minimum_age = Some(Age { text: "18 Years".to_owned(), years: 18.0 });
    after.remove(0);
    after.push(trial("NCT90000009", "RECRUITING", TEXT));
    let found = changes(before, after);
    assert_eq!(ids(&found.new), ["NCT90000009"]);
    assert_eq!(ids(&found.closed), ["NCT90000002", "NCT90000001"]);
    assert_eq!(found.closed.iter().map(|closed| closed.gone).collect::<Vec<_>>(), [false, true]);
    assert_eq!(ids(&found.opened), ["NCT90000003", "NCT90000004"]);
    assert_eq!(ids(&found.amended), ["NCT90000005", "NCT90000007"]);
    assert_eq!(found.unchanged, 1, "a new day of update alone is no change");
    let fields: Vec<&str> = found.amended[1].fields.iter().map(|change| change.field).collect();
    assert_eq!(fields, ["status", "minimumAge"]);
    let value: Value = serde_json::to_value(&found).unwrap();
    assert_eq!(value["amended"][0]["text"][0][1], json!({"is": "removed", "text": "0-1"}));
    assert_eq!(value["amended"][1]["fields"][1], json!({"field": "minimumAge", "before": null, "after": "18 Years"}));
    let mut text = Vec::new();
    write(&found, 100, &mut anstream::StripStream::new(&mut text)).unwrap();
    let text = String::from_utf8(text).unwrap();
    for words in
        ["1 new, 2 opened, 2 closed, 2 amended, 1 unchanged", "* ECOG [-0-1-] {+0-2+}", "minimum age: not stated → 18"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn a_verdict_is_changed_by_a_sentence() {
    for (before, after, verdicts, sentences) in [
        (
            TEXT,
            "Inclusion Criteria:\n\n* ECOG 0-1\n* HER2 positive",
            "eligible ineligible",
            vec!["added * HER2 positive"],
        ),
        (
            "Inclusion Criteria:\n\n* ECOG performance status of 0 only\n* HER2 negative",
            "Inclusion Criteria:\n\n* ECOG performance status of 0 or 1 only\n* HER2 negative",
            "ineligible eligible",
            vec!["removed * ECOG performance status of 0 only", "added * ECOG performance status of 0 or 1 only"],
        ),
        (
            TEXT,
            "Inclusion Criteria:\n\n* ECOG 0-1\n* HER2 negative\n* Ki-67 of 20% or more",
            "eligible possible",
            vec!["added * Ki-67 of 20% or more"],
        ),
        (TEXT, "Inclusion Criteria:\n\n* HER2 negative\n* ECOG 0-1", "", vec![]),
    ] {
        let found =
            changes(vec![trial("NCT90000001", "RECRUITING", before)], vec![trial("NCT90000001", "RECRUITING", after)]);
        let changed = found.verdicts.unwrap();
        let word = |verdict: Verdict| crate::report::text::verdict(verdict);
        let said: Vec<String> = changed.iter().map(|one| format!("{} {}", word(one.before), word(one.after))).collect();
        assert_eq!(said.join("; "), verdicts, "{after}");
        let because = changed.iter().flat_map(|one| &one.because);
        let said: Vec<String> = because
            .map(|one| format!("{} {}", if one.is == Fate::Removed { "removed" } else { "added" }, one.text.trim()))
            .collect();
        assert_eq!(said, sentences, "{after}");
    }
}

#[test]
fn a_study_stays_the_same_when_another_record_joins_it() {
    let before = vec![trial("NCT90000001", "RECRUITING", TEXT)];
    let mut joined = trial("2025-500001-10-00", "RECRUITING", TEXT);
    joined.registry = Registry::Ctis;
    let record = |id: &str, registry| TrialRecord {
        id: id.to_owned(),
        registry,
        url: String::new(),
        status: "RECRUITING".to_owned(),
        last_update: None,
        verified: None,
        minimum_age: None,
        maximum_age: None,
        sex: None,
        text_words: 6,
        text_shared: 100,
    };
    joined.records = vec![record("2025-500001-10-00", Registry::Ctis), record("NCT90000001", Registry::Ctgov)];
    let found = changes(before, vec![joined]);
    assert!(found.new.is_empty() && found.closed.is_empty());
    assert_eq!(found.amended[0].fields[0].after.as_deref(), Some("2025-500001-10-00, NCT90000001"));
}
