//! Elements: tokens with their meaning. The kinds of criteria read elements, never characters.

use crate::grammar::text::Text;
use crate::grammar::tokens::{Token, TokenKind};
use crate::grammar::vocabulary::Vocabulary;
use crate::grammar::words;
use crate::lexicon::concepts::{self, Concept};
pub use crate::lexicon::cues::Cue;
use crate::trial::Span;
use std::sync::OnceLock;

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Comparison {
    /// Below.
    Less,
    /// At or below.
    LessEqual,
    /// Equal.
    Equal,
    /// At or above.
    GreaterEqual,
    /// Above.
    Greater,
}

impl Comparison {
    /// The comparison that holds exactly where this one does not; `None` for equality.
    pub fn opposite(self) -> Option<Self> {
        match self {
            Self::Less => Some(Self::GreaterEqual),
            Self::LessEqual => Some(Self::Greater),
            Self::Greater => Some(Self::LessEqual),
            Self::GreaterEqual => Some(Self::Less),
            Self::Equal => None,
        }
    }

    /// Whether `left` compared to `right` holds.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::LessEqual => left <= right,
            Self::Equal => left == right,
            Self::GreaterEqual => left >= right,
            Self::Greater => left > right,
        }
    }

    /// The sign, for readings.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Equal => "=",
            Self::GreaterEqual => ">=",
            Self::Greater => ">",
        }
    }
}

/// What an element means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sense {
    /// A drug, class, condition, test ... of the lexicon.
    Concept(Concept),
    /// A function word or phrase.
    Cue(Cue),
    /// A number, in figures or words.
    Number(f64),
    /// A rank (`second`).
    Ordinal(u8),
    /// A score with a plus sign (`2+`).
    Score(u8),
    /// A comparison in signs or words.
    Compare(Comparison),
    /// A visible character that is no word.
    Punctuation(char),
    /// A word that the lexicon does not hold.
    Word,
}

/// One element of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// What it means.
    pub sense: Sense,
    /// Its folded words; shared, since phrases are copied often.
    pub text: Text,
    /// Where it stands.
    pub span: Span,
    /// Whether blanks stand before it.
    pub spaced: bool,
    /// Whether it is written with a capital.
    pub capital: bool,
}

impl Element {
    /// Whether it is this cue.
    #[inline]
    pub fn is(&self, cue: Cue) -> bool {
        matches!(self.sense, Sense::Cue(own) if own == cue)
    }

    /// Whether it is this character.
    #[inline]
    pub fn is_char(&self, c: char) -> bool {
        matches!(self.sense, Sense::Punctuation(own) if own == c)
    }

    /// The concept, where it is one.
    pub fn concept(&self) -> Option<Concept> {
        if let Sense::Concept(concept) = self.sense { Some(concept) } else { None }
    }

    /// The cue, where it is one.
    pub fn cue(&self) -> Option<Cue> {
        if let Sense::Cue(cue) = self.sense { Some(cue) } else { None }
    }
}

/// The whole vocabulary of the program as one trie.
fn vocabulary() -> &'static Vocabulary<Sense> {
    static VOCABULARY: OnceLock<Vocabulary<Sense>> = OnceLock::new();
    VOCABULARY.get_or_init(|| {
        let mut vocabulary = Vocabulary::default();
        for row in crate::lexicon::cues::all() {
            for phrase in &row.phrases {
                vocabulary.insert(phrase, Sense::Cue(row.id));
            }
        }
        concepts::each(|wording, exact, concept| {
            if exact {
                vocabulary.insert_exact(wording, Sense::Concept(concept));
            } else {
                vocabulary.insert(wording, Sense::Concept(concept));
            }
        });
        vocabulary
    })
}

/// Gives tokens their meaning, left to right, longest wording first. Breaks and hyphens within words are dropped.
pub fn elements(tokens: &[Token]) -> Vec<Element> {
    let vocabulary = vocabulary();
    let numbers = vocabulary.numbers(tokens);
    let mut joined = String::new();
    let mut out: Vec<Element> = Vec::with_capacity(tokens.len());
    let mut at = 0usize;
    while let Some(token) = tokens.get(at) {
        if matches!(token.kind, TokenKind::Break | TokenKind::Hyphen) {
            at += 1;
            continue;
        }
        if optional_plural(tokens, at) {
            at += 3;
            continue;
        }
        let (sense, end) = sense_at(vocabulary, tokens, &numbers, at);
        let last = end.checked_sub(1).and_then(|i| tokens.get(i)).unwrap_or(token);
        let text = if end > at + 1 {
            joined.clear();
            joined.push_str(&token.text);
            for more in tokens.get(at + 1..end).unwrap_or_default().iter().filter(|t| t.kind != TokenKind::Hyphen) {
                joined.push(' ');
                joined.push_str(&more.text);
            }
            words::shared(&joined)
        } else {
            token.text.clone()
        };
        out.push(Element {
            sense,
            text,
            span: Span { start: token.span.start, end: last.span.end },
            spaced: token.spaced,
            capital: token.written.chars().next().is_some_and(char::is_uppercase),
        });
        at = end.max(at + 1);
    }
    out
}

/// "(s)" behind a word.
fn optional_plural(tokens: &[Token], at: usize) -> bool {
    let text = |i: usize| tokens.get(i).map(|t| t.text.as_str());
    at > 0
        && text(at) == Some("(")
        && tokens.get(at).is_some_and(|t| !t.spaced)
        && matches!(text(at + 1), Some("s" | "es" | "ies"))
        && text(at + 2) == Some(")")
}

fn sense_at(vocabulary: &Vocabulary<Sense>, tokens: &[Token], numbers: &[Option<u32>], at: usize) -> (Sense, usize) {
    let Some(token) = tokens.get(at) else { return (Sense::Word, at + 1) };
    let next = tokens.get(at + 1);
    let known = vocabulary.longest(tokens, numbers, at);
    if let TokenKind::Number(value) = token.kind {
        // "2+" is a score; "2+" before a word or figure ("2+3") is not, which no text needs.
        if value <= 4.0 && value.fract() == 0.0 && next.is_some_and(|n| is_char(n, '+') && !n.spaced) {
            return (Sense::Score(value as u8), at + 2);
        }
        return match known {
            Some((sense, end)) if end > at + 1 => (sense, end),
            _ => (Sense::Number(value), at + 1),
        };
    }
    if let Some(comparison) = comparison_at(tokens, at) {
        return comparison;
    }
    let symbol = at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(ends_symbol);
    if is_char(token, '-')
        && !token.spaced
        && symbol
        && next.is_none_or(|n| n.spaced || matches!(n.kind, TokenKind::Punctuation(_)) || n.kind == TokenKind::Break)
        && !is_suspended(tokens, at)
    {
        return (Sense::Cue(Cue::Negative), at + 1);
    }
    match known {
        Some((Sense::Cue(cue), end)) => (cue_sense(cue, tokens, at, end), end),
        Some((sense, end)) => (sense, end),
        None => match token.kind {
            TokenKind::Punctuation(c) => (Sense::Punctuation(c), at + 1),
            _ => (Sense::Word, at + 1),
        },
    }
}

/// "HER2- or EGFR-directed agents": a hyphen whose word follows behind the next name, and no minus sign.
fn is_suspended(tokens: &[Token], at: usize) -> bool {
    let joins = tokens.get(at + 1).is_some_and(|t| matches!(t.text.as_str(), "or" | "and" | "and/or" | "/" | ","));
    let directed = |t: &Token| t.text.ends_with("ed") || matches!(t.text.as_str(), "targeting" | "containing");
    joins
        && (at + 2..at + 7)
            .any(|word| tokens.get(word).is_some_and(|t| t.kind == TokenKind::Word && !t.spaced && directed(t)))
}

/// Whether a minus sign behind a token says "negative": a symbol ("ER", "her2") or a bracket, not a plain word.
fn ends_symbol(token: &Token) -> bool {
    let symbol = token.written.chars().count() <= 6
        && (token.written.chars().any(|c| c.is_ascii_digit())
            || token.written.chars().filter(|c| c.is_uppercase()).count() > 1);
    match token.kind {
        TokenKind::Word => symbol,
        TokenKind::Punctuation(c) => matches!(c, '(' | '[' | ')' | ']' | '+' | '/'),
        _ => false,
    }
}

fn is_char(token: &Token, c: char) -> bool {
    token.kind == TokenKind::Punctuation(c)
}

/// Cues that stand for numbers and comparisons become them.
fn cue_sense(cue: Cue, tokens: &[Token], at: usize, end: usize) -> Sense {
    let word = tokens.get(at).filter(|_| end == at + 1).map_or("", |t| t.text.as_str());
    match cue {
        Cue::Greater => Sense::Compare(Comparison::Greater),
        Cue::GreaterEqual => Sense::Compare(Comparison::GreaterEqual),
        Cue::Less => Sense::Compare(Comparison::Less),
        Cue::LessEqual => Sense::Compare(Comparison::LessEqual),
        Cue::Cardinal => Sense::Number(cardinal(tokens.get(at..end).unwrap_or_default())),
        Cue::Ordinal => Sense::Ordinal(match word {
            "second" | "2nd" => 2,
            "third" | "3rd" => 3,
            "fourth" | "4th" => 4,
            "fifth" => 5,
            _ => 1,
        }),
        other => Sense::Cue(other),
    }
}

/// The number that words stand for: "twelve", "twenty-eight".
fn cardinal(tokens: &[Token]) -> f64 {
    const ONES: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    let value = |text: &str| match text {
        "twenty" => Some(20),
        "thirty" => Some(30),
        _ => ONES.iter().position(|word| *word == text),
    };
    let sum: usize = tokens.iter().filter_map(|token| value(token.text.as_str())).sum();
    let zero = tokens.first().is_some_and(|token| token.text.as_str() == "zero");
    if sum == 0 && !zero { 1.0 } else { sum as f64 }
}

/// `>=`, `=>`, `≥`, `> or =`, `=<` and the like.
fn comparison_at(tokens: &[Token], at: usize) -> Option<(Sense, usize)> {
    let c = |i: usize| match tokens.get(i).map(|t| t.kind) {
        Some(TokenKind::Punctuation(c)) => Some(c),
        _ => None,
    };
    let first = c(at)?;
    let second = c(at + 1).filter(|s| matches!(s, '=' | '>' | '<' | '/'));
    let spelled_or_equal = tokens.get(at + 1).is_some_and(|t| t.text == "or") && c(at + 2) == Some('=');
    let (comparison, length) = match (first, second) {
        ('>', Some('/')) if c(at + 2) == Some('=') => (Comparison::GreaterEqual, 3),
        ('<', Some('/')) if c(at + 2) == Some('=') => (Comparison::LessEqual, 3),
        ('>', _) if spelled_or_equal => (Comparison::GreaterEqual, 3),
        ('<', _) if spelled_or_equal => (Comparison::LessEqual, 3),
        ('≥', Some('=')) | ('>', Some('=')) | ('=', Some('>')) => (Comparison::GreaterEqual, 2),
        ('≤', Some('=')) | ('<', Some('=')) | ('=', Some('<')) => (Comparison::LessEqual, 2),
        ('≥', _) => (Comparison::GreaterEqual, 1),
        ('≤', _) => (Comparison::LessEqual, 1),
        ('>', _) => (Comparison::Greater, 1),
        ('<', _) => (Comparison::Less, 1),
        ('=', _) => (Comparison::Equal, 1),
        _ => return None,
    };
    Some((Sense::Compare(comparison), at + length))
}

/// Reads a text straight to elements.
pub fn read(text: &str) -> Vec<Element> {
    elements(&crate::grammar::tokens::tokenise(&crate::grammar::characters::normalise(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[Sense]) {
        let got: Vec<Sense> = read(text).into_iter().map(|e| e.sense).collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn numbers_scores_and_comparisons() {
        use Comparison::*;
        check(">= 1.5", &[Sense::Compare(GreaterEqual), Sense::Number(1.5)]);
        check("=< two", &[Sense::Compare(LessEqual), Sense::Number(2.0)]);
        check("no more than 3", &[Sense::Compare(LessEqual), Sense::Number(3.0)]);
        check("greater than or equal to 3", &[Sense::Compare(GreaterEqual), Sense::Number(3.0)]);
        check("IHC 2+", &[Sense::Cue(Cue::Ihc), Sense::Score(2)]);
        check("HER2- tumor", &[Sense::Cue(Cue::Her2), Sense::Cue(Cue::Negative), Sense::Cue(Cue::Filler)]);
        check("HER2-negative", &[Sense::Cue(Cue::Her2), Sense::Cue(Cue::Negative)]);
    }
}
