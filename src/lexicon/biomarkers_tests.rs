//! What the biomarkers must say, one row a fact.

use super::*;

fn row(name: &str) -> &'static Biomarker {
    &all()[by_name(name).unwrap_or_else(|| panic!("no biomarker `{name}`"))]
}

#[test]
fn finds_a_biomarker_by_any_spelling() {
    let cases = [
        ("PIK3CA", "PIK3CA"),
        ("pi3kca", "PIK3CA"),
        ("p53", "TP53"),
        ("c-MET", "MET"),
        ("MET", "MET"),
        ("EGFR", "EGFR"),
        ("BRCA", "BRCA1/2"),
        ("BRCA 1 or 2", "BRCA1/2"),
        ("NTRK gene fusion", "NTRK"),
        ("microsatellite instability", "MSI"),
        ("ki67", "Ki-67"),
        ("HLA-A*0201", "HLA-A*02:01"),
        ("androgen receptor", "AR"),
        ("Nectin4", "Nectin-4"),
        ("human epidermal growth factor receptor 2", "HER2"),
    ];
    for (name, id) in cases {
        assert_eq!(row(name).id, id, "{name}");
    }
}

#[test]
fn common_words_and_laboratory_values_are_no_genes() {
    for word in ["met", "eGFR", "ar", "er", "kit", "pole", "ret", "", "gene"] {
        assert_eq!(by_name(word), None, "{word}");
    }
}

#[test]
fn groups_name_their_members() {
    assert_eq!(row("PI3K pathway").members, ["PIK3CA", "AKT1", "PTEN"]);
    assert_eq!(row("BRCA1/2").members, ["BRCA1", "BRCA2"]);
    assert!(row("PIK3CA").members.is_empty());
}

#[test]
fn every_row_asks_a_question() {
    for row in all() {
        assert!(row.question.ends_with('?'), "{}: `{}`", row.id, row.question);
    }
}

#[test]
fn kinds_are_those_of_the_symbols() {
    let cases = [
        ("PIK3CA", BiomarkerKind::Gene),
        ("TMB", BiomarkerKind::Marker),
        ("AR", BiomarkerKind::Receptor),
        ("HLA-A2", BiomarkerKind::Hla),
    ];
    for (name, kind) in cases {
        assert_eq!(row(name).kind, kind, "{name}");
    }
}
