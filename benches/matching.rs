//! One patient against 20,000 trials: verdicts and counts, the ranking, and the whole report.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs, reason = "a benchmark that cannot go on stops")]

mod corpus;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use std::sync::LazyLock;
use trialmatch::criteria::{Reading, read_trial};
use trialmatch::matching::{Compiled, Evaluation, evaluate};
use trialmatch::trial::{Age, Trial};

/// How many trials there are.
const TRIALS: usize = 20_000;

fn main() {
    divan::main();
}

/// The trials at hand over and over, each time with another identifier and another age limit.
static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
    let mut trials = corpus::breast();
    trials.extend(corpus::beside("all.ndjson.gz").map(|path| corpus::trials(&path)).unwrap_or_default());
    let read: Vec<(Trial, Reading)> = trials.into_iter().map(|trial| (trial.clone(), read_trial(&trial))).collect();
    let varied = (0..TRIALS).map(|n| {
        let (mut trial, mut reading) = read[n % read.len()].clone();
        let round = n / read.len();
        trial.id = format!("NCT9{n:07}");
        if round > 0 {
            let years = 15 + round % 10;
            trial.minimum_age = Some(Age { text: format!("{years} Years"), years: years as f64 });
            let structured = read_trial(&Trial { eligibility: String::new(), ..trial.clone() }).criteria;
            reading.criteria.retain(|criterion| criterion.span.is_some());
            let fields = structured.into_iter().filter(|c| c.field.as_deref() != Some("eligibilityCriteria"));
            reading.criteria.splice(0..0, fields);
        }
        (trial, reading)
    });
    Compiled::build(varied.collect())
});

/// Verdict and counts of each trial, from the profile.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn verdicts_and_counts(bencher: Bencher<'_, '_>) {
    let patient = corpus::patient();
    let compiled = &*COMPILED;
    bencher
        .counter(ItemsCount::new(TRIALS))
        .bench_local(|| black_box(Evaluation::new(compiled, black_box(&patient)).summaries()));
}

/// The same, best first.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn ranked(bencher: Bencher<'_, '_>) {
    let patient = corpus::patient();
    let compiled = &*COMPILED;
    bencher
        .counter(ItemsCount::new(TRIALS))
        .bench_local(|| black_box(Evaluation::new(compiled, black_box(&patient)).ranked()));
}

/// Every trial explained criterion by criterion, the ineligible too.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn explained(bencher: Bencher<'_, '_>) {
    let patient = corpus::patient();
    let compiled = &*COMPILED;
    bencher.counter(ItemsCount::new(TRIALS)).bench_local(|| black_box(evaluate(compiled, black_box(&patient))));
}
