//! What becomes of the records of one study.

use super::*;
use crate::criteria::read_trial;
use crate::registry::ctgov;
use crate::trial::Registry;
use serde_json::json;

/// A record in the shape of ClinicalTrials.gov, given to another registry.
fn record(registry: Registry, id: &str, cites: &str, fields: serde_json::Value) -> (Trial, Reading) {
    let json = json!({"protocolSection": {
        "identificationModule": {"nctId": "NCT90000001", "briefTitle": format!("Title of {id}")},
        "statusModule": {"overallStatus": fields["status"], "statusVerifiedDate": "2026-09"},
        "eligibilityModule": {"eligibilityCriteria": fields["text"], "minimumAge": fields["from"],
            "maximumAge": fields["to"], "sex": fields["sex"]},
        "contactsLocationsModule": {"locations": fields["sites"]}
    }});
    let mut trial = ctgov::read_study(json.to_string().as_bytes()).unwrap();
    trial.registry = registry;
    trial.id = id.to_owned();
    trial.other_ids = Some(cites.to_owned()).filter(|cited| !cited.is_empty()).into_iter().collect();
    let reading = read_trial(&trial);
    (trial, reading)
}

const SHORT: &str = "Inclusion:\n* ECOG 0-1";
const LONG: &str = "Inclusion:\n* ECOG 0-1\n* HER2 negative\n\nExclusion:\n* Brain metastases";

fn both(first: serde_json::Value, second: serde_json::Value) -> Vec<(Trial, Reading)> {
    let records = vec![
        record(Registry::Ctgov, "NCT90000001", "", first),
        record(Registry::Ctis, "2025-500001-10-00", "NCT90000001", second),
    ];
    let reversed: Vec<_> = records.iter().cloned().rev().collect();
    let studies = studies(records);
    assert_eq!(studies, super::studies(reversed), "the order of the records is of no account");
    studies
}

#[test]
fn the_fullest_text_is_read_and_all_records_are_named() {
    for (first, second, expected) in [
        (SHORT, LONG, "2025-500001-10-00"),
        (LONG, SHORT, "NCT90000001"),
        (LONG, LONG, "NCT90000001"),
        ("", SHORT, "2025-500001-10-00"),
    ] {
        let studies = both(json!({"text": first}), json!({"text": second}));
        let [(trial, reading)] = studies.as_slice() else { panic!("{} studies", studies.len()) };
        assert_eq!(trial.id, expected);
        assert_eq!(trial.eligibility, if first.len() > second.len() { first } else { second });
        assert!(trial.other_ids.iter().any(|id| id != expected), "{:?}", trial.other_ids);
        assert!(!trial.other_ids.contains(&trial.id));
        assert_eq!(trial.records.len(), 2);
        assert_eq!(trial.records[0].id, expected);
        assert_eq!(trial.records[0].text_shared, 100);
        let spans = reading.criteria.iter().filter(|criterion| criterion.span.is_some()).count();
        assert_eq!(spans, if trial.eligibility == LONG { 3 } else { 1 });
    }
}

/// What the structured fields of the one study were read to ask.
fn asked(studies: &[(Trial, Reading)]) -> String {
    let [(_, reading)] = studies else { panic!("{} studies", studies.len()) };
    let fields = reading.criteria.iter().filter(|criterion| criterion.field.is_some());
    fields.map(Criterion::say).collect::<Vec<_>>().join("; ")
}

#[test]
fn where_the_registries_differ_only_what_all_say_keeps_anybody_out() {
    let fields = |from: Option<&str>, to: Option<&str>, sex: Option<&str>| json!({"text": SHORT, "from": from, "to": to, "sex": sex});
    let first = || fields(Some("18 Years"), Some("75 Years"), Some("FEMALE"));
    for (other, expected) in [
        (first(), "Age >= 18 years; Age <= 75 years; The patient is a woman"),
        (
            fields(Some("18 Years"), Some("80 Years"), Some("FEMALE")),
            "Age >= 18 years; Age <= 80 years and (age <= 75 years or to be confirmed by the clinical team) (the registries differ: NCT90000001 says 75 Years, 2025-500001-10-00 says 80 Years); The patient is a woman",
        ),
        (
            fields(Some("21 Years"), Some("75 Years"), Some("ALL")),
            "Age >= 18 years and (age >= 21 years or to be confirmed by the clinical team) (the registries differ: NCT90000001 says 18 Years, 2025-500001-10-00 says 21 Years); Age <= 75 years; The patient is a woman or to be confirmed by the clinical team (the registries differ: NCT90000001 says FEMALE, 2025-500001-10-00 says ALL)",
        ),
        (fields(None, None, None), "Age >= 18 years; Age <= 75 years; The patient is a woman"),
    ] {
        assert_eq!(asked(&both(first(), other.clone())), expected, "{other}");
    }
    // What the record that is read does not say is for a person to confirm.
    let silent = fields(None, None, None);
    assert_eq!(
        asked(&both(silent, first())),
        "Age >= 18 years or to be confirmed by the clinical team (the registries differ: 2025-500001-10-00 says 18 Years); Age <= 75 years or to be confirmed by the clinical team (the registries differ: 2025-500001-10-00 says 75 Years); The patient is a woman or to be confirmed by the clinical team (the registries differ: 2025-500001-10-00 says FEMALE)"
    );
}

#[test]
fn sites_of_all_records_are_kept_once() {
    let site = |facility: &str, city: &str| json!({"facility": facility, "city": city, "country": "France"});
    let studies = both(
        json!({"text": LONG, "status": "COMPLETED", "sites": [site("Hôpital One", "Paris"), site("Two", "Lyon")]}),
        json!({"text": SHORT, "status": "RECRUITING", "sites": [site("hôpital one", "PARIS"), site("", "Lyon"), site("Three", "Nantes")]}),
    );
    let trial = &studies[0].0;
    let said: Vec<_> = trial.sites.iter().map(|site| (site.facility.as_str(), site.status.as_deref())).collect();
    assert_eq!(said, [("Hôpital One", None), ("Two", None), ("Three", Some("RECRUITING"))]);
    assert_eq!(trial.status, "COMPLETED");
    assert_eq!(trial.statuses().collect::<Vec<_>>(), ["COMPLETED", "RECRUITING"]);
    // A copy of the record, later or not, does not open it again, and a country is no site beside a town.
    let copy = vec![
        record(
            Registry::Ctgov,
            "NCT90000001",
            "",
            json!({"text": LONG, "status": "COMPLETED", "sites": [site("Two", "Lyon")]}),
        ),
        record(
            Registry::Ictrp,
            "NCT90000001",
            "",
            json!({"text": LONG, "status": "RECRUITING", "sites": [site("", "")]}),
        ),
    ];
    let studies = super::studies(copy);
    assert_eq!(studies[0].0.statuses().collect::<Vec<_>>(), ["COMPLETED"]);
    assert_eq!((studies[0].0.records.len(), studies[0].0.sites.len()), (2, 1));
}
