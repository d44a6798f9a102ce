//! Anticancer drugs (and the bone agents that are listed with them) and the classes that they fall into.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::ancestry::Ancestry;
use super::treatment_names::Names;

/// The class of everything that no regulator has registered; membership follows from [`Drug::approved`].
pub const INVESTIGATIONAL: &str = "investigational-agent";

/// One drug.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drug {
    /// International nonproprietary name, lower case; the code of a drug that has no name yet.
    pub id: String,
    /// The most specific classes; those above follow from [`DrugClass::parents`].
    pub classes: Vec<String>,
    /// Brands, codes and other spellings, lower case.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Short spellings that count only with their capitals (`SG`).
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// Of a fixed combination, the identifiers of the drugs in it.
    #[serde(default)]
    pub components: Vec<String>,
    /// Terminal elimination half-life in hours, where a label or a review gives one; the upper end of a range.
    #[serde(default)]
    pub half_life_hours: Option<f64>,
    /// Whether a regulator somewhere has registered it, for whatever indication.
    pub approved: bool,
    /// Classes of [`super::medications`] that it falls into as well, as an inhibitor or substrate of enzymes.
    #[serde(default)]
    pub medication_classes: Vec<String>,
    /// Where the row comes from.
    pub source: String,
}

/// One class of drugs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrugClass {
    /// Identifier (`her2-adc`).
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Identifiers of the classes directly above.
    #[serde(default)]
    pub parents: Vec<String>,
    /// Wordings of eligibility texts, lower case, without the plural `s`.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Short spellings that count only with their capitals (`ET`).
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// Names of what the drugs of the class are directed against; the wordings "anti-X", "X-targeted therapy", "agent
    /// directed against X" and the like follow from them.
    #[serde(default)]
    pub targets: Vec<String>,
    /// Whether a drug of this class makes a line of therapy of its own.
    #[serde(default = "yes")]
    pub line: bool,
    /// Where the row comes from.
    pub source: String,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct DrugFile {
    #[serde(default)]
    drug: Vec<Drug>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct ClassFile {
    #[serde(default)]
    class: Vec<DrugClass>,
}

#[derive(Default)]
struct Lexicon {
    drugs: Vec<Drug>,
    classes: Vec<DrugClass>,
    drug_names: Names,
    class_names: Names,
    class_ids: BTreeMap<String, usize>,
    ancestry: Ancestry,
    classes_of_drug: Vec<Vec<usize>>,
    parts_of_drug: Vec<Vec<usize>>,
}

fn parse() -> Result<(Vec<Drug>, Vec<DrugClass>), toml::de::Error> {
    let drugs: DrugFile = toml::from_str(include_str!("drugs.toml"))?;
    let classes: ClassFile = toml::from_str(include_str!("drug_classes.toml"))?;
    Ok((drugs.drug, classes.class))
}

/// The wordings that follow from the targets of a class.
pub(super) fn wordings_of_targets(class: &DrugClass) -> impl Iterator<Item = String> {
    class.targets.iter().flat_map(|target| aimed_at(target))
}

/// The ways of saying that a treatment is directed against a target.
fn aimed_at(target: &str) -> Vec<String> {
    const NOUNS: &[&str] = &["", " agent", " drug", " therapy", " treatment"];
    const WAYS: &[&str] = &["targeted", "targeting", "directed", "target"];
    const BEFORE: &[&str] = &[
        "targeting",
        "targeted to",
        "targeted against",
        "directed against",
        "directed to",
        "directed at",
        "that target",
    ];
    let mut out = Vec::new();
    for noun in NOUNS {
        out.push(format!("anti-{target}{noun}"));
        if !noun.is_empty() {
            out.extend(WAYS.iter().map(|way| format!("{target} {way}{noun}")));
            out.extend(BEFORE.iter().map(|way| format!("{} {way} {target}", noun.trim_start())));
        }
    }
    for noun in
        ["inhibitor", "inhibiting agent", "pathway inhibitor", "blocker", "antagonist", "pathway targeting agent"]
    {
        out.push(format!("{target} {noun}"));
    }
    for way in ["antibody", "antibodies", "monoclonal antibody", "monoclonal antibodies", "mab"] {
        out.push(format!("anti-{target} {way}"));
    }
    out
}

fn build(drugs: Vec<Drug>, classes: Vec<DrugClass>) -> Lexicon {
    let mut lexicon = Lexicon::default();
    for (row, drug) in drugs.iter().enumerate() {
        lexicon.drug_names.add(&drug.id, row);
        drug.aliases.iter().for_each(|alias| lexicon.drug_names.add(alias, row));
        drug.abbreviations.iter().for_each(|short| lexicon.drug_names.add_abbreviation(short, row));
    }
    for (row, class) in classes.iter().enumerate() {
        lexicon.class_names.add(&class.name, row);
        class.aliases.iter().for_each(|alias| lexicon.class_names.add(alias, row));
        class.abbreviations.iter().for_each(|short| lexicon.class_names.add_abbreviation(short, row));
        wordings_of_targets(class).for_each(|wording| lexicon.class_names.add(&wording, row));
        lexicon.class_ids.insert(class.id.clone(), row);
    }
    let ids: BTreeMap<&str, usize> = classes.iter().enumerate().map(|(row, class)| (class.id.as_str(), row)).collect();
    lexicon.ancestry = Ancestry::new(&ids, classes.iter().map(|class| class.parents.as_slice()));
    lexicon.classes_of_drug = drugs
        .iter()
        .map(|drug| {
            let investigational = (!drug.approved).then_some(INVESTIGATIONAL);
            let direct = drug.classes.iter().map(String::as_str).chain(investigational);
            lexicon.ancestry.union(direct.filter_map(|id| ids.get(id).copied()))
        })
        .collect();
    lexicon.parts_of_drug = drugs
        .iter()
        .enumerate()
        .map(|(row, drug)| {
            let parts: Vec<usize> = drug.components.iter().filter_map(|id| lexicon.drug_names.find(id)).collect();
            if parts.is_empty() { vec![row] } else { parts }
        })
        .collect();
    lexicon.drugs = drugs;
    lexicon.classes = classes;
    lexicon
}

fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    // The files are part of the program and a test parses them, so the empty default is never seen by a user.
    LEXICON.get_or_init(|| parse().map(|(drugs, classes)| build(drugs, classes)).unwrap_or_default())
}

/// Lists all drugs, sorted by identifier.
#[must_use]
pub fn all_drugs() -> &'static [Drug] {
    &lexicon().drugs
}

/// Lists all classes, sorted by identifier.
#[must_use]
pub fn all_classes() -> &'static [DrugClass] {
    &lexicon().classes
}

/// Finds a drug by its name or by any alias, without regard to case, hyphens and blanks; abbreviations count only with
/// their capitals.
#[must_use]
pub fn drug_by_name(name: &str) -> Option<usize> {
    lexicon().drug_names.find(name)
}

/// Finds a class by its identifier.
#[must_use]
pub fn class_by_id(id: &str) -> Option<usize> {
    lexicon().class_ids.get(id).copied()
}

/// Finds a class by its name or by any alias, as [`drug_by_name`] does.
#[must_use]
pub fn class_by_name(name: &str) -> Option<usize> {
    lexicon().class_names.find(name)
}

/// Tells whether a drug belongs to a class, directly or through the classes between.
#[must_use]
pub fn is_in_class(drug: usize, class: usize) -> bool {
    classes_of(drug).binary_search(&class).is_ok()
}

/// Lists the drugs that a name stands for: those in it for a fixed combination (`phesgo`), else the drug itself.
#[must_use]
pub fn components_of(drug: usize) -> &'static [usize] {
    lexicon().parts_of_drug.get(drug).map_or(&[], Vec::as_slice)
}

/// Lists all classes of a drug, those above included, sorted.
#[must_use]
pub fn classes_of(drug: usize) -> &'static [usize] {
    lexicon().classes_of_drug.get(drug).map_or(&[], Vec::as_slice)
}

/// Tells whether one class is the other or lies under it.
#[must_use]
pub fn class_is_a(child: usize, parent: usize) -> bool {
    lexicon().ancestry.is_a(child, parent)
}

/// Tells whether a drug can make a line of therapy: it is an anticancer drug, and none of its classes says otherwise
/// (suppression of the ovaries does).
#[must_use]
pub fn makes_a_line(drug: usize) -> bool {
    let lexicon = lexicon();
    let anticancer = class_by_id("anticancer-therapy").is_some_and(|class| is_in_class(drug, class));
    anticancer && classes_of(drug).iter().all(|&class| lexicon.classes.get(class).is_some_and(|class| class.line))
}

#[cfg(test)]
#[path = "drugs_tests.rs"]
mod tests;
