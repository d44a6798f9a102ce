//! The nouns that name a disease where the vocabulary does not know the words before them.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    nouns: FxHashSet<String>,
    endings: Vec<String>,
    not: FxHashSet<String>,
    generic: FxHashSet<String>,
    of_the_cancer: FxHashSet<String>,
    general: FxHashSet<String>,
}

fn file() -> &'static File {
    static FILE: OnceLock<File> = OnceLock::new();
    FILE.get_or_init(|| toml::from_str(include_str!("disease_nouns.toml")).unwrap_or_default())
}

/// Tells whether a folded word is a noun that heads the name of a disease (`dysfunction`).
#[must_use]
pub fn is_noun(word: &str) -> bool {
    file().nouns.contains(word)
}

/// Tells whether a folded word names a disease by its ending (`-itis`).
#[must_use]
pub fn has_ending(word: &str) -> bool {
    let file = file();
    word.len() > 6 && file.endings.iter().any(|ending| word.ends_with(ending.as_str())) && !file.not.contains(word)
}

/// Tells whether folded words stand for any disease at all (`illness`).
#[must_use]
pub fn is_generic(words: &str) -> bool {
    file().generic.contains(words)
}

/// Tells whether a folded word makes the noun the cancer under study (`residual disease`).
#[must_use]
pub fn is_of_the_cancer(word: &str) -> bool {
    file().of_the_cancer.contains(word)
}

/// Tells whether folded words stand for any disease, or narrow it no further (`medical`, `illness`).
#[must_use]
pub fn is_general(words: &str) -> bool {
    is_generic(words) || file().general.contains(words)
}

/// Tells whether a name ends in a noun that says little (`joint disease`), so that what is listed may be meant by it.
#[must_use]
pub fn is_loose(name: &str) -> bool {
    const LOOSE: [&str; 5] = ["abnormality", "dysfunction", "impairment", "syndrome", "problem"];
    name.rsplit(' ').next().is_some_and(|last| is_generic(last) || LOOSE.contains(&last))
        || name.split(' ').any(|word| word == "of")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_diseases_from_other_words() {
        assert!(toml::from_str::<File>(include_str!("disease_nouns.toml")).is_ok());
        for (word, expected) in
            [("dysfunction", true), ("tendinitis", true), ("diagnosis", false), ("protocol", false), ("site", false)]
        {
            assert_eq!(is_noun(word) || has_ending(word), expected, "{word}");
        }
        assert!(is_generic("medical condition") && !is_generic("ulcer"));
    }
}
