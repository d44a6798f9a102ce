//! What changed, and answers from older snapshots, through the program.

use crate::{PATIENT, RECORDS, file, program};
use serde_json::Value;
use std::path::Path;

fn run(index: &Path, arguments: &[&str]) -> (i32, String, String) {
    let done = program(index).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (done.status.code().unwrap(), text(&done.stdout), text(&done.stderr))
}

#[test]
fn an_older_snapshot_answers_byte_for_byte_as_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let patient = file(folder.path(), "patient.json", PATIENT).display().to_string();
    let questions: [&[&str]; 4] = [
        &["match", &patient, "--all", "--format", "json"],
        &["match", &patient, "--all"],
        &["match", &patient, "--all", "--format", "html"],
        &["show", "NCT90000001", "--format", "json"],
    ];
    let mut answers = Vec::new();
    for (day, ecog) in
        [("2026-10-01", "ECOG 0-1"), ("2026-10-08", "ECOG 0"), ("2026-10-15", "ECOG 2"), ("2026-10-22", "ECOG 1")]
    {
        let records = file(folder.path(), "records.ndjson", RECORDS.replace("ECOG 0-1", ecog)).display().to_string();
        let (status, _, message) = run(&index, &["import", &records, "--fetched", day]);
        assert_eq!(status, 0, "{message}");
        let said: Vec<String> = questions.iter().map(|question| run(&index, question).1).collect();
        answers.push((day, said));
    }
    for (day, said) in &answers {
        for (question, before) in questions.iter().zip(said) {
            let (status, now, message) = run(&index, &[question, &["--snapshot", day][..]].concat());
            assert_eq!(status, 0, "{message}");
            assert!(now == *before, "{question:?} of {day}");
        }
    }
    let (_, list, _) = run(&index, &["snapshots"]);
    assert!(answers.iter().all(|(day, _)| list.contains(day)), "{list}");
    let (status, data, message) = run(&index, &["match", &patient, "--snapshot", "2026-09-30"]);
    assert_eq!((status, data.as_str()), (2, ""));
    assert!(message.contains("no snapshot `2026-09-30`") && message.contains("2026-10-01"), "{message}");
}

#[test]
fn changes_name_the_words_and_the_verdicts() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let patient = file(folder.path(), "patient.json", PATIENT).display().to_string();
    let (status, _, message) = run(&index, &["changes"]);
    assert_eq!(status, 2);
    assert!(message.contains("nothing was imported"), "{message}");
    let records = file(folder.path(), "records.ndjson", RECORDS).display().to_string();
    run(&index, &["import", &records, "--fetched", "2026-10-01"]);
    let (status, _, message) = run(&index, &["changes"]);
    assert_eq!(status, 2);
    assert!(message.contains("one snapshot only"), "{message}");
    let changed = RECORDS.replace("* ECOG 0-1", "* ECOG 2-3").replace("COMPLETED", "RECRUITING");
    let changed = file(folder.path(), "changed.ndjson", changed).display().to_string();
    run(&index, &["import", &changed, "--fetched", "2026-11-01"]);

    let (status, text, message) = run(&index, &["changes", "--since", "2026-10-05"]);
    assert_eq!((status, message.as_str()), (0, ""));
    for words in
        ["from 2026-10-01 to 2026-11-01", "0 new, 1 opened, 0 closed, 1 amended", "[-0-1-] {+2-3+}", "Missing: ISRCTN"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    let (status, json, message) = run(&index, &["changes", "--patient", &patient, "--format", "json"]);
    assert_eq!(status, 0, "{message}");
    let changes: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(changes["schema"], "trialmatch.changes/1");
    assert_eq!(changes["opened"][0]["trial"]["id"], "NCT90000002");
    let verdict = &changes["verdicts"][0];
    assert_eq!((&verdict["before"], &verdict["after"]), (&"eligible".into(), &"ineligible".into()));
    let because = &verdict["because"][0];
    assert_eq!((&because["is"], &because["outcome"]), (&"added".into(), &"fail".into()), "{verdict}");
    assert!(because["text"].as_str().unwrap().contains("ECOG 2-3"), "{verdict}");
    assert_eq!(because["evidence"][0]["fact"], "performance_status.ecog", "{verdict}");
}

#[test]
fn every_form_names_what_is_missing_and_marks_an_old_status() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let patient = file(folder.path(), "patient.json", PATIENT).display().to_string();
    let old = RECORDS.replace("\"overallStatus\"", "\"statusVerifiedDate\":\"2025-06\",\"overallStatus\"");
    let records = file(folder.path(), "records.ndjson", old).display().to_string();
    run(&index, &["import", &records, "--fetched", "2026-10-30"]);
    for (format, words) in [
        ("table", vec!["verified 2025-06", "! not verified for", "Missing: ISRCTN", "EU CTIS"]),
        (
            "html",
            vec!["verified 2025-06", "⚠ not verified for over a year", "Missing: ISRCTN registry, EU CTIS, WHO ICTRP."],
        ),
        ("csv", vec![",2025-06,true,", "isrctn; ctis; ictrp"]),
        ("json", vec!["\"verified\":\"2025-06\",\"unverified\":true", "\"missing\":[\"isrctn\",\"ctis\",\"ictrp\"]"]),
    ] {
        let (status, data, message) = run(&index, &["match", &patient, "--all", "--format", format]);
        assert_eq!(status, 0, "{message}");
        for words in words {
            assert!(data.contains(words), "{format} holds {words}: {data}");
        }
    }
    let (_, rows, _) = run(&index, &["screen", &patient]);
    assert!(rows.contains("\"status\":\"RECRUITING\",\"verified\":\"2025-06\",\"unverified\":true"), "{rows}");
}
