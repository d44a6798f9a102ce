//! Eligibility text to criteria, in bytes a second on one core.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark that cannot go on stops")]

mod corpus;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use trialmatch::criteria::read_trial;

fn main() {
    divan::main();
}

/// All breast cancer trials, one after the other.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn eligibility_texts(bencher: Bencher<'_, '_>) {
    let trials = corpus::breast();
    let bytes: usize = trials.iter().map(|trial| trial.eligibility.len()).sum();
    // The vocabulary is loaded once a process.
    trials.iter().take(3).for_each(|trial| drop(read_trial(trial)));
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        for trial in &trials {
            black_box(read_trial(black_box(trial)));
        }
    });
}
