use crate::patient::profile::Profile;

/// Reads a profile made of `part` and returns the two paths of its first problem.
fn refused(part: &str) -> Option<(String, Option<String>)> {
    let text = format!(r#"{{"as_of": "2026-11-01", {part}}}"#);
    match Profile::from_json(&text, "p.json") {
        Ok(_) => None,
        Err(error) => {
            let problem = error.problems().first().unwrap_or_else(|| panic!("{part}: {error}"));
            Some((problem.path.clone(), problem.other.clone()))
        }
    }
}

/// Asserts that each part is refused, with these two paths named (the second empty where there is one alone).
fn check_refused(cases: &[(&str, &str, &str)]) {
    for (part, path, other) in cases {
        let other = (!other.is_empty()).then(|| (*other).to_owned());
        assert_eq!(refused(part), Some(((*path).to_owned(), other)), "{part}");
    }
}

/// Asserts that each part is accepted.
fn check_accepted(parts: &[&str]) {
    for part in parts {
        assert_eq!(refused(part), None, "{part}");
    }
}

#[test]
fn impossible_dates() {
    check_refused(&[
        (r#""birth_date": "2027""#, "birth_date", "as_of"),
        (r#""birth_date": "1970-05", "age": 40"#, "age", "birth_date"),
        (r#""birth_date": "1970", "diagnosis": {"diagnosed": "1969"}"#, "diagnosis.diagnosed", "birth_date"),
        (r#""diagnosis": {"diagnosed": "2026-12"}"#, "diagnosis.diagnosed", "as_of"),
        (
            r#""diagnosis": {"diagnosed": "2020", "metastatic_since": "2019"}"#,
            "diagnosis.metastatic_since",
            "diagnosis.diagnosed",
        ),
        (
            r#""treatments": [{"kind": "surgery"}, {"kind": "surgery", "started": "2020-03", "stopped": "2020-02-28"}]"#,
            "treatments[1].stopped",
            "treatments[1].started",
        ),
        (r#""treatments": [{"kind": "surgery", "stopped": "2026-11-02"}]"#, "treatments[0].stopped", "as_of"),
        (r#""labs": [{"test": "albumin", "value": 40, "unit": "g/L", "on": "2026-11-02"}]"#, "labs[0].on", "as_of"),
        (
            r#""conditions": [{"name": "gout", "state": "resolved", "since": "2020", "resolved": "2019"}]"#,
            "conditions[0].resolved",
            "conditions[0].since",
        ),
        (r#""medications": [{"name": "x", "since": "2027"}]"#, "medications[0].since", "as_of"),
        (r#""metastases": [{"site": "brain", "treated": "2027"}]"#, "metastases[0].treated", "as_of"),
    ]);
    check_accepted(&[
        // A coarse date is refused only where no day of it would do.
        r#""birth_date": "1970", "age": 55"#,
        r#""birth_date": "1970", "age": 56"#,
        r#""diagnosis": {"diagnosed": "2026-11", "metastatic_since": "2026-11-01"}"#,
        r#""treatments": [{"kind": "surgery", "started": "2020-03", "stopped": "2020"}]"#,
        r#""treatments": [{"kind": "surgery", "stopped": "2026-11-01"}]"#,
    ]);
}

#[test]
fn contradictions_about_person_and_disease() {
    check_refused(&[
        (r#""sex": "male", "pregnancy": "pregnant""#, "pregnancy", "sex"),
        (r#""sex": "male", "menopausal_status": "premenopausal""#, "menopausal_status", "sex"),
        (r#""sex": "male", "breastfeeding": true"#, "breastfeeding", "sex"),
        (r#""menopausal_status": "postmenopausal", "pregnancy": "pregnant""#, "pregnancy", "menopausal_status"),
        (
            r#""performance_status": {"ecog": 0, "karnofsky": 60}"#,
            "performance_status.ecog",
            "performance_status.karnofsky",
        ),
        (r#""performance_status": {"karnofsky": 75}"#, "performance_status.karnofsky", ""),
        (
            r#""diagnosis": {"extent": "early"}, "metastases": [{"site": "skin"}, {"site": "liver"}]"#,
            "diagnosis.extent",
            "metastases[1].site",
        ),
        (
            r#""diagnosis": {"extent": "locally_advanced", "metastatic_since": "2020"}"#,
            "diagnosis.extent",
            "diagnosis.metastatic_since",
        ),
        (
            r#""metastases": [{"site": "brain", "state": "untreated", "treated": "2026-02"}]"#,
            "metastases[0].state",
            "metastases[0].treated",
        ),
        (
            r#""metastases": [{"site": "brain", "corticosteroids": true, "corticosteroids_stopped": "2026-10"}]"#,
            "metastases[0].corticosteroids",
            "metastases[0].corticosteroids_stopped",
        ),
        (r#""metastases": [{"site": "other"}]"#, "metastases[0].name", ""),
        (r#""location": {"latitude": 52}"#, "location.longitude", ""),
    ]);
    check_accepted(&[
        r#""sex": "male", "pregnancy": "not_pregnant", "breastfeeding": false"#,
        r#""performance_status": {"ecog": 2, "karnofsky": 80}"#,
        r#""diagnosis": {"extent": "locally_advanced"}, "metastases": [{"site": "chest_wall"}]"#,
        r#""diagnosis": {"extent": "metastatic"}, "metastases": []"#,
        r#""metastases": [{"site": "brain", "state": "untreated"}, {"site": "brain", "state": "treated_stable"}]"#,
        r#""metastases": [{"site": "brain", "corticosteroids": true, "corticosteroids_stopped": "2026-11"}]"#,
    ]);
}

#[test]
fn contradictions_about_receptors() {
    let receptors = |part: &str| format!(r#""receptors": {{{part}}}"#);
    let her2 = "receptors.her2.status";
    for (part, path, other) in [
        (r#""her2": {"status": "negative", "ihc": "3+"}"#, her2, "receptors.her2.ihc"),
        (r#""her2": {"status": "negative", "ihc": "2+", "ish": "amplified"}"#, her2, "receptors.her2.ish"),
        (r#""her2": {"status": "positive", "ihc": "1+"}"#, her2, "receptors.her2.ihc"),
        (r#""her2": {"status": "positive", "ihc": "2+", "ish": "not_amplified"}"#, her2, "receptors.her2.ish"),
        (r#""er": {"status": "negative", "percent": 10}"#, "receptors.er.status", "receptors.er.percent"),
        (r#""pr": {"status": "positive", "percent": 0}"#, "receptors.pr.status", "receptors.pr.percent"),
        (r#""pd_l1": {"status": "positive", "cps": 0}"#, "receptors.pd_l1.status", "receptors.pd_l1.cps"),
    ] {
        check_refused(&[(&receptors(part), path, other)]);
    }
    for part in [
        r#""her2": {"ihc": "3+", "ish": "not_amplified"}"#,
        r#""her2": {"status": "positive", "ihc": "3+", "ish": "not_amplified"}"#,
        r#""her2": {"status": "positive", "ihc": "2+"}"#,
        r#""her2": {"ihc": "1+", "ish": "amplified"}"#,
        r#""her2": {"status": "negative", "ihc": "2+", "ish": "not_amplified"}"#,
        r#""er": {"status": "negative", "percent": 5}"#,
        r#""er": {"status": "positive", "percent": 1}"#,
        r#""pd_l1": {"status": "positive", "cps": 0, "ic_percent": 2}"#,
    ] {
        check_accepted(&[&receptors(part)]);
    }
}

#[test]
fn entries_of_lists_that_contradict_each_other() {
    check_refused(&[
        (
            r#""biomarkers": [{"gene": "ESR1", "result": "wild_type"}, {"gene": "esr1", "result": "mutated"}]"#,
            "biomarkers[0].result",
            "biomarkers[1].result",
        ),
        (
            r#""biomarkers": [{"marker": "MSI", "result": "high"}, {"marker": "MSI", "result": "stable"}]"#,
            "biomarkers[0].result",
            "biomarkers[1].result",
        ),
        (
            r#""biomarkers": [{"marker": "TMB", "value": 4}, {"marker": "TMB", "value": 12}]"#,
            "biomarkers[0].value",
            "biomarkers[1].value",
        ),
        (r#""biomarkers": [{"result": "mutated"}]"#, "biomarkers[0]", ""),
        (
            r#""conditions": [{"name": "heart failure", "state": "absent"}, {"name": "Heart  failure"}]"#,
            "conditions[0].state",
            "conditions[1].state",
        ),
        (
            r#""conditions": [{"name": "gout", "state": "active", "resolved": "2020"}]"#,
            "conditions[0].state",
            "conditions[0].resolved",
        ),
        (
            r#""conditions": [{"name": "gout", "state": "absent", "grade": 2}]"#,
            "conditions[0].state",
            "conditions[0].grade",
        ),
        (
            r#""medications": [{"name": "warfarin"}, {"name": "warfarin", "state": "absent"}]"#,
            "medications[0].state",
            "medications[1].state",
        ),
        (r#""medications": [{"name": "x", "state": "controlled"}]"#, "medications[0].state", ""),
        (
            r#""allergies": [{"name": "latex", "state": "active"}, {"name": "latex", "state": "absent"}]"#,
            "allergies[0].state",
            "allergies[1].state",
        ),
        (r#""treatments": [{"kind": "drug"}]"#, "treatments[0].agents", ""),
        (
            r#""treatments": [{"kind": "drug", "agents": ["letrozole"], "reason_stopped": "toxicity"}]"#,
            "treatments[0].reason_stopped",
            "treatments[0].stopped",
        ),
        (r#""labs": [{"test": "albumin", "value": 40, "unit": "blorps"}]"#, "labs[0].unit", ""),
        (
            r#""labs": [{"test": "albumin", "value": 40, "unit": "g/L", "upper_limit_of_normal": 0}]"#,
            "labs[0].upper_limit_of_normal",
            "",
        ),
    ]);
    check_accepted(&[
        r#""biomarkers": [{"gene": "BRCA1", "result": "wild_type", "origin": "germline"}, {"gene": "BRCA1", "result": "mutated", "origin": "somatic"}]"#,
        r#""biomarkers": [{"gene": "PIK3CA", "result": "mutated", "variant": "H1047R"}, {"gene": "PIK3CA", "result": "wild_type", "variant": "E545K"}]"#,
        r#""biomarkers": [{"gene": "ERBB2", "result": "mutated"}, {"gene": "ERBB2", "result": "not_amplified"}]"#,
        r#""conditions": [{"name": "infection", "state": "absent"}, {"name": "infection", "state": "resolved", "resolved": "2020"}]"#,
        r#""medications": [{"name": "warfarin", "stopped": "2025"}, {"name": "warfarin", "state": "absent"}]"#,
        r#""labs": [{"test": "platelet count", "value": 200, "unit": "x10^9/L"}]"#,
    ]);
}
