//! One invented patient and three invented trials, written in every form.

use super::build::select;
use super::screen::Short;
use super::*;
use crate::criteria::{Criterion, Reading, Requirement, Section};
use crate::matching::{Compiled, CriterionResult, Fact, Outcome, TrialMatch, Verdict};
use crate::trial::{Age, Registry, Site, Span, Trial};
use jiff::civil::{Date, date};

const AS_OF: Date = date(2026, 11, 1);

fn trial(id: &str, title: &str) -> Trial {
    Trial {
        id: id.to_owned(),
        other_ids: vec!["=HYPERLINK(\"http://evil.example\")".to_owned()],
        registry: Registry::Sample,
        title: title.to_owned(),
        status: "RECRUITING".to_owned(),
        recruitment: Default::default(),
        phases: vec!["PHASE2".to_owned()],
        study_type: "INTERVENTIONAL".to_owned(),
        url: "javascript:alert(1)".to_owned(),
        last_update: Some("2026-10-02".to_owned()),
        verified: Some("2026-09".to_owned()),
        summary: String::new(),
        conditions: Vec::new(),
        keywords: Vec::new(),
        interventions: Vec::new(),
        arms: Vec::new(),
        eligibility: "Inclusion:\n* HER2 negative <script>alert(1)</script>\u{202e}".to_owned(),
        minimum_age: None,
        maximum_age: None,
        sex: None,
        healthy_volunteers: None,
        sites: vec![Site {
            facility: "Invented Hospital".to_owned(),
            city: "Leeds".to_owned(),
            country: "United Kingdom".to_owned(),
            status: None,
            latitude: None,
            longitude: None,
            contact: None,
        }],
        records: Vec::new(),
    }
}

fn criterion(outcome: Outcome, text: &str) -> CriterionResult {
    let read = outcome != Outcome::Unread;
    CriterionResult {
        section: Section::Inclusion,
        span: Some(Span { start: 11, end: 11 + text.chars().count() as u32 }),
        field: None,
        text: text.to_owned(),
        outcome,
        clears_on: (outcome == Outcome::Wait).then_some(date(2026, 11, 20)),
        cohort: None,
        reading: if read { "HER2 is negative".to_owned() } else { String::new() },
        evidence: vec![Fact { fact: "receptors.her2.ihc".to_owned(), value: "3+".into(), note: None }],
        missing: if outcome == Outcome::Unknown { vec!["ESR1 mutation status".to_owned()] } else { Vec::new() },
        unread_spans: Vec::new(),
        notes: Vec::new(),
    }
}

fn found<'c>(trial: &'c Trial, verdict: Verdict, criteria: Vec<CriterionResult>) -> TrialMatch<'c> {
    let ask = criteria.iter().flat_map(|criterion| criterion.missing.clone()).collect();
    TrialMatch {
        trial,
        verdict,
        score: 2.0 / 3.0,
        criteria,
        cohorts: Vec::new(),
        earliest_start: None,
        ask,
        nearest_site: Some(crate::matching::sites::Nearest { at: 0, kilometres: Some(12.34), is_coarse: false }),
    }
}

fn report(trials: &[Trial], selection: &Selection, snapshot: Snapshot) -> Report {
    let hostile = "HER2 negative <script>alert(1)</script>\u{202e}";
    let outcomes = [
        (Verdict::Eligible, vec![Outcome::Pass, Outcome::Confirm, Outcome::Wait]),
        (Verdict::Possible, vec![Outcome::Pass, Outcome::Unknown, Outcome::Unread]),
        (Verdict::Ineligible, vec![Outcome::Fail]),
    ];
    let evaluated = trials
        .iter()
        .zip(outcomes)
        .map(|(trial, (verdict, outcomes))| {
            found(trial, verdict, outcomes.into_iter().map(|outcome| criterion(outcome, hostile)).collect())
        })
        .collect();
    build(Some("p-1"), AS_OF, snapshot, evaluated, selection)
}

fn trials() -> Vec<Trial> {
    ["SAMPLE-1", "SAMPLE-2", "SAMPLE-3"].iter().map(|id| trial(id, "An invented trial")).collect()
}

fn fresh() -> Snapshot {
    Snapshot::new("generation", date(2026, 10, 30), 3, false, AS_OF)
}

/// All the forms of one report.
fn forms(report: &Report) -> Vec<(&'static str, String)> {
    let mut forms = Vec::new();
    let mut keep = |name, write: &dyn Fn(&mut Vec<u8>) -> Result<(), WriteError>| {
        let mut bytes = Vec::new();
        write(&mut bytes).unwrap();
        forms.push((name, String::from_utf8(bytes).unwrap()));
    };
    keep("json", &|to| json::write(report, to));
    keep("table", &|to| table::write(report, 100, to));
    keep("csv", &|to| csv::write(report, to));
    keep("html", &|to| html::write(report, to));
    forms
}

fn form(report: &Report, name: &str) -> String {
    forms(report).into_iter().find(|(form, _)| *form == name).unwrap().1
}

#[test]
fn the_ineligible_are_counted_and_listed_only_when_all_are_asked_for() {
    let trials = trials();
    let some = report(&trials, &Selection::default(), fresh());
    assert_eq!(some.matches.iter().map(|found| found.rank).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((some.totals.ineligible, some.not_listed.ineligible), (1, 1));
    let all = report(&trials, &Selection { all: true, ..Selection::default() }, fresh());
    assert_eq!((all.matches.len(), all.not_listed.ineligible), (3, 0));
    let limited = report(&trials, &Selection { limit: Some(1), ..Selection::default() }, fresh());
    assert_eq!((limited.matches.len(), limited.not_listed.beyond_limit), (1, 1));
    let filtered = report(&trials, &Selection::new(&[], &["FR".to_owned()], &[]).unwrap(), fresh());
    assert_eq!((filtered.matches.len(), filtered.not_listed.filtered_out), (0, 3));
    for (limit, listed) in [(12.34, 2), (12.3, 0)] {
        let near = report(&trials, &Selection { within_km: Some(limit), ..Selection::default() }, fresh());
        assert_eq!(near.matches.len(), listed, "within {limit} km of a site at 12.34 km");
    }
}

#[test]
fn the_json_holds_the_contract() {
    let trials = trials();
    let report = report(&trials, &Selection { all: true, ..Selection::default() }, fresh());
    let value: serde_json::Value = serde_json::from_str(&form(&report, "json")).unwrap();
    assert_eq!(value["schema"], "trialmatch.report/1");
    assert_eq!(value["snapshot"]["stale"], false);
    let first = &value["matches"][0];
    assert_eq!(first["counts"], serde_json::json!({"pass":1,"fail":0,"wait":1,"unknown":0,"confirm":1,"unread":0}));
    assert_eq!(first["score"], 0.6667);
    assert_eq!(first["nearest_site"]["distance_km"], 12.3);
    let criterion = &first["criteria"][0];
    assert_eq!(criterion["span"], serde_json::json!([11, 51]));
    assert!(criterion["cohort"].is_null());
    assert_eq!(first["criteria"][2]["clears_on"], "2026-11-20");
    // The text is the exact slice, hidden characters included.
    assert!(criterion["text"].as_str().unwrap().ends_with('\u{202e}'));
    assert_eq!(value["ask"], serde_json::json!([{"fact": "ESR1 mutation status", "trials": 1}]));
}

#[test]
fn every_form_names_the_snapshot_and_says_when_it_is_old_or_a_sample() {
    let trials = trials();
    for (fetched, sample, stale) in [
        (date(2026, 10, 2), false, false),
        (date(2026, 10, 1), false, true),
        (date(2026, 11, 9), false, false),
        (date(2026, 10, 30), true, false),
        (date(2025, 1, 1), true, true),
    ] {
        let snapshot = Snapshot::new("generation", fetched, 3, sample, AS_OF);
        assert_eq!(snapshot.stale, stale, "{fetched}");
        let report = report(&trials, &Selection::default(), snapshot);
        for (name, text) in forms(&report) {
            assert!(text.contains(&fetched.to_string()), "{name} names {fetched}");
            let says = |people: &str, programs: &str| match name {
                "json" => text.contains(programs),
                "csv" => text.lines().skip(1).all(|line| line.ends_with(&format!("{stale},{sample}"))),
                _ => text.contains(people),
            };
            if name != "csv" {
                assert_eq!(says("OLD DATA", "\"stale\":true"), stale, "{name} {fetched}");
                assert_eq!(says("SAMPLE DATA", "\"sample\":true"), sample, "{name} {fetched}");
            } else {
                assert!(says("", ""), "{text}");
            }
        }
    }
}

#[test]
fn what_a_registry_wrote_is_shown_and_never_obeyed() {
    let trials = trials();
    let report = report(&trials, &Selection { all: true, ..Selection::default() }, fresh());
    for (name, text) in forms(&report) {
        if name != "json" {
            assert!(!text.contains('\u{202e}'), "{name}");
            assert!(text.contains("U+202E"), "{name}");
        }
    }
    let page = form(&report, "html");
    assert!(!page.contains("<script") && page.contains("&#60;script&#62;"));
    assert!(!page.contains("href=\"javascript:"));
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en-GB\">"));
    assert!(form(&report, "csv").contains("\"'=HYPERLINK("));
    assert!(form(&report, "table").contains("because receptors.her2.ihc = 3+"));
}

#[test]
fn the_page_loads_nothing() {
    let trials = trials();
    let page = form(&report(&trials, &Selection::default(), fresh()), "html");
    for loading in ["<script", "src=", "@import", "url(", "<link", "<iframe", "<img"] {
        assert!(!page.contains(loading), "{loading}");
    }
}

#[test]
fn screening_rows_name_the_patient() {
    let trials = trials();
    let evaluated = || {
        let all = [Verdict::Eligible, Verdict::Possible, Verdict::Ineligible];
        trials.iter().zip(all).map(|(t, v)| found(t, v, vec![criterion(Outcome::Pass, "x")])).collect()
    };
    let mut rows = Vec::new();
    screen::ndjson(
        "p-1",
        &fresh(),
        select(evaluated(), &Selection::default()).map(|found| Short::explained(found, AS_OF)),
        &mut rows,
    )
    .unwrap();
    let rows = String::from_utf8(rows).unwrap();
    let first: serde_json::Value = serde_json::from_str(rows.lines().next().unwrap()).unwrap();
    assert_eq!(rows.lines().count(), 2);
    assert_eq!(first["schema"], "trialmatch.screen/1");
    assert_eq!((&first["patient"], &first["trial"]), (&"p-1".into(), &"SAMPLE-1".into()));

    let mut rows = Vec::new();
    screen::explained("p-1", AS_OF, &fresh(), select(evaluated(), &Selection::default()), &mut rows).unwrap();
    let rows = String::from_utf8(rows).unwrap();
    let first: serde_json::Value = serde_json::from_str(rows.lines().next().unwrap()).unwrap();
    assert_eq!((&first["patient"], &first["trial"]["id"]), (&"p-1".into(), &"SAMPLE-1".into()));
    assert_eq!(first["criteria"].as_array().unwrap().len(), 1);

    let mut rows = Vec::new();
    screen::csv_header(&mut rows).unwrap();
    screen::csv_rows(
        "@p",
        &fresh(),
        select(evaluated(), &Selection::default()).map(|found| Short::explained(found, AS_OF)),
        &mut rows,
    )
    .unwrap();
    let rows = String::from_utf8(rows).unwrap();
    let columns: Vec<usize> = rows.lines().map(|line| line.split(',').count()).collect();
    assert_eq!(columns, [21, 21, 21]);
    assert!(rows.lines().nth(1).unwrap().starts_with("'@p,SAMPLE-1,eligible,1,"));
}

#[test]
fn a_shown_trial_has_its_words_and_its_reading() {
    let mut trial = trial("SAMPLE-1", "An invented trial");
    trial.minimum_age = Some(Age { text: "18 Years".to_owned(), years: 18.0 });
    let criterion = |span: Option<(u32, u32)>, field: Option<&str>, requirement| Criterion {
        section: Section::Inclusion,
        span: span.map(|(start, end)| Span { start, end }),
        field: field.map(str::to_owned),
        cohort: None,
        requirement,
        notes: Vec::new(),
    };
    let rest = Span { start: 27, end: 53 };
    let half = Requirement::All(vec![Requirement::Confirm, Requirement::Unread(rest)]);
    let reading = Reading {
        criteria: vec![
            criterion(None, Some("minimumAge"), Requirement::Confirm),
            criterion(Some((13, 53)), None, half),
            criterion(Some((0, 10)), None, Requirement::Unread(Span { start: 0, end: 10 })),
        ],
        headings: vec![Span { start: 0, end: 10 }],
        cohorts: Vec::new(),
    };
    let told = |reading: Reading| {
        let compiled = Compiled::build(vec![(trial.clone(), reading)]);
        let shown = show::build(show::find(&compiled, "sample-1").unwrap(), fresh());
        let mut text = Vec::new();
        show::write(&shown, 80, &mut anstream::StripStream::new(&mut text)).unwrap();
        String::from_utf8(text).unwrap()
    };
    let unread = told(Reading::default());
    assert!(unread.contains("“Inclusion: * HER2 negative") && unread.contains("belongs to no criterion"), "{unread}");
    let text = told(reading);
    assert!(!text.contains("belongs to no criterion"), "{text}");
    for words in [
        "registry field: Minimum age: 18 Years\n    → inclusion: To be confirmed",
        "\nInclusion:\n",
        "  “HER2 negative <script>alert(1)</script>[U+202E]”\n    → inclusion: To be confirmed by the clinical team and [not read]",
        "\n      not read: “<script>alert(1)</script>[U+202E]”",
        "→ inclusion: NOT READ",
    ] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
}
