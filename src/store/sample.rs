//! The bundled sample registry: invented records, so that a first run shows something.

use super::generation::{self, Held, Holding, RecordKey};
use super::{Made, Snapshot, SnapshotMeta};
use crate::criteria::read_trial;
use crate::matching::Compiled;
use crate::registry::ctgov;
use jiff::civil::Date;
use rayon::prelude::*;
use rust_embed::RustEmbed;

/// The bundled registry files. A build with debug assertions reads them from the source folder.
#[derive(RustEmbed)]
#[folder = "fixtures/registry"]
struct Bundled;

/// The day of the sample where the file that states it cannot be read; a test sees to it that it can.
const FALLBACK_DAY: Date = Date::constant(2026, 1, 1);

/// Gives the bundled sample as a snapshot. Its records are read each time; there are few of them.
pub fn sample() -> Snapshot {
    let fetched = day().unwrap_or(FALLBACK_DAY);
    let mut names: Vec<String> = Bundled::iter().map(|name| name.into_owned()).filter(|name| is_record(name)).collect();
    names.sort();
    let mut holding = Holding::new();
    let mut trials = Vec::new();
    for name in names {
        let Some(file) = Bundled::get(&name) else { continue };
        match ctgov::read_study(&file.data) {
            Ok(trial) => {
                let key = RecordKey { registry: trial.registry, id: trial.id.clone() };
                holding.insert(key, Held { hash: blake3::hash(&file.data), last_seen: fetched });
                trials.push(trial);
            }
            Err(error) => tracing::warn!("the bundled record {name} cannot be used: {error}"),
        }
    }
    let read = trials.into_par_iter().map(|trial| {
        let reading = read_trial(&trial);
        (trial, reading)
    });
    let meta = SnapshotMeta {
        id: generation::name(&holding, fetched),
        fetched,
        trials: holding.len(),
        registries: generation::shares(&holding),
        sample: true,
    };
    Snapshot {
        meta,
        compiled: Compiled::build(read.collect()),
        search_dir: None,
        made: Made::AsPublished,
        is_past: false,
    }
}

fn is_record(name: &str) -> bool {
    name.starts_with("ctgov/") && name.ends_with(".json")
}

/// Reads the day that the sample stands for.
fn day() -> Option<Date> {
    let file = Bundled::get("SNAPSHOT")?;
    std::str::from_utf8(&file.data).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Registry;

    #[test]
    fn every_bundled_record_can_be_used() {
        let files = Bundled::iter().filter(|name| is_record(name)).count();
        let snapshot = sample();
        assert!(files > 0 && snapshot.meta.trials == files, "{} of {files}", snapshot.meta.trials);
        assert!(snapshot.meta.sample && snapshot.meta.registries[0].registry == Registry::Sample);
        assert_eq!(day(), Some(snapshot.meta.fetched));
        assert_eq!(snapshot.meta, sample().meta);
    }
}
