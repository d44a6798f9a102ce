//! The rules of the house: which module may use which, what is listed where, how long a file may be.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The longest file, in lines.
const LONGEST: usize = 700;

/// The map: each module and those it may use. Every module may use itself; `ARCHITECTURE.md` draws it.
const ARROWS: [(&str, &[&str]); 13] = [
    ("lexicon", &[]),
    ("trial", &[]),
    ("grammar", &["lexicon"]),
    ("patient", &["lexicon"]),
    ("criteria", &["lexicon", "grammar", "patient", "trial"]),
    ("registry", &["trial"]),
    ("matching", &["lexicon", "patient", "trial", "criteria"]),
    ("index", &["lexicon", "trial"]),
    ("store", &["trial", "registry", "criteria", "matching", "index"]),
    ("report", &["lexicon", "patient", "trial", "criteria", "matching"]),
    ("answers", &["lexicon", "patient", "trial", "criteria", "matching", "index", "store", "report"]),
    ("http", &["lexicon", "patient", "trial", "criteria", "matching", "index", "store", "report", "answers"]),
    ("fetch", &["trial", "registry", "store"]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder, sorted.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The top module that a file of `src/` belongs to.
fn module(path: &Path) -> String {
    let first = path.strip_prefix(root().join("src")).unwrap().components().next().unwrap();
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The top modules that a source uses by `crate::…`, comments left out.
fn uses(source: &str) -> BTreeSet<String> {
    let code: Vec<&str> = source.lines().map(|line| line.split("//").next().unwrap()).collect();
    let code = code.join("\n");
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        match rest.strip_prefix('{') {
            None => drop(found.insert(name(rest))),
            Some(group) => {
                let mut depth = 0;
                let mut start = true;
                for (at, character) in group.char_indices() {
                    match character {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && !c.is_whitespace() => {
                            found.insert(name(group.split_at(at).1));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    found
}

#[test]
fn the_reader_of_this_test_sees_every_use() {
    let source = "use crate::a::X;\nuse crate::{b::{self, Y}, c};\n// crate::d\nfn f() { crate::e::g() }";
    assert_eq!(uses(source).into_iter().collect::<Vec<_>>(), ["a", "b", "c", "e"]);
}

#[test]
fn no_module_uses_one_that_it_may_not() {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for path in sources(&root().join("src")) {
        let from = module(&path);
        seen.insert(from.clone());
        if ["main", "lib", "cli"].contains(&from.as_str()) {
            continue;
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == from) else {
            wrong.push(format!("{from}: not on the map in tests/it/house.rs"));
            continue;
        };
        for to in uses(&std::fs::read_to_string(&path).unwrap()) {
            if to != from && !allowed.contains(&to.as_str()) && root().join("src").join(&to).exists()
                || to == "cli"
                || to == "main"
            {
                wrong.push(format!("{} uses {to}", path.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert!(seen.len() > 10, "{seen:?}");
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn one_module_alone_opens_connections_to_other_machines() {
    let mut seen = false;
    for path in sources(&root().join("src")) {
        let source = std::fs::read_to_string(&path).unwrap();
        let opens = ["reqwest", "TcpStream::connect", "ToSocketAddrs"].iter().any(|word| source.contains(word));
        assert!(!opens || module(&path) == "fetch", "{} opens connections", path.display());
        seen |= opens;
    }
    assert!(seen, "the words that this test looks for are those of the code");
}

#[test]
fn each_kind_and_each_registry_is_listed_in_its_parent() {
    for folder in ["criteria", "registry", "report", "cli", "http"] {
        let folder = root().join("src").join(folder);
        let parent = std::fs::read_to_string(folder.join("mod.rs")).unwrap();
        for path in sources(&folder) {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            if path.parent() == Some(&folder) && name != "mod" {
                let listed =
                    parent.lines().any(|line| line.trim_start_matches("pub ").trim() == format!("mod {name};"));
                assert!(listed, "{} is not listed in its mod.rs", path.display());
            }
        }
    }
}

#[test]
fn no_file_is_too_long_to_live_in() {
    for folder in ["src", "tests", "benches"] {
        for path in sources(&root().join(folder)) {
            let lines = std::fs::read_to_string(&path).unwrap().lines().count();
            assert!(lines <= LONGEST, "{} has {lines} lines", path.display());
        }
    }
}
