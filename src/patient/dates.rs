//! Dates with precision: a coarse date is an interval of days.

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// The `format` by which the published schema marks a date of any precision.
pub(crate) const PARTIAL_FORMAT: &str = "partial-date";
/// The `format` by which the published schema marks a full date.
pub(crate) const FULL_FORMAT: &str = "date";

/// Tells how exactly a date was stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Precision {
    /// `YYYY`.
    Year,
    /// `YYYY-MM`.
    Month,
    /// `YYYY-MM-DD`.
    Day,
}

/// Holds a date as stated, with the days that it can mean (both ends inclusive).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartialDate {
    /// The first day that it can mean.
    pub earliest: Date,
    /// The last day that it can mean.
    pub latest: Date,
    /// The date as stated.
    pub text: String,
}

/// Says why a text is not a date; never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// The text has none of the three shapes.
    #[error("expected a date as YYYY, YYYY-MM or YYYY-MM-DD")]
    Shape,
    /// A full date is needed and the text is coarser or of another shape.
    #[error("expected a full date as YYYY-MM-DD")]
    NotFull,
    /// The shape is right and the calendar has no such day or month.
    #[error("no such day in the calendar")]
    NoSuchDay,
}

impl PartialDate {
    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let mut parts = text.split('-');
        let year = digits(parts.next(), 4)?.ok_or(DateError::Shape)?;
        let month = digits(parts.next(), 2)?;
        let day = digits(parts.next(), 2)?;
        if parts.next().is_some() {
            return Err(DateError::Shape);
        }
        let narrow = |value: i16| i8::try_from(value).map_err(|_| DateError::NoSuchDay);
        let date = |month: i8, day: i8| Date::new(year, month, day).map_err(|_| DateError::NoSuchDay);
        if year == 0 {
            return Err(DateError::NoSuchDay);
        }
        let (earliest, latest) = match (month, day) {
            (None, _) => (date(1, 1)?, date(12, 31)?),
            (Some(month), None) => {
                let first = date(narrow(month)?, 1)?;
                (first, first.last_of_month())
            }
            (Some(month), Some(day)) => {
                let exact = date(narrow(month)?, narrow(day)?)?;
                (exact, exact)
            }
        };
        Ok(Self { earliest, latest, text: text.to_owned() })
    }

    /// Makes a date that is known to the day.
    pub fn day(date: Date) -> Self {
        Self { earliest: date, latest: date, text: date.to_string() }
    }

    /// Returns the day where it is known exactly.
    pub fn exact(&self) -> Option<Date> {
        (self.earliest == self.latest).then_some(self.earliest)
    }

    /// Returns the ages in whole years that whoever was born on this date can have on a day.
    pub fn ages_on(&self, day: Date) -> RangeInclusive<u32> {
        whole_years(self.latest, day)..=whole_years(self.earliest, day)
    }

    /// Tells how exactly the date was stated.
    pub fn precision(&self) -> Precision {
        match self.text.len() {
            0..=4 => Precision::Year,
            5..=7 => Precision::Month,
            _ => Precision::Day,
        }
    }
}

/// Reads a full date, `YYYY-MM-DD` and nothing else.
pub fn full_date(text: &str) -> Result<Date, DateError> {
    match PartialDate::parse(text) {
        Ok(date) => date.exact().ok_or(DateError::NotFull),
        Err(DateError::Shape) => Err(DateError::NotFull),
        Err(error) => Err(error),
    }
}

/// Counts completed years; whoever is born on 29 February has the birthday on 1 March in other years.
fn whole_years(from: Date, to: Date) -> u32 {
    let before_birthday = (to.month(), to.day()) < (from.month(), from.day());
    let years = i32::from(to.year()) - i32::from(from.year()) - i32::from(before_birthday);
    u32::try_from(years).unwrap_or(0)
}

/// Reads exactly `width` ASCII digits; `None` where the part is absent.
fn digits(part: Option<&str>, width: usize) -> Result<Option<i16>, DateError> {
    let Some(part) = part else { return Ok(None) };
    if part.len() != width || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DateError::Shape);
    }
    part.parse().map(Some).map_err(|_| DateError::Shape)
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        Self::parse(text)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

impl JsonSchema for PartialDate {
    fn schema_name() -> Cow<'static, str> {
        "PartialDate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": PARTIAL_FORMAT,
            "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$",
            "description": "YYYY, YYYY-MM or YYYY-MM-DD; a coarse date is an interval"
        })
    }
}

/// Reads a full date for serde; the shape is ours, since jiff accepts date-times as well.
pub(crate) fn deserialize_full<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = Cow::<str>::deserialize(deserializer)?;
    full_date(&text).map_err(de::Error::custom)
}

/// Describes a full date in the published schema.
pub(crate) fn full_date_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "format": FULL_FORMAT, "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_three_shapes_as_intervals() {
        let cases = [
            ("2024", "2024-01-01", "2024-12-31", Precision::Year),
            ("2024-02", "2024-02-01", "2024-02-29", Precision::Month),
            ("2023-02", "2023-02-01", "2023-02-28", Precision::Month),
            ("2024-02-29", "2024-02-29", "2024-02-29", Precision::Day),
        ];
        for (text, earliest, latest, precision) in cases {
            let date = PartialDate::parse(text).unwrap();
            assert_eq!((date.earliest.to_string().as_str(), date.latest.to_string().as_str()), (earliest, latest));
            assert_eq!(date.precision(), precision, "{text}");
            assert_eq!(date.exact().is_some(), precision == Precision::Day, "{text}");
            assert_eq!(date.to_string(), text);
        }
    }

    #[test]
    fn refuses_other_shapes_and_days_that_do_not_exist() {
        let cases = [
            ("", DateError::Shape),
            ("24", DateError::Shape),
            ("2024-1", DateError::Shape),
            ("2024-01-1", DateError::Shape),
            ("2024-01-01-01", DateError::Shape),
            ("2024-01-01T00:00", DateError::Shape),
            ("01/02/2024", DateError::Shape),
            ("+024-01", DateError::Shape),
            ("2024-", DateError::Shape),
            ("0000", DateError::NoSuchDay),
            ("2023-02-29", DateError::NoSuchDay),
            ("2023-13", DateError::NoSuchDay),
            ("2023-00-10", DateError::NoSuchDay),
        ];
        for (text, error) in cases {
            assert_eq!(PartialDate::parse(text), Err(error), "{text}");
        }
        assert_eq!(full_date("2024-05"), Err(DateError::NotFull));
        assert_eq!(full_date("yesterday"), Err(DateError::NotFull));
    }
}
