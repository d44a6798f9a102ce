//! Near misses: one fact, tried by taking it away; how it changes, tried as well.

use crate::criteria_cases::trial;
use serde_json::{Value, json};
use trialmatch::criteria::{Section, read_trial};
use trialmatch::matching::near_miss::{Change, NearMisses};
use trialmatch::matching::{Compiled, Verdict, evaluate_trial};
use trialmatch::patient::Profile;

fn patient(facts: Value) -> Profile {
    let mut profile = json!({"as_of": "2026-11-08", "sex": "female", "age": 60,
        "diagnosis": {"cancer": "breast", "extent": "metastatic"}, "treatments": []});
    profile.as_object_mut().unwrap().extend(facts.as_object().unwrap().clone());
    Profile::from_value(profile, "test").unwrap()
}

#[test]
fn one_fact_and_how_it_can_change() {
    use Section::{Exclusion, Inclusion};
    let platelets = json!({"labs": [{"test": "platelets", "value": 60, "unit": "10*9/L", "on": "2026-11-07"}]});
    let drug = |agent: &str, stopped: Option<&str>| {
        let mut treatment =
            json!({"kind": "drug", "agents": [agent], "setting": "metastatic", "line": 1, "started": "2026-01"});
        if let Some(day) = stopped {
            treatment["stopped"] = json!(day);
            treatment["reason_stopped"] = json!("progression");
        }
        json!({"treatments": [treatment]})
    };
    let two = json!({"performance_status": {"ecog": 3}, "labs": platelets["labs"]});
    for (section, text, facts, expected) in [
        (Inclusion, "Platelets at least 100 x 10^9/L", platelets, Some(("labs[0]", Change::Laboratory))),
        (
            Inclusion,
            "ECOG performance status of 0 or 1",
            json!({"performance_status": {"ecog": 3}}),
            Some(("performance_status", Change::Condition)),
        ),
        (Inclusion, "ECOG performance status 0 or 1 and platelets at least 100 x 10^9/L", two, None),
        (
            Exclusion,
            "Concurrent endocrine therapy",
            drug("letrozole", None),
            Some(("treatments[0]", Change::StoppedMedicine)),
        ),
        (
            Exclusion,
            "Prior treatment with a CDK4/6 inhibitor",
            drug("palbociclib", Some("2026-05-01")),
            Some(("treatments[0]", Change::Unchangeable)),
        ),
        (
            Inclusion,
            "At least one prior line of chemotherapy for metastatic disease",
            json!({}),
            Some(("treatments: not listed", Change::TreatmentToCome)),
        ),
        (
            Inclusion,
            "HER2-positive breast cancer",
            json!({"receptors": {"her2": {"ihc": "1+"}}}),
            Some(("receptors.her2", Change::Unchangeable)),
        ),
        (Inclusion, "ECOG performance status of 0 or 1", json!({"performance_status": {"ecog": 1}}), None),
    ] {
        let one = trial(section, text);
        let reading = read_trial(&one);
        let compiled = Compiled::build(vec![(one, reading)]);
        let profile = patient(facts);
        let found = evaluate_trial(&compiled, &compiled.trials[0], &profile);
        let near = NearMisses::new(&compiled, &profile).of(&compiled.trials[0], &found);
        let said = near.as_ref().map(|near| (near.fact.as_str(), near.change));
        assert_eq!(said, expected, "{text}: {:?}", found.verdict);
        assert!(near.is_none() || found.verdict == Verdict::Ineligible, "{text}");
    }
}
