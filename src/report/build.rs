//! Evaluated trials to the report that is written.

use super::select::Selection;
use super::standing::head;
use super::types::{
    CohortVerdict, Counts, Criterion, Match, NearestSite, NotListed, Question, REPORT_SCHEMA, Report, Snapshot, Totals,
};
use crate::matching::sites::Nearest;
use crate::matching::{CriterionResult, Summary, TrialMatch, Verdict};
use crate::trial::{Span, Trial};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Builds the report of one patient from all trials of a snapshot, evaluated and ranked.
pub fn build(
    patient: Option<&str>,
    as_of: Date,
    snapshot: Snapshot,
    evaluated: Vec<TrialMatch<'_>>,
    selection: &Selection,
) -> Report {
    report(patient, as_of, snapshot, select(evaluated, selection))
}

/// Builds the report of one patient from the trials that are listed.
pub fn report(patient: Option<&str>, as_of: Date, snapshot: Snapshot, selected: Selected<TrialMatch<'_>>) -> Report {
    let matches: Vec<Match> =
        selected.listed.into_iter().map(|(rank, found)| self::found(found, rank, as_of)).collect();
    Report {
        schema: REPORT_SCHEMA,
        patient: patient.map(str::to_owned),
        as_of,
        snapshot,
        totals: selected.totals,
        not_listed: selected.not_listed,
        ask: questions(&matches),
        matches,
    }
}

/// What a selection looks at.
pub trait Ranked {
    /// The trial.
    fn trial(&self) -> &Trial;
    /// Its verdict.
    fn verdict(&self) -> Verdict;
    /// Kilometres to its nearest open site, where known.
    fn distance(&self) -> Option<f64>;
}

impl Ranked for TrialMatch<'_> {
    fn trial(&self) -> &Trial {
        self.trial
    }

    fn verdict(&self) -> Verdict {
        self.verdict
    }

    fn distance(&self) -> Option<f64> {
        self.nearest_site.and_then(|site| site.kilometres)
    }
}

impl Ranked for Summary<'_> {
    fn trial(&self) -> &Trial {
        &self.trial.trial
    }

    fn verdict(&self) -> Verdict {
        self.verdict
    }

    fn distance(&self) -> Option<f64> {
        self.nearest_site.and_then(|site| site.kilometres)
    }
}

/// The trials that a selection lists, with their ranks, and the numbers of the others.
pub struct Selected<T> {
    /// Rank from 1 and trial.
    pub listed: Vec<(usize, T)>,
    /// Verdicts of all that the filters let through.
    pub totals: Totals,
    /// Those that are not listed.
    pub not_listed: NotListed,
}

impl<T> Selected<T> {
    /// Says of the listed trials more, or less.
    pub fn map<U>(self, say: impl Fn(T) -> U) -> Selected<U> {
        let listed = self.listed.into_iter().map(|(rank, found)| (rank, say(found))).collect();
        Selected { listed, totals: self.totals, not_listed: self.not_listed }
    }
}

/// Applies a selection to ranked trials.
pub fn select<T: Ranked>(evaluated: Vec<T>, selection: &Selection) -> Selected<T> {
    let mut selected = Selected { listed: Vec::new(), totals: Totals::default(), not_listed: NotListed::default() };
    let mut rank = 0;
    for found in evaluated {
        if !selection.lets_through(found.trial()) || is_farther(&found, selection) {
            selected.not_listed.filtered_out += 1;
            continue;
        }
        rank += 1;
        selected.totals.add(found.verdict());
        if found.verdict() == Verdict::Ineligible && !selection.all {
            selected.not_listed.ineligible += 1;
        } else if selection.limit.is_some_and(|limit| selected.listed.len() >= limit) {
            selected.not_listed.beyond_limit += 1;
        } else {
            selected.listed.push((rank, found));
        }
    }
    selected
}

/// Says whether the nearest site is known to be farther away than asked for.
pub fn is_farther(found: &impl Ranked, selection: &Selection) -> bool {
    matches!((selection.within_km, found.distance()), (Some(limit), Some(distance)) if distance > limit)
}

/// Converts one evaluated trial; `as_of` is the day of the profile.
pub fn found(found: TrialMatch<'_>, rank: usize, as_of: Date) -> Match {
    let counts = counts(&found.criteria);
    let nearest_site = nearest_site(found.trial, found.nearest_site);
    Match {
        trial: head(found.trial, as_of),
        rank,
        score: score(found.score),
        verdict: found.verdict,
        counts,
        earliest_start: found.earliest_start,
        cohorts: found.cohorts.into_iter().map(|(cohort, verdict)| CohortVerdict { cohort, verdict }).collect(),
        criteria: found.criteria.into_iter().map(criterion).collect(),
        ask: found.ask,
        near_miss: None,
        nearest_site,
    }
}

/// Rounds a score to four decimals, so that it prints shortly and the same everywhere.
pub fn score(score: f64) -> f64 {
    (score * 10_000.0).round() / 10_000.0
}

/// Counts criteria by outcome.
pub fn counts(criteria: &[CriterionResult]) -> Counts {
    let mut counts = Counts::default();
    for criterion in criteria {
        counts.add(criterion.outcome);
    }
    counts
}

/// Converts one criterion.
pub fn criterion(result: CriterionResult) -> Criterion {
    let pair = |span: Span| [span.start, span.end];
    Criterion {
        section: result.section,
        span: result.span.map(pair),
        field: result.field,
        text: result.text,
        outcome: result.outcome,
        clears_on: result.clears_on,
        cohort: result.cohort,
        reading: result.reading,
        evidence: result.evidence,
        missing: result.missing,
        unread_spans: result.unread_spans.into_iter().map(pair).collect(),
        notes: result.notes,
    }
}

/// Describes the nearest open site.
pub fn nearest_site(trial: &Trial, nearest: Option<Nearest>) -> Option<NearestSite> {
    let nearest = nearest?;
    let site = trial.sites.get(nearest.at)?;
    Some(NearestSite {
        facility: site.facility.clone(),
        city: site.city.clone(),
        country: site.country.clone(),
        // Of towns to the kilometre: a tenth would say more than is known.
        distance_km: nearest.kilometres.map(|kilometres| match nearest.is_coarse {
            true => kilometres.round(),
            false => (kilometres * 10.0).round() / 10.0,
        }),
        approximate: nearest.is_coarse,
        status: site.status.clone(),
        contact: site.contact.clone(),
    })
}

/// Counts, over the listed trials that are not ineligible, how many lack each fact.
fn questions(matches: &[Match]) -> Vec<Question> {
    let mut trials: BTreeMap<&str, usize> = BTreeMap::new();
    for found in matches.iter().filter(|found| found.verdict != Verdict::Ineligible) {
        for fact in &found.ask {
            *trials.entry(fact).or_default() += 1;
        }
    }
    let mut questions: Vec<Question> =
        trials.into_iter().map(|(fact, trials)| Question { fact: fact.to_owned(), trials }).collect();
    // The sort is stable, so facts of equal weight stay in the order of the alphabet.
    questions.sort_by_key(|question| std::cmp::Reverse(question.trials));
    questions
}
