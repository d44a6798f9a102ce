//! Sentences: demands, prohibitions, permissions, and what asks nothing.

use crate::criteria::reader::read_sentence;
use crate::criteria::requirement::Section;

fn check(section: Section, text: &str, expected: &str) {
    assert_eq!(read_sentence(text, section).say(), expected, "{text}");
}

#[test]
fn demands() {
    for (text, expected) in [
        ("The ECOG performance status must be 0 or 1", "ECOG performance status <= 1"),
        ("HER2 must be negative", "HER2 is negative (IHC 0, 1+, or 2+ with ISH not amplified)"),
        ("Hemoglobin must be at least 9 g/dL", "hemoglobin >= 9 g/dL"),
        (
            "Radiotherapy must have been completed at least 14 days prior to registration",
            "the patient has not received radiotherapy within 14 days",
        ),
        (
            "Patients with stroke must have hemoglobin >= 9 g/dL and must have ECOG 0",
            "(the patient has no stroke or hemoglobin >= 9 g/dL) and (the patient has no stroke or ECOG performance status <= 0)",
        ),
        ("However, hemoglobin must be at least 9 g/dL", "hemoglobin >= 9 g/dL"),
        ("Note 2: hemoglobin must be at least 9 g/dL", "hemoglobin >= 9 g/dL"),
        (
            "Brain metastases are allowed but not required, in this case, hemoglobin >= 9 g/dL is required",
            "there are no brain metastases or hemoglobin >= 9 g/dL",
        ),
    ] {
        check(Section::Inclusion, text, expected);
    }
}

#[test]
fn what_asks_nothing() {
    for text in [
        "No prior chemotherapy is required",
        "It is not mandatory to have a fulvestrant-containing regimen",
        "Treatment must not begin earlier than the day after the transfusion",
        "However, computed tomography may be used in place of MRI",
    ] {
        check(Section::Inclusion, text, "nothing is asked at entry");
    }
    check(
        Section::Exclusion,
        "Visceral crisis. Visceral crisis is defined as spread at frobnication.",
        "the patient has no visceral crisis",
    );
    check(Section::Exclusion, "Stroke. These include transient events of frobnication.", "the patient has no stroke");
}

#[test]
fn a_number_of_lines_in_a_permission_is_never_dropped() {
    let read = read_sentence("Note: 1 line of frobnicated therapy is allowed", Section::Inclusion);
    assert!(read.has_unread(), "{}", read.say());
}

#[test]
fn exceptions_of_permissions() {
    check(
        Section::Exclusion,
        "Patients with HIV infection are eligible unless they have hepatitis C",
        "the patient has no HIV infection or the patient has no hepatitis C",
    );
    check(
        Section::Inclusion,
        "Patients may not have stroke, infection, pregnancy or lactation",
        "not (the patient has stroke or the patient has infection or the patient is pregnant or the patient is breastfeeding)",
    );
}

#[test]
fn prohibitions_are_narrowed_by_what_follows() {
    for (text, expected) in [
        (
            "Prior fulvestrant is not permitted within 6 months of enrolment",
            "the patient has not received fulvestrant within 6 months",
        ),
        ("Prior fulvestrant is not permitted", "the patient has not received fulvestrant"),
        ("Patients with stroke are excluded if they are men", "not (the patient has stroke and the patient is a man)"),
        (
            "Autoimmune disease is not allowed, with the exception of vitiligo",
            "the patient has no autoimmune disease, except vitiligo",
        ),
        ("Patients with stroke are excluded because of the risk", "the patient has no stroke"),
        (
            "Patients with stroke must not have received fulvestrant",
            "not (the patient has stroke and the patient has received fulvestrant)",
        ),
        (
            "Patients with stroke must have received no prior fulvestrant",
            "the patient has no stroke or the patient has not received fulvestrant",
        ),
        ("Other endocrine therapies are not allowed while on study", "nothing is asked at entry"),
    ] {
        check(Section::Inclusion, text, expected);
    }
}

#[test]
fn lists_that_are_denied() {
    for (text, expected) in [
        (
            "Absence of stroke, seizures and psoriasis",
            "not (the patient has stroke or the patient has seizures or the patient has psoriasis)",
        ),
        ("In the absence of stroke, ECOG 0 is required", "the patient has stroke or ECOG performance status <= 0"),
        ("In the absence of stroke and seizures", "not (the patient has stroke or the patient has seizures)"),
    ] {
        check(Section::Inclusion, text, expected);
    }
}

#[test]
fn sentences_that_go_on() {
    for (text, expected) in [
        (
            "Patients with stroke are eligible. They must have ECOG 0.",
            "the patient has no stroke or ECOG performance status <= 0",
        ),
        (
            "Patients with HIV are eligible if the CD4 count is >= 350. They must be on antiretroviral therapy.",
            "(the patient has no HIV infection or CD4 count >= 350 /uL) and (the patient has no HIV infection or the \
             patient is taking antiretroviral)",
        ),
        // Another matter binds everybody.
        ("Patients with stroke are eligible. ECOG 0.", "ECOG performance status <= 0"),
        (
            "Bilirubin <= 1.5 x ULN and patients with Gilbert's syndrome: bilirubin < 3 x ULN",
            "total bilirubin <= 1.5 x ULN or (total bilirubin < 3 x ULN and the patient has Gilbert syndrome)",
        ),
    ] {
        check(Section::Inclusion, text, expected);
    }
}

#[test]
fn what_is_said_of_lesions_and_of_a_history() {
    check(
        Section::Inclusion,
        "The brain lesions should be untreated, asymptomatic",
        "there are no brain metastases or (there are brain metastases and there are untreated brain metastases and there are \
         no symptomatic brain metastases)",
    );
    check(
        Section::Exclusion,
        "A personal history of any of the following conditions: stroke, syncope or psoriasis",
        "not (the patient has history of stroke or the patient has history of syncope or the patient has history of \
         psoriasis)",
    );
}
