//! From the start of the program to its first result, as a person at a terminal waits for it.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark that cannot go on stops")]

mod corpus;

use divan::Bencher;
use std::path::Path;
use std::process::{Command, Stdio};

fn main() {
    divan::main();
}

/// One patient against the breast cancer trials, or the bundled sample where they are not at hand.
#[divan::bench(sample_count = 15, sample_size = 1)]
fn match_one_patient(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let program = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trialmatch"));
        command.arg("--index").arg(&index).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    if let Some(path) = corpus::beside("breast.ndjson.gz") {
        assert!(program().args(["import", "--fetched", "2026-10-30"]).arg(path).status().unwrap().success());
    }
    let patient = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/patients/hr-positive-after-cdk46.json");
    bencher.bench_local(|| assert!(program().arg("match").arg(&patient).status().unwrap().success()));
}
