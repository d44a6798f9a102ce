//! The tumour types that criteria name: which of them are breast cancer, and which take it in.

use std::sync::OnceLock;

use serde::Deserialize;

use super::names::{Names, ancestors};

/// One tumour type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cancer {
    /// The name that readings use.
    pub id: String,
    /// What it is a kind of, by id, within this file.
    #[serde(default)]
    pub parents: Vec<String>,
    /// Other wordings, in lower case and US spelling.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Short forms, matched in the case they are written in.
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// Whether it is breast cancer or a kind of it.
    #[serde(default)]
    pub breast: bool,
    /// Whether breast cancer is a kind of it ("solid tumor", "malignancy").
    #[serde(default)]
    pub covers_breast: bool,
    /// Where the row comes from.
    pub source: String,
}

impl Cancer {
    /// Tells whether having it is, for a person with breast cancer, another malignancy.
    pub fn is_condition(&self) -> bool {
        !self.breast && !self.covers_breast
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    cancer: Vec<Cancer>,
}

#[derive(Debug, Default)]
struct Table {
    rows: Vec<Cancer>,
    names: Names,
    above: Vec<Vec<usize>>,
}

/// Lists every tumour type, sorted by id.
pub fn all() -> &'static [Cancer] {
    &table().rows
}

/// Finds a tumour type by its id, an alias or an abbreviation, however it is spelt.
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
        let rows = parse().unwrap_or_default().cancer;
        let mut names = Names::default();
        for (index, row) in rows.iter().enumerate() {
            names.claim(index, &row.id, &row.aliases, &row.abbreviations);
        }
        let find = |id: &String| rows.iter().position(|row| &row.id == id);
        let parents: Vec<Vec<usize>> = rows.iter().map(|row| row.parents.iter().filter_map(find).collect()).collect();
        let above = ancestors(&parents);
        Table { rows, names, above }
    })
}

fn parse() -> Result<File, toml::de::Error> {
    toml::from_str(include_str!("cancers.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read() -> Result<(), toml::de::Error> {
        assert!(parse()?.cancer.len() > 80);
        Ok(())
    }

    #[test]
    fn tells_breast_cancer_from_what_takes_it_in() {
        for (name, breast, covers) in [
            ("carcinoma of the breast", true, false),
            ("MBC", true, false),
            ("solid tumours", false, true),
            ("NSCLC", false, false),
            ("Hodgkin's lymphoma", false, false),
        ] {
            let row = by_name(name).map(|index| &all()[index]);
            assert_eq!(row.map(|row| (row.breast, row.covers_breast)), Some((breast, covers)), "{name}");
        }
    }
}
