//! What the medicines and their classes must say, one row a fact.

use super::*;

#[test]
fn places_medicines_in_classes() {
    let cases = [
        ("ketoconazole", "cyp3a4-strong-inhibitor", true),
        ("ketoconazole", "cyp3a4-inhibitor", true),
        ("ketoconazole", "cyp3a4-moderate-inhibitor", false),
        ("fluconazole", "cyp3a4-strong-inhibitor", false),
        ("fluconazole", "cyp3a4-moderate-or-strong-inhibitor", true),
        ("Rifampin", "cyp3a4-strong-inducer", true),
        ("rifampicin", "cyp3a4-inhibitor", false),
        ("St. John's wort", "cyp3a4-strong-inducer", true),
        ("phenytoin", "enzyme-inducing-anticonvulsant", true),
        ("levetiracetam", "enzyme-inducing-anticonvulsant", false),
        ("prednisone", "immunosuppressant", true),
        ("fluticasone", "corticosteroid", false),
        ("warfarin", "anticoagulant", true),
        ("aspirin", "anticoagulant", false),
        ("ASA", "antiplatelet", true),
        ("omeprazole", "acid-reducing-agent", true),
        ("filgrastim", "growth-factor", true),
        ("amlodipine", "cyp3a4-inhibitor", false),
        ("citalopram", "qt-prolonging", true),
    ];
    for (name, id, expected) in cases {
        let row = medication_by_name(name).unwrap_or_else(|| panic!("no medicine `{name}`"));
        let class = class_by_id(id).unwrap_or_else(|| panic!("no class `{id}`"));
        assert_eq!(is_in_class(row, class), expected, "{name} in {id}");
    }
}

#[test]
fn anticancer_drugs_carry_classes_of_medicines() {
    for (name, id, expected) in [
        ("tucatinib", "cyp3a4-strong-inhibitor", true),
        ("ribociclib", "qt-prolonging", true),
        ("everolimus", "immunosuppressant", true),
        ("letrozole", "cyp3a4-inhibitor", false),
    ] {
        let drug = drugs::drug_by_name(name).unwrap_or_else(|| panic!("no drug `{name}`"));
        let class = class_by_id(id).unwrap_or_else(|| panic!("no class `{id}`"));
        assert_eq!(drug_is_in_class(drug, class), expected, "{name} in {id}");
    }
}

#[test]
fn finds_classes_by_the_wordings_of_texts() {
    for (wording, id) in [
        ("strong CYP3A4 inhibitor", "cyp3a4-strong-inhibitor"),
        ("potent CYP3A inhibitor", "cyp3a4-strong-inhibitor"),
        ("strong inhibitor of CYP3A4", "cyp3a4-strong-inhibitor"),
        ("PPI", "proton-pump-inhibitor"),
        ("live attenuated vaccine", "live-vaccine"),
    ] {
        assert_eq!(class_by_name(wording), class_by_id(id), "{wording}");
    }
}
