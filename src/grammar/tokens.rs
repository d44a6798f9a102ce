//! Tokens: words, numbers, punctuation, each with its span in the original text.

use crate::grammar::characters::{Character, LOST, letter};
use crate::grammar::text::Text;
use crate::grammar::words;
use crate::trial::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TokenKind {
    /// A run of letters, or of letters followed by digits (`her2`, `cdk4`).
    Word,
    /// A decimal number; thousands separators are gone.
    Number(f64),
    /// Any other visible character.
    Punctuation(char),
    /// A hyphen between two words without blanks (`HER2-negative`): vocabulary looks through it.
    Hyphen,
    /// The end of a line.
    Break,
}

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// The folded word; the figures of a number; the character of punctuation.
    pub text: Text,
    /// The word as written, for abbreviations that are told apart by case.
    pub written: Text,
    /// Where it stands.
    pub span: Span,
    /// Whether blanks stand before it.
    pub spaced: bool,
}

/// Cuts normalised characters into tokens. Never fails; blanks are skipped.
pub fn tokenise(characters: &[Character]) -> Vec<Token> {
    let mut out = Vec::with_capacity(characters.len() / 5);
    let (mut letters, mut written) = (Vec::with_capacity(32), String::with_capacity(32));
    let mut at = 0usize;
    let mut spaced = true;
    while let Some(c) = characters.get(at) {
        if c.value == '\n' {
            out.push(token(TokenKind::Break, "\n", characters, at, at + 1, spaced));
            at += 1;
            spaced = true;
            continue;
        }
        if c.value.is_whitespace() {
            at += 1;
            spaced = true;
            continue;
        }
        let mut end = if c.value.is_ascii_digit() {
            number_end(characters, at)
        } else if c.value.is_alphabetic() {
            // "2.5xULN", "3×the": a sign of multiplication behind a figure.
            let times = !spaced
                && matches!(c.value, 'x' | 'X')
                && at
                    .checked_sub(1)
                    .and_then(|before| characters.get(before))
                    .is_some_and(|b| b.value.is_ascii_digit())
                && characters.get(at + 1).is_some_and(|next| next.value.is_alphabetic());
            if times { at + 1 } else { word_end(characters, at) }
        } else {
            at + 1
        };
        write(characters.get(at..end).unwrap_or_default(), &mut letters, &mut written);
        if let Some((value, number_end)) = number_in_words(characters, &written, end) {
            out.push(number(value, characters, at, number_end, spaced));
            at = number_end;
            spaced = false;
            continue;
        }
        if let Some(symbol_end) = symbol_end(characters, &written, end) {
            let rest = characters.get(end + 1..symbol_end).unwrap_or_default();
            written.extend(rest.iter().map(|c| c.value));
            end = symbol_end;
        }
        let kind = if c.value.is_ascii_digit() {
            TokenKind::Number(figures(&written))
        } else if c.value.is_alphabetic() || c.value == LOST {
            TokenKind::Word
        } else if c.value == '-' && !spaced && at > 0 && joins(characters, at) {
            TokenKind::Hyphen
        } else {
            TokenKind::Punctuation(c.value)
        };
        out.push(token(kind, &written, characters, at, end, spaced));
        comparison_in_words(&mut out);
        at = end;
        spaced = false;
    }
    out
}

/// Writes some characters. Nearly all are ASCII, which is written in one go.
fn write(characters: &[Character], letters: &mut Vec<u8>, written: &mut String) {
    written.clear();
    letters.clear();
    letters.extend(characters.iter().map(letter));
    match std::str::from_utf8(letters) {
        Ok(ascii) if letters.is_ascii() => written.push_str(ascii),
        _ => written.extend(characters.iter().map(|c| c.value)),
    }
}

/// "Greater than or equal to", "equal to or less than" become the sign: the "or" of neither joins two things.
fn comparison_in_words(tokens: &mut Vec<Token>) {
    let ends = tokens.last().is_some_and(|t| t.kind == TokenKind::Word && matches!(t.text.as_str(), "to" | "than"));
    let Some(start) = tokens.len().checked_sub(5).filter(|_| ends) else { return };
    let word = |n: usize| tokens.get(start + n).map_or("", |t| t.text.as_str());
    let compared = match [word(0), word(1), word(2), word(3), word(4)] {
        [more, "than", "or", "equal", "to"] | ["equal", "to", "or", more, "than"] => more,
        _ => return,
    };
    let sign = match compared {
        "greater" | "more" | "higher" | "larger" => '≥',
        "less" | "lower" | "fewer" | "smaller" => '≤',
        _ => return,
    };
    let last = tokens.last().map_or(0, |t| t.span.end);
    tokens.truncate(start + 1);
    if let Some(token) = tokens.last_mut() {
        token.kind = TokenKind::Punctuation(sign);
        token.text = words::shared(sign.encode_utf8(&mut [0; 4]));
        token.written.clone_from(&token.text);
        token.span.end = last;
    }
}

/// The value of figures; thousands separators are gone.
fn figures(written: &str) -> f64 {
    if written.contains(',') { written.replace(',', "").parse() } else { written.parse() }.unwrap_or(0.0)
}

fn token(kind: TokenKind, written: &str, characters: &[Character], start: usize, end: usize, spaced: bool) -> Token {
    let first = characters.get(start).map_or(0, |c| c.span.start);
    let last = end.checked_sub(1).and_then(|i| characters.get(i)).map_or(first, |c| c.span.end);
    let (written, text) = if kind == TokenKind::Word {
        words::word(written)
    } else {
        let text = words::shared(written);
        (text.clone(), text)
    };
    Token { kind, text, written, span: Span { start: first, end: last }, spaced }
}

/// A number that was written in words, with its figures as text.
fn number(value: u32, characters: &[Character], start: usize, end: usize, spaced: bool) -> Token {
    let written = value.to_string();
    token(TokenKind::Number(f64::from(value)), &written, characters, start, end, spaced)
}

/// Numbers above twelve in words; the smaller ones are cues, since they stand in wordings of their own.
const TEENS: &[(&str, u32)] = &[
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];

const UNITS: [&str; 9] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/// "Thirteen", "twenty-one": the value, and one past the last character.
fn number_in_words(characters: &[Character], word: &str, end: usize) -> Option<(u32, usize)> {
    if !(word.ends_with("ty") || word.ends_with("teen")) {
        return None;
    }
    let (_, value) = TEENS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name))?;
    let joined = characters.get(end).is_some_and(|c| matches!(c.value, '-' | ' '));
    if *value % 10 == 0 && joined {
        let unit_end = word_end(characters, end + 1);
        let unit: String =
            characters.get(end + 1..unit_end).unwrap_or_default().iter().take(6).map(|c| c.value).collect();
        if let Some(unit) = UNITS.iter().position(|name| unit.eq_ignore_ascii_case(name)) {
            return Some((value + unit as u32 + 1, unit_end));
        }
    }
    Some((*value, end))
}

/// Symbols that are written with and without a hyphen or blank before their figures: the letters, and what follows.
const SYMBOLS: &[(&str, &str)] = &[
    ("b7", "h"),
    ("brca", "0"),
    ("cdk", "0"),
    ("cyp", "0"),
    ("erbb", "0"),
    ("her", "2"),
    ("her", "3"),
    ("ki", "67"),
    ("nectin", "4"),
    ("pd", "1"),
    ("pd", "l1"),
    ("pd", "l2"),
    ("t", "dm1"),
    ("t", "dxd"),
    ("trop", "2"),
];

/// One past the end of a symbol ("HER-2", "PD-L1", "CYP 3A4") whose letters end at a place.
fn symbol_end(characters: &[Character], letters: &str, end: usize) -> Option<usize> {
    if letters.len() > 6 {
        return None;
    }
    let joiner = characters.get(end)?.value;
    let capitals = letters.chars().all(|c| c.is_ascii_uppercase());
    if joiner != '-' && !(joiner == ' ' && capitals && letters.len() > 1) {
        return None;
    }
    let last = word_end(characters, end + 1);
    let rest = characters.get(end + 1..last).filter(|rest| (1..=6).contains(&rest.len()))?;
    let starts = |with: &str| {
        with == "0" && rest.first().is_some_and(|c| c.value.is_ascii_digit())
            || rest.len() >= with.len()
                && rest.iter().zip(with.chars()).all(|(c, w)| c.value.eq_ignore_ascii_case(&w))
                && rest.get(with.len()).is_none_or(|next| !next.value.is_ascii_digit())
    };
    SYMBOLS.iter().any(|(head, with)| letters.eq_ignore_ascii_case(head) && starts(with)).then_some(last)
}

/// Whether the hyphen stands between two words or between a word and a number, without blanks.
fn joins(characters: &[Character], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|i| characters.get(i)).map(|c| c.value);
    let after = characters.get(at + 1).map(|c| c.value);
    match (before, after) {
        (Some(b), Some(a)) => {
            (b.is_alphanumeric() && a.is_alphanumeric() && !(b.is_ascii_digit() && a.is_ascii_digit()))
                || (b.is_alphanumeric() && a == '(')
                || (b == ')' && a.is_alphanumeric())
        }
        _ => false,
    }
}

fn number_end(characters: &[Character], start: usize) -> usize {
    let digit = |i: usize| characters.get(i).is_some_and(|c| c.value.is_ascii_digit());
    let mut at = start;
    while digit(at) {
        at += 1;
    }
    // Thousands separators: a comma followed by exactly three digits.
    while at - start <= 3 + 4 * 3
        && characters.get(at).is_some_and(|c| c.value == ',')
        && digit(at + 1)
        && digit(at + 2)
        && digit(at + 3)
        && !digit(at + 4)
    {
        at += 4;
    }
    if characters.get(at).is_some_and(|c| c.value == '.') && digit(at + 1) {
        at += 1;
        while digit(at) {
            at += 1;
        }
    }
    at
}

fn word_end(characters: &[Character], start: usize) -> usize {
    let mut at = start;
    while characters.get(at).is_some_and(|c| {
        c.value.is_alphanumeric()
            || (c.value == '\'' && characters.get(at + 1).is_some_and(|n| n.value.is_alphabetic()))
    }) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::characters::normalise;

    fn check(text: &str, expected: &str) {
        let tokens = tokenise(&normalise(text));
        let got: Vec<&str> = tokens.iter().map(|t| t.text.as_str()).collect();
        assert_eq!(got.join(" "), expected, "{text}");
    }

    #[test]
    fn cuts_words_numbers_and_punctuation() {
        check("ANC ≥1,500/mm^3", "anc ≥ 1500 / mm ^ 3".replace("1500", "1,500").as_str());
        check("HER2-negative (IHC 0-1+)", "her2 - negative ( ihc 0 - 1 + )");
        check("2.5 x ULN; CDK4/6i", "2.5 x uln ; cdk4 / 6 i");
        check("2.5xULN, 3×the limit", "2.5 x uln , 3 x the limit");
        check("Crohn's disease", "crohn disease");
        check("HER-2/neu, HER 2+, PD-L1, PD 1, her 2 days", "her2 / neu , her2 + , pdl1 , pd1 , her 2 day");
        check("CYP 3A4, CYP-2D6, T-DM1, Ki-67, CDK 4/6", "cyp3a4 , cyp2d6 , tdm1 , ki67 , cdk4 / 6");
        check("twenty-one days, Thirty days, fourteen", "21 day , 30 day , 14");
        check("LVEF \u{fffd} 50", "lvef \u{fffd} 50");
    }

    #[test]
    fn thousands_are_joined() {
        let tokens = tokenise(&normalise("100,000 1,5 3.0"));
        let numbers: Vec<f64> =
            tokens.iter().filter_map(|t| if let TokenKind::Number(n) = t.kind { Some(n) } else { None }).collect();
        assert_eq!(numbers, [100_000.0, 1.0, 5.0, 3.0]);
    }
}
