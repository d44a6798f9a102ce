//! Fields of records whose shape is not dependable: any may be missing, `null`, alone where a list is usual,
//! or a number where a word is.

use serde_json::Value;

/// Gives what stands at a path; `null` where nothing does.
pub(super) fn at<'v>(value: &'v Value, path: &[&str]) -> &'v Value {
    path.iter().fold(value, |value, key| value.get(*key).unwrap_or(&Value::Null))
}

/// Gives the words at a path without the white space around them; `None` where there are none.
pub(super) fn text(value: &Value, path: &[&str]) -> Option<String> {
    verbatim(value, path).map(|words| words.trim().to_owned())
}

/// Gives the words at a path as they stand; `None` where there are none that can be seen.
pub(super) fn verbatim(value: &Value, path: &[&str]) -> Option<String> {
    let words = match at(value, path) {
        Value::String(words) => words.clone(),
        Value::Number(number) => number.to_string(),
        // An element with attributes.
        Value::Object(fields) => fields.get(super::xml::TEXT)?.as_str()?.to_owned(),
        _ => return None,
    };
    (!words.trim().is_empty()).then_some(words)
}

/// Gives the members of a list; one that stands alone is a list of itself.
pub(super) fn list<'v>(value: &'v Value, path: &[&str]) -> Vec<&'v Value> {
    match at(value, path) {
        Value::Null => Vec::new(),
        Value::Array(members) => members.iter().filter(|member| !member.is_null()).collect(),
        alone => vec![alone],
    }
}

/// Appends words that are neither blank nor there already.
pub(super) fn push(list: &mut Vec<String>, words: impl Into<Option<String>>) {
    if let Some(words) = words.into() {
        let words = words.trim();
        if !words.is_empty() && !list.iter().any(|known| known == words) {
            list.push(words.to_owned());
        }
    }
}

/// Says whether words stand for nothing: `N/A`, `Nil known`, `-`.
pub(super) fn is_nil(words: &str) -> bool {
    const NIL: [&str; 17] = [
        "",
        "-",
        "--",
        ".",
        "n/a",
        "na",
        "nil",
        "nil known",
        "none",
        "no",
        "not applicable",
        "not available",
        "not known",
        "not stated",
        "not specified",
        "null",
        "unknown",
    ];
    NIL.contains(&words.trim().trim_end_matches('.').to_lowercase().as_str()) || words.trim() == "."
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_may_be_anything() {
        let value = json!({"a": {"b": " x "}, "n": 7, "blank": " ", "null": null, "one": {"c": 1}, "many": [1, null, 2],
            "with": {"@k": "v", "#text": "w"}});
        let cases = [
            (vec!["a", "b"], Some("x")),
            (vec!["n"], Some("7")),
            (vec!["blank"], None),
            (vec!["null"], None),
            (vec!["with"], Some("w")),
            (vec!["a"], None),
            (vec!["many"], None),
            (vec!["none", "such"], None),
        ];
        for (path, expected) in cases {
            assert_eq!(text(&value, &path).as_deref(), expected, "{path:?}");
        }
        let counts = [("many", 2), ("one", 1), ("null", 0), ("nothing", 0)];
        for (key, expected) in counts {
            assert_eq!(list(&value, &[key]).len(), expected, "{key}");
        }
        assert!(is_nil("Nil known") && is_nil(" N/A ") && is_nil(".") && !is_nil("EXM-1"));
    }
}
