//! Checks over all files of treatments and biomarkers together: order, identifiers, spellings, classes, coverage.

use std::collections::BTreeMap;

use super::treatment_names::fold;
use super::{biomarkers, drugs, medications};

/// One row of any file, as far as the checks need it.
struct Row {
    file: &'static str,
    id: String,
    spellings: Vec<String>,
    abbreviations: Vec<String>,
    source: String,
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for row in drugs::all_drugs() {
        let mut spellings = row.aliases.clone();
        spellings.push(row.id.clone());
        let (id, abbreviations, source) = (row.id.clone(), row.abbreviations.clone(), row.source.clone());
        rows.push(Row { file: "drugs.toml", id, spellings, abbreviations, source });
    }
    for row in drugs::all_classes() {
        let (id, abbreviations, source) = (row.id.clone(), row.abbreviations.clone(), row.source.clone());
        rows.push(Row { file: "drug_classes.toml", id, spellings: row.aliases.clone(), abbreviations, source });
    }
    for row in medications::all_medications() {
        let mut spellings = row.aliases.clone();
        spellings.push(row.id.clone());
        let (id, abbreviations, source) = (row.id.clone(), row.abbreviations.clone(), row.source.clone());
        rows.push(Row { file: "medications.toml", id, spellings, abbreviations, source });
    }
    for row in medications::all_classes() {
        let (id, abbreviations, source) = (row.id.clone(), row.abbreviations.clone(), row.source.clone());
        rows.push(Row { file: "medication_classes.toml", id, spellings: row.aliases.clone(), abbreviations, source });
    }
    for row in biomarkers::all() {
        let mut spellings = row.aliases.clone();
        if !biomarkers::is_capitals_only(row) {
            spellings.push(row.id.to_lowercase());
        }
        let (id, abbreviations, source) = (row.id.clone(), row.abbreviations.clone(), row.source.clone());
        rows.push(Row { file: "biomarkers.toml", id, spellings, abbreviations, source });
    }
    rows
}

#[test]
fn files_hold_what_they_promise() {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows() {
        *count.entry(row.file).or_default() += 1;
    }
    let least = [
        ("drugs.toml", 600),
        ("drug_classes.toml", 150),
        ("medications.toml", 250),
        ("medication_classes.toml", 100),
        ("biomarkers.toml", 240),
    ];
    for (file, least) in least {
        assert!(count.get(file).is_some_and(|&rows| rows >= least), "{file} has {:?} rows", count.get(file));
    }
}

#[test]
fn rows_are_sorted_by_unique_identifiers_and_name_a_source() {
    let rows = rows();
    for pair in rows.windows(2) {
        assert!(
            pair[0].file != pair[1].file || pair[0].id < pair[1].id,
            "{}: `{}` then `{}`",
            pair[0].file,
            pair[0].id,
            pair[1].id
        );
    }
    for row in &rows {
        assert!(!row.source.trim().is_empty(), "{}: `{}` has no source", row.file, row.id);
    }
}

#[test]
fn no_spelling_is_claimed_twice() {
    let mut claimed: BTreeMap<String, String> = BTreeMap::new();
    let mut twice = Vec::new();
    for row in rows() {
        let owner = format!("{}: {}", row.file, row.id);
        let mut exact = row.spellings.clone();
        exact.sort();
        twice.extend(
            exact.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| format!("`{}` twice in {owner}", pair[0])),
        );
        for spelling in &row.spellings {
            assert_eq!(*spelling, spelling.to_lowercase(), "{owner} is looked up in lower case");
            assert_eq!(spelling.trim(), spelling, "{owner}");
        }
        let keys =
            row.spellings.iter().map(|name| fold(name)).chain(row.abbreviations.iter().map(|name| format!("={name}")));
        for key in keys {
            if let Some(other) = claimed.insert(key.clone(), owner.clone()).filter(|other| *other != owner) {
                twice.push(format!("`{key}` is claimed by {other} and {owner}"));
            }
        }
    }
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn classes_exist_and_have_no_cycles() {
    for drug in drugs::all_drugs() {
        assert!(!drug.classes.is_empty(), "`{}` has no class", drug.id);
        drug.classes.iter().for_each(|id| assert!(drugs::class_by_id(id).is_some(), "`{}` names `{id}`", drug.id));
        for id in &drug.medication_classes {
            assert!(medications::class_by_id(id).is_some(), "`{}` names `{id}`", drug.id);
        }
        for id in &drug.components {
            assert!(drugs::drug_by_name(id).is_some(), "`{}` names `{id}`", drug.id);
        }
    }
    for medication in medications::all_medications() {
        for id in &medication.classes {
            assert!(medications::class_by_id(id).is_some(), "`{}` names `{id}`", medication.id);
        }
    }
    for (row, class) in drugs::all_classes().iter().enumerate() {
        for id in &class.parents {
            let parent = drugs::class_by_id(id).unwrap_or_else(|| panic!("`{}` names `{id}`", class.id));
            assert!(!drugs::class_is_a(parent, row), "`{}` is above and below `{id}`", class.id);
        }
    }
    for (row, class) in medications::all_classes().iter().enumerate() {
        for id in &class.parents {
            let parent = medications::class_by_id(id).unwrap_or_else(|| panic!("`{}` names `{id}`", class.id));
            assert!(!medications::class_is_a(parent, row), "`{}` is above and below `{id}`", class.id);
        }
    }
    for marker in biomarkers::all() {
        for id in &marker.members {
            assert!(biomarkers::all().iter().any(|row| row.id == *id), "`{}` names `{id}`", marker.id);
        }
    }
}
