//! Reading a profile from JSON or TOML.

use crate::patient::check;
use crate::patient::error::{Problem, ProfileError};
use crate::patient::profile::Profile;
use crate::patient::walk::{Shape, join};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;
use std::path::Path;

impl Profile {
    /// Reads a profile from JSON text; `origin` names the file in errors.
    pub fn from_json(text: &str, origin: &str) -> Result<Self, ProfileError> {
        let mut problems = Vec::new();
        let mut deserializer = serde_json::Deserializer::from_str(without_mark(text));
        let strict = Strict { path: "", problems: &mut problems };
        let value = strict.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
        let value = value.map_err(|error| {
            let reason = error.to_string();
            // serde_json appends the place, which the message already names in front.
            let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
            let (line, column) = (error.line(), error.column());
            ProfileError::Syntax { origin: origin.to_owned(), format: "JSON", line, column, reason }
        })?;
        finish(value, problems, origin)
    }

    /// Reads a profile from TOML text; `origin` names the file in errors.
    pub fn from_toml(text: &str, origin: &str) -> Result<Self, ProfileError> {
        let text = without_mark(text);
        let table: toml::Table = toml::from_str(text).map_err(|error: toml::de::Error| {
            let start = error.span().map_or(0, |span| span.start);
            let before = text.get(..start).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
            // The message alone: the error as a whole shows the line of the file, and with it a value.
            let reason = error.message().to_owned();
            ProfileError::Syntax { origin: origin.to_owned(), format: "TOML", line, column, reason }
        })?;
        let mut problems = Vec::new();
        let value = json_of(toml::Value::Table(table), "", &mut problems);
        finish(value, problems, origin)
    }

    /// Reads a profile from JSON or TOML text, whichever it looks like.
    pub fn from_text(text: &str, origin: &str) -> Result<Self, ProfileError> {
        if without_mark(text).trim_start().starts_with('{') {
            Self::from_json(text, origin)
        } else {
            Self::from_toml(text, origin)
        }
    }

    /// Reads a profile from a JSON document that has been parsed already.
    pub fn from_value(value: Value, origin: &str) -> Result<Self, ProfileError> {
        finish(value, Vec::new(), origin)
    }

    /// Reads a profile from a file, as JSON or TOML by its extension, or by its content under any other name.
    pub fn from_path(path: &Path) -> Result<Self, ProfileError> {
        let origin = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|reason| ProfileError::Unreadable { origin: origin.clone(), reason })?;
        let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
        match extension.as_deref() {
            Some("json") => Self::from_json(&text, &origin),
            Some("toml") => Self::from_toml(&text, &origin),
            _ => Self::from_text(&text, &origin),
        }
    }
}

/// Walks the document, makes the profile and checks its facts.
fn finish(mut value: Value, mut problems: Vec<Problem>, origin: &str) -> Result<Profile, ProfileError> {
    Shape::of_profile().walk(&mut value, "", &mut problems);
    let refused = |problems| ProfileError::Refused { origin: origin.to_owned(), problems };
    if !problems.is_empty() {
        return Err(refused(problems));
    }
    // The walk has vetted every value; serde's own message could hold one, so it is not passed on.
    let profile: Profile = serde_json::from_value(value)
        .map_err(|_| refused(vec![Problem::at("", "the document does not follow the profile's schema")]))?;
    let problems = check::problems(&profile);
    if problems.is_empty() { Ok(profile) } else { Err(refused(problems)) }
}

/// Drops the byte-order mark that spreadsheets and some editors write.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Turns a TOML value into JSON; a date becomes its text.
fn json_of(value: toml::Value, path: &str, problems: &mut Vec<Problem>) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => match Number::from_f64(number) {
            Some(number) => Value::Number(number),
            None => {
                problems.push(Problem::at(path, "expected a finite number"));
                Value::Null
            }
        },
        toml::Value::Boolean(flag) => Value::Bool(flag),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(values) => Value::Array(
            values
                .into_iter()
                .enumerate()
                .map(|(index, value)| json_of(value, &format!("{path}[{index}]"), problems))
                .collect(),
        ),
        toml::Value::Table(table) => {
            let mut object = Map::new();
            for (key, value) in table {
                let value = json_of(value, &join(path, &key), problems);
                object.insert(key, value);
            }
            Value::Object(object)
        }
    }
}

/// Reads any JSON value and reports keys that an object holds twice, which serde_json would drop in silence.
struct Strict<'a> {
    path: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        loop {
            let path = format!("{}[{}]", self.path, values.len());
            match items.next_element_seed(Strict { path: &path, problems: self.problems })? {
                Some(value) => values.push(value),
                None => return Ok(Value::Array(values)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let path = join(self.path, &key);
            let value = entries.next_value_seed(Strict { path: &path, problems: self.problems })?;
            if object.insert(key, value).is_some() {
                self.problems.push(Problem::at(path, "the key stands twice in one object; keep one"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests;
