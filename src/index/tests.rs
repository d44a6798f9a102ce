//! Searches over invented trials.

use super::*;
use crate::trial::{Registry, Site};

fn trial(id: &str, title: &str, change: impl FnOnce(&mut Trial)) -> Trial {
    let mut trial = Trial {
        id: id.into(),
        other_ids: Vec::new(),
        registry: Registry::Ctgov,
        title: title.into(),
        status: "RECRUITING".into(),
        recruitment: Default::default(),
        phases: vec!["PHASE2".into()],
        study_type: "INTERVENTIONAL".into(),
        url: String::new(),
        last_update: None,
        verified: None,
        summary: String::new(),
        conditions: Vec::new(),
        keywords: Vec::new(),
        interventions: Vec::new(),
        arms: Vec::new(),
        eligibility: String::new(),
        minimum_age: None,
        maximum_age: None,
        sex: None,
        healthy_volunteers: None,
        sites: Vec::new(),
        records: Vec::new(),
    };
    change(&mut trial);
    trial
}

fn site(country: &str) -> Site {
    Site {
        facility: String::new(),
        city: String::new(),
        country: country.into(),
        status: None,
        latitude: None,
        longitude: None,
        contact: None,
    }
}

fn trials() -> Vec<Trial> {
    vec![
        trial("NCT00000001", "Enhertu for advanced breast cancer", |trial| {
            trial.sites = vec![site("United Kingdom"), site("France")];
        }),
        trial("NCT00000002", "Palbociclib in stage IV disease", |trial| {
            trial.conditions = vec!["Breast Cancer".into()];
            trial.status = "COMPLETED".into();
            trial.phases = vec!["PHASE1".into(), "PHASE2".into()];
        }),
        trial("NCT00000003", "Tumour of the lung", |trial| {
            trial.eligibility = "No prior trastuzumab deruxtecan.".into();
            trial.other_ids = vec!["2024-500000-10-00".into()];
        }),
        trial("NCT00000005", "An equal title", |_| {}),
        trial("NCT00000004", "An equal title", |_| {}),
    ]
}

fn ids(searcher: &Searcher, query: &str, filters: &Filters) -> String {
    let hits = searcher.search(query, filters, 10).unwrap();
    hits.iter().map(|hit| hit.id.trim_start_matches("NCT0000000")).collect::<Vec<_>>().join(" ")
}

fn memory() -> Searcher {
    let trials = trials();
    Searcher::in_memory(&trials.iter().collect::<Vec<_>>()).unwrap()
}

#[test]
fn finds_words_and_words_that_mean_the_same() {
    let cases = [
        ("secondary breast cancer", "2 1"),
        ("Stage 4", "1 2"),
        ("metastatic", "1 2"),
        ("tumors", "3"),
        ("T-DXd", "1 3"),
        ("trastuzumab deruxtecan", "3 1"),
        ("cancers", "1 2"),
        ("advanced -enhertu", "2"),
        ("\"lung tumour\"", ""),
        ("\"of the lung\"", "3"),
        ("nct00000002", "2"),
        ("2024-500000-10-00", "3"),
        ("equal title", "4 5"),
        ("lung palbociclib", "2 3"),
        ("unheardof", ""),
        ("", "1 2 3 4 5"),
    ];
    let searcher = memory();
    for (query, expected) in cases {
        let mut found: Vec<_> = ids(&searcher, query, &Filters::default()).split(' ').map(str::to_owned).collect();
        let mut wanted: Vec<_> = expected.split(' ').map(str::to_owned).collect();
        if query != "equal title" && !query.is_empty() {
            found.sort(); // here it is the set that counts
            wanted.sort();
        }
        assert_eq!(found, wanted, "{query}");
    }
}

#[test]
fn the_word_itself_comes_before_words_that_mean_the_same() {
    let trials = [trial("NCT00000001", "Palbociclib", |_| {}), trial("NCT00000002", "Ibrance", |_| {})];
    let searcher = Searcher::in_memory(&trials.iter().collect::<Vec<_>>()).unwrap();
    assert_eq!(ids(&searcher, "ibrance", &Filters::default()), "2 1");
    assert_eq!(ids(&searcher, "palbociclib", &Filters::default()), "1 2");
}

#[test]
fn filters_narrow_by_registry_fields() {
    let words = |list: &[&str]| list.iter().map(|word| word.to_string()).collect::<Vec<_>>();
    let cases = [
        (Filters { statuses: words(&["completed"]), ..Filters::default() }, "2"),
        (Filters { countries: words(&["united kingdom", "Spain"]), ..Filters::default() }, "1"),
        (Filters { phases: words(&["PHASE1"]), ..Filters::default() }, "2"),
        (Filters { phases: words(&["PHASE1"]), statuses: words(&["RECRUITING"]), ..Filters::default() }, ""),
    ];
    let searcher = memory();
    for (filters, expected) in cases {
        assert_eq!(ids(&searcher, "", &filters), expected, "{filters:?}");
    }
}

#[test]
fn odd_queries_are_answered() {
    let searcher = memory();
    let long = "word ".repeat(10_000);
    let odd = [
        "\"",
        "-",
        "--",
        "- \"",
        "a:b",
        "title:",
        "(((",
        "AND OR NOT",
        "*",
        "\\",
        "the",
        "[1 TO",
        "\u{0}",
        "-\"a",
        "\u{1f600}",
        &long,
    ];
    for query in odd {
        searcher.search(query, &Filters::default(), usize::MAX).unwrap();
    }
    assert!(searcher.search("breast", &Filters::default(), 0).unwrap().is_empty());
    assert!(Searcher::in_memory(&[]).unwrap().search("breast", &Filters::default(), 5).unwrap().is_empty());
}

#[test]
fn a_copy_in_memory_answers_like_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let trials = trials();
    build(folder.path(), &trials.iter().collect::<Vec<_>>()).unwrap();
    let (copy, open) = (Searcher::copied(folder.path()).unwrap(), Searcher::open(folder.path()).unwrap());
    assert_eq!(ids(&copy, "breast cancer", &Filters::default()), ids(&open, "breast cancer", &Filters::default()));
    assert_eq!(copy.len(), 5);
}

#[test]
fn a_built_index_is_checked_and_damage_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("search");
    let trials = trials();
    build(&dir, &trials.iter().collect::<Vec<_>>()).unwrap();
    check(&dir, 5).unwrap();
    assert!(matches!(check(&dir, 6), Err(IndexError::Damaged { .. })));
    assert_eq!(search(&dir, "lung", &Filters::default(), 5).unwrap()[0].id, "NCT00000003");

    let postings = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path());
    let postings = postings.into_iter().find(|path| path.extension().is_some_and(|end| end == "idx")).unwrap();
    let mut bytes = fs::read(&postings).unwrap();
    bytes[8] ^= 1;
    fs::remove_file(&postings).unwrap();
    fs::write(&postings, bytes).unwrap();
    assert!(matches!(check(&dir, 5), Err(IndexError::Damaged { .. })));
    assert!(matches!(
        search(&folder.path().join("none"), "x", &Filters::default(), 1),
        Err(IndexError::Damaged { .. })
    ));
}
