//! Each reading is a plain sentence, and reading the sentence gives the same requirement.

use crate::metamorphic::placeless;
use crate::safety::TRIALS;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use trialmatch::criteria::atom::Atom;
use trialmatch::criteria::reader::read_sentence;
use trialmatch::criteria::{Requirement, Section};

/// The sentence with its capital and full stop, as a report shows it.
fn sentence(said: &str) -> String {
    let mut letters = said.chars();
    let said: String = letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect());
    format!("{said}.")
}

fn comes_back(requirement: &Requirement) -> Result<(), (String, String)> {
    let said = sentence(&requirement.say());
    let read = placeless(&read_sentence(&said, Section::Inclusion));
    if read == placeless(requirement) { Ok(()) } else { Err((said, read.say())) }
}

/// The atoms that were read, each once.
fn atoms() -> BTreeSet<Atom> {
    let mut atoms = BTreeSet::new();
    for (_, reading) in TRIALS.iter().flatten() {
        for criterion in &reading.criteria {
            criterion.requirement.visit(&mut |r| {
                if let Requirement::Atom(atom) = r {
                    atoms.insert(atom.clone());
                }
            });
        }
    }
    atoms
}

#[test]
fn the_sentence_of_an_atom_reads_back_to_it() {
    let all: Vec<Atom> = atoms().into_iter().collect();
    let results: Vec<_> = all
        .par_iter()
        .map(|atom| {
            let plain = Requirement::Atom(atom.clone());
            (atom.kind(), comes_back(&plain), comes_back(&plain.negated()))
        })
        .collect();
    let mut by_kind: BTreeMap<&str, (usize, usize, usize, Vec<String>)> = BTreeMap::new();
    for (kind, plain, negated) in results {
        let row = by_kind.entry(kind).or_default();
        row.0 += 1;
        row.1 += usize::from(plain.is_ok());
        row.2 += usize::from(negated.is_ok());
        for (said, read) in plain.err().into_iter().chain(negated.err()) {
            row.3.push(format!("{said}\n      {read}"));
        }
    }
    let mut report = String::new();
    for (kind, (all, plain, negated, failed)) in by_kind {
        writeln!(report, "## {kind}: {all} atoms, {plain} come back, {negated} negated").unwrap();
        for line in failed.iter().step_by((failed.len() / 40).max(1)) {
            writeln!(report, "   {line}").unwrap();
        }
    }
    println!("{report}");
}

#[test]
fn the_sentence_of_a_criterion_reads_back_to_it() {
    let mut seen = BTreeMap::new();
    for (_, reading) in TRIALS.iter().flatten() {
        for criterion in &reading.criteria {
            if !criterion.requirement.has_unread()
                && !matches!(criterion.requirement, Requirement::Nothing | Requirement::Confirm)
            {
                seen.insert(criterion.requirement.say(), criterion.requirement.clone());
            }
        }
    }
    let results: Vec<_> = seen.par_iter().map(|(_, requirement)| (requirement, comes_back(requirement))).collect();
    let single = |r: &Requirement| match r {
        Requirement::Atom(_) => true,
        Requirement::Not(inner) => matches!(**inner, Requirement::Atom(_)),
        _ => false,
    };
    let (mut of, mut held) = ([0; 2], [0; 2]);
    let mut failed = Vec::new();
    for (requirement, result) in results {
        let which = usize::from(!single(requirement));
        of[which] += 1;
        held[which] += usize::from(result.is_ok());
        if let (1, Err((said, read))) = (which, result) {
            failed.push(format!("{said}\n      {read}"));
        }
    }
    println!("atoms {} of {}, compositions {} of {}", held[0], of[0], held[1], of[1]);
    for line in failed.iter().step_by((failed.len() / 80).max(1)) {
        println!("   {line}");
    }
}
