//! ISRCTN: XML by free text and the day of the last edit.

use super::{Request, Response, State, Study};

pub(super) fn id(study: &Study) -> String {
    format!("ISRCTN{:08}", 10_000_000 + study.number)
}

fn record(study: &Study, namespace: &str) -> String {
    let number = 10_000_000 + study.number;
    format!(
        "<fullTrial{namespace}><trial lastUpdated=\"{updated}T08:15:00.000000Z\" version=\"2\">\
         <isrctn dateAssigned=\"2026-01-01T00:00:00Z\">{number}</isrctn>\
         <trialDescription><title>{title}</title><scientificTitle>{title}</scientificTitle></trialDescription>\
         <externalRefs><clinicalTrialsGovNumber>Nil known</clinicalTrialsGovNumber></externalRefs>\
         <trialDesign><overallEndDate>2029-01-01T00:00:00Z</overallEndDate></trialDesign>\
         <participants><recruitmentCountries><country>England</country></recruitmentCountries>\
         <inclusion>1. ECOG performance status of 0 to 1\n2. Invented marker {n}</inclusion><ageRange>Adult</ageRange>\
         <gender>All</gender><exclusion>1. Pregnancy</exclusion>\
         <recruitmentStart>2026-02-01T00:00:00Z</recruitmentStart><recruitmentEnd>2028-02-01T00:00:00Z</recruitmentEnd>\
         </participants><conditions><condition><description>Breast cancer</description></condition></conditions>\
         </trial></fullTrial>",
        updated = study.updated,
        title = study.title,
        n = study.number,
    )
}

pub(super) fn answer(state: &State, request: &Request, path: &str) -> Response {
    if let Some(asked) = path.strip_prefix("trial/").and_then(|rest| rest.strip_suffix("/format/default")) {
        let study = state.studies.values().find(|study| id(study) == asked);
        return match study {
            Some(study) => xml(&record(study, " xmlns=\"http://www.67bricks.com/isrctn\"")),
            None => Response::text(404, "no such trial"),
        };
    }
    if path != "query/format/default" {
        return Response::text(404, "no such address");
    }
    let limit: usize = request.query["limit"].parse().unwrap();
    let (mut words, mut from, mut before) = (Vec::new(), None, None);
    for part in request.query["q"].split(" AND ") {
        if let Some(day) = part.strip_prefix("lastEdited GE ") {
            from = Some(day.strip_suffix("T00:00:00").expect("a moment").to_owned());
        } else if let Some(day) = part.strip_prefix("lastEdited LT ") {
            before = Some(day.strip_suffix("T00:00:00").expect("a moment").to_owned());
        } else {
            words.push(part);
        }
    }
    let found: Vec<&Study> = state
        .studies
        .values()
        .filter(|study| study.has(&words))
        .filter(|study| from.as_ref().is_none_or(|from| study.updated >= *from))
        .filter(|study| before.as_ref().is_none_or(|before| study.updated < *before))
        .collect();
    let total = found.len();
    let shown: String = found
        .iter()
        .filter(|study| !state.withheld.contains(&study.number))
        .take(limit)
        .map(|study| record(study, ""))
        .collect();
    xml(&format!("<allTrials totalCount=\"{total}\" xmlns=\"http://www.67bricks.com/isrctn\">{shown}</allTrials>"))
}

fn xml(content: &str) -> Response {
    Response::new(
        200,
        "application/xml",
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n{content}"),
    )
}
