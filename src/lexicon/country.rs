//! Countries: two-letter codes as profiles state them, names as registries spell them.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

#[derive(Deserialize)]
struct File {
    country: Vec<Country>,
}

/// One country.
#[derive(Clone, Debug, Deserialize)]
pub struct Country {
    /// ISO 3166-1 alpha-2 code.
    pub code: String,
    /// The name as ClinicalTrials.gov spells it.
    pub name: String,
    /// Other spellings.
    #[serde(default)]
    pub aliases: Vec<String>,
}

struct Table {
    countries: Vec<Country>,
    by_word: BTreeMap<String, usize>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        // A test holds that the bundled file parses, so the empty table is never seen.
        let countries = toml::from_str::<File>(include_str!("countries.toml")).map(|f| f.country).unwrap_or_default();
        let mut by_word = BTreeMap::new();
        for (row, country) in countries.iter().enumerate() {
            for word in [&country.code, &country.name].into_iter().chain(&country.aliases) {
                by_word.insert(word.to_lowercase(), row);
            }
        }
        Table { countries, by_word }
    })
}

/// Finds a country by code, name or other spelling, in any case.
pub fn find(word: &str) -> Option<&'static Country> {
    let table = table();
    table.by_word.get(&word.trim().to_lowercase()).and_then(|row| table.countries.get(*row))
}

/// Says whether two words name the same country; words that name none are compared as they stand.
pub fn same(one: &str, other: &str) -> bool {
    match (find(one), find(other)) {
        (Some(one), Some(other)) => one.code == other.code,
        _ => one.trim().eq_ignore_ascii_case(other.trim()),
    }
}

/// Gives the name and the other spellings of a country; a word that names none stands for itself.
pub fn spellings(word: &str) -> Vec<String> {
    match find(word) {
        Some(country) => std::iter::once(&country.name).chain(&country.aliases).cloned().collect(),
        None => vec![word.trim().to_owned()],
    }
}

/// Lists the countries, ordered by code.
pub fn all() -> &'static [Country] {
    &table().countries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_file_is_sorted_and_no_word_is_claimed_twice() {
        let countries = all();
        assert!(countries.len() > 150);
        assert!(countries.windows(2).all(|pair| pair[0].code < pair[1].code));
        let words: usize = countries.iter().map(|country| 2 + country.aliases.len()).sum();
        assert_eq!(words, table().by_word.len());
    }

    #[test]
    fn codes_and_spellings_name_one_country() {
        for (one, other, expected) in [
            ("GB", "United Kingdom", true),
            ("uk", "England", true),
            ("Turkey (Türkiye)", "TR", true),
            ("Korea, Republic of", "South Korea", true),
            ("Atlantis", "atlantis", true),
            ("GB", "IE", false),
        ] {
            assert_eq!(same(one, other), expected, "{one} {other}");
        }
    }
}
