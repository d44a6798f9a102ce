//! What the drugs and their classes must say, one row a fact.

use super::*;

fn drug(name: &str) -> usize {
    drug_by_name(name).unwrap_or_else(|| panic!("no drug `{name}`"))
}

fn class(id: &str) -> usize {
    class_by_id(id).unwrap_or_else(|| panic!("no class `{id}`"))
}

#[test]
fn finds_a_drug_by_any_spelling() {
    let cases = [
        ("Enhertu", "trastuzumab deruxtecan"),
        ("T-DXd", "trastuzumab deruxtecan"),
        ("TDXd", "trastuzumab deruxtecan"),
        ("DS 8201a", "trastuzumab deruxtecan"),
        ("SG", "sacituzumab govitecan"),
        ("Ibrance®", "palbociclib"),
        ("PD 0332991", "palbociclib"),
        (" Letrozole ", "letrozole"),
        ("ICI 182,780", "fulvestrant"),
        ("leuprolide", "leuprorelin"),
    ];
    for (name, id) in cases {
        assert_eq!(all_drugs()[drug(name)].id, id, "{name}");
    }
    for unknown in ["", "sg", "water", "trastuzumab derux"] {
        assert_eq!(drug_by_name(unknown), None, "{unknown}");
    }
}

#[test]
fn places_drugs_in_classes() {
    let cases = [
        ("trastuzumab deruxtecan", "her2-adc", true),
        ("trastuzumab deruxtecan", "topoisomerase-1-adc", true),
        ("trastuzumab deruxtecan", "anti-her2", true),
        ("trastuzumab deruxtecan", "biologic-therapy", true),
        ("trastuzumab deruxtecan", "systemic-therapy", true),
        ("trastuzumab deruxtecan", "anticancer-therapy", true),
        ("trastuzumab deruxtecan", "chemotherapy", false),
        ("trastuzumab deruxtecan", "topoisomerase-1-inhibitor", false),
        ("sacituzumab govitecan", "trop2-directed", true),
        ("sacituzumab govitecan", "anti-her2", false),
        ("trastuzumab", "monoclonal-antibody", true),
        ("trastuzumab", "antibody-drug-conjugate", false),
        ("lapatinib", "tyrosine-kinase-inhibitor", true),
        ("lapatinib", "biologic-therapy", false),
        ("goserelin", "endocrine-therapy", true),
        ("fulvestrant", "serd", true),
        ("fulvestrant", "oral-serd", false),
        ("elacestrant", "oral-serd", true),
        ("vepdegestrant", "er-degrader", true),
        ("vepdegestrant", "serd", false),
        ("everolimus", "pi3k-akt-mtor-inhibitor", true),
        ("everolimus", "pi3k-inhibitor", false),
        ("palbociclib", "targeted-therapy", true),
        ("palbociclib", "chemotherapy", false),
        ("camizestrant", "investigational-agent", true),
        ("letrozole", "investigational-agent", false),
    ];
    for (name, id, expected) in cases {
        assert_eq!(is_in_class(drug(name), class(id)), expected, "{name} in {id}");
    }
}

#[test]
fn classes_lie_under_each_other() {
    assert!(class_is_a(class("her2-adc"), class("anticancer-therapy")));
    assert!(class_is_a(class("taxane"), class("taxane")));
    assert!(!class_is_a(class("anticancer-therapy"), class("taxane")));
    assert!(!class_is_a(class("bisphosphonate"), class("anticancer-therapy")));
    assert!(!class_is_a(class("antibody-drug-conjugate"), class("chemotherapy")));
}

#[test]
fn only_anticancer_drugs_make_lines() {
    for (name, expected) in [("letrozole", true), ("paclitaxel", true), ("goserelin", false), ("denosumab", false)] {
        assert_eq!(makes_a_line(drug(name)), expected, "{name}");
    }
}

#[test]
fn a_fixed_combination_stands_for_its_drugs() {
    let parts: Vec<&str> = components_of(drug("Phesgo")).iter().map(|part| all_drugs()[*part].id.as_str()).collect();
    assert_eq!(parts, ["pertuzumab", "trastuzumab"]);
    assert_eq!(components_of(drug("letrozole")), [drug("letrozole")]);
}

#[test]
fn half_lives_are_plausible() {
    for row in all_drugs() {
        assert!(row.half_life_hours.is_none_or(|hours| (0.1..=1500.0).contains(&hours)), "{}", row.id);
    }
    for (name, hours) in [("trastuzumab deruxtecan", 137.0), ("palbociclib", 29.0), ("fulvestrant", 960.0)] {
        assert_eq!(all_drugs()[drug(name)].half_life_hours, Some(hours), "{name}");
    }
}
