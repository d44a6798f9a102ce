use std::collections::BTreeMap;
use std::path::Path;

use super::super::{cancers, labs, names::fold, procedures, sites};
use super::*;

/// One row of any file, as the checks see it.
struct Row<'a> {
    file: &'static str,
    id: &'a str,
    parents: &'a [String],
    aliases: &'a [String],
    abbreviations: &'a [String],
    same_as: Option<&'a str>,
    source: &'a str,
}

macro_rules! rows_of {
    ($file:literal, $rows:expr, $row:ident, $parents:expr, $same_as:expr) => {
        $rows.iter().map(|$row| Row {
            file: $file,
            id: &$row.id,
            parents: $parents,
            aliases: &$row.aliases,
            abbreviations: &$row.abbreviations,
            same_as: $same_as,
            source: &$row.source,
        })
    };
}

fn check(rows_of_conditions: &[Condition]) {
    let rows: Vec<Row> = rows_of!("conditions", rows_of_conditions, row, &row.parents, None)
        .chain(rows_of!("cancers", cancers::all(), row, &row.parents, None))
        .chain(rows_of!("sites", sites::all(), row, &row.members, row.same_as.as_deref()))
        .chain(rows_of!("procedures", procedures::all(), row, &row.parents, row.same_as.as_deref()))
        .chain(rows_of!("labs", labs::all(), row, &[], None))
        .chain(rows_of!("lab groups", labs::groups(), row, &[], None))
        .collect();
    let mut claimed: BTreeMap<String, &str> = BTreeMap::new();
    let mut faults = Vec::new();
    for pair in rows.windows(2) {
        if pair[0].file == pair[1].file && pair[0].id >= pair[1].id {
            faults.push(format!("{} not after {}", pair[1].id, pair[0].id));
        }
    }
    for row in &rows {
        if row.source.trim().is_empty() {
            faults.push(format!("{}: no source", row.id));
        }
        for parent in row.parents {
            let known = |other: &Row| {
                other.id == parent && (other.file == row.file || row.file == "cancers" && other.file == "conditions")
            };
            if !rows.iter().any(known) {
                faults.push(format!("{}: no row {parent}", row.id));
            }
        }
        if row.same_as.is_some_and(|id| !rows_of_conditions.iter().any(|condition| condition.id == id)) {
            faults.push(format!("{}: no condition {:?}", row.id, row.same_as));
        }
        let owner = row.same_as.unwrap_or(row.id);
        let words = std::iter::once(row.id).chain(row.aliases.iter().map(String::as_str));
        for (name, key) in words
            .map(|name| (name, fold(name)))
            .chain(row.abbreviations.iter().map(|name| (name.as_str(), name.clone())))
        {
            if row.aliases.iter().any(|alias| alias == name) && name != name.to_lowercase() {
                faults.push(format!("{name}: not in lower case"));
            }
            match claimed.insert(key, owner) {
                Some(other) if other != owner => faults.push(format!("{name}: claimed by {other} and {owner}")),
                _ => {}
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_rows_are_sorted_sourced_linked_and_share_no_name() -> Result<(), toml::de::Error> {
    let rows = parse()?.condition;
    assert!(rows.len() >= 300, "{}", rows.len());
    check(&rows);
    Ok(())
}

#[test]
fn no_condition_is_above_itself() {
    let rows = all();
    for (index, row) in rows.iter().enumerate() {
        for parent in &row.parents {
            let parent = by_name(parent);
            assert!(parent.is_some_and(|parent| !is_a(parent, index)), "{} has {:?} above it", row.id, parent);
        }
    }
}

#[test]
fn kinds_of_conditions() {
    for (child, parent, expected) in [
        ("CHF", "cardiac disease", true),
        ("atrial fibrillation", "arrhythmia", true),
        ("pneumonitis", "interstitial lung disease", true),
        ("cardiac disease", "heart failure", false),
        ("HIV", "infection", true),
        ("melanoma", "other malignancy", true),
        ("Crohn\u{2019}s disease", "autoimmune disease", true),
        ("pulmonary embolism", "venous thromboembolism", true),
        ("breast cancer", "other malignancy", false),
        ("heart failure", "heart failure", true),
    ] {
        let found = by_name(child).zip(by_name(parent)).map(|(child, parent)| is_a(child, parent));
        assert_eq!(found.unwrap_or(false), expected, "{child} is a {parent}");
    }
}

/// Every condition, test and site that the shared profiles name is in the vocabulary.
#[test]
fn the_names_of_the_shared_profiles_are_known() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval");
    let folders = std::fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path().join("patients"));
    let mut missing = std::collections::BTreeSet::new();
    for file in folders.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap_or_default();
        let profile: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let names = |list: &str, key: &str| -> Vec<String> {
            profile[list]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|row| row[key].as_str().map(str::to_owned))
                .collect()
        };
        missing.extend(names("conditions", "name").into_iter().filter(|name| by_name(name).is_none()));
        missing.extend(names("labs", "test").into_iter().filter(|name| labs::by_name(name).is_none()));
        missing.extend(names("metastases", "site").into_iter().filter(|name| sites::by_name(name).is_none()));
        for row in profile["labs"].as_array().into_iter().flatten() {
            let converted =
                row["test"].as_str().and_then(labs::by_name).zip(row["unit"].as_str()).zip(row["value"].as_f64());
            if let Some(((lab, unit), value)) = converted
                && super::super::units::convert(value, unit, lab).is_none()
            {
                missing.insert(format!("{unit} of {}", labs::all()[lab].id));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}
