//! Older snapshots, answered as they were.

use super::generation::RegistryShare;
use super::tests::{Bench, study};
use super::*;
use crate::trial::Registry;
use jiff::civil::{Date, date};

const DAYS: [Date; 4] = [date(2026, 10, 1), date(2026, 10, 8), date(2026, 10, 15), date(2026, 10, 22)];

/// Four imports: two studies; one changed; back to what it was and a third study; nothing new.
fn bench() -> Bench {
    let bench = Bench::new();
    let titles = [vec!["one", "two"], vec!["changed"], vec!["one", "two", "three"], vec!["one", "two", "three"]];
    for (day, titles) in DAYS.into_iter().zip(titles) {
        let lines: Vec<String> = titles.iter().zip(1..).map(|(title, number)| study(number, title)).collect();
        bench.import_on(day, &[bench.file("in.ndjson", lines.join("\n"))]).unwrap();
    }
    bench
}

fn titles(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.compiled.trials.iter().map(|compiled| compiled.trial.title.as_str()).collect()
}

#[test]
fn every_snapshot_is_there_by_day_and_by_name() {
    let bench = bench();
    let store = Store::open_read(&bench.index()).unwrap().unwrap();
    let published = store.publications().unwrap();
    assert_eq!(published.iter().map(|one| one.fetched).collect::<Vec<_>>(), DAYS);
    assert_eq!(published[2].generation, published[3].generation, "the same content on a later day");
    for (name, expected) in [
        ("2026-10-01", vec!["one", "two"]),
        ("2026-10-07", vec!["one", "two"]),
        ("2026-10-08", vec!["changed", "two"]),
        ("2026-10-21", vec!["one", "two", "three"]),
        ("2030-01-01", vec!["one", "two", "three"]),
        (&published[1].generation, vec!["changed", "two"]),
        (&published[0].generation.to_uppercase().chars().take(6).collect::<String>(), vec!["one", "two"]),
    ] {
        let snapshot = store.at(name).unwrap();
        assert_eq!(titles(&snapshot), expected, "{name}");
        assert_eq!(snapshot.made, Made::AsPublished, "{name}");
    }
    assert!(!store.at("2026-10-22").unwrap().is_past);
    assert!(store.at("2026-10-15").unwrap().is_past);
    for name in ["2026-09-30", "", "zzzz", "../x"] {
        let error = store.at(name).unwrap_err();
        assert!(!error.is_damage() && error.to_string().contains(&published[0].generation), "{error}");
    }
    let share = |day: Date, oldest: Date, records| {
        vec![RegistryShare { registry: Registry::Ctgov, fetched: day, oldest, records }]
    };
    assert_eq!(store.at("2026-10-08").unwrap().meta.registries, share(DAYS[1], DAYS[0], 2));
    assert_eq!(store.at("2026-10-22").unwrap().meta.registries, share(DAYS[3], DAYS[3], 3));
}

#[test]
fn what_is_made_again_from_versions_is_what_was_published() {
    let bench = Bench::new();
    let mut published = Vec::new();
    for (day, title) in DAYS.into_iter().zip(["a", "b", "c", "d"]) {
        bench.import_on(day, &[bench.file("in.ndjson", format!("{}\n{}", study(1, title), study(2, "same")))]).unwrap();
        let current = bench.current();
        published.push((current.meta, postcard::to_allocvec(&current.compiled).unwrap()));
    }
    let store = Store::open_read(&bench.index()).unwrap().unwrap();
    let kept: i64 = store.connection.query_row("SELECT count(*) FROM compiled", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 2, "older ones are made again");
    for (meta, bytes) in published {
        let again = store.at(&meta.id).unwrap();
        assert_eq!(again.meta, meta);
        assert!(postcard::to_allocvec(&again.compiled).unwrap() == bytes, "{}", meta.fetched);
    }
}

#[test]
fn the_versions_of_a_record_are_listed_with_their_days() {
    let bench = bench();
    let store = Store::open_read(&bench.index()).unwrap().unwrap();
    let key = |id: &str| RecordKey { registry: Registry::Ctgov, id: id.to_owned() };
    let versions = store.versions(&[key("NCT00000001"), key("NCT00000002"), key("NCT00000009")]).unwrap();
    let said: Vec<_> =
        versions.iter().map(|one| (one.id.as_str(), one.first_seen, one.last_seen, one.is_held)).collect();
    assert_eq!(
        said,
        [
            ("NCT00000001", DAYS[0], DAYS[0], false),
            ("NCT00000001", DAYS[1], DAYS[1], false),
            ("NCT00000001", DAYS[2], DAYS[3], true),
            ("NCT00000002", DAYS[0], DAYS[3], true),
        ]
    );
    assert_eq!(versions[0].hash, versions[2].hash);
    assert_ne!(versions[0].hash, versions[1].hash);
}

#[test]
fn a_snapshot_of_another_reader_says_so() {
    let bench = bench();
    bench.database("UPDATE snapshots SET reader_version = 0, created_by = 'trialmatch 0.0.1' WHERE sequence = 1");
    let store = Store::open_read(&bench.index()).unwrap().unwrap();
    let past = store.at("2026-10-01").unwrap();
    assert_eq!(past.made, Made::Anew { by: "trialmatch 0.0.1".to_owned(), reader: 0 });
    assert_eq!(titles(&past), ["one", "two"]);
    assert_eq!(store.at("2026-10-08").unwrap().made, Made::AsPublished);
}
