//! Tells from the bytes of one record which registry it comes from and how it is laid out.
//!
//! The store keeps nothing but the bytes, so whatever is read from a file must be told from the record alone.

use super::identifiers;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use std::cell::Cell;
use std::fmt;

/// How one record is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// A study of the ClinicalTrials.gov API v2.
    CtgovJson,
    /// A trial of EU CTIS: a row of its search, a retrieved record, or both in one.
    CtisJson,
    /// `fullTrial` of the ISRCTN registry.
    IsrctnXml,
    /// The same, turned into JSON element by element.
    IsrctnJson,
    /// `Trial` of an export of WHO ICTRP.
    IctrpXml,
    /// A row of an export of WHO ICTRP below its header, or a row of the weekly files, which have none.
    IctrpTable,
}

/// Tells the layout; `None` where the record is of none that is known.
pub(super) fn layout(bytes: &[u8]) -> Option<Layout> {
    let bytes = bytes.trim_ascii_start();
    match bytes.first()? {
        b'{' => json(bytes),
        b'<' => match element_name(bytes)? {
            b"fullTrial" => Some(Layout::IsrctnXml),
            b"Trial" => Some(Layout::IctrpXml),
            _ => None,
        },
        _ => {
            let cell = first_cell(bytes);
            (is_table_header(cell) || is_table_row(cell)).then_some(Layout::IctrpTable)
        }
    }
}

/// Says whether the first cell of a line is that of the header of an ICTRP export.
pub(super) fn is_table_header(cell: &[u8]) -> bool {
    let letters: Vec<u8> = cell.iter().filter(|byte| byte.is_ascii_alphanumeric()).copied().collect();
    letters.eq_ignore_ascii_case(b"trialid")
}

/// Says whether the first cell of a line is the identifier of a trial: the files without a header start so.
pub(super) fn is_table_row(cell: &[u8]) -> bool {
    std::str::from_utf8(cell).is_ok_and(|cell| identifiers::is_one(cell.trim()))
}

/// Gives the first cell of a line of comma, semicolon or tab separated values.
pub(super) fn first_cell(line: &[u8]) -> &[u8] {
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let end = line.iter().position(|byte| matches!(byte, b'"' | b',' | b';' | b'\t' | b'\r' | b'\n'));
    line.get(..end.unwrap_or(line.len())).unwrap_or_default()
}

/// Gives the local name of the element that stands first.
fn element_name(bytes: &[u8]) -> Option<&[u8]> {
    let name = bytes.strip_prefix(b"<")?;
    let end = name.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))?;
    name.get(..end)?.rsplit(|byte| *byte == b':').next()
}

/// Looks at the keys of an object until one of them tells. Most records tell by their first.
fn json(bytes: &[u8]) -> Option<Layout> {
    let told = Cell::new(None);
    // The reader fails on purpose where it stops before the end; what it saw until then counts.
    let _stopped = Keys(&told).deserialize(&mut serde_json::Deserializer::from_slice(bytes));
    told.get()
}

struct Keys<'c>(&'c Cell<Option<Layout>>);

impl<'de> DeserializeSeed<'de> for Keys<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let told = match key.as_str() {
                "protocolSection" | "derivedSection" => Some(Layout::CtgovJson),
                "ctNumber" | "ctStatus" | "authorizedPartI" | "authorizedApplication" => Some(Layout::CtisJson),
                "trialDescription" | "externalRefs" => Some(Layout::IsrctnJson),
                _ => None,
            };
            if told.is_some() {
                self.0.set(told);
                return Ok(());
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_every_layout_from_the_record_alone() {
        let cases: [(&str, Option<Layout>); 16] = [
            (r#"{"protocolSection":{}}"#, Some(Layout::CtgovJson)),
            (r#"{"hasResults":false,"derivedSection":{},"protocolSection":{}}"#, Some(Layout::CtgovJson)),
            (r#"{"id":7,"x":{"protocolSection":1},"ctNumber":"2024-500000-10-00"}"#, Some(Layout::CtisJson)),
            (r#"{"ctStatus":4}"#, Some(Layout::CtisJson)),
            (r#"{"isrctn":"1","trialDescription":{}}"#, Some(Layout::IsrctnJson)),
            (r#"{"a":1}"#, None),
            (r#"{"a":"#, None),
            ("<fullTrial>", Some(Layout::IsrctnXml)),
            ("<n:fullTrial xmlns:n='x'>", Some(Layout::IsrctnXml)),
            ("<Trial>", Some(Layout::IctrpXml)),
            ("<trial>", None),
            ("\"TrialID\",\"Public title\"\n", Some(Layout::IctrpTable)),
            ("Trial ID;Public title\n", Some(Layout::IctrpTable)),
            ("NCT00000001,2026-01-01\n", Some(Layout::IctrpTable)),
            ("Trial,1", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(layout(text.as_bytes()), expected, "{text}");
        }
    }
}
