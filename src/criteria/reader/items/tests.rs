//! Items, titles and notes, read from whole texts.

use super::{Surroundings, groups, read};
use crate::criteria::context::Definitions;
use crate::criteria::requirement::Reading;
use crate::grammar::outline::outline;

/// The readings of the criteria of a text, with their cohorts.
fn readings(text: &str) -> Vec<String> {
    let definitions = Definitions::default();
    let trial = Surroundings { definitions: &definitions, interventions: &[] };
    let mut reading = Reading::default();
    for item in groups::regroup(&outline(text).items) {
        read(&item, &trial, &mut reading);
    }
    let label = |cohort: &Option<String>| cohort.as_deref().map(|name| format!("[{name}] ")).unwrap_or_default();
    reading.criteria.iter().map(|c| format!("{}{}", label(&c.cohort), c.requirement.say())).collect()
}

fn check(text: &str, expected: &[&str]) {
    assert_eq!(readings(text), expected, "{text}");
}

#[test]
fn titles_that_ask_nothing() {
    check(
        "Exclusion Criteria:\n\n* Participants may not have received the following treatments within the stated time \
         frames:\n  * Radiotherapy within 2 weeks",
        &["the patient has not received radiotherapy within 2 weeks"],
    );
    check(
        "Inclusion Criteria:\n\nPatients must meet the following additional criteria:\n\nAge over 18",
        &["age > 18 years"],
    );
    check(
        "Inclusion Criteria:\n\n* Participants must not have any of the following conditions:\n  * Stroke",
        &["the patient has no stroke"],
    );
    check(
        "Inclusion Criteria:\n\n* No uncontrolled cardiac disease, including any of the following:\n  * Unstable angina",
        &["the patient has no uncontrolled unstable angina"],
    );
    check("Inclusion Criteria:\n\n* No frobnicated illness:\n  * Stroke", &["[not read] or the patient has no stroke"]);
    let counts = readings(
        "Inclusion Criteria:\n\n* Adequate blood counts as shown by no need of transfusion to reach:\n  * Hemoglobin >= 9 g/dL",
    );
    assert!(counts.iter().all(|said| said.ends_with("hemoglobin >= 9 g/dL")), "{counts:?}");
    // A "without" inside a title forbids nothing.
    let adequate = readings(
        "Inclusion Criteria:\n\n* Adequate bone marrow function without transfusion as follows:\n  * Hemoglobin >= 9 g/dL",
    );
    assert!(!adequate.iter().any(|said| said.contains("hemoglobin < 9")), "{adequate:?}");
    // A title of one sex binds that sex.
    check(
        "Inclusion Criteria:\n\n* Women must meet the following criteria:\n  * Age over 30",
        &["the patient is not a woman or age > 30 years"],
    );
}

#[test]
fn titles_that_say_when() {
    check(
        "Inclusion Criteria:\n\n* Adequate organ function within 14 days of registration:\n  * Hemoglobin >= 9 g/dL\n  \
         * Signed consent",
        &["hemoglobin >= 9 g/dL within 14 days", "to be confirmed by the clinical team"],
    );
    check(
        "Exclusion Criteria:\n\n* No adequate washout from earlier treatment:\n  * Radiotherapy: >= 3 weeks\n  * \
         Immunotherapy within 4 weeks",
        &[
            "the patient has not received radiotherapy within 3 weeks",
            "the patient has not received immunotherapy within 4 weeks",
        ],
    );
}

#[test]
fn cohorts_and_stages() {
    for (item, cohort) in [
        ("Cohort A2/B1: hemoglobin >= 9 g/dL", "[Cohort A2/B1] "),
        ("(ARM A ONLY) hemoglobin >= 9 g/dL", "[ARM A] "),
        ("Patients in the phase II portion of the trial must have hemoglobin >= 9 g/dL", "[phase II] "),
        ("For dose expansion (Phase 1b), hemoglobin >= 9 g/dL", "[Phase 1b] "),
        ("STEP 1: REGISTRATION (SCREENING): hemoglobin >= 9 g/dL", ""),
        ("Hemoglobin >= 9 g/dL (cohort 3)", "[cohort 3] "),
        ("Hemoglobin >= 9 g/dL (phase 2 only).", "[phase 2] "),
    ] {
        check(&format!("Inclusion Criteria:\n\n* {item}"), &[&format!("{cohort}hemoglobin >= 9 g/dL")]);
    }
    // Two groups in one item: the patient passes by the best of them.
    check(
        "Inclusion Criteria:\n\n* Phase I: age over 18. Phase II: age over 30.",
        &["age > 18 years or age > 30 years"],
    );
}

#[test]
fn lists_that_decide_together() {
    check(
        "Inclusion Criteria:\n\nPatients with one of the following diagnoses:\n\nPhase I:\n\nMelanoma.\n\nPhase II:\n\n\
         Sarcoma.\n\nMeasurable disease.",
        &["the cancer is melanoma or the cancer is sarcoma", "there is measurable disease"],
    );
    check(
        "Inclusion Criteria:\n\n3. Brain metastases are allowed only if the following hold:\n1. Asymptomatic\n2. Treated\n4. \
         Age over 18",
        &[
            "there are no brain metastases or (there are brain metastases and there are no symptomatic brain metastases and \
             there are brain metastases and there are no untreated brain metastases)",
            "age > 18 years",
        ],
    );
}

#[test]
fn notes_belong_to_the_item_before() {
    let one = readings("Exclusion Criteria:\n\n* Hepatitis C\n* Note: patients with resolved hepatitis C are allowed");
    assert_eq!(one.len(), 1, "{one:?}");
    let two = readings("Exclusion Criteria:\n\n* Hepatitis C\n* Note: patients with stroke are not allowed");
    assert_eq!(two.len(), 2, "{two:?}");
}

#[test]
fn items_joined_by_or() {
    let either = "there is measurable disease or the patient has no stroke";
    for text in [
        "Inclusion Criteria:\n\n* Measurable disease\nOR\n* No stroke\n* ECOG 0",
        "Inclusion Criteria:\n\n* Measurable disease\n* OR\n* No stroke\n* ECOG 0",
        "Inclusion Criteria:\n\n* Measurable disease OR\n* No stroke\n* ECOG 0",
        "Inclusion Criteria:\n\n* Measurable disease\n* or no stroke\n* ECOG 0",
    ] {
        check(text, &[either, "ECOG performance status <= 0"]);
    }
    // Under Exclusion each keeps out by itself.
    check(
        "Exclusion Criteria:\n\n* Stroke\n* OR\n* Seizures",
        &["the patient has no stroke", "the patient has no seizures"],
    );
    // A list below a premise, of which two items are alternatives.
    check(
        "Inclusion Criteria:\n\n* For patients with stroke:\n  * ECOG 0 or\n  * measurable disease\n  * no seizures",
        &[
            "the patient has no stroke or ((ECOG performance status <= 0 or there is measurable disease) and the patient has \
           no seizures)",
        ],
    );
}

#[test]
fn lists_of_which_some_must_hold() {
    let list = "\n  * Prior fulvestrant\n  * Prior capecitabine\n  * Prior eribulin";
    check(
        &format!("Inclusion Criteria:\n\n* Must meet 1 of the following criteria:{list}"),
        &["the patient has received fulvestrant or the patient has received capecitabine or the patient has received \
           eribulin"],
    );
    check(
        &format!("Inclusion Criteria:\n\n* At least 2 of the following:{list}"),
        &[
            "at least 2 of: the patient has received fulvestrant or the patient has received capecitabine or the patient \
           has received eribulin",
        ],
    );
}

#[test]
fn exceptions_of_a_list() {
    check(
        "Exclusion Criteria:\n\n* Patients with autoimmune disease are ineligible except for the following circumstances:\n  * vitiligo\n  \
         * psoriasis",
        &[
            "the patient has no autoimmune disease, except vitiligo or the patient has no autoimmune disease, except psoriasis",
        ],
    );
}

#[test]
fn cohorts_without_a_colon() {
    check(
        "Inclusion Criteria:\n\n* Cohort A HER2-positive disease\n* Arm 2 - ECOG 0\n* Part of the liver",
        &[
            "[Cohort A] HER2 is positive (IHC 3+ or ISH amplified)",
            "[Arm 2] ECOG performance status <= 0",
            "[not read]",
        ],
    );
}

#[test]
fn sentences_before_a_title() {
    check(
        "Inclusion Criteria:\n\n* ECOG 0. Adequate organ function as defined below:\n  * Hemoglobin >= 9 g/dL",
        &["ECOG performance status <= 0", "hemoglobin >= 9 g/dL"],
    );
    check(
        "Inclusion Criteria:\n\n* No visceral crisis. Visceral crisis is defined as one of the following:\n  * Stroke",
        &["the patient has no visceral crisis"],
    );
    check(
        "Inclusion Criteria:\n\n* Postmenopausal, as defined by 1 of the following:\n  * Age 60 and over\n  * FSH > 40",
        &["the patient is postmenopausal"],
    );
}

#[test]
fn groups_of_other_tumours() {
    let said = readings(
        "Inclusion Criteria:\n\n* Melanoma with zorgs in >= 7 fields of 40 %\n* Triple-negative breast cancer\n* Lung cancer",
    );
    assert!(said.iter().any(|s| s.contains("the cancer is melanoma and")), "{said:?}");
}

#[test]
fn titled_tumours_are_alternatives() {
    // A tumour that is not known by name, between two that are.
    let said = readings(
        "Inclusion Criteria:\n\n* Melanoma - one prior line\n* ZRGCC - one prior line\n* Triple-negative breast cancer - one \
         prior line\n* ECOG 0",
    );
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.first().is_some_and(|s| s.contains("the cancer is melanoma") && s.contains(" or ")), "{said:?}");
}

#[test]
fn what_a_title_shows_is_not_asked() {
    check(
        "Inclusion Criteria:\n\n* Any of the following situations suggesting resistance to fulvestrant. Fulvestrant need \
         not be the latest drug.\n  * Prior capecitabine\n  * Prior eribulin",
        &["the patient has received capecitabine or the patient has received eribulin"],
    );
}

#[test]
fn nobody_has_two_ages() {
    let said = readings("Inclusion Criteria:\n\n* Age over 50 and age under 45");
    assert!(said.iter().all(|s| s.contains("[read in part]")), "{said:?}");
    check("Inclusion Criteria:\n\n* Age over 45 and age under 50", &["age > 45 years and age < 50 years"]);
}

#[test]
fn a_status_defined_after_it_was_asked() {
    check(
        "Inclusion Criteria:\n\n* Postmenopausal patients. Menopausal patients or patients without ovaries are \
         defined as follows:\n  * Age 65 or over\n  * FSH > 40",
        &["the patient is postmenopausal"],
    );
}

#[test]
fn a_label_behind_the_last_sentence_binds_that_one() {
    check(
        "Inclusion Criteria:\n\n* Metastatic breast cancer. Participants must have measurable disease (part 2 only).",
        &["the cancer is breast cancer and the disease is metastatic", "[part 2] there is measurable disease"],
    );
    check(
        "Inclusion Criteria:\n\n* Metastatic breast cancer (Phase I). Measurable disease per RECIST (Phase II)",
        &[
            "[Phase I] the cancer is breast cancer and the disease is metastatic",
            "[Phase II] there is measurable disease",
        ],
    );
    // What takes something out of the sentence before it binds both.
    let kept = readings(
        "Exclusion Criteria:\n\n* Brain metastases. Stable brain metastases are allowed in this part (part 2 only).",
    );
    assert!(matches!(kept.as_slice(), [one] if one.starts_with("[part 2]")), "{kept:?}");
}
