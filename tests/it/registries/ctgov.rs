//! ClinicalTrials.gov, API v2.

use super::{Request, Response, State, Study};
use serde_json::json;

/// The parameters of `/studies` that the program may use; the registry refuses others.
const PARAMETERS: [&str; 9] = [
    "query.cond",
    "filter.overallStatus",
    "filter.advanced",
    "filter.ids",
    "fields",
    "sort",
    "countTotal",
    "pageSize",
    "pageToken",
];

pub(super) fn id(study: &Study) -> String {
    format!("NCT{:08}", study.number)
}

pub(super) fn record(study: &Study) -> serde_json::Value {
    json!({ "protocolSection": {
        "identificationModule": { "nctId": id(study), "nctIdAliases": study.aliases, "briefTitle": study.title },
        "statusModule": { "overallStatus": study.status, "statusVerifiedDate": "2026-10",
            "lastUpdatePostDateStruct": { "date": study.updated, "type": "ACTUAL" } },
        "conditionsModule": { "conditions": ["Breast Cancer"] },
        "designModule": { "studyType": "INTERVENTIONAL", "phases": ["PHASE2"] },
        "eligibilityModule": { "eligibilityCriteria": study.criteria(), "sex": "ALL", "minimumAge": "18 Years" } },
        "hasResults": false })
}

pub(super) fn answer(state: &State, request: &Request, path: &str) -> Response {
    match path.split_once('/') {
        None if path == "version" => version(state),
        None if path == "studies" => studies(state, request),
        Some(("studies", id)) => study(state, id),
        _ => Response::text(404, "Not Found"),
    }
}

fn version(state: &State) -> Response {
    match &state.data_timestamp {
        Some(time) => Response::json(&json!({ "apiVersion": "2.0.5", "dataTimestamp": time })),
        None => Response::json(&json!({ "apiVersion": "2.0.5" })),
    }
}

fn study(state: &State, asked: &str) -> Response {
    if let Some(study) = state.studies.values().find(|study| id(study) == asked) {
        return Response::json(&record(study));
    }
    if let Some(study) = state.studies.values().find(|study| study.aliases.iter().any(|alias| alias == asked)) {
        let headers = format!("Location: /api/v2/studies/{}?fields=ProtocolSection%7CHasResults\r\n", id(study));
        return Response { headers, ..Response::text(301, "") };
    }
    Response::text(404, &format!("NCT number {asked} not found"))
}

fn studies(state: &State, request: &Request) -> Response {
    let query = &request.query;
    if let Some(unknown) = query.keys().find(|name| !PARAMETERS.contains(&name.as_str())) {
        return Response::text(400, &format!("`{unknown}` is unknown parameter"));
    }
    let words: Vec<&str> = query.get("query.cond").map(|words| words.split(' ').collect()).unwrap_or_default();
    if words.contains(&"(") {
        return Response::text(400, "Error parsing query in Conditions or disease: unbalanced bracket");
    }
    let statuses: Option<Vec<&str>> = query.get("filter.overallStatus").map(|text| text.split(',').collect());
    let ids: Option<Vec<&str>> = query.get("filter.ids").map(|text| text.split(',').collect());
    let since = query.get("filter.advanced").map(|text| {
        let range = text.strip_prefix("AREA[LastUpdatePostDate]RANGE[").and_then(|rest| rest.strip_suffix(",MAX]"));
        range.expect("a range of days").to_owned()
    });
    let mut found: Vec<&Study> = state
        .studies
        .values()
        .filter(|study| study.has(&words))
        .filter(|study| statuses.as_ref().is_none_or(|statuses| statuses.contains(&study.status)))
        .filter(|study| since.as_ref().is_none_or(|since| study.updated >= *since))
        .filter(|study| ids.as_ref().is_none_or(|ids| ids.contains(&id(study).as_str())))
        .collect();
    found.sort_by_key(|study| study.updated.clone());
    let total = found.len();
    found.retain(|study| !state.withheld.contains(&study.number));

    // A token belongs to the parameters of its walk.
    let mut fixed: Vec<String> = query
        .iter()
        .filter(|(name, _)| !["countTotal", "pageSize", "pageToken"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    fixed.sort();
    let seal = blake3::hash(fixed.join("&").as_bytes()).to_hex()[..8].to_owned();
    let size = query.get("pageSize").map_or(0, |size| size.parse::<usize>().unwrap());
    let size = if size == 0 { 10 } else { size.min(1000) };
    // The token: the seal, the page, and the number of studies before it.
    let (page, offset) = match query.get("pageToken") {
        None => (0, 0),
        Some(token) => match token.strip_prefix(&format!("{seal}-")).and_then(|rest| rest.split_once('-')) {
            Some((page, offset)) => (page.parse::<u64>().unwrap(), offset.parse::<usize>().unwrap()),
            None => return Response::text(400, "Page token is not valid"),
        },
    };
    let empty = state.empty_before.contains(&page);
    let shown: Vec<&Study> = if empty { Vec::new() } else { found.iter().skip(offset).take(size).copied().collect() };
    let next = offset + shown.len();
    let mut answer = serde_json::Map::new();
    if page == 0 && query.get("countTotal").is_some_and(|wanted| wanted == "true") {
        answer.insert("totalCount".into(), total.into());
    }
    answer.insert("studies".into(), shown.into_iter().map(record).collect::<Vec<_>>().into());
    if next < found.len() || state.endless || empty {
        let token = match query.get("pageToken") {
            Some(own) if state.same_token_at.contains(&page) => own.clone(),
            _ => format!("{seal}-{}-{next}", page + 1),
        };
        answer.insert("nextPageToken".into(), token.into());
    }
    Response::json(&answer.into())
}
