//! Tokens: words, numbers, punctuation, each with its span in the original text.

use crate::grammar::characters::Character;
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
    let mut written = String::new();
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
        let end = if c.value.is_ascii_digit() {
            number_end(characters, at)
        } else if c.value.is_alphabetic() {
            word_end(characters, at)
        } else {
            at + 1
        };
        written.clear();
        written.extend(characters.get(at..end).unwrap_or_default().iter().map(|c| c.value));
        let kind = if c.value.is_ascii_digit() {
            TokenKind::Number(number(&written))
        } else if c.value.is_alphabetic() {
            TokenKind::Word
        } else if c.value == '-' && !spaced && at > 0 && joins(characters, at) {
            TokenKind::Hyphen
        } else {
            TokenKind::Punctuation(c.value)
        };
        out.push(token(kind, &written, characters, at, end, spaced));
        at = end;
        spaced = false;
    }
    out
}

/// The value of figures; thousands separators are gone.
fn number(written: &str) -> f64 {
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
        check("Crohn's disease", "crohn disease");
    }

    #[test]
    fn thousands_are_joined() {
        let tokens = tokenise(&normalise("100,000 1,5 3.0"));
        let numbers: Vec<f64> =
            tokens.iter().filter_map(|t| if let TokenKind::Number(n) = t.kind { Some(n) } else { None }).collect();
        assert_eq!(numbers, [100_000.0, 1.0, 5.0, 3.0]);
    }
}
