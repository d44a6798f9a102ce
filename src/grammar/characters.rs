//! Characters of the eligibility text, normalised for reading, each with the place it came from.
//!
//! Escapes of the registry's Markdown (`\>`), HTML entities, full-width forms, typographic quotes, dashes and
//! superscripts are undone, blanks in a row become one; nothing is lost, since every character keeps its span in the
//! original text. A figure whose sign of comparison was lost on the way to the registry gets [`LOST`] before it.

use crate::trial::Span;

/// One normalised character and the original characters that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Character {
    /// The normalised character.
    pub value: char,
    /// Where it stands in the original text.
    pub span: Span,
}

/// Stands where a sign was lost: what it compared can be read by nobody.
pub const LOST: char = '\u{fffd}';

/// Marks that take no room: they are left out.
const WITHOUT_WIDTH: [char; 5] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{feff}', '\u{ad}'];

/// Normalises a text for reading. Never fails.
pub fn normalise(text: &str) -> Vec<Character> {
    with_hidden(text).0
}

/// The same, with what is written and never seen: tags that break a line, marks without width.
pub fn with_hidden(text: &str) -> (Vec<Character>, Vec<Span>) {
    let original = characters_of(text);
    let mut hidden: Vec<Span> = Vec::new();
    let signs_lost = signs_lost(text, &original);
    let mut out: Vec<Character> = Vec::with_capacity(original.len());
    // Whether a visible character stands on the line already: blanks before it are its indentation, which counts.
    let mut visible = false;
    let mut at = 0usize;
    while let Some(&c) = original.get(at) {
        // Most characters stand for themselves.
        let plain = if is_plain(c) { run(original.get(at..).unwrap_or_default(), signs_lost) } else { 0 };
        if plain > 0 {
            let own = original.get(at..at + plain).unwrap_or_default();
            let place = |(i, value): (usize, &char)| {
                let start = (at + i) as u32;
                Character { value: *value, span: Span { start, end: start + 1 } }
            };
            out.extend(own.iter().enumerate().map(place));
            visible = true;
            at += plain;
            continue;
        }
        let (length, replacement) = replacement(&original, at, c);
        let span = Span { start: at as u32, end: (at + length) as u32 };
        if replacement.iter().flatten().all(|value| value.is_whitespace()) {
            hide(original.get(at..at + length).unwrap_or_default(), span.start, &mut hidden);
        }
        for value in replacement.iter().flatten() {
            let before = out.last_mut().filter(|before| visible && *value == ' ' && before.value == ' ');
            match before {
                Some(before) => before.span.end = span.end,
                None => out.push(Character { value: *value, span }),
            }
            visible = *value != '\n' && (visible || !value.is_whitespace());
        }
        at += length;
        if signs_lost && c == ' ' && is_gap(&original, at) {
            out.push(Character { value: LOST, span });
        }
    }
    (out, hidden)
}

/// The characters of a text. Nearly all are ASCII, which is taken in long stretches.
fn characters_of(text: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let Some((ascii, other)) = rest.split_at_checked(plain) else { break };
        out.extend(ascii.bytes().map(char::from));
        let mut others = other.chars();
        out.extend(others.next());
        rest = others.as_str();
    }
    out
}

/// Adds the visible of some characters of which nothing is read to the runs before them.
fn hide(original: &[char], start: u32, runs: &mut Vec<Span>) {
    for (at, _) in (start..).zip(original).filter(|(_, c)| !c.is_whitespace()) {
        match runs.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => runs.push(Span { start: at, end: at + 1 }),
        }
    }
}

/// An ASCII character as a byte; of any other character a byte that is none.
pub fn letter(character: &Character) -> u8 {
    if character.value.is_ascii() { character.value as u8 } else { u8::MAX }
}

/// The text of some characters. Nearly all are ASCII, which is written in one go.
pub fn string_of(characters: &[Character]) -> String {
    let letters: Vec<u8> = characters.iter().map(letter).collect();
    match String::from_utf8(letters) {
        Ok(ascii) if ascii.is_ascii() => ascii,
        _ => characters.iter().map(|c| c.value).collect(),
    }
}

/// Whether a character is visible and stands for itself.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ',' | '.' | '(' | ')' | '-' | '/' | ':' | ';')
}

/// How many characters stand for themselves, single blanks between visible ones included.
fn run(from: &[char], signs_lost: bool) -> usize {
    let mut length = 0;
    let mut rest = from.iter().copied().peekable();
    while let Some(c) = rest.next() {
        let blank = c == ' ' && !signs_lost && rest.peek().is_some_and(|next| is_plain(*next));
        if !(is_plain(c) || blank) {
            break;
        }
        length += 1;
    }
    length
}

/// Where signs were lost, each with the figure's first character behind the gap.
pub fn lost_signs(characters: &[Character]) -> Vec<Span> {
    characters.iter().filter(|c| c.value == LOST).map(|c| Span { start: c.span.start, end: c.span.end + 1 }).collect()
}

/// Marks the signs of a text that was copied from register to register: where `≥` was copied wrongly, `=` or `?` is left
/// of it, so that neither of them before a figure can be taken at its word.
pub fn distrust_equals(characters: &mut [Character]) {
    let values: Vec<char> = characters.iter().map(|c| c.value).collect();
    for (at, character) in characters.iter_mut().enumerate() {
        if !matches!(character.value, '=' | '?') {
            continue;
        }
        let beside = |place: Option<usize>| place.and_then(|place| values.get(place)).copied().unwrap_or(' ');
        let (before, after) = (beside(at.checked_sub(1)), beside(Some(at + 1)));
        let signs = ['<', '>', '=', '≤', '≥', '!', '±'];
        let figure = if after == ' ' { beside(Some(at + 2)) } else { after };
        // "willing?18 months" is a question and its answer.
        let question = character.value == '?' && (before.is_alphabetic() || after == ' ');
        if figure.is_ascii_digit() && !signs.contains(&before) && !question {
            character.value = LOST;
        }
    }
}

/// Whether a text lost its signs of comparison: blanks in a row stand before figures ("LVEF  50%"), and not between
/// words as well, which would be a habit of typing.
fn signs_lost(text: &str, original: &[char]) -> bool {
    if !text.contains("  ") {
        return false;
    }
    let (mut figures, mut words) = (0usize, 0usize);
    for (at, pair) in original.windows(2).enumerate() {
        if pair == [' ', ' '] && at.checked_sub(1).and_then(|i| original.get(i)).is_some_and(|c| is_word_end(*c)) {
            let next = original.iter().skip(at + 2).find(|c| **c != ' ');
            figures += usize::from(next.is_some_and(char::is_ascii_digit));
            words += usize::from(next.is_some_and(|c| c.is_alphabetic()));
        }
    }
    figures > 0 && figures * 3 > words
}

fn is_word_end(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '(' | ')' | ',' | '%')
}

/// Whether the blanks that end at a place are what is left of a sign: two or more behind a word, or one behind an
/// opening bracket, before a figure.
fn is_gap(original: &[char], at: usize) -> bool {
    if !original.get(at).is_some_and(char::is_ascii_digit) {
        return false;
    }
    let blanks = original.get(..at).unwrap_or_default().iter().rev().take_while(|c| **c == ' ').count();
    let before = at.checked_sub(blanks + 1).and_then(|i| original.get(i));
    match before {
        Some('(') => true,
        Some(c) => blanks > 1 && (is_word_end(*c) || matches!(c, '.' | ':' | ';')),
        None => false,
    }
}

/// How many original characters are taken, and what stands for them (nothing, one or two characters).
fn replacement(original: &[char], at: usize, c: char) -> (usize, [Option<char>; 2]) {
    let next = original.get(at + 1).copied();
    match c {
        '\\' if next.is_some_and(|n| n.is_ascii_punctuation()) => {
            let (_, inner) = replacement(original, at + 1, next.unwrap_or(' '));
            (2, inner)
        }
        '&' => entity(original, at).unwrap_or((1, [Some('&'), None])),
        '<' => line_break_tag(original, at).map_or((1, [Some('<'), None]), |length| (length, [Some('\n'), None])),
        '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{200a}' | '\u{202f}' | '\u{3000}' | '\t' | '\u{2002}' | '\u{2003}' => {
            (1, [Some(' '), None])
        }
        _ if WITHOUT_WIDTH.contains(&c) => (1, [None, None]),
        '\r' if next == Some('\n') => (2, [Some('\n'), None]),
        // WHO ICTRP writes one line break twice.
        '\r' if next == Some('<') && line_break_tag(original, at + 1).is_some() => (1, [None, None]),
        '\r' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => (1, [Some('\n'), None]),
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '`' | '\u{b4}' => (1, [Some('\''), None]),
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' | '\u{ab}' | '\u{bb}' => (1, [Some('"'), None]),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => (1, [Some('-'), None]),
        '\u{b5}' | '\u{3bc}' => (1, [Some('u'), None]),
        // "1.5×ULN": the sign is no letter of the word behind it.
        '\u{d7}' | '\u{2715}' | '\u{2a2f}' => (1, [Some('x'), next.filter(|n| n.is_alphabetic()).map(|_| ' ')]),
        '\u{b7}' | '\u{22c5}' if next.is_some_and(|n| n.is_ascii_digit()) && follows_digit(original, at) => {
            (1, [Some('.'), None])
        }
        '\u{b2}' => (1, [Some('^'), Some('2')]),
        '\u{b3}' => (1, [Some('^'), Some('3')]),
        '\u{b9}' => (1, [Some('^'), Some('1')]),
        '\u{2070}' | '\u{2074}'..='\u{2079}' => {
            let digit = char::from_digit(c as u32 - 0x2070, 10).unwrap_or('0');
            (1, [Some('^'), Some(digit)])
        }
        '\u{2080}'..='\u{2089}' => (1, [char::from_digit(c as u32 - 0x2080, 10), None]),
        '\u{2265}' | '\u{2267}' | '\u{2a7e}' | '\u{ff1e}' | '\u{2264}' | '\u{2266}' | '\u{2a7d}' | '\u{ff1c}' => {
            let value = match c {
                '\u{ff1e}' => '>',
                '\u{ff1c}' => '<',
                '\u{2265}' | '\u{2267}' | '\u{2a7e}' => '≥',
                _ => '≤',
            };
            (1, [Some(value), None])
        }
        // Full-width ASCII.
        '\u{ff01}'..='\u{ff5e}' => (1, [char::from_u32(c as u32 - 0xfee0), None]),
        '\u{2160}'..='\u{2162}' => (1, [Some('I'), if c == '\u{2160}' { None } else { Some('I') }]),
        _ => (1, [Some(c), None]),
    }
}

fn follows_digit(original: &[char], at: usize) -> bool {
    at.checked_sub(1).and_then(|i| original.get(i)).is_some_and(|p| p.is_ascii_digit())
}

/// Decodes the handful of entities that registry texts hold.
fn entity(original: &[char], at: usize) -> Option<(usize, [Option<char>; 2])> {
    let end = (at + 1..original.len().min(at + 10)).find(|&i| original.get(i) == Some(&';'))?;
    let name: String = original.get(at + 1..end)?.iter().collect();
    let value = match name.as_str() {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "nbsp" => ' ',
        "ge" => '≥',
        "le" => '≤',
        "quot" => '"',
        "apos" => '\'',
        "micro" | "mu" => 'u',
        "times" => 'x',
        "ndash" | "mdash" | "minus" => '-',
        _ => {
            let code = name.strip_prefix('#')?;
            let code = match code.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => code.parse().ok()?,
            };
            let c = char::from_u32(code)?;
            let (_, inner) = replacement(&[c], 0, c);
            return Some((end + 1 - at, inner));
        }
    };
    Some((end + 1 - at, [Some(value), None]))
}

/// The length of a tag that breaks a line (`<br>`, `<p>`, `<li>` ...). `<ULN` is no tag.
fn line_break_tag(original: &[char], at: usize) -> Option<usize> {
    let end = (at + 1..original.len().min(at + 8)).find(|&i| original.get(i) == Some(&'>'))?;
    let name: String = original.get(at + 1..end)?.iter().collect::<String>().to_ascii_lowercase();
    let name = name.trim_matches(['/', ' ']);
    matches!(name, "br" | "p" | "li" | "ul" | "ol" | "div" | "b" | "i" | "strong" | "em").then_some(end + 1 - at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let got: String = normalise(text).iter().map(|c| c.value).collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn undoes_escapes_entities_and_glyphs() {
        check("ANC \\>= 1.5 × 10⁹/L", "ANC >= 1.5 x 10^9/L");
        check("1.5×ULN, 1.5 × 10", "1.5x ULN, 1.5 x 10");
        check("a &lt;5&nbsp;µm&#8805;3", "a <5 um≥3");
        check("LVEF <ULN<br>next（ok）", "LVEF <ULN\nnext(ok)");
        check("1–2 “x”", "1-2 \"x\"");
        check("  a   b\n   c ", "  a b\n   c ");
    }

    #[test]
    fn a_lost_sign_leaves_a_mark() {
        check("LVEF  50%, ANC ( 1.5)", "LVEF \u{fffd}50%, ANC ( \u{fffd}1.5)");
        check("* Age  18\n*  20", "* Age \u{fffd}18\n* 20");
        check("ECOG  0  or  1  at  the  start  of  it", "ECOG 0 or 1 at the start of it");
    }

    #[test]
    fn a_copied_sign_of_equality_is_a_lost_sign() {
        for (text, expected) in [
            ("Aged =18 years", "Aged \u{fffd}18 years"),
            ("ALT = 5 x ULN", "ALT \u{fffd} 5 x ULN"),
            ("Age ?18", "Age \u{fffd}18"),
            ("PS >= 1, <=2, =< 3, => 4", "PS >= 1, <=2, =< 3, => 4"),
            ("0 = active, why? 2", "0 = active, why? 2"),
        ] {
            let mut characters = normalise(text);
            distrust_equals(&mut characters);
            assert_eq!(characters.iter().map(|c| c.value).collect::<String>(), expected, "{text}");
        }
        check("a\r<br>b\r<br>\r<br>c", "a\nb\n\nc");
    }

    #[test]
    fn spans_cover_the_original() {
        let text = "a\\>b&gt;c";
        let spans: Vec<(u32, u32)> = normalise(text).iter().map(|c| (c.span.start, c.span.end)).collect();
        assert_eq!(spans, [(0, 1), (1, 3), (3, 4), (4, 8), (8, 9)]);
    }
}
