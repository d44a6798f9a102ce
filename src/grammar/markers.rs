//! Bullets, numbers and letters in front of an item.

use crate::grammar::characters::Character;

/// The kind of a marker, with its rank in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// `*`, `-`, `•` ...
    Bullet(char),
    /// `1.`, `(2)`, `3)`.
    Number(u32),
    /// `a.`, `B)`.
    Letter(char),
    /// `ii.`, `(iv)`.
    Roman,
}

impl Marker {
    /// Whether two markers belong to the same kind of list.
    pub fn same_kind(self, other: Self) -> bool {
        match (self, other) {
            (Self::Bullet(a), Self::Bullet(b)) => a == b,
            (Self::Number(_), Self::Number(_)) | (Self::Roman, Self::Roman) => true,
            (Self::Letter(a), Self::Letter(b)) => a.is_lowercase() == b.is_lowercase(),
            _ => false,
        }
    }

    /// Numbers stand above letters, letters above romans and bullets.
    pub fn rank(self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Letter(c) if c.is_uppercase() => 0,
            Self::Letter(_) => 1,
            Self::Roman => 2,
            Self::Bullet(_) => 3,
        }
    }

    /// Whether it is the first of a list.
    pub fn begins_list(self) -> bool {
        matches!(self, Self::Bullet(_) | Self::Number(1) | Self::Letter('a' | 'A') | Self::Roman)
    }
}

/// Finds the marker at the start of a line: its kind and how many characters it takes, blanks behind it included.
pub fn marker(line: &[Character]) -> (Option<Marker>, usize) {
    let mut found = None;
    let mut at = 0;
    // "* 1. text" and "* • text" carry two; the innermost counts for nesting, all are skipped.
    for _ in 0..3 {
        let Some((marker, length)) = one_marker(line.get(at..).unwrap_or_default()) else { break };
        found = Some(found.filter(|_| matches!(marker, Marker::Bullet(_))).unwrap_or(marker));
        at += length;
    }
    (found, at)
}

fn one_marker(line: &[Character]) -> Option<(Marker, usize)> {
    let c = |i: usize| line.get(i).map(|c| c.value);
    let blanks =
        |from: usize| line.get(from..).unwrap_or_default().iter().take_while(|c| c.value.is_whitespace()).count();
    let first = c(0)?;
    let end_blank = |i: usize| c(i).is_none_or(char::is_whitespace);
    if matches!(first, '•' | '·' | '●' | '○' | '▪' | '■' | '‣' | '◦' | '□' | '➢' | '►' | '✓' | '\u{f0b7}' | '∙' | '⁃')
    {
        return Some((Marker::Bullet(first), 1 + blanks(1)));
    }
    if matches!(first, '*' | '-' | '+' | 'o') && end_blank(1) && c(1).is_some() {
        return Some((Marker::Bullet(first), 1 + blanks(1)));
    }
    let open = usize::from(matches!(first, '(' | '['));
    let word: String = line
        .get(open..)
        .unwrap_or_default()
        .iter()
        .map(|c| c.value)
        .take_while(|v| v.is_ascii_alphanumeric())
        .take(5)
        .collect();
    let close = open + word.chars().count();
    let closed = match c(close)? {
        ')' | ']' => true,
        '.' | ':' if open == 0 => c(close + 1)
            .is_none_or(|n| n.is_whitespace() || (n.is_alphabetic() && word.chars().all(|w| w.is_ascii_digit()))),
        _ => false,
    };
    if !closed || word.is_empty() {
        return None;
    }
    let kind = if let Ok(number) = word.parse::<u32>() {
        (number < 100).then_some(Marker::Number(number))?
    } else if word.len() == 1
        && word.chars().all(char::is_alphabetic)
        && !matches!(word.as_str(), "i" | "I" | "v" | "x")
    {
        if c(close) == Some(':') {
            return None;
        }
        Marker::Letter(word.chars().next()?)
    } else if word.chars().all(|w| matches!(w, 'i' | 'v' | 'x' | 'I' | 'V' | 'X')) {
        Marker::Roman
    } else {
        return None;
    };
    // "2.5 x ULN" is no marker: a digit behind the point was refused above.
    Some((kind, close + 1 + blanks(close + 1)))
}

/// Where the next number of a list stands inside a line, behind the end of a sentence.
pub fn next_number(line: &[Character], number: u32) -> Option<usize> {
    (1..line.len()).find(|&at| {
        let before = line.get(..at).unwrap_or_default();
        let ended = before.last().is_some_and(|c| c.value.is_whitespace())
            && before
                .iter()
                .rev()
                .find(|c| !c.value.is_whitespace())
                .is_some_and(|c| matches!(c.value, '.' | ';' | ','));
        let digit = line.get(at).is_some_and(|c| c.value.is_ascii_digit());
        ended
            && digit
            && matches!(one_marker(line.get(at..).unwrap_or_default()), Some((Marker::Number(n), _)) if n == number)
    })
}

/// Cuts "all of the following: • one • two" inside one line before each bullet; EU CTIS has many that lost their line
/// breaks. A single bullet inside a line must stand behind a colon.
pub fn inline_bullets(line: &[Character]) -> Vec<&[Character]> {
    let is_bullet = |value: char| !value.is_ascii() && matches!(value, '•' | '●' | '▪' | '\u{f0b7}');
    if !line.iter().any(|c| is_bullet(c.value)) {
        return vec![line];
    }
    let visible = line.iter().take_while(|c| c.value.is_whitespace()).count();
    let mut cuts: Vec<usize> = Vec::new();
    for (at, around) in line.windows(3).enumerate() {
        if let [before, bullet, after] = around
            && is_bullet(bullet.value)
            && before.value.is_whitespace()
            && after.value.is_whitespace()
            && at >= visible
        {
            cuts.push(at + 1);
        }
    }
    let behind_colon = |cut: usize| {
        let before = line.get(..cut).unwrap_or_default();
        before.iter().rev().find(|c| !c.value.is_whitespace()).is_some_and(|c| c.value == ':')
    };
    let own = line.get(visible).is_some_and(|c| is_bullet(c.value));
    if cuts.is_empty() || (cuts.len() == 1 && !own && !cuts.iter().all(|cut| behind_colon(*cut))) {
        return vec![line];
    }
    let mut pieces = Vec::with_capacity(cuts.len() + 1);
    let mut start = 0;
    for cut in cuts {
        pieces.extend(line.get(start..cut));
        start = cut;
    }
    pieces.extend(line.get(start..));
    pieces
}

/// Cuts "1. ... 2. ... 3. ..." inside one line into its pieces; other lines stay whole. `after` is the number of the
/// line's own marker, behind which the next comes.
pub fn inline_list(line: &[Character], after: Option<u32>) -> Vec<&[Character]> {
    // A point or bracket behind a figure is in few lines.
    let closes = |pair: &[Character]| matches!(pair, [figure, close] if matches!(close.value, '.' | ')') && figure.value.is_ascii_digit());
    if !line.windows(2).any(closes) {
        return vec![line];
    }
    let mut cuts = Vec::new();
    let first_in_line = cut_number(line, 0);
    let mut expected = match first_in_line {
        Some(n) if n <= 1 => n + 1,
        _ => 1,
    };
    // A line that was itself marked "1." has lost its marker: then 2 comes next.
    let mut at = 1;
    let mut following = after.map(|n| n + 1);
    while at < line.len() {
        let blank_before = line.get(at - 1).is_some_and(|c| c.value.is_whitespace() || matches!(c.value, ';' | ':'));
        if blank_before && let Some(n) = cut_number(line, at) {
            if n == expected {
                cuts.push(at);
                expected += 1;
            } else if cuts.is_empty() && following == Some(n) && (n == 2 || begins_item(line, at)) {
                cuts.push(at);
                following = None;
                expected = n + 1;
            }
        }
        at += 1;
    }
    let starts_at_one = cuts.first().and_then(|&c| cut_number(line, c)) == Some(1);
    if cuts.len() < if starts_at_one { 2 } else { 1 } {
        return vec![line];
    }
    let mut pieces = Vec::new();
    let mut from = 0;
    for cut in cuts {
        if cut > from {
            pieces.extend(line.get(from..cut));
        }
        from = cut;
    }
    pieces.extend(line.get(from..));
    pieces
}

/// Whether an item may end before a place: "grade 2 or 4. Patients ..." goes on.
fn begins_item(line: &[Character], at: usize) -> bool {
    let before: String = line.get(..at).unwrap_or_default().iter().rev().take(24).map(|c| c.value).collect();
    let word: String = before.trim_start().chars().take_while(|c| !c.is_whitespace()).collect();
    let word: String = word.chars().rev().collect::<String>().to_lowercase();
    !word.ends_with([',', '<', '>', '=', '-', '/', '≥', '≤', '+', '('])
        && !word.ends_with(|c: char| c.is_ascii_digit())
        && !matches!(
            word.as_str(),
            "or" | "and"
                | "of"
                | "to"
                | "than"
                | "least"
                | "grade"
                | "stage"
                | "ecog"
                | "status"
                | "is"
                | "no"
                | "part"
                | "phase"
                | "cohort"
                | "arm"
                | "version"
                | "table"
                | "section"
                | "day"
                | "cycle"
                | "level"
                | "type"
        )
}

/// The number of an item marker at a place inside a line: figures, a point or bracket, a blank, a capital.
fn cut_number(line: &[Character], at: usize) -> Option<u32> {
    let c = |i: usize| line.get(i).map(|c| c.value);
    let open = usize::from(c(at) == Some('('));
    let digits: String = (at + open..).map_while(c).take_while(char::is_ascii_digit).take(3).collect();
    let close = at + open + digits.len();
    if digits.is_empty() || digits.len() > 2 {
        return None;
    }
    let closed = match c(close)? {
        '.' => open == 0,
        ')' => true,
        _ => false,
    };
    let blank = c(close + 1)?.is_whitespace();
    let capital = (close + 1..).map_while(c).find(|v| !v.is_whitespace())?;
    (closed && blank && (capital.is_uppercase() || matches!(capital, '≥' | '≤' | '>' | '<' | '"')))
        .then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::characters::normalise;

    #[test]
    fn knows_markers_from_text() {
        for (line, kind, length) in [
            ("* text", Some(Marker::Bullet('*')), 2),
            ("1. text", Some(Marker::Number(1)), 3),
            ("12) text", Some(Marker::Number(12)), 4),
            ("(b) text", Some(Marker::Letter('b')), 4),
            ("1.5 x ULN", None, 0),
            ("2.Age", Some(Marker::Number(2)), 2),
            ("iv. text", Some(Marker::Roman), 4),
            ("* 3. text", Some(Marker::Number(3)), 5),
            ("Age", None, 0),
            ("HER2. x", None, 0),
        ] {
            assert_eq!(marker(&normalise(line)), (kind, length), "{line}");
        }
    }

    #[test]
    fn cuts_bullets_inside_a_line() {
        for (text, expected) in [
            ("All of: •\tone •\ttwo", "All of: | • one | • two"),
            ("• one • two", "• one | • two"),
            ("Liver: • one", "Liver: | • one"),
            ("a • b", "a • b"),
            ("5 mg•kg, 3 •", "5 mg•kg, 3 •"),
            ("", ""),
        ] {
            let line = normalise(text);
            let pieces: Vec<String> = inline_bullets(&line)
                .into_iter()
                .map(|piece| piece.iter().map(|c| c.value).collect::<String>().trim().to_owned())
                .collect();
            assert_eq!(pieces.join(" | "), expected, "{text}");
        }
    }

    #[test]
    fn cuts_lists_inside_a_line() {
        let line = normalise("Any of: 1. Women 2. Men 3. ANC > 1.5 4. Six");
        let pieces: Vec<String> = inline_list(&line, None)
            .iter()
            .map(|p| p.iter().map(|c| c.value).collect::<String>().trim().to_owned())
            .collect();
        assert_eq!(pieces, ["Any of:", "1. Women", "2. Men", "3. ANC > 1.5", "4. Six"]);
        let later = normalise("Willing to have a biopsy 10) Willing to give blood 11) Measurable disease");
        assert_eq!(inline_list(&later, Some(9)).len(), 3);
        let score = normalise("Performance status 0, 1 or 4. No further items");
        assert_eq!(inline_list(&score, Some(3)).len(), 1);
        let plain = normalise("Grade 2. Then Grade 1. No list");
        assert_eq!(inline_list(&plain, None).len(), 1);
    }
}
