//! How conditions behave in time and what they imply.

use std::sync::OnceLock;

use serde::Deserialize;

use super::conditions;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    events: Vec<String>,
    lasting: Vec<String>,
    operations: Vec<String>,
    chronic: Vec<String>,
    significant: Vec<Pair>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    condition: String,
    of: String,
}

#[derive(Debug, Default)]
struct Table {
    events: Vec<usize>,
    lasting: Vec<usize>,
    operations: Vec<usize>,
    chronic: Vec<usize>,
    significant: Vec<(usize, usize)>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let file: File = toml::from_str(include_str!("condition_traits.toml")).unwrap_or_default();
        let rows = |names: &[String]| names.iter().filter_map(|name| conditions::by_name(name)).collect();
        Table {
            events: rows(&file.events),
            lasting: rows(&file.lasting),
            operations: rows(&file.operations),
            chronic: rows(&file.chronic),
            significant: file
                .significant
                .iter()
                .filter_map(|pair| Some((conditions::by_name(&pair.condition)?, conditions::by_name(&pair.of)?)))
                .collect(),
        }
    })
}

fn below_any(row: usize, rows: &[usize]) -> bool {
    rows.iter().any(|&above| conditions::is_a(row, above))
}

/// Tells whether a condition is dated by its onset.
#[must_use]
pub fn is_event(row: usize) -> bool {
    below_any(row, &table().events)
}

/// Tells whether having had a condition is as good as having it.
#[must_use]
pub fn is_lasting(row: usize) -> bool {
    below_any(row, &table().lasting)
}

/// Tells whether a condition is an operation, which a complete list of treatments settles.
#[must_use]
pub fn is_operation(row: usize) -> bool {
    below_any(row, &table().operations)
}

/// Tells whether a condition is chronic by nature.
#[must_use]
pub fn is_chronic(row: usize) -> bool {
    below_any(row, &table().chronic)
}

/// Tells whether a condition, present, is by itself a clinically significant disease of the kind `of`.
#[must_use]
pub fn is_significant(row: usize, of: usize) -> bool {
    table()
        .significant
        .iter()
        .any(|&(condition, kind)| conditions::is_a(row, condition) && conditions::is_a(of, kind) && row != of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_condition() {
        let file: File = toml::from_str(include_str!("condition_traits.toml")).unwrap();
        let pairs = file.significant.iter().flat_map(|pair| [&pair.condition, &pair.of]);
        for name in [&file.events, &file.lasting, &file.operations, &file.chronic].into_iter().flatten().chain(pairs) {
            assert!(conditions::by_name(name).is_some(), "{name}");
        }
    }
}
