//! WHO ICTRP, the portal that copies some twenty registers: rows of its CSV export, `Trial` elements of its XML export,
//! and rows of its weekly files, which have no header.
//!
//! The same fields are named `Inclusion agemin` in one and `Inclusion_agemin` in another, so names are compared by
//! their letters. What stands in a field is what the first register wrote: HTML, several lines, its own words.

use super::ages::{self, Limit, Stated};
use super::encoding::decoded;
use super::fields::{is_nil, push};
use super::{RecordError, dates, eligibility, identifiers, neutral, xml};
use crate::trial::{Age, Recruitment, Registry, Site, Trial};
use csv::ReaderBuilder;
use serde_json::Value;
use std::collections::BTreeMap;

/// The columns of the weekly files, which have no header, as far as they are known.
/// Source: MDR_Downloader, SourceSpecific/who/WHOFileModels.cs.
const WEEKLY: [(usize, &str); 18] = [
    (0, "trialid"),
    (1, "lastrefreshedon"),
    (2, "secondaryid"),
    (3, "publictitle"),
    (4, "scientifictitle"),
    (5, "webaddress"),
    (18, "studytype"),
    (20, "phase"),
    (24, "recruitmentstatus"),
    (28, "countries"),
    (29, "condition"),
    (30, "intervention"),
    (31, "inclusionagemin"),
    (32, "inclusionagemax"),
    (33, "inclusiongender"),
    (34, "inclusioncriteria"),
    (35, "exclusioncriteria"),
    (36, "primaryoutcome"),
];

/// The fields of one record by the letters of their names.
struct Fields(BTreeMap<String, String>);

impl Fields {
    fn get(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }

    fn stated(&self, name: &str) -> Option<String> {
        Some(self.get(name).trim()).filter(|words| !is_nil(words)).map(str::to_owned)
    }
}

/// Reads one `Trial` element.
pub fn read_xml(bytes: &[u8]) -> Result<Trial, RecordError> {
    let record = xml::element(bytes)?;
    let fields = record.as_object().into_iter().flatten().filter_map(|(name, value)| match value {
        Value::String(words) => Some((letters(name), words.clone())),
        Value::Array(list) => {
            let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            Some((letters(name), words.join(";")))
        }
        _ => None,
    });
    trial(&Fields(fields.collect()))
}

/// Reads a row below its header, or a row of a weekly file.
pub fn read_table(bytes: &[u8]) -> Result<Trial, RecordError> {
    let unreadable = |detail: String| RecordError::Unreadable { detail };
    let mut rows = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes).into_byte_records();
    let mut next = || rows.next().transpose().map_err(|error| unreadable(error.to_string()));
    let first = next()?.ok_or_else(|| unreadable("an empty row".to_owned()))?;
    let fields = match next()? {
        Some(row) if row.iter().any(|cell| swallows(&decoded(cell), first.len())) => {
            return Err(unreadable("a cell holds another row, so that a quotation mark must be missing".to_owned()));
        }
        Some(row) if row.len() == first.len() => first
            .iter()
            .zip(row.iter())
            .map(|(name, cell)| (letters(&decoded(name)), decoded(cell).into_owned()))
            .collect(),
        Some(row) => {
            return Err(unreadable(format!("a row of {} cells below a header of {}", row.len(), first.len())));
        }
        None => {
            let cell =
                |(place, name): &(usize, &str)| Some(((*name).to_owned(), decoded(first.get(*place)?).into_owned()));
            WEEKLY.iter().filter_map(cell).collect()
        }
    };
    trial(&Fields(fields))
}

/// Says whether a line of a cell looks like a row of its own: an identifier and then half of the columns at least.
fn swallows(cell: &str, columns: usize) -> bool {
    cell.lines().skip(1).any(|line| {
        let line = line.trim_start_matches('"');
        let end = line.find([',', ';', '\t']).unwrap_or(line.len());
        let delimiter = line.get(end..).and_then(|rest| rest.chars().next());
        let id = line.get(..end).unwrap_or_default().trim_end_matches('"');
        delimiter.is_some_and(|delimiter| line.matches(delimiter).count() * 2 >= columns.saturating_sub(1))
            && identifiers::is_one(id)
    })
}

fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn trial(fields: &Fields) -> Result<Trial, RecordError> {
    let id = fields.stated("trialid").ok_or(RecordError::NoIdentifier { field: "TrialID" })?;
    if id.len() > 60 || id.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(RecordError::bad_identifier(&id, "an identifier without blanks, such as NCT00000000"));
    }
    let known = identifiers::find(&id);
    // `nct...` in small letters is the same trial.
    let id = match known.as_slice() {
        [one] if one.text.eq_ignore_ascii_case(&id) => one.text.clone(),
        _ => id,
    };
    let mut other_ids: Vec<String> = known.into_iter().map(|identifier| identifier.text).collect();
    for name in ["secondaryid", "secondaryids", "bridgedtrialids"] {
        identifiers::cite(&mut other_ids, fields.stated(name).map(|words| plain(&words)));
    }
    other_ids.retain(|cited| *cited != id);

    let mut notes = Vec::new();
    let minimum_age = age(Limit::Minimum, fields.get("inclusionagemin"), "Minimum age", &mut notes);
    let maximum_age = age(Limit::Maximum, fields.get("inclusionagemax"), "Maximum age", &mut notes);
    let gender = fields.stated("inclusiongender");
    let sex = gender.as_deref().and_then(neutral::sex);
    if let (Some(words), None) = (&gender, sex) {
        notes.push(format!("Sex: {words}"));
    }
    let stated = fields.stated("recruitmentstatus");
    let mut keywords = Vec::new();
    push(&mut keywords, fields.stated("acronym"));

    Ok(Trial {
        id,
        other_ids,
        registry: Registry::Ictrp,
        title: fields
            .stated("publictitle")
            .or_else(|| fields.stated("scientifictitle"))
            .map(|t| plain(&t))
            .unwrap_or_default(),
        status: neutral::status(stated.as_deref().unwrap_or_default()).to_owned(),
        recruitment: Recruitment { stated, ..Recruitment::default() },
        phases: neutral::phases(fields.get("phase")),
        study_type: neutral::study_type(fields.get("studytype")),
        url: fields.stated("webaddress").unwrap_or_default(),
        last_update: dates::written(fields.stated("lastrefreshedon")),
        verified: None,
        summary: String::new(),
        conditions: named(fields.get("condition"), &["term"]),
        keywords,
        interventions: named(fields.get("intervention"), &["productname", "tradename", "innorproposedinn", "drug"]),
        arms: Vec::new(),
        eligibility: eligibility::join(&notes, fields.get("inclusioncriteria"), fields.get("exclusioncriteria")),
        minimum_age,
        maximum_age,
        sex: sex.map(str::to_owned),
        healthy_volunteers: None,
        sites: sites(fields),
        records: Vec::new(),
    })
}

fn age(limit: Limit, words: &str, name: &str, notes: &mut Vec<String>) -> Option<Age> {
    match ages::read(limit, words) {
        Stated::None => None,
        Stated::Age(age) => Some(age),
        Stated::Unreadable(words) => {
            notes.push(format!("{name}: {words}"));
            None
        }
    }
}

/// Splits a field that several registers fill in several ways: parts between semicolons and line breaks, of which the
/// European ones are labelled. `labels` are those whose words count; other labelled parts are particulars.
fn named(words: &str, labels: &[&str]) -> Vec<String> {
    const PARTICULARS: [&str; 13] = [
        "meddraversion",
        "level",
        "classificationcode",
        "systemorganclass",
        "therapeuticarea",
        "pharmaceuticalform",
        "casnumber",
        "currentsponsorcode",
        "otherdescriptivename",
        "concentrationunit",
        "concentrationtype",
        "concentrationnumber",
        "productcode",
    ];
    let mut found = Vec::new();
    for part in plain(words).split([';', '\n']).filter(|part| !is_nil(part)) {
        let part = part.trim();
        let (label, rest) = part.split_once(':').unwrap_or(("", part));
        let label = letters(label);
        if labels.contains(&label.as_str()) {
            push(&mut found, rest.to_owned());
        } else if !PARTICULARS.contains(&label.as_str()) && !part.starts_with("Classification code") {
            push(&mut found, part.to_owned());
        }
    }
    found
}

/// Takes the line breaks of HTML for line breaks.
fn plain(words: &str) -> String {
    let lines = words.replace("<br />", "\n").replace("<br/>", "\n").replace("<br>", "\n").replace("<BR>", "\n");
    let lines: Vec<&str> = lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// The portal knows countries alone.
fn sites(fields: &Fields) -> Vec<Site> {
    let first = |name: &str| {
        let words = fields.stated(name)?;
        let part = words.split(';').map(str::trim).find(|part| !is_nil(part))?;
        Some(part.to_owned())
    };
    let mut contact = Vec::new();
    let names: Vec<String> = ["contactfirstname", "contactlastname"].into_iter().filter_map(first).collect();
    push(&mut contact, names.join(" "));
    for name in ["contacttel", "contactemail"] {
        push(&mut contact, first(name));
    }
    let contact = (!contact.is_empty()).then(|| contact.join(", "));
    let mut countries = Vec::new();
    for country in fields.get("countries").split([';', '\n']).filter(|country| !is_nil(country)) {
        push(&mut countries, country.to_owned());
    }
    let site = |country| Site {
        facility: String::new(),
        city: String::new(),
        country,
        status: None,
        latitude: None,
        longitude: None,
        contact: contact.clone(),
    };
    countries.into_iter().map(site).collect()
}
