//! From the words of a person to a query. Every text is a query; none is an error.

use super::Filters;
use super::schema::{Fields, tokens};
use super::synonyms::{LONGEST_ENTRY, expand};
use tantivy::Term;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, PhraseQuery, Query, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

/// More words than this are no search; the rest is left out.
const MOST_WORDS: usize = 64;
/// A word that means the same counts a little less than the word itself.
const SYNONYM_WEIGHT: f32 = 0.8;
/// The weight of an identifier that is given in full.
const IDENTIFIER_WEIGHT: f32 = 100.0;

/// What was asked.
pub(super) struct Question {
    /// A query for each word or phrase that must be there.
    pub(super) words: Vec<Box<dyn Query>>,
    /// A query for each word or phrase that must not.
    without: Vec<Box<dyn Query>>,
}

impl Question {
    /// Reads the words of a person.
    pub(super) fn read(text: &str, fields: &Fields) -> Self {
        let mut question = Self { words: Vec::new(), without: Vec::new() };
        let mut run = Vec::new();
        for part in parts(text).into_iter().take(MOST_WORDS) {
            if part.quoted || part.excluded {
                question.take_run(&mut run, fields);
                let alternatives = [(part.text, 1.0)];
                let list = if part.excluded { &mut question.without } else { &mut question.words };
                list.extend(any_field(&alternatives, fields));
            } else {
                run.push(part.text);
            }
        }
        question.take_run(&mut run, fields);
        question
    }

    /// Takes plain words; the longest entry of the synonyms that starts at a word stands for all it covers.
    fn take_run(&mut self, run: &mut Vec<String>, fields: &Fields) {
        let words = std::mem::take(run);
        let mut rest = words.as_slice();
        while !rest.is_empty() {
            let longest = (1..=LONGEST_ENTRY.min(rest.len())).rev().find_map(|count| {
                let (entry, after) = rest.split_at_checked(count)?;
                let entry = plain(&entry.join(" "));
                let others = expand(&entry);
                (!others.is_empty()).then_some((entry, others, after))
            });
            let (entry, others) = match (longest, rest.split_first()) {
                (Some((entry, others, after)), _) => {
                    rest = after;
                    (entry, others)
                }
                (None, Some((first, after))) => {
                    rest = after;
                    (first.clone(), Vec::new())
                }
                (None, None) => return,
            };
            let mut alternatives = vec![(entry, 1.0)];
            alternatives.extend(others.into_iter().map(|other| (other, SYNONYM_WEIGHT)));
            self.words.extend(any_field(&alternatives, fields));
        }
    }

    /// Asks for the trials that hold every word.
    pub(super) fn every_word(&self) -> Box<dyn Query> {
        self.joined(Occur::Must)
    }

    /// Asks for the trials that hold any of the words.
    pub(super) fn any_word(&self) -> Box<dyn Query> {
        self.joined(Occur::Should)
    }

    fn joined(&self, occur: Occur) -> Box<dyn Query> {
        Box::new(BooleanQuery::new(self.words.iter().map(|word| (occur, word.box_clone())).collect()))
    }
}

/// Adds what must not be there and the filters; neither changes a score.
pub(super) fn narrow(found: Box<dyn Query>, question: &Question, filters: &Filters, fields: &Fields) -> BooleanQuery {
    let mut clauses = vec![(Occur::Must, found)];
    clauses.extend(question.without.iter().map(|word| (Occur::MustNot, word.box_clone())));
    for (field, values) in
        [(fields.status, &filters.statuses), (fields.country, &filters.countries), (fields.phase, &filters.phases)]
    {
        if !values.is_empty() {
            let terms = values.iter().map(|value| Term::from_field_text(field, &value.trim().to_lowercase()));
            let any: Box<dyn Query> = Box::new(TermSetQuery::new(terms));
            clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(any, 0.0))));
        }
    }
    BooleanQuery::new(clauses)
}

/// Asks for any of the alternatives in any field; the best of them counts. `None` where only stop words are left.
fn any_field(alternatives: &[(String, f32)], fields: &Fields) -> Option<Box<dyn Query>> {
    let mut queries: Vec<Box<dyn Query>> = Vec::new();
    for (text, weight) in alternatives {
        let tokens = tokens(text);
        if !tokens.is_empty() {
            let id = Term::from_field_text(fields.id, &text.trim().to_uppercase());
            queries.push(weighted(Box::new(TermQuery::new(id, IndexRecordOption::Basic)), IDENTIFIER_WEIGHT));
        }
        for (field, field_weight) in fields.texts {
            queries.extend(phrase(field, &tokens).map(|query| weighted(query, weight * field_weight)));
        }
    }
    (!queries.is_empty()).then(|| Box::new(DisjunctionMaxQuery::with_tie_breaker(queries, 0.1)) as Box<dyn Query>)
}

fn weighted(query: Box<dyn Query>, weight: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, weight))
}

/// Asks for the tokens side by side in one field.
fn phrase(field: Field, tokens: &[(usize, String)]) -> Option<Box<dyn Query>> {
    let mut terms: Vec<_> = tokens.iter().map(|(place, token)| (*place, Term::from_field_text(field, token))).collect();
    match terms.len() {
        0 => None,
        1 => {
            terms.pop().map(|(_, term)| Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>)
        }
        _ => Some(Box::new(PhraseQuery::new_with_offset(terms))),
    }
}

/// A piece of the text.
struct Part {
    text: String,
    quoted: bool,
    excluded: bool,
}

/// Splits the text at white space and quotation marks; a minus before a piece leaves it out.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut part = Part { text: String::new(), quoted: false, excluded: false };
    let mut finish = |part: &mut Part| {
        let done = std::mem::replace(part, Part { text: String::new(), quoted: false, excluded: false });
        if done.text.chars().any(char::is_alphanumeric) {
            parts.push(done);
        }
    };
    for letter in text.chars() {
        match letter {
            '"' | '\u{201c}' | '\u{201d}' => {
                let opens = !part.quoted;
                let excluded = part.excluded && part.text.is_empty();
                finish(&mut part);
                part.quoted = opens;
                part.excluded = opens && excluded;
            }
            _ if letter.is_whitespace() && !part.quoted => finish(&mut part),
            '-' | '\u{2212}' if part.text.is_empty() && !part.quoted => part.excluded = true,
            _ => part.text.push(letter),
        }
    }
    finish(&mut part);
    parts
}

/// Lower case with single spaces, as the synonyms are written: `T-DXd` is `t dxd`.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
