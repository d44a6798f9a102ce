//! Patient profiles from files, folders and standard input.

use super::Failure;
use super::failure::chain;
use crate::matching::sites::Home;
use crate::patient::flat::{self, RowError};
use crate::patient::{Profile, ProfileError};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// The largest profile that is read, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// What is said of a larger one.
const TOO_LARGE: &str = "larger than 4 MiB";

/// The name that errors give to standard input.
const STANDARD_INPUT: &str = "standard input";

/// Reads one profile from a file, or from standard input where the path is `-`.
pub fn one(path: &Path) -> Result<Profile, Failure> {
    let read = if path == Path::new("-") {
        let text = whole(io::stdin().lock())
            .map_err(|reason| Failure::Input(format!("{STANDARD_INPUT}: cannot read the patient profile: {reason}")))?;
        Profile::from_text(&text, STANDARD_INPUT)
    } else {
        Profile::from_path(path)
    };
    read.map_err(|error| Failure::input(&error))
}

/// Refuses `--within` for a patient of whom no place is known.
pub fn placed(profile: &Profile, within: Option<f64>, path: &Path) -> Result<(), Failure> {
    if within.is_none() || Home::new(profile).has_place() {
        return Ok(());
    }
    Err(Failure::Input(format!(
        "{}: --within needs a place in the profile: location.latitude and location.longitude, in GB a location.postcode, or location.country and a location.city of some size",
        path.display()
    )))
}

/// Reads a small text file, or standard input where the path is `-`.
pub fn text(path: &Path) -> Result<String, Failure> {
    let read = match path == Path::new("-") {
        true => whole(io::stdin().lock()),
        false => File::open(path).map_err(|error| error.to_string()).and_then(whole),
    };
    read.map_err(|reason| Failure::Input(format!("{}: cannot be read: {reason}", path.display())))
}

/// Reads a text to its end, up to the largest size.
fn whole(input: impl Read) -> Result<String, String> {
    let mut text = String::new();
    match input.take(LARGEST + 1).read_to_string(&mut text) {
        Ok(size) if size as u64 > LARGEST => Err(TOO_LARGE.to_owned()),
        Ok(_) => Ok(text),
        Err(error) => Err(error.to_string()),
    }
}

/// A profile of a list, not yet read, and where it stands.
pub struct Row {
    /// The file.
    pub file: String,
    /// The line, in files that hold one patient a line.
    pub line: Option<u64>,
    /// What it holds.
    pub content: Content,
}

/// What a row holds.
pub enum Content {
    /// A profile as text: JSON or TOML.
    Text(String),
    /// A profile that was read already, from a row of a table.
    Read(Box<Result<Profile, ProfileError>>),
    /// It could not be read at all.
    Refused(String),
}

/// A row that was refused.
#[derive(Debug, serde::Serialize)]
pub struct BadRow {
    /// The file.
    pub file: String,
    /// The line, in files that hold one patient a line.
    pub line: Option<u64>,
    /// Why; never holds a patient's values.
    pub reason: String,
}

impl Row {
    /// Reads the profile.
    pub fn read(self) -> Result<(Profile, String), BadRow> {
        let name = self.name();
        let place = self.place();
        let read = match self.content {
            Content::Text(text) => Profile::from_text(&text, &place).map_err(|error| chain(&error)),
            Content::Read(read) => read.map_err(|error| chain(&error)),
            Content::Refused(reason) => Err(reason),
        };
        match read {
            Ok(profile) => {
                let id = profile.id.clone().unwrap_or(name);
                Ok((profile, id))
            }
            Err(reason) => {
                let reason = reason.strip_prefix(&format!("{place}: ")).unwrap_or(&reason).to_owned();
                Err(BadRow { file: self.file, line: self.line, reason })
            }
        }
    }

    /// `file:line`, or the file alone.
    fn place(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", self.file),
            None => self.file.clone(),
        }
    }

    /// The name of a patient without an id: the file's name without its ending, with the line.
    fn name(&self) -> String {
        let stem = Path::new(&self.file).file_stem().map_or_else(|| self.file.clone(), |s| s.to_string_lossy().into());
        match self.line {
            Some(line) => format!("{stem}:{line}"),
            None => stem,
        }
    }
}

/// Lists the files of a screen: files as given, folders by name, their entries sorted.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let refused = |error: io::Error| Failure::Input(format!("{}: cannot read the folder: {error}", path.display()));
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(path).map_err(refused)? {
            let entry = entry.map_err(refused)?.path();
            if kind(&entry) != Kind::Other && entry.is_file() {
                entries.push(entry);
            }
        }
        if entries.is_empty() {
            return Err(Failure::Input(format!(
                "{}: no patient profiles in this folder; expected files ending in .json, .toml, .ndjson or .csv",
                path.display()
            )));
        }
        entries.sort();
        files.append(&mut entries);
    }
    Ok(files)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    One,
    Lines,
    Table,
    Other,
}

fn kind(path: &Path) -> Kind {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("json" | "toml") => Kind::One,
        Some("ndjson" | "jsonl") => Kind::Lines,
        Some("csv") => Kind::Table,
        _ => Kind::Other,
    }
}

/// Opens a file of patients; the rows are read one after the other. Standard input is read as one profile a line.
pub fn rows(path: &Path) -> Box<dyn Iterator<Item = Row>> {
    let file = path.display().to_string();
    if path == Path::new("-") {
        return lines(STANDARD_INPUT.to_owned(), Box::new(BufReader::new(io::stdin())));
    }
    let opened = File::open(path).map_err(|error| format!("cannot read the file: {error}"));
    match (kind(path), opened) {
        (_, Err(reason)) => Box::new(std::iter::once(Row { file, line: None, content: Content::Refused(reason) })),
        (Kind::Lines, Ok(opened)) => lines(file, Box::new(BufReader::new(opened))),
        (Kind::Table, Ok(opened)) => table(file, opened),
        (Kind::One | Kind::Other, Ok(opened)) => {
            let content = match whole(opened) {
                Ok(text) => Content::Text(text),
                Err(reason) => Content::Refused(format!("cannot read the file: {reason}")),
            };
            Box::new(std::iter::once(Row { file, line: None, content }))
        }
    }
}

/// One JSON profile a line; blank lines are passed over.
fn lines(file: String, input: Box<dyn BufRead>) -> Box<dyn Iterator<Item = Row>> {
    let mut input = input;
    let mut line = 0;
    let mut broken = false;
    Box::new(std::iter::from_fn(move || {
        while !broken {
            line += 1;
            let content = match next_line(&mut input) {
                Ok(None) => return None,
                Ok(Some(Ok(text))) if text.trim().is_empty() => continue,
                Ok(Some(Ok(text))) => Content::Text(text),
                Ok(Some(Err(reason))) => Content::Refused(reason.to_owned()),
                Err(error) => {
                    // What cannot be read once would be refused for ever.
                    broken = true;
                    Content::Refused(format!("cannot read the file: {error}"))
                }
            };
            return Some(Row { file: file.clone(), line: Some(line), content });
        }
        None
    }))
}

/// Reads one line, or says what is wrong with it; `None` at the end.
fn next_line(input: &mut dyn BufRead) -> io::Result<Option<Result<String, &'static str>>> {
    let mut bytes = Vec::new();
    let size = input.take(LARGEST).read_until(b'\n', &mut bytes)?;
    if size == 0 {
        return Ok(None);
    }
    if size as u64 == LARGEST && !bytes.ends_with(b"\n") {
        input.skip_until(b'\n')?;
        return Ok(Some(Err(TOO_LARGE)));
    }
    Ok(Some(String::from_utf8(bytes).map_err(|_| "the line is not UTF-8 text")))
}

/// One patient a row of a CSV file with a flat header.
fn table(file: String, opened: File) -> Box<dyn Iterator<Item = Row>> {
    match flat::read_rows(opened, &file) {
        Ok(rows) => Box::new(rows.zip(2..).map(move |(row, number)| {
            // A row that was read does not say where it stood; its number names a patient without an id.
            let (line, read) = match row {
                Ok(profile) => (number, Ok(profile)),
                Err(RowError { line, error }) => (line, Err(error)),
            };
            Row { file: file.clone(), line: Some(line), content: Content::Read(Box::new(read)) }
        })),
        Err(error) => {
            let content = Content::Read(Box::new(Err(error)));
            Box::new(std::iter::once(Row { file, line: None, content }))
        }
    }
}
