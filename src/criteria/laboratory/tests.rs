use super::*;
use crate::criteria::answer::Truth;
use crate::criteria::context::{Context, Definitions};
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{self, Cue};
use crate::grammar::phrase::Phrase;
use crate::patient::profile::Profile;

fn parsed(text: &str, section: Section) -> (Option<Requirement>, String) {
    let definitions = Definitions::default();
    let context = Context { section, interventions: &[], definitions: &definitions };
    let mut phrase = Phrase::new(elements::read(text));
    let requirement = read(&mut phrase, &context);
    let left = phrase.leftover().iter().map(|e| e.text.to_string()).collect::<Vec<_>>().join(" ");
    (requirement, left)
}

/// An exclusion starts with `!`; the reading and what is left of the text.
fn reading(text: &str) -> (String, String) {
    let (section, text) = text.strip_prefix('!').map_or((Section::Inclusion, text), |t| (Section::Exclusion, t));
    let (requirement, left) = parsed(text, section);
    (requirement.map_or_else(|| "-".to_owned(), |r| r.say()), left)
}

const ALT_AST: &str = "alanine aminotransferase <= 2.5 x ULN and aspartate aminotransferase <= 2.5 x ULN";

#[test]
fn figures_and_multiples() {
    for (text, expected) in [
        ("ANC >= 1500/mm^3", "absolute neutrophil count >= 1.5 x 10^9/L"),
        ("absolute neutrophil count (ANC) of at least 1.5 x 10^9/L", "absolute neutrophil count >= 1.5 x 10^9/L"),
        ("ANC ≥ 1000/ul", "absolute neutrophil count >= 1 x 10^9/L"),
        ("ANC ≥ 1,500/μL (≥ 1.5 × 10⁹/L)", "absolute neutrophil count >= 1.5 x 10^9/L"),
        ("platelets ≥ 100,000 cells/mm3", "platelet count >= 100 x 10^9/L"),
        ("Platelet count \\>= 100 000/mm\\^3 (100 x 10\\^9/L)", "platelet count >= 100 x 10^9/L"),
        ("platelets of 100 K/uL or more", "platelet count >= 100 x 10^9/L"),
        ("platelets ≥ 100 × 10E9/L", "platelet count >= 100 x 10^9/L"),
        ("Hb > 90 g/L", "hemoglobin > 9 g/dL"),
        ("creatinine ≤ 1,5 x ULN", "creatinine <= 1.5 x ULN"),
        ("bilirubin ≤ 1.5 times the upper limit of normal", "total bilirubin <= 1.5 x ULN"),
        ("AST of 2.5 x upper limit of normal (ULN) or less", "aspartate aminotransferase <= 2.5 x ULN"),
        ("total bilirubin within 1.5 times the ULN", "total bilirubin <= 1.5 x ULN"),
        ("bilirubin within normal limits", "total bilirubin within normal limits"),
        ("LVEF ≥ 50% by ECHO or MUGA within 28 days", "left ventricular ejection fraction >= 50% within 28 days"),
        ("minimum LVEF of 50%", "left ventricular ejection fraction >= 50%"),
        (
            "LVEF ≥ 50% or ≥ LLN",
            "left ventricular ejection fraction >= 50% or left ventricular ejection fraction >= 1 x LLN",
        ),
        ("oxygen saturation ≥ 92% on room air", "oxygen saturation >= 92%"),
        ("fasting glucose ≤ 140 mg/dL (7.7 mmol/L)", "fasting plasma glucose <= 7.7709 mmol/L"),
        ("albumin ≥ 3.0 g/dL", "albumin >= 30 g/L"),
        ("potassium 3.5-5.0 mmol/L", "potassium >= 3.5 mmol/L and potassium <= 5 mmol/L"),
        ("urine protein:creatinine ratio ≤ 1.0", "urine protein creatinine ratio <= 1000 mg/g"),
        ("QTc (Fridericia) ≤ 470 ms", "QTcF <= 470 ms"),
        ("INR/PT ≤ 1.5 x ULN", "international normalized ratio <= 1.5 x ULN"),
        ("blood pressure ≤ 150/90 mmHg", "diastolic blood pressure <= 90 mmHg and systolic blood pressure <= 150 mmHg"),
    ] {
        assert_eq!(reading(text), (expected.to_owned(), String::new()), "{text}");
    }
}

#[test]
fn several_tests_and_lists() {
    for (text, expected) in [
        ("AST (SGOT) and ALT (SGPT) ≤ 2.5 x institutional ULN", ALT_AST),
        ("transaminases (AST and ALT) ≤ 2.5 x ULN", ALT_AST),
        ("!AST/ALT > 3 x ULN", "alanine aminotransferase > 3 x ULN or aspartate aminotransferase > 3 x ULN"),
        (
            "potassium, calcium and magnesium within normal limits",
            "potassium within normal limits and calcium within normal limits and magnesium within normal limits",
        ),
        (
            "WBC > 3000/ul, platelets ≥ 50,000/ul, hemoglobin ≥ 8.0 g/dl",
            "white blood cell count > 3 x 10^9/L and platelet count >= 50 x 10^9/L and hemoglobin >= 8 g/dL",
        ),
        (
            "!bilirubin > 2.0; alkaline phosphatase > 5x ULN",
            "total bilirubin > 34.2079 umol/L or alkaline phosphatase > 5 x ULN",
        ),
        (
            "!systolic > 160 or diastolic > 100",
            "systolic blood pressure > 160 mmHg or diastolic blood pressure > 100 mmHg",
        ),
        (
            "creatinine ≤ 1.5 x ULN or creatinine clearance ≥ 60 mL/min",
            "creatinine <= 1.5 x ULN or creatinine clearance >= 60 mL/min",
        ),
    ] {
        assert_eq!(reading(text), (expected.to_owned(), String::new()), "{text}");
    }
}

#[test]
fn limits_under_conditions() {
    for (text, expected) in [
        (
            "AST ≤ 2.5 x ULN (≤ 5 x ULN if liver metastases are present)",
            "aspartate aminotransferase <= 2.5 x ULN or (there is liver involvement and aspartate aminotransferase <= 5 x ULN)",
        ),
        (
            "ALT less than or equal to 2.5 x ULN OR less than or equal to 5 x ULN for patients with liver metastases",
            "alanine aminotransferase <= 2.5 x ULN or (there is liver involvement and alanine aminotransferase <= 5 x ULN)",
        ),
        (
            "!AST > 2.5 x ULN (> 5 x ULN if liver metastases are present)",
            "aspartate aminotransferase > 2.5 x ULN and (there is no liver involvement or aspartate aminotransferase > 5 x ULN)",
        ),
        (
            "ALP =< 2.5 x ULN with the following exception: ALP =< 5 x ULN in patients with bone metastases",
            "alkaline phosphatase <= 2.5 x ULN or (there is bone involvement and alkaline phosphatase <= 5 x ULN)",
        ),
        (
            "bilirubin ≤ 1.5 x ULN (≤ 3.0 mg/dL for patients with Gilbert's syndrome)",
            "total bilirubin <= 1.5 x ULN or (the patient has Gilbert syndrome and total bilirubin <= 51.3119 umol/L)",
        ),
        (
            "In absence of liver metastases, ALT ≤ 3 × ULN",
            "there is liver involvement or alanine aminotransferase <= 3 x ULN",
        ),
        (
            "creatinine ≤ 1.5 x ULN or creatinine clearance (by Cockcroft-Gault) > 50 mL/min for patients with creatinine > 1.5 x ULN",
            "creatinine <= 1.5 x ULN or creatinine clearance > 50 mL/min",
        ),
        (
            "QTcF ≤ 470 ms for women and ≤ 450 ms for men",
            "(the patient is not a woman or QTcF <= 470 ms) and (the patient is not a man or QTcF <= 450 ms)",
        ),
        (
            "!QTc interval >450 ms for men or 470 ms for women",
            "(the patient is a man and QTc > 450 ms) or (the patient is a woman and QTc > 470 ms)",
        ),
    ] {
        assert_eq!(reading(text), (expected.to_owned(), String::new()), "{text}");
    }
}

#[test]
fn slips_are_read_by_their_evident_meaning() {
    let slip = " (the registry's unit is an evident slip)";
    for (text, expected) in [
        ("Hemoglobin ≥ 9.0 mg/dL", "hemoglobin >= 9 g/dL"),
        ("platelets ≥ 100,000 x 10^9/L", "platelet count >= 100 x 10^9/L"),
        ("ANC ≥ 1500/mL", "absolute neutrophil count >= 1.5 x 10^9/L"),
        ("creatinine ≤ 1.5 g/dL", "creatinine <= 132.6025 umol/L"),
    ] {
        assert_eq!(reading(text).0, format!("{expected}{slip}"), "{text}");
    }
    for (text, expected) in [
        ("platelets ≥ 100,000", "platelet count >= 100 x 10^9/L"),
        ("ANC ≥ 1500", "absolute neutrophil count >= 1.5 x 10^9/L"),
        ("hemoglobin ≥ 9", "hemoglobin >= 9 g/dL"),
        ("LVEF ≥ 50", "left ventricular ejection fraction >= 50%"),
    ] {
        assert_eq!(reading(text).0, expected, "{text}");
    }
}

#[test]
fn what_is_no_bound_is_left_alone() {
    for text in [
        "LVEF  50%",
        "ANC  1500/mm3",
        "LVEF = 50%",
        "QTcF 470 ms for women and 450 ms for men",
        "AST 2.5 x ULN (5 x ULN if liver metastases are present)",
        "AST ≤ 2.5",
        "hemoglobin decrease ≥ 2 g/dL",
        "platelet transfusion ≤ 7 days",
        "ALT ≤ 2.5 x ULN or ≤ 5 x ULN for patients with Foo disease",
        "creatinine or glucose abnormal",
    ] {
        assert_eq!(reading(text).0, "-", "{text}");
    }
}

#[test]
fn readings_read_back_to_themselves() {
    for text in
        ["ANC ≥ 1500/mm3", "AST ≤ 2.5 x ULN", "creatinine clearance ≥ 60 mL/min", "QTcF ≤ 470 ms within 14 days"]
    {
        let (requirement, _) = parsed(text, Section::Inclusion);
        let said = requirement.as_ref().map(Requirement::say).unwrap_or_default();
        assert_eq!(parsed(&said, Section::Inclusion).0, requirement, "{said}");
    }
}

fn answer(text: &str, labs: &str) -> (Truth, Vec<String>) {
    let (requirement, _) = parsed(text, Section::Inclusion);
    let profile: Profile = serde_json::from_str(&format!(r#"{{"as_of": "2026-11-01", "labs": [{labs}]}}"#)).unwrap();
    let facts = Facts::new(&profile);
    match requirement {
        Some(Requirement::Atom(crate::criteria::atom::Atom::Laboratory(bound))) => {
            let answer = bound.evaluate(&facts);
            (answer.truth, answer.missing)
        }
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn values_settle_bounds_and_missing_ones_do_not() {
    const ANC: &str = r#"{"test": "ANC", "value": 1.5, "unit": "10*9/L", "on": "2026-10-28"}"#;
    const AST: &str = r#"{"test": "AST", "value": 72, "unit": "U/L", "on": "2026-10-28", "upper_limit_of_normal": 35}"#;
    for (text, labs, truth, missing) in [
        ("ANC ≥ 1500/mm3", ANC, Truth::True, ""),
        ("ANC > 1500/mm3", ANC, Truth::False, ""),
        ("WBC ≥ 1.5 x 10^9/L", ANC, Truth::True, ""),
        ("WBC ≥ 3 x 10^9/L", ANC, Truth::Unknown, "white blood cell count"),
        ("WBC ≤ 1.0 x 10^9/L", ANC, Truth::Unknown, "white blood cell count"),
        ("AST ≤ 2.5 x ULN", AST, Truth::True, ""),
        ("AST ≤ 1.5 x ULN", AST, Truth::False, ""),
        (
            "AST ≤ 1.5 x ULN",
            r#"{"test": "AST", "value": 72, "unit": "U/L"}"#,
            Truth::Unknown,
            "upper limit of normal of aspartate aminotransferase",
        ),
        ("AST within normal limits", AST, Truth::False, ""),
        ("creatinine ≤ 1.5 mg/dL", r#"{"test": "creatinine", "value": 1.5, "unit": "mg/dL"}"#, Truth::True, ""),
        ("creatinine ≤ 1.5 mg/dL", r#"{"test": "creatinine", "value": 150, "unit": "umol/L"}"#, Truth::False, ""),
        (
            "potassium within normal limits",
            r#"{"test": "potassium", "value": 4, "unit": "mmol/L", "upper_limit_of_normal": 5}"#,
            Truth::Unknown,
            "lower limit of normal of potassium",
        ),
        (
            "LVEF ≥ 50% within 28 days",
            r#"{"test": "LVEF", "value": 62, "unit": "%", "on": "2026-09-30"}"#,
            Truth::Unknown,
            "repeat left ventricular ejection fraction: older than 28 days",
        ),
        (
            "LVEF ≥ 50% within 28 days",
            r#"{"test": "LVEF", "value": 62, "unit": "%", "on": "2026-10"}"#,
            Truth::Unknown,
            "exact date of left ventricular ejection fraction",
        ),
        (
            "LVEF ≥ 50%",
            r#"{"test": "LVEF", "value": 40, "unit": "%", "on": "2025-10"},
               {"test": "LVEF", "value": 55, "unit": "%", "on": "2026-10"}"#,
            Truth::True,
            "",
        ),
        ("QTc ≤ 470 ms", r#"{"test": "QTcF", "value": 480, "unit": "ms"}"#, Truth::False, ""),
        ("QTcF ≤ 470 ms", r#"{"test": "QTc", "value": 480, "unit": "ms"}"#, Truth::Unknown, "QTcF"),
        (
            "creatinine clearance ≥ 60 mL/min",
            r#"{"test": "creatinine", "value": 80, "unit": "umol/L"}"#,
            Truth::Unknown,
            "creatinine clearance",
        ),
    ] {
        let (got, lacks) = answer(text, labs);
        assert_eq!((got, lacks.join("; ").as_str()), (truth, missing), "{text} / {labs}");
    }
}

/// In the corpus whose comparators were lost, a figure without a sign is never a bound.
#[test]
fn lost_signs_are_never_guessed() {
    use std::io::Read;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/ctgov/breast-glyphs-lost.ndjson.gz");
    let Ok(file) = std::fs::File::open(path) else { return };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    for line in text.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(criteria) = record.pointer("/protocolSection/eligibilityModule/eligibilityCriteria") else { continue };
        for sentence in criteria.as_str().unwrap_or_default().lines() {
            let phrase = Phrase::new(elements::read(sentence));
            let sign = phrase.elements.iter().any(|e| {
                matches!(e.sense, elements::Sense::Compare(_))
                    || [Cue::OrMore, Cue::OrLess, Cue::Within].iter().any(|cue| e.is(*cue))
            });
            if sign {
                continue;
            }
            let (requirement, _) = parsed(sentence, Section::Inclusion);
            let Some(requirement) = requirement else { continue };
            let mut bounds = Vec::new();
            requirement.visit(&mut |node| {
                if let Requirement::Atom(crate::criteria::atom::Atom::Laboratory(bound)) = node {
                    bounds.push((bound.lab, bound.limit));
                }
            });
            // "normal" and "3.5-5.0" need no sign: only an upper and a lower figure together, or the normal range.
            for (lab, limit) in &bounds {
                let paired = bounds.iter().filter(|(other, l)| other == lab && matches!(l, Limit::Absolute(_))).count();
                assert!(*limit == Limit::Normal || matches!(limit, Limit::Absolute(_)) && paired > 1, "{sentence}");
            }
        }
    }
}
