//! The files of an import.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Endings of registry files, as they are looked for in folders. A file that is named itself may have any.
const ENDINGS: [&str; 6] = ["json", "ndjson", "jsonl", "xml", "csv", "gz"];

/// A file to import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// Whether it was named itself, as against found in a folder.
    pub named: bool,
}

/// Lists the files: those that are named in their order, folders with all that is below them in the order of names.
///
/// The error names the path that cannot be read.
pub fn collect_files(paths: &[PathBuf]) -> Result<Vec<Source>, (PathBuf, io::Error)> {
    let mut files = Vec::new();
    for path in paths {
        let kind = fs::metadata(path).map_err(|error| (path.clone(), error))?;
        if kind.is_dir() {
            walk(path, &mut files)?;
        } else {
            files.push(Source { path: path.clone(), named: true });
        }
    }
    Ok(files)
}

fn walk(dir: &Path, files: &mut Vec<Source>) -> Result<(), (PathBuf, io::Error)> {
    let fault = |error| (dir.to_owned(), error);
    let mut entries = fs::read_dir(dir).map_err(fault)?.collect::<io::Result<Vec<_>>>().map_err(fault)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        // A link to a folder is not followed: it could lead in a circle.
        if entry.file_type().map_err(fault)?.is_dir() {
            walk(&path, files)?;
        } else if !hidden
            && path.is_file()
            && path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
        {
            files.push(Source { path, named: false });
        }
    }
    Ok(())
}
