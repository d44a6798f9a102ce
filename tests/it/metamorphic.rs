//! Rewrites that keep the meaning of a text keep every outcome and verdict.

use crate::rewrites::REWRITES;
use crate::safety::{PATIENTS, TRIALS, profile};
use rayon::prelude::*;
use std::collections::BTreeMap;
use trialmatch::criteria::{Criterion, Reading, Requirement, Section, read_trial};
use trialmatch::matching::{Compiled, Outcome, Verdict, evaluate};
use trialmatch::patient::Profile;
use trialmatch::trial::{Span, Trial};

/// A requirement without the places in the text.
pub fn placeless(requirement: &Requirement) -> Requirement {
    let nowhere = Span { start: 0, end: 0 };
    let each = |members: &[Requirement]| members.iter().map(placeless).collect();
    match requirement {
        Requirement::All(members) => Requirement::All(each(members)),
        Requirement::Any(members) => Requirement::Any(each(members)),
        Requirement::AtLeast(count, members) => Requirement::AtLeast(*count, each(members)),
        Requirement::Not(inner) => Requirement::Not(Box::new(placeless(inner))),
        Requirement::Judged(inner) => Requirement::Judged(Box::new(placeless(inner))),
        Requirement::Partly(inner, _) => Requirement::Partly(Box::new(placeless(inner)), Vec::new()),
        Requirement::Unread(_) => Requirement::Unread(nowhere),
        other => other.clone(),
    }
}

/// What a criterion asks, of whom, wherever it stands.
fn asked(criterion: &Criterion) -> (Section, Option<String>, Requirement) {
    (criterion.section, criterion.cohort.clone(), placeless(&criterion.requirement))
}

/// The verdict and the outcomes of every profile, in order.
fn outcomes(trial: &Trial, reading: Reading, profiles: &[Profile]) -> Vec<(Verdict, Vec<Outcome>)> {
    let compiled = Compiled::build(vec![(trial.clone(), reading)]);
    let found = profiles.iter().flat_map(|profile| evaluate(&compiled, profile));
    found.map(|found| (found.verdict, found.criteria.iter().map(|c| c.outcome).collect())).collect()
}

const EACH: usize = 5;

/// What a rewrite changed in one trial.
#[derive(Default)]
struct Change {
    verdict: bool,
    said: String,
}

fn change(trial: &Trial, reading: &Reading, text: String, profiles: &[Profile]) -> Option<Change> {
    let rewritten = Trial { eligibility: text, ..trial.clone() };
    let anew = read_trial(&rewritten);
    let before: Vec<_> = reading.criteria.iter().map(asked).collect();
    let after: Vec<_> = anew.criteria.iter().map(asked).collect();
    if before == after {
        return None;
    }
    let was = outcomes(trial, reading.clone(), profiles);
    let is = outcomes(&rewritten, anew.clone(), profiles);
    if was == is {
        return None;
    }
    let words = |trial: &Trial, criterion: &Criterion| match criterion.span {
        Some(span) => {
            trial.eligibility.chars().skip(span.start as usize).take((span.end - span.start) as usize).collect()
        }
        None => String::new(),
    };
    let at = before.iter().zip(&after).position(|(a, b)| a != b).unwrap_or(before.len().min(after.len()));
    let show = |trial: &Trial, reading: &Reading| match reading.criteria.get(at) {
        Some(c) => format!("{:?} {:?}\n      {}", c.section, words(trial, c), c.say()),
        None => "nothing".to_owned(),
    };
    Some(Change {
        verdict: was.iter().zip(&is).any(|(was, is)| was.0 != is.0),
        said: format!(
            "{} {} -> {}\n   {}\n   {}",
            trial.id,
            before.len(),
            after.len(),
            show(trial, reading),
            show(&rewritten, &anew)
        ),
    })
}

#[test]
fn rewrites_that_keep_the_meaning_keep_the_outcomes() {
    let profiles: Vec<Profile> = PATIENTS.values().map(profile).collect();
    let only = std::env::var("REWRITE").unwrap_or_default();
    let mut failed = String::new();
    for (name, rewrite) in REWRITES.iter().filter(|(name, _)| name.contains(&only)) {
        let trials: Vec<&(Trial, Reading)> = TRIALS.iter().flat_map(|trials| trials.iter().step_by(EACH)).collect();
        let changed: Vec<(bool, Option<Change>)> = trials
            .par_iter()
            .map(|(trial, reading)| {
                let text = rewrite(&trial.eligibility);
                let differs = text != trial.eligibility;
                (differs, differs.then(|| change(trial, reading, text, &profiles)).flatten())
            })
            .collect();
        let applied = changed.iter().filter(|(differs, _)| *differs).count();
        let broken: Vec<&Change> = changed.iter().filter_map(|(_, change)| change.as_ref()).collect();
        let verdicts = broken.iter().filter(|change| change.verdict).count();
        eprintln!("{name}: {applied} {} {verdicts}", broken.len());
        failed += &format!("## {name}: {applied} texts, {} changed, {verdicts} verdicts\n", broken.len());
        for change in broken.iter().take(12) {
            failed += &format!("  {}\n", change.said);
        }
    }
    println!("{failed}");
    let _ = BTreeMap::<u8, u8>::new();
}
