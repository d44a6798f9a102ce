//! Sentences about central nervous system disease, and what is read from them.

use super::read;
use crate::criteria::context::{Context, Definitions};
use crate::grammar::elements;
use crate::grammar::outline::Section;
use crate::grammar::phrase::Phrase;

fn check(text: &str, expected: &str) {
    let definitions = Definitions::default();
    let context = Context { section: Section::Exclusion, interventions: &[], definitions: &definitions };
    let mut phrase = Phrase::new(elements::read(text));
    let said = read(&mut phrase, &context).map_or_else(String::new, |r| r.say());
    assert_eq!(said, expected, "{text}");
    assert!(expected.is_empty() || phrase.is_read(), "{text}: {:?}", phrase.leftover());
}

#[test]
fn reads_presence_and_state() {
    check("brain metastases", "there are brain metastases");
    check("known CNS involvement", "there are central nervous system metastases");
    check("known or suspected leptomeningeal disease", "there is leptomeningeal disease");
    check("current CNS metastases", "there are central nervous system metastases");
    check("untreated brain metastases", "there are untreated brain metastases");
    check("symptomatic brain metastases", "there are symptomatic brain metastases");
    check("symptomatic CNS malignancy or metastases", "there are symptomatic central nervous system metastases");
    check(
        "untreated or symptomatic brain metastases",
        "there are untreated brain metastases or there are symptomatic brain metastases",
    );
    check(
        "brain metastases not requiring steroids",
        "there are brain metastases and there are no brain metastases requiring corticosteroids",
    );
    check(
        "brain metastases stable for at least 8 weeks",
        "there are brain metastases and there are no unstable brain metastases and there are no brain metastases that have been stable for less than 8 weeks",
    );
    check(
        "leptomeningeal disease or uncontrolled, untreated brain metastasis",
        "there is leptomeningeal disease or there are unstable brain metastases or there are untreated brain metastases",
    );
}

#[test]
fn reads_sizes_numbers_and_needs() {
    check("brain metastases > 2 cm", "there are brain metastases > 20 mm");
    check("no more than 10 brain metastases", "there are at most 10 brain metastases");
    check("at least one brain metastasis", "there are brain metastases");
    check(
        "brain metastases requiring immediate local therapy",
        "there are brain metastases requiring immediate local therapy",
    );
    check("at least one measurable brain metastasis", "there are measurable brain metastases");
}

#[test]
fn leaves_other_diseases_of_the_nervous_system() {
    check("any other CNS disease", "");
    check("whole brain radiotherapy", "");
    check("brain surgery", "");
    check("seizures", "");
}

#[test]
fn reads_doses_courses_and_lesions_named_twice() {
    check(
        "brain metastases requiring > 10 mg/day of prednisone",
        "there are brain metastases with corticosteroids > 10 mg prednisone per day",
    );
    check(
        "brain metastases on a stable or decreasing dose of corticosteroids",
        "there are brain metastases and there are no brain metastases with increasing doses of corticosteroids",
    );
    check(
        "brain metastases needing urgent surgery or radiotherapy",
        "there are brain metastases requiring immediate local therapy",
    );
    check(
        "brain metastases requiring steroids or anticonvulsants to control symptoms",
        "there are brain metastases requiring corticosteroids or there are brain metastases that need anticonvulsants",
    );
    check(
        "symptomatic brain metastases or brain metastases that require local therapy",
        "there are symptomatic brain metastases or there are brain metastases requiring immediate local therapy",
    );
    check(
        "brain metastases treated with surgery or radiotherapy",
        "there are brain metastases and there are no untreated brain metastases",
    );
    check(
        "at least 2 and up to 6 brain metastases",
        "there are at least 2 brain metastases and there are at most 6 brain metastases",
    );
    check("radiotherapy to non-CNS disease", "");
    check("lesions outside the brain", "");
    check("previous or current CNS metastases", "there are central nervous system metastases");
}

#[test]
fn reads_treatment_of_lesions_apart_from_the_lesions() {
    check(
        "prior treatment for leptomeningeal disease",
        "there is leptomeningeal disease and there is no untreated leptomeningeal disease",
    );
    check(
        "prior therapy for brain metastases",
        "there are brain metastases and there are no untreated brain metastases",
    );
    check(
        "patients for whom intrathecal therapy is the most appropriate therapy for leptomeningeal disease",
        "there is leptomeningeal disease and to be confirmed by the clinical team",
    );
    check("neurologically stable", "the patient has neurological stability");
    check("brain metastases that require chronic steroids", "there are brain metastases requiring corticosteroids");
    check(
        "brain metastases not requiring steroids",
        "there are brain metastases and there are no brain metastases requiring corticosteroids",
    );
    check("brain metastases >= 8 mm in at least one dimension", "there are brain metastases >= 8 mm");
    // Steroids given up are taken no more; "within" says when they were.
    let off = "there are brain metastases and there are no brain metastases with corticosteroids within 3 weeks";
    check("brain metastases that have ceased the use of steroids for at least 3 weeks", off);
    check("brain metastases that have stopped all steroids for at least 3 weeks", off);
    check(
        "brain metastases with steroids stopped within 3 weeks",
        "there are brain metastases with corticosteroids within 3 weeks",
    );
}
