//! Imports of several registries into one index.

use super::*;
use crate::trial::Trial;

fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/registry").join(folder)
}

fn trial(bench: &Bench, id: &str) -> Trial {
    let snapshot = bench.current();
    snapshot.compiled.find(id).unwrap_or_else(|| panic!("{id}")).trial.clone()
}

#[test]
fn files_of_all_registries_are_brought_in_together() {
    let bench = Bench::new();
    let files = ["isrctn", "ctis", "ictrp"].map(fixtures);
    let report = bench.import(&files).unwrap();
    assert_eq!((report.read, report.added, report.refused.len()), (16, 16, 0), "{report:?}");
    assert_eq!(trial(&bench, "2099-599993-99-00").registry, Registry::Ctis);
    assert_eq!(trial(&bench, "ChiCTR0000000001").registry, Registry::Ictrp);

    // What states days in place of a status has that of the snapshot's day.
    assert_eq!(trial(&bench, "ISRCTN00000001").status, "RECRUITING");
    assert_eq!(trial(&bench, "ISRCTN00000002").status, "TERMINATED");
    assert_eq!(trial(&bench, "ISRCTN00000003").status, "");
    assert_eq!(trial(&bench, "ISRCTN00000004").status, "ACTIVE_NOT_RECRUITING");
    let later = bench.import_on(date(2028, 5, 1), &files).unwrap();
    assert_ne!(later.generation, report.generation);
    assert_eq!((later.added, later.updated), (0, 0));
    assert_eq!(trial(&bench, "ISRCTN00000001").status, "ACTIVE_NOT_RECRUITING");
    assert_eq!(trial(&bench, "ISRCTN00000004").status, "COMPLETED");
}

/// WHO ICTRP copies the records of other registries with their identifiers.
#[test]
fn a_copy_does_not_take_the_place_of_the_record_that_it_copies() {
    let own = study(11, "The record itself").replace("* ECOG 0-1", "* Metastatic breast cancer\\n* ECOG 0-1");
    let copy = "TrialID,Public title,Recruitment Status,Inclusion Criteria\r\n\
                NCT00000011,The copy,Not recruiting,\"<br>Inclusion Criteria:<br><br>* Metastatic breast cancer<br>* ECOG =1<br><br><br><br>\"\r\n";
    for copy_last in [true, false] {
        let bench = Bench::new();
        let mut files = vec![bench.file("own.json", &own), bench.file("copy.csv", copy)];
        if !copy_last {
            files.reverse();
        }
        let report = bench.import(&files).unwrap();
        assert_eq!((report.added, report.trials), (2, 1));
        let trial = trial(&bench, "NCT00000011");
        assert_eq!((trial.registry, trial.title.as_str()), (Registry::Ctgov, "The record itself"));
        assert_eq!(trial.status, "RECRUITING");
        assert!(!trial.eligibility.contains("<br>"), "{}", trial.eligibility);
        let records: Vec<Registry> = trial.records.iter().map(|record| record.registry).collect();
        assert_eq!(records, [Registry::Ctgov, Registry::Ictrp]);
        // The same again changes nothing.
        let again = bench.import(&files).unwrap();
        assert_eq!((again.unchanged, again.generation), (2, report.generation));
    }
}

/// A row of the search of CTIS knows nothing of criteria.
#[test]
fn a_row_of_a_search_does_not_take_the_place_of_the_record() {
    let whole = fs::read_to_string(fixtures("ctis/retrieved.json")).unwrap();
    let row = r#"{"data":[{"ctNumber":"2099-599993-99-00","ctStatus":5,"ctTitle":"A row"}]}"#;
    let text = |bench: &Bench| trial(bench, "2099-599993-99-00").eligibility;
    let bench = Bench::new();
    let (whole, row) = (bench.file("whole.json", whole), bench.file("row.json", row));
    for files in [vec![row.clone(), whole.clone()], vec![whole.clone(), row.clone()]] {
        let bench = Bench::new();
        bench.import(&files).unwrap();
        assert!(text(&bench).contains("HER2-low"), "{files:?}");
    }
    bench.import(std::slice::from_ref(&row)).unwrap();
    assert_eq!(text(&bench), "");
    bench.import(&[whole]).unwrap();
    let report = bench.import(&[row]).unwrap();
    assert_eq!((report.updated, report.unchanged), (0, 1));
    assert!(text(&bench).contains("HER2-low"));
}

#[test]
fn a_record_without_identifier_is_refused_by_file_line_and_reason() {
    let bench = Bench::new();
    let cases = [
        (
            "a.xml",
            "<allTrials>\n<fullTrial><trial><isrctn/></trial></fullTrial>\n<fullTrial><trial><isrctn>00000009</isrctn></trial></fullTrial></allTrials>",
            2,
            "no identifier (isrctn)",
        ),
        (
            "b.xml",
            "<Trials_downloaded_from_ICTRP><Trial><TrialID>NCT00000009</TrialID></Trial>\n<Trial><Public_title>x</Public_title></Trial></Trials_downloaded_from_ICTRP>",
            2,
            "no identifier (TrialID)",
        ),
        ("c.csv", "TrialID,Public title\nNCT00000010,a\n,b\n", 3, "no identifier (TrialID)"),
        ("g.csv", "TrialID,Public title\nNCT00000013,\"open\nNCT00000014,x\"\nNCT00000015,b\n", 2, "holds another row"),
        ("d.json", "[{\"ctNumber\":\"2099-500009-99-00\"},\n{\"ctStatus\":3}]", 2, "no identifier (ctNumber)"),
        ("e.csv", "TrialID,Public title\n1,a,b\nNCT00000012,\"x\ny\"\n", 2, "3 cells below a header of 2"),
        (
            "f.json",
            "[{\"ctNumber\":\"EXM\"},{\"ctNumber\":\"2099-500008-99-00\"}]",
            1,
            "`EXM` is not a study identifier",
        ),
    ];
    for (name, text, line, reason) in cases {
        let report = bench.import(&[bench.file(name, text)]).unwrap();
        let refused = report.refused.first().unwrap();
        assert!(refused.file.ends_with(name) && refused.line == line, "{name}: {refused:?}");
        assert!(refused.reason.contains(reason), "{name}: {}", refused.reason);
        assert_eq!((report.refused.len(), report.read), (1, 2), "{name}");
    }
}

/// Kinds of files that look like those of a registry and are damaged or something else: nothing is published.
#[test]
fn a_damaged_or_foreign_file_publishes_nothing() {
    let bench = Bench::new();
    bench.import(&[fixtures("ctis")]).unwrap();
    let before = bench.current().meta.id;
    for (text, expected) in [
        ("<allTrials><fullTrial><trial><isrctn>00000009</isrctn></trial></fullTrial>", "ends in the middle"),
        ("TrialID,b\nNCT00000010,a\nNCT0000", "ends in the middle"),
        ("<!DOCTYPE html>\n<html><body>Service unavailable</body></html>", "XML or HTML"),
        ("<rss><item/></rss>", "without the records of a registry"),
        ("Name,Status\nx,y\n", "plain text"),
    ] {
        let error = bench.import(&[bench.file("file", text)]).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
        assert_eq!(bench.current().meta.id, before);
    }
}
