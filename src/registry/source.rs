//! Opens a registry file and gives its records one by one, whatever its shape and compression.

use super::layout::{first_cell, is_table_header, is_table_row};
use super::markup::MarkupSplitter;
use super::split::{Piece, Splitter};
use super::table::TableSplitter;
use super::{FileError, LONGEST_RECORD, Record};
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How the records stand in a file; told from its content, never from its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One study a line (NDJSON). A bad line does not harm its neighbours.
    Lines,
    /// JSON: one record, an array of them, or a page with `studies` or `data`.
    Values,
    /// XML.
    Markup,
    /// Comma, semicolon or tab separated values.
    Table {
        /// What separates them.
        delimiter: u8,
    },
}

type Input = Box<dyn BufRead + Send>;

enum Shape {
    Lines { reader: Input, line: u64 },
    Values(Splitter<Input>),
    Markup(MarkupSplitter<Input>),
    Table(TableSplitter<Input>),
    Finished,
}

/// The records of one file. Ends after the first [`FileError`].
pub struct Records {
    path: PathBuf,
    shape: Shape,
    format: Format,
    compressed: bool,
    position: u64,
    taken: Arc<AtomicU64>,
}

impl Records {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let file = File::open(path).map_err(|source| FileError::Read { path: path.to_owned(), source })?;
        Self::new(path, file)
    }

    /// Reads records from bytes; `path` names them in messages.
    pub fn new(path: &Path, input: impl Read + Send + 'static) -> Result<Self, FileError> {
        let taken = Arc::new(AtomicU64::new(0));
        let mut plain = BufReader::with_capacity(1 << 16, Counted { input, taken: Arc::clone(&taken) });
        let fault = |source| FileError::Read { path: path.to_owned(), source };
        let start = plain.fill_buf().map_err(fault)?;
        let foreign = |found| FileError::NotRecords { path: path.to_owned(), line: 1, found };
        let compressed = start.starts_with(&[0x1f, 0x8b]);
        if start.starts_with(b"PK\x03\x04") {
            return Err(foreign("a zip archive, unpack it first"));
        }
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            return Err(foreign("UTF-16 text, save it as UTF-8"));
        }
        let mut reader: Input = match compressed {
            true => Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(plain))),
            false => Box::new(plain),
        };
        let damage = |source| read_fault(path, compressed, 0, source);
        if reader.fill_buf().map_err(damage)?.starts_with(&[0xef, 0xbb, 0xbf]) {
            reader.consume(3); // the byte order mark of UTF-8, which some editors add
        }
        let (format, seen) = match detect(&mut reader).map_err(damage)? {
            Detected::Records(format, seen) => (format, seen),
            Detected::Empty => return Err(FileError::Empty { path: path.to_owned() }),
            Detected::Foreign(line, found) => return Err(FileError::NotRecords { path: path.to_owned(), line, found }),
        };
        let reader: Input = Box::new(Cursor::new(seen).chain(reader));
        let shape = match format {
            Format::Lines => Shape::Lines { reader, line: 0 },
            Format::Values => Shape::Values(Splitter::new(reader)),
            Format::Markup => Shape::Markup(MarkupSplitter::new(reader)),
            Format::Table { delimiter } => Shape::Table(TableSplitter::new(reader, delimiter)),
        };
        Ok(Self { path: path.to_owned(), shape, format, compressed, position: 0, taken })
    }

    /// Tells how the records stand in the file.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Gives the bytes of the file (compressed ones, where it is compressed) that have been read.
    pub fn bytes_read(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    fn advance(&mut self) -> Result<Option<Record>, FileError> {
        let path = &self.path;
        let fault = |source| read_fault(path, self.compressed, self.position, source);
        let (line, bytes) = match &mut self.shape {
            Shape::Finished => return Ok(None),
            Shape::Lines { reader, line } => loop {
                let mut bytes = Vec::new();
                *line += 1;
                match read_line(reader, &mut bytes, LONGEST_RECORD).map_err(fault)? {
                    Line::End => return Ok(None),
                    Line::TooLong => {
                        skip_line(reader).map_err(fault)?;
                        break (*line, Vec::new());
                    }
                    Line::Read if bytes.trim_ascii().is_empty() => {}
                    Line::Read => break (*line, bytes.trim_ascii().to_vec()),
                }
            },
            Shape::Values(splitter) => match piece(path, splitter.next_piece().map_err(fault)?)? {
                Some(record) => record,
                None => return Ok(None),
            },
            Shape::Markup(splitter) => match piece(path, splitter.next_piece().map_err(fault)?)? {
                Some(record) => record,
                None => return Ok(None),
            },
            Shape::Table(splitter) => match piece(path, splitter.next_piece().map_err(fault)?)? {
                Some(record) => record,
                None => return Ok(None),
            },
        };
        self.position += 1;
        Ok(Some(Record { line, position: self.position, bytes }))
    }
}

impl Iterator for Records {
    type Item = Result<Record, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.advance().transpose();
        if !matches!(next, Some(Ok(_))) {
            self.shape = Shape::Finished;
        }
        next
    }
}

/// Gives the line and the bytes of a record, or says what stands in its place.
fn piece(path: &Path, piece: Option<Piece>) -> Result<Option<(u64, Vec<u8>)>, FileError> {
    let path = path.to_owned();
    match piece {
        None => Ok(None),
        Some(Piece::Record(line, bytes)) => Ok(Some((line, bytes))),
        Some(Piece::CutShort(line)) => Err(FileError::CutShort { path, line }),
        Some(Piece::Junk(line, found)) => Err(FileError::NotRecords { path, line, found }),
    }
}

/// A failure to read compressed data is damage of the file unless the system says otherwise.
fn read_fault(path: &Path, compressed: bool, records: u64, source: io::Error) -> FileError {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    let path = path.to_owned();
    match source.kind() {
        UnexpectedEof if compressed => FileError::Damaged { path, records, detail: "it ends too early".into() },
        InvalidData | InvalidInput if compressed => FileError::Damaged { path, records, detail: source.to_string() },
        _ => FileError::Read { path, source },
    }
}

enum Detected {
    /// The format with the bytes that were looked at.
    Records(Format, Vec<u8>),
    Empty,
    Foreign(u64, &'static str),
}

/// Looks at the first two lines that are not blank.
fn detect(reader: &mut Input) -> io::Result<Detected> {
    let mut seen = Vec::new();
    let mut line = 0;
    let Some(first) = next_line(reader, &mut seen, &mut line)? else { return Ok(Detected::Empty) };
    let first_line = line;
    let complete = seen.ends_with(b"\n");
    let (starts, ends, shape, delimiter) = {
        let text = seen.get(first..).unwrap_or_default().trim_ascii();
        (text.first().copied(), text.last().copied(), object_shape(text), table_delimiter(text))
    };
    let format = match (starts, shape) {
        (Some(b'['), _) | (Some(b'{'), ObjectShape::Page) => Format::Values,
        (Some(b'{'), ObjectShape::Whole) => Format::Lines,
        (Some(b'<'), _) => Format::Markup,
        (Some(b'"' | b'A'..=b'Z' | b'a'..=b'z'), _) if let Some(delimiter) = delimiter => Format::Table { delimiter },
        (Some(b'{'), _) if !complete || matches!(ends, Some(b'{' | b'[' | b',' | b':')) => Format::Values,
        _ => {
            // A first line that is broken or foreign; the second tells whether the lines are records.
            let second = next_line(reader, &mut seen, &mut line)?;
            match second.and_then(|second| seen.get(second)) {
                Some(b'{') => Format::Lines,
                _ if starts == Some(b'{') => Format::Values,
                _ => return Ok(Detected::Foreign(first_line, foreign_kind(starts))),
            }
        }
    };
    Ok(Detected::Records(format, seen))
}

/// Gives what separates the values of a line, where it is the first of an export of WHO ICTRP.
fn table_delimiter(line: &[u8]) -> Option<u8> {
    let cell = first_cell(line);
    let quote = usize::from(line.starts_with(b"\""));
    let behind = line.iter().skip(quote + cell.len()).find(|byte| **byte != b'"').copied();
    let delimiter = behind.filter(|byte| matches!(byte, b',' | b';' | b'\t'))?;
    (is_table_header(cell) || is_table_row(cell)).then_some(delimiter)
}

fn foreign_kind(first: Option<u8>) -> &'static str {
    match first {
        Some(byte) if byte.is_ascii_graphic() => "plain text",
        _ => "binary data",
    }
}

/// Appends the next line that is not blank to `seen`; gives its offset there.
fn next_line(reader: &mut Input, seen: &mut Vec<u8>, line: &mut u64) -> io::Result<Option<usize>> {
    loop {
        let start = seen.len();
        *line += 1;
        match read_line(reader, seen, LONGEST_RECORD)? {
            Line::End => return Ok(None),
            Line::Read if seen.get(start..).unwrap_or_default().trim_ascii().is_empty() => {}
            Line::Read | Line::TooLong => return Ok(Some(start)),
        }
    }
}

enum ObjectShape {
    /// A whole object, ending where the line ends.
    Whole,
    /// A page of the registry's API.
    Page,
    /// Neither: it goes on below, or it is broken.
    Part,
}

/// Tells whether a line is one whole object.
fn object_shape(text: &[u8]) -> ObjectShape {
    let mut splitter = Splitter::new(text);
    match splitter.next_piece() {
        Ok(Some(Piece::Record(_, bytes))) if bytes.len() == text.len() => ObjectShape::Whole,
        Ok(Some(Piece::Record(..))) => ObjectShape::Page,
        // An empty page is whole as well; one that goes on below is not.
        Ok(None) => ObjectShape::Page,
        _ => ObjectShape::Part,
    }
}

enum Line {
    Read,
    TooLong,
    End,
}

/// Appends a line with its end to `bytes`, at most `limit` bytes of it.
fn read_line(reader: &mut Input, bytes: &mut Vec<u8>, limit: usize) -> io::Result<Line> {
    let start = bytes.len();
    let taken = reader.by_ref().take(limit as u64).read_until(b'\n', bytes)?;
    Ok(match taken {
        0 => Line::End,
        _ if taken == limit && bytes.get(start..).is_some_and(|line| !line.ends_with(b"\n")) => Line::TooLong,
        _ => Line::Read,
    })
}

/// Passes over the rest of a line without keeping it.
fn skip_line(reader: &mut Input) -> io::Result<()> {
    reader.skip_until(b'\n').map(|_| ())
}

/// Counts the bytes that were read, for the progress bar.
struct Counted<R> {
    input: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.taken.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn said(bytes: &[u8]) -> String {
        let path = Path::new("file");
        let records = match Records::new(path, Cursor::new(bytes.to_vec())) {
            Ok(records) => records,
            Err(error) => return format!("! {error}"),
        };
        let format = format!("{:?}", records.format());
        let each = records.map(|record| match record {
            Ok(record) => format!(" {}:{}", record.line, String::from_utf8_lossy(&record.bytes)),
            Err(error) => format!(" ! {error}"),
        });
        format + &each.collect::<String>()
    }

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn tells_the_shape_from_the_content() {
        let cases = [
            ("{\"a\":1}", "Lines 1:{\"a\":1}"),
            ("\n{\"a\":1}\r\n\n{\"b\":2}", "Lines 2:{\"a\":1} 4:{\"b\":2}"),
            ("\u{feff}{}\n{\n{}", "Lines 1:{} 2:{ 3:{}"),
            ("{\"a\n{}\n", "Lines 1:{\"a 2:{}"),
            ("junk\n{}\n", "Lines 1:junk 2:{}"),
            ("{\n \"a\": 1\n}\n", "Values 1:{\n \"a\": 1\n}"),
            ("{\"studies\":[\n{},\n{}]}", "Values 2:{} 3:{}"),
            ("{\"n\":1,\"studies\":[{}]}", "Values 1:{}"),
            ("[{},{}]", "Values 1:{} 1:{}"),
            ("{\"studies\":[]}", "Values"),
        ];
        for (text, expected) in cases {
            assert_eq!(said(text.as_bytes()), expected, "{text}");
            assert_eq!(said(&gzip(text)), expected, "gzip of {text}");
        }
    }

    #[test]
    fn names_what_is_wrong_with_a_file() {
        let cases: [(&[u8], &str); 8] = [
            (b"", "! file holds no study records"),
            (b" \n\n", "! file holds no study records"),
            (b"<html>\n<p>", "Markup ! file, line 1: not study records (XML or HTML"),
            (b"a;b;c\n1;2;3\n", "plain text"),
            (b"PK\x03\x04....", "zip archive"),
            (b"\xff\xfe{\0}\0", "UTF-16"),
            (b"{\"a\":", "ends in the middle of the record that starts on line 1"),
            (b"[{},\n{\"a\"", "Values 1:{} ! file ends in the middle"),
        ];
        for (bytes, expected) in cases {
            assert!(said(bytes).contains(expected), "{} lacks {expected}", said(bytes));
        }
    }

    #[test]
    fn keeps_what_comes_before_the_damage_of_a_gzip_file() {
        let lines: String = (0..20_000).map(|n| format!("{{\"a\":\"{}\"}}\n", blake3::hash(&[n as u8, 7]))).collect();
        let whole = gzip(&lines);
        let cut = whole.get(..whole.len() / 2).unwrap();
        let records: Vec<_> = Records::new(Path::new("file"), Cursor::new(cut.to_vec())).unwrap().collect();
        let good = records.iter().filter(|record| record.is_ok()).count();
        assert!(good > 100 && good < 20_000, "{good}");
        let Some(Err(FileError::Damaged { records: before, .. })) = records.last() else { panic!("no damage") };
        assert_eq!(*before as usize, good);

        let mut altered = whole.clone();
        let length = altered.len();
        altered[length - 6] ^= 1; // in the checksum at the end
        assert!(said(&altered).contains("is damaged"));
    }

    #[test]
    fn a_line_over_the_cap_does_not_harm_its_neighbours() {
        let mut reader: Input = Box::new(Cursor::new(b"abcdef\ngh\n".to_vec()));
        let mut bytes = Vec::new();
        assert!(matches!(read_line(&mut reader, &mut bytes, 4), Ok(Line::TooLong)));
        skip_line(&mut reader).unwrap();
        bytes.clear();
        assert!(matches!(read_line(&mut reader, &mut bytes, 4), Ok(Line::Read)));
        assert_eq!(bytes, b"gh\n");
    }
}
