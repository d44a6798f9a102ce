//! The conditions that criteria name: diseases, adverse events and findings, with what each is a kind of.
//!
//! A tumour other than breast cancer is a condition too ("other malignancy"): the rows of `cancers.toml` that
//! cannot mean breast cancer are taken in here under their own ids. Rows of other files that say `same_as`
//! lend their names to the condition they name.

use std::sync::OnceLock;

use serde::Deserialize;

use super::names::{Names, ancestors};
use super::{cancers, procedures, sites};

/// One condition of the vocabulary.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The name that readings and profiles use.
    pub id: String,
    /// What it is a kind of, by id: absent above settles absent below, present below settles present above.
    #[serde(default)]
    pub parents: Vec<String>,
    /// Other wordings, in lower case and US spelling.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Short forms, matched in the case they are written in.
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// The organ system it is listed under.
    pub group: String,
    /// Where the row comes from.
    pub source: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    condition: Vec<Condition>,
}

#[derive(Debug, Default)]
struct Table {
    rows: Vec<Condition>,
    names: Names,
    above: Vec<Vec<usize>>,
}

/// Lists every condition, sorted by id. An index into it is what the other functions take and give.
pub fn all() -> &'static [Condition] {
    &table().rows
}

/// Finds a condition by its id, an alias or an abbreviation, however it is spelt.
pub fn by_name(name: &str) -> Option<usize> {
    table().names.find(name)
}

/// Tells whether `child` is `parent` or a kind of it.
pub fn is_a(child: usize, parent: usize) -> bool {
    table().above.get(child).is_some_and(|above| above.binary_search(&parent).is_ok())
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut rows = parse().unwrap_or_default().condition;
        rows.extend(cancers::all().iter().filter(|cancer| cancer.is_condition()).map(from_cancer));
        rows.sort_by(|left, right| left.id.cmp(&right.id));
        lend_names(&mut rows);
        let mut names = Names::default();
        for (index, row) in rows.iter().enumerate() {
            names.claim(index, &row.id, &row.aliases, &row.abbreviations);
        }
        let find = |id: &String| rows.binary_search_by(|row| row.id.as_str().cmp(id.as_str())).ok();
        let parents: Vec<Vec<usize>> = rows.iter().map(|row| row.parents.iter().filter_map(find).collect()).collect();
        let above = ancestors(&parents);
        Table { rows, names, above }
    })
}

fn parse() -> Result<File, toml::de::Error> {
    toml::from_str(include_str!("conditions.toml"))
}

/// Makes the condition "has this other tumour" of a tumour type.
fn from_cancer(cancer: &cancers::Cancer) -> Condition {
    let parents = if cancer.parents.is_empty() { vec!["other malignancy".to_owned()] } else { cancer.parents.clone() };
    Condition {
        id: cancer.id.clone(),
        parents,
        aliases: cancer.aliases.clone(),
        abbreviations: cancer.abbreviations.clone(),
        group: "malignancy".to_owned(),
        source: cancer.source.clone(),
    }
}

/// Gives a condition the names of the sites and procedures that say they are the same thing.
fn lend_names(rows: &mut [Condition]) {
    let sites = sites::all().iter().map(|row| (&row.same_as, &row.aliases, &row.abbreviations));
    let procedures = procedures::all().iter().map(|row| (&row.same_as, &row.aliases, &row.abbreviations));
    for (same_as, aliases, abbreviations) in sites.chain(procedures) {
        let Some(row) = same_as.as_ref().and_then(|id| rows.iter_mut().find(|row| &row.id == id)) else { continue };
        row.aliases.extend(aliases.iter().filter(|alias| **alias != row.id).cloned());
        row.abbreviations.extend(abbreviations.iter().cloned());
    }
}

#[cfg(test)]
#[path = "conditions_tests.rs"]
mod tests;
