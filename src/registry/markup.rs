//! Splits a stream of XML into its records without reading more than one of them at a time.

use super::LONGEST_RECORD;
use super::split::Piece;
use std::io::{self, BufRead};

/// The elements that are records: of ISRCTN, of ICTRP.
const RECORDS: [&[u8]; 2] = [b"fullTrial", b"Trial"];
/// The elements that hold records.
const ROOTS: [&[u8]; 2] = [b"allTrials", b"Trials_downloaded_from_ICTRP"];
/// How much of a tag is kept to tell its name.
const HEAD: usize = 128;

enum Tag {
    Opens(Vec<u8>),
    Closes,
    Empty(Vec<u8>),
    Passed,
    DocumentType,
}

/// Splits `<allTrials>`, `<Trials_downloaded_from_ICTRP>` and single records.
pub(super) struct MarkupSplitter<R> {
    reader: R,
    line: u64,
    depth: usize,
    finished: bool,
    /// Whether a root or a record was seen that is known.
    known: bool,
    /// The bytes of the record that is open.
    record: Option<Vec<u8>>,
    too_long: bool,
}

impl<R: BufRead> MarkupSplitter<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, line: 1, depth: 0, finished: false, known: false, record: None, too_long: false }
    }

    /// Gives the next piece; `None` at the end.
    pub(super) fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        let (mut started, mut outside) = (self.line, self.depth);
        while !self.finished {
            let Some(byte) = self.reader.fill_buf()?.first().copied() else {
                self.finished = true;
                let foreign = Piece::Junk(1, "XML without the records of a registry");
                return Ok(if self.depth > 0 {
                    Some(Piece::CutShort(started))
                } else {
                    (!self.known).then_some(foreign)
                });
            };
            if byte != b'<' {
                self.take()?;
                continue;
            }
            let line = self.line;
            let position = self.record.as_ref().map(Vec::len);
            let Some((tag, bytes)) = self.tag()? else {
                self.finished = true;
                return Ok(Some(Piece::CutShort(if position.is_some() { started } else { line })));
            };
            match tag {
                Tag::Passed => {}
                Tag::DocumentType => {
                    self.finished = true;
                    return Ok(Some(Piece::Junk(line, "XML or HTML with a document type")));
                }
                Tag::Opens(name) | Tag::Empty(name) if self.record.is_none() && RECORDS.contains(&name.as_slice()) => {
                    self.known = true;
                    if bytes.ends_with(b"/>") {
                        return Ok(Some(Piece::Record(line, bytes)));
                    }
                    (started, outside) = (line, self.depth);
                    self.depth += 1;
                    self.record = Some(bytes);
                }
                Tag::Opens(name) => {
                    if self.depth == 0 && name.eq_ignore_ascii_case(b"html") {
                        self.finished = true;
                        return Ok(Some(Piece::Junk(line, "XML or HTML that holds no records")));
                    }
                    self.known |= self.depth == 0 && ROOTS.contains(&name.as_slice());
                    self.depth += 1;
                }
                Tag::Empty(name) => self.known |= self.depth == 0 && ROOTS.contains(&name.as_slice()),
                Tag::Closes => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == outside
                        && let Some(record) = self.record.take()
                    {
                        let too_long = std::mem::take(&mut self.too_long);
                        return Ok(Some(Piece::Record(started, if too_long { Vec::new() } else { record })));
                    }
                }
            }
        }
        Ok(None)
    }

    /// Takes one byte; keeps it where a record is open.
    fn take(&mut self) -> io::Result<Option<u8>> {
        let Some(byte) = self.reader.fill_buf()?.first().copied() else { return Ok(None) };
        self.reader.consume(1);
        self.line += u64::from(byte == b'\n');
        if let Some(record) = &mut self.record {
            if record.len() < LONGEST_RECORD {
                record.push(byte);
            } else {
                self.too_long = true;
            }
        }
        Ok(Some(byte))
    }

    /// Takes what stands from `<` to its end, and gives it where no record is open; `None` where the file ends in it.
    fn tag(&mut self) -> io::Result<Option<(Tag, Vec<u8>)>> {
        let mut head: Vec<u8> = Vec::new();
        // Attributes of a record's own tag may be longer than what tells a name.
        let mut bytes = Vec::new();
        let mut last = [0u8; 3];
        let mut quote = None;
        loop {
            let Some(byte) = self.take()? else { return Ok(None) };
            if head.len() < HEAD {
                head.push(byte);
            }
            if self.record.is_none() && bytes.len() < LONGEST_RECORD {
                bytes.push(byte);
            }
            last = [last[1], last[2], byte];
            let comment = head.starts_with(b"<!--");
            let ends = if comment {
                last == *b"-->" && head.len() > 6
            } else if head.starts_with(b"<![CDATA[") {
                last == *b"]]>"
            } else if head.starts_with(b"<?") {
                last.ends_with(b"?>")
            } else if head.starts_with(b"<!") {
                // Too short yet to tell a comment or character data.
                byte == b'>'
            } else {
                match (quote, byte) {
                    (None, b'"' | b'\'') => quote = Some(byte),
                    (Some(open), _) if open == byte => quote = None,
                    _ => {}
                }
                quote.is_none() && byte == b'>'
            };
            if ends {
                let tag = if comment || head.starts_with(b"<![") || head.starts_with(b"<?") {
                    Tag::Passed
                } else if head.starts_with(b"<!") {
                    Tag::DocumentType
                } else if head.starts_with(b"</") {
                    Tag::Closes
                } else if last.ends_with(b"/>") {
                    Tag::Empty(name(&head))
                } else {
                    Tag::Opens(name(&head))
                };
                return Ok(Some((tag, bytes)));
            }
        }
    }
}

/// The local name of a tag.
fn name(head: &[u8]) -> Vec<u8> {
    let name = head.strip_prefix(b"<").unwrap_or(head);
    let end = name.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
    let name = name.get(..end.unwrap_or(name.len())).unwrap_or_default();
    name.rsplit(|byte| *byte == b':').next().unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> String {
        let mut splitter = MarkupSplitter::new(text.as_bytes());
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
    fn splits_every_shape() {
        let cases = [
            ("<fullTrial><trial/></fullTrial>", "1:<fullTrial><trial/></fullTrial>"),
            (
                "<?xml version='1.0'?>\n<allTrials totalCount='2'>\n<fullTrial>1</fullTrial><fullTrial a='>'>2\n</fullTrial></allTrials>",
                "3:<fullTrial>1</fullTrial> | 3:<fullTrial a='>'>2\n</fullTrial>",
            ),
            (
                "<Trials_downloaded_from_ICTRP><!-- <Trial> --><Trial><x><![CDATA[</Trial>]]></x><!--</Trial>--></Trial>\n</Trials_downloaded_from_ICTRP>",
                "1:<Trial><x><![CDATA[</Trial>]]></x><!--</Trial>--></Trial>",
            ),
            ("<i:allTrials xmlns:i='u'><i:fullTrial/></i:allTrials>", "1:<i:fullTrial/>"),
            ("<allTrials totalCount='0'/>", ""),
            ("<allTrials></allTrials>", ""),
            ("<allTrials>\n<fullTrial><trial>", "2:cut"),
            ("<allTrials><fullTrial></fullTrial>\n", "1:<fullTrial></fullTrial> | 1:cut"),
            ("<allTr", "1:cut"),
            ("<other><x/></other>", "1:XML without the records of a registry"),
            ("<html><Trial/></html>", "1:XML or HTML that holds no records"),
            ("<!DOCTYPE html>\n<html>", "1:XML or HTML with a document type"),
        ];
        for (text, expected) in cases {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }
}
