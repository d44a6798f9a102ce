//! EU CTIS, the European register since 2022: JSON of its public interface.
//!
//! A record may be a row of the search alone (no eligibility text), a retrieved record, or both in one object. Before
//! June 2024 the parts of the application stood at the top; since then they stand under `authorizedApplication`.
//! Nobody documents the interface, so every field may be missing.

use super::ages::Limit;
use super::fields::{at, is_nil, list, push, text, verbatim};
use super::{RecordError, ages, dates, eligibility, identifiers, neutral};
use crate::trial::{Age, Recruitment, Registry, Site, Trial};
use serde_json::Value;

/// The public pages of the registry.
const PAGES: &str = "https://euclinicaltrials.eu/search-for-clinical-trials/?lang=en&EUCT=";

/// What the numbers of `ctStatus` mean, in the registry's words; `trialCountries` uses the same numbers.
const STATUSES: [&str; 12] = [
    "Under evaluation",
    "Authorised, recruitment pending",
    "Authorised, recruiting",
    "Ongoing, recruiting",
    "Ongoing, recruitment ended",
    "Temporarily halted",
    "Suspended",
    "Ended",
    "Expired",
    "Revoked",
    "Not authorised",
    "Cancelled",
];

/// Reads one trial. The criteria are taken in English wherever the record has them in English.
pub fn read(bytes: &[u8]) -> Result<Trial, RecordError> {
    let record: Value =
        serde_json::from_slice(bytes).map_err(|error| RecordError::Unreadable { detail: error.to_string() })?;
    let application = record.get("authorizedApplication").filter(|part| part.is_object()).unwrap_or(&record);
    let part_one = at(application, &["authorizedPartI"]);
    let details = at(part_one, &["trialDetails"]);
    let names = at(details, &["clinicalTrialIdentifiers"]);
    let information = at(details, &["trialInformation"]);

    let id = identifier(&record)?;
    let (status, stated) = status(&record);
    let mut notes = Vec::new();
    let (minimum_age, maximum_age) = ages(&record, information, &mut notes);

    let mut phases = Vec::new();
    let code = text(information, &["trialCategory", "trialPhase"]);
    let words = text(&record, &["trialPhase"]).filter(|words| words.contains("hase"));
    match (words, code) {
        (Some(words), _) => phases = neutral::phases(&words),
        (None, Some(code)) => phases = phases_of(&code),
        (None, None) => {}
    }
    let mut conditions = Vec::new();
    let condition = at(information, &["medicalCondition"]);
    for stated in list(condition, &["partIMedicalConditions"]).into_iter().chain(list(part_one, &["medicalConditions"]))
    {
        push(&mut conditions, english(stated, "medicalCondition"));
    }
    for listed in list(&record, &["conditions"]) {
        push(&mut conditions, text(listed, &[]));
    }
    let mut keywords = Vec::new();
    for term in list(condition, &["meddraConditionTerms"]) {
        push(&mut keywords, text(term, &["termName"]));
    }
    push(&mut keywords, text(names, &["shortTitle"]).or_else(|| text(&record, &["shortTitle"])));

    Ok(Trial {
        url: format!("{PAGES}{id}"),
        other_ids: other_ids(&record, application, names, &id),
        id,
        registry: Registry::Ctis,
        title: title(&record, names),
        status,
        recruitment: Recruitment { stated, ..Recruitment::default() },
        phases,
        // The register holds trials of medicines and nothing else.
        study_type: "INTERVENTIONAL".to_owned(),
        last_update: dates::written(
            text(&record, &["lastUpdated"]).or_else(|| text(&record, &["lastPublicationUpdate"])),
        ),
        verified: None,
        summary: english(at(information, &["trialObjective"]), "mainObjective").unwrap_or_default(),
        conditions,
        keywords,
        interventions: interventions(&record, part_one),
        arms: Vec::new(),
        eligibility: eligibility::join(
            &notes,
            &criteria(information, "principalInclusionCriteria"),
            &criteria(information, "principalExclusionCriteria"),
        ),
        minimum_age,
        maximum_age,
        sex: sex(&record, information),
        healthy_volunteers: None,
        sites: sites(&record, application, part_one),
        records: Vec::new(),
    })
}

fn identifier(record: &Value) -> Result<String, RecordError> {
    let words = text(record, &["ctNumber"]).ok_or(RecordError::NoIdentifier { field: "ctNumber" })?;
    let known = identifiers::find(&words);
    match known.as_slice() {
        [one] if one.text == words => Ok(words),
        _ if words.starts_with("SAMPLE-") => Ok(words),
        _ => Err(RecordError::bad_identifier(&words, "a number such as 2024-500000-00-00")),
    }
}

fn title(record: &Value, names: &Value) -> String {
    let long = ["publicTitle", "fullTitle", "shortTitle"].into_iter().find_map(|key| english(names, key));
    long.or_else(|| ["ctTitle", "title", "shortTitle"].into_iter().find_map(|key| text(record, &[key])))
        .unwrap_or_default()
}

/// The status in the neutral spelling, and in the registry's words: a number, or words as before June 2024.
fn status(record: &Value) -> (String, Option<String>) {
    let stated = text(record, &["ctPublicStatusCode"]).or_else(|| text(record, &["ctStatus"]));
    let words = stated.map(|stated| words_of(&stated).map_or(stated, str::to_owned));
    let status = words.as_deref().map(neutral::status).unwrap_or_default();
    (status.to_owned(), words)
}

fn words_of(code: &str) -> Option<&'static str> {
    STATUSES.get(code.parse::<usize>().ok()?.checked_sub(1)?).copied()
}

fn phases_of(code: &str) -> Vec<String> {
    let phases: &[&str] = match code {
        "1" | "2" | "3" => &["PHASE1"],
        "4" => &["PHASE2"],
        "5" => &["PHASE3"],
        "6" => &["PHASE4"],
        "7" | "8" | "9" => &["PHASE1", "PHASE2"],
        "10" => &["PHASE2", "PHASE3"],
        "11" => &["PHASE3", "PHASE4"],
        _ => &[],
    };
    phases.iter().map(|phase| (*phase).to_owned()).collect()
}

fn other_ids(record: &Value, application: &Value, names: &Value, id: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let numbers = at(names, &["secondaryIdentifyingNumbers"]);
    for key in ["nctNumber", "isrctnNumber", "whoUniversalTrialNumber", "eudraCtNumber"] {
        identifiers::cite(&mut ids, text(numbers, &[key, "number"]).or_else(|| text(numbers, &[key])));
    }
    for other in list(numbers, &["additionalRegistries"]) {
        identifiers::cite(&mut ids, text(other, &["number"]));
    }
    for code in [
        text(application, &["eudraCt", "eudraCtCode"]),
        text(record, &["eudraCt", "eudraCtCode"]),
        text(record, &["eudraCtInfo", "eudraCtCode"]),
    ] {
        identifiers::cite(&mut ids, code);
    }
    ids.retain(|cited| cited != id);
    ids
}

/// Reads the age groups, each of which has fixed limits: the widest range that they span.
fn ages(record: &Value, information: &Value, notes: &mut Vec<String>) -> (Option<Age>, Option<Age>) {
    let groups = list(information, &["populationOfTrialSubjects", "ageRanges"]);
    let codes = groups
        .into_iter()
        .filter_map(|group| text(group, &["ageRangeCategoryCode"]).or_else(|| text(group, &["ageRangeCategory"])));
    let mut ranges: Vec<&str> = Vec::new();
    for code in codes {
        match code.as_str() {
            "1" => ranges.push("0-0 years"),
            "2" => ranges.push("0-17 years"),
            "3" => ranges.push("18-64 years"),
            "4" => ranges.push("65+ years"),
            other => notes.push(format!("Age group: {other}")),
        }
    }
    let words = text(record, &["ageGroup"]).unwrap_or_default();
    if ranges.is_empty() {
        for group in words.split(',').map(str::trim).filter(|group| !group.is_empty()) {
            match group {
                "In utero" => ranges.push("0-0 years"),
                "0-17 years" | "18-64 years" | "65+ years" => ranges.push(group),
                other => notes.push(format!("Age group: {other}")),
            }
        }
    }
    if ranges.is_empty() || !notes.is_empty() {
        return (None, None);
    }
    let limit = |limit, words: String| match ages::read(limit, &words) {
        ages::Stated::Age(age) if age.years > 0.0 => Some(age),
        _ => None,
    };
    let least =
        ranges.iter().filter_map(|range| range.split(['-', '+']).next()).filter_map(|age| age.parse::<u32>().ok());
    let minimum = least.min().and_then(|age| limit(Limit::Minimum, format!("{age} Years")));
    let open_ended = ranges.contains(&"65+ years");
    let most =
        ranges.iter().filter_map(|range| range.split(['-', ' ']).nth(1)).filter_map(|age| age.parse::<u32>().ok());
    let maximum = most.max().filter(|_| !open_ended).and_then(|age| limit(Limit::Maximum, format!("{age} Years")));
    (minimum, maximum)
}

fn sex(record: &Value, information: &Value) -> Option<String> {
    let people = at(information, &["populationOfTrialSubjects"]);
    let ticked = |key: &str| people.get(key).and_then(Value::as_bool);
    let sex = match (ticked("isFemaleSubjects"), ticked("isMaleSubjects")) {
        (Some(true), Some(true)) => Some("ALL"),
        (Some(true), _) => Some("FEMALE"),
        (_, Some(true)) => Some("MALE"),
        _ => text(record, &["gender"]).and_then(|words| neutral::sex(&words)),
    };
    sex.map(str::to_owned)
}

/// Names of products and of their active substances.
fn interventions(record: &Value, part_one: &Value) -> Vec<String> {
    let mut names = Vec::new();
    for product in list(part_one, &["products"]) {
        let dictionary = at(product, &["productDictionaryInfo"]);
        let stated = [
            text(product, &["productName"]),
            text(product, &["prodName"]),
            text(dictionary, &["prodName"]),
            text(dictionary, &["activeSubstanceName"]),
        ];
        for name in stated.into_iter().flatten().filter(|name| !is_nil(name)) {
            push(&mut names, name);
        }
    }
    if names.is_empty() {
        let listed = text(record, &["product"]).unwrap_or_default();
        for name in listed.split([',', ';']).filter(|name| !is_nil(name)) {
            push(&mut names, name.to_owned());
        }
    }
    names
}

/// The criteria of a section in the order of their numbers, one below the other.
fn criteria(information: &Value, section: &str) -> String {
    let mut items = list(information, &["eligibilityCriteria", section]);
    items.sort_by_key(|item| at(item, &["number"]).as_u64().unwrap_or(u64::MAX));
    let words: Vec<String> = items.into_iter().filter_map(|item| english_verbatim(item, section)).collect();
    match words.as_slice() {
        // A whole list in one item keeps its own form.
        [alone] => alone.clone(),
        several => {
            let numbered = several.iter().enumerate().map(|(place, words)| eligibility::numbered(place + 1, words));
            numbered.collect::<Vec<_>>().join("\n")
        }
    }
}

fn english(value: &Value, key: &str) -> Option<String> {
    english_verbatim(value, key).map(|words| words.trim().to_owned())
}

/// Gives a field in English: as it stands, unless a translation into English stands beside it.
fn english_verbatim(value: &Value, key: &str) -> Option<String> {
    let words = verbatim(value, &[key])?;
    let translations = list(value, &[&format!("{key}Translations")]);
    let labelled = |translation: &&&Value| text(translation, &["languageDescription"]).as_deref() == Some("English");
    let labelled = translations.iter().find(labelled);
    let likely =
        || translations.iter().find(|translation| english_words(&text(translation, &["attributeTranslation"])) > 0);
    let other = english_words(&Some(words.clone())) < 0;
    let translated = labelled.or_else(|| other.then(likely).flatten());
    Some(translated.and_then(|translation| verbatim(translation, &["attributeTranslation"])).unwrap_or(words))
}

/// Counts the commonest words of English, less those of other languages of the Union.
fn english_words(words: &Option<String>) -> i64 {
    const ENGLISH: [&str; 16] =
        ["the", "of", "and", "with", "or", "to", "for", "by", "not", "any", "at", "must", "have", "has", "is", "who"];
    const OTHERS: [&str; 26] = [
        "der", "die", "und", "mit", "oder", "von", "el", "la", "los", "de", "del", "con", "les", "des", "et", "une",
        "il", "di", "een", "het", "en", "van", "w", "lub", "och", "az",
    ];
    let lower = words.as_deref().unwrap_or_default().to_lowercase();
    let count = |list: &[&str]| lower.split(|c: char| !c.is_alphanumeric()).filter(|word| list.contains(word)).count();
    count(&ENGLISH) as i64 - count(&OTHERS) as i64
}

/// A member state concerned.
struct State {
    country: String,
    /// Its two letters, where they are stated.
    code: Option<String>,
    status: Option<String>,
}

fn sites(record: &Value, application: &Value, part_one: &Value) -> Vec<Site> {
    let sponsors = list(part_one, &["sponsors"]).into_iter().chain([at(record, &["primarySponsor"])]);
    let contact = sponsors.into_iter().find_map(contact_of);
    let states = states(record, application);
    let site = |facility, city, country: String| Site {
        facility,
        city,
        status: states.iter().find(|state| state.country == country).and_then(|state| state.status.clone()),
        country,
        latitude: None,
        longitude: None,
        contact: contact.clone(),
    };
    let mut sites = Vec::new();
    for part in list(application, &["authorizedPartsII"]) {
        let state = text(part, &["mscInfo", "countryName"]).or_else(|| text(part, &["mscInfo", "mscName"]));
        for place in list(part, &["trialSites"]) {
            let organisation = at(place, &["organisationAddressInfo"]);
            let country = text(organisation, &["address", "countryName"]).or_else(|| state.clone());
            let words = |path: &[&str]| text(organisation, path).unwrap_or_default();
            let (facility, city) = (words(&["organisation", "name"]), words(&["address", "city"]));
            sites.push(site(facility, city, country.unwrap_or_default()));
        }
    }
    for state in &states {
        if !sites.iter().any(|site| site.country == state.country) {
            sites.push(site(String::new(), String::new(), state.country.clone()));
        }
    }
    sites
}

/// The countries concerned with the status there: `memberStatesConcerned`, and `trialCountries`, which writes them
/// `Spain:4` today and `DE:Authorised, not started` before.
fn states(record: &Value, application: &Value) -> Vec<State> {
    let neutral = |status: Option<String>| {
        let words = status.map(|status| words_of(&status).map_or(status, str::to_owned))?;
        Some(neutral::status(&words)).filter(|status| !status.is_empty()).map(str::to_owned)
    };
    let mut states: Vec<State> = Vec::new();
    for state in list(application, &["memberStatesConcerned"]) {
        let country = text(state, &["mscName"]).or_else(|| text(state, &["countryName"])).unwrap_or_default();
        let code = text(state, &["organisationInfo", "memberStateCountryCode"]);
        states.push(State { country, code, status: neutral(text(state, &["mscPublicStatusCode"])) });
    }
    for listed in list(record, &["trialCountries"]) {
        let words = text(listed, &[]).unwrap_or_default();
        let (country, status) = words.split_once(':').map_or((words.as_str(), None), |(c, s)| (c, Some(s.to_owned())));
        let (country, status) = (country.trim(), neutral(status));
        match states.iter_mut().find(|state| state.country == country || state.code.as_deref() == Some(country)) {
            Some(state) => state.status = state.status.take().or(status),
            None => states.push(State { country: country.to_owned(), code: None, status }),
        }
    }
    states.retain(|state| !state.country.is_empty());
    states
}

/// Joins name, telephone and e-mail of the sponsor's public contact point.
fn contact_of(sponsor: &Value) -> Option<String> {
    list(sponsor, &["publicContacts"]).into_iter().find_map(|contact| {
        let mut parts = Vec::new();
        for key in ["functionalName", "telephone", "functionalEmailAddress"] {
            push(&mut parts, text(contact, &[key]));
        }
        (!parts.is_empty()).then(|| parts.join(", "))
    })
}
