//! The name of a generation: the same records read by the same reader always have the same one.

use crate::criteria::READER_VERSION;
use crate::trial::Registry;
use blake3::{Hash, Hasher};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What is known of a current record besides its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// The hash of its bytes.
    pub(super) hash: Hash,
    /// Where it came from.
    pub(super) registry: Registry,
    /// The day of the last import that held it.
    pub(super) last_seen: Date,
}

/// The records of a generation by trial.
pub(super) type Holding = BTreeMap<String, Held>;

/// Names a generation: 12 hexadecimal digits over identifiers, hashes and the version of the reader.
pub(super) fn name(holding: &Holding) -> String {
    let mut hasher = Hasher::new();
    hasher.update(&READER_VERSION.to_le_bytes());
    for (id, held) in holding {
        hasher.update(id.as_bytes());
        hasher.update(&[0]);
        hasher.update(held.hash.as_bytes());
    }
    hasher.finalize().to_hex().chars().take(12).collect()
}

/// Gives the registries of a holding, in their order.
pub(super) fn registries(holding: &Holding) -> Vec<Registry> {
    let mut registries: Vec<Registry> = holding.values().map(|held| held.registry).collect();
    registries.sort();
    registries.dedup();
    registries
}

/// Writes a registry for the database.
pub(super) fn registry_word(registry: Registry) -> &'static str {
    registry.word()
}

/// Reads a registry from the database.
pub(super) fn registry_from(word: &str) -> Option<Registry> {
    Registry::ALL.into_iter().find(|registry| registry.word() == word)
}
