//! `trialmatch fetch` from ISRCTN and EU CTIS, and from several registries at once.

use crate::fetch::Bench;
use crate::registries::{Fault, Study};

impl Bench {
    fn isrctn(&self, options: &str) -> crate::fetch::Done {
        self.fetch(&format!("--registry isrctn --condition breast {options}"))
    }

    fn ctis(&self, options: &str) -> crate::fetch::Done {
        self.fetch(&format!("--registry ctis --condition breast {options}"))
    }
}

fn isrctn(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    numbers.into_iter().map(|number| format!("ISRCTN{}", 10_000_000 + number)).collect()
}

fn ctis(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    numbers.into_iter().map(|number| format!("2026-{:06}-{:02}-00", 500_000 + number, number % 90)).collect()
}

#[test]
fn isrctn_is_asked_in_stretches_of_time_until_the_count_is_reached() {
    let bench = Bench::with(40);
    bench.isrctn("").succeeds().says(&["40 studies", "40 added"]);
    assert_eq!(bench.trials(), isrctn(1..=40));
    let log = bench.server.state().log.clone();
    let pages = log.iter().filter(|line| !line.contains("limit=1&")).count();
    assert!(pages > 5 && pages < 20, "{log:#?}");
}

#[test]
fn isrctn_tells_what_has_changed() {
    let bench = Bench::with(20);
    bench.isrctn("").succeeds();
    {
        let mut state = bench.server.state();
        state.log.clear();
        let study = state.studies.get_mut(&5).unwrap();
        study.updated = "2026-11-19".into();
        study.title = "Another invented title about breast cancer".into();
        state.add(Study { updated: "2026-11-18".into(), ..Study::new(21) });
    }
    bench.isrctn("").succeeds().says(&["21 studies, changes asked for", "1 added, 1 updated"]);
    assert_eq!(bench.trials(), isrctn(1..=21));
    let log = bench.server.state().log.clone();
    assert!(log.iter().all(|line| line.contains("limit=1&") || line.contains("lastEdited GE 2026-11-18")), "{log:#?}");

    // One that left is looked up; one that is gone is taken out.
    bench.server.state().studies.remove(&7);
    bench.server.state().studies.get_mut(&8).unwrap().title = "Invented study of another disease".into();
    bench.isrctn("--accept-shrink").succeeds().says(&["19 studies", "no longer has them: 1"]);
    assert_eq!(bench.trials(), isrctn((1..=21).filter(|number| *number != 7)));
}

#[test]
fn isrctn_is_published_whole_or_not_at_all() {
    let bench = Bench::with(20);
    bench.isrctn("").succeeds();
    let before = bench.bytes();
    bench.server.state().add(Study { updated: "2026-11-19".into(), ..Study::new(21) });
    for (fault, words) in [
        (Fault::Answer(200, "", "text/html", "<!DOCTYPE html><html>x</html>"), "a page for people"),
        (Fault::Answer(200, "", "application/xml", ""), "answered nothing"),
        (Fault::Answer(200, "", "application/xml", "<allTrials totalCount=\"3\"><fullTrial>"), "cut short"),
        (Fault::Answer(200, "", "application/xml", "<allTrials totalCount=\"3\"></allTrials>"), "announced"),
        (Fault::Answer(200, "", "application/xml", "<error>no</error>"), "allTrials"),
        (Fault::Answer(200, "", "application/xml", "<allTrials totalCount=\"0\"/>"), "no studies"),
        (Fault::Half, "cut short"),
        (Fault::Cut, "no usable answer"),
        (Fault::Answer(503, "", "text/html", ""), "503"),
        (Fault::Answer(400, "", "text/plain", "cannot parse q"), "cannot parse q"),
    ] {
        bench.server.state().rig("/isrctn/", 0, u32::MAX, fault.clone());
        bench.isrctn("").fails(&["isrctn", words]);
        assert_eq!(bench.bytes(), before, "{fault:?}");
        bench.server.state().clear_faults();
    }
    bench.server.state().withheld = vec![21];
    bench.isrctn("").fails(&["isrctn"]);
    assert_eq!(bench.bytes(), before);
    bench.server.state().withheld.clear();
    bench.isrctn("").succeeds();
    assert_eq!(bench.trials(), isrctn(1..=21));
}

#[test]
fn a_record_that_cannot_be_read_is_named_and_looked_up_again() {
    let bench = Bench::with(6);
    bench.server.state().rig("limit=13", 0, 1, Fault::Replace("<title>", "<titel>"));
    bench.isrctn("").succeeds().says(&["refused: isrctn", "1 refused"]);
    assert_eq!(bench.trials(), isrctn(2..=6));
    bench.isrctn("").succeeds().says(&["1 added", "0 refused"]);
    assert_eq!(bench.trials(), isrctn(1..=6));

    let bench = Bench::with(6);
    bench.server.state().rig("sort=", 0, 1, Fault::Replace("18 Years", "grown up"));
    bench.ctgov("").succeeds().says(&["refused: ctgov", "1 refused"]);
    assert_eq!(bench.trials().len(), 5);
    bench.ctgov("").succeeds().says(&["1 added", "0 refused"]);
    assert_eq!(bench.trials().len(), 6);
}

#[test]
fn a_study_that_is_edited_on_the_way_is_not_missed() {
    let bench = Bench::with(40);
    bench.server.state().after("limit=", 10, |state| {
        for number in 1..=40 {
            state.studies.get_mut(&number).unwrap().updated = "2026-11-20".into();
        }
    });
    bench.isrctn("").succeeds();
    assert_eq!(bench.trials(), isrctn(1..=40));
}

#[test]
fn ctis_is_listed_and_then_retrieved_one_by_one() {
    let bench = Bench::with(20);
    bench.server.state().add(Study { status: "COMPLETED", ..Study::new(30) });
    bench.ctis("").succeeds().says(&["20 studies", "20 added"]);
    assert_eq!(bench.trials(), ctis(1..=20));
    assert_eq!(bench.server.state().asked(&["/retrieve/"]), 20);
    {
        let mut state = bench.server.state();
        state.log.clear();
        state.studies.get_mut(&5).unwrap().updated = "2026-11-19".into();
        // Ended: it is no longer listed, and must not stay as recruiting.
        state.studies.get_mut(&6).unwrap().status = "COMPLETED";
        state.add(Study::new(21));
    }
    bench.ctis("").succeeds().says(&["20 studies, changes asked for", "1 added, 2 updated"]);
    assert_eq!(bench.server.state().asked(&["/retrieve/"]), 3);
    assert_eq!(bench.trials(), ctis(1..=21));
    bench.server.state().log.clear();
    bench.ctis("--full").succeeds();
    assert_eq!(bench.server.state().asked(&["/retrieve/"]), 20);
}

#[test]
fn ctis_is_published_whole_or_not_at_all() {
    let bench = Bench::with(20);
    bench.ctis("").succeeds();
    let before = bench.bytes();
    bench.server.state().add(Study::new(21));
    for (matching, fault, words) in [
        ("/search", Fault::Answer(200, "", "text/html", "<html>x</html>"), "a page for people"),
        ("/search", Fault::Answer(200, "", "application/json", "{\"data\": []}"), "no whole JSON"),
        (
            "/search",
            Fault::Answer(200, "", "application/json", "{\"pagination\":{\"totalRecords\":0},\"data\":[]}"),
            "no studies",
        ),
        (
            "/search",
            Fault::Answer(200, "", "application/json", "{\"pagination\":{\"totalRecords\":21},\"data\":[]}"),
            "gave 0",
        ),
        (
            "/search",
            Fault::Answer(200, "", "application/json", "{\"pagination\":{\"totalRecords\":21},\"data\":[{}]}"),
            "no ctNumber",
        ),
        ("/search", Fault::Half, "no whole JSON"),
        ("/retrieve/", Fault::Half, "no whole JSON"),
        ("/retrieve/", Fault::Hang, "no usable answer"),
        (
            "/retrieve/",
            Fault::Answer(200, "", "application/json", "{\"ctNumber\":\"2026-000000-00-00\"}"),
            "it answered with 2026-000000-00-00",
        ),
        ("/retrieve/", Fault::Answer(200, "", "application/json", "{}"), "no study"),
        ("/retrieve/", Fault::Answer(404, "", "application/json", "{}"), "is listed and cannot be retrieved"),
        ("/retrieve/", Fault::Answer(429, "Retry-After: 9999\r\n", "text/plain", ""), "wait for 9999 s"),
    ] {
        bench.server.state().rig(matching, 0, u32::MAX, fault.clone());
        bench.ctis("").fails(&["ctis", words]);
        assert_eq!(bench.bytes(), before, "{fault:?}");
        bench.server.state().clear_faults();
    }
    bench.ctis("").succeeds();
    assert_eq!(bench.trials(), ctis(1..=21));
}

#[test]
fn a_list_of_ctis_that_moves_is_listed_again() {
    let bench = Bench::with(30);
    bench.server.state().after("/search", 2, |state| {
        state.studies.remove(&30);
        state.studies.remove(&1);
        state.add(Study { updated: "2025-01-01".into(), ..Study::new(31) });
    });
    bench.ctis("").succeeds().says(&["counted 30 studies and counts 29 now"]);
    assert_eq!(bench.trials(), ctis((2..=29).chain([31])));

    // As many as before, and others: rows that moved up are missed, and the count of those seen says so.
    let bench = Bench::with(30);
    bench.server.state().after("/search", 2, |state| {
        let first = state.studies.values().max_by_key(|study| study.updated.clone()).unwrap().number;
        state.studies.remove(&first);
        state.add(Study { updated: "2025-01-01".into(), ..Study::new(31) });
    });
    bench.ctis("").succeeds().says(&["beginning again"]);
    assert_eq!(bench.trials().len(), 30);
}

#[test]
fn a_registry_that_fails_does_not_hold_up_the_others() {
    let bench = Bench::with(20);
    bench.server.state().rig("/isrctn/", 0, u32::MAX, Fault::Answer(503, "", "text/plain", "down"));
    let done = bench.fetch("--condition breast");
    let done = done.fails(&["1 of 3 registries not fetched (isrctn)", "the others are published", "503"]);
    let both: Vec<String> = ctis(1..=20).into_iter().chain((1..=20).map(|number| format!("NCT{number:08}"))).collect();
    assert_eq!(bench.trials(), both, "{}", done.said);
    bench.server.state().clear_faults();
    bench.fetch("--condition breast").succeeds().says(&["20 added"]);
    assert_eq!(bench.trials().len(), 60);
}
