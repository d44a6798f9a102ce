//! The ISRCTN registry: XML of its API (`fullTrial` in the format `default`), or the same turned into JSON element by
//! element. The elements differ from year to year, so every one may be missing, alone or in a list.

use super::ages::{self, Limit, Stated};
use super::fields::{at, is_nil, list, push, text, verbatim};
use super::{RecordError, dates, eligibility, identifiers, neutral, xml};
use crate::trial::{Age, Recruitment, Registry, Site, Trial};
use serde_json::Value;

/// The public pages of the registry.
const PAGES: &str = "https://www.isrctn.com/";

/// Reads one `fullTrial` element.
pub fn read_xml(bytes: &[u8]) -> Result<Trial, RecordError> {
    read(&xml::element(bytes)?)
}

/// Reads the same as JSON.
pub fn read_json(bytes: &[u8]) -> Result<Trial, RecordError> {
    let record: Value =
        serde_json::from_slice(bytes).map_err(|error| RecordError::Unreadable { detail: error.to_string() })?;
    read(&record)
}

fn read(record: &Value) -> Result<Trial, RecordError> {
    // In JSON the content of `trial` may stand at the top.
    let trial = record.get("trial").unwrap_or(record);
    let id = identifier(trial)?;
    let people = at(trial, &["participants"]);
    let design = at(trial, &["trialDesign"]);
    let description = at(trial, &["trialDescription"]);

    let mut notes = Vec::new();
    let (minimum_age, maximum_age) = ages(people, &mut notes);
    let gender = text(people, &["gender"]).filter(|words| !is_nil(words));
    let sex = gender.as_deref().and_then(neutral::sex);
    if let (Some(words), None) = (&gender, sex) {
        notes.push(format!("Sex: {words}"));
    }
    let field = |key| verbatim(people, &[key]).unwrap_or_default();

    let (status, recruitment) = status(people, design);
    let mut interventions = Vec::new();
    let mut phases = Vec::new();
    for intervention in list(trial, &["interventions", "intervention"]) {
        let drugs = text(intervention, &["drugNames"]).unwrap_or_default();
        for name in drugs.split([';', '\n']).flat_map(|part| part.split(", ")).filter(|name| !is_nil(name)) {
            push(&mut interventions, name.to_owned());
        }
        for phase in text(intervention, &["phase"]).iter().flat_map(|words| neutral::phases(words)) {
            push(&mut phases, phase);
        }
    }
    let mut conditions = Vec::new();
    let mut keywords = Vec::new();
    for condition in list(trial, &["conditions", "condition"]) {
        push(&mut conditions, text(condition, &["description"]));
        push(&mut keywords, text(condition, &["diseaseClass2"]));
    }
    push(&mut keywords, text(description, &["acronym"]));
    let volunteers = list(people, &["participantTypes", "participantType"]);
    let volunteers = volunteers.iter().any(|kind| kind.as_str().is_some_and(|kind| kind.contains("ealthy")));

    Ok(Trial {
        url: format!("{PAGES}{id}"),
        other_ids: other_ids(trial, &id),
        id,
        registry: Registry::Isrctn,
        title: text(description, &["title"]).or_else(|| text(description, &["scientificTitle"])).unwrap_or_default(),
        status,
        recruitment,
        phases,
        study_type: neutral::study_type(&text(design, &["primaryStudyDesign"]).unwrap_or_default()),
        last_update: dates::written(text(trial, &["@lastUpdated"]).or_else(|| text(trial, &["lastUpdated"]))),
        verified: None,
        summary: verbatim(description, &["plainEnglishSummary"]).unwrap_or_default(),
        conditions,
        keywords,
        interventions,
        arms: Vec::new(),
        eligibility: eligibility::join(&notes, &field("inclusion"), &field("exclusion")),
        minimum_age,
        maximum_age,
        sex: sex.map(str::to_owned),
        healthy_volunteers: volunteers.then_some(true),
        sites: sites(record, people),
        records: Vec::new(),
    })
}

fn identifier(trial: &Value) -> Result<String, RecordError> {
    let words = text(trial, &["isrctn"]).or_else(|| text(trial, &["@publicIdentifierCanonical"]));
    let words = words.ok_or(RecordError::NoIdentifier { field: "isrctn" })?;
    let digits = words.trim_start_matches("ISRCTN").trim();
    match digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(format!("ISRCTN{digits}")),
        false => Err(RecordError::bad_identifier(&words, "ISRCTN and eight digits")),
    }
}

fn other_ids(trial: &Value, id: &str) -> Vec<String> {
    let references = at(trial, &["externalRefs"]);
    let mut ids = Vec::new();
    for key in ["clinicalTrialsGovNumber", "eudraCTNumber", "ctisNumber"] {
        identifiers::cite(&mut ids, text(references, &[key]));
    }
    let iras = text(references, &["irasNumber"]).filter(|number| !is_nil(number));
    identifiers::cite(
        &mut ids,
        iras.clone().map(|number| format!("IRAS {}", number.trim_start_matches("IRAS").trim())),
    );
    identifiers::cite(&mut ids, text(references, &["protocolSerialNumber"]));
    for number in list(references, &["secondaryNumbers", "secondaryNumber"]) {
        // The list repeats the others; the bare number of IRAS would be one that nobody can tell.
        identifiers::cite(
            &mut ids,
            text(number, &[]).or_else(|| text(number, &["number"])).filter(|n| Some(n) != iras.as_ref()),
        );
    }
    ids.retain(|cited| cited != id);
    ids
}

/// Reads the limits; the age group decides where it alone is stated and admits no adult.
fn ages(people: &Value, notes: &mut Vec<String>) -> (Option<Age>, Option<Age>) {
    let mut limit = |limit, key: &str, name: &str| match text(people, &[key]).map(|words| ages::read(limit, &words)) {
        Some(Stated::Age(age)) => Some(age),
        Some(Stated::Unreadable(words)) => {
            notes.push(format!("{name}: {words}"));
            None
        }
        Some(Stated::None) | None => None,
    };
    let minimum = limit(Limit::Minimum, "lowerAgeLimit", "Minimum age");
    let maximum = limit(Limit::Maximum, "upperAgeLimit", "Maximum age");
    let group = text(people, &["ageRange"]).unwrap_or_default();
    let youngest = match group.as_str() {
        "Neonate" => Some(28.0 / 365.25),
        // Up to the eighteenth birthday and, to be safe, the year that follows it.
        "Child" => Some(18.0),
        _ => None,
    };
    let of_group = youngest.filter(|_| minimum.is_none() && maximum.is_none()).map(|years| Age { text: group, years });
    (minimum, maximum.or(of_group))
}

/// The registry states no status but for studies that were stopped; the days of recruitment tell it otherwise.
fn status(people: &Value, design: &Value) -> (String, Recruitment) {
    let overrides = [text(people, &["recruitmentStatusOverride"]), text(design, &["overallStatusOverride"])];
    let stated = overrides.into_iter().flatten().find(|words| !is_nil(words));
    let day = |value: &Value, key: &str| text(value, &[key]).and_then(|words| dates::read(&words));
    let (starts, ends) = (day(people, "recruitmentStart"), day(people, "recruitmentEnd"));
    let status = stated.as_deref().map(neutral::status).unwrap_or_default().to_owned();
    let words = stated.or_else(|| match (starts, ends) {
        (Some(starts), Some(ends)) => Some(format!("recruitment from {starts} to {ends}")),
        (Some(starts), None) => Some(format!("recruitment from {starts}")),
        (None, Some(ends)) => Some(format!("recruitment until {ends}")),
        (None, None) => None,
    });
    (status, Recruitment { stated: words, starts, ends, completes: day(design, "overallEndDate") })
}

fn sites(record: &Value, people: &Value) -> Vec<Site> {
    let contacts = list(record, &["contact"]);
    let kind = |contact: &Value, wanted: &str| {
        let kinds = list(contact, &["contactTypes", "contactType"]);
        kinds.into_iter().chain(list(contact, &["contactType"])).any(|kind| kind.as_str() == Some(wanted))
    };
    let public = contacts.iter().find(|contact| kind(contact, "Public")).or(contacts.first());
    let contact = public.and_then(|contact| contact_of(contact));

    let mut sites = Vec::new();
    for centre in list(people, &["trialCentres", "trialCentre"]) {
        let field = |key| text(centre, &[key]).filter(|words| !is_nil(words)).unwrap_or_default();
        sites.push(site(field("name"), field("city"), field("country"), contact.clone()));
    }
    let countries: Vec<String> = list(people, &["recruitmentCountries", "country"])
        .into_iter()
        .filter_map(|country| text(country, &[]).or_else(|| text(country, &["name"])))
        .collect();
    let british = countries.iter().any(|country| country == "United Kingdom");
    for country in countries {
        // The parts of the kingdom are listed beside it.
        let part = matches!(country.as_str(), "England" | "Scotland" | "Wales" | "Northern Ireland");
        let told = sites.iter().any(|site| site.country == country);
        let repeated = part && british;
        if !told && !repeated {
            sites.push(site(String::new(), String::new(), country, contact.clone()));
        }
    }
    sites
}

fn site(facility: String, city: String, country: String, contact: Option<String>) -> Site {
    Site { facility, city, country, status: None, latitude: None, longitude: None, contact }
}

/// Joins name, telephone and e-mail of a contact.
fn contact_of(contact: &Value) -> Option<String> {
    let name: Vec<String> =
        ["title", "forename", "surname"].into_iter().filter_map(|key| text(contact, &[key])).collect();
    let details = at(contact, &["contactDetails"]);
    let mut parts = Vec::new();
    push(&mut parts, name.join(" "));
    push(&mut parts, text(details, &["telephone1"]).or_else(|| text(details, &["telephone"])));
    push(&mut parts, text(details, &["email"]));
    (!parts.is_empty()).then(|| parts.join(", "))
}
