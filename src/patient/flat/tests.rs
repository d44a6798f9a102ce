use super::*;
use crate::patient::profile::{
    BiomarkerResult, CnsState, ConditionState, Extent, ListName, Origin, ReasonStopped, Site,
};

/// Reads a table and returns each row as profile or as the text of its error.
fn rows(table: &str) -> Vec<Result<Profile, String>> {
    let rows = read_rows(table.as_bytes(), "clinic.csv").unwrap();
    rows.map(|row| row.map_err(|error| error.to_string())).collect()
}

#[test]
fn a_row_becomes_the_profile_that_json_would_give() {
    let table = "\u{feff}treatments,as_of,id,age,er,er_percent,her2_ihc,extent,measurable_disease,sites,mutations,labs,\
                 conditions,medications,allergies,complete,country,ecog\n\
                 letrozole+palbociclib|metastatic|1|2024-02|2026-10-12|progression;kind=radiotherapy|target=brain|stopped=2026-02-20,\
                 2026-11-01,row-1,57,positive,95,1+,metastatic,yes,bone; brain:treated_stable:2026-02:symptomatic=false,\
                 PIK3CA:mutated:somatic:H1047R;marker=MSI:stable;marker=TMB:value=4:unit=mut/Mb,\
                 absolute neutrophil count|2.4|10*9/L|2026-10-28;creatinine|78|umol/L||90,\
                 hypertension:controlled;peripheral neuropathy:active:1,amlodipine,none,conditions;allergies,GB,1\n";
    let profile = rows(table).remove(0).unwrap();
    let json = r#"{"id": "row-1", "as_of": "2026-11-01", "age": 57, "performance_status": {"ecog": 1},
        "diagnosis": {"extent": "metastatic", "measurable_disease": true},
        "receptors": {"er": {"status": "positive", "percent": 95}, "her2": {"ihc": "1+"}},
        "metastases": [{"site": "bone"},
            {"site": "brain", "state": "treated_stable", "treated": "2026-02", "symptomatic": false}],
        "biomarkers": [{"gene": "PIK3CA", "result": "mutated", "origin": "somatic", "variant": "H1047R"},
            {"marker": "MSI", "result": "stable"}, {"marker": "TMB", "value": 4, "unit": "mut/Mb"}],
        "treatments": [{"kind": "drug", "agents": ["letrozole", "palbociclib"], "setting": "metastatic", "line": 1,
            "started": "2024-02", "stopped": "2026-10-12", "reason_stopped": "progression"},
            {"kind": "radiotherapy", "target": "brain", "stopped": "2026-02-20"}],
        "labs": [{"test": "absolute neutrophil count", "value": 2.4, "unit": "10*9/L", "on": "2026-10-28"},
            {"test": "creatinine", "value": 78, "unit": "umol/L", "upper_limit_of_normal": 90}],
        "conditions": [{"name": "hypertension", "state": "controlled"},
            {"name": "peripheral neuropathy", "state": "active", "grade": 1}],
        "medications": [{"name": "amlodipine"}], "allergies": [], "complete": ["conditions", "allergies"],
        "location": {"country": "GB"}}"#;
    assert_eq!(profile, Profile::from_json(json, "row.json").unwrap());
    assert_eq!(profile.metastases.as_ref().unwrap()[1].state, Some(CnsState::TreatedStable));
    assert_eq!(profile.diagnosis.as_ref().unwrap().extent, Some(Extent::Metastatic));
    let biomarker = &profile.biomarkers.as_ref().unwrap()[0];
    assert_eq!((biomarker.result, biomarker.origin), (Some(BiomarkerResult::Mutated), Some(Origin::Somatic)));
    assert_eq!(profile.treatments.as_ref().unwrap()[0].reason_stopped, Some(ReasonStopped::Progression));
    assert_eq!(profile.conditions.as_ref().unwrap()[0].state, Some(ConditionState::Controlled));
    assert!(profile.complete(ListName::Allergies));
}

#[test]
fn an_empty_cell_is_unknown_and_none_is_an_empty_list() {
    let read = rows("as_of\tsites\ttreatments\tage\n2026-11-01\tnone\t\tunknown\n");
    let profile = read[0].as_ref().unwrap();
    assert_eq!(
        (profile.metastases.as_deref(), profile.treatments.as_deref(), profile.age),
        (Some(&[][..]), None, None)
    );
}

#[test]
fn one_bad_row_leaves_the_others_alone() {
    let table = "id,as_of,age,her2_ihc,sites,er,er_percent,treatments\n\
                 a,2026-11-01,57,1+,bone,,,\n\
                 b,2026-11-01,old,1,bone,,,\n\
                 c,2026-11-01,57,1+,bones,,,\n\
                 d,2026-11-01,57,1+,bone,negative,60,\n\
                 e,2026-11-01,57\n\
                 f,2026-11-01,57,1+,liver,,,letrozole|metastatic|1|2025|2024\n\
                 g,2026-11-01,57,1+,liver,,,letrozole|||||||too|many\n\
                 h,2026-11-01,57,1+,liver,,,\n";
    let read = rows(table);
    let site = |index: usize| read[index].as_ref().unwrap().metastases.as_ref().unwrap()[0].site;
    assert_eq!((site(0), site(7)), (Site::Bone, Site::Liver));
    let expected = [
        (1, "clinic.csv:3: the patient profile is refused:", "\n  age: expected a whole number"),
        (1, "clinic.csv:3: the patient profile is refused:", "\n  her2_ihc: unknown word"),
        (2, "clinic.csv:4: the patient profile is refused:", "\n  sites[0].site: unknown word"),
        (2, "clinic.csv:4: the patient profile is refused:", "nearest: `bone`"),
        (3, "clinic.csv:5: the patient profile is refused:", "\n  er and er_percent: negative"),
        (4, "clinic.csv:6:1: not a valid CSV document", "the row has 3 cells and the header 8"),
        (5, "clinic.csv:7: the patient profile is refused:", "\n  treatments[0].stopped and treatments[0].started: "),
        (6, "clinic.csv:8: the patient profile is refused:", "\n  treatments[0]: too many fields"),
    ];
    for (index, beginning, part) in expected {
        let error = read[index].as_ref().unwrap_err();
        assert!(error.starts_with(beginning) && error.contains(part), "{error}");
    }
}

#[test]
fn a_header_names_every_column_that_is_wrong() {
    let error = read_rows("id,her2ihc,sex,sex,\n".as_bytes(), "clinic.csv").err().unwrap().to_string();
    for part in [
        "her2ihc: unknown column; did you mean `her2_ihc`?",
        "sex: the column stands twice",
        "column 5: has no name",
        "as_of: the column is missing",
    ] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn every_column_leads_to_a_place_of_the_profile() {
    for (column, path) in FACTS {
        assert!(Shape::of_profile().at(path.iter().copied()).is_some(), "{column}");
        assert_eq!(column_of(&path.join(".")), *column);
    }
    for list in LISTS {
        for field in list.fields {
            assert!(Shape::of_profile().at([list.key, field]).is_some(), "{}: {field}", list.column);
        }
    }
    let mut names: Vec<_> = column_names().collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), FACTS.len() + LISTS.len());
}
