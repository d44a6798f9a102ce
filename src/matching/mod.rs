//! Truth to outcome, outcome to verdict, verdict to rank.

pub mod ask;
pub mod change;
pub mod evaluate;
pub mod explain;
pub mod near_miss;
pub mod outcome;
pub mod program;
pub mod sites;

pub use evaluate::{Evaluation, Summary, evaluate, evaluate_trial};
pub use outcome::{CriterionResult, Fact, Outcome, TrialMatch, Verdict};
pub use program::{Compiled, CompiledCriterion, CompiledTrial};
