//! The compiled snapshot: atoms shared by all trials, requirements as a flat program over them. Matching never parses.

use crate::criteria::answer::Truth;
use crate::criteria::atom::Atom;
use crate::criteria::facts::Facts;
use crate::criteria::single_cohorts;
use crate::criteria::{Reading, Requirement, Section};
use crate::matching::sites::{Place, town_places};
use crate::trial::{Span, Trial};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The fewest questions that are worth handing to a thread.
const ATOMS_A_TASK: usize = 2048;

/// One node of the program; its children stand before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Node {
    /// A question about the patient.
    Atom(u32),
    /// All of the nodes listed at `start`.
    All {
        /// First place in the list of children.
        start: u32,
        /// How many.
        length: u32,
    },
    /// One of them.
    Any {
        /// First place in the list of children.
        start: u32,
        /// How many.
        length: u32,
    },
    /// At least `count` of them.
    AtLeast {
        /// How many must hold.
        count: u8,
        /// First place in the list of children.
        start: u32,
        /// How many.
        length: u32,
    },
    /// Negation.
    Not(u32),
    /// Handed to a person unless absent.
    Judged(u32),
    /// Read in part: unknown where the read part is unknown, unread otherwise.
    Partly(u32),
    /// Asks nothing.
    Nothing,
    /// For a person to settle.
    Confirm,
    /// Not read.
    Unread,
}

/// One criterion, compiled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompiledCriterion {
    /// Inclusion or exclusion.
    pub section: Section,
    /// Where it stands in the eligibility text.
    pub span: Option<Span>,
    /// The structured field that it was read from.
    pub field: Option<String>,
    /// The field's words; empty where the text is a slice of the eligibility text.
    pub text: String,
    /// The cohort that it binds, by its place in the trial's list.
    pub cohort: Option<u16>,
    /// Its root.
    pub node: u32,
    /// Whether a part of it was not read; then it never passes.
    pub partial: bool,
    /// What was not read.
    pub unread: Vec<Span>,
    /// The reading in English.
    pub reading: String,
    /// Notes on slips.
    pub notes: Vec<String>,
}

/// One trial, compiled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompiledTrial {
    /// The trial.
    pub trial: Trial,
    /// Its criteria, structured fields first.
    pub criteria: Vec<CompiledCriterion>,
    /// The labels of its cohorts, as its text has them.
    pub cohorts: Vec<String>,
    /// For each label, which single cohorts it binds ("Cohort A and B" binds two).
    pub binds: Vec<Vec<u16>>,
    /// Headings and labels of its text.
    pub headings: Vec<Span>,
    /// The towns' places of sites without coordinates, in the order of the sites; empty where there are none.
    pub towns: Vec<Option<Place>>,
}

/// All trials of a snapshot compiled to atoms and flat programs. Serialised into the store when a generation is
/// built, loaded at start.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Compiled {
    /// The questions that all trials share.
    pub atoms: Vec<Atom>,
    /// The program, children before parents.
    pub nodes: Vec<Node>,
    /// Children of the list nodes.
    pub children: Vec<u32>,
    /// The trials, ordered by identifier.
    pub trials: Vec<CompiledTrial>,
    /// The roots of all criteria side by side, made when they are first asked for: a verdict needs these alone, and
    /// they fit into the processor's cache where the criteria with their words do not.
    #[serde(skip)]
    roots: OnceLock<Roots>,
}

/// What a verdict needs of a criterion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Root {
    /// The root of its program.
    pub node: u32,
    /// The cohort that it binds; [`Root::ALL`] where it binds everybody.
    pub cohort: u16,
    /// Whether a part of it was not read.
    pub partial: bool,
    /// Whether it stands in the eligibility text.
    pub from_text: bool,
}

impl Root {
    /// No cohort.
    pub const ALL: u16 = u16::MAX;
}

impl From<&CompiledCriterion> for Root {
    fn from(criterion: &CompiledCriterion) -> Self {
        Self {
            node: criterion.node,
            cohort: criterion.cohort.unwrap_or(Self::ALL),
            partial: criterion.partial,
            from_text: criterion.span.is_some(),
        }
    }
}

/// The roots of all trials, with the end of each trial's.
#[derive(Clone, Debug, Default, PartialEq)]
struct Roots {
    roots: Vec<Root>,
    ends: Vec<usize>,
}

#[derive(Default)]
struct Builder {
    compiled: Compiled,
    atoms: BTreeMap<Atom, u32>,
    nodes: BTreeMap<(u8, Vec<u32>), u32>,
}

impl Compiled {
    /// Compiles trials with their readings; orders them by identifier.
    pub fn build(mut trials: Vec<(Trial, Reading)>) -> Self {
        trials.sort_by(|a, b| a.0.id.cmp(&b.0.id));
        let mut builder = Builder::default();
        for (trial, reading) in trials {
            let criteria = reading
                .criteria
                .into_iter()
                .map(|criterion| CompiledCriterion {
                    reading: criterion.say(),
                    node: builder.node(&criterion.requirement),
                    partial: criterion.requirement.has_unread(),
                    unread: criterion.requirement.unread(),
                    text: criterion.field.as_deref().map(|f| field_text(&trial, f)).unwrap_or_default(),
                    cohort: criterion
                        .cohort
                        .as_ref()
                        .and_then(|c| reading.cohorts.iter().position(|k| k == c))
                        .map(|i| i as u16),
                    section: criterion.section,
                    span: criterion.span,
                    field: criterion.field,
                    notes: criterion.notes,
                })
                .collect();
            let mut singles: Vec<String> = Vec::new();
            let binds = reading
                .cohorts
                .iter()
                .map(|label| {
                    single_cohorts(label)
                        .into_iter()
                        .map(|single| {
                            let at = singles.iter().position(|s| *s == single).unwrap_or_else(|| {
                                singles.push(single);
                                singles.len() - 1
                            });
                            at as u16
                        })
                        .collect()
                })
                .collect();
            builder.compiled.trials.push(CompiledTrial {
                towns: town_places(&trial),
                trial,
                binds,
                criteria,
                cohorts: reading.cohorts,
                headings: reading.headings,
            });
        }
        builder.compiled
    }

    /// The roots of the criteria of a trial, by its place.
    pub(super) fn roots(&self, trial: usize) -> &[Root] {
        let all = self.roots.get_or_init(|| {
            let mut all = Roots::default();
            for trial in &self.trials {
                all.roots.extend(trial.criteria.iter().map(Root::from));
                all.ends.push(all.roots.len());
            }
            all
        });
        let end = |trial: usize| all.ends.get(trial).copied();
        let start = trial.checked_sub(1).and_then(end).unwrap_or(0);
        end(trial).and_then(|end| all.roots.get(start..end)).unwrap_or_default()
    }

    /// Answers every atom for one patient; why, [`Atom::evaluate`] says of each.
    pub fn answers(&self, facts: &Facts<'_>) -> Vec<Truth> {
        // Large snapshots hold tens of thousands of questions; small ones are not worth a second thread.
        self.atoms.par_iter().with_min_len(ATOMS_A_TASK).map(|atom| atom.evaluate(facts).truth).collect()
    }

    /// Runs the program over the answers: the truth of every node.
    pub fn run(&self, answers: &[Truth]) -> Vec<Truth> {
        let mut truths: Vec<Truth> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let truth = self.step(*node, answers, &truths);
            truths.push(truth);
        }
        truths
    }

    /// The truth of one node from the answers and the truths of the nodes below it.
    pub(super) fn step(&self, node: Node, answers: &[Truth], truths: &[Truth]) -> Truth {
        let of = |id: u32| truths.get(id as usize).copied().unwrap_or(Truth::Unread);
        match node {
            Node::Atom(atom) => answers.get(atom as usize).copied().unwrap_or(Truth::Unread),
            Node::All { start, length } => self.list(start, length).iter().fold(Truth::True, |t, &c| t.and(of(c))),
            Node::Any { start, length } => self.list(start, length).iter().fold(Truth::False, |t, &c| t.or(of(c))),
            Node::AtLeast { count, start, length } => at_least(count, self.list(start, length).iter().map(|&c| of(c))),
            Node::Not(inner) => of(inner).negated(),
            Node::Judged(inner) => of(inner).judged(),
            Node::Partly(inner) => {
                if of(inner) == Truth::Unknown {
                    Truth::Unknown
                } else {
                    Truth::Unread
                }
            }
            Node::Nothing => Truth::True,
            Node::Confirm => Truth::Confirm,
            Node::Unread => Truth::Unread,
        }
    }

    /// The nodes directly below a node.
    pub(super) fn below(&self, node: u32) -> Vec<u32> {
        match self.nodes.get(node as usize) {
            Some(
                &(Node::All { start, length } | Node::Any { start, length } | Node::AtLeast { start, length, .. }),
            ) => self.list(start, length).to_vec(),
            Some(&(Node::Not(inner) | Node::Judged(inner) | Node::Partly(inner))) => vec![inner],
            _ => Vec::new(),
        }
    }

    /// The children of a list node.
    pub fn list(&self, start: u32, length: u32) -> &[u32] {
        self.children.get(start as usize..(start + length) as usize).unwrap_or_default()
    }

    /// Finds a trial by its identifier or one that it cites, whatever the case.
    pub fn find(&self, id: &str) -> Option<&CompiledTrial> {
        let same = |other: &str| other.eq_ignore_ascii_case(id);
        self.trials
            .iter()
            .find(|t| same(&t.trial.id))
            .or_else(|| self.trials.iter().find(|t| t.trial.other_ids.iter().any(|o| same(o))))
    }
}

/// At least so many hold: true once enough are true, false once too few can be.
fn at_least(count: u8, members: impl Iterator<Item = Truth>) -> Truth {
    let mut holds = 0u8;
    let mut open = Truth::False;
    let mut possible = 0u8;
    for truth in members {
        match truth {
            Truth::True | Truth::TrueUntil(_) => holds = holds.saturating_add(1),
            Truth::False => {}
            other => {
                possible = possible.saturating_add(1);
                open = open.or(other);
            }
        }
    }
    if holds >= count {
        Truth::True
    } else if holds.saturating_add(possible) < count {
        Truth::False
    } else {
        open
    }
}

/// The words of a structured field.
fn field_text(trial: &Trial, field: &str) -> String {
    match field {
        "minimumAge" => trial.minimum_age.as_ref().map(|a| format!("Minimum age: {}", a.text)),
        "maximumAge" => trial.maximum_age.as_ref().map(|a| format!("Maximum age: {}", a.text)),
        "sex" => trial.sex.as_ref().map(|s| format!("Sex: {s}")),
        "eligibilityCriteria" => Some("The record has no eligibility text".to_owned()),
        _ => None,
    }
    .unwrap_or_default()
}

impl Builder {
    fn node(&mut self, requirement: &Requirement) -> u32 {
        match requirement {
            Requirement::Atom(atom) => {
                let fresh = self.atoms.len() as u32;
                let id = *self.atoms.entry(atom.clone()).or_insert_with(|| {
                    self.compiled.atoms.push(atom.clone());
                    fresh
                });
                self.intern(0, vec![id], |_| Node::Atom(id))
            }
            Requirement::All(members) => self.list_node(1, 0, members),
            Requirement::Any(members) => self.list_node(2, 0, members),
            Requirement::AtLeast(count, members) => self.list_node(3, *count, members),
            Requirement::Not(inner) => {
                let inner = self.node(inner);
                self.intern(4, vec![inner], |_| Node::Not(inner))
            }
            Requirement::Judged(inner) => {
                let inner = self.node(inner);
                self.intern(5, vec![inner], |_| Node::Judged(inner))
            }
            Requirement::Partly(inner, _) => {
                let inner = self.node(inner);
                self.intern(9, vec![inner], |_| Node::Partly(inner))
            }
            Requirement::Nothing => self.intern(6, Vec::new(), |_| Node::Nothing),
            Requirement::Confirm => self.intern(7, Vec::new(), |_| Node::Confirm),
            Requirement::Unread(_) => self.intern(8, Vec::new(), |_| Node::Unread),
        }
    }

    fn list_node(&mut self, tag: u8, count: u8, members: &[Requirement]) -> u32 {
        let ids: Vec<u32> = members.iter().map(|m| self.node(m)).collect();
        let length = ids.len() as u32;
        let mut key = ids.clone();
        key.push(u32::from(count));
        self.intern(tag, key, |compiled| {
            let start = compiled.children.len() as u32;
            compiled.children.extend(&ids);
            match tag {
                1 => Node::All { start, length },
                2 => Node::Any { start, length },
                _ => Node::AtLeast { count, start, length },
            }
        })
    }

    fn intern(&mut self, tag: u8, key: Vec<u32>, make: impl FnOnce(&mut Compiled) -> Node) -> u32 {
        if let Some(id) = self.nodes.get(&(tag, key.clone())) {
            return *id;
        }
        let node = make(&mut self.compiled);
        let id = self.compiled.nodes.len() as u32;
        self.compiled.nodes.push(node);
        self.nodes.insert((tag, key), id);
        id
    }
}
