//! The readers on fixtures and, where it is present, on real data.

use super::source::Records;
use super::*;
use crate::trial::Registry;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn files(path: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder(path)).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn trials(path: &Path) -> Vec<Trial> {
    let records = Records::open(path).unwrap_or_else(|error| panic!("{error}"));
    let read = records.map(|record| {
        let record = record.unwrap_or_else(|error| panic!("{error}"));
        record.trial().unwrap_or_else(|error| panic!("{}:{}: {error}", path.display(), record.line))
    });
    read.collect()
}

/// Every real record is read, and has an eligibility text wherever its source has one.
#[test]
fn all_real_records_are_read() {
    let shared = [
        ("../shared/data/ctis", Registry::Ctis, 4),
        ("../shared/data/ictrp", Registry::Ictrp, 88),
        ("../shared/data/isrctn", Registry::Isrctn, 9),
    ];
    for (path, registry, least) in shared.into_iter().filter(|(path, ..)| folder(path).is_dir()) {
        let mut count = 0;
        for file in files(path) {
            for trial in trials(&file) {
                assert_eq!(trial.registry, registry, "{}", trial.id);
                let visible = trial.eligibility.chars().filter(|letter| letter.is_alphanumeric()).count();
                assert!(visible > 40, "{}: {:?}", trial.id, trial.eligibility);
                assert!(
                    !trial.title.is_empty() && !trial.url.is_empty() && !trial.conditions.is_empty(),
                    "{}",
                    trial.id
                );
                assert!(trial.last_update.as_deref().is_none_or(|day| dates::read(day).is_some()), "{}", trial.id);
                count += 1;
            }
        }
        assert!(count >= least, "{path}: {count}");
    }
}

/// Every fixture reads as it is written down in `fixtures/registry/expected.json`: file by file the trials, and of each
/// the fields that are listed.
#[test]
fn fixtures_read_as_expected() {
    let path = folder("fixtures/registry/expected.json");
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let expected = expected.as_object().unwrap();
    let mut present = 0;
    for registry in ["ctis", "ictrp", "isrctn"] {
        for file in files(&format!("fixtures/registry/{registry}")) {
            let name = format!("{registry}/{}", file.file_name().unwrap().to_string_lossy());
            let read: Vec<Value> = trials(&file).iter().map(|trial| serde_json::to_value(trial).unwrap()).collect();
            let wanted = expected.get(&name).unwrap_or_else(|| panic!("{name} is not expected")).as_array().unwrap();
            assert_eq!(read.len(), wanted.len(), "{name}");
            for (trial, wanted) in read.iter().zip(wanted) {
                for (field, value) in wanted.as_object().unwrap() {
                    assert_eq!(&trial[field.as_str()], value, "{name}: {}: {field}", trial["id"]);
                }
            }
            present += 1;
        }
    }
    assert_eq!(present, expected.len());
}
