//! A fetch that is killed goes on where it stopped: the same bytes in the end, and at most one page twice.

use crate::fetch::Bench;
use crate::registries::{Fault, Study};
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Numbers that look random and are the same on every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// The pages that were asked for more than once.
fn twice(log: &[String]) -> Vec<String> {
    let is_page = |line: &str| {
        line.contains("sort=LastUpdate")
            || line.contains("/retrieve/")
            || (line.contains("limit=") && !line.contains("limit=1&"))
            || line.contains("\"size\":7")
    };
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for line in log.iter().filter(|line| is_page(line)) {
        *counts.entry(line).or_default() += 1;
    }
    let again = counts.into_iter().filter(|(_, count)| *count > 1);
    again.flat_map(|(line, count)| std::iter::repeat_n(line.clone(), count - 1)).collect()
}

fn bench() -> Bench {
    let bench = Bench::with(28);
    (29..=33).for_each(|number| bench.server.state().add(Study::of_solid_tumours(number)));
    bench
}

#[test]
fn killed_at_any_moment_it_goes_on_where_it_stopped() {
    let undisturbed = bench();
    undisturbed.fetch("").succeeds();
    let expected = undisturbed.bytes();
    let requests = undisturbed.server.state().log.clone();
    assert_eq!(twice(&requests), Vec::<String>::new());
    assert!(requests.len() > 60, "{}", requests.len());

    let mut seeded = Seeded(20_261_120);
    let mut unfinished = 0;
    for moment in 0..10 {
        let bench = bench();
        bench.server.state().delay = Duration::from_millis(2);
        // Mostly on the way; at the end, while what was fetched is being published.
        let (request, pause) = match moment {
            0..8 => (1 + seeded.below(requests.len() as u64), seeded.below(5)),
            _ => (requests.len() as u64, seeded.below(400)),
        };
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("trialmatch"))
            .env_remove("TRIALMATCH_INDEX")
            .arg("--index")
            .arg(bench.index())
            .arg("fetch")
            .args(bench.options(""))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while (bench.server.state().log.len() as u64) < request && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(300));
        }
        std::thread::sleep(Duration::from_millis(pause));
        child.kill().unwrap();
        child.wait().unwrap();

        let done = bench.fetch("").succeeds();
        assert_eq!(bench.bytes(), expected, "killed after request {request} and {pause} ms");
        // Killed after it had published, the next run asks for changes.
        if !done.said.contains("changes asked for") {
            unfinished += 1;
            let again = twice(&bench.server.state().log);
            assert!(again.len() <= 1, "killed after request {request} and {pause} ms: {again:#?}");
        }
    }
    assert!(unfinished >= 8, "{unfinished} of ten moments were before the end");
}

#[test]
fn a_run_that_asks_for_something_else_does_not_go_on_with_the_old_one() {
    let bench = Bench::with(33);
    bench.server.state().rig("pageToken", 2, u32::MAX, Fault::Hang);
    bench.ctgov("").fails(&["the next run goes on"]);
    bench.server.state().clear_faults();
    bench.server.state().log.clear();
    bench.ctgov("--status all").succeeds();
    assert_eq!(bench.server.state().asked(&["sort=", "countTotal=true"]), 1, "from the first page");
    // What was begun with other words is forgotten, not mixed in.
    bench.server.state().log.clear();
    bench.ctgov("").succeeds();
    assert_eq!(bench.server.state().asked(&["sort=", "countTotal=true"]), 1);
}

#[test]
fn pages_of_an_older_day_of_the_registry_are_fetched_again() {
    let bench = Bench::with(33);
    bench.server.state().rig("pageToken", 2, u32::MAX, Fault::Hang);
    bench.ctgov("").fails(&["the next run goes on"]);
    {
        let mut state = bench.server.state();
        state.clear_faults();
        state.data_timestamp = Some("2026-11-20T09:00:05".into());
        let study = state.studies.get_mut(&20).unwrap();
        study.title = "Another invented title about breast cancer".into();
    }
    bench.ctgov("").succeeds().says(&["newer data"]);
    assert!(String::from_utf8(bench.bytes()).unwrap().contains("Another invented title"));
}

#[test]
fn a_damaged_staging_area_is_begun_anew() {
    let bench = Bench::with(20);
    bench.server.state().rig("pageToken", 1, u32::MAX, Fault::Hang);
    bench.ctgov("").fails(&["the next run goes on"]);
    bench.server.state().clear_faults();
    let staging = bench.index().join("fetch/staging.sqlite");
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(bench.index().join(format!("fetch/staging.sqlite{ending}")));
    }
    std::fs::write(&staging, "this is no database, and long enough to be taken for one by its size alone").unwrap();
    bench.ctgov("").succeeds();
    assert_eq!(bench.trials().len(), 20);
}

#[test]
fn two_fetches_at_once_do_not_mix() {
    let bench = Bench::with(20);
    std::fs::create_dir_all(bench.index().join("fetch")).unwrap();
    let lock = std::fs::File::options().create(true).append(true).open(bench.index().join("fetch/lock")).unwrap();
    lock.try_lock().unwrap();
    let done = bench.ctgov("");
    assert_eq!(done.status, 2, "{}", done.said);
    done.says(&["another fetch", "is running"]);
    assert_eq!(bench.server.state().log.len(), 0);
}
