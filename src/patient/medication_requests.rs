//! A plan as a FHIR bundle of MedicationRequests (R4 and R5): the names of what is requested, and when it starts.
//! Source: hl7.org/fhir/R4/medicationrequest.html, hl7.org/fhir/R5/medicationrequest.html.

use super::dates::full_date;
use jiff::civil::Date;
use serde::Deserialize;

/// The states of a request under which nothing is given any more, or ever was.
const ENDED: [&str; 5] = ["cancelled", "completed", "entered-in-error", "ended", "stopped"];

/// One request: the names that it gives the medicine, the best first, and the day on which it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MedicationRequest {
    /// Its place in the document, for messages.
    pub path: String,
    /// The text, then the displays of the codings.
    pub names: Vec<String>,
    /// The first day of the dosage, where it is stated to the day.
    pub starts: Option<Date>,
}

/// Why a document gives no plan; never holds what it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// It is no JSON, or not of the shape.
    #[error("line {line}, column {column}: not a FHIR Bundle or MedicationRequest in JSON")]
    Shape {
        /// The line of the fault.
        line: usize,
        /// The column of the fault.
        column: usize,
    },
    /// It holds no request that still stands.
    #[error("holds no MedicationRequest that is not cancelled, stopped or completed")]
    Empty,
    /// A request names nothing.
    #[error("{0}: the request names no medicine; give medicationCodeableConcept.text or coding.display")]
    Nameless(String),
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Resource {
    resource_type: String,
    id: Option<String>,
    status: Option<String>,
    do_not_perform: bool,
    entry: Vec<Entry>,
    contained: Vec<Resource>,
    medication_codeable_concept: Option<Concept>,
    medication_reference: Option<Reference>,
    medication: Option<Medication>,
    code: Option<Concept>,
    dosage_instruction: Vec<Dosage>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Entry {
    full_url: Option<String>,
    resource: Option<Resource>,
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Concept {
    text: Option<String>,
    coding: Vec<Coding>,
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Coding {
    display: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Reference {
    reference: Option<String>,
    display: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Medication {
    concept: Option<Concept>,
    reference: Option<Reference>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Dosage {
    timing: Option<Timing>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Timing {
    repeat: Option<Repeat>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Repeat {
    bounds_period: Option<Period>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Period {
    start: Option<String>,
}

/// Reads a Bundle of MedicationRequests, or a single one. Requests that ended or say "do not give" are left out.
pub fn read(text: &str) -> Result<Vec<MedicationRequest>, RequestError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let document: Resource = serde_json::from_str(text)
        .map_err(|error| RequestError::Shape { line: error.line(), column: error.column() })?;
    let resources: Vec<(String, &Resource)> = match document.resource_type.as_str() {
        "Bundle" => {
            let entries = document.entry.iter().enumerate();
            entries.filter_map(|(at, entry)| Some((format!("entry[{at}]"), entry.resource.as_ref()?))).collect()
        }
        "MedicationRequest" => vec![("MedicationRequest".to_owned(), &document)],
        _ => return Err(RequestError::Shape { line: 1, column: 1 }),
    };
    let mut requests = Vec::new();
    for (path, resource) in resources {
        let ended = resource.status.as_deref().is_some_and(|status| ENDED.contains(&status));
        if resource.resource_type != "MedicationRequest" || ended || resource.do_not_perform {
            continue;
        }
        let names = names(resource, &document);
        if names.is_empty() {
            return Err(RequestError::Nameless(path));
        }
        requests.push(MedicationRequest { path, names, starts: starts(resource) });
    }
    if requests.is_empty() { Err(RequestError::Empty) } else { Ok(requests) }
}

/// The names of the medicine of a request, stated in it, in what it contains, or in another entry of the bundle.
fn names(request: &Resource, document: &Resource) -> Vec<String> {
    let medication = request.medication.as_ref();
    let concept = request.medication_codeable_concept.as_ref().or(medication.and_then(|m| m.concept.as_ref()));
    let reference = request.medication_reference.as_ref().or(medication.and_then(|m| m.reference.as_ref()));
    let mut names = concept.map(of_concept).unwrap_or_default();
    if let Some(reference) = reference {
        names.extend(reference.display.clone());
        let wanted = reference.reference.as_deref().unwrap_or_default();
        let id = wanted.rsplit(['/', '#']).next().unwrap_or_default();
        let contained = request.contained.iter().filter(|resource| resource.id.as_deref() == Some(id));
        let entries = document.entry.iter().filter(|entry| {
            entry.full_url.as_deref() == Some(wanted)
                || entry.resource.as_ref().is_some_and(|resource| resource.id.as_deref() == Some(id))
        });
        let found = contained.chain(entries.filter_map(|entry| entry.resource.as_ref()));
        names.extend(found.filter_map(|resource| resource.code.as_ref()).flat_map(of_concept));
    }
    names.retain(|name| !name.trim().is_empty());
    names
}

fn of_concept(concept: &Concept) -> Vec<String> {
    concept.text.iter().chain(concept.coding.iter().filter_map(|coding| coding.display.as_ref())).cloned().collect()
}

/// The earliest first day of the dosages.
fn starts(request: &Resource) -> Option<Date> {
    let periods = request
        .dosage_instruction
        .iter()
        .filter_map(|dosage| dosage.timing.as_ref()?.repeat.as_ref()?.bounds_period.as_ref()?.start.as_deref());
    periods.filter_map(|start| full_date(start.get(..10)?).ok()).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn request(medication: serde_json::Value) -> serde_json::Value {
        let mut request = json!({"resourceType": "MedicationRequest", "status": "draft", "intent": "plan"});
        request.as_object_mut().unwrap().extend(medication.as_object().unwrap().clone());
        request
    }

    fn bundle(resources: &[serde_json::Value]) -> String {
        let entries: Vec<_> = resources.iter().map(|resource| json!({"resource": resource})).collect();
        json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string()
    }

    #[test]
    fn names_are_found_wherever_fhir_puts_them() {
        let medication = json!({"resourceType": "Medication", "id": "m1", "code": {"text": "letrozole"}});
        for (stated, name) in [
            (json!({"medicationCodeableConcept": {"text": "capecitabine"}}), "capecitabine"),
            (json!({"medicationCodeableConcept": {"coding": [{"code": "1", "display": "Xeloda"}]}}), "Xeloda"),
            (json!({"medication": {"concept": {"text": "capecitabine"}}}), "capecitabine"),
            (json!({"medicationReference": {"display": "capecitabine"}}), "capecitabine"),
            (json!({"medicationReference": {"reference": "Medication/m1"}}), "letrozole"),
            (
                json!({"medicationReference": {"reference": "#c"}, "contained": [
                    {"resourceType": "Medication", "id": "c", "code": {"text": "tamoxifen"}}]}),
                "tamoxifen",
            ),
        ] {
            let read = read(&bundle(&[request(stated.clone()), medication.clone()])).unwrap();
            assert_eq!(read.len(), 1, "{stated}");
            assert_eq!(read[0].names, [name], "{stated}");
        }
    }

    #[test]
    fn what_has_ended_is_no_plan() {
        let mut stopped = request(json!({"medicationCodeableConcept": {"text": "letrozole"}}));
        stopped["status"] = json!("stopped");
        assert_eq!(read(&bundle(&[stopped])), Err(RequestError::Empty));
        assert_eq!(read(&bundle(&[request(json!({}))])), Err(RequestError::Nameless("entry[0]".to_owned())));
        assert!(matches!(read("{\"resourceType\": 1}"), Err(RequestError::Shape { .. })));
        assert!(matches!(read("{\"resourceType\": \"Patient\"}"), Err(RequestError::Shape { .. })));
    }

    #[test]
    fn the_first_day_is_that_of_the_dosage() {
        let dosage = json!([{"timing": {"repeat": {"boundsPeriod": {"start": "2026-11-08T08:00:00Z"}}}}]);
        let stated = json!({"medicationCodeableConcept": {"text": "letrozole"}, "dosageInstruction": dosage});
        let read = read(&bundle(&[request(stated)])).unwrap();
        assert_eq!(read[0].starts, Some(jiff::civil::date(2026, 11, 8)));
    }
}
