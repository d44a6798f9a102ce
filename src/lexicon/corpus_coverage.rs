//! How much of the drugs of real trials the vocabulary knows. Runs only where the shared data is at hand.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

use super::names::fold;
use super::{drugs, medications};

/// Endings of international nonproprietary names, and the second words of conjugates.
const STEMS: [&str; 26] = [
    "ciclib",
    "lisib",
    "parib",
    "tinib",
    "mab",
    "tecan",
    "taxel",
    "rubicin",
    "platin",
    "citabine",
    "strant",
    "destrant",
    "rafenib",
    "metinib",
    "limus",
    "degib",
    "zomib",
    "stat",
    "vedotin",
    "deruxtecan",
    "relin",
    "sertib",
    "rasib",
    "lutamide",
    "bulin",
    "relix",
];

fn text_of(record: &serde_json::Value) -> String {
    let protocol = &record["protocolSection"];
    let mut text = protocol["eligibilityModule"]["eligibilityCriteria"].as_str().unwrap_or_default().to_owned();
    for intervention in protocol["armsInterventionsModule"]["interventions"].as_array().into_iter().flatten() {
        let names = intervention["otherNames"].as_array().into_iter().flatten().chain([&intervention["name"]]);
        for name in names.filter_map(|name| name.as_str()) {
            text.push(' ');
            text.push_str(name);
        }
    }
    text.to_lowercase()
}

/// Every single word of a known spelling (`emtansine` of `trastuzumab emtansine`) counts as known.
fn known_words() -> BTreeSet<String> {
    let of_drugs = drugs::all_drugs().iter().flat_map(|row| row.aliases.iter().chain([&row.id]));
    let of_medications = medications::all_medications().iter().flat_map(|row| row.aliases.iter().chain([&row.id]));
    of_drugs.chain(of_medications).flat_map(|name| name.split([' ', '/', ',']).map(fold).chain([fold(name)])).collect()
}

#[test]
fn most_drug_names_of_the_breast_trials_are_known() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/ctgov/breast.ndjson.gz");
    let Ok(file) = std::fs::File::open(path) else { return };
    let mut lines = String::new();
    flate2::read::MultiGzDecoder::new(file).read_to_string(&mut lines).expect("the corpus is UTF-8");

    let known = known_words();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines.lines() {
        let record: serde_json::Value = serde_json::from_str(line).expect("the corpus is JSON");
        let text = text_of(&record);
        for word in text.split(|c: char| !c.is_alphanumeric() && c != '-') {
            let word = word.trim_matches('-');
            let stem = word.strip_suffix('s').unwrap_or(word);
            if stem.len() >= 6 && stem.is_ascii() && STEMS.iter().any(|ending| stem.ends_with(ending)) {
                *seen.entry(stem.to_owned()).or_default() += 1;
            }
        }
    }
    let missed: BTreeMap<&String, &usize> = seen.iter().filter(|(word, _)| !known.contains(&fold(word))).collect();
    let (all, lost): (usize, usize) = (seen.values().sum(), missed.values().copied().sum());
    assert!(seen.len() > 80, "the corpus holds too few names to judge: {}", seen.len());
    assert!(missed.len() * 100 <= seen.len() * 3, "more than 3 % of the names are unknown: {missed:?}");
    assert!(lost * 100 <= all * 3, "more than 3 % of the mentions are unknown: {missed:?}");
}
