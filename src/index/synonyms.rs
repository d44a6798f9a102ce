//! Words that mean the same to somebody who searches.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct Table {
    group: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    words: Vec<String>,
    #[cfg_attr(not(test), allow(dead_code, reason = "the source of a row is for its readers and the tests"))]
    source: String,
}

/// The most words that an entry of the table has.
pub(super) const LONGEST_ENTRY: usize = 4;

/// Each entry with its whole group.
static TABLE: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    // The tests hold the table to its shape, so the fallback is never seen.
    let table = toml::from_str(include_str!("synonyms.toml")).unwrap_or(Table { group: Vec::new() });
    let groups = table.group.into_iter().map(|group| group.words);
    groups.flat_map(|words| words.clone().into_iter().map(move |word| (word, words.clone()))).collect()
});

/// Gives other words for a word or phrase, itself left out: `tumour` for `tumor`. Lower case, single spaces.
pub fn expand(term: &str) -> Vec<String> {
    let group = TABLE.get(term).map(Vec::as_slice).unwrap_or_default();
    group.iter().filter(|word| *word != term).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        let table: Table = toml::from_str(include_str!("synonyms.toml")).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for group in table.group {
            assert!(group.words.len() > 1 && !group.source.trim().is_empty(), "{:?}", group.words);
            for word in group.words {
                assert!(word.split(' ').all(|part| part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'))));
                assert!(word.split(' ').count() <= LONGEST_ENTRY, "{word}");
                assert!(seen.insert(word.clone()), "{word} stands twice");
            }
        }
    }

    #[test]
    fn expands_both_ways() {
        assert_eq!(expand("tumor"), ["tumour"]);
        assert!(expand("secondary").contains(&"stage iv".to_string()));
        assert!(expand("nothing of the kind").is_empty());
    }
}
