//! Sentences of treatment history with their readings, and their answers for patients.

use crate::criteria::answer::Truth;
use crate::criteria::atom::Atom;
use crate::criteria::facts::Facts;
use crate::criteria::reader::read_sentence;
use crate::criteria::requirement::{Requirement, Section};

fn check(section: Section, rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        let said = read_sentence(text, section).say();
        assert_eq!(said.to_lowercase(), expected.to_lowercase(), "{text}");
    }
}

#[test]
fn inclusions() {
    check(
        Section::Inclusion,
        &[
            (
                "At least 4 weeks since prior chemotherapy, radiotherapy or major surgery",
                "the patient has not received cytotoxic chemotherapy or radiotherapy or major surgery less than 4 weeks ago",
            ),
            (
                "All earlier chemotherapy, irradiation and breast surgery finished at least 5 weeks before enrolment",
                "the patient has not received cytotoxic chemotherapy or radiotherapy or breast surgery less than 5 weeks ago",
            ),
            (
                "Chemotherapy and radiotherapy must have been completed 6 weeks before randomisation",
                "the patient has not received cytotoxic chemotherapy or radiotherapy within 6 weeks",
            ),
            (
                "A minimum interval of 5 weeks between the last radiotherapy and registration",
                "the patient has not received radiotherapy less than 5 weeks ago",
            ),
            (
                "Interval between major surgery and start of treatment of at least 6 weeks",
                "the patient has not received major surgery less than 6 weeks ago",
            ),
            (
                "No more than 8 weeks between surgery and randomisation",
                "the patient has received surgery within 8 weeks",
            ),
            (
                "Progression on fulvestrant in combination with alpelisib as their first hormonal treatment",
                "the patient has progressed on fulvestrant in combination with alpelisib as first-line therapy",
            ),
            (
                "At least 3 weeks from other systemic or targeted therapies",
                "the patient has not received systemic anticancer therapy or targeted therapy less than 3 weeks ago",
            ),
            (
                "Must have received a taxane and an anthracycline in any setting",
                "the patient has received taxane and the patient has received anthracycline",
            ),
            (
                "Progressed on or after at least one line of endocrine therapy in combination with a CDK4/6 inhibitor",
                "number of prior lines of endocrine therapy in the metastatic setting is >= 1 and the patient has progressed on endocrine therapy in the metastatic setting and the patient has received CDK4/6 inhibitor in the metastatic setting",
            ),
            (
                "At least one and no more than three prior lines of systemic therapy in the metastatic setting",
                "number of prior lines of therapy in the metastatic setting is >= 1 and number of prior lines of therapy in the metastatic setting is <= 3",
            ),
            (
                "One or two prior chemotherapy regimens for advanced disease",
                "number of prior lines of cytotoxic chemotherapy in the metastatic setting is >= 1 and number of prior lines of cytotoxic chemotherapy in the metastatic setting is <= 2",
            ),
            (
                "At least 2 prior HER2-targeted agents in any setting",
                "number of distinct drugs among HER2-directed therapy in any setting is >= 2",
            ),
            (
                "No prior chemotherapy for metastatic disease",
                "the patient has not received cytotoxic chemotherapy in the metastatic setting",
            ),
            (
                "No prior systemic therapy in the metastatic setting",
                "the patient has not received systemic anticancer therapy in the metastatic setting",
            ),
            (
                "Treatment-naive for metastatic disease",
                "the patient has not received systemic anticancer therapy in the metastatic setting",
            ),
            (
                "Refractory to or intolerant of a platinum compound",
                "the patient has progressed on platinum compound or the patient did not tolerate platinum compound",
            ),
            (
                "Received a CDK4/6 inhibitor for at least 6 months",
                "the patient has received CDK4/6 inhibitor for at least 6 months",
            ),
            (
                "Disease progression on the most recent therapy",
                "the patient has progressed on systemic anticancer therapy as the most recent therapy",
            ),
            (
                "Relapse more than 12 months after completion of adjuvant endocrine therapy",
                "the patient has received endocrine therapy in the adjuvant setting and the disease has not recurred or progressed within 12 months of completing endocrine therapy in the adjuvant setting",
            ),
            (
                "Relapse within 12 months of completion of adjuvant therapy",
                "the disease has recurred or progressed within 12 months of completing systemic anticancer therapy in the adjuvant setting",
            ),
            (
                "A washout of 2 weeks is required for aromatase inhibitors",
                "the patient has not received aromatase inhibitor less than 2 weeks ago",
            ),
            (
                "Patients must have received at least 2 prior endocrine therapies, including a CDK4/6 inhibitor in the metastatic setting",
                "number of prior lines of endocrine therapy in the metastatic setting is >= 2 and the patient has received CDK4/6 inhibitor in the metastatic setting",
            ),
            (
                "May have received up to 2 prior lines of chemotherapy in the metastatic setting",
                "number of prior lines of cytotoxic chemotherapy in the metastatic setting is <= 2",
            ),
            (
                "Ongoing treatment with a GnRH agonist for at least 4 weeks prior to study entry",
                "the patient is receiving gonadotropin-releasing hormone agonist for at least 4 weeks",
            ),
            ("Progressed on fulvestrant monotherapy", "the patient has progressed on fulvestrant alone"),
            (
                "Prior treatment with an aromatase inhibitor alone or in combination with everolimus",
                "the patient has received aromatase inhibitor",
            ),
            (
                "More than 3 weeks since prior chemotherapy and more than 2 weeks since prior radiotherapy",
                "the patient has not received cytotoxic chemotherapy within 3 weeks and the patient has not received radiotherapy within 2 weeks",
            ),
            ("No concurrent chemotherapy", "the patient is not receiving cytotoxic chemotherapy"),
            (
                "Has not received more than one prior line of chemotherapy",
                "number of prior lines of cytotoxic chemotherapy in the metastatic setting is <= 1",
            ),
            (
                "Up to two lines of prior CDK4/6 inhibitor, not including abemaciclib",
                "number of prior lines of CDK4/6 inhibitor other than abemaciclib in the metastatic setting is <= 2",
            ),
            (
                "No more than 2 prior lines of cytotoxic chemotherapy in the recurrent or metastatic setting",
                "number of prior lines of cytotoxic chemotherapy in the metastatic setting is <= 2",
            ),
        ],
    );
}

#[test]
fn exclusions() {
    check(
        Section::Exclusion,
        &[
            (
                "Chemotherapy, hormonal therapy, or radiotherapy within 4 weeks of first dose of study drug(s)",
                "the patient has not received cytotoxic chemotherapy or endocrine therapy or radiotherapy within 4 weeks",
            ),
            (
                "Anticancer therapy within 28 days or 5 half-lives (whichever is shorter) before the first dose of XY12345",
                "the patient has not received anticancer therapy within 28 days or 5 half-lives, whichever is shorter",
            ),
            (
                "Any investigational product within 30 days or 5 times the half-life, whichever is longer, prior to enrolment",
                "the patient has not received investigational agent within 30 days or 5 half-lives, whichever is longer",
            ),
            (
                "Chemotherapy or radiotherapy within 4 weeks (6 weeks for nitrosoureas or mitomycin C) prior to registration",
                "not (the patient has received cytotoxic chemotherapy or radiotherapy other than mitomycin or nitrosourea within 4 weeks or the patient has received mitomycin or nitrosourea within 6 weeks)",
            ),
            (
                "Major surgery within 28 days prior to the first dose, or minor surgery within 7 days",
                "not (the patient has received major surgery within 28 days or the patient has received minor surgery within 7 days)",
            ),
            (
                "Prior anti-HER2 therapy, except trastuzumab in the adjuvant setting",
                "the patient has not received HER2-directed therapy other than trastuzumab in the adjuvant setting",
            ),
            (
                "Any systemic therapy for metastatic disease other than endocrine therapy",
                "the patient has not received systemic anticancer therapy other than endocrine therapy in the metastatic setting",
            ),
            (
                "Treatment with a taxane in the neoadjuvant or adjuvant setting within the last 12 months",
                "the patient has not received taxane in the (neo)adjuvant setting within 12 months",
            ),
            (
                "Cumulative doxorubicin dose greater than 360 mg/m2",
                "the patient has not received more than the limiting cumulative dose of doxorubicin",
            ),
            (
                "Prior radiotherapy to more than 25% of the bone marrow",
                "the patient has not received treatment of a large share of the bone marrow by radiotherapy",
            ),
            (
                "Discontinued a prior PD-1 inhibitor due to a grade 3 or higher immune-related adverse event",
                "the patient has not received PD-1 inhibitor until a limiting toxicity ended it",
            ),
            (
                "Any chemotherapy or irradiation within 3 weeks of starting olaparib",
                "the patient has not received cytotoxic chemotherapy or radiotherapy within 3 weeks",
            ),
            (
                "Experimental compounds within 5 weeks before the first dose or during the study",
                "the patient has not received investigational agent within 5 weeks",
            ),
            (
                "Previous tubulin inhibitor-based antibody-drug conjugate",
                "the patient has not received antibody-drug conjugate (tubulin inhibitor-based)",
            ),
            (
                "Previous topoisomerase 1 inhibitor-containing antibody drug conjugates",
                "the patient has not received antibody-drug conjugate with a topoisomerase I inhibitor",
            ),
            (
                "Chemotherapy, including antibody-drug conjugates with cytotoxic payload, within 4 weeks",
                "the patient has not received antibody-drug conjugate or cytotoxic chemotherapy within 4 weeks",
            ),
            (
                "Relapse within 9 months of starting tamoxifen",
                "the disease has not recurred or progressed within 9 months of starting tamoxifen",
            ),
            ("Permanently discontinued trastuzumab due to toxicity", "the patient is not intolerant of trastuzumab"),
            (
                "Concurrent chemotherapy or endocrine therapy",
                "the patient is not receiving cytotoxic chemotherapy or endocrine therapy",
            ),
            (
                "Currently participating in another interventional clinical trial",
                "the patient is not receiving investigational agent",
            ),
            (
                "Participation in another clinical study with an investigational product within the last 4 weeks",
                "the patient has not received investigational agent within 4 weeks",
            ),
            (
                "Recurrence during or within 12 months after completing an adjuvant CDK4/6 inhibitor",
                "the disease has not recurred or progressed within 12 months of completing CDK4/6 inhibitor in the adjuvant setting",
            ),
            (
                "More than two prior lines of chemotherapy for metastatic disease",
                "number of prior lines of cytotoxic chemotherapy in the metastatic setting is <= 2",
            ),
            (
                "Disease progression within 6 months of starting first-line palbociclib for metastatic disease",
                "the disease has not recurred or progressed within 6 months of starting palbociclib as first-line therapy in the metastatic setting",
            ),
            (
                "Prior allogeneic stem cell transplantation",
                "the patient has not received allogeneic stem cell transplantation",
            ),
            (
                "Prior high-dose chemotherapy",
                "the patient has not received cytotoxic chemotherapy in the stated manner",
            ),
            (
                "Prior treatment with capecitabine or eribulin in any setting",
                "the patient has not received capecitabine or eribulin",
            ),
            (
                "Last dose of trastuzumab deruxtecan less than 21 days before randomization",
                "the patient has not received trastuzumab deruxtecan less than 21 days ago",
            ),
            (
                "Autoimmune disease that has required systemic treatment in the past 2 years",
                "the patient has no autoimmune disease within 2 years that has required systemic treatment",
            ),
        ],
    );
}

/// The truth of a sentence's question, in the sense of its section, for a patient with these treatments.
fn truth(text: &str, section: Section, facts: &str) -> Truth {
    fn of(requirement: &Requirement, facts: &Facts<'_>) -> Truth {
        match requirement {
            Requirement::All(members) => members.iter().fold(Truth::True, |t, m| t.and(of(m, facts))),
            Requirement::Any(members) => members.iter().fold(Truth::False, |t, m| t.or(of(m, facts))),
            Requirement::Not(inner) => of(inner, facts).negated(),
            Requirement::Atom(atom) => Atom::evaluate(atom, facts).truth,
            _ => Truth::Unread,
        }
    }
    let profile: crate::patient::Profile =
        serde_json::from_str(&format!(r#"{{"as_of":"2026-11-01",{facts}}}"#)).unwrap();
    of(&read_sentence(text, section), &Facts::new(&profile))
}

#[test]
fn answers() {
    use jiff::civil::date;
    let adjuvant = |stopped: &str, since: &str| {
        format!(
            r#""diagnosis":{{"metastatic_since":"{since}"}},"treatments":[{{"kind":"drug","agents":["letrozole"],"setting":"adjuvant","started":"2019-01-10","stopped":"{stopped}","reason_stopped":"completed"}}]"#
        )
    };
    let relapse = "Relapse within 12 months of completion of adjuvant endocrine therapy";
    assert_eq!(truth(relapse, Section::Inclusion, &adjuvant("2024-01-10", "2024-11-05")), Truth::True);
    assert_eq!(truth(relapse, Section::Inclusion, &adjuvant("2024-01-10", "2025-03-05")), Truth::False);
    assert_eq!(truth(relapse, Section::Inclusion, &adjuvant("2024-01-10", "2025")), Truth::Unknown);
    let later = "Relapse more than 12 months after completion of adjuvant endocrine therapy";
    assert_eq!(truth(later, Section::Inclusion, &adjuvant("2024-01-10", "2025-03-05")), Truth::True);
    let line = |stopped: &str, reason: &str| {
        format!(
            r#""treatments":[{{"kind":"drug","agents":["doxorubicin"],"setting":"metastatic","line":1,"started":"2026-05-01","stopped":"{stopped}","reason_stopped":"{reason}"}}]"#
        )
    };
    for (text, section, facts, expected) in [
        (
            "Chemotherapy within 4 weeks",
            Section::Exclusion,
            line("2026-10-20", "progression"),
            Truth::FalseUntil(date(2026, 11, 18)),
        ),
        ("Chemotherapy within 4 weeks", Section::Exclusion, line("2026-09-20", "progression"), Truth::True),
        (
            "At least 4 weeks since chemotherapy",
            Section::Inclusion,
            line("2026-10-20", "progression"),
            Truth::FalseUntil(date(2026, 11, 17)),
        ),
        (
            "Cumulative doxorubicin dose greater than 360 mg/m2",
            Section::Exclusion,
            line("2026-09-20", "completed"),
            Truth::Unknown,
        ),
        (
            "Cumulative doxorubicin dose greater than 360 mg/m2",
            Section::Exclusion,
            r#""treatments":[]"#.to_owned(),
            Truth::True,
        ),
        ("Progressed on doxorubicin", Section::Inclusion, line("2026-09-20", "progression"), Truth::True),
        ("Progressed on doxorubicin", Section::Inclusion, line("2026-09-20", "toxicity"), Truth::False),
        ("Refractory to or intolerant of doxorubicin", Section::Inclusion, line("2026-09-20", "toxicity"), Truth::True),
        (
            "No prior chemotherapy for metastatic disease",
            Section::Inclusion,
            line("2026-09-20", "toxicity"),
            Truth::False,
        ),
        ("At least two prior lines of chemotherapy", Section::Inclusion, line("2026-09-20", "toxicity"), Truth::False),
        (
            "Discontinued an anthracycline due to a grade 3 or higher toxicity",
            Section::Exclusion,
            line("2026-09-20", "toxicity"),
            Truth::Unknown,
        ),
        (
            "Discontinued an anthracycline due to a grade 3 or higher toxicity",
            Section::Exclusion,
            line("2026-09-20", "completed"),
            Truth::True,
        ),
    ] {
        assert_eq!(truth(text, section, &facts), expected, "{text} {facts}");
    }
}
