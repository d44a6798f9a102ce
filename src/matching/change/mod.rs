//! What a change of treatment does to the trials: which close, which open, which stay (contract, section 5).
//!
//! Each trial is matched in three states of the same patient. The last of them lies, for each trial, on the first day on
//! which its own washouts are over, counted as if the treatment ended on the day on which it begins.

mod plan;
mod states;
mod washout;

pub use plan::{PlanError, Start};
pub use states::{DAYS_WITHOUT_WASHOUT, State, day_without_washout, during, stopped};
pub use washout::{Washout, Washouts};

use crate::criteria::answer::Truth;
use crate::matching::evaluate::{Evaluation, Summary, rank_key};
use crate::matching::outcome::{CriterionResult, Outcome, Verdict};
use crate::matching::program::{Compiled, CompiledTrial};
use crate::patient::Profile;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What a change does to one trial.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Not ineligible now, and ineligible after.
    Closes,
    /// Ineligible now, and not after.
    Opens,
    /// Ineligible in neither.
    Stays,
}

/// One trial before, during and after the change.
#[derive(Clone, Debug)]
pub struct Changed<'c> {
    /// What becomes of it.
    pub effect: Effect,
    /// Its rank now among the trials that the filter lets through, from 1.
    pub rank: usize,
    /// As it is now.
    pub now: Summary<'c>,
    /// While the treatment goes on.
    pub during: Verdict,
    /// After it.
    pub after: Summary<'c>,
    /// The day of that state.
    pub after_on: Date,
    /// The washout that its text names for the treatment.
    pub washout: Option<Washout>,
    /// What decides: of those that close, the criteria that fail after and not now; of those that open, the reverse.
    pub because: Vec<CriterionResult>,
    /// Of those that close: the facts that are missing now.
    pub ask: Vec<String>,
    /// Whether it closes by the passing of time alone, with the treatment or without.
    pub by_time: bool,
    /// Of those that close: the last day on which it can still be entered, counted by what its text says.
    pub last_day: Option<Date>,
    /// Of those that stay: the first day on which it can be entered after the treatment.
    pub earliest_start: Option<Date>,
}

/// What a change does to all trials that a filter lets through.
#[derive(Clone, Debug)]
pub struct Comparison<'c> {
    /// The trials whose verdict is not ineligible in one state at least, in the order of the contract.
    pub trials: Vec<Changed<'c>>,
    /// Those that are ineligible now and after.
    pub never: usize,
    /// Those that the filter kept back.
    pub filtered_out: usize,
}

impl<'c> Comparison<'c> {
    /// The trials of one effect, best first.
    pub fn of(&self, effect: Effect) -> impl Iterator<Item = &Changed<'c>> {
        self.trials.iter().filter(move |changed| changed.effect == effect)
    }
}

/// Matches the three states of a patient against all trials.
pub fn compare<'c>(
    compiled: &'c Compiled,
    now: &Profile,
    start: &Start,
    on: Date,
    lets_through: &dyn Fn(&Summary<'c>) -> bool,
) -> Comparison<'c> {
    let today = Evaluation::new(compiled, now);
    let through = today.ranked().into_iter().filter(|summary| lets_through(summary));
    let ranks: BTreeMap<&str, usize> =
        through.enumerate().map(|(place, summary)| (summary.trial.trial.id.as_str(), place + 1)).collect();
    let while_on = during(now, start, on);
    let while_on = Evaluation::of(compiled, while_on.facts());
    let at_stop = stopped(now, start, on);
    let washouts = Washouts::new(compiled, &at_stop);

    // The states after, by their days: trials with the same washout share one.
    let mut by_day: BTreeMap<Date, Vec<(usize, Option<Washout>)>> = BTreeMap::new();
    for (at, trial) in compiled.trials.iter().enumerate() {
        let washout = washouts.of(trial);
        let day = washout.as_ref().map_or_else(|| day_without_washout(on), |washout| washout.over);
        by_day.entry(day).or_default().push((at, washout));
    }
    let mut found: Vec<(usize, Changed<'c>)> = Vec::new();
    let mut filtered_out = 0;
    let mut never = 0;
    for (day, trials) in by_day {
        let state = at_stop.on(day);
        let later = Evaluation::of(compiled, state.facts());
        for (at, washout) in trials {
            let (Some(before), Some(between), Some(after)) =
                (today.summary_at(at), while_on.summary_at(at), later.summary_at(at))
            else {
                continue;
            };
            let Some(rank) = ranks.get(before.trial.trial.id.as_str()) else {
                filtered_out += 1;
                continue;
            };
            let out = |summary: &Summary<'_>| summary.verdict == Verdict::Ineligible;
            let effect = match (out(&before), out(&after)) {
                (false, true) => Effect::Closes,
                (true, false) => Effect::Opens,
                (false, false) => Effect::Stays,
                (true, true) => {
                    never += 1;
                    continue;
                }
            };
            let because = match effect {
                Effect::Closes => planned(turned(&today, &later, &before, &after), &state),
                Effect::Opens => turned(&later, &today, &after, &before),
                Effect::Stays => Vec::new(),
            };
            let ask = if effect == Effect::Closes { today.ask(before.trial) } else { Vec::new() };
            let last_day = (effect == Effect::Closes).then(|| last_day(&today, before.trial, on));
            let earliest_start =
                (effect == Effect::Stays).then(|| after.earliest_start.map_or(day, |waits| waits.max(day)));
            found.push((
                at,
                Changed {
                    effect,
                    rank: *rank,
                    now: before,
                    during: between.verdict,
                    after,
                    after_on: day,
                    washout,
                    because,
                    ask,
                    by_time: false,
                    last_day,
                    earliest_start,
                },
            ));
        }
    }
    mark_time_alone(compiled, now, &mut found);
    Comparison { trials: ordered(found), never, filtered_out }
}

/// The criteria that fail in the state `then` and not in the state `first`, as they stand in `then`.
fn turned<'c>(
    first: &Evaluation<'c, '_>,
    then: &Evaluation<'c, '_>,
    before: &Summary<'c>,
    after: &Summary<'c>,
) -> Vec<CriterionResult> {
    let fails_before: Vec<bool> =
        first.explain(before).criteria.iter().map(|criterion| criterion.outcome == Outcome::Fail).collect();
    let then = then.explain(after).criteria.into_iter().zip(fails_before);
    then.filter(|(criterion, failed)| criterion.outcome == Outcome::Fail && !failed).map(|(c, _)| c).collect()
}

/// Says of the facts that the plan itself adds that it does.
fn planned(mut criteria: Vec<CriterionResult>, state: &State) -> Vec<CriterionResult> {
    let paths: Vec<String> = state.counted.iter().map(|index| format!("treatments[{index}]")).collect();
    for fact in criteria.iter_mut().flat_map(|criterion| &mut criterion.evidence) {
        if fact.note.is_none() && paths.contains(&fact.fact) {
            fact.note = Some("the plan".to_owned());
        }
    }
    criteria
}

/// The last day on which a trial can be entered before a treatment begins: the day before, or the last on which
/// everything that is met now and runs out is still met.
fn last_day(today: &Evaluation<'_, '_>, trial: &CompiledTrial, on: Date) -> Date {
    let eve = on.saturating_sub(1.day());
    let ends = trial.criteria.iter().filter(|criterion| criterion.cohort.is_none()).filter_map(|criterion| match today
        .truth(criterion.node)
    {
        Truth::TrueUntil(day) => Some(day.saturating_sub(1.day())),
        _ => None,
    });
    ends.fold(eve, Date::min)
}

/// Marks the trials that would close on their days without the change as well: too old by then, too long ago.
fn mark_time_alone(compiled: &Compiled, now: &Profile, found: &mut [(usize, Changed<'_>)]) {
    let mut days: BTreeMap<Date, Vec<&mut (usize, Changed<'_>)>> = BTreeMap::new();
    for entry in found.iter_mut().filter(|(_, changed)| changed.effect == Effect::Closes) {
        days.entry(entry.1.after_on).or_default().push(entry);
    }
    for (day, entries) in days {
        let mut profile = now.clone();
        profile.as_of = day;
        let unchanged = Evaluation::new(compiled, &profile);
        for (at, changed) in entries {
            changed.by_time = unchanged.summary_at(*at).is_some_and(|summary| summary.verdict == Verdict::Ineligible);
        }
    }
}

/// Orders what closes and stays by the rank now, what opens by the rank after.
fn ordered<'c>(mut found: Vec<(usize, Changed<'c>)>) -> Vec<Changed<'c>> {
    // Alike ones stand in the order of the snapshot, as in a match.
    found.sort_by(|(at, a), (other, b)| {
        let by_rank = match a.effect {
            Effect::Opens => rank_key(&a.after).cmp(&rank_key(&b.after)),
            Effect::Closes | Effect::Stays => a.rank.cmp(&b.rank),
        };
        a.effect.cmp(&b.effect).then(by_rank).then(at.cmp(other))
    });
    found.into_iter().map(|(_, changed)| changed).collect()
}
