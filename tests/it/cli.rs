//! Exit statuses and messages of the command line.

use crate::{PATIENT, RECORDS, file, program};
use std::path::Path;

/// Runs the program and gives its exit status, standard output and standard error.
fn run(index: &Path, arguments: &[&str]) -> (i32, String, String) {
    run_with_input(index, arguments, "")
}

fn run_with_input(index: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let done = program(index).args(arguments).write_stdin(input).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (done.status.code().unwrap(), text(&done.stdout), text(&done.stderr))
}

#[test]
fn bad_input_is_named_and_ends_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let path = |name: &str, content: &[u8]| file(folder.path(), name, content).display().to_string();
    let packed = {
        use flate2::{Compression, write::GzEncoder};
        use std::io::Write;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(RECORDS.repeat(50).as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let empty = path("empty.ndjson", b"");
    let cut = path("cut.ndjson.gz", &packed[..packed.len() / 2]);
    let other = path("other.json", br#"{"recipes": [1, 2]}"#);
    let patient = path("patient.json", PATIENT.as_bytes());
    let misspelt = path("misspelt.json", br#"{"as_of": "2026-11-01", "recepters": {}}"#);
    let value = path("value.json", br#"{"as_of": "2026-11-01", "sex": "Canary"}"#);
    let broken = path("broken.json", b"{");
    let absent = folder.path().join("absent.json").display().to_string();
    for (arguments, expected) in [
        (vec!["import", &empty], vec!["empty.ndjson"]),
        (vec!["import", &cut], vec!["cut.ndjson.gz"]),
        (vec!["import", &other], vec!["other.json"]),
        (vec!["import", &absent], vec!["absent.json"]),
        (vec!["match", &misspelt], vec!["misspelt.json", "recepters", "receptors"]),
        (vec!["match", &value], vec!["value.json", "sex", "female"]),
        (vec!["match", &broken], vec!["broken.json"]),
        (vec!["match", &absent], vec!["absent.json"]),
        (vec!["profile", "check", &misspelt], vec!["misspelt.json", "recepters", "receptors"]),
        (vec!["match", &patient, "--status", "recruting"], vec!["recruting", "RECRUITING"]),
        (vec!["match", &patient, "--output", folder.path().to_str().unwrap()], vec!["cannot write"]),
        (vec!["match", &patient, "--within", "50"], vec!["patient.json", "location.latitude"]),
        (vec!["show", "NCT00000000"], vec!["NCT00000000"]),
        (vec!["screen", &absent], vec!["absent.json"]),
        (vec!["no-such-command"], vec!["no-such-command"]),
    ] {
        let (status, data, message) = run(&index, &arguments);
        assert_eq!(status, 2, "{arguments:?}: {message}");
        for word in expected {
            assert!(message.contains(word), "{arguments:?} names {word}: {message}");
        }
        assert_eq!(data, "", "{arguments:?}: standard output is data only");
        assert!(!message.contains("Canary"), "{arguments:?}: no value of a patient stands in a message: {message}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_bad_input() {
    let folder = tempfile::tempdir().unwrap();
    // A path below a regular file cannot be made, not even by the superuser.
    let index = file(folder.path(), "a-file", "").join("index");
    let records = file(folder.path(), "records.ndjson", RECORDS);
    let (status, _, message) = run(&index, &["import", records.to_str().unwrap()]);
    assert_eq!(status, 2, "{message}");
    assert!(message.contains("a-file"), "{message}");
}

#[test]
fn a_damaged_index_ends_with_4() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    std::fs::create_dir(&index).unwrap();
    file(&index, "trialmatch.sqlite", "this is no database, and long enough to be taken for one by its size alone");
    let patient = file(folder.path(), "patient.json", PATIENT);
    let (status, data, message) = run(&index, &["match", patient.to_str().unwrap()]);
    assert_eq!((status, data.as_str()), (4, ""), "{message}");
    assert!(message.contains("damaged"), "{message}");
}

#[test]
fn an_empty_index_gives_the_sample_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let patient = file(folder.path(), "patient.json", PATIENT).display().to_string();
    for (format, words) in
        [("table", "SAMPLE DATA"), ("html", "SAMPLE DATA"), ("json", "\"sample\":true"), ("csv", ",sample")]
    {
        let (status, data, message) = run(&index, &["match", &patient, "--format", format]);
        assert_eq!(status, 0, "{message}");
        assert!(data.contains(words), "{format}: {data}");
    }
    let (status, data, _) = run(&index, &["search", "breast"]);
    assert_eq!(status, 0);
    assert!(data.contains("SAMPLE DATA"), "{data}");
    let (status, data, message) = run(&index, &["screen", &patient]);
    assert_eq!(status, 0, "{message}");
    assert!(data.lines().all(|row| row.contains("\"sample\":true")), "{data}");
    assert!(message.contains("SAMPLE DATA"), "{message}");
    assert!(!index.exists(), "reading makes no folder");
}

#[test]
fn imported_records_are_matched_shown_and_found() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let records = file(folder.path(), "records.ndjson", RECORDS).display().to_string();
    let patient = file(folder.path(), "patient.json", PATIENT).display().to_string();
    let (status, data, message) = run(&index, &["import", &records, "--fetched", "2026-10-30"]);
    assert_eq!((status, data.as_str()), (0, ""), "{message}");
    assert!(message.contains("2 added"), "{message}");

    let (status, data, message) = run(&index, &["match", &patient, "--all", "--format", "json"]);
    assert_eq!(status, 0, "{message}");
    let report: serde_json::Value = serde_json::from_str(&data).unwrap();
    assert_eq!(report["snapshot"]["trials"], 2);
    assert_eq!(report["snapshot"]["fetched"], "2026-10-30");
    assert_eq!(report["snapshot"]["sample"], false);
    assert_eq!(report["matches"].as_array().unwrap().len(), 2);
    let again = run_with_input(&index, &["match", "-", "--all", "--format", "json"], PATIENT);
    assert_eq!(again.1, data, "standard input answers as the file does, to the byte");

    let (_, data, _) = run(&index, &["match", &patient, "--all", "--format", "json", "--status", "completed"]);
    let report: serde_json::Value = serde_json::from_str(&data).unwrap();
    assert_eq!(report["matches"][0]["trial"]["id"], "NCT90000002");
    assert_eq!(report["not_listed"]["filtered_out"], 1);

    let (status, data, message) = run(&index, &["show", "nct90000001"]);
    assert_eq!(status, 0, "{message}");
    assert!(data.contains("HER2 negative") && data.contains("2026-10-30"), "{data}");
    let (status, _, message) = run(&index, &["show", "NCT90000003"]);
    assert_eq!(status, 2);
    assert!(message.contains("did you mean `NCT90000001`"), "{message}");

    let (status, data, message) = run(&index, &["search", "invented", "--phase", "3", "--format", "json"]);
    assert_eq!(status, 0, "{message}");
    let found: serde_json::Value = serde_json::from_str(&data).unwrap();
    assert_eq!(found["hits"].as_array().unwrap().len(), 1, "{data}");
    assert_eq!(found["hits"][0]["trial"]["id"], "NCT90000002");
}

#[test]
fn within_keeps_what_is_near_or_of_unknown_distance() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let nowhere = file(folder.path(), "nowhere.json", PATIENT).display().to_string();
    let (status, _, message) = run(&index, &["match", &nowhere, "--within", "50"]);
    assert_eq!(status, 2);
    assert!(message.contains("--within needs a place") && message.contains("location.city"), "{message}");

    let home = PATIENT
        .replace("\"treatments\"", "\"location\": {\"country\": \"GB\", \"postcode\": \"CB2 0QQ\"}, \"treatments\"");
    let patient = file(folder.path(), "patient.json", home).display().to_string();
    let listed = |more: &[&str]| {
        let (status, data, message) = run(&index, &[&["match", &patient, "--all", "--format", "json"], more].concat());
        assert_eq!(status, 0, "{message}");
        let report: serde_json::Value = serde_json::from_str(&data).unwrap();
        let distance = |found: &serde_json::Value| found["nearest_site"]["distance_km"].as_f64();
        report["matches"].as_array().unwrap().iter().map(distance).collect::<Vec<_>>()
    };
    let (all, near) = (listed(&[]), listed(&["--within", "100"]));
    assert!(all.iter().flatten().any(|distance| *distance > 100.0), "{all:?}");
    assert!(near.iter().flatten().any(|distance| *distance > 0.0), "{near:?}");
    assert!(near.iter().flatten().all(|distance| *distance <= 100.0), "{near:?}");
    assert_eq!(near.iter().flatten().count(), all.iter().flatten().filter(|distance| **distance <= 100.0).count());
    assert_eq!(near.iter().filter(|d| d.is_none()).count(), all.iter().filter(|d| d.is_none()).count());
}

#[test]
fn nothing_matched_is_1_only_where_it_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let patient = file(folder.path(), "patient.json", PATIENT).display().to_string();
    let nowhere = ["match", &patient, "--country", "VA", "--format", "json"];
    assert_eq!(run(&index, &nowhere).0, 0);
    let (status, data, _) = run(&index, &[nowhere.as_slice(), &["--fail-if-none"]].concat());
    assert_eq!(status, 1);
    assert!(data.starts_with('{'), "the report is written all the same");
}

#[test]
fn a_bad_row_is_named_and_the_others_are_done_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let row = |id: &str| PATIENT.replace("p-1", id).replace('\n', " ");
    let rows = format!("{}\n\n{{\"as_of\": 5}}\n{}\n", row("second"), row("first"));
    let patients = file(folder.path(), "patients.ndjson", rows).display().to_string();
    let (output, errors) = (folder.path().join("rows.csv"), folder.path().join("bad.ndjson"));
    let (status, data, message) = run(
        &index,
        &[
            "screen",
            &patients,
            "--all",
            "--format",
            "csv",
            "--output",
            output.to_str().unwrap(),
            "--errors",
            errors.to_str().unwrap(),
        ],
    );
    assert_eq!((status, data.as_str()), (2, ""), "{message}");
    let bad: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(errors).unwrap()).unwrap();
    assert_eq!((&bad["file"], &bad["line"]), (&patients.as_str().into(), &3.into()));
    let rows = std::fs::read_to_string(output).unwrap();
    let mut names: Vec<&str> = rows.lines().skip(1).map(|row| row.split(',').next().unwrap()).collect();
    names.dedup();
    assert!(names.is_empty() || names == ["second", "first"], "{names:?}");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("partial")), "{left:?}");
}

#[test]
fn a_screen_reads_folders_and_flat_tables() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let patients = folder.path().join("patients");
    std::fs::create_dir(&patients).unwrap();
    file(&patients, "b.json", PATIENT.replace("p-1", "b"));
    file(&patients, "a.toml", "id = \"a\"\nas_of = \"2026-11-01\"\n");
    file(&patients, "c.csv", "id,as_of,sex\nc,2026-11-01,female\n");
    file(&patients, "notes.txt", "not a profile");
    let records = file(folder.path(), "records.ndjson", RECORDS).display().to_string();
    assert_eq!(run(&index, &["import", &records]).0, 0);
    let (status, data, message) = run(&index, &["screen", patients.to_str().unwrap(), "--all"]);
    assert_eq!(status, 0, "{message}");
    let rows: Vec<serde_json::Value> = data.lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    let names: Vec<&str> = rows.iter().map(|row| row["patient"].as_str().unwrap()).collect();
    assert_eq!(names, ["a", "a", "b", "b", "c", "c"]);
    let (_, explained, _) = run(&index, &["screen", patients.to_str().unwrap(), "--all", "--explain"]);
    let row: serde_json::Value = serde_json::from_str(explained.lines().next().unwrap()).unwrap();
    assert!(row["criteria"].is_array() && row["trial"]["id"].is_string() && row["patient"] == "a");
}

#[test]
fn help_schema_completions_and_manual_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, words) in [
        (vec!["--help"], "Exit status"),
        (vec!["match", "--help"], "Examples:"),
        (vec!["profile", "schema"], "as_of"),
        (vec!["completions", "bash"], "trialmatch"),
        (vec!["man"], ".TH"),
    ] {
        let (status, data, message) = run(folder.path(), &arguments);
        assert_eq!(status, 0, "{message}");
        assert!(data.contains(words), "{arguments:?}");
        assert_eq!(message, "", "{arguments:?}");
    }
}
