//! Genes, tumour markers and tissue types that trials ask for.

use std::sync::OnceLock;

use serde::Deserialize;

use super::treatment_names::Names;

/// What a biomarker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BiomarkerKind {
    /// A gene, whose alterations are reported.
    Gene,
    /// A measured marker: a protein, a signature, a score.
    Marker,
    /// A receptor of the profile's `receptors`.
    Receptor,
    /// A tissue type (human leukocyte antigen).
    Hla,
}

/// One biomarker, or a group of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Biomarker {
    /// The symbol as it is printed (`PIK3CA`).
    pub id: String,
    /// What it is.
    pub kind: BiomarkerKind,
    /// Other spellings, lower case.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Short spellings that count only with their capitals (`AR`).
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// Of a group (`BRCA1/2`), the identifiers that it stands for; any of them meets it.
    #[serde(default)]
    pub members: Vec<String>,
    /// What to ask when the profile does not state it.
    pub question: String,
    /// Where the row comes from.
    pub source: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    biomarker: Vec<Biomarker>,
}

#[derive(Default)]
struct Lexicon {
    rows: Vec<Biomarker>,
    names: Names,
}

fn parse() -> Result<Vec<Biomarker>, toml::de::Error> {
    Ok(toml::from_str::<File>(include_str!("biomarkers.toml"))?.biomarker)
}

fn build(rows: Vec<Biomarker>) -> Lexicon {
    let mut names = Names::default();
    for (index, row) in rows.iter().enumerate() {
        if is_capitals_only(row) {
            names.add_abbreviation(&row.id, index);
        } else {
            names.add(&row.id, index);
        }
        row.aliases.iter().for_each(|alias| names.add(alias, index));
        row.abbreviations.iter().for_each(|short| names.add_abbreviation(short, index));
    }
    Lexicon { rows, names }
}

/// Tells whether the symbol itself counts only with its capitals, since it is a common word otherwise (`MET`): such a
/// row repeats its symbol among the abbreviations.
#[must_use]
pub fn is_capitals_only(row: &Biomarker) -> bool {
    row.abbreviations.contains(&row.id)
}

fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    // The file is part of the program and a test parses it, so the empty default is never seen by a user.
    LEXICON.get_or_init(|| parse().map(build).unwrap_or_default())
}

/// Lists all biomarkers, sorted by identifier.
#[must_use]
pub fn all() -> &'static [Biomarker] {
    &lexicon().rows
}

/// Finds a biomarker by its symbol or by any alias, without regard to case, hyphens and blanks; abbreviations count
/// only with their capitals.
#[must_use]
pub fn by_name(name: &str) -> Option<usize> {
    lexicon().names.find(name)
}

#[cfg(test)]
#[path = "biomarkers_tests.rs"]
mod tests;
