//! Stand-ins for what other branches bring, behind the same signatures. Goes away when they are merged.
#![allow(missing_docs)]

pub mod patient {
    use jiff::civil::Date;
    use std::path::Path;

    #[derive(Clone, Debug)]
    pub struct Profile {
        pub id: Option<String>,
        pub as_of: Date,
    }

    #[derive(Debug, thiserror::Error)]
    pub enum ProfileError {
        #[error("{origin}: cannot read the patient profile")]
        Unreadable {
            origin: String,
            #[source]
            source: std::io::Error,
        },
        #[error("{origin}: {reason}")]
        Refused { origin: String, reason: String },
    }

    pub struct Problem {
        pub path: String,
        pub message: String,
    }

    impl ProfileError {
        pub fn problems(&self) -> &[Problem] {
            &[]
        }
    }

    impl Profile {
        pub fn from_json(text: &str, origin: &str) -> Result<Self, ProfileError> {
            let refused = |reason: String| ProfileError::Refused { origin: origin.to_owned(), reason };
            let value: serde_json::Value =
                serde_json::from_str(text).map_err(|e| refused(format!("not JSON at line {}", e.line())))?;
            Self::from_value(value, origin)
        }

        pub fn from_value(value: serde_json::Value, origin: &str) -> Result<Self, ProfileError> {
            let refused = |reason: &str| ProfileError::Refused { origin: origin.to_owned(), reason: reason.to_owned() };
            let as_of = value.get("as_of").and_then(|v| v.as_str()).ok_or_else(|| refused("as_of: missing"))?;
            let as_of = as_of.parse().map_err(|_| refused("as_of: not a date"))?;
            Ok(Self { id: value.get("id").and_then(|v| v.as_str()).map(str::to_owned), as_of })
        }

        pub fn from_text(text: &str, origin: &str) -> Result<Self, ProfileError> {
            Self::from_json(text, origin)
        }

        pub fn from_path(path: &Path) -> Result<Self, ProfileError> {
            let origin = path.display().to_string();
            let text = std::fs::read_to_string(path)
                .map_err(|source| ProfileError::Unreadable { origin: origin.clone(), source })?;
            Self::from_text(&text, &origin)
        }
    }

    pub mod schema {
        pub fn profile_schema() -> serde_json::Value {
            serde_json::json!({})
        }
    }

    pub mod flat {}
}

pub mod store {
    use crate::matching::Compiled;
    use crate::trial::Registry;
    use jiff::civil::Date;
    use std::path::{Path, PathBuf};

    pub struct Store {}

    #[derive(Debug, thiserror::Error)]
    pub enum StoreError {}

    impl StoreError {
        pub fn is_damage(&self) -> bool {
            false
        }
    }

    pub struct SnapshotMeta {
        pub id: String,
        pub fetched: Date,
        pub trials: usize,
        pub registries: Vec<Registry>,
        pub sample: bool,
    }

    pub struct Snapshot {
        pub meta: SnapshotMeta,
        pub compiled: Compiled,
        pub search_dir: Option<PathBuf>,
    }

    impl Store {
        pub fn open(_dir: &Path) -> Result<Self, StoreError> {
            Ok(Self {})
        }

        pub fn open_read(_dir: &Path) -> Result<Option<Self>, StoreError> {
            Ok(None)
        }

        pub fn current(&self) -> Result<Option<Snapshot>, StoreError> {
            Ok(None)
        }
    }

    pub fn sample() -> Snapshot {
        Snapshot {
            meta: SnapshotMeta {
                id: "sample".into(),
                fetched: Date::constant(2026, 1, 1),
                trials: 0,
                registries: vec![Registry::Sample],
                sample: true,
            },
            compiled: Compiled::default(),
            search_dir: None,
        }
    }

    pub mod import {
        use super::Store;
        use jiff::civil::Date;
        use std::path::PathBuf;

        pub struct ImportOptions {
            pub fetched: Date,
        }

        pub trait Progress {
            fn start(&self, total: u64, what: &str);
            fn advance(&self, n: u64);
            fn finish(&self);
        }

        pub struct Refused {
            pub file: PathBuf,
            pub line: u64,
            pub reason: String,
        }

        pub struct ImportReport {
            pub read: usize,
            pub added: usize,
            pub updated: usize,
            pub unchanged: usize,
            pub refused: Vec<Refused>,
            pub generation: u64,
            pub trials: usize,
        }

        #[derive(Debug, thiserror::Error)]
        pub enum ImportError {}

        pub fn import(
            _store: &mut Store,
            _files: &[PathBuf],
            _options: &ImportOptions,
            _progress: &dyn Progress,
        ) -> Result<ImportReport, ImportError> {
            Ok(ImportReport {
                read: 0,
                added: 0,
                updated: 0,
                unchanged: 0,
                refused: Vec::new(),
                generation: 0,
                trials: 0,
            })
        }
    }
}

pub mod index {
    use std::path::Path;

    #[derive(Default)]
    pub struct Filters {
        pub statuses: Vec<String>,
        pub countries: Vec<String>,
        pub phases: Vec<String>,
    }

    pub struct Hit {
        pub id: String,
        pub score: f32,
    }

    #[derive(Debug, thiserror::Error)]
    pub enum IndexError {}

    pub fn search(_dir: &Path, _query: &str, _filters: &Filters, _limit: usize) -> Result<Vec<Hit>, IndexError> {
        Ok(Vec::new())
    }
}

pub mod matching {
    use super::patient::Profile;
    use crate::criteria::Section;
    use crate::matching::{Compiled, CriterionResult, Outcome, TrialMatch, Verdict};
    use crate::trial::Span;

    pub fn explain(compiled: &Compiled, id: &str) -> Vec<crate::report::show::ReadCriterion> {
        compiled
            .trials
            .iter()
            .filter(|(trial, _)| trial.id == id)
            .map(|(trial, _)| crate::report::show::ReadCriterion {
                section: Section::Inclusion,
                span: Some([0, trial.eligibility.chars().count() as u32]),
                field: None,
                text: trial.eligibility.clone(),
                cohort: None,
                reading: String::new(),
                unread_spans: Vec::new(),
                notes: Vec::new(),
            })
            .collect()
    }

    pub fn evaluate<'c>(compiled: &'c Compiled, _profile: &Profile) -> Vec<TrialMatch<'c>> {
        compiled
            .trials
            .iter()
            .map(|(trial, _)| TrialMatch {
                trial,
                verdict: Verdict::Possible,
                score: 0.0,
                criteria: vec![CriterionResult {
                    section: Section::Inclusion,
                    span: Some(Span { start: 0, end: trial.eligibility.chars().count() as u32 }),
                    field: None,
                    text: trial.eligibility.clone(),
                    outcome: Outcome::Unread,
                    clears_on: None,
                    cohort: None,
                    reading: String::new(),
                    evidence: Vec::new(),
                    missing: Vec::new(),
                    unread_spans: Vec::new(),
                    notes: Vec::new(),
                }],
                cohorts: Vec::new(),
                earliest_start: None,
                ask: Vec::new(),
                nearest_site: None,
            })
            .collect()
    }
}
