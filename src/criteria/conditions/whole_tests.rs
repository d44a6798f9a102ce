//! Sentences, written for this project, whose diseases have lists, tests and treatments beside them.

use crate::criteria::reader::read_sentence;
use crate::criteria::requirement::Section;

/// An exclusion starts with `!`.
fn check(text: &str, expected: &str) {
    let (section, plain) = text.strip_prefix('!').map_or((Section::Inclusion, text), |t| (Section::Exclusion, t));
    let read = read_sentence(plain, section);
    assert!(!read.has_unread(), "{text}: {}", read.say());
    assert_eq!(read.say(), expected, "{text}");
}

#[test]
fn findings_are_not_taken_for_their_neighbours() {
    for (text, expected) in [
        ("!Raised uric acid", "the patient has no hyperuricemia"),
        ("!NYHA class III", "the patient has no heart failure of NYHA class = 3"),
        ("!Class II or higher heart failure", "the patient has no heart failure of NYHA class >= 2"),
        ("NYHA class I or II", "the patient has no heart failure of NYHA class > 2"),
        ("!Cirrhosis, Child-Pugh class B", "the patient has no cirrhosis child pugh class b"),
        (
            "!Drop of the LVEF to below 45% on earlier trastuzumab",
            "not (the patient has history of decrease of left ventricular ejection fraction below 45 % and the patient \
             has received trastuzumab)",
        ),
        (
            "!Long QT syndrome or family history of sudden death under 45 years",
            "not (the patient has long QT syndrome or the patient has history of family history of sudden death under \
             45 year)",
        ),
        ("!Known history of asthma", "the patient has no history of asthma"),
    ] {
        check(text, expected);
    }
}

#[test]
fn what_is_said_of_one_disease_is_not_said_of_all() {
    for (text, expected) in [
        (
            "!Symptomatic heart failure, unstable angina or stroke",
            "not (the patient has symptomatic heart failure or the patient has unstable angina or the patient has stroke)",
        ),
        (
            "!Active tuberculosis, or HIV infection not controlled on therapy",
            "not (the patient has active tuberculosis or the patient has uncontrolled HIV infection on therapy)",
        ),
        (
            "!Autoimmune disease, except asthma that has resolved or psoriasis not requiring systemic therapy",
            "the patient has no autoimmune disease, except psoriasis not requiring systemic therapy",
        ),
        (
            "!Uncontrolled illness including, but not limited to, active infection, arrhythmia, or psychiatric illness/social \
             situations that would limit compliance with study requirements",
            "not (the patient has uncontrolled illness or the patient has active infection or the patient has active \
             arrhythmia) and to be confirmed by the clinical team",
        ),
        (
            "!Any of the following in the past 4 months: stroke, myocardial infarction, or pulmonary embolism",
            "the patient has no stroke within 4 months and the patient has no myocardial infarction within 4 months and \
             the patient has no pulmonary embolism within 4 months",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn viruses_with_their_tests() {
    for (text, expected) in [
        (
            "For patients with hepatitis B, the HBV viral load must be undetectable, if indicated",
            "the patient has no hepatitis B or the patient has no active hepatitis B with a detectable viral load",
        ),
        (
            "Patients with hepatitis C must have an undetectable viral load",
            "the patient has no hepatitis C or the patient has no detectable viral load",
        ),
        ("!HIV-1 or HIV-2 infection", "the patient has no HIV infection"),
        (
            "!History of hepatitis B (defined as HBsAg reactive) or known active hepatitis C (defined as HCV RNA detected)",
            "not (the patient has history of hepatitis B or the patient has active hepatitis C)",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn permissions_of_autoimmune_disease() {
    for (text, expected) in [
        (
            "!Autoimmune disease. The following are exceptions: vitiligo, type 1 diabetes on a stable insulin dose",
            "the patient has no autoimmune disease, except type 1 diabetes mellitus on a stable insulin dose or vitiligo",
        ),
        (
            "!Autoimmune disease. Patients with vitiligo or conditions not expected to recur may be enrolled",
            "the patient has no autoimmune disease, except vitiligo or conditions not expected to recur",
        ),
        (
            "!Autoimmune disease treated in the past year. Replacement therapy (e.g. insulin) is not considered systemic",
            "the patient has no autoimmune disease within 1 year",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn absorption_and_steps() {
    for (text, expected) in [
        (
            "!Bowel disease that could impair the absorption of ABC-999",
            "the patient has no gastrointestinal disease that could impair the absorption of abc 999",
        ),
        ("!STEP 3: REGISTRATION: Active infection", "the patient has no active infection"),
    ] {
        check(text, expected);
    }
}
