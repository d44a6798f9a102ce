//! Which unit a figure is meant in: as written, or by its evident meaning where the registry slipped (convention 40).

use crate::lexicon::labs::{self, Lab, LabKind};
use crate::lexicon::units;

/// The range, in the canonical unit, in which criteria bound a test; narrower than what a patient's value can be.
/// Counted in the bounds of ClinicalTrials.gov breast cancer records (1st to 99th percentile, widened).
const BOUNDED: &[(&str, f64, f64)] = &[
    ("absolute neutrophil count", 0.4, 12.0),
    ("albumin", 15.0, 60.0),
    ("calcium", 1.5, 4.0),
    ("corrected calcium", 1.5, 4.0),
    ("creatinine", 40.0, 450.0),
    ("direct bilirubin", 1.5, 100.0),
    ("fasting plasma glucose", 3.0, 30.0),
    ("glucose", 3.0, 30.0),
    ("hemoglobin", 5.0, 19.0),
    ("lymphocyte count", 0.1, 10.0),
    ("platelet count", 10.0, 1000.0),
    ("total bilirubin", 8.0, 200.0),
    ("urine protein creatinine ratio", 50.0, 10000.0),
    ("white blood cell count", 1.0, 100.0),
];

/// A figure in the canonical unit of its test, and whether the unit as written was a slip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Meant {
    /// In the canonical unit.
    pub value: f64,
    /// Whether the unit as written was a slip.
    pub slip: bool,
}

/// What a figure means for a test. `None` where no unit of the test, or more than one, makes it plausible.
pub(super) fn meant(value: f64, unit: Option<&str>, lab: u16) -> Option<Meant> {
    let row = usize::from(lab);
    let test = labs::all().get(row)?;
    if let Some(unit) = unit {
        let converted = units::convert(value, unit, row);
        if let Some(converted) = converted
            && (test.plausible[0]..=test.plausible[1]).contains(&converted)
        {
            return Some(Meant { value: converted, slip: false });
        }
        // A unit of another sort of quantity says that the figure belongs to something else.
        if converted.is_none() && !slipped_dimension(unit, test) {
            return None;
        }
    } else if test.kind == LabKind::Activity && value < 20.0 {
        // "AST ≤ 2.5" is a multiple of a limit that the text forgot.
        return None;
    }
    let mut found: Option<f64> = None;
    for candidate in candidates(test) {
        let Some(converted) = units::convert(value, candidate, row) else { continue };
        if !within_bounds(test, converted) {
            continue;
        }
        match found {
            Some(other) if (other - converted).abs() > other.abs() * 0.05 => return None,
            Some(_) => {}
            None => found = Some(converted),
        }
    }
    found.map(|value| Meant { value, slip: unit.is_some() })
}

fn within_bounds(test: &Lab, value: f64) -> bool {
    let (low, high) = BOUNDED
        .iter()
        .find(|(id, _, _)| *id == test.id)
        .map_or((test.plausible[0], test.plausible[1]), |(_, low, high)| (*low, *high));
    (low..=high).contains(&value)
}

/// "1,500 mm3" for "/mm3": a volume where a count in it is meant.
fn slipped_dimension(unit: &str, test: &Lab) -> bool {
    test.kind == LabKind::Count && matches!(unit, "mm" | "mm3" | "uL" | "L" | "mL")
}

/// The units in which texts bound a test.
fn candidates(test: &'static Lab) -> Vec<&'static str> {
    let canonical = test.unit.as_str();
    let mut units = vec![canonical];
    match (test.kind, canonical) {
        (LabKind::Count, "10*9/L") => units.push("/uL"),
        (LabKind::Concentration, "g/L") => units.push("g/dL"),
        (LabKind::Concentration, "g/dL") => units.push("g/L"),
        (LabKind::Concentration, _) if test.molar_mass.is_some() => units.push("mg/dL"),
        (LabKind::Time, "ms") => units.push("s"),
        (LabKind::Ratio, "mg/g") => units.push("1"),
        _ => {}
    }
    units
}
