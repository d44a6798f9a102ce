//! Splits a stream of JSON into the studies that it holds without building a tree of it, so that a page of
//! a gigabyte needs no more memory than its longest study.

use super::LONGEST_RECORD;
use std::io::{self, BufRead};

/// What is said of words between records.
const OUTSIDE: &str = "text outside of the studies";

/// A piece of the stream.
#[derive(Debug)]
pub(super) enum Piece {
    /// A study with the line on which it starts; empty where it is longer than the cap.
    Record(u64, Vec<u8>),
    /// The stream ends inside the value that starts on this line.
    CutShort(u64),
    /// Something that is no record stands on this line, with what it seems to be.
    Junk(u64, &'static str),
}

/// The keys under which a page holds its records: of ClinicalTrials.gov, of the search of EU CTIS.
const LISTS: [&[u8]; 2] = [b"studies", b"data"];

/// Where the splitter stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Between values.
    Top,
    /// Among the elements of an array.
    Array,
    /// Among the elements of the `studies` of a page.
    Studies,
    /// After an end or an error.
    Finished,
}

/// How a value ended.
enum End {
    Value(Vec<u8>),
    Studies,
    CutShort,
}

/// Splits single studies, arrays and pages (`{"studies": [...]}`), also several one after another.
pub(super) struct Splitter<R> {
    reader: R,
    line: u64,
    place: Place,
}

impl<R: BufRead> Splitter<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, line: 1, place: Place::Top }
    }

    /// Gives the next piece; `None` at the end.
    pub(super) fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        while self.place != Place::Finished {
            let Some(byte) = self.peek()? else {
                let cut_short = self.place != Place::Top;
                self.place = Place::Finished;
                return Ok(cut_short.then_some(Piece::CutShort(self.line)));
            };
            match (self.place, byte) {
                (_, b' ' | b'\t' | b'\r' | b'\n' | b',') => self.bump(byte),
                (Place::Top, b'[') => {
                    self.bump(byte);
                    self.place = Place::Array;
                }
                (Place::Array, b']') => {
                    self.bump(byte);
                    self.place = Place::Top;
                }
                (Place::Studies, b']') => {
                    self.bump(byte);
                    let line = self.line;
                    // What follows the studies of a page: the token of the next one.
                    if matches!(self.value(1, false)?, End::CutShort) {
                        return Ok(self.finish(Piece::CutShort(line)));
                    }
                    self.place = Place::Top;
                }
                (Place::Top, b'{') => {
                    let line = self.line;
                    match self.value(0, true)? {
                        End::Value(bytes) => return Ok(Some(Piece::Record(line, bytes))),
                        End::Studies => self.place = Place::Studies,
                        End::CutShort => return Ok(self.finish(Piece::CutShort(line))),
                    }
                }
                (Place::Top, _) => return Ok(self.finish(Piece::Junk(self.line, OUTSIDE))),
                (_, b'}' | b':') => return Ok(self.finish(Piece::Junk(self.line, OUTSIDE))),
                (_, _) => {
                    let line = self.line;
                    return match self.value(0, false)? {
                        End::Value(bytes) => Ok(Some(Piece::Record(line, bytes))),
                        End::Studies | End::CutShort => Ok(self.finish(Piece::CutShort(line))),
                    };
                }
            }
        }
        Ok(None)
    }

    fn finish(&mut self, piece: Piece) -> Option<Piece> {
        self.place = Place::Finished;
        Some(piece)
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.reader.fill_buf()?.first().copied())
    }

    fn bump(&mut self, byte: u8) {
        self.reader.consume(1);
        self.line += u64::from(byte == b'\n');
    }

    /// Takes one value, starting inside `depth` brackets. With `watch` it stops behind the bracket that opens
    /// the `studies` of a page.
    fn value(&mut self, mut depth: usize, watch: bool) -> io::Result<End> {
        let mut bytes = Vec::new();
        let mut too_long = false;
        let (mut in_string, mut escaped) = (false, false);
        // The last string directly inside the outermost braces, and whether a colon made it a key.
        let (mut word, mut is_key) = (Vec::new(), false);
        loop {
            let Some(byte) = self.peek()? else { return Ok(End::CutShort) };
            if !in_string && depth == 0 && !bytes.is_empty() && matches!(byte, b',' | b']' | b'}' | b'\n') {
                return Ok(End::Value(trimmed(bytes))); // a bare number or word in an array
            }
            self.bump(byte);
            if bytes.len() < LONGEST_RECORD {
                bytes.push(byte);
            } else {
                too_long = true;
            }
            if in_string {
                if escaped {
                    escaped = false;
                } else if byte == b'\\' {
                    escaped = true;
                } else if byte == b'"' {
                    in_string = false;
                }
                if in_string && depth == 1 && word.len() < 16 {
                    word.push(byte);
                }
                continue;
            }
            match byte {
                b'"' => {
                    in_string = true;
                    word.clear();
                    is_key = false;
                }
                b':' if depth == 1 => is_key = true,
                b'[' if watch && depth == 1 && is_key && LISTS.contains(&word.as_slice()) => return Ok(End::Studies),
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                b',' if depth == 1 => is_key = false,
                _ => {}
            }
            if depth == 0 && matches!(byte, b'}' | b']') {
                return Ok(End::Value(if too_long { Vec::new() } else { bytes }));
            }
        }
    }
}

fn trimmed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.trim_ascii_end().len());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> String {
        let mut splitter = Splitter::new(text.as_bytes());
        let mut said = Vec::new();
        while let Some(piece) = splitter.next_piece().unwrap() {
            said.push(match piece {
                Piece::Record(line, bytes) => format!("{line}:{}", String::from_utf8(bytes).unwrap()),
                Piece::CutShort(line) => format!("{line}:cut"),
                Piece::Junk(line, _) => format!("{line}:junk"),
            });
        }
        said.join(" | ")
    }

    #[test]
    fn splits_every_shape() {
        let cases = [
            ("", ""),
            (r#"{"a":"}\"{"}"#, r#"1:{"a":"}\"{"}"#),
            ("{\n\"a\":1\n}\n{\"b\":2}", "1:{\n\"a\":1\n} | 4:{\"b\":2}"),
            ("[{\"a\":[1]},\n {}]", "1:{\"a\":[1]} | 2:{}"),
            ("[1, \"x\"\n, {}]", "1:1 | 1:\"x\" | 2:{}"),
            (
                r#"{"totalCount":2,"studies":[{"a":1},{"studies":[3]}],"nextPageToken":"t]"}"#,
                "1:{\"a\":1} | 1:{\"studies\":[3]}",
            ),
            (r#"{"pagination":{"data":[1]},"data":[{"ctNumber":1}]}"#, r#"1:{"ctNumber":1}"#),
            ("{\"studies\":[]}\n{\"studies\":[{}]}", "2:{}"),
            (r#"{"other":"studies","list":[{}]}"#, r#"1:{"other":"studies","list":[{}]}"#),
            (r#"{"studies":{"x":[1]}}"#, r#"1:{"studies":{"x":[1]}}"#),
            ("{\"a\":", "1:cut"),
            ("[{}\n,{\"a\":1", "1:{} | 2:cut"),
            ("{\"studies\":[{}],\"n", "1:{} | 1:cut"),
            ("{}\nxyz", "1:{} | 2:junk"),
            ("[{}}", "1:{} | 1:junk"),
        ];
        for (text, expected) in cases {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }
}
