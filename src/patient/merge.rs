//! Adding facts to a profile: what an answer says is merged into what is stated, and the whole is checked again.

use crate::patient::error::ProfileError;
use crate::patient::profile::Profile;
use serde_json::{Map, Value};

/// The keys that tell which entry of a list an added one speaks of; the rest of it is then added to that entry.
const IDENTITY: &[(&str, &[&str])] = &[
    ("conditions", &["name"]),
    ("medications", &["name"]),
    ("allergies", &["name"]),
    ("labs", &["test", "on"]),
    ("metastases", &["site", "name"]),
];

impl Profile {
    /// Adds facts in the shape of a profile: objects are merged, list entries added to the entry that they name or
    /// appended. Fails where the result contradicts itself, with the path and never with a value.
    pub fn with(&self, facts: &Value, origin: &str) -> Result<Self, ProfileError> {
        let mut whole = serde_json::to_value(self).unwrap_or_else(|_| Value::Object(Map::new()));
        merge(&mut whole, facts);
        Self::from_value(whole, origin)
    }
}

/// Merges facts into the document of a profile.
pub fn merge(whole: &mut Value, facts: &Value) {
    let (Value::Object(whole), Value::Object(facts)) = (whole, facts) else { return };
    for (key, added) in facts {
        match (whole.get_mut(key), added) {
            (Some(Value::Array(list)), Value::Array(added)) => add_entries(key, list, added),
            (Some(stated @ Value::Object(_)), Value::Object(_)) => merge(stated, added),
            _ => drop(whole.insert(key.clone(), added.clone())),
        }
    }
}

fn add_entries(key: &str, list: &mut Vec<Value>, added: &[Value]) {
    let identity = IDENTITY.iter().find(|(name, _)| *name == key).map(|(_, keys)| *keys);
    for entry in added {
        let same = list.iter_mut().find(|stated| match identity {
            Some(keys) => keys.iter().all(|key| same_text(stated.get(key), entry.get(key))),
            None => *stated == entry,
        });
        match same {
            Some(stated) => merge(stated, entry),
            None => list.push(entry.clone()),
        }
    }
}

fn same_text(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one.and_then(Value::as_str), other.and_then(Value::as_str)) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn facts_are_added_and_contradictions_refused() {
        let stated = json!({"as_of": "2026-11-01", "conditions": [{"name": "hypertension"}],
            "receptors": {"er": {"status": "positive"}}});
        for (facts, expected) in [
            (json!({"complete": ["conditions"]}), Some(json!({"complete": ["conditions"]}))),
            (
                json!({"conditions": [{"name": "Hypertension", "grade": 1}]}),
                Some(json!({"conditions": [{"name": "Hypertension", "grade": 1}]})),
            ),
            (
                json!({"conditions": [{"name": "stroke", "state": "absent"}]}),
                Some(json!({"conditions": [{"name": "hypertension"}, {"name": "stroke", "state": "absent"}]})),
            ),
            (
                json!({"receptors": {"er": {"percent": 90.0}}}),
                Some(json!({"receptors": {"er": {"status": "positive", "percent": 90.0}}})),
            ),
            (json!({"receptors": {"er": {"percent": 0.0}}}), None),
            (json!({"performance": 1}), None),
        ] {
            let profile = Profile::from_value(stated.clone(), "test").unwrap();
            let merged = profile.with(&facts, "answer").ok().map(|merged| serde_json::to_value(merged).unwrap());
            let kept = expected.map(|expected| {
                let mut whole = stated.clone();
                whole.as_object_mut().unwrap().extend(expected.as_object().unwrap().clone());
                whole
            });
            let canonical = |value: Value| serde_json::to_value(Profile::from_value(value, "test").unwrap()).unwrap();
            assert_eq!(merged, kept.map(canonical), "{facts}");
        }
    }
}
