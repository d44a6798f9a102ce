//! Facts that no field of a profile holds, and what only the clinical team can confirm, by their wordings.

use serde::Deserialize;
use std::sync::OnceLock;

/// What becomes of a phrase with such a wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Settles {
    /// The profile does not hold it: unknown, and the fact is named.
    Fact,
    /// A person confirms it beforehand (conventions 7, 20, 29, 31).
    Confirm,
    /// It is the absence of a disease ("able to swallow").
    Absence,
    /// It is the presence of a disease.
    Presence,
}

/// One row of the vocabulary.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenFactRow {
    /// The fact, as it is asked for.
    pub id: String,
    /// What becomes of it.
    pub settles: Settles,
    /// The disease that it is the absence or presence of, by the name of its row.
    #[serde(default)]
    pub condition: Option<String>,
    /// Wordings of eligibility texts, lower case, without the plural `s`.
    pub aliases: Vec<String>,
    /// Short spellings that count only with their capitals.
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// Where the row comes from.
    pub source: String,
}

#[derive(Deserialize)]
struct File {
    fact: Vec<OpenFactRow>,
}

/// Lists all rows, sorted by identifier. An unreadable file yields none, which the tests catch.
pub fn all() -> &'static [OpenFactRow] {
    static ROWS: OnceLock<Vec<OpenFactRow>> = OnceLock::new();
    ROWS.get_or_init(|| toml::from_str::<File>(include_str!("open_facts.toml")).map(|f| f.fact).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::conditions;
    use std::collections::BTreeMap;

    #[test]
    fn rows_are_sorted_name_a_source_and_claim_no_wording_twice() {
        assert!(all().len() > 60);
        assert!(all().windows(2).all(|pair| pair[0].id < pair[1].id));
        let mut seen = BTreeMap::new();
        for row in all() {
            assert!(!row.source.is_empty() && !row.aliases.is_empty(), "{}", row.id);
            let named = row.condition.as_deref().is_some_and(|name| conditions::by_name(name).is_some());
            assert_eq!(named, matches!(row.settles, Settles::Absence | Settles::Presence), "{}", row.id);
            for alias in &row.aliases {
                assert_eq!(*alias, alias.to_lowercase());
                if let Some(other) = seen.insert(alias.replace('-', " "), &row.id) {
                    panic!("{alias:?} stands under {other:?} and {:?}", row.id);
                }
            }
        }
    }
}
