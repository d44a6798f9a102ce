//! `ask` proves its claim: with an answer added and the patient matched again, the promised verdicts come out.

use crate::safety::{COMPILED, PATIENTS, hold, profile};
use crate::{PATIENT, RECORDS, file, program};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use trialmatch::matching::ask::{Plan, plan};
use trialmatch::matching::{Compiled, Outcome, Verdict, evaluate};
use trialmatch::patient::Profile;

/// Questions that are asked of each patient.
const QUESTIONS: usize = 5;

/// Verdict and unknown criteria of every trial, counted from the explained report and not from what `ask` uses.
fn standings(compiled: &Compiled, profile: &Profile) -> BTreeMap<String, (Verdict, usize)> {
    let of = |outcome: Outcome| outcome == Outcome::Unknown;
    evaluate(compiled, profile)
        .into_iter()
        .map(|found| (found.trial.id.clone(), (found.verdict, found.criteria.iter().filter(|c| of(c.outcome)).count())))
        .collect()
}

/// What does not come out as promised.
fn broken(compiled: &Compiled, name: &str, profile: &Profile, plan: &Plan) -> Vec<String> {
    let before = standings(compiled, profile);
    let mut wrong = Vec::new();
    for question in &plan.questions {
        for answer in &question.answers {
            let place = format!("{name}, {}, `{}`", question.id, answer.say);
            let after = standings(compiled, &profile.with(&answer.facts, "an answer").unwrap());
            let effect = &answer.effect;
            if effect.eligible.len() + effect.settled.len() + effect.narrowed.len() + effect.ineligible.len() == 0 {
                wrong.push(format!("{place}: changes nothing"));
            }
            for (at, trial) in compiled.trials.iter().enumerate() {
                let id = &trial.trial.id;
                let (before, after) = (before[id], after[id]);
                let fulfilled = if effect.eligible.contains(&at) {
                    after.0 == Verdict::Eligible
                } else if effect.ineligible.contains(&at) {
                    after.0 == Verdict::Ineligible
                } else if effect.settled.contains(&at) {
                    after == (Verdict::Possible, 0)
                } else if effect.narrowed.contains(&at) {
                    after.0 == Verdict::Possible && 0 < after.1 && after.1 < before.1
                } else {
                    after.0 == before.0
                };
                if !fulfilled {
                    wrong.push(format!("{place}: {id} goes from {before:?} to {after:?}"));
                }
            }
        }
    }
    // All usual answers together lead where the plan says.
    let all = plan.questions.iter().fold(profile.clone(), |known, question| {
        question.answers.first().map_or(known.clone(), |answer| known.with(&answer.facts, "answers").unwrap_or(known))
    });
    let after = standings(compiled, &all);
    let open = before.iter().filter(|(_, standing)| standing.0 == Verdict::Possible).map(|(id, _)| after[id]);
    let settled = open.filter(|(verdict, unknown)| *verdict != Verdict::Possible || *unknown == 0).count();
    if settled != plan.settled_after {
        wrong.push(format!("{name}: {settled} settled by all answers, {} promised", plan.settled_after));
    }
    wrong
}

#[test]
fn every_answer_gives_the_promised_verdicts() {
    // Of the patients, every fourth meets the real trials as well, which keeps the test short.
    let [sample, real] = &*COMPILED;
    let of = |compiled, step| PATIENTS.iter().step_by(step).map(move |(name, patient)| (compiled, name, patient));
    let pairs: Vec<_> = of(sample, 1).chain(of(real, 4)).collect();
    let checked: Vec<(usize, Vec<String>)> = pairs
        .into_par_iter()
        .map(|(compiled, name, patient)| {
            let profile = profile(patient);
            let plan = plan(compiled, &profile, &|_| true, QUESTIONS);
            assert!(plan.questions.len() <= QUESTIONS);
            (plan.questions.len(), broken(compiled, name, &profile, &plan))
        })
        .collect();
    assert!(checked.iter().map(|(questions, _)| questions).sum::<usize>() > PATIENTS.len(), "few questions");
    hold("an answer gives what was promised", checked.into_iter().flat_map(|(_, wrong)| wrong));
}

#[test]
fn what_is_asked_first_settles_the_trial() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let patient = PATIENT.replace(r#""performance_status": { "ecog": 1 }, "#, "");
    let patient = file(folder.path(), "patient.json", patient).display().to_string();
    let records = file(folder.path(), "records.ndjson", RECORDS);
    program(&index).args(["import", "--fetched", "2026-10-30"]).arg(records).assert().success();
    let run = program(&index).args(["ask", &patient, "--format", "json"]).output().unwrap();
    let asked: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(asked["schema"], "trialmatch.ask/1");
    assert_eq!(asked["questions"].as_array().unwrap().len(), 1, "{asked}");
    assert_eq!(asked["questions"][0]["id"], "performance_status");
    assert_eq!(asked["questions"][0]["answers"][0]["eligible"][0], "NCT90000001");
    assert_eq!(asked["questions"][0]["answers"][1]["ineligible"][0], "NCT90000001");
    assert_eq!(asked["after"]["lacking_nothing"], 1);
    for (format, words) in [("table", "How well does the patient manage daily life"), ("html", "<strong>ECOG 1")] {
        let run = program(&index).args(["ask", &patient, "--format", format]).output().unwrap();
        let said = String::from_utf8(run.stdout).unwrap();
        assert!(said.contains(words) && said.contains("2026-10-30"), "{said}");
    }
    let none = program(&index).args(["ask", &patient, "--format", "json", "--questions", "0"]).output().unwrap();
    let none: Value = serde_json::from_slice(&none.stdout).unwrap();
    assert_eq!(none["questions"].as_array().unwrap().len(), 0);
    assert_eq!(none["left"][0]["can_be_asked"], true);
}
