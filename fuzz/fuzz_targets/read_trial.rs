//! Any text is read without a panic, and every visible character of it belongs to a criterion or a heading.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use trialmatch::criteria::read_trial;
use trialmatch::trial::Trial;

static TRIAL: LazyLock<Trial> =
    LazyLock::new(|| trialmatch::store::sample().compiled.trials.first().expect("there are samples").trial.clone());

fuzz_target!(|text: &str| {
    let trial = Trial { eligibility: text.to_owned(), ..TRIAL.clone() };
    let reading = read_trial(&trial);
    let mut held = vec![false; text.chars().count()];
    let spans = reading.criteria.iter().filter_map(|c| c.span).chain(reading.headings.iter().copied());
    for span in spans {
        held[span.start as usize..span.end as usize].fill(true);
    }
    for (at, c) in text.chars().enumerate() {
        assert!(c.is_whitespace() || held[at], "{c:?} at {at} is in no criterion and no heading");
    }
    for criterion in &reading.criteria {
        assert!(!criterion.say().is_empty());
    }
});
