//! Bytes to text. Registries say UTF-8; files that went through a spreadsheet are often Windows-1252.

use std::borrow::Cow;

/// What the bytes 0x80 to 0x9f mean in Windows-1252; those it leaves free keep their number.
/// Source: WHATWG Encoding Standard, index windows-1252.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Reads text as UTF-8, and as Windows-1252 where it is not. Text that was damaged before it was written is left as
/// it is: nobody can say what it was.
pub(super) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| letter(*byte)).collect()),
    }
}

fn letter(byte: u8) -> char {
    let special = byte.checked_sub(0x80).and_then(|place| WINDOWS_1252.get(usize::from(place)));
    special.copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_encodings() {
        let cases: [(&[u8], &str); 4] = [
            ("≥ 18 years".as_bytes(), "≥ 18 years"),
            (b"Andr\xe9 \x96 \x80 5\xb1", "André – € 5±"),
            ("â?¥ 18".as_bytes(), "â?¥ 18"),
            (b"", ""),
        ];
        for (bytes, expected) in cases {
            assert_eq!(decoded(bytes), expected);
        }
    }
}
