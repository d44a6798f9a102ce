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
