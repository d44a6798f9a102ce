//! The vocabulary as a whole: order, one owner for every wording that occurs, drugs with their sources.

use crate::safety::TRIALS;
use std::collections::{BTreeMap, BTreeSet};
use trialmatch::grammar::characters::normalise;
use trialmatch::grammar::tokens::{Token, TokenKind, tokenise};
use trialmatch::lexicon::concepts::{self, Concept};
use trialmatch::lexicon::{cues, drugs};

/// The folded words of a wording, as the reader sees them.
fn words(text: &str) -> Vec<Token> {
    let seen = |t: &Token| !matches!(t.kind, TokenKind::Hyphen | TokenKind::Break);
    tokenise(&normalise(text)).into_iter().filter(seen).collect()
}

/// Files that name the same thing in another role: the reader takes the first that stands here, and the kinds know both.
/// Within one file nothing is named twice.
const ROLES: &[(&str, &str)] = &[
    // A tumour is studied, or is another disease of the patient.
    ("Cancer", "Condition"),
    ("Site", "Condition"),
    // A transplant, a cell therapy, a vaccination was done, or was had.
    ("Procedure", "Condition"),
    ("DrugClass", "Procedure"),
    ("Drug", "Procedure"),
    ("Procedure", "MedicationClass"),
    // A hormone is measured, or taken; a marker is a laboratory test; a gene's name is that of its deficiency.
    ("Lab", "Medication"),
    ("Drug", "Lab"),
    ("Lab", "Biomarker"),
    ("Condition", "Biomarker"),
    ("Condition", "MedicationClass"),
    // A hormone treats the cancer, or replaces what is lacking; a class is called as its first member.
    ("Drug", "Medication"),
    ("Drug", "MedicationClass"),
    ("DrugClass", "MedicationClass"),
    ("Lab", "MedicationClass"),
    ("Medication", "MedicationClass"),
];

/// Function words and receptors, which are cues before they are anything else.
const CUES: &[&str] = &[
    "Administrative",
    "Anchor",
    "Contraception",
    "Cps",
    "Family",
    "Filler",
    "Her2",
    "Invasive",
    "Ki67",
    "PdL1",
    "Pr",
    "PregnancyTest",
    "Steroids",
    "Visceral",
    "VisceralCrisis",
];

/// Whether two owners are one thing in two roles.
fn roles(owners: &BTreeSet<String>) -> bool {
    let kinds: Vec<&str> = owners.iter().map(|owner| owner.split('(').next().unwrap_or_default()).collect();
    let cues = owners.iter().filter(|owner| !owner.contains('(')).count();
    kinds.iter().enumerate().all(|(at, a)| {
        kinds.iter().skip(at + 1).all(|b| {
            let shared = |x: &str, y: &str| ROLES.contains(&(x, y)) || CUES.contains(&x) && cues == 1;
            // A fact is asked by its own name where no other kind takes the words.
            let open = [a, b].iter().any(|kind| **kind == "OpenFact");
            a != b && (open || shared(a, b) || shared(b, a))
        })
    })
}

/// A wording with the one who claims it. Abbreviations count in their own case.
type Claims = BTreeMap<(Vec<String>, bool), BTreeSet<String>>;

fn claims() -> Claims {
    let mut claims = Claims::new();
    for row in cues::all() {
        for phrase in &row.phrases {
            let key = words(phrase).into_iter().map(|t| t.text.to_string()).collect();
            claims.entry((key, false)).or_default().insert(format!("{:?}", row.id));
        }
    }
    concepts::each(|wording, exact, concept| {
        // The many spellings of a unit are looked up where a figure stands before them.
        if matches!(concept, Concept::Unit(_)) {
            return;
        }
        let key = words(wording)
            .into_iter()
            .map(|t| if exact { t.written.to_string() } else { t.text.to_string() })
            .collect();
        claims.entry((key, exact)).or_default().insert(format!("{concept:?}"));
    });
    claims
}

#[test]
fn every_wording_that_occurs_is_claimed_by_one_entry() {
    let claims = claims();
    assert!(claims.len() > 8_000, "{}", claims.len());
    let doubtful: Vec<_> = claims.iter().filter(|(_, owners)| owners.len() > 1 && !roles(owners)).collect();
    let longest = doubtful.iter().map(|((words, _), _)| words.len()).max().unwrap_or(0);
    let mut occur: BTreeMap<&(Vec<String>, bool), usize> = BTreeMap::new();
    let find: BTreeMap<&[String], Vec<&(Vec<String>, bool)>> =
        doubtful.iter().fold(BTreeMap::new(), |mut all, (key, _)| {
            all.entry(key.0.as_slice()).or_insert_with(Vec::new).push(*key);
            all
        });
    for (trial, _) in TRIALS.iter().flatten() {
        let tokens = words(&trial.eligibility);
        let texts: Vec<String> = tokens.iter().map(|t| t.text.to_string()).collect();
        let written: Vec<String> = tokens.iter().map(|t| t.written.to_string()).collect();
        for at in 0..tokens.len() {
            for length in 1..=longest.min(tokens.len() - at) {
                for (words, exact) in [(&texts, false), (&written, true)] {
                    for key in find.get(&words[at..at + length]).into_iter().flatten().filter(|key| key.1 == exact) {
                        *occur.entry(*key).or_default() += 1;
                    }
                }
            }
        }
    }
    let said: Vec<String> =
        occur.iter().map(|(key, times)| format!("{} ({times} times): {:?}", key.0.join(" "), claims[*key])).collect();
    println!("{} wordings, {} with two owners", claims.len(), doubtful.len());
    assert!(said.is_empty(), "wordings that occur and have two owners:\n{}", said.join("\n"));
}

#[test]
fn anticancer_drugs_have_classes_brands_codes_half_lives_and_sources() {
    let drugs = drugs::all_drugs();
    assert!(drugs.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert!(drugs.iter().all(|drug| !drug.classes.is_empty() && !drug.source.trim().is_empty()));
    let named = drugs.iter().filter(|drug| !drug.aliases.is_empty()).count();
    let is_code = |name: &String| name.chars().any(|c| c.is_ascii_digit()) && name.chars().any(char::is_alphabetic);
    let coded = drugs.iter().filter(|drug| drug.aliases.iter().any(is_code)).count();
    let timed: Vec<_> = drugs.iter().filter(|drug| drug.half_life_hours.is_some()).collect();
    println!("{} drugs: {named} with other names, {coded} with codes, {} with a half-life", drugs.len(), timed.len());
    assert!(drugs.len() >= 150 && named >= 150 && coded >= 150 && timed.len() >= 150);
    // A half-life says where it was found.
    let unit = |source: &str| [" h", " d", " min", " week"].iter().any(|unit| source.contains(unit));
    let unsaid: Vec<&str> = timed.iter().filter(|d| !unit(&d.source)).map(|d| d.id.as_str()).collect();
    assert!(unsaid.is_empty(), "the source names no half-life: {unsaid:?}");
}
