//! Each reading is a plain sentence, and reading the sentence gives the same requirement.

use crate::metamorphic::placeless;
use crate::safety::TRIALS;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use trialmatch::criteria::atom::Atom;
use trialmatch::criteria::reader::{read_back, read_sentence};
use trialmatch::criteria::{Requirement, Section};

/// The sentence with its capital and full stop, as a report shows it.
fn sentence(said: &str) -> String {
    let mut letters = said.chars();
    let said: String = letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect());
    format!("{said}.")
}

/// One form for requirements that mean the same: lists without lists of their own kind, and "not at least 2" as
/// "less than 2".
fn plain(requirement: &Requirement) -> Requirement {
    let each = |members: &[Requirement]| members.iter().map(plain).collect();
    match requirement {
        Requirement::All(members) => Requirement::all(each(members)),
        Requirement::Any(members) => Requirement::any(each(members)),
        Requirement::AtLeast(count, members) => Requirement::AtLeast(*count, each(members)),
        Requirement::Judged(inner) => Requirement::Judged(Box::new(plain(inner))),
        Requirement::Not(inner) => match inner.as_ref() {
            Requirement::Atom(atom) => match read_sentence(&atom.say(false), Section::Inclusion) {
                Requirement::Atom(opposite) if opposite.say(true) == atom.say(false) => Requirement::Atom(opposite),
                _ => requirement.clone(),
            },
            inner => plain(inner).negated(),
        },
        other => placeless(other),
    }
}

fn comes_back(requirement: &Requirement) -> Result<(), (String, String)> {
    let said = sentence(&requirement.say());
    let read = read_back(&said);
    if plain(&read) == plain(requirement) { Ok(()) } else { Err((said, read.say())) }
}

/// Of a hundred different atoms and their negations, how many come back as they were, by kind; a kind that is not
/// listed comes back wholly. What is left: states and numbers of brain metastases, of which a text says more than one
/// thing at once; tumours, which are the cancer under study or another; details in the registry's own words; doses,
/// cycles and manners of a treatment that are not read as figures.
const FLOORS: &[(&str, usize)] = &[
    ("Biomarker", 80),
    ("CentralNervousSystem", 60),
    ("Condition", 88),
    ("Diagnosis", 90),
    ("Her2", 55),
    ("Laboratory", 96),
    ("Lines", 70),
    ("Medication", 85),
    ("Open", 24),
    ("Receptor", 90),
    ("Site", 46),
    ("Therapy", 80),
];

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
    let mut low = Vec::new();
    for (kind, (all, plain, negated, failed)) in by_kind {
        writeln!(report, "## {kind}: {all} atoms, {plain} come back, {negated} negated").unwrap();
        let floor = FLOORS.iter().find(|(name, _)| *name == kind).map_or(100, |(_, floor)| *floor);
        if (plain + negated) * 100 < floor * 2 * all {
            low.push(format!("{kind}: {plain} and {negated} of {all}, at least {floor} % should"));
        }
        for line in failed.iter().step_by((failed.len() / 40).max(1)) {
            writeln!(report, "   {line}").unwrap();
        }
    }
    println!("{report}");
    assert!(low.is_empty(), "fewer sentences than before come back:\n{}\n{report}", low.join("\n"));
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
    assert!(held[0] * 100 >= of[0] * 88, "{} of {} single statements come back", held[0], of[0]);
    assert!(held[1] * 100 >= of[1] * 85, "{} of {} compositions come back", held[1], of[1]);
}
