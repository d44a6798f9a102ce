use super::*;

/// The tumour mutational burden has no UCUM code; the profile's own word is kept.
const NOT_UCUM: [&str; 1] = ["mut/Mb"];

#[test]
fn the_file_is_read_and_every_spelling_means_one_unit() -> Result<(), toml::de::Error> {
    let rows = parse()?.unit;
    assert!(rows.len() > 50);
    assert!(rows.windows(2).all(|pair| pair[0].ucum < pair[1].ucum), "sorted by code");
    let mut claimed = BTreeMap::new();
    for row in &rows {
        assert!(!row.source.is_empty(), "{}", row.ucum);
        assert!(NOT_UCUM.contains(&row.ucum.as_str()) || octofhir_ucum::validate(&row.ucum).is_ok(), "{}", row.ucum);
        for spelling in &row.spellings {
            assert_eq!(spelling, &spelling.to_lowercase());
            if let Some(other) = claimed.insert(fold(spelling), &row.ucum) {
                assert_eq!(other, &row.ucum, "{spelling}");
            }
        }
    }
    Ok(())
}

#[test]
fn spellings_of_the_registries() {
    for (spelling, ucum) in [
        ("/mm^3", "/mm3"),
        ("cells/mm³", "/mm3"),
        ("/mcL", "/uL"),
        ("/μL", "/uL"),
        ("K/uL", "10*3/uL"),
        ("x 10^9/L", "10*9/L"),
        ("x 109/L", "10*9/L"),
        ("×10⁹ / L", "10*9/L"),
        ("10e9/l", "10*9/L"),
        ("10*9/L", "10*9/L"),
        ("x 10^3/µL", "10*3/uL"),
        ("gm/dL", "g/dL"),
        ("µmol/L", "umol/L"),
        ("mL/min/1.73 m^2", "mL/min/{1.73_m2}"),
        ("msec", "ms"),
        ("mmHg", "mm[Hg]"),
        ("IU/L", "[IU]/L"),
        ("weeks", "wk"),
        ("copies/mL", "{copies}/mL"),
        ("micromoles/L", "umol/L"),
    ] {
        assert_eq!(ucum_of(spelling), Some(ucum), "{spelling}");
    }
    assert_eq!(ucum_of("furlongs"), None);
}

#[test]
fn values_in_the_unit_of_their_test() {
    for (value, unit, lab, expected) in [
        (10.0, "mg/dL", "creatinine", 884.0),
        (1.5, "mg/dL", "total bilirubin", 25.65),
        (1500.0, "/mm3", "absolute neutrophil count", 1.5),
        (1.5, "10*3/uL", "absolute neutrophil count", 1.5),
        (1.5, "x 109/L", "absolute neutrophil count", 1.5),
        (100.0, "K/uL", "platelet count", 100.0),
        (100_000.0, "/uL", "platelet count", 100.0),
        (90.0, "g/L", "hemoglobin", 9.0),
        (5.59, "mmol/L", "hemoglobin", 9.0),
        (140.0, "mg/dL", "fasting plasma glucose", 7.77),
        (47.5, "mmol/mol", "hemoglobin A1c", 6.5),
        (10.0, "mg/dL", "calcium", 2.495),
        (5.0, "meq/L", "calcium", 2.5),
        (2.0, "mg/dL", "magnesium", 0.823),
        (1.4, "meq/L", "magnesium", 0.7),
        (3.5, "meq/L", "potassium", 3.5),
        (3.0, "g/dL", "albumin", 30.0),
        (40.0, "[IU]/L", "alanine aminotransferase", 40.0),
        (60.0, "mL/min/{1.73_m2}", "creatinine clearance", 60.0),
        (1.0, "mL/s", "creatinine clearance", 60.0),
        (0.48, "s", "QTcF", 480.0),
        (40.0, "m[IU]/mL", "follicle stimulating hormone", 40.0),
        (73.0, "pmol/L", "estradiol", 19.89),
        (500.0, "mg/(24.h)", "urine protein", 0.5),
    ] {
        let found = labs::by_name(lab).and_then(|index| convert(value, unit, index));
        assert!(found.is_some_and(|found| (found / expected - 1.0).abs() < 2e-3), "{value} {unit} of {lab}: {found:?}");
    }
}

#[test]
fn units_that_cannot_be_compared() {
    for (unit, lab) in [
        ("mmol/L", "platelet count"),
        ("10*9/L", "potassium"),
        ("mg/dL", "alanine aminotransferase"),
        ("U/L", "creatinine"),
        ("meq/L", "creatinine"),
        ("nonsense", "creatinine"),
    ] {
        assert_eq!(labs::by_name(lab).and_then(|index| convert(1.0, unit, index)), None, "{unit} of {lab}");
    }
}

#[test]
fn every_written_spelling_is_read_as_the_unit_it_is_listed_under() {
    assert!(spellings().count() > 3000);
    for (spelling, ucum) in spellings() {
        assert_eq!(ucum_of(spelling), Some(ucum), "{spelling}");
        assert_eq!(read_unit(&format!(" {spelling}, then")).map(|found| found.1), Some(ucum), "{spelling}");
    }
}

#[test]
fn reads_the_unit_at_the_start_of_a_text() {
    for (text, length, ucum) in [
        (" x 10^9 /L; platelets", 10, "10*9/L"),
        ("mg/dL.", 5, "mg/dL"),
        ("K/uL (within 7 days)", 4, "10*3/uL"),
        ("mL/min/1.73 m2 or", 14, "mL/min/{1.73_m2}"),
        ("mL/min or", 6, "mL/min"),
        ("% of cells", 1, "%"),
        ("\u{b5}mol/L", 7, "umol/L"),
    ] {
        assert_eq!(read_unit(text), Some((length, ucum)), "{text}");
    }
    for text in ["minor surgery", "lesions", "", "x ULN", "of 3"] {
        assert_eq!(read_unit(text), None, "{text}");
    }
}
