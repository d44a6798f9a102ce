//! Sentences, written for this project, of items that are read whole.

use crate::criteria::reader::read_sentence;
use crate::criteria::requirement::Section;

/// An exclusion starts with `!`.
fn check(text: &str, expected: &str) {
    let (section, text) = text.strip_prefix('!').map_or((Section::Inclusion, text), |t| (Section::Exclusion, t));
    assert_eq!(read_sentence(text, section).say(), expected, "{text}");
}

#[test]
fn titles_notes_and_exemptions() {
    for (text, expected) in [
        ("Hematologic: neutrophils must be >= 1,200/mm3.", "absolute neutrophil count >= 1.2 x 10^9/L"),
        ("Step 2: randomization: platelets >= 90 x 10^9/L", "platelet count >= 90 x 10^9/L"),
        ("Haemoglobin >= 8.5 g/dL (may be reached by transfusion)", "hemoglobin >= 8.5 g/dL"),
        (
            "Haemoglobin >= 8.5 g/dL without transfusion within 10 days",
            "hemoglobin >= 8.5 g/dL and the patient has no transfusion within 10 day",
        ),
        (
            "INR must be <= 1.4 x ULN unless the participant is receiving warfarin",
            "international normalized ratio <= 1.4 x ULN or the patient is taking warfarin",
        ),
        (
            "Total bilirubin <= 1.3 x ULN (unless known Gilbert's syndrome)",
            "total bilirubin <= 1.3 x ULN or the patient has Gilbert syndrome",
        ),
        (
            "Creatinine or creatinine clearance: <= 1.3 x ULN or >= 55 mL/min",
            "creatinine <= 1.3 x ULN or creatinine clearance >= 55 mL/min",
        ),
        ("Creatinine clearance should be calculated per institutional standard", "nothing is asked at entry"),
        ("Total bilirubin no greater than 1.2×the upper limit of normal", "total bilirubin <= 1.2 x ULN"),
        (
            "Total bilirubin <= 1.4 x ULN except in Gilbert's syndrome, in whom direct bilirubin must be <= ULN",
            "total bilirubin <= 1.4 x ULN or (the patient has Gilbert syndrome and direct bilirubin <= 1 x ULN)",
        ),
        ("Platelets >= 80,000/mm^2", "platelet count >= 80 x 10^9/L"),
        (
            "GFR >= 40 mL/min by the Cockcroft-Gault equation",
            "estimated glomerular filtration rate >= 40 mL/min/1.73 m2",
        ),
        ("Minimum body weight >= 35 kg", "body weight >= 35 kg"),
        (
            "!QTc > 455 ms for men or 475 ms for women",
            "not ((the patient is a man and QTc > 455 ms) or (the patient is a woman and QTc > 475 ms))",
        ),
        ("!Sodium outside the normal range", "sodium within normal limits"),
        ("!QTcF > 465 ms or torsades de pointes", "QTcF <= 465 ms and the patient has no torsades de pointes"),
    ] {
        check(text, expected);
    }
}

#[test]
fn what_is_left_over_keeps_an_item_from_being_read_whole() {
    for text in [
        "Platelets >= 90 x 10^9/L provided that the glorbing is zabbed",
        "Direct bilirubin <= ULN where the zabbing says total bilirubin > 1.5 x ULN",
        "Haemoglobin >= 8.5 g/dL if a transfusion was glorbed",
    ] {
        assert!(read_sentence(text, Section::Inclusion).has_unread(), "{text}");
    }
}
