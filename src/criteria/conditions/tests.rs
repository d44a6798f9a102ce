use super::*;
use crate::criteria::answer::Truth;
use crate::criteria::context::{Context, Definitions};
use crate::criteria::facts::Facts;
use crate::criteria::requirement::Section;
use crate::criteria::{medications, open_fact};
use crate::grammar::phrase::Phrase;
use crate::patient::profile::Profile;

/// Reads a phrase as an exclusion with the kinds of this family; what is said, and what is left over.
fn reading(text: &str) -> (Option<Requirement>, String, Vec<String>) {
    let definitions = Definitions::default();
    let context = Context { section: Section::Exclusion, interventions: &[], definitions: &definitions };
    let mut phrase = Phrase::new(elements::read(text));
    let requirement = open_fact::read(&mut phrase, &context)
        .or_else(|| read(&mut phrase, &context))
        .or_else(|| medications::read(&mut phrase, &context));
    let said = requirement.as_ref().map(Requirement::say).unwrap_or_default();
    (requirement, said, phrase.leftover().iter().map(|e| e.text.to_string()).collect())
}

/// Evaluates the tree of a reading.
fn truth(requirement: &Requirement, facts: &Facts<'_>) -> Truth {
    match requirement {
        Requirement::All(members) => members.iter().map(|m| truth(m, facts)).fold(Truth::True, Truth::and),
        Requirement::Any(members) => members.iter().map(|m| truth(m, facts)).fold(Truth::False, Truth::or),
        Requirement::Not(inner) => truth(inner, facts).negated(),
        Requirement::Atom(atom) => atom.evaluate(facts).truth,
        Requirement::Nothing => Truth::True,
        _ => Truth::Unread,
    }
}

#[test]
fn reads_diseases_with_their_modifiers() {
    let mut wrong = Vec::new();
    for (text, expected) in [
        ("History of interstitial lung disease", "the patient has history of interstitial lung disease"),
        ("Pneumonitis (ILD)", "the patient has interstitial lung disease"),
        ("Uncontrolled hypertension", "the patient has uncontrolled hypertension"),
        ("Poorly controlled diabetes mellitus", "the patient has uncontrolled diabetes mellitus"),
        ("Peripheral neuropathy > grade 2", "the patient has peripheral neuropathy of grade > 2"),
        ("Neuropathy of grade 2 or higher", "the patient has peripheral neuropathy of grade >= 2"),
        ("Grade 3-4 diarrhoea", "the patient has diarrhea of grade >= 3"),
        (
            "Neuropathy limiting instrumental activities of daily living",
            "the patient has peripheral neuropathy of grade >= 2",
        ),
        ("Stroke within 6 months before enrolment", "the patient has stroke within 6 months"),
        ("Clinically significant cardiac disease", "the patient has clinically significant cardiac disease"),
        ("Heart failure, NYHA class II-IV", "the patient has heart failure of NYHA class >= 2"),
        (
            "New York Heart Association class III or greater cardiac disease",
            "the patient has heart failure of NYHA class >= 3",
        ),
        (
            "Active infection requiring intravenous antibiotics",
            "the patient has active infection requiring intravenous antibiotic",
        ),
        ("Hepatitis B or C", "the patient has hepatitis B or the patient has hepatitis C"),
        ("Human immunodeficiency virus (HIV) infection", "the patient has HIV infection"),
        ("Another malignancy within 3 years", "the patient has other malignancy within 3 years"),
        ("History of other malignancies", "the patient has history of other malignancy"),
        ("Uncontrolled intercurrent illness", "the patient has uncontrolled illness"),
        ("Severe medical condition", "the patient has clinically significant illness"),
        ("History of pancreatic tuberositis", "the patient has history of pancreatic tuberositis"),
        ("Visceral crisis", "the patient has visceral crisis"),
        (
            "Unresolved toxicities from prior therapy not resolved to grade ≤ 1",
            "the patient has unresolved toxicity of earlier treatment of grade > 1",
        ),
        (
            "Uncontrolled hypertension or history of stroke",
            "the patient has uncontrolled hypertension or the patient has history of stroke",
        ),
        (
            "Asthma requiring oral steroids or active tuberculosis",
            "the patient has asthma requiring oral steroid or the patient has active tuberculosis",
        ),
        ("Active or uncontrolled infection", "the patient has active infection"),
        ("Infection with hepatitis B", "the patient has hepatitis B"),
        (
            "Another malignancy within 3 years (except non-melanoma skin cancer)",
            "the patient has other malignancy within 3 years, except non-melanoma skin cancer",
        ),
        ("Known allergy to docetaxel", "the patient has hypersensitivity to docetaxel"),
        ("Contraindication to trastuzumab", "the patient has a contraindication to trastuzumab"),
        ("Severe hypersensitivity to eggs", "the patient has severe hypersensitivity to egg"),
        (
            "Hypersensitivity to any component of the study drug",
            "the patient has hypersensitivity to the study drugs or their components",
        ),
        ("Current use of warfarin", "the patient is taking warfarin"),
        ("Strong inhibitors of CYP3A4 within 14 days", "the patient has taken strong CYP3A4 inhibitor within 14 days"),
        (
            "Systemic corticosteroids at doses > 10 mg/day of prednisone or equivalent",
            "the patient is taking corticosteroid (at dose > 10 mg / day of prednisone or equivalent)",
        ),
        ("Life expectancy of less than 3 months", "life expectancy < 3 months"),
        ("Expected survival > 90 days", "life expectancy > 90 days"),
        ("Minimum life expectancy: 2 months", "life expectancy >= 2 months"),
        ("Life expectancy of 12 weeks or more in the opinion of the investigator", "life expectancy >= 12 weeks"),
        // Not of this family.
        ("Progression-free survival of 6 months", ""),
        ("HER2-positive disease", ""),
        ("Residual disease in the breast", ""),
        ("Chemotherapy for metastatic disease", ""),
    ] {
        let (_, said, left) = reading(text);
        if said != expected || !expected.is_empty() && !left.is_empty() {
            wrong.push(format!("{text}: {said}; left over: {left:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn leaves_what_it_does_not_understand() {
    for (text, word) in [
        ("Stable angina pectoris after bypass", "after"),
        ("Allergy to fish that is seasonal unless treated", "unless"),
    ] {
        let (_, said, left) = reading(text);
        assert!(left.iter().any(|l| l == word), "{text}: {said}; left over: {left:?}");
    }
}

#[test]
fn says_what_it_reads_back() {
    for text in [
        "History of interstitial lung disease",
        "Uncontrolled hypertension",
        "Peripheral neuropathy > grade 2",
        "Stroke within 6 months before enrolment",
        "Known allergy to docetaxel",
        "Current use of warfarin",
        "Life expectancy of less than 3 months",
    ] {
        let (_, said, _) = reading(text);
        assert_eq!(reading(&said).1, said, "{text}");
    }
}

#[test]
fn answers_from_stated_facts_alone() {
    use Truth::{False, True, Unknown};
    let until = |y, m, d| Truth::TrueUntil(jiff::civil::date(y, m, d));
    for (text, facts, expected) in [
        ("Interstitial lung disease", r#""conditions":[{"name":"pneumonitis","state":"absent"}]"#, False),
        ("Pneumonitis", r#""conditions":[{"name":"ILD","state":"active"}]"#, True),
        ("History of pneumonitis", r#""conditions":[{"name":"ILD","state":"resolved"}]"#, True),
        ("Active pneumonitis", r#""conditions":[{"name":"ILD","state":"resolved"}]"#, False),
        ("Lung disease", r#""conditions":[{"name":"ILD","state":"absent"}]"#, Unknown),
        ("Pulmonary fibrosis", r#""conditions":[{"name":"lung disease","state":"absent"}]"#, False),
        ("Uncontrolled hypertension", r#""conditions":[{"name":"hypertension","state":"controlled"}]"#, False),
        ("Uncontrolled hypertension", r#""conditions":[{"name":"hypertension","state":"active"}]"#, Unknown),
        ("Hypertension", r#""conditions":[],"complete":["conditions"]"#, False),
        ("Hypertension", r#""conditions":[]"#, Unknown),
        (
            "Neuropathy > grade 2",
            r#""conditions":[{"name":"peripheral neuropathy","state":"active","grade":2}]"#,
            False,
        ),
        ("Neuropathy > grade 1", r#""conditions":[{"name":"peripheral neuropathy","state":"active","grade":2}]"#, True),
        ("Neuropathy > grade 1", r#""conditions":[{"name":"peripheral neuropathy","state":"active"}]"#, Unknown),
        ("Significant cardiac disease", r#""conditions":[{"name":"heart failure","state":"active"}]"#, True),
        ("Significant cardiac disease", r#""conditions":[{"name":"angina","state":"active"}]"#, Unknown),
        (
            "Heart failure of NYHA class III or IV",
            r#""conditions":[{"name":"heart failure","state":"active"}]"#,
            Unknown,
        ),
        ("Heart failure of NYHA class III or IV", r#""conditions":[{"name":"heart failure","state":"absent"}]"#, False),
        (
            "Myocardial infarction within 6 months",
            r#""conditions":[{"name":"myocardial infarction","state":"resolved","since":"2026-08-01","resolved":"2026-08-20"}]"#,
            until(2027, 2, 2),
        ),
        (
            "Myocardial infarction within 6 months",
            r#""conditions":[{"name":"myocardial infarction","state":"resolved","since":"2014-03"}]"#,
            False,
        ),
        (
            "Myocardial infarction within 6 months",
            r#""conditions":[{"name":"myocardial infarction","state":"resolved"}]"#,
            Unknown,
        ),
        ("Another malignancy within 3 years", r#""conditions":[{"name":"other malignancy","state":"absent"}]"#, False),
        (
            "Another malignancy within 3 years",
            r#""conditions":[{"name":"prostate cancer","state":"resolved","resolved":"2019-03"}]"#,
            Unknown,
        ),
        (
            "Another malignancy within 3 years",
            r#""conditions":[{"name":"prostate cancer","state":"resolved","resolved":"2019-03"}],"complete":["conditions"]"#,
            False,
        ),
        ("Previous malignancy", r#""conditions":[{"name":"prostate cancer","state":"resolved"}]"#, True),
        ("Spinal cord compression", r#""metastases":[{"site":"liver"}]"#, False),
        ("Spinal cord compression", r#""metastases":[{"site":"bone"}]"#, Unknown),
        ("Visceral crisis", r#""metastases":[{"site":"bone"}]"#, False),
        ("Visceral crisis", r#""metastases":[{"site":"liver"}]"#, Unknown),
        (
            "Autoimmune disease requiring systemic treatment",
            r#""conditions":[{"name":"rheumatoid arthritis","state":"active"}]"#,
            Unknown,
        ),
        (
            "Autoimmune disease requiring systemic treatment",
            r#""conditions":[{"name":"rheumatoid arthritis","state":"active"}],"medications":[{"name":"prednisolone"}]"#,
            True,
        ),
        ("Unresolved toxicity from prior therapy", r#""treatments":[]"#, False),
        ("Unresolved toxicity from prior therapy", "", Unknown),
        (
            "Uncontrolled illness",
            r#""conditions":[{"name":"asthma","state":"controlled"}],"complete":["conditions"]"#,
            False,
        ),
        (
            "Uncontrolled illness",
            r#""conditions":[{"name":"asthma","state":"active"}],"complete":["conditions"]"#,
            Unknown,
        ),
        ("Allergy to docetaxel", r#""allergies":[{"name":"docetaxel","state":"absent"}]"#, False),
        ("Allergy to docetaxel", r#""allergies":[{"name":"docetaxel"}]"#, True),
        ("Allergy to docetaxel", r#""allergies":[{"name":"penicillin"}]"#, Unknown),
        ("Allergy to docetaxel", r#""allergies":[],"complete":["allergies"]"#, False),
        ("Current use of warfarin", r#""medications":[{"name":"warfarin"}]"#, True),
        ("Current use of warfarin", r#""medications":[{"name":"amlodipine"}]"#, Unknown),
        ("Current use of warfarin", r#""medications":[{"name":"amlodipine"}],"complete":["medications"]"#, False),
        ("Live vaccine within 30 days", r#""medications":[],"complete":["medications"]"#, Unknown),
        ("Corticosteroids > 10 mg/day", r#""medications":[{"name":"prednisolone"}]"#, Unknown),
        ("Life expectancy of less than 3 months", r#""life_expectancy_months":2"#, True),
        ("Life expectancy of less than 3 months", r#""life_expectancy_months":3"#, False),
        ("Life expectancy of at least 1 year", r#""life_expectancy_months":12"#, True),
        ("Life expectancy of at least 12 weeks", "", Unknown),
    ] {
        let comma = if facts.is_empty() { "" } else { "," };
        let profile: Profile = serde_json::from_str(&format!(r#"{{"as_of":"2026-11-01"{comma}{facts}}}"#)).unwrap();
        let (requirement, said, _) = reading(text);
        let requirement = requirement.unwrap_or_else(|| panic!("{text} is not read"));
        assert_eq!(truth(&requirement, &Facts::new(&profile)), expected, "{text} ({said}) for {facts}");
    }
}

#[test]
fn an_exception_takes_out_what_it_names_and_nothing_else() {
    use Truth::{False, True, Unknown};
    let (malignancy, _, _) = reading("Another malignancy within 3 years");
    let (skin, _, _) = reading("Adequately treated non-melanoma skin cancer");
    let requirement = except(malignancy.unwrap(), &skin.unwrap()).unwrap();
    for (facts, expected) in [
        (r#"{"name":"basal cell carcinoma of skin","state":"resolved","resolved":"2025-06-10"}"#, False),
        (r#"{"name":"basal cell carcinoma of skin","state":"active"}"#, Unknown),
        (r#"{"name":"chronic lymphocytic leukemia","state":"active"}"#, True),
        (
            r#"{"name":"basal cell carcinoma of skin","state":"resolved","resolved":"2025-06-10"},{"name":"lung cancer","state":"active"}"#,
            True,
        ),
    ] {
        let json = format!(r#"{{"as_of":"2026-11-01","conditions":[{facts}],"complete":["conditions"]}}"#);
        let profile: Profile = serde_json::from_str(&json).unwrap();
        assert_eq!(truth(&requirement, &Facts::new(&profile)), expected, "{facts}");
    }
}

/// Reads a whole sentence as a criterion of its section.
fn whole(text: &str, section: Section) -> String {
    crate::criteria::reader::read_sentence(text, section).say()
}

#[test]
fn sentences_about_diseases_are_read_in_full() {
    use Section::{Exclusion, Inclusion};
    let mut wrong = Vec::new();
    for (section, text, expected) in [
        (
            Exclusion,
            "Known predisposition to bleeding or thrombosis",
            "not (the patient has risk of bleeding or the patient has risk of thrombosis)",
        ),
        (
            Exclusion,
            "Gout that is not responsive to treatment",
            "the patient has no gout that is not responsive to treatment",
        ),
        (Exclusion, "Primary or secondary immunodeficiency", "the patient has no immunodeficiency"),
        (
            Exclusion,
            "Peripheral neuropathy (motor or sensory) of grade 2 or more",
            "the patient has no peripheral neuropathy of grade >= 2",
        ),
        (Inclusion, "No prior stroke within the past year", "the patient has no history of stroke within 1 year"),
        (Inclusion, "Able to swallow and retain oral tablets", "the patient has no dysphagia"),
        (
            Exclusion,
            "Trouble with swallowing or malabsorption",
            "not (the patient has dysphagia or the patient has malabsorption)",
        ),
        (
            Exclusion,
            "Gastrointestinal disease that may interfere with the absorption of the study drug",
            "the patient has no gastrointestinal disease that may interfere with the absorption of the study drug",
        ),
        (
            Exclusion,
            "History of pneumonitis that required steroids, current pneumonitis, or suspected pneumonitis that cannot be ruled out by imaging at screening",
            "not (the patient has history of interstitial lung disease that required steroid or the patient has active interstitial lung disease or the patient has interstitial lung disease)",
        ),
        (
            Inclusion,
            "Patients with hepatitis C must have an undetectable HCV RNA",
            "the patient has no hepatitis C or the patient has no active hepatitis C with a detectable viral load",
        ),
        (
            Inclusion,
            "Seronegative for hepatitis B and hepatitis C",
            "not (the patient has hepatitis B or the patient has hepatitis C)",
        ),
        (
            Inclusion,
            "Recovered from the acute toxicities of earlier chemotherapy to grade 1 or less (except alopecia and grade 2 neuropathy)",
            "the patient has no unresolved toxicity of earlier treatment of grade > 1, except alopecia or peripheral neuropathy of grade = 2",
        ),
        (
            Exclusion,
            "Toxicities of prior therapy not yet improved to grade 1, except alopecia",
            "the patient has no unresolved toxicity of earlier treatment of grade > 1, except alopecia",
        ),
        (
            Exclusion,
            "Serious cardiac illness or medical condition",
            "not (the patient has clinically significant cardiac disease or the patient has clinically significant illness)",
        ),
        (
            Exclusion,
            "Active tuberculosis, uncontrolled asthma or other serious medical illness",
            "not (the patient has active tuberculosis or the patient has uncontrolled asthma or the patient has clinically significant illness)",
        ),
        (
            Exclusion,
            "Pleural or pericardial effusion",
            "not (the patient has pleural effusion or the patient has pericardial effusion)",
        ),
        (Inclusion, "No other active malignancy", "the patient has no active other malignancy"),
        (
            Exclusion,
            "Another cancer other than basal cell carcinoma within the past 2 years",
            "the patient has no other malignancy within 2 years, except basal cell carcinoma of skin",
        ),
        (Exclusion, "HIV infection (testing is not required)", "the patient has no HIV infection"),
        (Exclusion, "Nickel allergy", "the patient has no hypersensitivity to nickel"),
    ] {
        let said = whole(text, section);
        if !said.eq_ignore_ascii_case(expected) {
            wrong.push(format!("{text}\n  expected {expected}\n  is       {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_may_turn_the_meaning_round_is_not_read() {
    for (section, text) in [
        (Section::Exclusion, "Medicines with a known risk of torsades de pointes"),
        (Section::Inclusion, "Surgical wounds must be fully healed"),
    ] {
        let read = crate::criteria::reader::read_sentence(text, section);
        let mut plain = false;
        read.visit(&mut |r| plain |= matches!(r, Requirement::Atom(Atom::Condition(_))));
        assert!(!plain || read.has_unread(), "{text}: {}", read.say());
    }
}
