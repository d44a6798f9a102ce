//! The same patient in three states: now, while the new treatment goes on, and after it (contract, section 5).

use super::plan::Start;
use crate::criteria::facts::Facts;
use crate::lexicon::drugs;
use crate::patient::profile::{ReasonStopped, Setting, Site, Treatment, TreatmentKind};
use crate::patient::{PartialDate, Profile};
use jiff::ToSpan;
use jiff::civil::Date;

/// Days after stopping on which a trial is looked at whose text names no washout of the new drugs (contract, section 5).
pub const DAYS_WITHOUT_WASHOUT: i64 = 28;

/// One state of the patient.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The profile of that state.
    pub profile: Profile,
    /// Whether the list of treatments holds the new one and perhaps lacks others: the profile states none, which says
    /// nothing about what was given.
    pub open_treatments: bool,
    /// The treatments, by their places in the list, whose washouts count: the new one; of "no treatment" those that
    /// were stopped for it.
    pub counted: Vec<usize>,
}

impl State {
    /// The facts of the state.
    pub fn facts(&self) -> Facts<'_> {
        let facts = Facts::new(&self.profile);
        if self.open_treatments { facts.with_open_treatments() } else { facts }
    }

    /// The same state on another day.
    #[must_use]
    pub fn on(&self, day: Date) -> Self {
        let mut state = self.clone();
        state.profile.as_of = day;
        state
    }
}

/// The profile with the treatment under way since `on`: the next line for metastatic disease, still going on; the line
/// before stopped the day before. Radiotherapy and drugs that make no line stop nothing.
pub fn during(now: &Profile, start: &Start, on: Date) -> State {
    let mut profile = now.clone();
    profile.as_of = on;
    let mut treatments = now.treatments.clone().unwrap_or_default();
    let stops = start.is_line() || *start == Start::Nothing;
    let mut stopped = Vec::new();
    for (index, treatment) in treatments.iter_mut().enumerate() {
        if stops && is_ongoing_line(treatment) {
            stop_before(treatment, on);
            stopped.push(index);
        }
    }
    let counted = match new_treatment(start, &treatments, on) {
        Some(new) => {
            treatments.push(new);
            vec![treatments.len() - 1]
        }
        None => stopped,
    };
    let open_treatments = now.treatments.is_none();
    // Where nothing was stated and nothing starts, nothing is known still.
    profile.treatments = (!open_treatments || !treatments.is_empty()).then_some(treatments);
    State { profile, open_treatments: open_treatments && *start != Start::Nothing, counted }
}

/// The profile on the day on which the treatment has been stopped, here its first day: for progression where it is a
/// line, otherwise because it is complete. How long it will have lasted is not known, so its first day is left out.
pub fn stopped(now: &Profile, start: &Start, on: Date) -> State {
    let mut state = during(now, start, on);
    let day = PartialDate::day(on);
    for index in &state.counted {
        let Some(new) = state.profile.treatments.as_mut().and_then(|list| list.get_mut(*index)) else { continue };
        if *start == Start::Nothing {
            continue;
        }
        new.started = None;
        new.stopped = Some(day.clone());
        new.reason_stopped = Some(if start.is_line() { ReasonStopped::Progression } else { ReasonStopped::Completed });
    }
    if start.is_line()
        && let Some(diagnosis) = &mut state.profile.diagnosis
    {
        // An earlier day is kept: it may say which of the earlier lines the disease progressed on.
        diagnosis.last_progression.get_or_insert(day.clone());
    }
    if let Start::Radiotherapy { target, .. } = start
        && target.contains("brain")
    {
        // What the brain metastases will be like after it, nobody knows.
        for metastasis in state.profile.metastases.iter_mut().flatten().filter(|m| m.site == Site::Brain) {
            metastasis.state = None;
            metastasis.stable_since = None;
            metastasis.symptomatic = None;
            metastasis.corticosteroids = None;
            metastasis.corticosteroids_stopped = None;
            metastasis.treated = Some(day.clone());
        }
    }
    state
}

/// The day on which a trial without a washout for the new drugs is looked at.
pub fn day_without_washout(on: Date) -> Date {
    on.saturating_add(DAYS_WITHOUT_WASHOUT.days())
}

/// Whether a treatment goes on that the next line takes the place of: not what supports it (bone agents, suppression of
/// the ovaries), unless it is given as part of a line.
fn is_ongoing_line(treatment: &Treatment) -> bool {
    let makes_a_line = |agent: &String| drugs::drug_by_name(agent).is_none_or(drugs::makes_a_line);
    treatment.kind == TreatmentKind::Drug
        && treatment.stopped.is_none()
        && (treatment.line.is_some() || treatment.agents.iter().any(makes_a_line))
}

/// Ends a treatment the day before; never before it began.
fn stop_before(treatment: &mut Treatment, on: Date) {
    let eve = on.saturating_sub(1.day());
    let first = treatment.started.as_ref().map_or(eve, |started| started.earliest);
    treatment.stopped = Some(PartialDate::day(eve.max(first)));
}

fn new_treatment(start: &Start, before: &[Treatment], on: Date) -> Option<Treatment> {
    let mut new = Treatment {
        kind: TreatmentKind::Drug,
        agents: start.agents(),
        setting: None,
        line: None,
        started: Some(PartialDate::day(on)),
        stopped: None,
        reason_stopped: None,
        best_response: None,
        target: None,
        technique: None,
        name: None,
    };
    match start {
        Start::Nothing => return None,
        Start::Radiotherapy { target, technique } => {
            new.kind = TreatmentKind::Radiotherapy;
            new.target = Some(target.clone());
            new.technique = technique.clone();
        }
        Start::Drugs(_) => {
            new.setting = Some(Setting::Metastatic);
            if start.is_line() {
                let last = before.iter().filter_map(|treatment| treatment.line).max().unwrap_or(0);
                new.line = Some(last.saturating_add(1));
            }
        }
    }
    Some(new)
}
