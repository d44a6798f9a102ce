//! A registry file into an empty index: records kept, read, compiled, indexed and published.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark that cannot go on stops")]

mod corpus;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use jiff::civil::date;
use std::path::Path;
use trialmatch::store::{ImportOptions, NoProgress, Store, import};

fn main() {
    divan::main();
}

/// All breast cancer trials, or the bundled sample where they are not at hand.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn registry_file(bencher: Bencher<'_, '_>) {
    let files = [corpus::beside("breast.ndjson.gz")
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/registry/ctgov"))];
    let options = ImportOptions { fetched: date(2026, 10, 30) };
    bencher
        .with_inputs(|| tempfile::tempdir().unwrap())
        .input_counter(|_| ItemsCount::new(corpus::breast().len()))
        .bench_local_values(|folder| {
            let mut store = Store::open(&folder.path().join("index")).unwrap();
            black_box(import::import(&mut store, &files, &options, &NoProgress).unwrap());
            folder
        });
}
