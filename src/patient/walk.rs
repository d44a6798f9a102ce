//! The walk of a document along the schema: every unknown key, wrong word, wrong type and number out of range is
//! found in one go, with its path. It comes before serde because serde stops at the first and echoes values.

use crate::patient::dates::{self, FULL_FORMAT, PARTIAL_FORMAT, PartialDate};
use crate::patient::error::{Problem, nearest};
use crate::patient::schema;
use serde_json::Value;
use std::sync::LazyLock;

/// Holds the shape of the profile, compiled once from its schema.
static SHAPE: LazyLock<Shape> = LazyLock::new(|| Shape::compile(&schema::inline_schema()));

/// Says what may stand at one place of the document.
#[derive(Debug)]
pub(crate) enum Shape {
    /// An object with these keys and no others; `true` for a key that must be there.
    Object(Vec<(String, Shape, bool)>),
    /// A list.
    List(Box<Shape>),
    /// One of these words.
    Words(Vec<String>),
    /// A text that is not blank.
    Text,
    /// A date of any precision.
    PartialDate,
    /// A full date.
    FullDate,
    /// A number within bounds.
    Number { whole: bool, minimum: Option<f64>, maximum: Option<f64> },
    /// `true` or `false`.
    Flag,
    /// A construct of the schema that the walk does not know; a test asserts that there is none.
    Unknown,
}

impl Shape {
    /// Returns the shape of a whole profile.
    pub(crate) fn of_profile() -> &'static Shape {
        &SHAPE
    }

    /// Returns the shape at a path of keys; a list is passed through to its items.
    pub(crate) fn at<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> Option<&Shape> {
        let mut shape = self;
        for key in keys {
            while let Shape::List(item) = shape {
                shape = item;
            }
            let Shape::Object(fields) = shape else { return None };
            shape = fields.iter().find(|(name, ..)| name == key).map(|(_, shape, _)| shape)?;
        }
        Some(shape)
    }

    /// Returns the path of a key that stands in one object alone, for whoever put it into another.
    fn only_place_of(&self, key: &str) -> Option<String> {
        fn collect(shape: &Shape, path: &str, key: &str, found: &mut Vec<String>) {
            match shape {
                Shape::Object(fields) => {
                    for (name, inner, _) in fields {
                        let path = join(path, name);
                        collect(inner, &path, key, found);
                        if name == key {
                            found.push(path);
                        }
                    }
                }
                Shape::List(item) => collect(item, &format!("{path}[]"), key, found),
                _ => {}
            }
        }
        let mut found = Vec::new();
        collect(self, "", key, &mut found);
        if found.len() == 1 { found.pop() } else { None }
    }

    /// Compiles a schema; a nullable schema is that of its value, since a null is an absent key.
    fn compile(schema: &Value) -> Shape {
        let words = words_of(schema);
        if !words.is_empty() {
            return Shape::Words(words);
        }
        if let Some(Value::Array(branches)) = schema.get("anyOf") {
            let value = branches.iter().find(|branch| branch.get("type").and_then(Value::as_str) != Some("null"));
            return value.map_or(Shape::Unknown, Shape::compile);
        }
        let kind = match schema.get("type") {
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
            Some(kind) => kind.as_str(),
            None => None,
        };
        let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
        match kind {
            Some("object") => {
                let required = schema.get("required").and_then(Value::as_array);
                let is_required = |key: &str| required.is_some_and(|keys| keys.iter().any(|k| k.as_str() == Some(key)));
                let fields = schema.get("properties").and_then(Value::as_object);
                let fields = fields.into_iter().flatten();
                Shape::Object(
                    fields.map(|(key, field)| (key.clone(), Shape::compile(field), is_required(key))).collect(),
                )
            }
            Some("array") => Shape::List(Box::new(schema.get("items").map_or(Shape::Unknown, Shape::compile))),
            Some("string") => match schema.get("format").and_then(Value::as_str) {
                Some(PARTIAL_FORMAT) => Shape::PartialDate,
                Some(FULL_FORMAT) => Shape::FullDate,
                _ => Shape::Text,
            },
            Some(number @ ("number" | "integer")) => {
                // The schema names the width of an integer by its format alone.
                let width =
                    (schema.get("format").and_then(Value::as_str) == Some("uint32")).then_some(f64::from(u32::MAX));
                let maximum = bound("maximum").or(width);
                Shape::Number { whole: number == "integer", minimum: bound("minimum"), maximum }
            }
            Some("boolean") => Shape::Flag,
            _ => Shape::Unknown,
        }
    }

    /// Names what is expected, for a message.
    fn expected(&self) -> &'static str {
        match self {
            Shape::Object(_) => "an object",
            Shape::List(_) => "a list",
            Shape::Words(_) | Shape::Text => "a text in quotes",
            Shape::PartialDate | Shape::FullDate => "a date in quotes",
            Shape::Number { whole: true, .. } => "a whole number",
            Shape::Number { .. } => "a number",
            Shape::Flag => "true or false",
            Shape::Unknown => "nothing that this program knows",
        }
    }

    /// Walks `value` along the shape and adds what is wrong to `problems`. Nulls are taken out, and a whole
    /// number that is written with a zero fraction (`1.0`) becomes one.
    pub(crate) fn walk(&self, value: &mut Value, path: &str, problems: &mut Vec<Problem>) {
        match (self, value) {
            (Shape::Object(fields), Value::Object(object)) => {
                object.retain(|_, value| !value.is_null());
                for (key, value) in object.iter_mut() {
                    let inner = join(path, key);
                    match fields.iter().find(|(name, ..)| name == key) {
                        Some((_, shape, _)) => shape.walk(value, &inner, problems),
                        None => {
                            let elsewhere = Shape::of_profile().only_place_of(key);
                            let nearest =
                                || nearest(key, fields.iter().map(|(name, ..)| name.as_str())).map(str::to_owned);
                            let remedy = elsewhere.or_else(nearest);
                            let remedy = remedy.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                            problems.push(Problem::at(inner, format!("unknown key{remedy}")));
                        }
                    }
                }
                for (key, shape, required) in fields {
                    if *required && !object.contains_key(key) {
                        let message = format!("is missing; expected {}", shape.expected());
                        problems.push(Problem::at(join(path, key), message));
                    }
                }
            }
            (Shape::List(item), Value::Array(values)) => {
                for (index, value) in values.iter_mut().enumerate() {
                    item.walk(value, &format!("{path}[{index}]"), problems);
                }
            }
            (Shape::Words(words), Value::String(text)) => {
                if !words.contains(text) {
                    let nearest = nearest(text, words.iter().map(String::as_str)).unwrap_or_default();
                    let message = format!("unknown word; expected {}; nearest: `{nearest}`", quoted(words));
                    problems.push(Problem::at(path, message));
                }
            }
            (Shape::Words(words), _) => {
                problems.push(Problem::at(path, format!("expected a text in quotes, {}", quoted(words))));
            }
            (Shape::Text, Value::String(text)) => {
                if text.trim().is_empty() {
                    problems.push(Problem::at(path, "is blank; leave the key out where it is not known"));
                }
            }
            (Shape::PartialDate, Value::String(text)) => {
                if let Err(error) = PartialDate::parse(text) {
                    problems.push(Problem::at(path, error.to_string()));
                }
            }
            (Shape::FullDate, Value::String(text)) => {
                if let Err(error) = dates::full_date(text) {
                    problems.push(Problem::at(path, error.to_string()));
                }
            }
            (Shape::Number { whole, minimum, maximum }, value @ Value::Number(_)) => {
                walk_number(*whole, (*minimum, *maximum), value, path, problems);
            }
            (Shape::Flag, Value::Bool(_)) => {}
            (shape, _) => problems.push(Problem::at(path, format!("expected {}", shape.expected()))),
        }
    }
}

/// Checks a number against its kind and bounds.
fn walk_number(
    whole: bool,
    (minimum, maximum): (Option<f64>, Option<f64>),
    value: &mut Value,
    path: &str,
    problems: &mut Vec<Problem>,
) {
    let Some(number) = value.as_f64() else { return };
    if whole && number.fract() != 0.0 {
        problems.push(Problem::at(path, "expected a whole number"));
        return;
    }
    if minimum.is_some_and(|minimum| number < minimum) || maximum.is_some_and(|maximum| number > maximum) {
        let range = match (minimum, maximum) {
            (Some(minimum), Some(maximum)) => format!("{minimum} to {maximum}"),
            (Some(minimum), None) => format!("{minimum} or more"),
            (None, Some(maximum)) => format!("{maximum} or less"),
            (None, None) => String::new(),
        };
        problems.push(Problem::at(path, format!("out of range; expected {range}")));
    } else if whole && value.is_f64() {
        // Within the bounds of the type and without a fraction, so the conversion is exact.
        *value = Value::from(number as i64);
    }
}

/// Collects the words of an enum, whether the schema lists them or gives each a description.
fn words_of(schema: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(constant) = schema.get("const") {
        return text(constant).into_iter().collect();
    }
    if let Some(Value::Array(words)) = schema.get("enum") {
        return words.iter().filter_map(text).collect();
    }
    match schema.get("oneOf") {
        Some(Value::Array(branches)) => branches.iter().flat_map(words_of).collect(),
        _ => Vec::new(),
    }
}

/// Lists words for a message.
fn quoted(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    format!("one of {}", words.join(", "))
}

/// Appends a key to a path.
pub(crate) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_construct_of_the_schema_is_known() {
        fn count(shape: &Shape) -> usize {
            match shape {
                Shape::Object(fields) => {
                    assert!(!fields.is_empty());
                    fields.iter().map(|(_, shape, _)| count(shape)).sum()
                }
                Shape::List(item) => count(item),
                Shape::Words(words) => {
                    assert!(words.len() > 1, "{words:?}");
                    1
                }
                Shape::Number { whole: true, minimum, maximum } => {
                    assert!(minimum.is_some() && maximum.is_some());
                    1
                }
                Shape::Unknown => panic!("the schema has a construct that the walk does not know"),
                _ => 1,
            }
        }
        assert!(count(Shape::of_profile()) > 60);
        assert!(matches!(Shape::of_profile().at(["treatments", "agents"]), Some(Shape::List(_))));
        assert!(matches!(Shape::of_profile().at(["metastases", "treated"]), Some(Shape::PartialDate)));
        assert!(matches!(Shape::of_profile().at(["as_of"]), Some(Shape::FullDate)));
    }
}
