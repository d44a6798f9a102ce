//! What is asked of a registry: the queries and the statuses.

use super::FetchError;
use super::address::Base;
use crate::trial::Registry;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

/// The registries that have an interface for programs.
pub const REGISTRIES: [Registry; 3] = [Registry::Ctgov, Registry::Isrctn, Registry::Ctis];

/// Everything that a fetch needs to know. The library has no clock: the time comes with it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The registries to ask.
    pub registries: Vec<Registry>,
    /// Words for the studies to fetch; empty for the usual ones.
    pub conditions: Vec<String>,
    /// Statuses of the studies to fetch, in the spelling of [`statuses`]; empty for all.
    pub statuses: Vec<String>,
    /// Whether to ask for everything again, and not only for what has changed.
    pub full: bool,
    /// Whether a registry may have far fewer studies than at the last complete run.
    pub accept_shrink: bool,
    /// Addresses to use in the place of the public ones.
    pub bases: BTreeMap<Registry, Base>,
    /// How the requests are made.
    pub limits: Limits,
    /// Studies on a page, where the registry lets the asker choose.
    pub page_size: u64,
    /// The time at which the fetch starts.
    pub now: Timestamp,
    /// The day that the fetched records are of.
    pub day: Date,
}

/// How requests are made.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Requests a second to one host; `None` for no pause.
    pub rate: Option<f64>,
    /// How long a registry may be silent. A whole answer may take ten times as long.
    pub timeout: Duration,
    /// How often a request is made again after trouble that may pass.
    pub retries: usize,
    /// The pause before the first repetition; it doubles from one to the next.
    pub first_pause: Duration,
    /// The longest pause, also where the registry asks for a longer one: then the fetch ends, to be resumed later.
    pub longest_pause: Duration,
    /// The largest answer, in bytes.
    pub largest_answer: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rate: Some(1.0),
            timeout: Duration::from_secs(30),
            retries: 6,
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(300),
            largest_answer: 256 << 20,
        }
    }
}

/// One query to one registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Query {
    /// What it is called in messages.
    pub(super) name: String,
    /// The words in the registry's own syntax.
    pub(super) words: String,
    /// The statuses, in the registry's own spelling; empty for all.
    pub(super) statuses: Vec<String>,
    /// By what its last complete run is found: words and statuses.
    pub(super) key: String,
}

#[derive(Deserialize)]
struct Table {
    query: Vec<QueryRow>,
    status: Vec<StatusRow>,
}

#[derive(Deserialize)]
struct QueryRow {
    name: String,
    ctgov: String,
    isrctn: String,
    ctis: String,
    #[cfg_attr(not(test), allow(dead_code, reason = "the source of a row is for its readers and the tests"))]
    source: String,
}

#[derive(Deserialize)]
struct StatusRow {
    word: String,
    ctis: Vec<u8>,
    #[serde(default)]
    open: bool,
    #[cfg_attr(not(test), allow(dead_code, reason = "the source of a row is for its readers and the tests"))]
    source: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    // The tests hold the table to its shape, so the fallback is never seen.
    toml::from_str(include_str!("queries.toml")).unwrap_or(Table { query: Vec::new(), status: Vec::new() })
});

/// Gives the statuses that may be asked for, with whether they are asked for where nothing else is said.
pub fn statuses() -> impl Iterator<Item = (&'static str, bool)> {
    TABLE.status.iter().map(|row| (row.word.as_str(), row.open))
}

/// Gives the word by which a registry is known.
pub fn word(registry: Registry) -> &'static str {
    match registry {
        Registry::Ctgov => "ctgov",
        Registry::Isrctn => "isrctn",
        Registry::Ctis => "ctis",
        Registry::Ictrp => "ictrp",
        Registry::Sample => "sample",
    }
}

impl Settings {
    /// Gives the address of a registry.
    pub(super) fn base(&self, registry: Registry) -> Option<Base> {
        self.bases.get(&registry).cloned().or_else(|| Base::public(registry))
    }

    /// Checks what cannot be checked option by option.
    pub(super) fn check(&self) -> Result<(), FetchError> {
        for base in self.registries.iter().filter_map(|registry| self.base(*registry)) {
            if self.limits.rate.is_none() && !base.is_loopback() {
                return Err(FetchError::TooFast(base.as_str().to_owned()));
            }
        }
        Ok(())
    }

    /// Gives the queries to a registry; none where it knows none of the statuses.
    pub(super) fn queries(&self, registry: Registry) -> Vec<Query> {
        let rows = TABLE.query.iter().map(|row| {
            let words = match registry {
                Registry::Ctgov => &row.ctgov,
                Registry::Ctis => &row.ctis,
                _ => &row.isrctn,
            };
            (row.name.clone(), words.clone())
        });
        let given = self.conditions.iter().map(|condition| {
            let words: Vec<&str> = condition.split_whitespace().collect();
            let joined = words.join(if registry == Registry::Isrctn { " AND " } else { " " });
            (words.join(" "), joined)
        });
        let asked: Vec<(String, String)> = if self.conditions.is_empty() { rows.collect() } else { given.collect() };
        let statuses = self.statuses_of(registry);
        if registry == Registry::Ctis && statuses.is_empty() && !self.statuses.is_empty() {
            // None of the statuses occurs there; an empty list would ask for all of them.
            return Vec::new();
        }
        let query = |(name, words): (String, String)| {
            let key = format!("{words} [{}]", statuses.join(","));
            Query { name, words, statuses: statuses.clone(), key }
        };
        asked.into_iter().map(query).collect()
    }

    /// Gives the statuses in the spelling of a registry.
    fn statuses_of(&self, registry: Registry) -> Vec<String> {
        match registry {
            Registry::Ctgov => self.statuses.clone(),
            Registry::Ctis => {
                let rows = TABLE.status.iter().filter(|row| self.statuses.contains(&row.word));
                let mut codes: Vec<u8> = rows.flat_map(|row| row.ctis.iter().copied()).collect();
                codes.sort_unstable();
                codes.iter().map(u8::to_string).collect()
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            registries: REGISTRIES.to_vec(),
            conditions: Vec::new(),
            statuses: vec!["RECRUITING".into(), "NOT_YET_RECRUITING".into()],
            full: false,
            accept_shrink: false,
            bases: BTreeMap::new(),
            limits: Limits::default(),
            page_size: 500,
            now: Timestamp::UNIX_EPOCH,
            day: jiff::civil::date(2026, 11, 20),
        }
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!(TABLE.query.len(), 2);
        assert!(TABLE.query.iter().all(|row| !row.source.is_empty()));
        assert!(TABLE.status.iter().all(|row| !row.source.is_empty()));
        let mut codes: Vec<u8> = TABLE.status.iter().flat_map(|row| row.ctis.clone()).collect();
        codes.sort_unstable();
        assert_eq!(codes, (1..=12).collect::<Vec<u8>>(), "each status of CTIS once");
        assert_eq!(statuses().filter(|(_, open)| *open).count(), 4);
    }

    #[test]
    fn each_registry_is_asked_in_its_own_words() {
        let mut settings = settings();
        let said = |settings: &Settings| -> Vec<String> {
            REGISTRIES.iter().flat_map(|registry| settings.queries(*registry)).map(|query| query.key).collect()
        };
        assert_eq!(
            said(&settings),
            [
                "breast cancer [RECRUITING,NOT_YET_RECRUITING]",
                "advanced solid tumor [RECRUITING,NOT_YET_RECRUITING]",
                "breast AND cancer []",
                "advanced AND solid []",
                "breast cancer [1,2,3,4]",
                "advanced solid [1,2,3,4]",
            ]
        );
        settings.conditions = vec!["  lobular   carcinoma ".into()];
        settings.statuses.clear();
        assert_eq!(said(&settings), ["lobular carcinoma []", "lobular AND carcinoma []", "lobular carcinoma []"]);
        settings.statuses = vec!["UNKNOWN".into()];
        assert_eq!(said(&settings), ["lobular carcinoma [UNKNOWN]", "lobular AND carcinoma []"]);
    }

    #[test]
    fn no_pause_is_for_this_machine_only() {
        let mut settings = settings();
        assert!(settings.check().is_ok());
        settings.limits.rate = None;
        assert!(matches!(settings.check(), Err(FetchError::TooFast(_))));
        let local = Base::read("http://127.0.0.1:9/").unwrap();
        settings.bases = REGISTRIES.iter().map(|registry| (*registry, local.clone())).collect();
        assert!(settings.check().is_ok());
    }
}
