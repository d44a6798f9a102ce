//! Sentences about medicines with their readings.

use crate::criteria::reader::read_sentence;
use crate::criteria::requirement::Section;

fn check(section: Section, rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(text, expected)| (text, expected, read_sentence(text, section).say().to_lowercase()))
        .filter(|(_, expected, said)| said != &expected.to_lowercase())
        .map(|(text, _, said)| format!("{text}: {said}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn enzymes_in_any_order() {
    check(
        Section::Exclusion,
        &[
            (
                "Use of strong CYP2D6 inhibitors or moderate CYP3A inducers within 7 days of enrolment",
                "not (the patient has taken strong cyp2d6 inhibitor within 7 days or the patient has taken moderate cyp3a4 inducer within 7 days)",
            ),
            (
                "Potent inducers or potent/moderate inhibitors of cytochrome P450 3A4",
                "not (the patient is taking strong cyp3a4 inducer or the patient is taking strong cyp3a4 inhibitor or the patient is taking moderate cyp3a4 inhibitor)",
            ),
            (
                "Medicines that inhibit P-glycoprotein (P-gp) or the breast cancer resistance protein",
                "not (the patient is taking p-glycoprotein inhibitor or the patient is taking bcrp inhibitor)",
            ),
            (
                "Concomitant substrates of CYP2C9 with a narrow therapeutic window",
                "the patient is not taking cyp2c9 substrate (narrow therapeutic window)",
            ),
            (
                "Unable to switch from strong CYP3A4 inhibitors",
                "not (the patient is taking strong cyp3a4 inhibitor and to be confirmed by the clinical team)",
            ),
        ],
    );
}

#[test]
fn doses_intervals_and_ends() {
    check(
        Section::Exclusion,
        &[
            (
                "Prednisone above 10 mg per day or other immunosuppressants",
                "not (the patient is taking prednisone (above 10 mg per day) or the patient is taking immunosuppressant)",
            ),
            (
                "Drugs known to prolong the QT interval unless they can be stopped before day 1",
                "not (the patient is taking medicine that prolongs the qt interval and not (to be confirmed by the clinical team))",
            ),
            (
                "Live vaccines within 4 weeks before randomisation",
                "the patient has not taken live vaccine within 4 weeks",
            ),
        ],
    );
    check(
        Section::Inclusion,
        &[
            (
                "At least 2 weeks since prior and no concurrent fluvoxamine",
                "the patient has not taken fluvoxamine less than 2 weeks ago",
            ),
            ("Off warfarin for at least 5 days", "the patient has not taken warfarin less than 5 days ago"),
            (
                "On a stable dose of levothyroxine",
                "the patient is not taking levothyroxine or the patient is taking levothyroxine (stable dose)",
            ),
        ],
    );
}

#[test]
fn facts_that_no_profile_holds() {
    check(
        Section::Inclusion,
        &[
            ("Able to swallow tablets", "the patient has no dysphagia"),
            ("Able to lie flat for 40 minutes", "the patient has ability to lie still able 40 minute"),
        ],
    );
    check(
        Section::Exclusion,
        &[
            ("Any condition that impairs the ability to swallow pills", "the patient has no dysphagia"),
            ("Estrogen receptor", "not ([not read])"),
        ],
    );
}
