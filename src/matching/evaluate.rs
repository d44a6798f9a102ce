//! One patient against all trials of a snapshot.

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::facts::Facts;
use crate::matching::explain::{because, outcome};
use crate::matching::outcome::{CriterionResult, Outcome, TrialMatch, Verdict};
use crate::matching::program::{Compiled, CompiledTrial, Root};
use crate::matching::sites::{Home, Nearest};
use crate::patient::Profile;
use jiff::civil::Date;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::sync::OnceLock;

/// The fewest trials that are worth handing to a thread.
const TRIALS_A_TASK: usize = 4096;

/// The verdict of one trial with its counts, without the explanations.
#[derive(Clone, Debug)]
pub struct Summary<'c> {
    /// The trial.
    pub trial: &'c CompiledTrial,
    /// The best verdict of its cohorts.
    pub verdict: Verdict,
    /// Criteria by outcome, in the order of [`Outcome`].
    pub counts: [u16; 6],
    /// Share of clinical criteria that are settled in the patient's favour.
    pub score: f64,
    /// The latest date on which a running interval ends; `None` where the trial is ineligible.
    pub earliest_start: Option<Date>,
    /// The nearest open site.
    pub nearest_site: Option<Nearest>,
}

/// One patient against a snapshot: every question answered, every requirement run, nothing explained yet.
#[derive(Debug)]
pub struct Evaluation<'c, 'p> {
    compiled: &'c Compiled,
    facts: Facts<'p>,
    /// The answers with their reasons, each made when a trial that asks it is explained.
    answers: OnceLock<Vec<OnceLock<Answer>>>,
    truths: Vec<Truth>,
    home: Home,
}

impl<'c, 'p> Evaluation<'c, 'p> {
    /// Answers all questions of the snapshot for a patient.
    pub fn new(compiled: &'c Compiled, profile: &'p Profile) -> Self {
        Self::of(compiled, Facts::new(profile))
    }

    /// The same for facts that were resolved already.
    pub fn of(compiled: &'c Compiled, facts: Facts<'p>) -> Self {
        let truths = compiled.run(&compiled.answers(&facts.clone().without_reasons()));
        let home = Home::new(facts.profile);
        Self { compiled, facts, answers: OnceLock::new(), truths, home }
    }

    /// The facts that a node's truth rests on and the facts that it lacks.
    fn because(&self, node: u32) -> (Vec<Fact>, Vec<String>) {
        let answers = self.answers.get_or_init(|| self.compiled.atoms.iter().map(|_| OnceLock::new()).collect());
        let answer = |atom: u32| {
            let (asked, slot) = (self.compiled.atoms.get(atom as usize)?, answers.get(atom as usize)?);
            Some(slot.get_or_init(|| asked.evaluate(&self.facts)))
        };
        because(self.compiled, &answer, &self.truths, node)
    }

    /// Gives verdicts and counts of all trials, in the order of the snapshot.
    pub fn summaries(&self) -> Vec<Summary<'c>> {
        let trials = self.compiled.trials.par_iter().enumerate().with_min_len(TRIALS_A_TASK);
        trials.map(|(at, trial)| self.summary(trial, self.compiled.roots(at).iter().copied())).collect()
    }

    /// Gives verdicts and counts of all trials, best first.
    ///
    /// Rank: verdict; then the settled share; then recruiting before not yet recruiting before the rest; then the later
    /// phase; then the shorter way to the nearest open site, known before unknown; then the identifier.
    pub fn ranked(&self) -> Vec<Summary<'c>> {
        let mut ranked = self.summaries();
        for summary in &mut ranked {
            summary.nearest_site = self.home.nearest(&summary.trial.trial, &summary.trial.towns);
        }
        // The sort is stable, and the snapshot is in the order of identifiers.
        ranked.sort_by_cached_key(rank_key);
        ranked
    }

    /// Gives the verdict and the counts of one trial, by its place in the snapshot, with its nearest open site.
    pub fn summary_at(&self, at: usize) -> Option<Summary<'c>> {
        let trial = self.compiled.trials.get(at)?;
        let mut summary = self.summary(trial, self.compiled.roots(at).iter().copied());
        summary.nearest_site = self.home.nearest(&trial.trial, &trial.towns);
        Some(summary)
    }

    fn summary(&self, trial: &'c CompiledTrial, roots: impl Iterator<Item = Root>) -> Summary<'c> {
        Self::summarise(trial, roots, &|node| self.truth(node))
    }

    /// Gives the verdict and counts of a trial from the truths of its criteria's roots.
    pub(super) fn summarise(
        trial: &'c CompiledTrial,
        roots: impl Iterator<Item = Root>,
        truth: &impl Fn(u32) -> Truth,
    ) -> Summary<'c> {
        let mut counts = [0u16; 6];
        let mut earliest_start = None;
        let mut cohorts = vec![Verdict::Eligible; trial.cohorts.len()];
        // Where the text gave no criterion, nothing says that the patient may enter.
        let mut has_text = false;
        let mut common = Verdict::Eligible;
        for root in roots {
            has_text |= root.from_text;
            let (outcome, clears_on) = outcome(root.partial, truth(root.node));
            earliest_start = earliest_start.max(clears_on);
            if let Some(count) = counts.get_mut(outcome as usize) {
                *count += 1;
            }
            let verdict = verdict_of(outcome);
            match cohorts.get_mut(usize::from(root.cohort)) {
                Some(cohort) => *cohort = (*cohort).max(verdict),
                None => common = common.max(verdict),
            }
        }
        if !has_text {
            common = common.max(Verdict::Possible);
        }
        let verdict = best(common, &cohorts, &trial.binds);
        Summary {
            trial,
            verdict,
            counts,
            score: score(&counts),
            earliest_start: earliest_start.filter(|_| verdict != Verdict::Ineligible),
            nearest_site: None,
        }
    }

    /// The truths of all nodes of the program.
    pub fn truths(&self) -> &[Truth] {
        &self.truths
    }

    /// The truth of a node of the program.
    pub fn truth(&self, node: u32) -> Truth {
        self.truths.get(node as usize).copied().unwrap_or(Truth::Unread)
    }

    /// Lists the missing facts of a trial, those that settle most criteria first.
    pub fn ask(&self, trial: &CompiledTrial) -> Vec<String> {
        let mut asks: Vec<(String, usize)> = Vec::new();
        for criterion in &trial.criteria {
            if outcome(criterion.partial, self.truth(criterion.node)).0 != Outcome::Unknown {
                continue;
            }
            for name in self.because(criterion.node).1 {
                match asks.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, count)) => *count += 1,
                    None => asks.push((name, 1)),
                }
            }
        }
        asks.sort_by_key(|(name, count)| (Reverse(*count), name.clone()));
        asks.into_iter().map(|(name, _)| name).collect()
    }

    /// Explains a trial criterion by criterion.
    pub fn explain(&self, summary: &Summary<'c>) -> TrialMatch<'c> {
        let trial = summary.trial;
        let characters: Vec<char> = trial.trial.eligibility.chars().collect();
        let mut cohorts = vec![Verdict::Eligible; trial.cohorts.len()];
        let mut common = Verdict::Eligible;
        let mut criteria = Vec::with_capacity(trial.criteria.len());
        for criterion in &trial.criteria {
            let (outcome, clears_on) = outcome(criterion.partial, self.truth(criterion.node));
            let (evidence, missing) = self.because(criterion.node);
            match criterion.cohort.and_then(|c| cohorts.get_mut(c as usize)) {
                Some(cohort) => *cohort = (*cohort).max(verdict_of(outcome)),
                None => common = common.max(verdict_of(outcome)),
            }
            let text = match criterion.span {
                Some(span) => {
                    characters.get(span.start as usize..span.end as usize).unwrap_or_default().iter().collect()
                }
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
        TrialMatch {
            trial: &trial.trial,
            verdict: summary.verdict,
            score: summary.score,
            criteria,
            cohorts: trial.cohorts.iter().cloned().zip(cohorts.iter().map(|c| common.max(*c))).collect(),
            earliest_start: summary.earliest_start,
            ask: self.ask(trial),
            nearest_site: summary.nearest_site,
        }
    }
}

/// Evaluates a patient against all trials, best first as [`Evaluation::ranked`] says, each criterion explained.
pub fn evaluate<'c>(compiled: &'c Compiled, profile: &Profile) -> Vec<TrialMatch<'c>> {
    let evaluation = Evaluation::new(compiled, profile);
    evaluation.ranked().iter().map(|summary| evaluation.explain(summary)).collect()
}

/// Evaluates a patient against one trial.
pub fn evaluate_trial<'c>(compiled: &'c Compiled, trial: &'c CompiledTrial, profile: &Profile) -> TrialMatch<'c> {
    let evaluation = Evaluation::new(compiled, profile);
    evaluation.explain(&evaluation.summary(trial, trial.criteria.iter().map(Root::from)))
}

/// What trials are ranked by, the smallest first; those alike stay in the order of the snapshot.
pub fn rank_key<'c>(summary: &Summary<'c>) -> impl Ord + use<'c> {
    let trial: &'c crate::trial::Trial = &summary.trial.trial;
    let metres = summary.nearest_site.and_then(|site| site.kilometres).map(|km| (km * 1000.0) as u64);
    (
        summary.verdict,
        Reverse((summary.score * 10_000.0) as u32),
        trial.statuses().map(recruiting).min(),
        Reverse(trial.phases.iter().max()),
        metres.unwrap_or(u64::MAX),
    )
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
fn best(common: Verdict, labels: &[Verdict], binds: &[Vec<u16>]) -> Verdict {
    let count = binds.iter().flatten().max().map_or(0, |last| usize::from(*last) + 1);
    let mut cohorts = vec![Verdict::Eligible; count];
    for (verdict, bound) in labels.iter().zip(binds) {
        for cohort in bound {
            if let Some(worst) = cohorts.get_mut(usize::from(*cohort)) {
                *worst = (*worst).max(*verdict);
            }
        }
    }
    match cohorts.as_slice() {
        [] => common,
        [only] => common.max((*only).min(Verdict::Possible)),
        many => many.iter().map(|c| common.max(*c)).min().unwrap_or(common),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_named_cohort_never_excludes() {
        use Verdict::{Eligible, Ineligible, Possible};
        assert_eq!(best(Eligible, &[Ineligible], &[vec![0]]), Possible);
        assert_eq!(best(Eligible, &[Ineligible, Eligible], &[vec![0], vec![1]]), Eligible);
        // "Cohort A and B" binds two; one of them passes nowhere else.
        assert_eq!(best(Eligible, &[Ineligible, Eligible], &[vec![0, 1], vec![1]]), Ineligible);
        assert_eq!(best(Possible, &[Eligible, Ineligible], &[vec![0], vec![1]]), Possible);
        assert_eq!(best(Ineligible, &[Eligible, Eligible], &[vec![0], vec![1]]), Ineligible);
    }
}
