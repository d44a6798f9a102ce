//! Near misses: whether a single fact keeps a patient out of a trial, and whether that fact can change.
//!
//! Both are tried, not guessed: the patient is matched again without the fact, later, or with the medicine stopped.

use crate::criteria::answer::{Fact, Truth};
use crate::matching::evaluate::Evaluation;
use crate::matching::outcome::{Outcome, TrialMatch, Verdict};
use crate::matching::program::{Compiled, CompiledTrial};
use crate::patient::profile::TreatmentKind;
use crate::patient::{PartialDate, Profile};
use jiff::ToSpan;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The days ahead on which time alone is tried.
const DAYS_AHEAD: [i64; 4] = [28, 91, 182, 365];

/// How a fact can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// By waiting.
    Time,
    /// By stopping a medicine or a treatment that goes on.
    StoppedMedicine,
    /// By correcting a laboratory value.
    Laboratory,
    /// With the patient's condition: performance status, a disease, the state of a metastasis.
    Condition,
    /// By a treatment that has not been given yet.
    TreatmentToCome,
    /// Not at all.
    Unchangeable,
}

impl Change {
    /// In words.
    pub fn say(self) -> &'static str {
        match self {
            Self::Time => "waiting changes it",
            Self::StoppedMedicine => "it ends when that is stopped",
            Self::Laboratory => "a corrected laboratory value changes it",
            Self::Condition => "it can change with the patient's condition",
            Self::TreatmentToCome => "a treatment that has not been given changes it",
            Self::Unchangeable => "it cannot be changed",
        }
    }
}

/// The one fact that keeps a patient out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NearMiss {
    /// Where the profile states it.
    pub fact: String,
    /// How it can change.
    pub change: Change,
    /// For time: the days ahead, of those tried, by which it has changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_days: Option<i64>,
}

/// Tries what one patient's facts do, each once for all trials.
pub struct NearMisses<'c, 'p> {
    compiled: &'c Compiled,
    profile: &'p Profile,
    /// The verdicts of all trials without a fact, or with it ended, by trial.
    tried: BTreeMap<(String, bool), BTreeMap<&'c str, Verdict>>,
    /// The truths of all nodes on later days.
    later: Option<Vec<(i64, Vec<Truth>)>>,
}

impl<'c, 'p> NearMisses<'c, 'p> {
    /// For one patient.
    pub fn new(compiled: &'c Compiled, profile: &'p Profile) -> Self {
        Self { compiled, profile, tried: BTreeMap::new(), later: None }
    }

    /// The single fact that keeps the patient out of a trial; `None` where it takes several, or none does.
    pub fn of(&mut self, trial: &'c CompiledTrial, found: &TrialMatch<'_>) -> Option<NearMiss> {
        if found.verdict != Verdict::Ineligible {
            return None;
        }
        let failed = |outcome: Outcome| outcome == Outcome::Fail;
        let nodes: Vec<u32> = trial
            .criteria
            .iter()
            .zip(&found.criteria)
            .filter(|(_, result)| failed(result.outcome))
            .map(|(criterion, _)| criterion.node)
            .collect();
        let fails: Vec<&[Fact]> =
            found.criteria.iter().filter(|c| failed(c.outcome)).map(|c| c.evidence.as_slice()).collect();
        let id = trial.trial.id.as_str();
        let mut tried: Vec<String> = Vec::new();
        for fact in fails.iter().flat_map(|evidence| evidence.iter()).filter(|fact| fact.note.is_none()) {
            let whole = whole(&fact.fact);
            if tried.contains(&whole) {
                continue;
            }
            if self.verdict(&whole, false, id) != Some(Verdict::Ineligible) {
                return Some(self.described(whole, &nodes, id));
            }
            tried.push(whole);
        }
        // What is absent from a complete list cannot be taken away; where it alone decides, one criterion fails by it.
        match fails.as_slice() {
            [evidence] if evidence.iter().any(|fact| fact.note.is_some()) && tried.is_empty() => {
                let list = evidence.iter().find(|fact| fact.note.is_some())?;
                let change = match list.fact.as_str() {
                    "treatments" => Change::TreatmentToCome,
                    _ => Change::Unchangeable,
                };
                Some(NearMiss { fact: format!("{}: not listed", list.fact), change, within_days: None })
            }
            _ => None,
        }
    }

    fn described(&mut self, fact: String, nodes: &[u32], id: &str) -> NearMiss {
        if fact.starts_with("labs[") {
            return NearMiss { fact, change: Change::Laboratory, within_days: None };
        }
        if self.is_ongoing(&fact) && self.verdict(&fact, true, id) != Some(Verdict::Ineligible) {
            return NearMiss { fact, change: Change::StoppedMedicine, within_days: None };
        }
        let within_days = self.by_waiting(nodes);
        let change = if within_days.is_some() {
            Change::Time
        } else if ["performance_status", "conditions[", "metastases[", "pregnancy", "breastfeeding", "life_expectancy"]
            .iter()
            .any(|start| fact.starts_with(start))
        {
            Change::Condition
        } else {
            Change::Unchangeable
        };
        NearMiss { fact, change, within_days }
    }

    /// The first of the days ahead on which every failing criterion is met by time alone.
    fn by_waiting(&mut self, nodes: &[u32]) -> Option<i64> {
        let (compiled, profile) = (self.compiled, self.profile);
        let later = self.later.get_or_insert_with(|| {
            let on = |days: i64| {
                let mut ahead = profile.clone();
                ahead.as_of = profile.as_of.saturating_add(days.days());
                (days, Evaluation::new(compiled, &ahead).truths().to_vec())
            };
            DAYS_AHEAD.into_iter().map(on).collect()
        });
        let met = |truths: &[Truth]| {
            nodes.iter().all(|node| matches!(truths.get(*node as usize), Some(Truth::True | Truth::TrueUntil(_))))
        };
        later.iter().find(|(_, truths)| met(truths)).map(|(days, _)| *days)
    }

    /// Whether a path names a medicine or treatment that goes on.
    fn is_ongoing(&self, fact: &str) -> bool {
        match place(fact) {
            Some(("medications", at)) => {
                self.profile.medications.iter().flatten().nth(at).is_some_and(|taken| taken.stopped.is_none())
            }
            Some(("treatments", at)) => self
                .profile
                .treatments
                .iter()
                .flatten()
                .nth(at)
                .is_some_and(|given| given.stopped.is_none() && given.kind == TreatmentKind::Drug),
            _ => false,
        }
    }

    /// The verdict of a trial without a fact, or with the medicine stopped the day before.
    fn verdict(&mut self, fact: &str, stopped: bool, id: &str) -> Option<Verdict> {
        let key = (fact.to_owned(), stopped);
        if !self.tried.contains_key(&key) {
            let profile = if stopped { self.stopped(fact) } else { without(self.profile, fact) };
            let verdicts = profile.map(|profile| {
                let summaries = Evaluation::new(self.compiled, &profile).summaries();
                summaries.into_iter().map(|found| (found.trial.trial.id.as_str(), found.verdict)).collect()
            });
            self.tried.insert(key.clone(), verdicts.unwrap_or_default());
        }
        // A fact that cannot be taken away leaves the verdict as it is.
        Some(self.tried.get(&key)?.get(id).copied().unwrap_or(Verdict::Ineligible))
    }

    fn stopped(&self, fact: &str) -> Option<Profile> {
        let mut profile = self.profile.clone();
        let eve = Some(PartialDate::day(profile.as_of.saturating_sub(1.day())));
        match place(fact)? {
            ("medications", at) => profile.medications.as_mut()?.get_mut(at)?.stopped = eve,
            ("treatments", at) => profile.treatments.as_mut()?.get_mut(at)?.stopped = eve,
            _ => return None,
        }
        Some(profile)
    }
}

/// The entry or value that a path belongs to: `treatments[3]`, `receptors.her2`, `performance_status`.
fn whole(path: &str) -> String {
    let mut parts = path.split('.');
    let first = parts.next().unwrap_or_default();
    match (first, parts.next()) {
        ("receptors" | "diagnosis", Some(second)) => format!("{first}.{second}"),
        _ => first.to_owned(),
    }
}

/// A list and a place in it.
fn place(fact: &str) -> Option<(&str, usize)> {
    let (list, rest) = fact.split_once('[')?;
    Some((list, rest.strip_suffix(']')?.parse().ok()?))
}

/// The profile without a fact; `None` where it cannot be without it.
fn without(profile: &Profile, fact: &str) -> Option<Profile> {
    let mut value = serde_json::to_value(profile).ok()?;
    match place(fact) {
        Some((list, at)) => {
            let list = value.get_mut(list).and_then(Value::as_array_mut).filter(|list| at < list.len())?;
            list.remove(at);
        }
        None => {
            let (parent, key) = fact.rsplit_once('.').unwrap_or(("", fact));
            let object = if parent.is_empty() { &mut value } else { value.get_mut(parent)? };
            object.as_object_mut()?.remove(key)?;
        }
    }
    serde_json::from_value(value).ok()
}
