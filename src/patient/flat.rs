//! A population as a table: one CSV row is one profile.
//!
//! The header names the columns in any order; none but `as_of` is needed. Columns that hold one fact are listed in
//! [`FACTS`], columns that hold a list in [`LISTS`]. An empty cell (or `unknown`) is an unknown fact.
//!
//! A list cell holds records separated by `;`, and a record holds fields in the order of [`LISTS`], separated by `|`, or by
//! `:` where the list is of short records and the record has no `|`. A field may be left empty at its place. A field can
//! also be named, `key=value`, with any key that the list has in the JSON profile; a named field takes no place.
//! `none` in a list cell is an empty list: no metastasis, no treatment.
//!
//! ```csv
//! id,as_of,sex,age,er,her2_ihc,sites,mutations,treatments,labs,conditions
//! a-1,2026-11-01,female,57,positive,1+,bone;liver,PIK3CA:mutated:somatic,letrozole+palbociclib|metastatic|1|2024-02|2026-10-12|progression,absolute neutrophil count|2.4|10*9/L|2026-10-28,hypertension:controlled
//! ```

use crate::patient::error::{Problem, ProfileError, nearest};
use crate::patient::profile::Profile;
use crate::patient::walk::Shape;
use serde_json::{Map, Value};
use std::io::{BufRead, BufReader, Read};

/// Columns that hold one fact, with its path in the profile.
pub const FACTS: &[(&str, &[&str])] = &[
    ("id", &["id"]),
    ("as_of", &["as_of"]),
    ("birth_date", &["birth_date"]),
    ("age", &["age"]),
    ("sex", &["sex"]),
    ("menopausal_status", &["menopausal_status"]),
    ("ecog", &["performance_status", "ecog"]),
    ("karnofsky", &["performance_status", "karnofsky"]),
    ("cancer", &["diagnosis", "cancer"]),
    ("histology", &["diagnosis", "histology"]),
    ("extent", &["diagnosis", "extent"]),
    ("diagnosed", &["diagnosis", "diagnosed"]),
    ("metastatic_since", &["diagnosis", "metastatic_since"]),
    ("measurable_disease", &["diagnosis", "measurable_disease"]),
    ("last_progression", &["diagnosis", "last_progression"]),
    ("er", &["receptors", "er", "status"]),
    ("er_percent", &["receptors", "er", "percent"]),
    ("pr", &["receptors", "pr", "status"]),
    ("pr_percent", &["receptors", "pr", "percent"]),
    ("ar", &["receptors", "ar", "status"]),
    ("ar_percent", &["receptors", "ar", "percent"]),
    ("her2_ihc", &["receptors", "her2", "ihc"]),
    ("her2_ish", &["receptors", "her2", "ish"]),
    ("her2_status", &["receptors", "her2", "status"]),
    ("pd_l1_cps", &["receptors", "pd_l1", "cps"]),
    ("pd_l1_ic_percent", &["receptors", "pd_l1", "ic_percent"]),
    ("pd_l1_tps_percent", &["receptors", "pd_l1", "tps_percent"]),
    ("pd_l1_status", &["receptors", "pd_l1", "status"]),
    ("ki67_percent", &["receptors", "ki67", "percent"]),
    ("pregnancy", &["pregnancy"]),
    ("breastfeeding", &["breastfeeding"]),
    ("life_expectancy_months", &["life_expectancy_months"]),
    ("country", &["location", "country"]),
    ("postcode", &["location", "postcode"]),
    ("city", &["location", "city"]),
    ("latitude", &["location", "latitude"]),
    ("longitude", &["location", "longitude"]),
];

/// Describes a column that holds a list.
#[derive(Debug)]
pub struct ListColumn {
    /// The name of the column.
    pub column: &'static str,
    /// The key of the list in the profile.
    pub key: &'static str,
    /// The fields of a record in their order; none where a record is one word.
    pub fields: &'static [&'static str],
    /// Whether `:` separates fields as well.
    pub short: bool,
}

/// Columns that hold a list.
pub const LISTS: &[ListColumn] = &[
    ListColumn { column: "sites", key: "metastases", fields: &["site", "state", "treated"], short: true },
    ListColumn {
        column: "mutations",
        key: "biomarkers",
        fields: &["gene", "result", "origin", "variant"],
        short: true,
    },
    ListColumn {
        column: "treatments",
        key: "treatments",
        fields: &["agents", "setting", "line", "started", "stopped", "reason_stopped", "best_response"],
        short: false,
    },
    ListColumn {
        column: "labs",
        key: "labs",
        fields: &["test", "value", "unit", "on", "upper_limit_of_normal", "lower_limit_of_normal"],
        short: false,
    },
    ListColumn {
        column: "conditions",
        key: "conditions",
        fields: &["name", "state", "grade", "since", "resolved"],
        short: true,
    },
    ListColumn {
        column: "medications",
        key: "medications",
        fields: &["name", "state", "since", "stopped"],
        short: true,
    },
    ListColumn { column: "allergies", key: "allergies", fields: &["name", "state", "grade"], short: true },
    ListColumn { column: "complete", key: "complete", fields: &[], short: false },
];

/// Says why one row is no profile; the other rows are not touched by it.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct RowError {
    /// Line of the file on which the row begins, from 1.
    pub line: u64,
    /// What is wrong; it names the file with the line, and columns instead of paths.
    pub error: ProfileError,
}

/// What a column of the file holds.
#[derive(Clone, Copy)]
enum Column {
    Fact(&'static [&'static str]),
    List(&'static ListColumn),
}

/// Yields the profiles of a table, row by row.
pub struct Rows<R: Read> {
    records: csv::StringRecordsIntoIter<BufReader<R>>,
    columns: Vec<Column>,
    origin: String,
}

/// Opens a table of profiles and checks its header; comma or tab separates the cells. `origin` names the file in errors.
pub fn read_rows<R: Read>(reader: R, origin: &str) -> Result<Rows<R>, ProfileError> {
    let mut reader = BufReader::new(reader);
    let beginning =
        reader.fill_buf().map_err(|reason| ProfileError::Unreadable { origin: origin.to_owned(), reason })?;
    let first_line = beginning.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = if first_line.contains(&b'\t') && !first_line.contains(&b',') { b'\t' } else { b',' };
    let mut table = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(reader);
    let header = table.headers().map_err(|error| table_error(error, origin))?;
    let mut problems = Vec::new();
    let mut columns = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for (index, name) in header.iter().enumerate() {
        let name = name.trim_start_matches('\u{feff}').trim().to_ascii_lowercase();
        match column(&name) {
            _ if seen.contains(&name) => problems.push(Problem::at(name.clone(), "the column stands twice; keep one")),
            Some(column) => columns.push(column),
            None if name.is_empty() => problems.push(Problem::at(format!("column {}", index + 1), "has no name")),
            None => {
                let near = nearest(&name, column_names()).unwrap_or_default();
                problems.push(Problem::at(name.clone(), format!("unknown column; did you mean `{near}`?")));
            }
        }
        seen.push(name);
    }
    if !seen.iter().any(|name| name == "as_of") {
        problems.push(Problem::at("as_of", "the column is missing; every row needs its day of assessment"));
    }
    if !problems.is_empty() {
        return Err(ProfileError::Refused { origin: format!("{origin}:1"), problems });
    }
    Ok(Rows { records: table.into_records(), columns, origin: origin.to_owned() })
}

/// Returns the names of all columns.
pub fn column_names() -> impl Iterator<Item = &'static str> {
    FACTS.iter().map(|(name, _)| *name).chain(LISTS.iter().map(|list| list.column))
}

/// Finds a column by its name.
fn column(name: &str) -> Option<Column> {
    let fact = FACTS.iter().find(|(column, _)| *column == name).map(|(_, path)| Column::Fact(path));
    fact.or_else(|| LISTS.iter().find(|list| list.column == name).map(Column::List))
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Profile, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = match self.records.next()? {
            Ok(row) => row,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                return Some(Err(RowError { line, error: table_error(error, &self.origin) }));
            }
        };
        let line = row.position().map_or(0, csv::Position::line);
        let origin = format!("{}:{line}", self.origin);
        let mut problems = Vec::new();
        let value = document(&self.columns, &row, &mut problems);
        let profile = if problems.is_empty() {
            Profile::from_value(value, &origin).map_err(in_columns)
        } else {
            Err(ProfileError::Refused { origin, problems })
        };
        Some(profile.map_err(|error| RowError { line, error }))
    }
}

/// Puts the cells of a row together as the JSON document of a profile.
fn document(columns: &[Column], row: &csv::StringRecord, problems: &mut Vec<Problem>) -> Value {
    let mut profile = Map::new();
    for (column, cell) in columns.iter().zip(row) {
        if cell.is_empty() || cell.eq_ignore_ascii_case("unknown") {
            continue;
        }
        match column {
            Column::Fact(path) => insert(&mut profile, path, typed(path, cell)),
            Column::List(list) => {
                let records = cell.split(';').map(str::trim).filter(|record| !record.is_empty());
                let records: Vec<Value> = if cell.eq_ignore_ascii_case("none") {
                    Vec::new()
                } else {
                    records.enumerate().map(|(index, text)| record(list, index, text, problems)).collect()
                };
                profile.insert(list.key.to_owned(), Value::Array(records));
            }
        }
    }
    Value::Object(profile)
}

/// Sets a value at a path of keys.
fn insert(object: &mut Map<String, Value>, path: &[&str], value: Value) {
    match path {
        [] => {}
        [key] => {
            object.insert((*key).to_owned(), value);
        }
        [key, rest @ ..] => {
            let inner = object.entry((*key).to_owned()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

/// Reads one record of a list cell.
fn record(list: &ListColumn, index: usize, text: &str, problems: &mut Vec<Problem>) -> Value {
    if list.fields.is_empty() {
        return Value::String(text.to_owned());
    }
    let separator = if list.short && !text.contains('|') { ':' } else { '|' };
    let mut object = Map::new();
    let mut places = list.fields.iter();
    for field in text.split(separator).map(str::trim) {
        let (key, value) = match named(list, field) {
            // A marker stands at the place of the gene.
            Some(("marker", value)) => {
                places.next();
                ("marker", value)
            }
            Some(field) => field,
            None => match places.next() {
                Some(key) => (*key, field),
                None => {
                    let path = format!("{}[{index}]", list.column);
                    let message = format!("too many fields; expected {}", list.fields.join(&separator.to_string()));
                    problems.push(Problem::at(path, message));
                    break;
                }
            },
        };
        if !value.is_empty() {
            object.insert(key.to_owned(), typed(&[list.key, key], value));
        }
    }
    if list.key == "treatments" {
        object.entry("kind").or_insert_with(|| Value::String("drug".to_owned()));
    }
    Value::Object(object)
}

/// Splits `key=value` where the list has such a key.
fn named<'t>(list: &ListColumn, field: &'t str) -> Option<(&'t str, &'t str)> {
    let (key, value) = field.split_once('=')?;
    let (key, value) = (key.trim(), value.trim());
    Shape::of_profile().at([list.key, key]).map(|_| (key, value))
}

/// Gives a cell the type that the profile has at a path; what does not fit stays text, and the walk refuses it.
fn typed(path: &[&str], cell: &str) -> Value {
    let text = || Value::String(cell.to_owned());
    match Shape::of_profile().at(path.iter().copied()) {
        Some(Shape::Number { .. }) => serde_json::from_str(cell).ok().filter(Value::is_number).unwrap_or_else(text),
        Some(Shape::Flag) => match cell.to_ascii_lowercase().as_str() {
            "true" | "yes" => Value::Bool(true),
            "false" | "no" => Value::Bool(false),
            _ => text(),
        },
        Some(Shape::List(_)) => {
            let words = cell.split('+').map(str::trim).filter(|word| !word.is_empty());
            Value::Array(words.map(|word| Value::String(word.to_owned())).collect())
        }
        _ => text(),
    }
}

/// Names columns instead of paths of the profile.
fn in_columns(error: ProfileError) -> ProfileError {
    match error {
        ProfileError::Refused { origin, mut problems } => {
            for problem in &mut problems {
                problem.path = column_of(&problem.path);
                problem.other = problem.other.as_deref().map(column_of);
            }
            ProfileError::Refused { origin, problems }
        }
        other => other,
    }
}

/// Returns the column (and the record in it) of a path of the profile.
fn column_of(path: &str) -> String {
    if let Some((column, _)) = FACTS.iter().find(|(_, keys)| keys.join(".") == path) {
        return (*column).to_owned();
    }
    for list in LISTS {
        if let Some(rest) = path.strip_prefix(list.key)
            && (rest.is_empty() || rest.starts_with('['))
        {
            return format!("{}{rest}", list.column);
        }
    }
    path.to_owned()
}

/// Turns an error of the table itself into ours, without the bytes of a cell.
fn table_error(error: csv::Error, origin: &str) -> ProfileError {
    let line = error.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(usize::MAX));
    let reason = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "the text is not UTF-8".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} cells and the header {expected_len}; quote cells that hold the separator")
        }
        _ => "the file could not be read".to_owned(),
    };
    ProfileError::Syntax { origin: origin.to_owned(), format: "CSV", line, column: 1, reason }
}

#[cfg(test)]
mod tests;
