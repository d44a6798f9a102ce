use super::*;
use crate::patient::profile::{Her2Ihc, ListName, Sex};
use serde_json::json;

/// An invented patient with most keys of the contract.
pub(crate) const FULL: &str = r#"{
  "id": "invented-1", "as_of": "2026-11-01", "birth_date": "1971-06", "sex": "female",
  "menopausal_status": "postmenopausal", "performance_status": { "ecog": 1, "karnofsky": 80 },
  "diagnosis": { "cancer": "breast", "histology": "invasive lobular carcinoma", "extent": "metastatic",
    "diagnosed": "2015", "metastatic_since": "2023-05", "measurable_disease": true, "last_progression": "2026-10" },
  "receptors": { "er": { "status": "positive", "percent": 80.5 }, "pr": { "status": "negative" },
    "ar": { "percent": 12 }, "her2": { "ihc": "0_with_membrane_staining", "ish": "not_amplified" },
    "pd_l1": { "cps": 3, "status": "positive" }, "ki67": { "percent": 22 } },
  "metastases": [ { "site": "bone", "count": 4 },
    { "site": "brain", "state": "treated_stable", "treated": "2026-01-15", "stable_since": "2026-03",
      "symptomatic": false, "corticosteroids": false, "corticosteroids_stopped": "2026-02-02", "largest_mm": 7 },
    { "site": "other", "name": "thyroid" } ],
  "biomarkers": [ { "gene": "ESR1", "result": "mutated", "variant": "Y537N", "origin": "somatic" },
    { "marker": "TMB", "value": 6, "unit": "mut/Mb" }, { "marker": "MSI", "result": "stable" } ],
  "treatments": [
    { "kind": "drug", "agents": ["anastrozole", "abemaciclib"], "setting": "metastatic", "line": 1,
      "started": "2023-06", "stopped": "2026-10-05", "reason_stopped": "progression", "best_response": "SD" },
    { "kind": "radiotherapy", "target": "brain", "technique": "stereotactic", "stopped": "2026-01-15" },
    { "kind": "surgery", "name": "lumpectomy", "stopped": "2015" } ],
  "labs": [ { "test": "platelet count", "value": 214, "unit": "x10^9/L", "on": "2026-10-29" },
    { "test": "creatinine", "value": 71, "unit": "umol/L", "on": "2026-10-29", "upper_limit_of_normal": 84,
      "lower_limit_of_normal": 45 } ],
  "conditions": [ { "name": "asthma", "state": "controlled", "since": "1990" },
    { "name": "shingles", "state": "resolved", "resolved": "2020-04" }, { "name": "epilepsy", "state": "absent" } ],
  "medications": [ { "name": "ramipril", "dose": "5 mg daily" }, { "name": "warfarin", "state": "absent" } ],
  "allergies": [ { "name": "penicillin", "state": "active", "grade": 2 } ],
  "pregnancy": "not_pregnant", "breastfeeding": false, "life_expectancy_months": 10.5,
  "location": { "country": "GB", "postcode": "EH1 1AA", "latitude": 55.95, "longitude": -3.19 },
  "complete": ["conditions", "allergies"]
}"#;

/// An invented patient of whom little is known.
const SMALL: &str = "as_of = 2026-11-01\nid = \"invented-2\"\nage = 44\nsex = \"male\"\ntreatments = []\n\n\
                     [receptors.her2]\nihc = \"3+\"\n\n[[metastases]]\nsite = \"lung\"\n";

#[test]
fn a_profile_survives_being_written_and_read_again() {
    let full = Profile::from_json(FULL, "full.json").unwrap();
    let small = Profile::from_toml(SMALL, "small.toml").unwrap();
    for profile in [&full, &small] {
        let text = serde_json::to_string(profile).unwrap();
        assert!(!text.contains("null"), "{text}");
        assert_eq!(&Profile::from_json(&text, "again.json").unwrap(), profile);
        let text = toml::to_string(&serde_json::to_value(profile).unwrap()).unwrap();
        assert_eq!(&Profile::from_text(&text, "again").unwrap(), profile);
    }
    let written: Value = serde_json::to_value(&full).unwrap();
    let stated: Value = serde_json::from_str(FULL).unwrap();
    assert_eq!(written.as_object().unwrap().len(), stated.as_object().unwrap().len());
    assert_eq!(full.receptors.unwrap().her2.unwrap().ihc, Some(Her2Ihc::ZeroWithMembraneStaining));
    assert_eq!((small.sex, small.age_years()), (Some(Sex::Male), Some((44, 44))));
}

#[test]
fn completeness_follows_presence_or_the_list_of_complete_lists() {
    let profile = Profile::from_toml(SMALL, "small.toml").unwrap();
    let full = Profile::from_json(FULL, "full.json").unwrap();
    let bare = Profile::from_json(r#"{"as_of": "2026-11-01"}"#, "bare.json").unwrap();
    let cases = [
        (&profile, ListName::Treatments, true),
        (&profile, ListName::Metastases, true),
        (&profile, ListName::Conditions, false),
        (&full, ListName::Conditions, true),
        (&full, ListName::Allergies, true),
        (&full, ListName::Labs, false),
        (&bare, ListName::Treatments, false),
    ];
    for (profile, list, complete) in cases {
        assert_eq!(profile.complete(list), complete, "{list} of {:?}", profile.id);
    }
}

#[test]
fn the_age_is_an_interval_where_the_birth_is_coarse() {
    let cases = [
        (json!({"birth_date": "1971-06-30"}), Some((55, 55))),
        (json!({"birth_date": "1971-11-01"}), Some((55, 55))),
        (json!({"birth_date": "1971-11-02"}), Some((54, 54))),
        (json!({"birth_date": "1971"}), Some((54, 55))),
        (json!({"birth_date": "1971-11"}), Some((54, 55))),
        (json!({"birth_date": "1971", "age": 54}), Some((54, 54))),
        (json!({"age": 60}), Some((60, 60))),
        (json!({}), None),
    ];
    for (mut document, ages) in cases {
        document["as_of"] = "2026-11-01".into();
        assert_eq!(Profile::from_value(document.clone(), "age").unwrap().age_years(), ages, "{document}");
    }
}

#[test]
fn nulls_are_absent_marks_are_skipped_and_whole_floats_are_numbers() {
    let text = "\u{feff}{\"as_of\": \"2026-11-01\", \"age\": 51.0, \"sex\": null, \"treatments\": null, \
                \"receptors\": {\"er\": null}}";
    let profile = Profile::from_text(text, "marked").unwrap();
    assert_eq!((profile.age, profile.sex, profile.complete(ListName::Treatments)), (Some(51), None, false));
}

#[test]
fn what_is_wrong_is_named_with_its_path_and_the_nearest_word() {
    let cases = [
        (r#""receptors": {"her2": {"icH": "1+"}}"#, "receptors.her2.icH: unknown key; did you mean `ihc`?"),
        (r#""ecog": 1"#, "ecog: unknown key; did you mean `performance_status.ecog`?"),
        (r#""sexx": "female""#, "sexx: unknown key; did you mean `sex`?"),
        (r#""performanceStatus": {}"#, "performanceStatus: unknown key; did you mean `performance_status`?"),
        (r#""sex": "femal""#, "sex: unknown word; expected one of `female`, `male`; nearest: `female`"),
        (r#""metastases": [{"site": "Lungs"}]"#, "metastases[0].site: unknown word; expected one of `bone`, "),
        (r#""metastases": [{"site": "Lungs"}]"#, "nearest: `lung`"),
        (r#""metastases": [{}]"#, "metastases[0].site: is missing; expected a text in quotes"),
        (r#""metastases": {"site": "lung"}"#, "metastases: expected a list"),
        (r#""metastases": [null]"#, "metastases[0]: expected an object"),
        (r#""receptors": {"her2": {"ihc": 1}}"#, "receptors.her2.ihc: expected a text in quotes, one of `0`, "),
        (r#""age": "57""#, "age: expected a whole number"),
        (r#""age": 57.5"#, "age: expected a whole number"),
        (r#""age": -1"#, "age: out of range; expected 0 to 130"),
        (r#""breastfeeding": "no""#, "breastfeeding: expected true or false"),
        (r#""performance_status": {"ecog": 300}"#, "performance_status.ecog: out of range; expected 0 to 5"),
        (r#""performance_status": {"karnofsky": 110}"#, "karnofsky: out of range; expected 0 to 100"),
        (r#""receptors": {"pr": {"percent": 101}}"#, "receptors.pr.percent: out of range; expected 0 to 100"),
        (r#""conditions": [{"name": "x", "grade": 5}]"#, "conditions[0].grade: out of range; expected 1 to 4"),
        (r#""metastases": [{"site": "lung", "count": 5000000000}]"#, "metastases[0].count: out of range"),
        (r#""conditions": [{"name": " "}]"#, "conditions[0].name: is blank"),
        (r#""diagnosis": {"diagnosed": "03/2016"}"#, "diagnosis.diagnosed: expected a date as YYYY, YYYY-MM or"),
        (r#""diagnosis": {"diagnosed": "2026-02-30"}"#, "diagnosis.diagnosed: no such day in the calendar"),
        (r#""diagnosis": {"diagnosed": 2016}"#, "diagnosis.diagnosed: expected a date in quotes"),
        (r#""complete": ["labz"]"#, "nearest: `labs`"),
        (r#""treatments": [{"kind": "drug", "agents": "letrozole"}]"#, "treatments[0].agents: expected a list"),
        (r#""sex": "male", "sex": "female""#, "sex: the key stands twice in one object"),
        (r#""receptors": {"er": {"percent": 1, "percent": 2}}"#, "receptors.er.percent: the key stands twice"),
    ];
    for (part, expected) in cases {
        let text = format!(r#"{{"as_of": "2026-11-01", {part}}}"#);
        let error = Profile::from_json(&text, "p.json").unwrap_err();
        let message = error.to_string();
        assert!(message.starts_with("p.json: the patient profile is refused:\n  "), "{message}");
        assert!(message.contains(expected), "{message}\nexpected: {expected}");
    }
    for (text, expected) in [
        ("{}", "as_of: is missing; expected a date in quotes"),
        (r#"{"as_of": "2026-11"}"#, "as_of: expected a full date as YYYY-MM-DD"),
        ("[]", "expected an object"),
    ] {
        let message = Profile::from_json(text, "p.json").unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn all_problems_come_at_once_and_no_value_is_shown() {
    let text = r#"{"as_of": "SECRET-1", "sex": "SECRET-2", "age": "SECRET-3", "diagnosis": {"extent": "SECRET-4",
        "diagnosed": "SECRET-5", "measurable_disease": "SECRET-6"}, "labs": [{"test": "SECRET-7", "value": "SECRET-8"}]}"#;
    let error = Profile::from_json(text, "p.json").unwrap_err();
    let paths: Vec<&str> = error.problems().iter().map(|problem| problem.path.as_str()).collect();
    let expected = ["as_of", "sex", "age", "diagnosis.extent", "diagnosis.diagnosed", "diagnosis.measurable_disease"];
    assert_eq!(paths, [&expected[..], &["labs[0].value", "labs[0].unit"]].concat());
    for shown in [error.to_string(), format!("{error:?}")] {
        assert!(!shown.contains("SECRET"), "{shown}");
    }
    let errors = [
        Profile::from_json("{\"as_of\": \"2026-11-01\", \"id\": \"SECRET\" \"sex\"}", "p.json").unwrap_err(),
        Profile::from_toml("as_of = 2026-11-01\nid = \"SECRET\nsex = SECRET", "p.toml").unwrap_err(),
        Profile::from_toml("as_of = 2026-11-01\nid = SECRET", "p.toml").unwrap_err(),
        Profile::from_toml("id = \"SECRET\"\nid = \"SECRET\"", "p.toml").unwrap_err(),
    ];
    for (error, place) in errors.iter().zip(["p.json:1:40: ", "p.toml:2:", "p.toml:2:6: ", "p.toml:2:1: "]) {
        assert!(error.to_string().starts_with(place), "{error}");
        assert!(!format!("{error} {error:?}").contains("SECRET"), "{error:?}");
    }
}

#[test]
fn toml_numbers_that_are_none_are_refused() {
    let message =
        Profile::from_toml("as_of = \"2026-11-01\"\nlife_expectancy_months = nan", "p").unwrap_err().to_string();
    assert!(message.contains("life_expectancy_months: expected a finite number"), "{message}");
}

#[test]
fn files_are_read_by_extension_or_content() {
    let folder = tempfile::tempdir().unwrap();
    let json = Profile::from_json(FULL, "full").unwrap();
    let toml = Profile::from_toml(SMALL, "small").unwrap();
    for (name, text, expected) in
        [("a.json", FULL, &json), ("b.TOML", SMALL, &toml), ("c.txt", FULL, &json), ("d", SMALL, &toml)]
    {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        assert_eq!(&Profile::from_path(&path).unwrap(), expected, "{name}");
    }
    let message = Profile::from_path(&folder.path().join("none.json")).unwrap_err().to_string();
    assert!(message.contains("none.json: cannot read the patient profile: "), "{message}");
}

/// Runs only where the evaluation profiles are at hand.
#[test]
fn every_evaluation_profile_is_accepted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval");
    let Ok(sets) = std::fs::read_dir(folder) else { return };
    let mut read = 0;
    for set in sets {
        let Ok(files) = std::fs::read_dir(set.unwrap().path().join("patients")) else { continue };
        for file in files {
            let path = file.unwrap().path();
            let profile = Profile::from_path(&path).unwrap_or_else(|error| panic!("{error}"));
            let stated: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            let written = serde_json::to_value(&profile).unwrap();
            assert_eq!(sorted_keys(&written), sorted_keys(&stated), "{}", path.display());
            read += 1;
        }
    }
    assert!(read > 0, "the folder of evaluation profiles is there and holds none");
}

/// Runs only where the contract is at hand: its own example must be accepted as it stands.
#[test]
fn the_contracts_example_is_accepted() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/contract/CONTRACT.md");
    let Ok(contract) = std::fs::read_to_string(path) else { return };
    let blocks = contract.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next());
    let example = blocks.into_iter().find(|block| block.contains("\"birth_date\"")).unwrap();
    let profile = Profile::from_json(example, "contract").unwrap_or_else(|error| panic!("{error}"));
    let stated: Value = serde_json::from_str(example).unwrap();
    assert_eq!(sorted_keys(&serde_json::to_value(&profile).unwrap()), sorted_keys(&stated));
}

/// Replaces the value at the `index`-th place of a document, counted depth first.
fn replace_at(value: &mut Value, index: &mut usize, with: &Value) {
    if *index == 0 {
        *value = with.clone();
    }
    // Wraps once the place is passed, so that nothing else is replaced.
    *index = index.wrapping_sub(1);
    match value {
        Value::Object(object) => object.values_mut().for_each(|value| replace_at(value, index, with)),
        Value::Array(values) => values.iter_mut().for_each(|value| replace_at(value, index, with)),
        _ => {}
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*", cell in "[a-z0-9:;|=+ ,.\"-]*") {
        let _ = Profile::from_text(&text, "any");
        let _ = Profile::from_json(&text, "any");
        let table = format!("as_of,sites,mutations,treatments,labs,complete,age\n2026-11-01,{cell},{cell},{cell},{cell},{cell},{cell}\n");
        crate::patient::flat::read_rows(table.as_bytes(), "any").unwrap().for_each(drop);
    }

    #[test]
    fn any_value_anywhere_is_accepted_or_refused_by_the_walk(place in 0_usize..150, kind in 0_usize..8) {
        let values = [json!("SECRET"), json!(""), json!(-1), json!(1e300), json!(true), json!([]), json!({}), json!(["SECRET"])];
        let mut document: Value = serde_json::from_str(FULL).unwrap();
        replace_at(&mut document, &mut place.clone(), &values[kind]);
        if let Err(error) = Profile::from_value(document, "any") {
            // Serde found nothing that the walk had let through.
            proptest::prop_assert!(error.problems().iter().all(|problem| !problem.message.contains("follow the profile")));
            proptest::prop_assert!(!error.to_string().contains("SECRET"), "{}", error);
        }
    }
}

/// Lists every key path of a document but empty lists, which may be written as absent.
fn sorted_keys(value: &Value) -> Vec<String> {
    fn collect(value: &Value, path: &str, keys: &mut Vec<String>) {
        match value {
            Value::Object(object) => object.iter().for_each(|(key, value)| collect(value, &join(path, key), keys)),
            Value::Array(values) => {
                keys.push(path.to_owned());
                values.iter().enumerate().for_each(|(index, value)| collect(value, &format!("{path}[{index}]"), keys));
            }
            _ => keys.push(path.to_owned()),
        }
    }
    let mut keys = Vec::new();
    collect(value, "", &mut keys);
    keys.retain(|key| key != "complete");
    keys.sort();
    keys
}
