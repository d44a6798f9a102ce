//! Which class lies under which, with all the steps between.

use std::collections::{BTreeMap, BTreeSet};

/// For each class the sorted indices of itself and of all classes above it.
#[derive(Debug, Default)]
pub(super) struct Ancestry {
    above: Vec<Vec<usize>>,
}

impl Ancestry {
    /// Builds the closure from the identifiers of the parents of each class. A parent that does not exist is passed
    /// over and a cycle ends where it closes: the tests refuse both, and loading never fails.
    pub(super) fn new<'a>(
        index_of: &BTreeMap<&str, usize>,
        parents: impl Iterator<Item = &'a [String]> + Clone,
    ) -> Ancestry {
        let direct: Vec<Vec<usize>> =
            parents.map(|ids| ids.iter().filter_map(|id| index_of.get(id.as_str()).copied()).collect()).collect();
        let above = (0..direct.len())
            .map(|start| {
                let mut seen = BTreeSet::from([start]);
                let mut open = vec![start];
                while let Some(class) = open.pop() {
                    for &parent in direct.get(class).into_iter().flatten() {
                        if seen.insert(parent) {
                            open.push(parent);
                        }
                    }
                }
                seen.into_iter().collect()
            })
            .collect();
        Ancestry { above }
    }

    /// Tells whether `child` is `parent` or lies under it.
    pub(super) fn is_a(&self, child: usize, parent: usize) -> bool {
        self.of(child).binary_search(&parent).is_ok()
    }

    /// The class itself and all classes above it, sorted.
    pub(super) fn of(&self, class: usize) -> &[usize] {
        self.above.get(class).map_or(&[], Vec::as_slice)
    }

    /// The union of the classes over several direct ones, sorted.
    pub(super) fn union(&self, direct: impl Iterator<Item = usize>) -> Vec<usize> {
        direct.flat_map(|class| self.of(class).iter().copied()).collect::<BTreeSet<_>>().into_iter().collect()
    }
}
