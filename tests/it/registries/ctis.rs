//! EU CTIS: a search by pages, and each study by its number.

use super::{Request, Response, State, Study};
use serde_json::json;

pub(super) fn id(study: &Study) -> String {
    format!("2026-{:06}-{:02}-00", 500_000 + study.number, study.number % 90)
}

fn status(study: &Study) -> u64 {
    match study.status {
        "RECRUITING" => 4,
        "NOT_YET_RECRUITING" => 2,
        "ACTIVE_NOT_RECRUITING" => 5,
        _ => 8,
    }
}

fn record(study: &Study) -> serde_json::Value {
    json!({ "ctNumber": id(study), "ctStatus": status(study), "ctPublicStatusCode": status(study),
        "lastUpdated": study.updated,
        "authorizedApplication": { "authorizedPartI": { "trialDetails": {
            "clinicalTrialIdentifiers": { "fullTitle": study.title, "publicTitle": study.title, "shortTitle": "Invented" },
            "trialInformation": {
                "trialCategory": { "trialPhase": "4" },
                "medicalCondition": { "partIMedicalConditions": [ { "medicalCondition": "Breast cancer" } ] },
                "populationOfTrialSubjects": { "ageRanges": [ { "ageRangeCategoryCode": "3" } ], "isFemaleSubjects": true, "isMaleSubjects": false },
                "eligibilityCriteria": {
                    "principalInclusionCriteria": [ { "id": 1, "number": 1, "principalInclusionCriteria": format!("ECOG performance status of 0 to 1, invented marker {}", study.number) } ],
                    "principalExclusionCriteria": [ { "id": 2, "number": 1, "principalExclusionCriteria": "Pregnancy" } ] } } } },
            "authorizedPartsII": [ { "mscInfo": { "countryName": "Austria", "trialStatus": "Ongoing, recruiting", "hasRecruitmentStarted": true }, "trialSites": [] } ] } })
}

pub(super) fn answer(state: &State, request: &Request, path: &str) -> Response {
    if let Some(asked) = path.strip_prefix("retrieve/") {
        return match state.studies.values().find(|study| id(study) == asked) {
            Some(study) => Response::json(&record(study)),
            None => Response::new(404, "application/json", r#"{"status":404}"#),
        };
    }
    if path != "search" || request.method != "POST" {
        return Response::text(405, "method not allowed");
    }
    let asked: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    let words: Vec<&str> = asked["searchCriteria"]["containAll"].as_str().unwrap().split(' ').collect();
    let statuses: Option<Vec<u64>> = asked["searchCriteria"]["status"]
        .as_array()
        .map(|statuses| statuses.iter().map(|status| status.as_u64().unwrap()).collect());
    let mut found: Vec<&Study> = state
        .studies
        .values()
        .filter(|study| study.has(&words))
        .filter(|study| statuses.as_ref().is_none_or(|statuses| statuses.contains(&status(study))))
        .collect();
    found.sort_by_key(|study| study.updated.clone());
    if asked["sort"]["direction"] == "DESC" {
        found.reverse();
    }
    let (page, size) = (asked["pagination"]["page"].as_u64().unwrap(), asked["pagination"]["size"].as_u64().unwrap());
    let total = found.len() as u64;
    let rows: Vec<serde_json::Value> = found
        .iter()
        .skip(((page - 1) * size) as usize)
        .take(size as usize)
        .filter(|study| !state.withheld.contains(&study.number))
        .map(|study| {
            json!({ "id": study.number, "ctNumber": id(study), "ctStatus": status(study), "ctTitle": study.title,
                "lastUpdated": study.updated, "trialCountries": ["Austria:4"] })
        })
        .collect();
    Response::json(&json!({
        "pagination": { "currentPage": page, "totalPages": total.div_ceil(size), "totalRecords": total, "nextPage": page * size < total },
        "data": rows }))
}
