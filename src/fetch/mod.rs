//! Brings records from the registries' own interfaces; the only module that opens a connection to another machine.
//!
//! A fetch walks through the answers of a registry page by page. Each page is kept on the disk together with the
//! place where the walk goes on, so that a run that was killed goes on there. When the walk is whole by count, its
//! records go the way of an import and are published in one transaction, together with what the next run needs to
//! ask for changes only. It needs no patient and sees none.

mod address;
mod client;
mod ctgov;
mod ctis;
mod error;
mod isrctn;
mod patience;
mod plan;
mod staging;
mod walk;

pub use address::Base;
pub use client::Listener;
pub use error::FetchError;
pub use plan::{Limits, REGISTRIES, Settings, statuses, word};

use crate::store::{Fetched, FetchedRun, ImportError, ImportOptions, ImportReport, RecordKey, Store, import_fetched};
use crate::trial::Registry;
use client::{Client, Paces};
use jiff::civil::Date;
use staging::Staging;
use std::collections::BTreeSet;
use std::path::Path;
use walk::Walk;

/// What a fetch did.
#[derive(Debug, Default)]
pub struct FetchReport {
    /// What is to be said of each query that is whole, in the order of asking.
    pub queries: Vec<QueryReport>,
    /// The import of the records; `None` where no registry was whole.
    pub import: Option<ImportReport>,
    /// Studies that the registries no longer have, taken out of the index.
    pub gone: u64,
    /// The registries of which nothing was published, and why.
    pub failed: Vec<(Registry, FetchError)>,
}

/// What a fetch found by one query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryReport {
    /// Who was asked.
    pub registry: Registry,
    /// For what.
    pub query: String,
    /// The studies that the registry has for it.
    pub studies: u64,
    /// Whether all of them were asked for, and not only those that have changed.
    pub full: bool,
}

/// What is whole of one registry.
struct Complete {
    registry: Registry,
    runs: Vec<FetchedRun>,
    reports: Vec<QueryReport>,
    gone: BTreeSet<RecordKey>,
    day: Date,
}

/// Asks the registries, and publishes what is whole.
///
/// Registries are independent: one that fails is named in the report, and the others are published. The error is
/// of the index folder or of the settings.
pub async fn fetch(index: &Path, settings: &Settings, listener: &dyn Listener) -> Result<FetchReport, FetchError> {
    settings.check()?;
    let mut store = Store::open(index)?;
    let mut staging = Staging::open(index)?;
    let mut report = FetchReport::default();
    let mut whole = Vec::new();
    let paces = Paces::default();
    for registry in &settings.registries {
        match complete(*registry, settings, &paces, listener, &store, &mut staging).await {
            Ok(Some(complete)) => whole.push(complete),
            Ok(None) => listener.say(&format!("{}: no such status there, nothing to ask for", word(*registry))),
            Err(error) if error.is_network() => {
                listener.finish();
                // What does not add up is of no use to a later run; what is merely unfinished is.
                if !matches!(error, FetchError::Trouble { .. } | FetchError::Refused { .. }) {
                    staging.forget(&[*registry])?;
                }
                report.failed.push((*registry, error));
            }
            Err(error) => return Err(error),
        }
    }
    if whole.is_empty() {
        return Ok(report);
    }
    publish(&mut store, &mut staging, whole, &mut report, listener)?;
    Ok(report)
}

/// Brings what is whole into the index.
fn publish(
    store: &mut Store,
    staging: &mut Staging,
    whole: Vec<Complete>,
    report: &mut FetchReport,
    listener: &dyn Listener,
) -> Result<(), FetchError> {
    let registries: Vec<Registry> = whole.iter().map(|complete| complete.registry).collect();
    let day = whole.iter().map(|complete| complete.day).min().unwrap_or_default();
    let mut fetched = Fetched::default();
    for complete in whole {
        report.queries.extend(complete.reports);
        fetched.gone.extend(complete.gone);
        fetched.runs.extend(complete.runs);
    }
    let (places, bytes) = staging.places(&registries)?;
    fetched.bytes = bytes;
    let import = {
        let mut pages = places.iter().map(|place| staging.page(*place));
        import_fetched(store, &fetched, &mut pages, staging.path(), &ImportOptions { fetched: day }, listener)
    };
    // Pages that cannot be imported would stand in the way of every later run.
    if import.as_ref().is_err_and(|error| !matches!(error, ImportError::Store(_))) {
        staging.forget(&registries)?;
    }
    report.import = Some(import?);
    report.gone = fetched.gone.len() as u64;
    staging.forget(&registries)
}

/// Walks through all queries to a registry; `None` where there is none.
async fn complete(
    registry: Registry,
    settings: &Settings,
    paces: &Paces,
    listener: &dyn Listener,
    store: &Store,
    staging: &mut Staging,
) -> Result<Option<Complete>, FetchError> {
    let queries = settings.queries(registry);
    let Some(base) = settings.base(registry).filter(|_| !queries.is_empty()) else { return Ok(None) };
    let client = Client::new(registry, &base, &settings.limits, settings.now, paces, listener)?;
    let number = store.last_fetch(registry)? + 1;
    let keys: Vec<&str> = queries.iter().map(|query| query.key.as_str()).collect();
    let plan = serde_json::json!({
        "base": base.as_str(), "queries": keys, "full": settings.full, "page_size": settings.page_size,
    });
    let day = staging.begin(registry, number, &plan.to_string(), settings.day)?;
    let held = store.held(registry)?;
    let mut complete = Complete { registry, runs: Vec::new(), reports: Vec::new(), gone: BTreeSet::new(), day };
    for query in &queries {
        let previous = store.last_run(registry, &query.key)?;
        let mut walk = Walk {
            registry,
            query,
            settings,
            base: &base,
            client: &client,
            listener,
            staging: &mut *staging,
            previous: previous.as_ref(),
            held: &held,
            day,
        };
        let whole = match registry {
            Registry::Ctgov => ctgov::walk(&mut walk).await?,
            Registry::Ctis => ctis::walk(&mut walk).await?,
            _ => isrctn::walk(&mut walk).await?,
        };
        complete.reports.push(QueryReport {
            registry,
            query: query.name.clone(),
            studies: whole.items.len() as u64,
            full: whole.full,
        });
        complete.runs.push(FetchedRun {
            registry,
            query: query.key.clone(),
            number,
            day,
            basis: whole.basis,
            items: whole.items,
        });
    }
    if complete.runs.iter().all(|run| run.items.is_empty()) && !settings.accept_shrink {
        // One query may have no answer; a registry without any has some trouble.
        let names: Vec<&str> = queries.iter().map(|query| query.name.as_str()).collect();
        return Err(FetchError::Nothing { registry, query: names.join("” and “") });
    }
    let mut gone = staging.gone(registry)?;
    gone.retain(|id| held.contains(id) && !complete.runs.iter().any(|run| run.items.contains_key(id)));
    complete.gone = gone.into_iter().map(|id| RecordKey { registry, id }).collect();
    Ok(Some(complete))
}
