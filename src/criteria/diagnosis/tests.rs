//! Sentences about the cancer under study, and what is read from them.

use super::read;
use crate::criteria::context::Context;
use crate::criteria::context::Definitions;
use crate::grammar::elements;
use crate::grammar::outline::Section;
use crate::grammar::phrase::Phrase;

fn check(text: &str, expected: &str, whole: bool) {
    let definitions = Definitions::default();
    let context = Context { section: Section::Inclusion, interventions: &[], definitions: &definitions };
    let mut phrase = Phrase::new(elements::read(text));
    let said = read(&mut phrase, &context).map_or_else(String::new, |r| r.say());
    assert_eq!((said.as_str(), phrase.is_read()), (expected, whole), "{text}: {:?}", phrase.leftover());
}

#[test]
fn reads_tumour_types_and_extents() {
    let advanced = "the disease is locally advanced or metastatic";
    check("histologically confirmed breast cancer", "the cancer is breast cancer", true);
    check("a history of breast cancer", "the cancer is breast cancer", true);
    check("locally advanced or metastatic disease", advanced, true);
    check("stage III or IV disease", advanced, true);
    check("stage II-IV disease", "the disease is early stage or locally advanced or metastatic", true);
    check("low risk of recurrence", "", false);
    check("secondary immunodeficiency", "", false);
}

#[test]
fn reads_lists_of_tumours_stages_and_what_narrows_them() {
    check("breast, colon or prostate cancer", "the cancer is breast cancer or colon cancer or prostate cancer", true);
    check(
        "NSCLC, cervical, ovarian, or gastric",
        "the cancer is cervical cancer or gastric cancer or non-small cell lung cancer or ovarian cancer",
        true,
    );
    check(
        "solid tumors of the following types: melanoma, NSCLC",
        "the cancer is melanoma or non-small cell lung cancer",
        true,
    );
    check("invasive cancer of the breast", "the cancer is breast cancer", true);
    check("unilateral breast cancer", "the cancer is breast cancer and the patient has unilateral disease", true);
    check(
        "multifocal or multicentric breast cancer",
        "the cancer is breast cancer and (the patient has multifocal disease or the patient has multicentric disease)",
        true,
    );
    check("cM1 disease", "the disease is metastatic", true);
    check("clinical stage 2-3B", "the disease is early stage or locally advanced", true);
    check(
        "non-inflammatory breast carcinoma",
        "the cancer is breast cancer and the cancer is not inflammatory breast cancer",
        true,
    );
    check("liver or lung metastases", "the disease is metastatic", false);
}

#[test]
fn reads_categories_counts_and_what_is_taken_out() {
    let not_metastatic = "the disease is early stage or locally advanced";
    check(
        "cT1-3, N0-1 carcinoma of the breast",
        &format!("the cancer is breast cancer and {not_metastatic} and the patient has category ct1 - 3 n0 - 1"),
        true,
    );
    check("cT2-4 breast cancer", "the cancer is breast cancer and the patient has category ct2 - 4", true);
    check("T4 or M1", "the patient has category t4 or the disease is metastatic", true);
    check(
        "stage at presentation cT3 N0 M0",
        "the patient has category ct3 n0 and the patient has first presentation of disease",
        true,
    );
    check("node-positive breast cancer", "the cancer is breast cancer and the patient has node positive disease", true);
    check("stages I-III breast cancer", &format!("the cancer is breast cancer and {not_metastatic}"), true);
    check(
        "de novo metastatic breast cancer",
        "the cancer is breast cancer and the disease is metastatic and the disease is not recurrent",
        true,
    );
    check("at most 4 metastases", "the disease is not metastatic or the patient has at most 4 metastasis", true);
    check("2 to 6 metastases", "the disease is metastatic and the patient has 2 to 6 metastasis", true);
    check(
        "melanoma or sarcoma, excluding Kaposi sarcoma",
        "the cancer is melanoma or sarcoma and the cancer is not Kaposi sarcoma",
        true,
    );
    check("for all tumours other than mesothelioma", "", false);
    check(
        "breast cancer of at least 2 cm in its largest diameter",
        "the cancer is breast cancer and the patient has primary tumor > = 20 mm",
        true,
    );
}

#[test]
fn no_standard_treatment_left_is_for_a_person_and_the_tumour_is_not() {
    let confirmed = "to be confirmed by the clinical team";
    check(
        "metastatic breast cancer, refractory to all available standard therapies",
        &format!("the cancer is breast cancer and the disease is metastatic and {confirmed}"),
        true,
    );
    check(
        "an advanced tumour for which no effective treatment is available or refractory to it",
        &format!("the disease is locally advanced or metastatic and {confirmed}"),
        true,
    );
    check("metastatic disease after two lines of standard therapy", "the disease is metastatic", false);
}
