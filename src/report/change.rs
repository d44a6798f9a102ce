//! The change report (`trialmatch.change/1`, contract, section 5): its types, and how it is made.

use super::build::{nearest_site, score};
use super::standing::head;
use super::text;
use super::types::{Counts, NearestSite, Snapshot, TrialHead};
use crate::criteria::Section;
use crate::matching::change::{Changed, Comparison, Effect, Start};
use crate::matching::program::{CompiledCriterion, CompiledTrial};
use crate::matching::sites::takes_patients;
use crate::matching::{CriterionResult, Fact, Verdict};
use crate::patient::Profile;
use jiff::civil::Date;
use serde::Serialize;

/// The name of the change report's form.
pub const CHANGE_SCHEMA: &str = "trialmatch.change/1";

/// How the three states were made, for whoever reads the report.
pub const METHOD: &str = "now: the profile as it is. during: the plan has begun on its date, and the line before it \
    ended the day before. after: the plan has ended (a line of drugs: for progression), looked at on the first day on \
    which the washouts that the trial's text names for it are over, or 28 days on where the text names none. \
    All days are counted as if the plan ended on the day on which it begins: each day of treatment moves them by a day. \
    Everything else in the profile is taken to stay as it is.";

/// What a change of treatment does to the trials, for one patient.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeReport {
    /// Always [`CHANGE_SCHEMA`].
    pub schema: &'static str,
    /// The profile's `id`.
    pub patient: Option<String>,
    /// The day of the profile.
    pub as_of: Date,
    /// The first plan, and what it does.
    #[serde(flatten)]
    pub plan: Option<PlanReport>,
    /// The same for the other plans that were asked about, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<PlanReport>,
    /// The registry data that was read.
    pub snapshot: Snapshot,
    /// How the states were made.
    pub method: &'static str,
    /// What could not be taken into account.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl ChangeReport {
    /// All plans, the first one first.
    pub fn plans(&self) -> impl Iterator<Item = &PlanReport> {
        self.plan.iter().chain(&self.alternatives)
    }
}

/// One plan and what it does.
#[derive(Clone, Debug, Serialize)]
pub struct PlanReport {
    /// The plan.
    pub start: Planned,
    /// Not ineligible now, ineligible after; by rank now.
    pub closes: Vec<Closing>,
    /// Ineligible now, not after; by rank after.
    pub opens: Vec<Opening>,
    /// Ineligible in neither; by rank now.
    pub stays: Vec<Staying>,
    /// Trials that the filters let through and that are ineligible now and after.
    pub ineligible_throughout: usize,
    /// Trials outside the filters.
    pub filtered_out: usize,
}

/// A plan.
#[derive(Clone, Debug, Serialize)]
pub struct Planned {
    /// The drugs by their generic names.
    pub agents: Vec<String>,
    /// The day on which it starts.
    pub on: Date,
    /// The plan in words.
    pub plan: String,
}

/// A trial that closes.
#[derive(Clone, Debug, Serialize)]
pub struct Closing {
    /// What the trial is.
    pub trial: TrialHead,
    /// Its rank now.
    pub rank: usize,
    /// Its verdict now.
    pub now: Verdict,
    /// While the plan goes on.
    pub during: Verdict,
    /// After it.
    pub after: Verdict,
    /// The day of that state.
    pub after_on: Date,
    /// The sentences that decide.
    pub because: Vec<Sentence>,
    /// The last day on which it can still be entered.
    pub last_day: Date,
    /// The first day on which it can be entered now, where something has to be waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earliest_start_now: Option<Date>,
    /// It closes by the passing of time alone, with the plan or without.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub by_time_alone: bool,
    /// What the texts say of the order of the two, where the plan does not depend on the trial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trial_first: Option<String>,
    /// Criteria by outcome now.
    pub counts: Counts,
    /// What is missing now.
    pub ask: Vec<String>,
    /// The nearest open site.
    pub nearest_site: Option<NearestSite>,
}

/// A trial that opens.
#[derive(Clone, Debug, Serialize)]
pub struct Opening {
    /// What the trial is.
    pub trial: TrialHead,
    /// Its verdict now.
    pub now: Verdict,
    /// While the plan goes on.
    pub during: Verdict,
    /// After it.
    pub after: Verdict,
    /// The day of that state.
    pub after_on: Date,
    /// The sentences that keep the patient out now and not after.
    pub because: Vec<Sentence>,
    /// The first day on which it can be entered.
    pub earliest_start: Date,
    /// The nearest open site.
    pub nearest_site: Option<NearestSite>,
}

/// A trial that stays.
#[derive(Clone, Debug, Serialize)]
pub struct Staying {
    /// What the trial is.
    pub trial: TrialHead,
    /// Its rank now.
    pub rank: usize,
    /// Its verdict now.
    pub now: Verdict,
    /// While the plan goes on.
    pub during: Verdict,
    /// After it.
    pub after: Verdict,
    /// The first day on which it can be entered after the plan.
    pub earliest_start: Date,
    /// Days from the end of the plan to that day.
    pub days_after: i32,
    /// The sentences that name the longest washout; none where the text names no washout for the plan.
    pub washout: Vec<Sentence>,
    /// The nearest open site.
    pub nearest_site: Option<NearestSite>,
    /// Share of clinical criteria that are settled in the patient's favour now.
    pub score: f64,
    /// Criteria by outcome now.
    pub counts: Counts,
}

/// A sentence of a registry that decides.
#[derive(Clone, Debug, Serialize)]
pub struct Sentence {
    /// Inclusion or exclusion.
    pub section: Section,
    /// Characters of the eligibility text, start inclusive, end exclusive; `null` for a structured field.
    pub span: Option<[u32; 2]>,
    /// The structured registry field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Exactly that slice of the text.
    pub text: String,
    /// The cohort that it binds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohort: Option<String>,
    /// What was understood.
    pub reading: String,
    /// The facts that decide it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Fact>,
}

/// Makes the report of one patient from those of the plans.
pub fn report(profile: &Profile, snapshot: Snapshot, plans: Vec<PlanReport>) -> ChangeReport {
    let mut plans = plans.into_iter();
    let mut notes = Vec::new();
    if profile.treatments.is_none() {
        notes.push(
            "The profile states no `treatments`: what was given before is not known, so that little can be settled. \
             Where none was given, state an empty list."
                .to_owned(),
        );
    }
    ChangeReport {
        schema: CHANGE_SCHEMA,
        patient: profile.id.clone(),
        as_of: profile.as_of,
        plan: plans.next(),
        alternatives: plans.collect(),
        snapshot,
        method: METHOD,
        notes,
    }
}

/// Makes the report of one plan.
pub fn plan(comparison: &Comparison<'_>, start: &Start, on: Date, as_of: Date) -> PlanReport {
    PlanReport {
        start: Planned { agents: start.agents(), on, plan: start.say() },
        closes: comparison.of(Effect::Closes).map(|changed| closing(changed, start, on, as_of)).collect(),
        opens: comparison.of(Effect::Opens).map(|changed| opening(changed, as_of)).collect(),
        stays: comparison.of(Effect::Stays).map(|changed| staying(changed, on, as_of)).collect(),
        ineligible_throughout: comparison.never,
        filtered_out: comparison.filtered_out,
    }
}

fn closing(changed: &Changed<'_>, start: &Start, on: Date, as_of: Date) -> Closing {
    let last_day = changed.last_day.unwrap_or(on);
    let earliest_start_now = changed.now.earliest_start.filter(|day| *day > as_of);
    let in_time = earliest_start_now.is_none_or(|day| day <= last_day);
    Closing {
        trial: head(&changed.now.trial.trial, as_of),
        rank: changed.rank,
        now: changed.now.verdict,
        during: changed.during,
        after: changed.after.verdict,
        after_on: changed.after_on,
        because: changed.because.iter().map(sentence).collect(),
        last_day,
        earliest_start_now,
        by_time_alone: changed.by_time,
        trial_first: (in_time && !changed.by_time).then(|| trial_first(changed.now.trial, start)).flatten(),
        counts: Counts::of(&changed.now.counts),
        ask: changed.ask.clone(),
        nearest_site: nearest_site(&changed.now.trial.trial, changed.now.nearest_site),
    }
}

fn opening(changed: &Changed<'_>, as_of: Date) -> Opening {
    Opening {
        trial: head(&changed.now.trial.trial, as_of),
        now: changed.now.verdict,
        during: changed.during,
        after: changed.after.verdict,
        after_on: changed.after_on,
        because: changed.because.iter().map(sentence).collect(),
        earliest_start: changed.after.earliest_start.map_or(changed.after_on, |day| day.max(changed.after_on)),
        nearest_site: nearest_site(&changed.now.trial.trial, changed.now.nearest_site),
    }
}

fn staying(changed: &Changed<'_>, on: Date, as_of: Date) -> Staying {
    let earliest_start = changed.earliest_start.unwrap_or(changed.after_on);
    let trial = changed.now.trial;
    let named = changed.washout.iter().flat_map(|washout| &washout.criteria);
    Staying {
        trial: head(&trial.trial, as_of),
        rank: changed.rank,
        now: changed.now.verdict,
        during: changed.during,
        after: changed.after.verdict,
        earliest_start,
        days_after: (earliest_start - on).get_days(),
        washout: named.filter_map(|at| trial.criteria.get(*at)).map(|criterion| quoted(trial, criterion)).collect(),
        nearest_site: nearest_site(&trial.trial, changed.now.nearest_site),
        score: score(changed.now.score),
        counts: Counts::of(&changed.now.counts),
    }
}

fn sentence(criterion: &CriterionResult) -> Sentence {
    Sentence {
        section: criterion.section,
        span: criterion.span.map(|span| [span.start, span.end]),
        field: criterion.field.clone(),
        text: criterion.text.clone(),
        cohort: criterion.cohort.clone(),
        reading: criterion.reading.clone(),
        evidence: criterion.evidence.clone(),
    }
}

/// A criterion without a patient.
fn quoted(trial: &CompiledTrial, criterion: &CompiledCriterion) -> Sentence {
    let slice = |start: u32, end: u32| {
        trial.trial.eligibility.chars().skip(start as usize).take(end.saturating_sub(start) as usize).collect()
    };
    Sentence {
        section: criterion.section,
        span: criterion.span.map(|span| [span.start, span.end]),
        field: criterion.field.clone(),
        text: criterion.span.map_or_else(|| criterion.text.clone(), |span| slice(span.start, span.end)),
        cohort: criterion.cohort.and_then(|at| trial.cohorts.get(usize::from(at)).cloned()),
        reading: criterion.reading.clone(),
        evidence: Vec::new(),
    }
}

/// Says in words that the trial does not come after the plan and that the plan can come after the trial. A fact about
/// texts: said only of what can be had outside trials and is no part of the trial's own treatment.
fn trial_first(trial: &CompiledTrial, start: &Start) -> Option<String> {
    if !start.is_approved() || !takes_patients(&trial.trial) {
        return None;
    }
    let id = text::one_line(&trial.trial.id);
    let plan = start.say();
    let record = trial.trial.interventions.iter().chain(&trial.trial.arms).map(|words| words.to_lowercase());
    let record: Vec<String> = record.collect();
    let gives: Vec<String> = start
        .names()
        .into_iter()
        .filter(|names| names.iter().any(|name| record.iter().any(|words| contains_word(words, name))))
        .filter_map(|names| names.into_iter().next())
        .collect();
    if !gives.is_empty() {
        let gives = gives.join(" and ");
        return Some(format!(
            "{id} is closed after {plan}, and names {gives} among its own treatments: its record does not say whether \
             {plan} remains possible afterwards."
        ));
    }
    Some(format!(
        "{id} first: {plan} remains possible afterwards, {id} does not after {plan}. (By the texts alone: the one quoted \
         closes {id}, and its record does not name {plan} among its treatments.)"
    ))
}

/// Whether a name stands in a text as a word of its own.
fn contains_word(words: &str, name: &str) -> bool {
    words.match_indices(name).any(|(at, _)| {
        let before = words.get(..at).and_then(|text| text.chars().next_back());
        let after = words.get(at + name.len()..).and_then(|text| text.chars().next());
        before.is_none_or(|c| !c.is_alphanumeric()) && after.is_none_or(|c| !c.is_alphanumeric())
    })
}
