//! Age limits in the forms that registries write.

use super::fields::is_nil;
use crate::trial::Age;

const DAYS_A_YEAR: f64 = 365.25;

/// Which limit an age is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// The youngest who may take part.
    Minimum,
    /// The oldest.
    Maximum,
}

/// What a field says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stated {
    /// No limit.
    None,
    /// A limit.
    Age(Age),
    /// Words that are not understood; they must be shown, since without them the trial would seem open to everybody.
    Unreadable(String),
}

/// Reads a limit of a registry that lets people write what they like: `18 Years`, `18`, `>= 20age old`, `100years-old`.
/// A number alone means years.
pub(super) fn read(limit: Limit, words: &str) -> Stated {
    let lower = words.trim().to_lowercase();
    let no_limit = lower.starts_with("no ") || lower.starts_with("not ") || lower.starts_with("without");
    if is_nil(&lower) || no_limit {
        return Stated::None;
    }
    match bound(limit, &lower) {
        Some(years) if limit == Limit::Maximum && years == 0.0 => Stated::None,
        Some(years) => Stated::Age(Age { text: words.trim().to_owned(), years }),
        None => Stated::Unreadable(words.trim().to_owned()),
    }
}

fn bound(limit: Limit, lower: &str) -> Option<f64> {
    let signs: &[&str] = match limit {
        Limit::Minimum => &[">=", "=>", "≥", "="],
        Limit::Maximum => &["<=", "=<", "≤", "="],
    };
    let rest = signs.iter().find_map(|sign| lower.strip_prefix(sign)).unwrap_or(lower).trim_start();
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (digits, unit) = rest.split_at_checked(end)?;
    let number: f64 = digits.parse().ok()?;
    let unit = unit.trim_start_matches([' ', '-', '(', '\u{a0}']);
    let letters: String = unit.chars().take_while(|c| c.is_alphabetic()).collect();
    // "18 or older": what follows must be the unit and nothing that changes it.
    let rest = unit.get(letters.len()..).unwrap_or_default();
    let rest = rest.trim_matches(|c: char| !c.is_alphanumeric());
    if !matches!(rest, "" | "s" | "old" | "of age" | "s) old" | "s old") {
        return None;
    }
    years(number, &letters)
}

/// Converts a number of `years`, `months` and so on to years; no unit means years.
pub(super) fn years(number: f64, unit: &str) -> Option<f64> {
    if !number.is_finite() || number < 0.0 {
        return None;
    }
    let units_a_year = match unit.strip_suffix('s').unwrap_or(unit) {
        "" | "year" | "y" | "yr" | "yo" | "age" | "ans" | "an" => 1.0,
        "month" | "m" | "mo" => 12.0,
        "week" | "w" | "wk" => DAYS_A_YEAR / 7.0,
        "day" | "d" => DAYS_A_YEAR,
        "hour" | "h" => DAYS_A_YEAR * 24.0,
        "minute" | "min" => DAYS_A_YEAR * 24.0 * 60.0,
        _ => return None,
    };
    Some(number / units_a_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_limits_and_keeps_what_it_cannot_read() {
        use Limit::*;
        let cases = [
            (Minimum, "18 Years", Some(18.0)),
            (Minimum, "18", Some(18.0)),
            (Minimum, " 18 years ", Some(18.0)),
            (Minimum, ">= 20age old", Some(20.0)),
            (Minimum, "1years-old", Some(1.0)),
            (Minimum, "19(Year)", Some(19.0)),
            (Minimum, "18.00 Year(s)", Some(18.0)),
            (Minimum, "≥18 y", Some(18.0)),
            (Minimum, "6 Months", Some(0.5)),
            (Minimum, "0", Some(0.0)),
            (Maximum, "75 Years", Some(75.0)),
            (Maximum, "100years-old", Some(100.0)),
            (Maximum, "<=65", Some(65.0)),
        ];
        for (limit, words, expected) in cases {
            match (read(limit, words), expected) {
                (Stated::Age(age), Some(years)) => {
                    assert!((age.years - years).abs() < 1e-9, "{words}");
                    assert_eq!(age.text, words.trim());
                }
                (found, _) => panic!("{words}: {found:?}"),
            }
        }
        for words in ["", "N/A", "No limit", "no maximum age", "Not applicable", "0"] {
            assert_eq!(read(Maximum, words), Stated::None, "{words}");
        }
        for (limit, words) in [
            (Minimum, "adult"),
            (Minimum, "> 18"),
            (Minimum, "18 moons"),
            (Maximum, "<65 years"),
            (Maximum, "65 in women"),
        ] {
            assert_eq!(read(limit, words), Stated::Unreadable(words.to_owned()), "{words}");
        }
    }
}
