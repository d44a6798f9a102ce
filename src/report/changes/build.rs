//! Two snapshots to what changed between them.

use super::difference::difference;
use super::{CHANGES_SCHEMA, Changed, Changes, Fate, FieldChange, Sentence, VerdictChange};
use crate::matching::{Compiled, CompiledTrial, CriterionResult, Evaluation, Outcome, Verdict, sites};
use crate::patient::Profile;
use crate::report::standing::head;
use crate::report::types::Snapshot;
use crate::trial::{Registry, Trial};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The share of their words that two sentences have in common when one is taken for the other's new wording.
const SAME_SENTENCE: f64 = 0.5;

/// Says what changed from one snapshot to another, and for a patient which verdicts.
pub fn build(
    (since, before): (Snapshot, &Compiled),
    (snapshot, after): (Snapshot, &Compiled),
    profile: Option<&Profile>,
) -> Changes {
    let day = profile.map_or(snapshot.fetched, |profile| profile.as_of);
    let mut changes = Changes {
        schema: CHANGES_SCHEMA,
        patient: profile.and_then(|profile| profile.id.clone()),
        as_of: profile.map(|profile| profile.as_of),
        since,
        snapshot,
        unchanged: 0,
        new: Vec::new(),
        opened: Vec::new(),
        closed: Vec::new(),
        amended: Vec::new(),
        verdicts: profile.map(|_| Vec::new()),
    };
    let asked = profile.map(|profile| (Asked::new(before, profile), Asked::new(after, profile)));
    let place: BTreeMap<Key<'_>, usize> =
        before.trials.iter().enumerate().flat_map(|(at, old)| keys(&old.trial).map(move |key| (key, at))).collect();
    let mut found: BTreeSet<usize> = BTreeSet::new();
    for (at, new) in after.trials.iter().enumerate() {
        let earlier: BTreeSet<usize> = keys(&new.trial).filter_map(|key| place.get(&key).copied()).collect();
        found.extend(&earlier);
        let verdict = asked.as_ref().and_then(|(_, after)| after.verdict(at));
        let Some((old_at, old)) = same(before, &earlier, &new.trial.id) else {
            changes.new.push(Changed { verdict, ..changed(&new.trial, day) });
            continue;
        };
        let verdict_before = asked.as_ref().and_then(|(before, _)| before.verdict(old_at));
        if let (Some((before, after)), Some(verdicts)) = (&asked, &mut changes.verdicts) {
            verdicts.extend(verdict_change(before, old_at, after, at, day));
        }
        let (fields, text) =
            (fields(&old.trial, &new.trial), difference(&old.trial.eligibility, &new.trial.eligibility));
        if fields.is_empty() && text.is_empty() {
            changes.unchanged += 1;
            continue;
        }
        let changed = Changed { fields, text, verdict_before, verdict, ..changed(&new.trial, day) };
        let list = match (standing(&old.trial), standing(&new.trial)) {
            (Door::Open | Door::Ajar, Door::Shut) => &mut changes.closed,
            (Door::Shut | Door::Ajar, Door::Open) | (Door::Shut, Door::Ajar) => &mut changes.opened,
            _ => &mut changes.amended,
        };
        list.push(changed);
    }
    for (at, old) in before.trials.iter().enumerate().filter(|(at, _)| !found.contains(at)) {
        let verdict_before = asked.as_ref().and_then(|(before, _)| before.verdict(at));
        changes.closed.push(Changed { gone: true, verdict_before, ..changed(&old.trial, day) });
    }
    changes.new.sort_by_key(|new| new.verdict);
    changes
}

/// One patient's verdicts on a snapshot, in the order of its trials.
struct Asked<'c, 'p> {
    evaluation: Evaluation<'c, 'p>,
    summaries: Vec<crate::matching::Summary<'c>>,
}

impl<'c, 'p> Asked<'c, 'p> {
    fn new(compiled: &'c Compiled, profile: &'p Profile) -> Self {
        let evaluation = Evaluation::new(compiled, profile);
        let summaries = evaluation.summaries();
        Self { evaluation, summaries }
    }

    fn verdict(&self, at: usize) -> Option<Verdict> {
        self.summaries.get(at).map(|summary| summary.verdict)
    }

    fn criteria(&self, at: usize) -> Vec<CriterionResult> {
        self.summaries.get(at).map(|summary| self.evaluation.explain(summary).criteria).unwrap_or_default()
    }
}

type Key<'t> = (Registry, &'t str);

/// The records of a trial.
fn keys(trial: &Trial) -> impl Iterator<Item = Key<'_>> {
    let others = trial.records.iter().map(|record| (record.registry, record.id.as_str()));
    std::iter::once((trial.registry, trial.id.as_str())).chain(others)
}

/// Of the earlier trials of a study, the one of the same identifier, else the first.
fn same<'c>(before: &'c Compiled, earlier: &BTreeSet<usize>, id: &str) -> Option<(usize, &'c CompiledTrial)> {
    let of = |at: &usize| before.trials.get(*at).map(|trial| (*at, trial));
    earlier.iter().filter_map(of).find(|(_, old)| old.trial.id == id).or_else(|| earlier.iter().find_map(of))
}

fn changed(trial: &Trial, day: Date) -> Changed {
    Changed {
        trial: head(trial, day),
        gone: false,
        fields: Vec::new(),
        text: Vec::new(),
        verdict_before: None,
        verdict: None,
    }
}

/// Whether a trial takes patients, soon will, or does not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    Open,
    Ajar,
    Shut,
}

fn standing(trial: &Trial) -> Door {
    let one = |status: &str| match status {
        "NOT_YET_RECRUITING" => Door::Ajar,
        status if sites::is_open_status(status) => Door::Open,
        _ => Door::Shut,
    };
    let doors: Vec<Door> = trial.statuses().map(one).collect();
    if doors.contains(&Door::Open) {
        Door::Open
    } else if doors.contains(&Door::Ajar) {
        Door::Ajar
    } else {
        Door::Shut
    }
}

/// The registry fields that changed. Days of update and verification are no change of the trial.
fn fields(old: &Trial, new: &Trial) -> Vec<FieldChange> {
    let age = |age: &Option<crate::trial::Age>| age.as_ref().map(|age| age.text.trim().to_owned());
    let list = |words: &[String]| Some(words.join(", "));
    let statuses = |trial: &Trial| {
        let statuses: BTreeSet<&str> = trial.statuses().collect();
        Some(statuses.into_iter().collect::<Vec<_>>().join(", "))
    };
    let records = |trial: &Trial| {
        let ids: BTreeSet<&str> = keys(trial).map(|(_, id)| id).collect();
        Some(ids.into_iter().collect::<Vec<_>>().join(", "))
    };
    let countries = |trial: &Trial| {
        let countries: BTreeSet<&str> = trial.sites.iter().map(|site| site.country.trim()).collect();
        Some(countries.into_iter().filter(|country| !country.is_empty()).collect::<Vec<_>>().join(", "))
    };
    let site_count = |trial: &Trial| Some(trial.sites.len().to_string()).filter(|count| count != "0");
    let all = [
        ("status", statuses(old), statuses(new)),
        ("records", records(old), records(new)),
        ("title", Some(old.title.clone()), Some(new.title.clone())),
        ("phases", list(&old.phases), list(&new.phases)),
        ("minimumAge", age(&old.minimum_age), age(&new.minimum_age)),
        ("maximumAge", age(&old.maximum_age), age(&new.maximum_age)),
        ("sex", old.sex.clone(), new.sex.clone()),
        ("countries", countries(old), countries(new)),
        ("sites", site_count(old), site_count(new)),
    ];
    let stated = |value: Option<String>| value.filter(|value| !value.trim().is_empty());
    all.into_iter()
        .map(|(field, before, after)| FieldChange { field, before: stated(before), after: stated(after) })
        .filter(|change| change.before != change.after)
        .collect()
}

/// Says whether the verdict on a trial changed, and by which sentences.
fn verdict_change(
    before: &Asked<'_, '_>,
    old_at: usize,
    after: &Asked<'_, '_>,
    at: usize,
    day: Date,
) -> Option<VerdictChange> {
    let (was, is) = (before.verdict(old_at)?, after.verdict(at)?);
    if was == is {
        return None;
    }
    let trial = &after.summaries.get(at)?.trial.trial;
    let because = because(was, is, &before.criteria(old_at), &after.criteria(at));
    Some(VerdictChange { trial: head(trial, day), before: was, after: is, because })
}

/// The sentences that one text has and the other has not, or not with this outcome, and whose outcome makes the verdict.
/// A sentence of the older text that stood in the way is followed by its new wording.
fn because(was: Verdict, is: Verdict, old: &[CriterionResult], new: &[CriterionResult]) -> Vec<Sentence> {
    let decisive = |outcome: Outcome| match was.max(is) {
        Verdict::Ineligible => outcome == Outcome::Fail,
        _ => matches!(outcome, Outcome::Unknown | Outcome::Unread),
    };
    let key = |criterion: &CriterionResult| (criterion.section, words(&criterion.text), criterion.outcome);
    let only = |these: &[CriterionResult], those: &[CriterionResult]| -> Vec<usize> {
        let known: Vec<_> = those.iter().map(key).collect();
        these.iter().enumerate().filter(|(_, one)| !known.contains(&key(one))).map(|(at, _)| at).collect()
    };
    let (removed, mut added) = (only(old, new), only(new, old));
    let mut sentences = Vec::new();
    for criterion in removed.iter().filter_map(|at| old.get(*at)).filter(|old| decisive(old.outcome)) {
        sentences.push(sentence(Fate::Removed, criterion));
        let alike = |at: &usize| new.get(*at).map_or(0.0, |new| likeness(criterion, new));
        let nearest = added.iter().copied().max_by(|a, b| alike(a).total_cmp(&alike(b)).then(b.cmp(a)));
        if let Some(at) = nearest.filter(|at| alike(at) >= SAME_SENTENCE) {
            added.retain(|other| *other != at);
            sentences.extend(new.get(at).map(|new| sentence(Fate::Added, new)));
        }
    }
    let decides = added.iter().filter_map(|at| new.get(*at)).filter(|new| decisive(new.outcome));
    sentences.extend(decides.map(|new| sentence(Fate::Added, new)));
    sentences
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The share of the words of two criteria that both have.
fn likeness(one: &CriterionResult, other: &CriterionResult) -> f64 {
    if one.field.is_some() || other.field.is_some() {
        return if one.field == other.field { 1.0 } else { 0.0 };
    }
    if one.section != other.section {
        return 0.0;
    }
    let set = |criterion: &CriterionResult| words(&criterion.text).into_iter().collect::<BTreeSet<_>>();
    let (one, other) = (set(one), set(other));
    let shared = one.intersection(&other).count();
    let all = one.union(&other).count();
    if all == 0 { 0.0 } else { shared as f64 / all as f64 }
}

fn sentence(is: Fate, criterion: &CriterionResult) -> Sentence {
    Sentence {
        is,
        section: criterion.section,
        span: criterion.span.map(|span| [span.start, span.end]),
        field: criterion.field.clone(),
        text: criterion.text.clone(),
        reading: criterion.reading.clone(),
        outcome: criterion.outcome,
        evidence: criterion.evidence.clone(),
    }
}
