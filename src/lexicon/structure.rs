//! Words that build the structure of a text: of titles, of subjects, of sentences.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// A list of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Words {
    /// What a title above a list is made of that asks nothing itself.
    Title,
    /// Words that name people.
    Person,
    /// Verbs that end a course of treatment.
    Ended,
    /// Words that open a sentence and tie it to the one before.
    Opening,
    /// How a sentence begins that only gives examples.
    Examples,
    /// What stands beside the name of a cohort in a title that says nothing else.
    CohortTitle,
    /// Stages of entering a trial.
    StageTitle,
    /// What is done to a test or a record.
    Procedure,
}

#[derive(Deserialize)]
struct Row {
    list: Words,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    words: Vec<Row>,
}

fn all() -> &'static BTreeSet<(Words, String)> {
    static ALL: OnceLock<BTreeSet<(Words, String)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let rows = toml::from_str::<File>(include_str!("structure.toml")).map(|f| f.words).unwrap_or_default();
        rows.into_iter().flat_map(|row| row.words.into_iter().map(move |word| (row.list, word))).collect()
    })
}

/// Whether a list holds a folded word.
pub fn holds(list: Words, word: &str) -> bool {
    all().contains(&(list, word.to_owned()))
}

/// Whether a list holds every word of a folded phrase.
pub fn holds_all(list: Words, phrase: &str) -> bool {
    phrase.split([' ', '-', '/']).filter(|word| !word.is_empty()).all(|word| holds(list, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read() {
        for list in [
            Words::Title,
            Words::Person,
            Words::Ended,
            Words::Opening,
            Words::Examples,
            Words::CohortTitle,
            Words::StageTitle,
            Words::Procedure,
        ] {
            assert!(all().iter().any(|(l, _)| *l == list), "{list:?}");
        }
        assert!(holds_all(Words::Title, "laboratory criteria"));
        assert!(!holds_all(Words::Title, "laboratory mice"));
    }
}
