//! The name of a generation: the same records read by the same reader always have the same one.

use super::links::LINKS_VERSION;
use crate::criteria::READER_VERSION;
use crate::trial::Registry;
use blake3::{Hash, Hasher};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What a record is called: registries copy each other's identifiers, so that the identifier alone does not name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    /// The registry that it came from.
    pub registry: Registry,
    /// Its identifier there.
    pub id: String,
}

/// What is known of a record that a snapshot holds, besides its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// The hash of its bytes.
    pub(super) hash: Hash,
    /// The day of the last import that held it.
    pub(super) last_seen: Date,
}

/// The records of a generation.
pub(super) type Holding = BTreeMap<RecordKey, Held>;

/// What a snapshot holds of one registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegistryShare {
    /// The registry.
    pub registry: Registry,
    /// The day of the last import or fetch.
    pub fetched: Date,
    /// The day on which the record that was not seen for longest was last seen.
    pub oldest: Date,
    /// Its records.
    pub records: usize,
}

/// Names a generation: 12 hexadecimal digits over identifiers, hashes and the versions of the reader and the linker.
/// `day` is that of the snapshot; it counts where statuses follow from it ([`crate::trial::Trial::settle_status`]).
pub(super) fn name(holding: &Holding, day: Date) -> String {
    let mut hasher = Hasher::new();
    hasher.update(&READER_VERSION.to_le_bytes());
    hasher.update(&LINKS_VERSION.to_le_bytes());
    if holding.keys().any(|key| key.registry == Registry::Isrctn) {
        hasher.update(day.to_string().as_bytes());
    }
    for (key, held) in holding {
        hasher.update(registry_word(key.registry).as_bytes());
        hasher.update(&[0]);
        hasher.update(key.id.as_bytes());
        hasher.update(&[0]);
        hasher.update(held.hash.as_bytes());
    }
    hasher.finalize().to_hex().chars().take(12).collect()
}

/// Gives the share of each registry of a holding, in their order.
pub(super) fn shares(holding: &Holding) -> Vec<RegistryShare> {
    let mut shares: Vec<RegistryShare> = Vec::new();
    for (RecordKey { registry, .. }, Held { last_seen, .. }) in holding {
        // The keys are ordered by registry.
        match shares.last_mut().filter(|share| share.registry == *registry) {
            Some(share) => {
                share.fetched = share.fetched.max(*last_seen);
                share.oldest = share.oldest.min(*last_seen);
                share.records += 1;
            }
            None => {
                shares.push(RegistryShare { registry: *registry, fetched: *last_seen, oldest: *last_seen, records: 1 })
            }
        }
    }
    shares
}

/// Writes a registry for the database.
pub(super) fn registry_word(registry: Registry) -> &'static str {
    registry.word()
}

/// Reads a registry from the database.
pub(super) fn registry_from(word: &str) -> Option<Registry> {
    Registry::ALL.into_iter().find(|registry| registry.word() == word)
}
