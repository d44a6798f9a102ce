//! The questions that settle trials: their wording for a nurse, the test for an oncologist, and the answers, as data.

use serde::Deserialize;
use serde_json::Value;
use std::sync::OnceLock;

/// What a question asks for, and so where its answers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asks {
    /// One fact; the row holds the answers.
    Stated,
    /// Tests of one sample or examination; `members` names them, none means any other test, one question each.
    Labs,
    /// Genes and markers of one test of the tumour.
    Tumour,
    /// Genes of one test of the germline.
    Germline,
    /// Whether the list of conditions is complete.
    Conditions,
    /// The state, grade and dates of a condition that is listed.
    Entry,
    /// Side effects of earlier treatment that are left.
    Toxicity,
    /// Whether the list of medicines is complete.
    Medications,
    /// Vaccinations.
    Vaccines,
    /// A medicine that was ever taken.
    EverTaken,
    /// Whether the list of allergies is complete.
    Allergies,
    /// A fact that the profile states under its own name alone.
    Named,
}

/// One answer that a row holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerRow {
    /// The answer in words.
    pub say: String,
    /// The facts that it adds, in the shape of a profile.
    pub facts: Value,
}

/// One row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionRow {
    /// Its name in outputs.
    pub id: String,
    /// What it asks for.
    pub asks: Vec<Asks>,
    /// The tests or genes that it covers, by the names of their rows.
    #[serde(default)]
    pub members: Vec<String>,
    /// Asked only where the profile states nothing at this path.
    #[serde(default)]
    pub absent: Option<String>,
    /// The question in plain words; `{name}` is what it is about.
    pub nurse: String,
    /// The test to order, or where to look; `{members}` are the tests with the values that they must reach.
    pub order: String,
    /// The usual answer in words, where the row does not hold its answers.
    #[serde(default)]
    pub usual: Option<String>,
    /// Its answers, the usual one first.
    #[serde(default, rename = "answer")]
    pub answers: Vec<AnswerRow>,
    /// Where the row comes from.
    pub source: String,
}

impl QuestionRow {
    /// Whether it asks for this.
    pub fn asks(&self, what: Asks) -> bool {
        self.asks.contains(&what)
    }
}

#[derive(Deserialize)]
struct File {
    question: Vec<QuestionRow>,
}

/// Lists all rows in the order in which equal questions are asked. An unreadable file yields none, which the tests catch.
pub fn all() -> &'static [QuestionRow] {
    static ROWS: OnceLock<Vec<QuestionRow>> = OnceLock::new();
    ROWS.get_or_init(|| {
        toml::from_str::<File>(include_str!("questions.toml")).map(|file| file.question).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{biomarkers, labs};
    use std::collections::BTreeSet;

    #[test]
    fn rows_are_whole_and_name_what_exists() {
        assert!(all().len() > 20);
        let mut ids = BTreeSet::new();
        let mut members = BTreeSet::new();
        for row in all() {
            assert!(ids.insert(&row.id), "{} stands twice", row.id);
            assert!(row.nurse.ends_with('?') && !row.order.is_empty() && !row.source.is_empty(), "{}", row.id);
            assert_eq!(row.asks(Asks::Stated), row.answers.len() > 1, "{}", row.id);
            for member in &row.members {
                assert!(members.insert(member), "{member} stands twice");
                let known = match row.asks.as_slice() {
                    [Asks::Labs] => labs::all().iter().any(|lab| lab.id == *member),
                    _ => biomarkers::all().iter().any(|marker| marker.id == *member),
                };
                assert!(known, "{}: {member}", row.id);
            }
        }
    }
}
