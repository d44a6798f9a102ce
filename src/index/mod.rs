//! Full-text search over the trials of a snapshot, with filters on registry fields.
//!
//! It may narrow by what the registry states (status, country, phase); it never decides eligibility.

mod query;
mod schema;
mod synonyms;

pub use synonyms::expand;

use crate::trial::Trial;
use query::Question;
use schema::Fields;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tantivy::collector::sort_key::{SortBySimilarityScore, SortByString};
use tantivy::collector::{Count, TopDocs};
use tantivy::directory::{Directory, RamDirectory};
use tantivy::indexer::NoMergePolicy;
use tantivy::query::{AllQuery, Query};
use tantivy::{Index, IndexReader, Order, ReloadPolicy, TantivyDocument, TantivyError};
use thiserror::Error;

/// Memory for building, in bytes. One thread: the order of documents, and with it of equal scores, is fixed.
const BUILDING_MEMORY: usize = 96 << 20;
/// Memory for building in memory, where the index is small.
const SMALL_MEMORY: usize = 16 << 20;

/// Says why the search index cannot be built or asked.
#[derive(Debug, Error)]
pub enum IndexError {
    /// The search index on disk is missing, or not as it was written.
    #[error("the search index {} is damaged ({detail}); import the registry files again", path.display())]
    Damaged {
        /// Its folder.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// The search index cannot be written.
    #[error("cannot write the search index {}: {detail}", path.display())]
    Unwritable {
        /// Its folder.
        path: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// The search itself failed.
    #[error("the search failed: {0}")]
    Search(#[from] TantivyError),
}

/// What a search is narrowed to. An empty list narrows nothing; case does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Overall statuses in the registry's spelling (`RECRUITING`), any of them.
    pub statuses: Vec<String>,
    /// Countries as the registry spells them (`United Kingdom`), any of them.
    pub countries: Vec<String>,
    /// Phases in the registry's spelling (`PHASE2`), any of them.
    pub phases: Vec<String>,
}

/// A trial that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its identifier.
    pub id: String,
    /// BM25 score; comparable within one answer only.
    pub score: f32,
}

/// Builds a search index of the trials in a new or empty folder, and makes it durable.
pub fn build(dir: &Path, trials: &[&Trial]) -> Result<(), IndexError> {
    let unwritable = |detail: String| IndexError::Unwritable { path: dir.to_owned(), detail };
    fs::create_dir_all(dir).map_err(|error| unwritable(error.to_string()))?;
    let builder = Index::builder().schema(Fields::new().1).tokenizers(schema::tokenizers());
    let index = builder.create_in_dir(dir).map_err(|error| unwritable(error.to_string()))?;
    fill(&index, trials, BUILDING_MEMORY).map_err(|error| unwritable(error.to_string()))?;
    sync_folder(dir).map_err(|error| unwritable(error.to_string()))
}

/// Searches the index in a folder. See [`Searcher::search`].
pub fn search(dir: &Path, query: &str, filters: &Filters, limit: usize) -> Result<Vec<Hit>, IndexError> {
    Searcher::open(dir)?.search(query, filters, limit)
}

/// Checks a search index that was built: checksums of all files, the number of trials, and that it answers.
pub fn check(dir: &Path, trials: usize) -> Result<(), IndexError> {
    let damaged = |detail: String| IndexError::Damaged { path: dir.to_owned(), detail };
    let searcher = Searcher::open(dir)?;
    let bad = searcher.index.validate_checksum().map_err(|error| damaged(error.to_string()))?;
    if let Some(first) = bad.iter().collect::<BTreeSet<_>>().first() {
        return Err(damaged(format!("checksum of {}", first.display())));
    }
    let found = searcher.len();
    if found != trials {
        return Err(damaged(format!("{found} trials instead of {trials}")));
    }
    let hits = searcher.search("", &Filters::default(), 1)?;
    if hits.is_empty() && trials > 0 {
        return Err(damaged("it finds nothing".into()));
    }
    Ok(())
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(dir: &Path) -> io::Result<()> {
    // Windows cannot open a folder as a file, and needs no such call.
    if cfg!(unix) { fs::File::open(dir)?.sync_all() } else { Ok(()) }
}

/// An open search index.
pub struct Searcher {
    index: Index,
    reader: IndexReader,
    fields: Fields,
}

impl Searcher {
    /// Opens the search index in a folder.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        let damaged = |error: TantivyError| IndexError::Damaged { path: dir.to_owned(), detail: error.to_string() };
        let mut index = Index::open_in_dir(dir).map_err(damaged)?;
        let (fields, schema) = Fields::new();
        if index.schema() != schema {
            let detail = "it was written by another version of the program".into();
            return Err(IndexError::Damaged { path: dir.to_owned(), detail });
        }
        index.set_tokenizers(schema::tokenizers());
        match Self::over(index, fields) {
            // Opening takes a lock file, for which a medium that cannot be written has no room.
            Err(TantivyError::LockFailure(..)) => Self::copied(dir).map_err(damaged),
            opened => opened.map_err(damaged),
        }
    }

    /// Opens a copy of the search index in memory.
    fn copied(dir: &Path) -> Result<Self, TantivyError> {
        let memory = RamDirectory::create();
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            if let Some(name) = path.file_name().filter(|_| path.extension().is_none_or(|ending| ending != "lock")) {
                memory.atomic_write(Path::new(name), &fs::read(&path)?)?;
            }
        }
        let mut index = Index::open(memory)?;
        index.set_tokenizers(schema::tokenizers());
        Self::over(index, Fields::new().0)
    }

    /// Builds a search index in memory, for the bundled sample.
    pub fn in_memory(trials: &[&Trial]) -> Result<Self, IndexError> {
        let (fields, schema) = Fields::new();
        let index = Index::builder().schema(schema).tokenizers(schema::tokenizers()).create_in_ram()?;
        fill(&index, trials, SMALL_MEMORY)?;
        Ok(Self::over(index, fields)?)
    }

    fn over(index: Index, fields: Fields) -> Result<Self, TantivyError> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { index, reader, fields })
    }

    /// Gives the number of trials.
    pub fn len(&self) -> usize {
        usize::try_from(self.reader.searcher().num_docs()).unwrap_or(usize::MAX)
    }

    /// Tells whether there are no trials.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Finds at most `limit` trials, best first, equal ones by identifier.
    ///
    /// Any text is a query: words, "quoted phrases" and -words to leave out. A trial must hold all the words or
    /// words that mean the same ([`expand`]); where no trial does, those that hold any of them are found. An
    /// empty query finds all trials that the filters let through.
    pub fn search(&self, query: &str, filters: &Filters, limit: usize) -> Result<Vec<Hit>, IndexError> {
        let limit = limit.min(self.len());
        if limit == 0 {
            return Ok(Vec::new());
        }
        let question = Question::read(query, &self.fields);
        let searcher = self.reader.searcher();
        let mut found: Box<dyn Query> = match question.words.is_empty() {
            true => Box::new(AllQuery),
            false => question.every_word(),
        };
        let mut narrowed = query::narrow(found, &question, filters, &self.fields);
        if question.words.len() > 1 && searcher.search(&narrowed, &Count)? == 0 {
            found = question.any_word();
            narrowed = query::narrow(found, &question, filters, &self.fields);
        }
        let order = ((SortBySimilarityScore, Order::Desc), (SortByString::for_field(schema::ID), Order::Asc));
        let hits = searcher.search(&narrowed, &TopDocs::with_limit(limit).order_by(order))?;
        Ok(hits.into_iter().filter_map(|((score, id), _)| Some(Hit { id: id?, score })).collect())
    }
}

/// Adds the trials to an empty index.
fn fill(index: &Index, trials: &[&Trial], memory: usize) -> Result<(), TantivyError> {
    let fields = Fields::new().0;
    let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, memory)?;
    // A merge in the background would still be running when the folder is made current.
    writer.set_merge_policy(Box::new(NoMergePolicy));
    for trial in trials {
        writer.add_document(fields.document(trial))?;
    }
    writer.commit()?;
    writer.wait_merging_threads()
}

#[cfg(test)]
mod tests;
