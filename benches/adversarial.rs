//! Texts that would be slow if any part of reading looked at all of a text for each part of it: 1 MB each, in less
//! than a second.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark that cannot go on stops")]

mod corpus;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use trialmatch::criteria::read_trial;

fn main() {
    divan::main();
}

/// What is repeated; the first line stands once.
const SHAPES: &[(&str, &str)] = &[
    ("commas", "stroke, angina, hypertension, "),
    ("or", "or "),
    ("and_or", "chemotherapy and/or endocrine therapy or "),
    ("negations", "no not without never "),
    ("conditions", "if unless except provided that "),
    ("windows", "within 4 weeks "),
    ("sentences", "ANC >= 1.5 x 10^9/L. "),
    ("semicolons", "platelets >= 100,000/mm3; "),
    ("digits", "12345678901234567890"),
    ("letters", "abcdefghij"),
    ("brackets", "(((((((((("),
    ("closed_brackets", "(a (b (c) d) e) "),
    ("colons", "history of: stroke: "),
    ("numbering", "1. Age 2. Sex 3. ECOG "),
    ("slashes", "ER/PR/HER2/"),
    ("gaps", "LVEF  50% "),
    ("entities", "&lt;&amp;&#8805;"),
    ("bullets", "* stroke\n"),
    ("empty_bullets", "* \n"),
    ("lines", "stroke or\n"),
    ("comparisons", ">= <= "),
    ("receptors", "HER2-positive or ER-positive and "),
    ("drugs", "trastuzumab deruxtecan, palbociclib and "),
    ("unknown_words", "lorem ipsum dolor, "),
];

#[divan::bench(args = SHAPES.iter().map(|(name, _)| *name), sample_count = 1, sample_size = 1)]
fn one_megabyte(bencher: Bencher<'_, '_>, name: &str) {
    let piece = SHAPES.iter().find(|(shape, _)| *shape == name).unwrap().1;
    read(bencher, piece.repeat(1_000_000 / piece.len()));
}

#[divan::bench(sample_count = 1, sample_size = 1)]
fn ever_deeper_bullets(bencher: Bencher<'_, '_>) {
    read(bencher, (0..1_400).map(|depth| format!("{}* stroke\n", " ".repeat(depth))).collect());
}

fn read(bencher: Bencher<'_, '_>, text: String) {
    let mut trial = corpus::breast().into_iter().next().unwrap();
    drop(read_trial(&trial));
    trial.eligibility = format!("Exclusion Criteria:\n\n* {text}");
    bencher.counter(BytesCount::new(trial.eligibility.len())).bench_local(|| black_box(read_trial(black_box(&trial))));
}
