//! What a profile may not say: impossible dates, facts that contradict each other, units that are none.

mod disease;
mod lists;
mod timeline;

use crate::patient::error::Problem;
use crate::patient::profile::Profile;

/// Returns everything that is wrong with the facts of a profile, in the order of the contract's keys within each check.
pub fn problems(profile: &Profile) -> Vec<Problem> {
    let mut problems = Vec::new();
    timeline::check(profile, &mut problems);
    disease::check(profile, &mut problems);
    lists::check(profile, &mut problems);
    problems
}

#[cfg(test)]
mod tests;
