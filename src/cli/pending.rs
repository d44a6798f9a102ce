//! Stand-ins for what other branches bring, behind the same signatures. Goes away when they are merged.
#![allow(missing_docs)]

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

        pub trait Progress: Sync {
            fn start(&self, total: Option<u64>, what: &str);
            fn advance(&self, n: u64);
            fn finish(&self);
        }

        pub struct Refused {
            pub file: PathBuf,
            pub line: u64,
            pub reason: String,
        }

        pub struct ImportReport {
            pub read: u64,
            pub added: u64,
            pub updated: u64,
            pub unchanged: u64,
            pub refused: Vec<Refused>,
            pub generation: String,
            pub trials: usize,
        }

        #[derive(Debug, thiserror::Error)]
        pub enum ImportError {
            #[error(transparent)]
            Store(#[from] super::StoreError),
        }

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
                generation: String::new(),
                trials: 0,
            })
        }
    }
}

pub mod matching {
    use crate::criteria::Section;
    use crate::matching::{Compiled, CriterionResult, Outcome, TrialMatch, Verdict};
    use crate::patient::Profile;
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
