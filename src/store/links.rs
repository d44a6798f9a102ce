//! Which records are of one study, told by the numbers that they cite; never by their titles alone.
//!
//! A register gives one number to a study. Records of the same number are copies of one record. Records of different
//! registers belong together where one cites the other's number, or both cite a third one (an EudraCT number, WHO's
//! universal number, the sponsor's own), and nothing speaks against it:
//!
//! - What a record cites of its own register is another study (a parent, an extension) and joins nothing.
//! - Where several records of a register cite, or are cited by, the same record, only one of them can be the same study:
//!   the one that is cited back. Where that is none or several, none is joined.
//! - Two records of which only one calls itself an extension, a follow-up or a part of another study are joined only
//!   where each cites the other.
//! - A sponsor's number may be anybody's; it joins only records whose titles share most of their words.
//! - Studies that would bring two numbers of one register together are taken apart again.
//!
//! Nothing here depends on the order of the records.

use super::study_ids::{self, StudyId};
use crate::trial::{Registry, Trial};
use std::collections::{BTreeMap, BTreeSet};

/// The version of these rules; raise it with every change, so that snapshots of older rules are told apart.
pub(super) const LINKS_VERSION: u32 = 1;

/// Words by which a record calls itself part of, or what follows, another study.
const PART_OF_ANOTHER: [&str; 14] = [
    "ancillary",
    "companion",
    "continuation",
    "continued access",
    "extension",
    "follow-on",
    "follow-up study",
    "long-term follow-up",
    "post-trial",
    "roll over",
    "roll-over",
    "rollover",
    "sub-study",
    "substudy",
];

/// The share of the shorter title's words that the other must have for a sponsor's number to count, in per cent.
const TITLES_ALIKE: usize = 60;

/// The fewest letters and digits of a sponsor's number that is no chance.
const SPONSOR_NUMBER: usize = 6;

/// Groups records into studies: the places of the records of each, in rising order; the groups in the order of their
/// first members.
pub(super) fn studies(records: &[&Trial]) -> Vec<Vec<usize>> {
    let mut graph = Graph::new(records);
    graph.drop_parts_of_others();
    graph.drop_ambiguous();
    let components = graph.components();
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, node) in graph.node_of_record.iter().enumerate() {
        groups.entry(components.get(*node).copied().unwrap_or(*node)).or_default().push(at);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.sort();
    groups
}

/// A number, with the records that have it as their own; without any where it is only cited.
struct Node {
    register: String,
    /// It calls itself part of another study.
    is_part: bool,
    has_record: bool,
}

/// A citation between two numbers; the smaller node first.
type Edge = (usize, usize);

struct Graph {
    nodes: Vec<Node>,
    node_of_record: Vec<usize>,
    /// Edges, with whether each end cites the other.
    edges: BTreeMap<Edge, bool>,
}

impl Graph {
    fn new(records: &[&Trial]) -> Self {
        let own: Vec<StudyNumber> = records.iter().map(|record| own_number(record)).collect();
        let cited: Vec<BTreeSet<StudyNumber>> = records.iter().map(|record| cited_numbers(record)).collect();
        // Numbered in their own order, so that nothing depends on that of the records.
        let numbers: BTreeSet<&StudyNumber> = own.iter().chain(cited.iter().flatten()).collect();
        let place: BTreeMap<&StudyNumber, usize> =
            numbers.iter().enumerate().map(|(at, number)| (*number, at)).collect();
        let mut nodes: Vec<Node> = numbers
            .iter()
            .map(|number| Node { register: number.0.clone(), is_part: false, has_record: false })
            .collect();
        let at = |number: &StudyNumber| place.get(number).copied().unwrap_or_default();
        let node_of_record: Vec<usize> = own.iter().map(at).collect();
        for (record, node) in records.iter().zip(&node_of_record) {
            if let Some(node) = nodes.get_mut(*node) {
                node.has_record = true;
                node.is_part |= is_part(&record.title);
            }
        }
        let mut arrows: BTreeSet<Edge> = BTreeSet::new();
        for (from, cited) in node_of_record.iter().zip(&cited) {
            for to in cited.iter().map(at).filter(|to| to != from) {
                if nodes.get(to).map(|node| &node.register) != nodes.get(*from).map(|node| &node.register) {
                    arrows.insert((*from, to));
                }
            }
        }
        arrows.extend(sponsors_numbers(records, &node_of_record, &nodes));
        let mut edges = BTreeMap::new();
        for (from, to) in &arrows {
            let mutual = arrows.contains(&(*to, *from));
            edges.insert((*from.min(to), *from.max(to)), mutual);
        }
        Self { nodes, node_of_record, edges }
    }

    fn neighbours(&self) -> BTreeMap<usize, Vec<(usize, bool)>> {
        let mut neighbours: BTreeMap<usize, Vec<(usize, bool)>> = BTreeMap::new();
        for ((one, other), mutual) in &self.edges {
            neighbours.entry(*one).or_default().push((*other, *mutual));
            neighbours.entry(*other).or_default().push((*one, *mutual));
        }
        neighbours
    }

    fn register(&self, node: usize) -> &str {
        self.nodes.get(node).map(|node| node.register.as_str()).unwrap_or_default()
    }

    /// A number without a record belongs to whoever cites it and is no part of another study.
    fn drop_parts_of_others(&mut self) {
        let neighbours = self.neighbours();
        let calls_itself_part = |at: usize| match self.nodes.get(at) {
            Some(node) if node.has_record => node.is_part,
            _ => neighbours.get(&at).is_some_and(|citing| {
                citing.iter().all(|(other, _)| self.nodes.get(*other).is_some_and(|node| node.is_part))
            }),
        };
        let kept: BTreeMap<Edge, bool> = self
            .edges
            .iter()
            .filter(|((one, other), mutual)| **mutual || calls_itself_part(*one) == calls_itself_part(*other))
            .map(|(edge, mutual)| (*edge, *mutual))
            .collect();
        self.edges = kept;
    }

    /// Of several numbers of one register beside the same number only the one that is cited back stays.
    fn drop_ambiguous(&mut self) {
        let mut dropped: BTreeSet<Edge> = BTreeSet::new();
        for (node, others) in self.neighbours() {
            let mut by_register: BTreeMap<&str, Vec<(usize, bool)>> = BTreeMap::new();
            for (other, mutual) in others {
                by_register.entry(self.register(other)).or_default().push((other, mutual));
            }
            for candidates in by_register.into_values().filter(|candidates| candidates.len() > 1) {
                let sure: Vec<usize> =
                    candidates.iter().filter(|(_, mutual)| *mutual).map(|(other, _)| *other).collect();
                let only = (sure.len() == 1).then(|| sure.first().copied()).flatten();
                let wrong = candidates.iter().map(|(other, _)| *other).filter(|other| Some(*other) != only);
                dropped.extend(wrong.map(|other| (node.min(other), node.max(other))));
            }
        }
        self.edges.retain(|edge, _| !dropped.contains(edge));
    }

    /// Joins what hangs together; takes apart what would be two studies of one register.
    fn components(&mut self) -> Vec<usize> {
        let first = self.joined();
        let torn = self.contradictory(&first);
        self.edges.retain(|(one, _), mutual| *mutual || !first.get(*one).is_some_and(|root| torn.contains(root)));
        let second = self.joined();
        let torn = self.contradictory(&second);
        self.edges.retain(|(one, _), _| !second.get(*one).is_some_and(|root| torn.contains(root)));
        self.joined()
    }

    /// Gives each node the smallest node of those that it hangs together with (union-find).
    fn joined(&self) -> Vec<usize> {
        let mut roots: Vec<usize> = (0..self.nodes.len()).collect();
        fn root(roots: &[usize], mut at: usize) -> usize {
            while let Some(above) = roots.get(at).filter(|above| **above != at) {
                at = *above;
            }
            at
        }
        for (one, other) in self.edges.keys() {
            let (one, other) = (root(&roots, *one), root(&roots, *other));
            if let Some(slot) = roots.get_mut(one.max(other)) {
                *slot = one.min(other);
            }
        }
        (0..roots.len()).map(|at| root(&roots, at)).collect()
    }

    /// The roots of components that hold two numbers of one register.
    fn contradictory(&self, roots: &[usize]) -> BTreeSet<usize> {
        let mut seen: BTreeSet<(usize, &str)> = BTreeSet::new();
        let mut torn = BTreeSet::new();
        for (node, root) in roots.iter().enumerate() {
            if !seen.insert((*root, self.register(node))) {
                torn.insert(*root);
            }
        }
        torn
    }
}

/// Register and number.
type StudyNumber = (String, String);

fn pair(id: StudyId) -> StudyNumber {
    (id.register, id.number)
}

/// The number of the record itself. What has no number of a known form is known by its registry's identifier.
fn own_number(record: &Trial) -> StudyNumber {
    let known = study_ids::find(&record.id).into_iter().next();
    known.map_or_else(|| (format!("{:?}", record.registry), record.id.trim().to_uppercase()), pair)
}

fn cited_numbers(record: &Trial) -> BTreeSet<StudyNumber> {
    // The invented records of the sample are studies of their own.
    let cites = record.registry != Registry::Sample;
    record.other_ids.iter().filter(|_| cites).flat_map(|cited| study_ids::find(cited)).map(pair).collect()
}

fn is_part(title: &str) -> bool {
    let title = title.to_lowercase();
    PART_OF_ANOTHER.iter().any(|words| title.contains(words))
}

/// Citations by a sponsor's number: from record to record, where each register has one record with it and the titles
/// are alike.
fn sponsors_numbers(records: &[&Trial], node_of_record: &[usize], nodes: &[Node]) -> Vec<Edge> {
    let mut holders: BTreeMap<String, BTreeMap<usize, &Trial>> = BTreeMap::new();
    for (record, node) in records.iter().zip(node_of_record) {
        for number in record.other_ids.iter().filter_map(|cited| sponsors_number(cited)) {
            holders.entry(number).or_default().entry(*node).or_insert(record);
        }
    }
    let mut edges = Vec::new();
    for holders in holders.into_values().filter(|holders| holders.len() > 1) {
        let mut registers = BTreeSet::new();
        let alone = holders.keys().all(|node| nodes.get(*node).is_some_and(|node| registers.insert(&node.register)));
        if !alone {
            continue;
        }
        for (one, first) in &holders {
            for (other, second) in holders.range(one + 1..) {
                if titles_alike(&first.title, &second.title) {
                    edges.push((*one, *other));
                }
            }
        }
    }
    edges
}

/// A sponsor's number in one spelling: letters and digits, enough of them that it is no chance.
fn sponsors_number(cited: &str) -> Option<String> {
    if !study_ids::find(cited).is_empty() {
        return None;
    }
    let plain: String = cited.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    let letters = plain.chars().count() - digits;
    (plain.chars().count() >= SPONSOR_NUMBER && digits >= 3 && letters >= 1).then_some(plain)
}

fn titles_alike(one: &str, other: &str) -> bool {
    let words = |title: &str| -> BTreeSet<String> {
        let lower = title.to_lowercase();
        let words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.chars().count() > 2);
        words.map(str::to_owned).collect()
    };
    let (one, other) = (words(one), words(other));
    let shared = one.intersection(&other).count();
    let shorter = one.len().min(other.len());
    shorter > 2 && shared * 100 >= shorter * TITLES_ALIKE
}

#[cfg(test)]
mod tests;
