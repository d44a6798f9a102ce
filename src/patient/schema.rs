//! The JSON Schema of the profile, generated from its types.

use crate::patient::profile::Profile;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// Returns the JSON Schema (draft 2020-12) of the patient profile.
pub fn profile_schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Profile>();
    schema.insert("title".to_owned(), "trialmatch patient profile".into());
    schema.to_value()
}

/// Returns the same schema without references, for the walk along a document.
pub(crate) fn inline_schema() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<Profile>().to_value()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::words::{Her2Ihc, ListName, Site};

    #[test]
    fn the_schema_closes_objects_and_lists_the_contracts_words() {
        let schema = profile_schema();
        assert_eq!(schema["required"], serde_json::json!(["as_of"]));
        assert_eq!(schema["additionalProperties"], Value::Bool(false));
        let text = schema.to_string();
        let words = Her2Ihc::ALL.iter().map(|word| word.word());
        let words = words.chain(Site::ALL.iter().map(|word| word.word()));
        for word in words.chain(ListName::ALL.iter().map(|word| word.word())) {
            assert!(text.contains(&format!("\"{word}\"")), "{word}");
        }
    }
}
