//! `trialmatch fetch` against a server on this machine: the right result or a clear failure, and the old snapshot
//! still served.

use crate::registries::{Fault, Registries, Study};
use crate::{PATIENT, file, program};
use std::path::PathBuf;

/// A proxy that nobody runs: a request that took it, and so left this machine, would fail.
const DEAD_PROXY: [(&str, &str); 2] = [("HTTP_PROXY", "http://127.0.0.1:1"), ("ALL_PROXY", "http://127.0.0.1:1")];

/// An index of its own, and a server to fill it from.
pub struct Bench {
    folder: tempfile::TempDir,
    pub server: Registries,
}

/// How a fetch ended.
pub struct Done {
    pub status: i32,
    pub said: String,
}

impl Bench {
    pub fn with(studies: u32) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), server: Registries::with(studies) }
    }

    pub fn index(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    pub fn fetch(&self, options: &str) -> Done {
        let done = program(&self.index()).arg("fetch").args(self.options(options)).envs(DEAD_PROXY).output().unwrap();
        assert_eq!(String::from_utf8(done.stdout).unwrap(), "", "standard output is data");
        Done { status: done.status.code().unwrap(), said: String::from_utf8(done.stderr).unwrap() }
    }

    /// The given options, and the server's for the rest.
    pub fn options(&self, given: &str) -> Vec<String> {
        let given: Vec<String> = given.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let own = self.server.options();
        let own = own.chunks(2).filter(|pair| pair[0] == "--base-url" || !given.contains(&pair[0]));
        own.flatten().cloned().chain(given.iter().cloned()).collect()
    }

    /// Fetches from ClinicalTrials.gov alone, by one query.
    pub fn ctgov(&self, options: &str) -> Done {
        self.fetch(&format!("--registry ctgov --condition breast {options}"))
    }

    /// What a match of all trials says.
    fn matched(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes()).unwrap()
    }

    pub fn bytes(&self) -> Vec<u8> {
        let patient = file(self.folder.path(), "patient.json", PATIENT);
        let done =
            program(&self.index()).arg("match").arg(patient).args(["--all", "--format", "json"]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    }

    /// The identifiers of all trials, in order.
    pub fn trials(&self) -> Vec<String> {
        let report = self.matched();
        let matches = report["matches"].as_array().unwrap();
        let mut ids: Vec<String> = matches.iter().map(|row| row["trial"]["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    }

    fn status_of(&self, id: &str) -> String {
        let report = self.matched();
        let row = report["matches"].as_array().unwrap().iter().find(|row| row["trial"]["id"] == id).cloned();
        row.map(|row| row["trial"]["status"].as_str().unwrap().to_owned()).unwrap_or_default()
    }
}

fn nct(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    numbers.into_iter().map(|number| format!("NCT{number:08}")).collect()
}

impl Done {
    pub fn succeeds(self) -> Self {
        assert_eq!(self.status, 0, "{}", self.said);
        self
    }

    pub fn fails(self, words: &[&str]) -> Self {
        assert_eq!(self.status, 3, "{}", self.said);
        self.says(words)
    }

    pub fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.said.contains(word), "{word} is not in: {}", self.said);
        }
        self
    }
}

#[test]
fn all_pages_of_both_usual_queries_are_published() {
    let bench = Bench::with(40);
    (41..=50).for_each(|number| bench.server.state().add(Study::of_solid_tumours(number)));
    bench.server.state().add(Study { status: "COMPLETED", ..Study::new(90) });
    bench.fetch("--registry ctgov").succeeds().says(&[
        "40 studies",
        "10 studies",
        "50 added",
        "the index holds 50 trials",
    ]);
    assert_eq!(bench.trials(), nct(1..=50));
    assert_eq!(bench.matched()["snapshot"]["fetched"], "2026-11-20");
    assert_eq!(bench.server.state().asked(&["pageToken"]), 6, "pages of 7 after the first ones");
}

#[test]
fn trouble_that_passes_is_waited_out() {
    for fault in [
        Fault::Answer(500, "", "text/plain", "oops"),
        Fault::Answer(503, "Retry-After: 0\r\n", "text/html", "<html><body>busy</body></html>"),
        Fault::Answer(429, "Retry-After: 1\r\n", "text/plain", "too many requests"),
        Fault::RetryAt(1),
        Fault::Answer(200, "", "text/html", "<!DOCTYPE html><html><body>maintenance</body></html>"),
        Fault::Answer(200, "", "application/json", ""),
        Fault::Answer(200, "", "application/json", "{\"error\": \"none\"}"),
        Fault::Cut,
        Fault::Half,
        Fault::Hang,
    ] {
        let bench = Bench::with(20);
        bench.server.state().rig("sort=", 1, 2, fault.clone());
        let done = bench.ctgov("").succeeds().says(&["asking again"]);
        assert_eq!(bench.trials(), nct(1..=20), "{fault:?}: {}", done.said);
        assert_eq!(bench.server.state().asked(&["sort="]), 5, "{fault:?}: three pages, one of them three times");
    }
}

#[test]
fn trouble_that_stays_fails_with_3_and_leaves_the_old_snapshot() {
    let bench = Bench::with(20);
    bench.ctgov("").succeeds();
    let before = bench.bytes();
    (21..=30).for_each(|number| bench.server.state().add(Study::new(number)));
    let many = u32::MAX;
    for (fault, options, words) in [
        (Fault::Answer(500, "", "text/plain", "oops"), "", vec!["500", "oops", "the next run goes on"]),
        (Fault::Answer(429, "Retry-After: 7200\r\n", "text/plain", "slow down"), "", vec!["429", "wait for 7200 s"]),
        (Fault::RetryAt(9000), "", vec!["429", "wait for 9000 s"]),
        (Fault::Answer(200, "", "text/html", "<!DOCTYPE html><html>x</html>"), "", vec!["a page for people"]),
        (Fault::Answer(200, "", "application/json", ""), "", vec!["answered nothing"]),
        (Fault::Half, "", vec!["no whole JSON"]),
        (Fault::Cut, "", vec!["no usable answer from http://127.0.0.1"]),
        (Fault::Hang, "", vec!["no usable answer"]),
        (Fault::Slow, "--timeout 0.3 --retries 1", vec!["silent or slow"]),
        (
            Fault::Answer(400, "", "text/plain", "Error parsing query in Conditions or disease"),
            "",
            vec!["400", "Error parsing query"],
        ),
        (
            Fault::Answer(301, "Location: http://127.0.0.2:9/api/v2/studies\r\n", "text/plain", ""),
            "",
            vec!["own host only"],
        ),
        (Fault::Answer(301, "Location: /api/v2/studies?sort=round\r\n", "text/plain", ""), "", vec!["in a circle"]),
        (Fault::Answer(200, "", "application/json", "{\"studies\": [], \"totalCount\": 0}"), "", vec!["no studies"]),
        (Fault::Answer(404, "", "text/plain", "gone"), "", vec!["no such page"]),
    ] {
        bench.server.state().rig("sort=", 0, many, fault.clone());
        let done = bench.ctgov(&format!("--full {options}")).fails(&["ctgov", "the index is as it was"]).says(&words);
        assert_eq!(bench.bytes(), before, "{fault:?}: {}", done.said);
        bench.server.state().clear_faults();
    }
    bench.ctgov("").succeeds();
    assert_eq!(bench.trials(), nct(1..=30));
}

#[test]
fn a_registry_that_does_not_date_its_data_is_fetched_all_the_same() {
    let bench = Bench::with(20);
    bench.server.state().data_timestamp = None;
    bench.ctgov("").succeeds();
    bench.server.state().rig("/version", 0, u32::MAX, Fault::Answer(404, "", "text/plain", "not found"));
    bench.ctgov("").succeeds();
    assert_eq!(bench.trials(), nct(1..=20));
    // The day of the last run takes its place.
    assert_eq!(bench.server.state().asked(&["sort=", "RANGE[2026-11-18,MAX]"]), 1);
}

#[test]
fn an_answer_that_is_too_large_is_not_taken() {
    let bench = Bench::with(20);
    bench.ctgov("--largest-answer 2000").fails(&["larger than 2000 bytes"]);
    // It is the size of what is packed that counts.
    bench.server.state().packed = true;
    bench.ctgov("--largest-answer 2000").fails(&["larger than 2000 bytes"]);
    bench.ctgov("").succeeds();
}

#[test]
fn empty_pages_in_the_middle_are_no_end() {
    let bench = Bench::with(20);
    bench.server.state().empty_before = vec![0, 1, 3];
    bench.ctgov("").succeeds();
    assert_eq!(bench.trials(), nct(1..=20));
}

#[test]
fn a_walk_that_never_ends_is_ended_by_the_count() {
    let bench = Bench::with(14);
    bench.server.state().endless = true;
    bench.ctgov("").succeeds();
    assert_eq!(bench.trials(), nct(1..=14));
}

#[test]
fn studies_that_are_counted_and_not_given_make_no_whole() {
    let bench = Bench::with(14);
    bench.ctgov("").succeeds();
    let before = bench.bytes();
    (15..=30).for_each(|number| bench.server.state().add(Study::new(number)));
    bench.server.state().withheld = vec![3, 19];
    for endless in [false, true] {
        bench.server.state().endless = endless;
        bench.ctgov("--full").fails(&["not whole", "counts 30 studies and gave 28"]);
        assert_eq!(bench.bytes(), before);
    }
    // The changes alone do not add up either, and the whole is asked for.
    bench.ctgov("").fails(&["not whole"]);
    assert_eq!(bench.bytes(), before);
}

#[test]
fn a_token_that_comes_again_is_no_way_on() {
    let bench = Bench::with(30);
    bench.server.state().same_token_at = vec![2];
    bench.ctgov("").fails(&["not whole", "counts 30 studies and gave 21"]);
    bench.server.state().same_token_at.clear();
    bench.ctgov("").succeeds();
    assert_eq!(bench.trials(), nct(1..=30));
}

#[test]
fn a_token_that_the_registry_forgets_begins_the_walk_again() {
    let bench = Bench::with(30);
    bench.server.state().rig("pageToken", 1, 1, Fault::Answer(400, "", "text/plain", "Page token is not valid"));
    bench.ctgov("").succeeds().says(&["beginning again"]);
    assert_eq!(bench.trials(), nct(1..=30));
}

#[test]
fn what_changes_on_the_way_begins_the_walk_again() {
    let bench = Bench::with(30);
    bench.server.state().after("pageToken", 2, |state| {
        state.add(Study { updated: "2025-01-01".into(), ..Study::new(77) });
    });
    bench.ctgov("").succeeds().says(&["counted 30 studies and counts 31 now", "beginning again"]);
    assert_eq!(bench.trials().len(), 31);

    let bench = Bench::with(30);
    bench.server.state().after("pageToken", 2, |state| {
        state.data_timestamp = Some("2026-11-20T09:00:05".into());
        state.studies.get_mut(&4).unwrap().title = "Another invented title about breast cancer".into();
    });
    bench.ctgov("").succeeds().says(&["data changed on the way"]);
    let titles = bench.matched().to_string();
    assert!(titles.contains("Another invented title"), "{titles}");
}

#[test]
fn a_study_on_two_pages_counts_once() {
    let bench = Bench::with(20);
    // The same study in the place of another one: as many records as counted, and one study is missing.
    bench.server.state().rig("sort=", 0, 3, Fault::Replace("\"nctId\":\"NCT00000009\"", "\"nctId\":\"NCT00000018\""));
    bench.ctgov("--page-size 20").fails(&["not whole", "counts 20 studies and gave 19"]);
}

#[test]
fn only_changes_are_asked_for_and_closed_studies_heard_of() {
    let bench = Bench::with(60);
    bench.ctgov("").succeeds().says(&["all asked for"]);
    {
        let mut state = bench.server.state();
        state.log.clear();
        state.data_timestamp = Some("2026-11-20T09:00:05".into());
        for (number, status) in [(5, "COMPLETED"), (6, "RECRUITING")] {
            let study = state.studies.get_mut(&number).unwrap();
            study.status = status;
            study.updated = "2026-11-20".into();
        }
        state.add(Study { updated: "2026-11-19".into(), ..Study::new(61) });
        state.add(Study { updated: "2026-11-19".into(), status: "COMPLETED", ..Study::new(62) });
    }
    bench.ctgov("").succeeds().says(&["changes asked for", "1 added, 2 updated", "60 studies"]);
    assert_eq!(bench.trials(), nct(1..=61), "a study that was never open is not taken");
    assert_eq!(bench.status_of("NCT00000005"), "COMPLETED");
    assert_eq!(bench.server.state().asked(&["sort=", "RANGE[2026-11-17,MAX]"]), 1);
    assert_eq!(bench.server.state().asked(&["sort="]), 1);
    bench.ctgov("").succeeds().says(&["0 added, 0 updated"]);
}

#[test]
fn what_left_the_registry_is_found_when_the_changes_do_not_add_up() {
    let bench = Bench::with(60);
    bench.ctgov("").succeeds();
    {
        let mut state = bench.server.state();
        state.studies.remove(&7);
        // Merged into another study, whose record now names it.
        state.studies.remove(&8);
        state.studies.get_mut(&9).unwrap().aliases.push("NCT00000008".into());
        // Closed without any sign of a change.
        state.studies.get_mut(&10).unwrap().status = "COMPLETED";
    }
    bench.ctgov("").succeeds().says(&["asking for everything", "57 studies", "no longer has them: 2"]);
    assert_eq!(bench.trials(), nct((1..=60).filter(|number| ![7, 8].contains(number))));
    assert_eq!(bench.status_of("NCT00000010"), "COMPLETED");
}

#[test]
fn far_fewer_studies_are_refused_until_they_are_accepted() {
    let bench = Bench::with(60);
    bench.ctgov("").succeeds();
    let before = bench.bytes();
    (1..=4).for_each(|number| drop(bench.server.state().studies.remove(&number)));
    for options in ["", "--full"] {
        bench.ctgov(options).fails(&["has 56 studies", "had 60", "--accept-shrink"]);
        assert_eq!(bench.bytes(), before);
    }
    bench.ctgov("--accept-shrink").succeeds().says(&["no longer has them: 4"]);
    assert_eq!(bench.trials(), nct(5..=60));
    bench.server.state().studies.clear();
    bench.ctgov("").fails(&["no studies"]);
    assert_eq!(bench.trials(), nct(5..=60));
}

#[test]
fn missing_fields_and_new_words_stop_nothing() {
    let bench = Bench::with(6);
    bench.server.state().rig(
        "sort=",
        0,
        1,
        Fault::Replace("\"overallStatus\":\"RECRUITING\"", "\"overallStatus\":\"PAUSED_FOR_NOW\""),
    );
    bench.ctgov("").succeeds();
    assert_eq!(bench.trials(), nct(1..=6));

    for (field, other, refused) in [
        ("\"overallStatus\":\"RECRUITING\",", "", 0),
        ("\"sex\":\"ALL\",\"minimumAge\":\"18 Years\"", "\"sex\":\"ANY\"", 0),
        ("\"nctId\":\"NCT00000001\",", "", 1),
        ("\"protocolSection\"", "\"otherSection\"", 1),
        ("18 Years", "grown up", 1),
    ] {
        let bench = Bench::with(6);
        bench.server.state().rig("sort=", 0, 1, Fault::Replace(field, other));
        bench.ctgov("").succeeds().says(&[&format!("{refused} refused")]);
        assert_eq!(bench.trials().len(), 6 - refused, "{field}");
    }
}

#[test]
fn bad_usage_ends_with_2_before_anything_is_asked() {
    let bench = Bench::with(1);
    for (options, words) in [
        ("--base-url ctgov=http://example.org/api", "https"),
        ("--base-url other=https://example.org/api", "ctgov, isrctn or ctis"),
        ("--base-url ctgov=https://example.org/api", "on this machine only"),
        ("--status recruting", "did you mean RECRUITING"),
        ("--registry ictrp", "trialmatch import"),
        ("--registry ctgof", "ctgov"),
        ("--rate 0", "requests a second"),
        ("--timeout 0", "seconds"),
        ("--condition=", "empty"),
    ] {
        let done = bench.fetch(options);
        assert_eq!(done.status, 2, "{options}: {}", done.said);
        done.says(&[words]);
    }
    assert_eq!(bench.server.state().log.len(), 0);
}
