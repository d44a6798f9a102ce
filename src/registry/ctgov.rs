//! ClinicalTrials.gov, API v2 (OpenAPI description 2.0.5): every field of a study is optional there.

use super::{RecordError, ages, shortened};
use crate::trial::{Age, Recruitment, Registry, Site, Trial};
use serde::Deserialize;

/// The public pages of the registry.
const PAGES: &str = "https://clinicaltrials.gov/study/";

/// Reads one study. The eligibility text is kept as it stands, byte for byte.
///
/// Identifiers that start with `SAMPLE-` belong to the invented records which are bundled with the program.
pub fn read_study(bytes: &[u8]) -> Result<Trial, RecordError> {
    // serde would take an array for a struct, field by field.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(RecordError::Unreadable { detail: "expected an object in braces".into() });
    }
    let study: Study =
        serde_json::from_slice(bytes).map_err(|error| RecordError::Unreadable { detail: error.to_string() })?;
    study.protocol_section.ok_or(RecordError::NotAStudy)?.into_trial()
}

/// Tells which registry an identifier belongs to.
fn registry_of(id: &str) -> Option<Registry> {
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if id.strip_prefix("NCT").is_some_and(|rest| digits(rest, 8)) {
        Some(Registry::Ctgov)
    } else if id.strip_prefix("SAMPLE-").is_some_and(|rest| digits(rest, 4)) {
        Some(Registry::Sample)
    } else {
        None
    }
}

/// Reads an age limit in years. `None` where the registry states no limit.
fn read_age(field: &'static str, text: Option<String>) -> Result<Option<Age>, RecordError> {
    let Some(text) = text else { return Ok(None) };
    let words = text.trim();
    if words.is_empty() || words.eq_ignore_ascii_case("N/A") || words.eq_ignore_ascii_case("none") {
        return Ok(None);
    }
    match age_in_years(words) {
        Some(years) => Ok(Some(Age { years, text })),
        None => Err(RecordError::BadAge { field, text: shortened(&text) }),
    }
}

/// Converts `18 Years`, `6 Months` and so on to years.
fn age_in_years(words: &str) -> Option<f64> {
    let (number, unit) = words.split_once(char::is_whitespace)?;
    ages::years(number.parse().ok()?, &unit.trim().to_ascii_lowercase())
}

/// Appends a word that is neither blank nor there already.
fn push_new(list: &mut Vec<String>, word: Option<String>) {
    if let Some(word) = word
        && !word.trim().is_empty()
        && !list.contains(&word)
    {
        list.push(word);
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Study {
    protocol_section: Option<ProtocolSection>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProtocolSection {
    identification_module: Option<IdentificationModule>,
    status_module: Option<StatusModule>,
    description_module: Option<DescriptionModule>,
    conditions_module: Option<ConditionsModule>,
    design_module: Option<DesignModule>,
    arms_interventions_module: Option<ArmsInterventionsModule>,
    eligibility_module: Option<EligibilityModule>,
    contacts_locations_module: Option<ContactsLocationsModule>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct IdentificationModule {
    nct_id: Option<String>,
    nct_id_aliases: Option<Vec<String>>,
    org_study_id_info: Option<IdInfo>,
    secondary_id_infos: Option<Vec<IdInfo>>,
    brief_title: Option<String>,
    official_title: Option<String>,
    acronym: Option<String>,
}

#[derive(Deserialize)]
struct IdInfo {
    id: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StatusModule {
    overall_status: Option<String>,
    status_verified_date: Option<String>,
    last_update_submit_date: Option<String>,
    last_update_post_date_struct: Option<DateStruct>,
}

#[derive(Deserialize)]
struct DateStruct {
    date: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescriptionModule {
    brief_summary: Option<String>,
}

#[derive(Default, Deserialize)]
struct ConditionsModule {
    conditions: Option<Vec<String>>,
    keywords: Option<Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DesignModule {
    study_type: Option<String>,
    phases: Option<Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ArmsInterventionsModule {
    arm_groups: Option<Vec<ArmGroup>>,
    interventions: Option<Vec<Intervention>>,
}

#[derive(Deserialize)]
struct ArmGroup {
    label: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Intervention {
    name: Option<String>,
    other_names: Option<Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EligibilityModule {
    eligibility_criteria: Option<String>,
    healthy_volunteers: Option<bool>,
    sex: Option<String>,
    minimum_age: Option<String>,
    maximum_age: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContactsLocationsModule {
    central_contacts: Option<Vec<Contact>>,
    locations: Option<Vec<Location>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Contact {
    name: Option<String>,
    phone: Option<String>,
    phone_ext: Option<String>,
    email: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    facility: Option<String>,
    status: Option<String>,
    city: Option<String>,
    country: Option<String>,
    contacts: Option<Vec<Contact>>,
    geo_point: Option<GeoPoint>,
}

#[derive(Deserialize)]
struct GeoPoint {
    lat: Option<f64>,
    lon: Option<f64>,
}

impl ProtocolSection {
    fn into_trial(self) -> Result<Trial, RecordError> {
        let identification = self.identification_module.unwrap_or_default();
        let id = identification
            .nct_id
            .ok_or(RecordError::NoIdentifier { field: "protocolSection.identificationModule.nctId" })?;
        let registry = registry_of(&id).ok_or_else(|| RecordError::bad_identifier(&id, "NCT and eight digits"))?;
        let mut other_ids = Vec::new();
        let secondary = identification.secondary_id_infos.unwrap_or_default();
        let cited = identification.nct_id_aliases.unwrap_or_default().into_iter().map(Some);
        let cited = cited.chain(secondary.into_iter().map(|info| info.id));
        for cited in cited.chain([identification.org_study_id_info.and_then(|info| info.id)]) {
            push_new(&mut other_ids, cited.filter(|cited| *cited != id));
        }

        let status = self.status_module.unwrap_or_default();
        let posted = status.last_update_post_date_struct.and_then(|posted| posted.date);
        let conditions = self.conditions_module.unwrap_or_default();
        let mut keywords = conditions.keywords.unwrap_or_default();
        // Doctors know studies by their acronym, so it is searched like a keyword.
        push_new(&mut keywords, identification.acronym);
        let design = self.design_module.unwrap_or_default();
        let treatment = self.arms_interventions_module.unwrap_or_default();
        let mut interventions = Vec::new();
        for intervention in treatment.interventions.unwrap_or_default() {
            push_new(&mut interventions, intervention.name);
            for name in intervention.other_names.unwrap_or_default() {
                push_new(&mut interventions, Some(name));
            }
        }
        let mut arms = Vec::new();
        for arm in treatment.arm_groups.unwrap_or_default() {
            push_new(&mut arms, arm.label);
        }
        let eligibility = self.eligibility_module.unwrap_or_default();

        Ok(Trial {
            url: match registry {
                Registry::Ctgov => format!("{PAGES}{id}"),
                _ => String::new(),
            },
            id,
            other_ids,
            registry,
            title: identification.brief_title.or(identification.official_title).unwrap_or_default(),
            status: status.overall_status.unwrap_or_default(),
            recruitment: Recruitment::default(),
            phases: design.phases.unwrap_or_default(),
            study_type: design.study_type.unwrap_or_default(),
            last_update: posted.or(status.last_update_submit_date),
            verified: status.status_verified_date,
            summary: self.description_module.unwrap_or_default().brief_summary.unwrap_or_default(),
            conditions: conditions.conditions.unwrap_or_default(),
            keywords,
            interventions,
            arms,
            eligibility: eligibility.eligibility_criteria.unwrap_or_default(),
            minimum_age: read_age("minimumAge", eligibility.minimum_age)?,
            maximum_age: read_age("maximumAge", eligibility.maximum_age)?,
            sex: eligibility.sex,
            healthy_volunteers: eligibility.healthy_volunteers,
            sites: self.contacts_locations_module.unwrap_or_default().into_sites(),
            records: Vec::new(),
        })
    }
}

impl ContactsLocationsModule {
    /// A site without a contact of its own has the study's.
    fn into_sites(self) -> Vec<Site> {
        let central = first_contact(self.central_contacts.unwrap_or_default());
        let locations = self.locations.unwrap_or_default().into_iter();
        locations.map(|location| location.into_site(central.as_deref())).collect()
    }
}

impl Location {
    fn into_site(self, central: Option<&str>) -> Site {
        let point = self.geo_point.and_then(|point| Some((point.lat?, point.lon?)));
        let point = point.filter(|(latitude, longitude)| latitude.abs() <= 90.0 && longitude.abs() <= 180.0);
        Site {
            facility: self.facility.unwrap_or_default(),
            city: self.city.unwrap_or_default(),
            country: self.country.unwrap_or_default(),
            status: self.status,
            latitude: point.map(|(latitude, _)| latitude),
            longitude: point.map(|(_, longitude)| longitude),
            contact: first_contact(self.contacts.unwrap_or_default()).or_else(|| central.map(str::to_owned)),
        }
    }
}

/// Joins name, telephone and e-mail of the first contact that has any.
fn first_contact(contacts: Vec<Contact>) -> Option<String> {
    contacts.into_iter().find_map(|contact| {
        let phone = match (contact.phone, contact.phone_ext) {
            (Some(phone), Some(extension)) => Some(format!("{phone} ext. {extension}")),
            (phone, _) => phone,
        };
        let mut parts = Vec::new();
        for part in [contact.name, phone, contact.email] {
            push_new(&mut parts, part);
        }
        (!parts.is_empty()).then(|| parts.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn study(id: &str, eligibility: &str) -> Vec<u8> {
        let json = format!(
            r#"{{"protocolSection":{{"identificationModule":{{"nctId":"{id}","briefTitle":"A study"}},
            "eligibilityModule":{eligibility}}}}}"#
        );
        json.into_bytes()
    }

    #[test]
    fn reads_all_that_the_trial_holds() {
        let json = r#"{"protocolSection":{
            "identificationModule":{"nctId":"NCT00000001","nctIdAliases":["NCT00000002"],"acronym":"OAK",
                "orgStudyIdInfo":{"id":"ORG-1"},"secondaryIdInfos":[{"id":"2024-500000-10-00","type":"CTIS"},{"id":"ORG-1"}],
                "officialTitle":"An invented study"},
            "statusModule":{"overallStatus":"RECRUITING","statusVerifiedDate":"2026-09","lastUpdatePostDateStruct":{"date":"2026-10-02"}},
            "conditionsModule":{"conditions":["Breast Cancer"],"keywords":null},
            "designModule":{"studyType":"INTERVENTIONAL","phases":["PHASE1","PHASE2"]},
            "armsInterventionsModule":{"armGroups":[{"label":"Arm A"}],"interventions":[{"name":"Drug one","otherNames":["D1","Drug one"]}]},
            "eligibilityModule":{"eligibilityCriteria":"Inclusion:\r\n* Age \\> 18 <b>years</b>\n","healthyVolunteers":false,"sex":"FEMALE","minimumAge":"18 Years","maximumAge":"N/A"},
            "contactsLocationsModule":{"centralContacts":[{"name":"Central"}],"locations":[
                {"facility":"One","city":"Leeds","country":"United Kingdom","status":"RECRUITING","geoPoint":{"lat":53.8,"lon":-1.5},
                 "contacts":[{"name":"Nurse","phone":"1","phoneExt":"2","email":"a@example.org"}]},
                {"facility":"Two","geoPoint":{"lat":530,"lon":0}}]}},
            "derivedSection":{"anything":[1,null,{}]}}"#;
        let trial = read_study(json.as_bytes()).unwrap();
        assert_eq!(trial.other_ids, ["NCT00000002", "2024-500000-10-00", "ORG-1"]);
        assert_eq!(trial.title, "An invented study");
        assert_eq!(trial.url, "https://clinicaltrials.gov/study/NCT00000001");
        assert_eq!(trial.last_update.as_deref(), Some("2026-10-02"));
        assert_eq!(trial.keywords, ["OAK"]);
        assert_eq!(trial.interventions, ["Drug one", "D1"]);
        assert_eq!(trial.arms, ["Arm A"]);
        assert_eq!(trial.eligibility, "Inclusion:\r\n* Age \\> 18 <b>years</b>\n");
        assert_eq!(trial.minimum_age.unwrap().years, 18.0);
        assert_eq!(trial.maximum_age, None);
        assert_eq!(trial.sites[0].contact.as_deref(), Some("Nurse, 1 ext. 2, a@example.org"));
        assert_eq!(trial.sites[1].contact.as_deref(), Some("Central"));
        assert_eq!((trial.sites[0].latitude, trial.sites[1].latitude), (Some(53.8), None));
    }

    #[test]
    fn reads_ages_in_every_unit() {
        let cases = [
            ("18 Years", Some(18.0)),
            ("1 Year", Some(1.0)),
            ("6 Months", Some(0.5)),
            ("1 Week", Some(7.0 / 365.25)),
            ("30 days", Some(30.0 / 365.25)),
            ("24 Hours", Some(1.0 / 365.25)),
            ("18", None),
            ("eighteen years", None),
            ("-1 Years", None),
            ("NaN Years", None),
            ("18 moons", None),
        ];
        for (words, years) in cases {
            match (age_in_years(words), years) {
                (Some(found), Some(expected)) => assert!((found - expected).abs() < 1e-9, "{words}: {found}"),
                (found, expected) => assert_eq!(found, expected, "{words}"),
            }
        }
    }

    #[test]
    fn refuses_what_is_no_study_and_says_why() {
        let cases: [(&[u8], &str); 10] = [
            (b"{", "not a readable record"),
            (b"[{}]", "expected an object"),
            (b"{\"a\":1}", "no protocolSection"),
            (b"{\"protocolSection\":{}}", "no identifier"),
            (b"{\"protocolSection\":7}", "expected struct"),
            (&study("nct00000001", "{}"), "`nct00000001` is not"),
            (&study("NCT0000001", "{}"), "eight digits"),
            (&study("NCT0000000\u{661}", "{}"), "eight digits"),
            (&study("NCT00000001", r#"{"minimumAge":"young"}"#), "minimumAge `young`"),
            (&study("NCT00000001", r#"{"eligibilityCriteria":["a"]}"#), "expected a string"),
        ];
        for (bytes, expected) in cases {
            let message = read_study(bytes).unwrap_err().to_string();
            assert!(message.contains(expected), "{message} lacks {expected}");
        }
    }

    #[test]
    fn knows_the_bundled_records_by_their_identifier() {
        assert_eq!(read_study(&study("SAMPLE-0001", "{}")).unwrap().registry, Registry::Sample);
        assert!(read_study(&study("SAMPLE-1", "{}")).is_err());
    }
}
