//! `trialmatch change`: its three states against `match` on profiles of the same states, and washouts to the day.

use crate::criteria_cases::trial;
use crate::{file, program};
use jiff::civil::{Date, date};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use trialmatch::criteria::{Section, read_trial};
use trialmatch::lexicon::drugs;
use trialmatch::matching::change::{Effect, Start, Washouts, compare, stopped};
use trialmatch::matching::{Compiled, Evaluation, Outcome, Summary, Verdict, evaluate, evaluate_trial};
use trialmatch::patient::Profile;
use trialmatch::store;

/// The plans that every sample patient is put through.
const PLANS: [&str; 30] = [
    "letrozole+palbociclib",
    "letrozole+ribociclib",
    "fulvestrant+abemaciclib",
    "fulvestrant",
    "tamoxifen",
    "exemestane+everolimus",
    "elacestrant",
    "imlunestrant",
    "fulvestrant+capivasertib",
    "fulvestrant+alpelisib",
    "fulvestrant+palbociclib+inavolisib",
    "capecitabine",
    "paclitaxel",
    "docetaxel+trastuzumab+pertuzumab",
    "eribulin",
    "vinorelbine",
    "gemcitabine+carboplatin",
    "doxorubicin",
    "trastuzumab deruxtecan",
    "sacituzumab govitecan",
    "datopotamab deruxtecan",
    "trastuzumab emtansine",
    "tucatinib+trastuzumab+capecitabine",
    "pembrolizumab+paclitaxel",
    "olaparib",
    "talazoparib",
    "denosumab",
    "no treatment",
    "radiotherapy to bone",
    "whole-brain radiotherapy",
];

fn patients() -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/patients");
    let mut patients = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let profile = Profile::from_path(&path).unwrap();
        patients
            .insert(path.file_name().unwrap().to_string_lossy().into_owned(), serde_json::to_value(profile).unwrap());
    }
    assert!(patients.len() >= 10);
    patients
}

fn ongoing_line(treatment: &Value) -> bool {
    let line = |agent: &Value| drugs::drug_by_name(agent.as_str().unwrap()).is_none_or(drugs::makes_a_line);
    treatment["kind"] == "drug"
        && treatment.get("stopped").is_none()
        && (treatment.get("line").is_some() || treatment["agents"].as_array().unwrap().iter().any(line))
}

/// The patient under treatment, written by hand as a profile; `None` where the treatments are not known.
fn by_hand_during(patient: &Value, plan: &str, on: &str, eve: &str) -> Option<Value> {
    let mut profile = patient.clone();
    profile["as_of"] = json!(on);
    let list = profile.get_mut("treatments")?.as_array_mut().unwrap();
    let radiotherapy = plan.contains("radiotherapy");
    let supportive = plan == "denosumab";
    if !radiotherapy && !supportive {
        for treatment in list.iter_mut().filter(|treatment| ongoing_line(treatment)) {
            treatment["stopped"] = json!(eve);
        }
    }
    let lines = list.iter().filter_map(|treatment| treatment.get("line")?.as_u64());
    let next = lines.max().unwrap_or(0) + 1;
    let agents: Vec<&str> = plan.split('+').collect();
    match plan {
        "no treatment" => {}
        "radiotherapy to bone" => list.push(json!({"kind": "radiotherapy", "target": "bone", "started": on})),
        "whole-brain radiotherapy" => {
            list.push(json!({"kind": "radiotherapy", "target": "brain", "technique": "whole brain", "started": on}))
        }
        "denosumab" => list.push(json!({"kind": "drug", "agents": agents, "setting": "metastatic", "started": on})),
        _ => list.push(json!({"kind": "drug", "agents": agents, "setting": "metastatic", "line": next, "started": on})),
    }
    Some(profile)
}

/// The patient after it, on the day on which a trial is looked at.
fn by_hand_after(patient: &Value, plan: &str, on: &str, eve: &str, day: &str) -> Option<Value> {
    let mut profile = by_hand_during(patient, plan, on, eve)?;
    profile["as_of"] = json!(day);
    if plan == "no treatment" {
        return Some(profile);
    }
    let is_line = !plan.contains("radiotherapy") && plan != "denosumab";
    let new = profile["treatments"].as_array_mut().unwrap().last_mut().unwrap().as_object_mut().unwrap();
    new.remove("started");
    new.insert("stopped".into(), json!(on));
    new.insert("reason_stopped".into(), json!(if is_line { "progression" } else { "completed" }));
    if is_line && profile["diagnosis"].get("last_progression").is_none() {
        profile["diagnosis"]["last_progression"] = json!(on);
    }
    if plan.contains("brain") {
        for metastasis in profile["metastases"].as_array_mut().into_iter().flatten() {
            if metastasis["site"] == "brain" {
                let metastasis = metastasis.as_object_mut().unwrap();
                for key in ["state", "stable_since", "symptomatic", "corticosteroids", "corticosteroids_stopped"] {
                    metastasis.remove(key);
                }
                metastasis.insert("treated".into(), json!(on));
            }
        }
    }
    Some(profile)
}

/// The verdicts of `match`, by trial.
fn verdicts(compiled: &Compiled, profile: &Value) -> BTreeMap<String, Verdict> {
    let profile = Profile::from_value(profile.clone(), "a state written by hand").unwrap();
    let summaries = Evaluation::new(compiled, &profile).summaries();
    summaries.into_iter().map(|found| (found.trial.trial.id.clone(), found.verdict)).collect()
}

#[test]
fn the_three_states_are_those_of_a_match_on_profiles_written_by_hand() {
    let compiled = store::sample().compiled;
    let all = |_: &Summary<'_>| true;
    let mut seen: BTreeMap<Effect, usize> = BTreeMap::new();
    let mut compared = 0;
    for (name, patient) in patients() {
        let profile = Profile::from_value(patient.clone(), &name).unwrap();
        let now = verdicts(&compiled, &patient);
        for plan in PLANS {
            let (on, eve) = ("2026-11-12", "2026-11-11");
            let start = Start::parse(plan).unwrap();
            let found = compare(&compiled, &profile, &start, date(2026, 11, 12), &all);
            let Some(under_way) = by_hand_during(&patient, plan, on, eve) else { continue };
            let during = verdicts(&compiled, &under_way);
            let mut after: BTreeMap<Date, BTreeMap<String, Verdict>> = BTreeMap::new();
            for changed in &found.trials {
                let id = &changed.now.trial.trial.id;
                let place = format!("{name}, {plan}, {id}");
                let day = changed.after_on;
                let later = after.entry(day).or_insert_with(|| {
                    verdicts(&compiled, &by_hand_after(&patient, plan, on, eve, &day.to_string()).unwrap())
                });
                assert_eq!(changed.now.verdict, now[id], "now: {place}");
                assert_eq!(changed.during, during[id], "during: {place}");
                assert_eq!(changed.after.verdict, later[id], "after, on {day}: {place}");
                let out = Verdict::Ineligible;
                let effect = match (now[id] == out, later[id] == out) {
                    (false, true) => Effect::Closes,
                    (true, false) => Effect::Opens,
                    (false, false) => Effect::Stays,
                    (true, true) => panic!("{place}: ineligible now and after"),
                };
                assert_eq!(changed.effect, effect, "{place}");
                if effect != Effect::Stays {
                    assert!(!changed.because.is_empty(), "{place}: nothing decides");
                }
                for decides in &changed.because {
                    assert_eq!(decides.outcome, Outcome::Fail, "{place}");
                    assert!(!decides.evidence.is_empty(), "{place}: no fact behind {}", decides.text);
                }
                *seen.entry(effect).or_default() += 1;
                compared += 1;
            }
            // What is in none of the lists is out now; what is not out now is in one of them.
            assert_eq!(found.trials.len() + found.never, compiled.trials.len(), "{name}, {plan}");
            let open_now = now.values().filter(|verdict| **verdict != Verdict::Ineligible).count();
            let kept = found.of(Effect::Closes).count() + found.of(Effect::Stays).count();
            assert_eq!(kept, open_now, "{name}, {plan}");
        }
    }
    assert!(compared > 2000, "{compared} states compared");
    assert!(seen.values().all(|count| *count > 50) && seen.len() == 3, "each effect occurs: {seen:?}");
}

#[test]
fn a_history_that_is_not_stated_settles_nothing_by_its_absence() {
    let compiled = store::sample().compiled;
    let patient = patients().remove("sparse.json").unwrap();
    assert!(patient.get("treatments").is_none());
    let profile = Profile::from_value(patient.clone(), "sparse").unwrap();
    let mut settled = 0;
    for plan in PLANS {
        let start = Start::parse(plan).unwrap();
        let state = stopped(&profile, &start, date(2026, 11, 12));
        let open = Evaluation::of(&compiled, state.facts());
        // With the list complete, whatever it settles by its completeness alone may not be settled without.
        let mut complete = patient.clone();
        complete["treatments"] = json!([]);
        let complete = by_hand_after(&complete, plan, "2026-11-12", "2026-11-11", "2026-11-12").unwrap();
        let complete = Profile::from_value(complete, "complete").unwrap();
        let mut closed: BTreeMap<String, _> = BTreeMap::new();
        for found in evaluate(&compiled, &complete) {
            closed.insert(found.trial.id.clone(), found.criteria);
        }
        for summary in open.summaries() {
            let criteria = open.explain(&summary).criteria;
            for (open, closed) in criteria.iter().zip(&closed[&summary.trial.trial.id]) {
                let place = format!("{plan}: {} {}", summary.trial.trial.id, open.text);
                for fact in &open.evidence {
                    assert!(fact.fact != "treatments", "{place}: rests on the list's completeness");
                }
                if matches!(open.outcome, Outcome::Pass | Outcome::Fail) {
                    assert_eq!(open.outcome, closed.outcome, "{place}");
                    settled += usize::from(open.evidence.iter().any(|fact| fact.fact.starts_with("treatments[")));
                }
            }
        }
    }
    assert!(settled > 50, "{settled} criteria are settled by the plan");
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
    stated: Vec<Stated>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    why: String,
    section: Section,
    text: String,
    start: String,
    on: String,
    over: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    why: String,
    section: Section,
    text: String,
    agents: Vec<String>,
    stopped: String,
    as_of: String,
    outcome: Outcome,
    clears_on: Option<String>,
}

fn cases() -> Cases {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/change/washouts.toml");
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn one(section: Section, text: &str) -> Compiled {
    let trial = trial(section, text);
    let reading = read_trial(&trial);
    Compiled::build(vec![(trial, reading)])
}

#[test]
fn washouts_are_right_to_the_day() {
    let cases = cases();
    assert!(cases.case.len() + cases.stated.len() >= 60);
    let mut wrong = Vec::new();
    for case in &cases.case {
        let compiled = one(case.section, &case.text);
        let profile =
            json!({"as_of": case.on, "diagnosis": {"cancer": "breast", "extent": "metastatic"}, "treatments": []});
        let profile = Profile::from_value(profile, "case").unwrap();
        let start = Start::parse(&case.start).unwrap();
        let on: Date = case.on.parse().unwrap();
        let state = stopped(&profile, &start, on);
        let washout = Washouts::new(&compiled, &state).of(&compiled.trials[0]);
        let over = washout.map(|washout| washout.over.to_string());
        if over != case.over {
            wrong.push(format!(
                "{} ({}), {} on {}: {:?} for {:?}",
                case.text, case.why, case.start, case.on, over, case.over
            ));
            continue;
        }
        // The day is the first: a match waits on the eve for that very day, and not on the day.
        let Some(over) = case.over.as_deref() else { continue };
        let over: Date = over.parse().unwrap();
        let on_day = |day: Date| {
            let state = state.on(day);
            let found = evaluate_trial(&compiled, &compiled.trials[0], &state.profile);
            found.criteria.iter().find(|c| c.span.is_some()).map(|c| (c.outcome, c.clears_on)).unwrap()
        };
        let eve = over.yesterday().unwrap();
        if on_day(eve) != (Outcome::Wait, Some(over)) || on_day(over).0 != Outcome::Pass {
            wrong.push(format!("{}: {:?} on the eve, {:?} on the day", case.text, on_day(eve), on_day(over)));
        }
    }
    for case in &cases.stated {
        let compiled = one(case.section, &case.text);
        let treatment = json!({"kind": "drug", "agents": case.agents, "setting": "metastatic", "line": 1,
            "stopped": case.stopped, "reason_stopped": "progression"});
        let profile = json!({"as_of": case.as_of, "diagnosis": {"cancer": "breast", "extent": "metastatic"},
            "treatments": [treatment]});
        let profile = Profile::from_value(profile, "case").unwrap();
        let found = evaluate_trial(&compiled, &compiled.trials[0], &profile);
        let criterion = found.criteria.iter().find(|c| c.span.is_some()).unwrap();
        let clears_on = criterion.clears_on.map(|day| day.to_string());
        if (criterion.outcome, &clears_on) != (case.outcome, &case.clears_on) {
            wrong.push(format!("{} ({}): {:?} {clears_on:?}", case.text, case.why, criterion.outcome));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Runs the program on the bundled sample.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let done = program(&folder.path().join("index")).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (done.status.code().unwrap(), text(&done.stdout), text(&done.stderr))
}

fn sample(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/patients").join(name).display().to_string()
}

#[test]
fn the_report_has_the_form_of_the_contract() {
    let patient = sample("hr-positive-after-cdk46.json");
    let (status, data, _) = run(&["change", &patient, "--start", "Xeloda", "--on", "2026-11-12", "--format", "json"]);
    assert_eq!(status, 0);
    let report: Value = serde_json::from_str(&data).unwrap();
    assert_eq!(report["schema"], "trialmatch.change/1");
    assert_eq!(report["start"]["agents"], json!(["capecitabine"]));
    assert_eq!(report["start"]["on"], "2026-11-12");
    assert_eq!(report["snapshot"]["sample"], true);
    let list = |key: &str| report[key].as_array().unwrap().clone();
    assert!(!list("closes").is_empty() && !list("opens").is_empty() && !list("stays").is_empty());
    let texts: BTreeMap<String, String> = store::sample()
        .compiled
        .trials
        .into_iter()
        .map(|compiled| (compiled.trial.id.clone(), compiled.trial.eligibility.clone()))
        .collect();
    for (key, now, after) in [("closes", true, false), ("opens", false, true), ("stays", true, true)] {
        for row in list(key) {
            assert_eq!(row["now"] != "ineligible", now, "{row}");
            assert_eq!(row["after"] != "ineligible", after, "{row}");
            let id = row["trial"]["id"].as_str().unwrap();
            for sentence in row["because"].as_array().into_iter().flatten() {
                let Some(span) = sentence["span"].as_array() else { continue };
                let [from, to] = [0, 1].map(|at| span[at].as_u64().unwrap() as usize);
                let slice: String = texts[id].chars().skip(from).take(to - from).collect();
                assert_eq!(sentence["text"], slice.as_str());
                assert!(!sentence["reading"].as_str().unwrap().is_empty());
            }
        }
    }
    assert!(list("closes").iter().all(|row| row["last_day"].as_str().unwrap() <= "2026-11-11"));
    assert!(list("stays").iter().all(|row| row["earliest_start"].as_str().unwrap() > "2026-11-12"));
    assert!(list("closes").iter().any(|row| row["trial_first"].is_string()));
    let ranks = |key: &str| list(key).iter().map(|row| row["rank"].as_u64().unwrap()).collect::<Vec<_>>();
    for key in ["closes", "stays"] {
        assert!(ranks(key).is_sorted(), "{key} by rank now");
    }
}

#[test]
fn several_plans_stand_side_by_side_and_one_may_come_as_fhir() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "MedicationRequest", "status": "draft", "intent": "plan",
            "medicationCodeableConcept": {"text": "Capecitabine 500 mg tablets"}}}]});
    let bundle = file(folder.path(), "plan.json", bundle.to_string()).display().to_string();
    let patient = sample("hr-positive-after-cdk46.json");
    let (status, data, message) = run(&[
        "change",
        &patient,
        "--start",
        "no treatment",
        "--start",
        "radiotherapy to bone",
        "--plan",
        &bundle,
        "--format",
        "json",
    ]);
    assert_eq!(status, 0, "{message}");
    let several: Value = serde_json::from_str(&data).unwrap();
    assert_eq!(several["start"]["plan"], "no treatment");
    assert_eq!(several["alternatives"][0]["start"]["plan"], "radiotherapy to bone");
    let (_, alone, _) = run(&["change", &patient, "--start", "capecitabine", "--format", "json"]);
    let alone: Value = serde_json::from_str(&alone).unwrap();
    for key in ["start", "closes", "opens", "stays"] {
        assert_eq!(several["alternatives"][1][key], alone[key], "{key} of the plan from FHIR");
    }
    let (_, table, _) = run(&["change", &patient, "--start", "no treatment", "--plan", &bundle]);
    for words in ["side by side", "SAMPLE DATA", "capecitabine from 2026-11-08"] {
        assert!(table.contains(words), "{words}");
    }
}

#[test]
fn what_is_no_plan_ends_with_2() {
    let patient = sample("hr-positive-after-cdk46.json");
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, content: &str| file(folder.path(), name, content).display().to_string();
    let shapeless = path("shapeless.json", "{");
    let unknown = path(
        "unknown.json",
        r#"{"resourceType": "MedicationRequest", "medicationCodeableConcept": {"text": "Canary"}}"#,
    );
    for (arguments, expected) in [
        (vec!["--start", "capecitabne"], vec!["--start", "capecitabine"]),
        (vec!["--start", "CDK4/6 inhibitor"], vec!["class", "palbociclib"]),
        (vec!["--start", "capecitabine", "--on", "tomorrow"], vec!["--on"]),
        (vec!["--start", "capecitabine", "--on", "2026-11-07"], vec!["as_of"]),
        (vec![], vec!["--start"]),
        (vec!["--plan", &shapeless], vec!["shapeless.json", "line 1"]),
        (vec!["--plan", &unknown], vec!["unknown.json", "--start"]),
        (vec!["--start", "capecitabine", "--status", "recruting"], vec!["RECRUITING"]),
    ] {
        let (status, data, message) = run(&[&["change", &patient], arguments.as_slice()].concat());
        assert_eq!((status, data.as_str()), (2, ""), "{arguments:?}: {message}");
        for word in expected {
            assert!(message.contains(word), "{arguments:?} names {word}: {message}");
        }
        assert!(!message.contains("Canary"), "{message}");
    }
}
