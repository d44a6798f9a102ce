//! Concepts: every thing that the vocabulary names, by its place in its file.

use crate::lexicon::{biomarkers, cancers, conditions, drugs, labs, medications, open_facts, procedures, sites, units};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// A thing that the vocabulary names. The number is the row of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Concept {
    /// An anticancer drug.
    Drug(u16),
    /// A class of anticancer treatment.
    DrugClass(u16),
    /// Another medicine.
    Medication(u16),
    /// A class of other medicines.
    MedicationClass(u16),
    /// A gene or marker.
    Biomarker(u16),
    /// A laboratory or functional test.
    Lab(u16),
    /// Several tests named together (`ALT/AST`).
    LabGroup(u16),
    /// A unit of measurement.
    Unit(u16),
    /// A site of metastasis.
    Site(u16),
    /// A disease or finding other than the cancer under study.
    Condition(u16),
    /// Surgery, radiotherapy, transplantation.
    Procedure(u16),
    /// A tumour type.
    Cancer(u16),
    /// A fact that no field of the profile holds.
    OpenFact(u16),
}

/// The UCUM code of a unit concept.
pub fn unit(row: u16) -> &'static str {
    static CODES: OnceLock<Vec<&'static str>> = OnceLock::new();
    let codes = CODES.get_or_init(|| units::spellings().map(|(_, ucum)| ucum).collect());
    codes.get(usize::from(row)).copied().unwrap_or("1")
}

fn each_deficiency(add: &mut impl FnMut(&str, bool, Concept)) {
    for (index, row) in conditions::all().iter().enumerate().filter(|(_, row)| row.id.contains("deficiency")) {
        let concept = Concept::Condition(index as u16);
        add(&row.id, false, concept);
        row.aliases.iter().for_each(|alias| add(alias, false, concept));
        row.abbreviations.iter().for_each(|short| add(short, true, concept));
    }
}

/// Calls `add(wording, exact_case, concept)` for every wording of every file. Earlier files win where two share a wording.
pub fn each(mut add: impl FnMut(&str, bool, Concept)) {
    macro_rules! rows {
        ($rows:expr, $concept:path, $($name:ident)?) => {
            for (index, row) in $rows.iter().enumerate() {
                $(add(&row.$name, false, $concept(index as u16));)?
                for alias in &row.aliases {
                    add(alias, false, $concept(index as u16));
                }
                for abbreviation in &row.abbreviations {
                    add(abbreviation, true, $concept(index as u16));
                }
            }
        };
    }
    rows!(drugs::all_drugs(), Concept::Drug, id);
    rows!(drugs::all_classes(), Concept::DrugClass,);
    rows!(labs::all(), Concept::Lab, id);
    rows!(labs::groups(), Concept::LabGroup, id);
    // Diseases before genes ("dihydropyrimidine dehydrogenase deficiency"); tumours are cancers first.
    each_deficiency(&mut add);
    for (index, row) in biomarkers::all().iter().enumerate() {
        // Receptors are cues; genes whose symbols are English words count in capitals alone.
        if row.kind == biomarkers::BiomarkerKind::Receptor {
            continue;
        }
        let concept = Concept::Biomarker(index as u16);
        add(&row.id, biomarkers::is_capitals_only(row), concept);
        row.aliases.iter().for_each(|alias| add(alias, false, concept));
        row.abbreviations.iter().for_each(|short| add(short, true, concept));
    }
    for (index, row) in sites::all().iter().enumerate().filter(|(_, row)| row.id != "other") {
        let concept = Concept::Site(index as u16);
        add(&row.id.replace('_', " "), false, concept);
        row.aliases.iter().for_each(|alias| add(alias, false, concept));
        row.abbreviations.iter().for_each(|short| add(short, true, concept));
    }
    rows!(procedures::all(), Concept::Procedure, id);
    rows!(cancers::all(), Concept::Cancer, id);
    rows!(conditions::all(), Concept::Condition, id);
    rows!(medications::all_medications(), Concept::Medication, id);
    rows!(medications::all_classes(), Concept::MedicationClass,);
    rows!(open_facts::all(), Concept::OpenFact,);
    for (index, (spelling, _)) in units::spellings().enumerate() {
        add(spelling, false, Concept::Unit(index as u16));
    }
    // Made wordings come last: a written one stands for what its row says.
    for (index, class) in drugs::all_classes().iter().enumerate() {
        drugs::wordings_of_targets(class).for_each(|wording| add(&wording, false, Concept::DrugClass(index as u16)));
    }
}
