//! The laboratory tests and measurements that criteria bound, with their unit, molar mass and the question to ask.

use std::sync::OnceLock;

use serde::Deserialize;

use super::names::Names;

/// What sort of quantity a test gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabKind {
    /// Cells or copies in a volume.
    Count,
    /// Mass or amount in a volume.
    Concentration,
    /// Enzyme activity in a volume, where `U` and `[IU]` are the same.
    Activity,
    /// A ratio without a unit, or of two masses.
    Ratio,
    /// A share in percent.
    Percent,
    /// A time.
    Time,
    /// A volume, mass or number in a time.
    Rate,
    /// A pressure.
    Pressure,
    /// A mass, length, temperature or index of the body.
    Body,
}

/// A linear conversion that neither dimension nor molar mass gives: canonical = value x factor + offset.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// The unit (UCUM) converted from.
    pub unit: String,
    /// The slope.
    pub factor: f64,
    /// What is added after it.
    #[serde(default)]
    pub offset: f64,
}

/// One laboratory test or measurement.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lab {
    /// The name that readings and profiles use.
    pub id: String,
    /// Other wordings, in lower case and US spelling.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Short forms, matched in the case they are written in.
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// The unit (UCUM) that values are compared in.
    pub unit: String,
    /// What sort of quantity it is.
    pub kind: LabKind,
    /// Molar mass in g/mol, where texts use both mass and amount.
    #[serde(default)]
    pub molar_mass: Option<f64>,
    /// Charge of the ion, where texts use equivalents.
    #[serde(default)]
    pub valence: Option<f64>,
    /// Lowest and highest figure, in `unit`, that a bound or a value can mean; outside it a slip is likely.
    pub plausible: [f64; 2],
    /// Conversions peculiar to this test.
    #[serde(default)]
    pub conversions: Vec<Conversion>,
    /// What to ask for when it is missing.
    pub question: String,
    /// Where the row comes from.
    pub source: String,
}

/// A name that means several tests ("transaminases").
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabGroup {
    /// The name that readings use.
    pub id: String,
    /// Other wordings, in lower case and US spelling.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Short forms, matched in the case they are written in.
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// The tests it means, by id.
    pub labs: Vec<String>,
    /// Where the row comes from.
    pub source: String,
}

impl LabGroup {
    /// Lists the tests of the group as indices into [`all`].
    pub fn members(&self) -> Vec<usize> {
        self.labs.iter().filter_map(|id| all().iter().position(|lab| &lab.id == id)).collect()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    lab: Vec<Lab>,
    lab_group: Vec<LabGroup>,
}

#[derive(Debug, Default)]
struct Table {
    file: File,
    names: Names,
}

/// Lists every test, sorted by id.
pub fn all() -> &'static [Lab] {
    &table().file.lab
}

/// Lists the names that mean several tests, sorted by id.
pub fn groups() -> &'static [LabGroup] {
    &table().file.lab_group
}

/// Finds a test by its id, an alias or an abbreviation, however it is spelt.
pub fn by_name(name: &str) -> Option<usize> {
    table().names.find(name)
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let file = parse().unwrap_or_default();
        let mut names = Names::default();
        for (index, row) in file.lab.iter().enumerate() {
            names.claim(index, &row.id, &row.aliases, &row.abbreviations);
        }
        Table { file, names }
    })
}

fn parse() -> Result<File, toml::de::Error> {
    toml::from_str(include_str!("labs.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read() -> Result<(), toml::de::Error> {
        let file = parse()?;
        assert!(file.lab.len() > 70);
        assert!(file.lab_group.len() > 2);
        Ok(())
    }

    #[test]
    fn units_are_ucum_and_ranges_are_ordered() {
        for lab in all() {
            assert!(octofhir_ucum::validate(&lab.unit).is_ok(), "{}: {}", lab.id, lab.unit);
            assert!(lab.plausible[0] < lab.plausible[1], "{}", lab.id);
            assert!(lab.question.ends_with('?'), "{}", lab.id);
        }
        for group in groups() {
            assert_eq!(group.members().len(), group.labs.len(), "{}", group.id);
        }
    }

    #[test]
    fn names_of_tests() {
        for (name, id) in [
            ("ANC", "absolute neutrophil count"),
            ("haemoglobin", "hemoglobin"),
            ("SGOT", "aspartate aminotransferase"),
            ("glycosylated hemoglobin", "hemoglobin A1c"),
            ("HbA1c", "hemoglobin A1c"),
            ("QTcF", "QTcF"),
            ("platelets", "platelet count"),
            ("LVEF", "left ventricular ejection fraction"),
        ] {
            assert_eq!(by_name(name).map(|index| all()[index].id.as_str()), Some(id), "{name}");
        }
    }
}
