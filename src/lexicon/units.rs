//! The spellings of units in registry texts, and the conversion of a value to the unit of its test.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::labs::{self, Lab, LabKind};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unit {
    ucum: String,
    spellings: Vec<String>,
    #[allow(dead_code, reason = "the source is for the reader of the file; a test asserts that it is there")]
    source: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    unit: Vec<Unit>,
}

#[derive(Debug, Default)]
struct Table {
    rows: Vec<Unit>,
    folded: BTreeMap<String, usize>,
    written: Vec<(String, usize)>,
}

/// Gives the UCUM code of a unit as a text spells it ("x 10^9/L", "K/µL"), or of a UCUM code itself.
pub fn ucum_of(spelling: &str) -> Option<&'static str> {
    let spelling = spelling.trim();
    let table = table();
    let row = match table.rows.iter().find(|row| row.ucum == spelling) {
        Some(row) => row,
        None => table.folded.get(&fold(spelling)).and_then(|index| table.rows.get(*index))?,
    };
    Some(&row.ucum)
}

/// Lists the spellings in lower case and in the glyphs that texts use, each with its UCUM code, sorted.
pub fn spellings() -> impl Iterator<Item = (&'static str, &'static str)> {
    let table = table();
    table.written.iter().filter_map(|(spelling, row)| Some((spelling.as_str(), table.rows.get(*row)?.ucum.as_str())))
}

/// Converts a value to the canonical unit of a test.
///
/// `from_ucum` is a UCUM code (a spelling that [`ucum_of`] knows is taken as well); `lab` is an index into
/// [`labs::all`]. Conversions peculiar to the test come first, then amount to mass by its molar mass, then
/// plain arithmetic of units. Millilitres per minute, and the same for 1.73 m2 of body surface, count as equal.
/// `None` where the units cannot be compared.
pub fn convert(value: f64, from_ucum: &str, lab: usize) -> Option<f64> {
    let lab = labs::all().get(lab)?;
    let from = ucum_of(from_ucum).unwrap_or(from_ucum);
    if from == lab.unit {
        return Some(value);
    }
    if let Some(row) = lab.conversions.iter().find(|row| row.unit == from) {
        return Some(value * row.factor + row.offset);
    }
    match (amount(from), amount(&lab.unit)) {
        (true, false) => mass_of(value, from, lab),
        (false, true) => amount_of(value, from, lab),
        (true, true) => plain(value / equivalents(from, lab)?, from, &lab.unit),
        (false, false) if lab.kind == LabKind::Activity => plain(value, &enzyme(from), &enzyme(&lab.unit)),
        (false, false) => plain(value, from, &lab.unit),
    }
}

/// Converts an amount in a volume to the test's mass in a volume.
fn mass_of(value: f64, from: &str, lab: &Lab) -> Option<f64> {
    let moles = plain(value / equivalents(from, lab)?, from, "mol/L")?;
    plain(moles * lab.molar_mass?, "g/L", &lab.unit)
}

/// Converts a mass in a volume to the test's amount in a volume.
fn amount_of(value: f64, from: &str, lab: &Lab) -> Option<f64> {
    plain(plain(value, from, "g/L")? / lab.molar_mass?, "mol/L", &lab.unit)
}

/// Tells how many units of `unit` make one mole of the ion: its charge for equivalents, else one.
fn equivalents(unit: &str, lab: &Lab) -> Option<f64> {
    if unit.contains("eq/") { lab.valence } else { Some(1.0) }
}

/// Tells whether a unit counts moles. UCUM takes the mole for a bare number, so that a cell count would convert to it.
fn amount(unit: &str) -> bool {
    unit.contains("mol") || unit.contains("eq/")
}

/// Writes international units as enzyme units, which they are for an enzyme and only for an enzyme.
fn enzyme(unit: &str) -> String {
    unit.replace("[IU]", "U").replace("[iU]", "U")
}

fn plain(value: f64, from: &str, to: &str) -> Option<f64> {
    octofhir_ucum::convert(value, from, to).ok()
}

/// Reads the longest unit that stands at the start of `text`, and gives its length in bytes and its UCUM code.
///
/// Blanks before it, and glyphs that differ from the listed spelling, are read over; a letter or digit may not follow.
pub fn read_unit(text: &str) -> Option<(usize, &'static str)> {
    const LONGEST: usize = 40;
    let mut found = None;
    for (start, character) in text.char_indices().take(LONGEST) {
        let end = start + character.len_utf8();
        let rest = text.get(end..)?;
        let inside = character.is_alphanumeric() && rest.starts_with(char::is_alphanumeric);
        let open = matches!(character, ')' | ']') && !text.get(..start)?.contains(['(', '[']);
        if inside
            || open
            || character.is_whitespace()
            || matches!(character, '.' | ',' | ';' | '(' | '[' | '^' | '*' | '\\')
        {
            continue;
        }
        let folded = text.get(..end).map(fold)?;
        if let Some(row) = table().folded.get(&folded).and_then(|index| table().rows.get(*index)) {
            found = Some((end, row.ucum.as_str()));
        }
    }
    found
}

/// Folds a spelling: case, glyphs of micro, times and powers, the caret that many texts have lost, and every blank
/// that does not part two words.
pub(crate) fn fold(spelling: &str) -> String {
    let text = spelling.trim().trim_end_matches(['.', ',', ';']).to_lowercase().replace("litre", "liter");
    let mut folded = String::with_capacity(text.len());
    let mut blank = false;
    for character in text.chars().filter_map(plain_glyph) {
        if character.is_whitespace() {
            blank = true;
            continue;
        }
        if blank && character.is_alphabetic() && folded.ends_with(char::is_alphabetic) {
            folded.push(' ');
        }
        blank = false;
        folded.push(character);
    }
    folded
}

/// Gives the plain letter, digit or sign for a glyph, and nothing for a mark that carries no meaning.
fn plain_glyph(character: char) -> Option<char> {
    Some(match character {
        '^' | '*' | '\\' | '(' | ')' | '[' | ']' => return None,
        '\u{b5}' | '\u{3bc}' => 'u',
        '\u{d7}' | '\u{445}' => 'x',
        '\u{b9}' => '1',
        '\u{b2}' => '2',
        '\u{b3}' => '3',
        '\u{2076}' => '6',
        '\u{2079}' => '9',
        '\u{2215}' | '\u{2044}' | '\u{ff0f}' => '/',
        '\u{ff05}' => '%',
        '\u{ba}' | '\u{2da}' => '\u{b0}',
        other => other,
    })
}

/// Writes a listed spelling in the glyphs that texts use: powers, micro, the times sign, blanks about the slash.
fn variants(spelling: &str) -> Vec<String> {
    const SWAPS: [(&str, &[&str]); 10] = [
        ("10^9", &["10^9", "109", "10*9", "10 9", "10\u{2079}"]),
        ("10^3", &["10^3", "103", "10*3", "10 3", "10\u{b3}"]),
        ("10^6", &["10^6", "106", "10*6", "10\u{2076}"]),
        ("mm3", &["mm3", "mm^3", "mm\u{b3}"]),
        ("m2", &["m2", "m^2", "m\u{b2}", " m2", " m^2", " m\u{b2}"]),
        ("/ul", &["/ul", "/\u{b5}l", "/\u{3bc}l"]),
        ("umol", &["umol", "\u{b5}mol", "\u{3bc}mol"]),
        ("ug", &["ug", "\u{b5}g", "\u{3bc}g"]),
        ("x ", &["x ", "x", "\u{d7} ", "\u{d7}"]),
        ("/", &["/", " / ", "/ ", " /"]),
    ];
    let mut written = vec![spelling.to_owned()];
    for (listed, glyphs) in SWAPS {
        if spelling.contains(listed) {
            written = written.iter().flat_map(|text| glyphs.iter().map(|glyph| text.replace(listed, glyph))).collect();
        }
    }
    written.sort();
    written.dedup();
    written
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let rows = parse().unwrap_or_default().unit;
        let mut folded = BTreeMap::new();
        for (index, row) in rows.iter().enumerate() {
            for spelling in row.spellings.iter().chain(std::iter::once(&row.ucum)) {
                folded.entry(fold(spelling)).or_insert(index);
            }
        }
        let mut written = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let own = row.spellings.iter().flat_map(|spelling| variants(spelling));
            written.extend(own.map(|spelling| (spelling.trim().to_owned(), index)));
        }
        written.sort();
        written.dedup_by(|left, right| left.0 == right.0);
        Table { rows, folded, written }
    })
}

fn parse() -> Result<File, toml::de::Error> {
    toml::from_str(include_str!("units.toml"))
}

#[cfg(test)]
#[path = "units_tests.rs"]
mod tests;
