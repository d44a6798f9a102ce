//! Splits exports of WHO ICTRP in comma, semicolon or tab separated values into records.
//!
//! A row is no record without its header, so each record is the header's line and the row, both written anew with
//! commas: the same trial has the same bytes whatever separated it. Rows of files without a header stand alone.

use super::LONGEST_RECORD;
use super::layout::is_table_header;
use super::split::Piece;
use csv::{ByteRecord, Reader, ReaderBuilder, Terminator, WriterBuilder};
use std::collections::VecDeque;
use std::io::{self, Read};

/// Splits a table, quoted line breaks and all.
pub(super) struct TableSplitter<R> {
    rows: Reader<Budget<R>>,
    header: Option<ByteRecord>,
    started: bool,
    /// Lines that ended before the row that comes next.
    lines: u64,
}

impl<R: Read> TableSplitter<R> {
    pub(super) fn new(reader: R, delimiter: u8) -> Self {
        let reader = Budget { reader, taken: 0, given: 0, breaks: VecDeque::new() };
        let rows = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            // The other half of a line's end is taken off below.
            .terminator(Terminator::Any(b'\n'))
            .from_reader(reader);
        Self { rows, header: None, started: false, lines: 0 }
    }

    /// Gives the next piece; `None` at the end.
    pub(super) fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        let mut row = ByteRecord::new();
        loop {
            self.rows.get_mut().taken = 0;
            if !self.rows.read_byte_record(&mut row)? {
                return Ok(None);
            }
            row = without_return(&row);
            let first = !std::mem::replace(&mut self.started, true);
            if first && row.get(0).is_some_and(is_table_header) {
                self.header = Some(row.clone());
            } else if row.iter().any(|cell| !cell.trim_ascii().is_empty()) {
                break;
            }
        }
        let (line, ended) = self.line_of(&row);
        if !ended && self.header.as_ref().is_some_and(|header| row.len() < header.len()) {
            return Ok(Some(Piece::CutShort(line)));
        }
        let mut writer = WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for row in self.header.iter().chain([&row]) {
            writer.write_byte_record(row)?;
        }
        let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Some(Piece::Record(line, bytes)))
    }

    /// Gives the line on which the row starts that was just read, and whether its last line has an end. It is counted back from the row's end: the reader
    /// passes over blank lines without a word.
    fn line_of(&mut self, row: &ByteRecord) -> (u64, bool) {
        let end = self.rows.position().byte();
        let input = self.rows.get_mut();
        let mut ended = false;
        while let Some(place) = input.breaks.front().copied().filter(|place| *place < end) {
            input.breaks.pop_front();
            self.lines += 1;
            ended = place + 1 == end;
        }
        let inside = row.iter().flatten().filter(|byte| **byte == b'\n').count() as u64;
        ((self.lines + 1).saturating_sub(inside + u64::from(ended)), ended)
    }
}

/// Takes the `\r` of a line's end off the last cell.
fn without_return(row: &ByteRecord) -> ByteRecord {
    let last = row.len().saturating_sub(1);
    let cells = row.iter().enumerate().map(|(place, cell)| match place == last {
        true => cell.strip_suffix(b"\r").unwrap_or(cell),
        false => cell,
    });
    ByteRecord::from_iter(cells)
}

/// Stops at a row that never ends, which a quote that is never closed makes of the rest of a file.
struct Budget<R> {
    reader: R,
    /// Bytes since the last row.
    taken: usize,
    /// Bytes in all.
    given: u64,
    /// Where the lines end that belong to no row yet.
    breaks: VecDeque<u64>,
}

impl<R: Read> Read for Budget<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken > LONGEST_RECORD {
            let limit = LONGEST_RECORD >> 20;
            return Err(io::Error::other(format!("a row is longer than {limit} MiB; a quotation mark may be missing")));
        }
        let count = self.reader.read(buffer)?;
        self.taken += count;
        for (byte, place) in buffer.iter().take(count).zip(self.given..) {
            if *byte == b'\n' {
                self.breaks.push_back(place);
            }
        }
        self.given += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str, delimiter: u8) -> String {
        let mut splitter = TableSplitter::new(text.as_bytes(), delimiter);
        let mut said = Vec::new();
        while let Some(piece) = splitter.next_piece().unwrap() {
            said.push(match piece {
                Piece::Record(line, bytes) => format!("{line}:{}", String::from_utf8(bytes).unwrap()),
                Piece::CutShort(line) => format!("{line}:cut"),
                Piece::Junk(line, found) => format!("{line}:{found}"),
            });
        }
        said.join(" | ")
    }

    #[test]
    fn splits_rows_with_their_header() {
        let cases = [
            ("TrialID,b\n1,x\n2,y\n", b',', "2:TrialID,b\n1,x\n | 3:TrialID,b\n2,y\n"),
            ("\"TrialID\",\"b\"\r\n\"1\",\"x \"\"q\"\"\r\n,y\"\r\n", b',', "2:TrialID,b\n1,\"x \"\"q\"\"\r\n,y\"\n"),
            ("TrialID;b\n1;x, y\n;\n\n2;z", b';', "2:TrialID,b\n1,\"x, y\"\n | 5:TrialID,b\n2,z\n"),
            ("TrialID\tb\n1\tx\n", b'\t', "2:TrialID,b\n1,x\n"),
            ("NCT00000001,x\nNCT00000002,y\n", b',', "1:NCT00000001,x\n | 2:NCT00000002,y\n"),
            ("TrialID,b\n1,x\n2", b',', "2:TrialID,b\n1,x\n | 3:cut"),
            ("TrialID,b\n", b',', ""),
        ];
        for (text, delimiter, expected) in cases {
            assert_eq!(pieces(text, delimiter), expected, "{text}");
        }
    }
}
