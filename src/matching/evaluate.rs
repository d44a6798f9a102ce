//! One patient against all trials of a snapshot.

use crate::criteria::answer::{Answer, Truth};
use crate::matching::explain::{because, outcome};
use crate::matching::outcome::{CriterionResult, Outcome, TrialMatch, Verdict};
use crate::matching::program::{Compiled, CompiledTrial};
use crate::patient::Profile;
use crate::patient::facts::Facts;
use std::cmp::Reverse;

/// The verdict of one trial with its counts, without the explanations.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The trial's place in the snapshot.
    pub trial: usize,
    /// The best verdict of its cohorts.
    pub verdict: Verdict,
    /// Criteria by outcome, in the order of [`Outcome`].
    pub counts: [u16; 6],
    /// Share of clinical criteria that are settled in the patient's favour.
    pub score: f64,
}

/// Evaluates a patient against all trials: verdicts and counts, in the order of the snapshot.
pub fn summaries(compiled: &Compiled, truths: &[Truth]) -> Vec<Summary> {
    compiled.trials.iter().enumerate().map(|(index, trial)| summary(index, trial, truths)).collect()
}

fn summary(index: usize, trial: &CompiledTrial, truths: &[Truth]) -> Summary {
    let mut counts = [0u16; 6];
    let mut common = Verdict::Eligible;
    let mut cohorts = vec![Verdict::Eligible; trial.cohorts.len()];
    for criterion in &trial.criteria {
        let truth = truths.get(criterion.node as usize).copied().unwrap_or(Truth::Unread);
        let (outcome, _) = outcome(criterion, truth);
        if let Some(count) = counts.get_mut(outcome as usize) {
            *count += 1;
        }
        let verdict = verdict_of(outcome);
        match criterion.cohort.and_then(|c| cohorts.get_mut(c as usize)) {
            Some(cohort) => *cohort = (*cohort).max(verdict),
            None => common = common.max(verdict),
        }
    }
    Summary { trial: index, verdict: best(common, &cohorts), counts, score: score(&counts) }
}

fn verdict_of(outcome: Outcome) -> Verdict {
    match outcome {
        Outcome::Fail => Verdict::Ineligible,
        Outcome::Unknown | Outcome::Unread => Verdict::Possible,
        Outcome::Wait | Outcome::Confirm | Outcome::Pass => Verdict::Eligible,
    }
}

/// The best of the cohorts. Where the text names a single one, others stand unnamed beside it, so that a criterion
/// which binds it alone never excludes from the trial.
fn best(common: Verdict, cohorts: &[Verdict]) -> Verdict {
    match cohorts {
        [] => common,
        [only] => common.max((*only).min(Verdict::Possible)),
        _ => cohorts.iter().map(|c| common.max(*c)).min().unwrap_or(common),
    }
}

/// Settled share: criteria that pass over all that a clinical fact could settle; `confirm` counts for neither.
fn score(counts: &[u16; 6]) -> f64 {
    let of = |outcome: Outcome| f64::from(counts.get(outcome as usize).copied().unwrap_or(0));
    let clinical =
        of(Outcome::Pass) + of(Outcome::Fail) + of(Outcome::Wait) + of(Outcome::Unknown) + of(Outcome::Unread);
    if clinical == 0.0 {
        0.0
    } else {
        ((of(Outcome::Pass) + of(Outcome::Wait)) / clinical * 10_000.0).round() / 10_000.0
    }
}

/// Evaluates a patient against all trials, ranked, each criterion explained.
///
/// Rank: verdict; then the settled share; then recruiting before not yet recruiting before the rest; then the later
/// phase; then the identifier.
pub fn evaluate<'c>(compiled: &'c Compiled, profile: &Profile) -> Vec<TrialMatch<'c>> {
    let facts = Facts::new(profile);
    let answers = compiled.answers(&facts);
    let truths = compiled.run(&answers);
    let mut ranked = summaries(compiled, &truths);
    ranked.sort_by_cached_key(|s| {
        let trial = compiled.trials.get(s.trial).map(|t| &t.trial);
        (
            s.verdict,
            Reverse((s.score * 10_000.0) as u32),
            trial.map_or(9, |t| recruiting(&t.status)),
            Reverse(trial.and_then(|t| t.phases.iter().max().cloned())),
            s.trial,
        )
    });
    ranked
        .iter()
        .filter_map(|s| compiled.trials.get(s.trial).map(|trial| explained(compiled, trial, s, &answers, &truths)))
        .collect()
}

/// Evaluates a patient against one trial.
pub fn evaluate_trial<'c>(compiled: &'c Compiled, trial: &'c CompiledTrial, profile: &Profile) -> TrialMatch<'c> {
    let facts = Facts::new(profile);
    let answers = compiled.answers(&facts);
    let truths = compiled.run(&answers);
    let summary = summary(0, trial, &truths);
    explained(compiled, trial, &summary, &answers, &truths)
}

/// Open to patients first.
fn recruiting(status: &str) -> u8 {
    match status {
        "RECRUITING" => 0,
        "ENROLLING_BY_INVITATION" => 1,
        "NOT_YET_RECRUITING" => 2,
        "AVAILABLE" => 3,
        "ACTIVE_NOT_RECRUITING" => 4,
        "UNKNOWN" | "" => 5,
        _ => 6,
    }
}

fn explained<'c>(
    compiled: &'c Compiled,
    trial: &'c CompiledTrial,
    summary: &Summary,
    answers: &[Answer],
    truths: &[Truth],
) -> TrialMatch<'c> {
    let characters: Vec<char> = trial.trial.eligibility.chars().collect();
    let mut earliest = None;
    let mut asks: Vec<(String, usize)> = Vec::new();
    let mut cohorts = vec![Verdict::Eligible; trial.cohorts.len()];
    let mut common = Verdict::Eligible;
    let mut criteria = Vec::with_capacity(trial.criteria.len());
    for criterion in &trial.criteria {
        let truth = truths.get(criterion.node as usize).copied().unwrap_or(Truth::Unread);
        let (outcome, clears_on) = outcome(criterion, truth);
        let (evidence, missing) = because(compiled, answers, truths, criterion.node);
        earliest = earliest.max(clears_on);
        if outcome == Outcome::Unknown {
            for name in &missing {
                match asks.iter_mut().find(|(n, _)| n == name) {
                    Some((_, count)) => *count += 1,
                    None => asks.push((name.clone(), 1)),
                }
            }
        }
        match criterion.cohort.and_then(|c| cohorts.get_mut(c as usize)) {
            Some(cohort) => *cohort = (*cohort).max(verdict_of(outcome)),
            None => common = common.max(verdict_of(outcome)),
        }
        let text = match criterion.span {
            Some(span) => characters.get(span.start as usize..span.end as usize).unwrap_or_default().iter().collect(),
            None => criterion.text.clone(),
        };
        criteria.push(CriterionResult {
            section: criterion.section,
            span: criterion.span,
            field: criterion.field.clone(),
            text,
            outcome,
            clears_on,
            cohort: criterion.cohort.and_then(|c| trial.cohorts.get(c as usize).cloned()),
            reading: criterion.reading.clone(),
            evidence,
            missing: if outcome == Outcome::Unknown { missing } else { Vec::new() },
            unread_spans: criterion.unread.clone(),
            notes: criterion.notes.clone(),
        });
    }
    asks.sort_by_key(|(name, count)| (Reverse(*count), name.clone()));
    TrialMatch {
        trial: &trial.trial,
        verdict: summary.verdict,
        score: summary.score,
        criteria,
        cohorts: trial.cohorts.iter().cloned().zip(cohorts.iter().map(|c| common.max(*c))).collect(),
        earliest_start: earliest.filter(|_| summary.verdict != Verdict::Ineligible),
        ask: asks.into_iter().map(|(name, _)| name).collect(),
        nearest_site: None,
    }
}
