//! The treatments that are no drugs: operations, radiotherapy, transplants, transfusions and the like.

use std::sync::OnceLock;

use serde::Deserialize;

use super::names::{Names, ancestors};

/// What a procedure is, in the words of the profile where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcedureKind {
    /// An operation.
    Surgery,
    /// Irradiation, from outside or within.
    Radiotherapy,
    /// A transplant of an organ or of stem cells.
    Transplant,
    /// A treatment with living cells.
    CellTherapy,
    /// Blood or its components.
    Transfusion,
    /// A biopsy, puncture or another examination.
    Diagnostic,
    /// Anything else: local ablation, embolisation, dialysis, feeding.
    Other,
}

/// One procedure.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// The name that readings use.
    pub id: String,
    /// What kind of procedure it is.
    pub kind: ProcedureKind,
    /// What it is a kind of, by id.
    #[serde(default)]
    pub parents: Vec<String>,
    /// Other wordings, in lower case and US spelling.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Short forms, matched in the case they are written in.
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// The condition that having had it also is.
    #[serde(default)]
    pub same_as: Option<String>,
    /// Where the row comes from.
    pub source: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    procedure: Vec<Procedure>,
}

#[derive(Debug, Default)]
struct Table {
    rows: Vec<Procedure>,
    names: Names,
    above: Vec<Vec<usize>>,
}

/// Lists every procedure, sorted by id.
pub fn all() -> &'static [Procedure] {
    &table().rows
}

/// Finds a procedure by its id, an alias or an abbreviation, however it is spelt.
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
        let rows = parse().unwrap_or_default().procedure;
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
    toml::from_str(include_str!("procedures.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read() -> Result<(), toml::de::Error> {
        assert!(parse()?.procedure.len() > 50);
        Ok(())
    }

    #[test]
    fn names_and_kinds() {
        for (name, id, kind) in [
            ("WBRT", "whole brain radiotherapy", ProcedureKind::Radiotherapy),
            ("stereotactic radiosurgery", "stereotactic radiotherapy", ProcedureKind::Radiotherapy),
            ("Mastectomies", "mastectomy", ProcedureKind::Surgery),
            ("PRBC transfusion", "red blood cell transfusion", ProcedureKind::Transfusion),
            ("bone marrow transplantation", "stem cell transplantation", ProcedureKind::Transplant),
        ] {
            let row = by_name(name).map(|index| &all()[index]);
            assert_eq!(row.map(|row| (row.id.as_str(), row.kind)), Some((id, kind)), "{name}");
        }
        assert_eq!(
            by_name("craniotomy").zip(by_name("surgery")).map(|(child, parent)| is_a(child, parent)),
            Some(true)
        );
    }
}
