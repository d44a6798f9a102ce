//! Questions that the command line and the service both answer, answered in one place so that they answer alike.

use crate::index::{self, Filters, IndexError, Searcher};
use crate::lexicon::country;
use crate::matching::change::{self, Start};
use crate::matching::near_miss::NearMisses;
use crate::matching::{Evaluation, Summary, ask};
use crate::patient::Profile;
use crate::report::build::{self, Ranked, is_farther, select};
use crate::report::change::ChangeReport;
use crate::report::changes::{self, Changes};
use crate::report::search::{Found, Hit};
use crate::report::show::{self, Shown, UnknownTrial};
use crate::report::standing::head;
use crate::report::{self, Report, Selection, search};
use crate::store::{Made, Snapshot};
use crate::trial::Trial;
use jiff::civil::Date;

/// Describes a snapshot as seen on a day; without a day it counts as fresh.
pub fn describe(snapshot: &Snapshot, as_of: Option<Date>) -> report::Snapshot {
    let meta = &snapshot.meta;
    let day = as_of.unwrap_or(meta.fetched);
    let registries = meta
        .registries
        .iter()
        .map(|share| report::RegistryData::new(share.registry, share.records, share.fetched, share.oldest, day));
    let mut described =
        report::Snapshot::new(&meta.id, meta.fetched, meta.trials, meta.sample, day).holding(registries.collect());
    if let (Made::Anew { by, reader }, true) = (&snapshot.made, snapshot.is_past) {
        described.read_anew = Some(format!("{by} (reader {reader})"));
    }
    described
}

/// Matches one patient against all trials of the snapshot. Only the trials that are listed are explained.
pub fn matched(snapshot: &Snapshot, profile: &Profile, selection: &Selection) -> Report {
    let described = describe(snapshot, Some(profile.as_of));
    let evaluation = Evaluation::new(&snapshot.compiled, profile);
    let explained = select(evaluation.ranked(), selection).map(|found| (found.trial, evaluation.explain(&found)));
    // Ineligible trials are listed on request alone; only then is there anything to try.
    let mut tried = NearMisses::new(&snapshot.compiled, profile);
    let near: Vec<_> = explained.listed.iter().map(|(_, (trial, found))| tried.of(trial, found)).collect();
    let selected = explained.map(|(_, found)| found);
    let mut report = build::report(profile.id.as_deref(), profile.as_of, described, selected);
    for (found, near) in report.matches.iter_mut().zip(near) {
        found.near_miss = near;
    }
    report
}

/// Says what plans do to the trials of the snapshot: which close, open and stay. The filters are those of `match`.
pub fn changed(snapshot: &Snapshot, profile: &Profile, plans: &[(Start, Date)], selection: &Selection) -> ChangeReport {
    let reports = plans.iter().map(|(start, on)| {
        let through =
            |summary: &Summary<'_>| selection.lets_through(summary.trial()) && !is_farther(summary, selection);
        let comparison = change::compare(&snapshot.compiled, profile, start, *on, &through);
        report::change::plan(&comparison, start, *on, profile.as_of)
    });
    report::change::report(profile, describe(snapshot, Some(profile.as_of)), reports.collect())
}

/// Finds the questions that settle the most possible trials among those that the filters let through.
pub fn asked(snapshot: &Snapshot, profile: &Profile, selection: &Selection, questions: usize) -> report::ask::Asked {
    let described = describe(snapshot, Some(profile.as_of));
    let plan = ask::plan(&snapshot.compiled, profile, &|trial| selection.lets_through(trial), questions);
    report::ask::build(profile.id.as_deref(), profile.as_of, described, &snapshot.compiled, plan)
}

/// Shows one trial with its reading. `id` is the registry's identifier or another that the record cites, in any case.
pub fn shown(snapshot: &Snapshot, id: &str) -> Result<Shown, UnknownTrial> {
    let trial = show::find(&snapshot.compiled, id)?;
    Ok(show::build(trial, describe(snapshot, None)))
}

/// Says what changed from one snapshot to another, and for a patient which verdicts.
pub fn changes(before: &Snapshot, after: &Snapshot, profile: Option<&Profile>) -> Changes {
    let day = profile.map(|profile| profile.as_of);
    let described = describe(before, None);
    changes::build((described, &before.compiled), (describe(after, day), &after.compiled), profile)
}

/// Searches the trials' words. The sample has no index on disk; one is built in memory.
pub fn found(snapshot: &Snapshot, query: &str, selection: &Selection, limit: usize) -> Result<Found, IndexError> {
    let trials = &snapshot.compiled.trials;
    let filters = Filters {
        statuses: selection.statuses.clone(),
        countries: selection.countries.iter().flat_map(|name| country::spellings(name)).collect(),
        phases: selection.phases.clone(),
    };
    let hits = match &snapshot.search_dir {
        Some(dir) => index::search(dir, query, &filters, limit)?,
        None => {
            let all: Vec<&Trial> = trials.iter().map(|compiled| &compiled.trial).collect();
            Searcher::in_memory(&all)?.search(query, &filters, limit)?
        }
    };
    let hits = hits.into_iter().filter_map(|hit| {
        let at = trials.binary_search_by(|compiled| compiled.trial.id.cmp(&hit.id)).ok()?;
        let trial = &trials.get(at)?.trial;
        Some(Hit { trial: head(trial, snapshot.meta.fetched), score: report::build::score(f64::from(hit.score)) })
    });
    Ok(search::build(query, hits.collect(), describe(snapshot, None)))
}
