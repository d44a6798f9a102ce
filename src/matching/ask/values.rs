//! Results of tests: the value that keeps most trials open and what it must reach, the value that closes most, and
//! genes found unchanged or altered.

use super::Member;
use super::candidates::Draft;
use super::suppose::{Standing, Supposing};
use crate::criteria::answer::Truth;
use crate::criteria::atom::Atom;
use crate::criteria::biomarkers::State;
use crate::criteria::facts::Facts;
use crate::criteria::laboratory::{Bound, Limit};
use crate::lexicon::{biomarkers, labs};
use crate::matching::outcome::Verdict;
use crate::patient::Profile;
use crate::patient::profile::Lab;
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The bounds of one test that are tried.
const BOUNDS: usize = 8;

/// How far from a bound a tried value lies.
const STEP: f64 = 1.05;

/// A result that is tried, with what it leaves open: ineligible trials, and what is left to ask.
struct Tried {
    entry: Value,
    ineligible: usize,
    left: f64,
}

/// The answers on the tests of a question. All values that keep most trials open come first; then, for the tests of
/// most trials, the value that closes most. What the trials ask of each is written into `members`.
pub(super) fn laboratory(
    supposing: &Supposing<'_>,
    known: &Profile,
    drafts: &[Draft],
    members: &mut [Member],
    tried: usize,
) -> Vec<(String, Value)> {
    let mut good = Vec::new();
    let mut bad = Vec::new();
    for (draft, member) in drafts.iter().zip(members) {
        let name = draft.subject.as_str();
        let Some(row) = labs::by_name(name).and_then(|at| labs::all().get(at)) else { continue };
        let atoms: Vec<u32> = draft.atoms.iter().map(|(atom, _)| *atom).collect();
        let mut results: Vec<Tried> = entries(supposing, known, row, draft)
            .into_iter()
            .filter_map(|entry| {
                let supposed = known.with(&json!({ "labs": [entry.clone()] }), "answer").ok()?;
                let then = supposing.then(&supposed, Some(&atoms));
                Some(tried_result(entry, &then))
            })
            .collect();
        results.sort_by(|one, other| one.ineligible.cmp(&other.ineligible).then(one.left.total_cmp(&other.left)));
        let (Some(best), Some(worst)) = (results.first(), results.last()) else { continue };
        member.needs = needs(supposing, known, draft, &best.entry);
        if worst.ineligible > best.ineligible && bad.len() < tried {
            bad.push((said(name, &worst.entry), json!({ "labs": [worst.entry.clone()] })));
        }
        good.push(best.entry.clone());
    }
    if good.is_empty() {
        return Vec::new();
    }
    let usual = if good.len() == 1 {
        good.iter().map(|entry| said(drafts.first().map_or("", |draft| draft.subject.as_str()), entry)).collect()
    } else {
        "every value is reached".to_owned()
    };
    std::iter::once((usual, json!({ "labs": good }))).chain(bad).collect()
}

fn tried_result(entry: Value, then: &[Standing]) -> Tried {
    let ineligible = then.iter().filter(|standing| standing.verdict == Verdict::Ineligible).count();
    Tried { entry, ineligible, left: then.iter().map(|standing| standing.weight(0)).sum() }
}

/// A result in words.
fn said(name: &str, entry: &Value) -> String {
    let value = entry.get("value").and_then(Value::as_f64).unwrap_or_default();
    let unit = entry.get("unit").and_then(Value::as_str).unwrap_or_default();
    let limit = |key: &str| entry.get(key).and_then(Value::as_f64);
    let range = match (limit("lower_limit_of_normal"), limit("upper_limit_of_normal")) {
        (_, Some(upper)) if value > upper => ", above normal",
        (Some(lower), _) if value < lower => ", below normal",
        (None, None) => "",
        _ => ", normal",
    };
    let unit = if unit == "1" { String::new() } else { format!(" {unit}") };
    format!("{name} {value}{unit}{range}")
}

/// Results to try: on both sides of every bound that open trials set, and outside the normal range. Where the newest
/// value is of today or lacks its limits alone, it stays and the limits are added.
fn entries(supposing: &Supposing<'_>, known: &Profile, row: &labs::Lab, draft: &Draft) -> Vec<Value> {
    let stated = newest(known, &row.id);
    let missing_limit = draft
        .atoms
        .iter()
        .any(|(atom, _)| matches!(bound(supposing, *atom), Some(bound) if !matches!(bound.limit, Limit::Absolute(_))));
    if let Some(lab) = stated
        .filter(|lab| missing_limit && (lab.upper_limit_of_normal.is_none() || lab.lower_limit_of_normal.is_none()))
    {
        let ranges = [(0.5, 2.0), (0.01, 0.02), (50.0, 100.0)];
        return ranges.into_iter().map(|(lower, upper)| with_limits(lab, lower, upper)).collect();
    }
    let mut bounds: Vec<f64> = draft
        .atoms
        .iter()
        .filter_map(|(atom, _)| match bound(supposing, *atom)?.limit {
            Limit::Absolute(value) => Some(value.value()),
            _ => None,
        })
        .filter(|value| *value > 0.0)
        .collect();
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    bounds.truncate(BOUNDS);
    let [low, high] = row.plausible;
    if bounds.is_empty() {
        bounds.push((low.max(0.01) * high).sqrt());
    }
    let mut values: Vec<f64> = Vec::new();
    values.extend(bounds.first().map(|first| first / STEP));
    values.extend(bounds.windows(2).filter_map(|pair| Some((pair.first()? + pair.get(1)?) / 2.0)));
    values.extend(bounds.last().map(|last| last * STEP));
    let entry = |value: f64, lower: f64, upper: f64| {
        json!({
            "test": row.id, "value": short(value), "unit": row.unit, "on": known.as_of.to_string(),
            "lower_limit_of_normal": short(value * lower), "upper_limit_of_normal": short(value * upper),
        })
    };
    let mut entries: Vec<Value> = values.iter().map(|value| entry(*value, 0.5, 2.0)).collect();
    entries.extend(values.last().map(|value| entry(*value, 0.01, 0.02)));
    entries.extend(values.first().map(|value| entry(*value, 50.0, 100.0)));
    entries
}

/// The newest value of a test.
fn newest<'p>(known: &'p Profile, test: &str) -> Option<&'p Lab> {
    let row = labs::by_name(test)?;
    let values = known.labs.iter().flatten().filter(|lab| labs::by_name(&lab.test) == Some(row));
    values.max_by_key(|lab| lab.on.as_ref().map(|on| on.latest))
}

/// A value as it is stated, with the limits that it lacks.
fn with_limits(lab: &Lab, lower: f64, upper: f64) -> Value {
    let mut entry = serde_json::to_value(lab).unwrap_or_default();
    if let Some(keys) = entry.as_object_mut() {
        let mut add = |key: &str, factor: f64| {
            if !keys.contains_key(key) {
                keys.insert(key.to_owned(), json!(short(lab.value * factor)));
            }
        };
        add("lower_limit_of_normal", lower);
        add("upper_limit_of_normal", upper);
    }
    entry
}

fn bound<'c>(supposing: &Supposing<'c>, atom: u32) -> Option<&'c Bound> {
    match supposing.compiled.atoms.get(atom as usize)? {
        Atom::Laboratory(bound) => Some(bound),
        _ => None,
    }
}

/// Rounds to three figures.
fn short(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let scale = 10f64.powi(2 - value.abs().log10().floor() as i32);
    (value * scale).round() / scale
}

/// What the trials ask of a test, as the value that keeps them open meets it, the most frequent first.
fn needs(supposing: &Supposing<'_>, known: &Profile, draft: &Draft, best: &Value) -> Vec<(String, usize)> {
    let Ok(supposed) = known.with(&json!({ "labs": [best] }), "answer") else { return Vec::new() };
    let facts = Facts::new(&supposed);
    let mut needs: BTreeMap<String, usize> = BTreeMap::new();
    for (atom, trials) in &draft.atoms {
        let Some(asked) = supposing.compiled.atoms.get(*atom as usize) else { continue };
        let holds = match asked.evaluate(&facts).truth {
            Truth::True => true,
            Truth::False => false,
            _ => continue,
        };
        *needs.entry(asked.say(holds)).or_default() += trials;
    }
    let mut needs: Vec<(String, usize)> = needs.into_iter().collect();
    needs.sort_by_key(|(_, trials)| Reverse(*trials));
    needs
}

/// The answers on the genes of a test: none altered, then each of the most asked altered.
pub(super) fn genes(
    supposing: &Supposing<'_>,
    known: &Profile,
    drafts: &[Draft],
    germline: bool,
    (usual_say, tried): (&str, usize),
) -> Vec<(String, Value)> {
    let origin = if germline { "germline" } else { "somatic" };
    let mut none: Vec<Value> = Vec::new();
    let mut altered = Vec::new();
    for draft in drafts {
        let name = draft.subject.as_str();
        let states: Vec<State> = draft.atoms.iter().filter_map(|(atom, _)| state(supposing, *atom)).collect();
        let gene = biomarkers::by_name(name)
            .and_then(|at| biomarkers::all().get(at))
            .is_some_and(|row| row.kind == biomarkers::BiomarkerKind::Gene);
        for (usual, other) in results(&states, gene) {
            let entry = |result: &str| {
                if gene {
                    json!({ "gene": name, "result": result, "origin": origin })
                } else {
                    json!({ "marker": name, "result": result })
                }
            };
            // A result that contradicts one that is stated is left out.
            if known.with(&json!({ "biomarkers": [entry(usual)] }), "answer").is_ok() {
                none.push(entry(usual));
            }
            if altered.len() < tried {
                let say = format!("{name}: {}", other.replace('_', " "));
                altered.push((say, json!({ "biomarkers": [entry(other)] })));
            }
        }
    }
    if none.is_empty() {
        return Vec::new();
    }
    std::iter::once((usual_say.to_owned(), json!({ "biomarkers": none }))).chain(altered).collect()
}

fn state(supposing: &Supposing<'_>, atom: u32) -> Option<State> {
    match supposing.compiled.atoms.get(atom as usize)? {
        Atom::Biomarker(asked) => Some(asked.state),
        _ => None,
    }
}

/// The usual and the other result that settle what is asked.
fn results(states: &[State], gene: bool) -> Vec<(&'static str, &'static str)> {
    let asks = |of: &[State]| states.iter().any(|state| of.contains(state));
    let mut results = Vec::new();
    if gene && asks(&[State::Altered, State::WildType, State::Known, State::Positive, State::Negative]) {
        results.push(("wild_type", "mutated"));
    } else if asks(&[State::Positive, State::Negative, State::Altered, State::WildType, State::Known]) {
        results.push(("negative", "positive"));
    } else if asks(&[State::Stable]) {
        results.push(("stable", "high"));
    } else if asks(&[State::High, State::Low]) {
        results.push(("low", "high"));
    }
    if asks(&[State::Amplified]) {
        results.push(("not_amplified", "amplified"));
    }
    results
}
