//! Looking a word up by any of its spellings.

use rustc_hash::FxHashMap;

/// Folds a spelling to the form under which it is looked up: lower case, without white space, hyphens and the signs of
/// trade marks, so that `T-DXd`, `t dxd` and `TDXd®` are one.
#[must_use]
pub(super) fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| {
            !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '®' | '™' | '\u{fe0f}')
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The spellings of all rows of one file.
#[derive(Debug, Default)]
pub(super) struct Names {
    folded: FxHashMap<String, usize>,
    abbreviations: FxHashMap<String, usize>,
}

impl Names {
    /// Adds a spelling that is looked up without regard to case, hyphens and blanks.
    pub(super) fn add(&mut self, name: &str, row: usize) {
        self.folded.entry(fold(name)).or_insert(row);
    }

    /// Adds a spelling that counts only exactly as it is written.
    pub(super) fn add_abbreviation(&mut self, name: &str, row: usize) {
        self.abbreviations.entry(name.to_owned()).or_insert(row);
    }

    /// Finds the row that claims a spelling.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        self.abbreviations.get(name).or_else(|| self.folded.get(&fold(name))).copied()
    }
}
