//! Sentences of treatment history with their readings.

use crate::criteria::reader::read_sentence;
use crate::criteria::requirement::Section;

fn check(section: Section, text: &str, expected: &str) {
    assert_eq!(read_sentence(text, section).say(), expected, "{text}");
}

#[test]
fn exclusions() {
    for (text, expected) in [
        ("Prior treatment with fulvestrant", "the patient has not received fulvestrant"),
        (
            "Chemotherapy within 3 weeks of the first dose of study treatment(s)",
            "the patient has not received cytotoxic chemotherapy within 3 weeks",
        ),
        (
            "Anticancer therapy within 28 days or 5 half-lives (whichever is shorter) before the first dose of XY12345",
            "the patient has not received anticancer therapy within 28 days or 5 half-lives, whichever is shorter",
        ),
    ] {
        check(Section::Exclusion, text, expected);
    }
}
