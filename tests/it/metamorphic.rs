//! Rewrites that keep the meaning of a text keep every outcome and verdict.

use crate::rewrites::REWRITES;
use crate::safety::{PATIENTS, TRIALS, hold, profile};
use rayon::prelude::*;
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

/// Of the real trials, one in so many is rewritten, always the same ones.
const EACH: usize = 7;

/// How many of a hundred real texts a rewrite may read in another way. What is left are texts in which a line, a bracket
/// or a list already stands where a reader must guess; no sample may change at all.
const TOLERATED: usize = 4;

#[test]
fn rewrites_that_keep_the_meaning_keep_the_outcomes() {
    assert!(REWRITES.len() >= 20);
    let profiles: Vec<Profile> = PATIENTS.values().map(profile).collect();
    let [samples, real] = &*TRIALS;
    let trials: Vec<(bool, &(Trial, Reading))> = samples
        .iter()
        .map(|trial| (true, trial))
        .chain(real.iter().step_by(EACH).map(|trial| (false, trial)))
        .collect();
    let results: Vec<(usize, bool, bool, Option<Change>)> = (0..REWRITES.len())
        .flat_map(|rewrite| trials.iter().map(move |trial| (rewrite, *trial)))
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|(rewrite, (sample, (trial, reading)))| {
            let text = (REWRITES[rewrite].1)(&trial.eligibility);
            let differs = text != trial.eligibility;
            (rewrite, sample, differs, differs.then(|| change(trial, reading, text, &profiles)).flatten())
        })
        .collect();
    let mut wrong = Vec::new();
    for (at, (name, _)) in REWRITES.iter().enumerate() {
        let of_rewrite = || results.iter().filter(|(rewrite, ..)| *rewrite == at);
        let applied = of_rewrite().filter(|(_, _, differs, _)| *differs).count();
        let broken: Vec<_> =
            of_rewrite().filter_map(|(_, sample, _, change)| change.as_ref().map(|c| (*sample, c))).collect();
        let verdicts = broken.iter().filter(|(_, change)| change.verdict).count();
        println!("{name}: {applied} texts, {} read otherwise, {verdicts} with another verdict", broken.len());
        let rewrites = |(trial, _): &(Trial, Reading)| (REWRITES[at].1)(&trial.eligibility) != trial.eligibility;
        assert!(applied > 0 || real.is_empty() || real.iter().any(rewrites), "{name} rewrites nothing");
        let tolerated = applied * TOLERATED / 100 + 1;
        if broken.iter().any(|(sample, _)| *sample) || broken.len() > tolerated || verdicts > 1 {
            wrong.extend(broken.iter().map(|(_, change)| format!("{name}: {}", change.said)));
        }
    }
    hold("a rewrite that keeps the meaning keeps every outcome", wrong);
}
