//! Dates in the forms that registries write.

use jiff::civil::Date;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads a day: `2026-10-02`, `2026-10-02T00:00:00.000Z`, `20261002`, `02/10/2026` (day first, unless that cannot be),
/// `2 October 2026`, `October 2, 2026`. `None` where the words are no such day.
pub(super) fn read(words: &str) -> Option<Date> {
    let words = words.trim();
    let parts: Vec<&str> = words
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        // A time may follow the day.
        .take(3)
        .collect();
    match parts.as_slice() {
        [whole] if whole.len() == 8 && whole.bytes().all(|byte| byte.is_ascii_digit()) => {
            day(whole.get(..4)?, whole.get(4..6)?, whole.get(6..)?)
        }
        [year, month, rest] if year.len() == 4 && number(year).is_some() => {
            day(year, month, rest.split('T').next().unwrap_or(rest))
        }
        [first, second, year] => {
            if let Some(month) = month_named(second) {
                day(year, &month.to_string(), first)
            } else if let Some(month) = month_named(first) {
                day(year, &month.to_string(), second)
            } else {
                day(year, second, first).or_else(|| day(year, first, second))
            }
        }
        _ => None,
    }
}

/// Reads a day and writes it as registries of the first kind do (`2026-10-02`); other words stay as they are.
pub(super) fn written(words: Option<String>) -> Option<String> {
    words.map(|words| read(&words).map_or(words, |date| date.to_string()))
}

fn number(digits: &str) -> Option<i16> {
    digits.parse().ok()
}

fn day(year: &str, month: &str, day: &str) -> Option<Date> {
    let year = number(year).filter(|year| (1900..=2200).contains(year))?;
    Date::new(year, i8::try_from(number(month)?).ok()?, i8::try_from(number(day)?).ok()?).ok()
}

fn month_named(word: &str) -> Option<usize> {
    let start = word.get(..3)?.to_ascii_lowercase();
    MONTHS.iter().position(|month| *month == start).map(|place| place + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_of_all_registries() {
        let cases = [
            ("2026-10-02", Some("2026-10-02")),
            ("2026-10-02T03:39:42.531268872", Some("2026-10-02")),
            ("2030-10-31T00:00:00.000Z", Some("2030-10-31")),
            ("20261002", Some("2026-10-02")),
            ("02/10/2026", Some("2026-10-02")),
            ("19/08/2025", Some("2025-08-19")),
            ("4/15/2020 4:11:24 PM", Some("2020-04-15")),
            ("14 April 2020", Some("2020-04-14")),
            ("February 7, 2020", Some("2020-02-07")),
            ("2 Sept 2020", Some("2020-09-02")),
            ("31/02/2026", None),
            ("2026-10", None),
            ("soon", None),
            ("é, é é", None),
            ("", None),
        ];
        for (words, expected) in cases {
            assert_eq!(read(words).map(|date| date.to_string()).as_deref(), expected, "{words}");
        }
        assert_eq!(written(Some("2026-10".into())).as_deref(), Some("2026-10"));
    }
}
