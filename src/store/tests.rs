//! Imports of invented registry files into folders of their own.

use super::import::{ImportError, ImportOptions, ImportReport, NoProgress, import};
use super::*;
use crate::index::{self, Filters};
use crate::registry::FileError;
use crate::trial::Registry;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::{Date, date};
use std::io::Write;

mod linked;
mod registries;

const DAY: Date = date(2026, 10, 30);

/// A folder with an index and with files to import.
pub(super) struct Bench {
    pub(super) folder: tempfile::TempDir,
}

impl Bench {
    pub(super) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(super) fn index(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    pub(super) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(super) fn import_on(&self, day: Date, files: &[PathBuf]) -> Result<ImportReport, ImportError> {
        let mut store = Store::open(&self.index())?;
        import(&mut store, files, &ImportOptions { fetched: day }, &NoProgress)
    }

    pub(super) fn import(&self, files: &[PathBuf]) -> Result<ImportReport, ImportError> {
        self.import_on(DAY, files)
    }

    pub(super) fn current(&self) -> Snapshot {
        Store::open_read(&self.index()).unwrap().unwrap().current().unwrap().unwrap()
    }

    pub(super) fn database(&self, sql: &str) {
        Connection::open(self.index().join(DATABASE)).unwrap().execute_batch(sql).unwrap();
    }

    fn searches(&self) -> Vec<String> {
        let names = fs::read_dir(self.index()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name.starts_with("search-")).collect();
        names.sort();
        names
    }
}

pub(super) fn study(number: u32, title: &str) -> String {
    format!(
        r#"{{"protocolSection":{{"identificationModule":{{"nctId":"NCT{number:08}","briefTitle":"{title}"}},"statusModule":{{"overallStatus":"RECRUITING"}},"eligibilityModule":{{"eligibilityCriteria":"Inclusion Criteria:\n\n* ECOG 0-1\n* Invented marker {number}","minimumAge":"18 Years"}}}}}}"#
    )
}

fn lines(count: u32) -> String {
    (1..=count).map(|number| study(number, "An invented study") + "\n").collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn counts(report: &ImportReport) -> (u64, u64, u64, u64, usize, usize) {
    (report.read, report.added, report.updated, report.unchanged, report.refused.len(), report.trials)
}

#[test]
fn the_same_records_give_the_same_generation_whatever_holds_them() {
    let plain = Bench::new();
    let report = plain.import(&[plain.file("a.ndjson", lines(20))]).unwrap();
    assert_eq!(counts(&report), (20, 20, 0, 0, 0, 20));
    assert_eq!(report.generation.len(), 12);

    let zipped = Bench::new();
    let array = format!("[{}]", lines(20).trim_end().replace('\n', ",\n"));
    for (name, bytes) in [
        ("a.ndjson.gz", gzip(&lines(20))),
        ("page.json", format!("{{\"studies\":{array}}}").into()),
        ("array.json.gz", gzip(&array)),
    ] {
        let again = zipped.import(&[zipped.file(name, bytes)]).unwrap();
        assert_eq!(again.generation, report.generation, "{name}");
    }
    let (one, other) = (plain.current(), zipped.current());
    assert_eq!(one.meta, other.meta);
    assert_eq!(
        one.meta,
        SnapshotMeta {
            id: report.generation.clone(),
            fetched: DAY,
            trials: 20,
            registries: vec![RegistryShare { registry: Registry::Ctgov, fetched: DAY, oldest: DAY, records: 20 }],
            sample: false
        }
    );
    assert_eq!(postcard::to_allocvec(&one.compiled).unwrap(), postcard::to_allocvec(&other.compiled).unwrap());
    let hits = index::search(&one.search_dir.unwrap(), "invented marker 7", &Filters::default(), 3).unwrap();
    assert_eq!(hits[0].id, "NCT00000007");
}

#[test]
fn importing_again_changes_nothing_but_the_day() {
    let bench = Bench::new();
    let file = bench.file("a.ndjson", lines(5));
    let first = bench.import(std::slice::from_ref(&file)).unwrap();
    let second = bench.import_on(date(2026, 11, 2), &[file]).unwrap();
    assert_eq!(counts(&second), (5, 0, 0, 5, 0, 5));
    assert_eq!(second.generation, first.generation);
    assert_eq!(bench.current().meta.fetched, date(2026, 11, 2));
}

#[test]
fn an_import_adds_and_updates_and_keeps_the_rest() {
    let bench = Bench::new();
    let first = bench.import(&[bench.file("a.ndjson", lines(3))]).unwrap();
    let changed = bench.file("more/b.json", study(2, "A changed title"));
    bench.file("more/deep/c.jsonl", study(9, "A new study"));
    bench.file("more/notes.txt", "not a registry file");
    let second = bench.import_on(date(2026, 11, 2), &[bench.folder.path().join("more")]).unwrap();
    assert_eq!(counts(&second), (2, 1, 1, 0, 0, 4));
    assert_ne!(second.generation, first.generation);
    let meta = bench.current().meta;
    assert_eq!((meta.fetched, meta.registries[0].oldest), (date(2026, 11, 2), DAY));

    // Back to the first title: a version that comes back has a row of its own, two generations are served from disk.
    fs::write(&changed, study(2, "An invented study")).unwrap();
    bench.import(&[changed]).unwrap();
    let store = Store::open(&bench.index()).unwrap();
    let versions: i64 = store.connection.query_row("SELECT count(*) FROM versions", [], |row| row.get(0)).unwrap();
    assert_eq!(versions, 6);
    assert_eq!(bench.searches().len(), 2);
    assert!(!bench.searches().contains(&format!("search-{}", first.generation)));
}

#[test]
fn a_record_that_cannot_be_used_is_named_and_stops_nothing() {
    let bench = Bench::new();
    let text = format!("{}{{\"broken\n\n{{\"a\":1}}\n{}\n", lines(1), study(4, "Good").replace("NCT", "XYZ"));
    let file = bench.file("a.ndjson", text + &study(2, "Good"));
    let report = bench.import(std::slice::from_ref(&file)).unwrap();
    assert_eq!(counts(&report), (5, 2, 0, 0, 3, 2));
    let said: Vec<_> = report.refused.iter().map(|refused| (refused.line, refused.reason.as_str())).collect();
    assert!(said[0].0 == 2 && said[0].1.contains("not a readable record"), "{said:?}");
    assert!(said[1].0 == 4 && said[1].1.contains("no protocolSection"), "{said:?}");
    assert!(said[2].0 == 5 && said[2].1.contains("`XYZ00000004`"), "{said:?}");
    assert!(report.refused.iter().all(|refused| refused.file == file));
}

#[test]
fn a_file_that_cannot_be_used_leaves_the_old_generation() {
    let bench = Bench::new();
    let before = bench.import(&[bench.file("a.ndjson", lines(3))]).unwrap();
    let many = gzip(&lines(3000));
    let good = bench.file("good.json", study(77, "Good"));
    let cases: [(&str, Vec<u8>, &str); 7] = [
        ("cut.ndjson.gz", many[..many.len() / 2].to_vec(), "is damaged after record"),
        ("empty.json", Vec::new(), "holds no study records; export"),
        ("page.json", b"{\"studies\":[]}".to_vec(), "holds no study records"),
        (
            "shape.json",
            b"{\"resourceType\":\"Bundle\"}".to_vec(),
            "none of its 1 records can be used; line 1: not a study record",
        ),
        ("error.json", b"<html>Too many requests</html>".to_vec(), "XML or HTML"),
        ("text.json", b"Error parsing query".to_vec(), "plain text"),
        ("cut.json", b"{\"studies\":[{\"a\":".to_vec(), "ends in the middle"),
    ];
    for (name, bytes, expected) in cases {
        let message = bench.import(&[good.clone(), bench.file(name, bytes)]).unwrap_err().to_string();
        assert!(message.contains(expected) && message.contains(name), "{message}");
        assert_eq!(bench.current().meta.id, before.generation, "{name}");
    }
    let missing = bench.import(&[bench.folder.path().join("missing.json")]).unwrap_err().to_string();
    assert!(missing.contains("missing.json"), "{missing}");
    fs::create_dir(bench.folder.path().join("nothing")).unwrap();
    let nothing = bench.import(&[bench.folder.path().join("nothing")]).unwrap_err().to_string();
    assert!(nothing.contains("no registry files"), "{nothing}");
}

#[test]
fn in_a_folder_a_foreign_file_is_refused_and_a_damaged_one_stops() {
    let bench = Bench::new();
    bench.file("in/a.json", study(1, "Good"));
    bench.file("in/b.json", "");
    bench.file("in/c.json", "[1]");
    let folder = bench.folder.path().join("in");
    let report = bench.import(std::slice::from_ref(&folder)).unwrap();
    assert_eq!(counts(&report), (2, 1, 0, 0, 2, 1));
    bench.file("in/d.gz", &gzip(&lines(900))[..500]);
    assert!(matches!(bench.import(&[folder]), Err(ImportError::File(FileError::Damaged { .. }))));
}

#[test]
fn damage_is_seen_and_importing_again_heals_it() {
    let bench = Bench::new();
    let file = bench.file("a.ndjson", lines(50));
    let generation = bench.import(std::slice::from_ref(&file)).unwrap().generation;
    let flip = |table: &str| {
        let connection = Connection::open(bench.index().join(DATABASE)).unwrap();
        let mut blob: Vec<u8> =
            connection.query_row(&format!("SELECT zstd FROM {table}"), [], |row| row.get(0)).unwrap();
        let middle = blob.len() / 2;
        blob[middle] ^= 1;
        connection
            .execute(&format!("UPDATE {table} SET zstd = ?1 WHERE zstd = (SELECT zstd FROM {table})"), [blob])
            .unwrap();
    };
    let read = || Store::open_read(&bench.index()).unwrap().unwrap().current();

    flip("compiled");
    let error = read().unwrap_err();
    assert!(error.is_damage() && error.to_string().contains("import the registry files again"), "{error}");
    assert_eq!(bench.import(std::slice::from_ref(&file)).unwrap().generation, generation);
    assert_eq!(read().unwrap().unwrap().meta.trials, 50);

    flip("records");
    bench.database("UPDATE snapshots SET reader_version = 0");
    assert!(read().unwrap_err().is_damage());
    bench.database("DELETE FROM compiled");
    assert_eq!(bench.import(std::slice::from_ref(&file)).unwrap().generation, generation);
    assert_eq!(read().unwrap().unwrap().meta.trials, 50);

    fs::remove_dir_all(bench.index().join(format!("search-{generation}"))).unwrap();
    assert_eq!(read().unwrap().unwrap().search_dir, None);
    bench.import(&[file]).unwrap();
    assert!(read().unwrap().unwrap().search_dir.is_some());
}

#[test]
fn a_database_that_is_none_is_damage() {
    let bench = Bench::new();
    bench.file("index/trialmatch.sqlite", "no database at all, only text".repeat(40));
    assert!(Store::open_read(&bench.index()).unwrap_err().is_damage());
    assert!(Store::open(&bench.index()).unwrap_err().is_damage());
    let other = Bench::new();
    Store::open(&other.index()).unwrap();
    other.database("PRAGMA user_version = 99");
    assert!(matches!(Store::open_read(&other.index()), Err(StoreError::OtherLayout { found: 99, .. })));
}

#[test]
fn readings_of_another_reader_are_made_again() {
    let bench = Bench::new();
    let generation = bench.import(&[bench.file("a.ndjson", lines(4))]).unwrap().generation;
    let stored = bench.current();
    assert_eq!(stored.made, Made::AsPublished);
    bench.database("UPDATE snapshots SET reader_version = 0; UPDATE compiled SET zstd = x'00'; DELETE FROM readings");
    let again = bench.current();
    assert!(matches!(again.made, Made::Anew { reader: 0, .. }));
    assert_eq!(again.meta.id, generation);
    assert_eq!(postcard::to_allocvec(&again.compiled).unwrap(), postcard::to_allocvec(&stored.compiled).unwrap());
}

#[test]
fn a_second_import_at_the_same_time_is_told_so() {
    let bench = Bench::new();
    let file = bench.file("a.ndjson", lines(2));
    Store::open(&bench.index()).unwrap();
    let held = fs::OpenOptions::new().append(true).open(bench.index().join("import.lock")).unwrap();
    held.try_lock().unwrap();
    assert!(matches!(bench.import(std::slice::from_ref(&file)), Err(ImportError::Store(StoreError::Busy { .. }))));
    drop(held);
    bench.import(&[file]).unwrap();
}

#[test]
fn what_a_killed_import_left_is_no_hindrance() {
    let bench = Bench::new();
    let file = bench.file("a.ndjson", lines(2));
    let generation = bench.import(std::slice::from_ref(&file)).unwrap().generation;
    bench.database("DELETE FROM current");
    bench.file(&format!("index/search-{generation}.unfinished/half"), "x");
    bench.file("index/search-000000000000/half", "x");
    assert!(Store::open_read(&bench.index()).unwrap().unwrap().current().unwrap().is_none());
    assert_eq!(bench.import(&[file]).unwrap().generation, generation);
    assert_eq!(bench.searches(), [format!("search-{generation}")]);
}

#[test]
fn an_empty_or_unwritable_folder_is_told_from_a_damaged_one() {
    let bench = Bench::new();
    assert!(Store::open_read(&bench.index()).unwrap().is_none());
    let store = Store::open(&bench.index()).unwrap();
    assert!(store.current().unwrap().is_none());
    let file = bench.file("plain", "x");
    let error = Store::open(&file.join("below")).unwrap_err();
    assert!(matches!(error, StoreError::Unwritable { .. }) && error.to_string().contains("--index"), "{error}");
}

#[test]
fn a_copy_on_a_medium_without_room_for_a_log_can_be_read() {
    let bench = Bench::new();
    bench.import(&[bench.file("a.ndjson", lines(2))]).unwrap();
    let address = immutable_address(&bench.index().join(DATABASE)).unwrap();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(address, flags).unwrap();
    let store = Store { dir: bench.index(), connection };
    assert_eq!(store.current().unwrap().unwrap().meta.trials, 2);
}

#[test]
fn real_records_are_all_read() {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/ctgov/breast.ndjson.gz");
    if !real.exists() {
        return;
    }
    let bench = Bench::new();
    let report = bench.import(&[real]).unwrap();
    assert_eq!(counts(&report), (490, 490, 0, 0, 0, 490));
    let snapshot = bench.current();
    let hits =
        index::search(&snapshot.search_dir.unwrap(), "secondary breast cancer", &Filters::default(), 20).unwrap();
    assert_eq!(hits.len(), 20);
}
