//! What would be: the open trials evaluated again with facts supposed. Only what was unknown is answered anew, since
//! added facts change nothing else (safety rule 3); what is shown in the end is evaluated as a whole.

use crate::criteria::answer::Truth;
use crate::criteria::atom::Atom;
use crate::criteria::facts::Facts;
use crate::criteria::open_fact::OpenFact;
use crate::matching::evaluate::{Evaluation, Summary};
use crate::matching::explain::outcome;
use crate::matching::outcome::{Outcome, Verdict};
use crate::matching::program::{Compiled, Node};
use crate::patient::Profile;
use std::collections::{BTreeMap, BTreeSet};

/// How a trial stands: its verdict, and how many of its criteria lack a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The verdict.
    pub verdict: Verdict,
    /// Criteria whose outcome is `unknown`.
    pub unknown: u16,
}

impl Standing {
    /// Takes the standing of a summary.
    pub fn of(summary: &Summary<'_>) -> Self {
        Self { verdict: summary.verdict, unknown: summary.counts.get(Outcome::Unknown as usize).copied().unwrap_or(0) }
    }

    /// Whether no fact is lacking any more, or none matters.
    pub fn is_settled(self) -> bool {
        self.verdict != Verdict::Possible || self.unknown == 0
    }

    /// What is left to ask: nothing for a settled trial, and the last unknown weighs most, so that trials are finished
    /// rather than begun. So many as `never` can be settled by no answer, and do not count.
    pub(super) fn weight(self, never: u16) -> f64 {
        let open = if self.is_settled() { 0 } else { self.unknown.saturating_sub(never) };
        f64::from(open) / f64::from(open + 1)
    }
}

/// The open trials of a snapshot for one profile.
pub(super) struct Supposing<'c> {
    pub compiled: &'c Compiled,
    /// Places of the open trials in the snapshot.
    pub trials: &'c [usize],
    /// The nodes that they hang on, children first.
    nodes: Vec<u32>,
    /// The questions among them that are not answered.
    unknown: Vec<u32>,
    answers: Vec<Truth>,
    truths: Vec<Truth>,
}

impl<'c> Supposing<'c> {
    /// Answers everything for a profile.
    pub fn new(compiled: &'c Compiled, profile: &Profile, trials: &'c [usize]) -> Self {
        let answers = compiled.answers(&Facts::new(profile).without_reasons());
        let truths = compiled.run(&answers);
        let mut seen = vec![false; compiled.nodes.len()];
        let mut open: Vec<u32> =
            trials.iter().flat_map(|&trial| compiled.roots(trial).iter().map(|root| root.node)).collect();
        while let Some(node) = open.pop() {
            if let Some(seen) = seen.get_mut(node as usize).filter(|seen| !**seen) {
                *seen = true;
                open.extend(compiled.below(node));
            }
        }
        let nodes: Vec<u32> = (0u32..).zip(seen).filter(|(_, seen)| *seen).map(|(node, _)| node).collect();
        let unknown = nodes
            .iter()
            .filter_map(|&node| match compiled.nodes.get(node as usize) {
                Some(Node::Atom(atom)) if answers.get(*atom as usize) == Some(&Truth::Unknown) => Some(*atom),
                _ => None,
            })
            .collect();
        Self { compiled, trials, nodes, unknown, answers, truths }
    }

    /// The open trials as they stand.
    pub fn now(&self) -> Vec<Standing> {
        self.standings(&self.truths)
    }

    /// The open trials as they would stand for another profile that says more. `atoms` are the questions that it can
    /// answer; none given means any.
    pub fn then(&self, profile: &Profile, atoms: Option<&[u32]>) -> Vec<Standing> {
        let facts = Facts::new(profile).without_reasons();
        self.run(atoms, |asked| asked.evaluate(&facts).truth)
    }

    /// The open trials where a profile says all that can be said, and facts that are stated under their own names are
    /// known as well.
    pub fn at_best(&self, profile: &Profile) -> Vec<Standing> {
        let facts = Facts::new(profile).without_reasons();
        self.run(None, |asked| match asked {
            Atom::Open(OpenFact::Named(_)) => Truth::False,
            other => other.evaluate(&facts).truth,
        })
    }

    fn run(&self, atoms: Option<&[u32]>, answer: impl Fn(&Atom) -> Truth) -> Vec<Standing> {
        let mut answers = self.answers.clone();
        for &atom in atoms.unwrap_or(&self.unknown) {
            if let (Some(asked), Some(slot)) = (self.compiled.atoms.get(atom as usize), answers.get_mut(atom as usize))
            {
                *slot = answer(asked);
            }
        }
        let mut truths = self.truths.clone();
        for &node in &self.nodes {
            let Some(step) = self.compiled.nodes.get(node as usize) else { continue };
            let truth = self.compiled.step(*step, &answers, &truths);
            if let Some(slot) = truths.get_mut(node as usize) {
                *slot = truth;
            }
        }
        self.standings(&truths)
    }

    fn standings(&self, truths: &[Truth]) -> Vec<Standing> {
        let truth = |node: u32| truths.get(node as usize).copied().unwrap_or(Truth::Unread);
        self.trials
            .iter()
            .filter_map(|&at| {
                let trial = self.compiled.trials.get(at)?;
                Some(Standing::of(&Evaluation::summarise(trial, self.compiled.roots(at).iter().copied(), &truth)))
            })
            .collect()
    }

    /// The unanswered questions on which criteria hang that are unknown, with the open trials (by their places among
    /// them) that hang on each.
    pub fn wanted(&self) -> BTreeMap<u32, BTreeSet<usize>> {
        let mut wanted: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
        let unknown = |node: u32| self.truths.get(node as usize) == Some(&Truth::Unknown);
        for (place, &at) in self.trials.iter().enumerate() {
            for root in self.compiled.roots(at) {
                if outcome(root.partial, self.truths.get(root.node as usize).copied().unwrap_or(Truth::Unread)).0
                    != Outcome::Unknown
                {
                    continue;
                }
                let mut open = vec![root.node];
                while let Some(node) = open.pop() {
                    if let Some(Node::Atom(atom)) = self.compiled.nodes.get(node as usize) {
                        wanted.entry(*atom).or_default().insert(place);
                    }
                    open.extend(self.compiled.below(node).into_iter().filter(|&child| unknown(child)));
                }
            }
        }
        wanted
    }
}
