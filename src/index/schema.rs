//! The fields of the search index.

use crate::trial::Trial;
use std::collections::BTreeSet;
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer,
    TokenizerManager,
};

/// The field of the identifier, by which equal scores are ordered.
pub(super) const ID: &str = "id";
/// The name of the tokenizer of free text.
const ENGLISH: &str = "trial_english";
/// Longer tokens are addresses and sequences, not words.
const LONGEST_WORD: usize = 60;

/// Handles of the fields.
pub(super) struct Fields {
    pub(super) id: Field,
    pub(super) status: Field,
    pub(super) phase: Field,
    pub(super) country: Field,
    /// Free text with the weight of each.
    pub(super) texts: [(Field, f32); 7],
}

impl Fields {
    /// Makes the schema; always the same.
    pub(super) fn new() -> (Self, Schema) {
        let mut builder = Schema::builder();
        let positions = IndexRecordOption::WithFreqsAndPositions;
        let indexing = TextFieldIndexing::default().set_tokenizer(ENGLISH).set_index_option(positions);
        let text = TextOptions::default().set_indexing_options(indexing);
        let id = builder.add_text_field(ID, STRING | FAST);
        let status = builder.add_text_field("status", STRING | FAST);
        let phase = builder.add_text_field("phase", STRING | FAST);
        let country = builder.add_text_field("country", STRING | FAST);
        let weights = [
            ("other_ids", 3.0),
            ("title", 3.0),
            ("conditions", 2.5),
            ("interventions", 2.5),
            ("keywords", 2.0),
            ("summary", 1.0),
            ("eligibility", 0.7),
        ];
        let texts = weights.map(|(name, weight)| (builder.add_text_field(name, text.clone()), weight));
        (Self { id, status, phase, country, texts }, builder.build())
    }

    /// Makes the document of a trial. Nothing is stored: the store has the record.
    pub(super) fn document(&self, trial: &Trial) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_text(self.id, &trial.id);
        let statuses: BTreeSet<String> = trial.statuses().map(str::to_lowercase).collect();
        for status in &statuses {
            document.add_text(self.status, status);
        }
        for phase in &trial.phases {
            document.add_text(self.phase, phase.to_lowercase());
        }
        let countries: BTreeSet<String> = trial.sites.iter().map(|site| site.country.to_lowercase()).collect();
        for country in countries.iter().filter(|country| !country.is_empty()) {
            document.add_text(self.country, country);
        }
        let texts: [&[String]; 7] = [
            &trial.other_ids,
            std::slice::from_ref(&trial.title),
            &trial.conditions,
            &trial.interventions,
            &trial.keywords,
            std::slice::from_ref(&trial.summary),
            std::slice::from_ref(&trial.eligibility),
        ];
        for ((field, _), values) in self.texts.iter().zip(texts) {
            for value in values {
                document.add_text(*field, value);
            }
        }
        document
    }
}

/// Gives the tokenizers of the schema.
pub(super) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(ENGLISH, english());
    manager
}

/// Gives the tokenizer of free text: words without accents, stop words and English endings.
pub(super) fn english() -> TextAnalyzer {
    let words = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST_WORD))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter);
    match StopWordFilter::new(Language::English) {
        Some(stop_words) => words.filter(stop_words).filter(Stemmer::new(Language::English)).build(),
        None => words.filter(Stemmer::new(Language::English)).build(),
    }
}

/// Splits text into the tokens that the index holds, each with its place.
pub(super) fn tokens(text: &str) -> Vec<(usize, String)> {
    let mut analyzer = english();
    let mut stream = analyzer.token_stream(text);
    let mut tokens = Vec::new();
    while let Some(token) = stream.next() {
        tokens.push((token.position, token.text.clone()));
    }
    tokens
}
