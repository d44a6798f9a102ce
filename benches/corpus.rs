//! What the benchmarks run on: real records where they stand beside the project, else the bundled sample.

use std::path::{Path, PathBuf};
use trialmatch::patient::Profile;
use trialmatch::registry::source::Records;
use trialmatch::store;
use trialmatch::trial::Trial;

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A file beside the project, where it is there.
pub fn beside(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/ctgov").join(path);
    path.exists().then_some(path)
}

/// The breast cancer trials.
#[allow(dead_code, reason = "each benchmark uses a part of this file")]
pub fn breast() -> Vec<Trial> {
    match beside("breast.ndjson.gz") {
        Some(path) => trials(&path),
        None => store::sample().compiled.trials.into_iter().map(|compiled| compiled.trial).collect(),
    }
}

/// The trials of a file.
#[allow(dead_code, reason = "each benchmark uses a part of this file")]
pub fn trials(path: &Path) -> Vec<Trial> {
    Records::open(path).unwrap().filter_map(|record| record.unwrap().trial().ok()).collect()
}

/// An invented patient with a long history.
#[allow(dead_code, reason = "each benchmark uses a part of this file")]
pub fn patient() -> Profile {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/patients/hr-positive-after-cdk46.json");
    Profile::from_path(&path).unwrap()
}
