//! Medicines other than anticancer drugs, and their classes: interactions, immune suppression, bleeding, QT.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::ancestry::Ancestry;
use super::drugs;
use super::treatment_names::Names;

/// One medicine.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Medication {
    /// International nonproprietary name, lower case.
    pub id: String,
    /// The most specific classes; those above follow from [`MedicationClass::parents`].
    pub classes: Vec<String>,
    /// Brands and other spellings, lower case.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Short spellings that count only with their capitals.
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// Where the row comes from.
    pub source: String,
}

/// One class of medicines.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MedicationClass {
    /// Identifier (`cyp3a4-strong-inhibitor`).
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Identifiers of the classes directly above.
    #[serde(default)]
    pub parents: Vec<String>,
    /// Wordings of eligibility texts, lower case, without the plural `s`.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Short spellings that count only with their capitals (`PPI`).
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// Where the row comes from.
    pub source: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct MedicationFile {
    #[serde(default)]
    medication: Vec<Medication>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct ClassFile {
    #[serde(default)]
    class: Vec<MedicationClass>,
}

#[derive(Default)]
struct Lexicon {
    medications: Vec<Medication>,
    classes: Vec<MedicationClass>,
    medication_names: Names,
    class_names: Names,
    class_ids: BTreeMap<String, usize>,
    ancestry: Ancestry,
    classes_of_medication: Vec<Vec<usize>>,
    classes_of_drug: Vec<Vec<usize>>,
}

fn parse() -> Result<(Vec<Medication>, Vec<MedicationClass>), toml::de::Error> {
    let medications: MedicationFile = toml::from_str(include_str!("medications.toml"))?;
    let classes: ClassFile = toml::from_str(include_str!("medication_classes.toml"))?;
    Ok((medications.medication, classes.class))
}

fn build(medications: Vec<Medication>, classes: Vec<MedicationClass>) -> Lexicon {
    let mut lexicon = Lexicon::default();
    for (row, medication) in medications.iter().enumerate() {
        lexicon.medication_names.add(&medication.id, row);
        medication.aliases.iter().for_each(|alias| lexicon.medication_names.add(alias, row));
        medication.abbreviations.iter().for_each(|short| lexicon.medication_names.add_abbreviation(short, row));
    }
    for (row, class) in classes.iter().enumerate() {
        lexicon.class_names.add(&class.name, row);
        class.aliases.iter().for_each(|alias| lexicon.class_names.add(alias, row));
        class.abbreviations.iter().for_each(|short| lexicon.class_names.add_abbreviation(short, row));
        lexicon.class_ids.insert(class.id.clone(), row);
    }
    let ids: BTreeMap<&str, usize> = classes.iter().enumerate().map(|(row, class)| (class.id.as_str(), row)).collect();
    lexicon.ancestry = Ancestry::new(&ids, classes.iter().map(|class| class.parents.as_slice()));
    let closure =
        |direct: &[String]| lexicon.ancestry.union(direct.iter().filter_map(|id| ids.get(id.as_str()).copied()));
    lexicon.classes_of_medication = medications.iter().map(|medication| closure(&medication.classes)).collect();
    lexicon.classes_of_drug = drugs::all_drugs().iter().map(|drug| closure(&drug.medication_classes)).collect();
    lexicon.medications = medications;
    lexicon.classes = classes;
    lexicon
}

fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    // The files are part of the program and a test parses them, so the empty default is never seen by a user.
    LEXICON.get_or_init(|| parse().map(|(medications, classes)| build(medications, classes)).unwrap_or_default())
}

/// Lists all medicines, sorted by identifier.
#[must_use]
pub fn all_medications() -> &'static [Medication] {
    &lexicon().medications
}

/// Lists all classes, sorted by identifier.
#[must_use]
pub fn all_classes() -> &'static [MedicationClass] {
    &lexicon().classes
}

/// Finds a medicine by its name or by any alias, without regard to case, hyphens and blanks; abbreviations count only
/// with their capitals. Anticancer drugs are found by [`drugs::drug_by_name`] alone.
#[must_use]
pub fn medication_by_name(name: &str) -> Option<usize> {
    lexicon().medication_names.find(name)
}

/// Finds a class by its identifier.
#[must_use]
pub fn class_by_id(id: &str) -> Option<usize> {
    lexicon().class_ids.get(id).copied()
}

/// Finds a class by its name or by any alias, as [`medication_by_name`] does.
#[must_use]
pub fn class_by_name(name: &str) -> Option<usize> {
    lexicon().class_names.find(name)
}

/// Tells whether a medicine belongs to a class, directly or through the classes between.
#[must_use]
pub fn is_in_class(medication: usize, class: usize) -> bool {
    classes_of(medication).binary_search(&class).is_ok()
}

/// Lists all classes of a medicine, those above included, sorted.
#[must_use]
pub fn classes_of(medication: usize) -> &'static [usize] {
    lexicon().classes_of_medication.get(medication).map_or(&[], Vec::as_slice)
}

/// Tells whether an anticancer drug (an index of [`drugs::all_drugs`]) belongs to a class of medicines as well:
/// tucatinib is a strong inhibitor of CYP3A4.
#[must_use]
pub fn drug_is_in_class(drug: usize, class: usize) -> bool {
    lexicon().classes_of_drug.get(drug).is_some_and(|classes| classes.binary_search(&class).is_ok())
}

/// Tells whether one class is the other or lies under it.
#[must_use]
pub fn class_is_a(child: usize, parent: usize) -> bool {
    lexicon().ancestry.is_a(child, parent)
}

#[cfg(test)]
#[path = "medications_tests.rs"]
mod tests;
