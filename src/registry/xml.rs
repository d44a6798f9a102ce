//! One XML record to a tree of fields.
//!
//! Elements become objects, those with words alone become strings, those that repeat become lists, attributes become
//! fields that start with `@`. Prefixes of names are left out. Nothing here recurses, so that no document, however
//! deeply nested, can exhaust the stack; document types, and with them entities of their own, are refused.

use super::RecordError;
use super::encoding::decoded;
use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use serde_json::{Map, Value};

/// The field that holds the words of an element which has attributes or elements too.
pub(super) const TEXT: &str = "#text";
/// How deep elements may be nested; real records have seven levels.
const DEEPEST: usize = 100;
/// How many attributes an element may have.
const ATTRIBUTES: usize = 100;

/// An element that is open.
struct Open {
    name: String,
    fields: Map<String, Value>,
    words: String,
}

impl Open {
    fn new(start: &BytesStart<'_>) -> Result<Self, RecordError> {
        let mut fields = Map::new();
        for attribute in start.attributes().with_checks(false).take(ATTRIBUTES) {
            let attribute = attribute.map_err(|error| unreadable(&error))?;
            let key = attribute.key.local_name().into_inner();
            let value =
                unescape(&attribute.value).map_or_else(|_| attribute.value.to_string(), |value| value.into_owned());
            fields.insert(format!("@{key}"), Value::String(value));
        }
        let name = start.local_name().into_inner().to_owned();
        Ok(Self { name, fields, words: String::new() })
    }

    fn value(mut self) -> Value {
        if self.fields.is_empty() {
            return Value::String(self.words);
        }
        if !self.words.trim().is_empty() {
            self.fields.insert(TEXT.to_owned(), Value::String(self.words));
        }
        Value::Object(self.fields)
    }

    fn add(&mut self, name: String, value: Value) {
        match self.fields.get_mut(&name) {
            None => {
                self.fields.insert(name, value);
            }
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
}

/// Reads the element that a record is.
pub(super) fn element(bytes: &[u8]) -> Result<Value, RecordError> {
    let text = decoded(bytes);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().allow_dangling_amp = true;
    let mut open: Vec<Open> = Vec::new();
    loop {
        let event = reader.read_event().map_err(|error| unreadable(&error))?;
        match event {
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err(unreadable(&format_args!("nested more than {DEEPEST} levels deep")));
                }
                open.push(Open::new(&start)?);
            }
            Event::Empty(start) => {
                let empty = Open::new(&start)?;
                let Some(parent) = open.last_mut() else { return Ok(empty.value()) };
                parent.add(empty.name.clone(), empty.value());
            }
            Event::End(_) => {
                let Some(ended) = open.pop() else { return Err(unreadable(&"an element ends that was not open")) };
                let Some(parent) = open.last_mut() else { return Ok(ended.value()) };
                parent.add(ended.name.clone(), ended.value());
            }
            Event::Text(text) => {
                let text = text.xml10_content();
                if let Some(open) = open.last_mut() {
                    open.words.push_str(&text);
                }
            }
            Event::CData(text) => {
                let text = text.xml10_content();
                if let Some(open) = open.last_mut() {
                    open.words.push_str(&text);
                }
            }
            Event::GeneralRef(reference) => {
                if let Some(open) = open.last_mut() {
                    // A name that XML does not know (`&nbsp;`) stays as it is; whoever reads the text knows those of HTML.
                    let name = reference.as_ref();
                    match reference.resolve_char_ref() {
                        Ok(Some(letter)) => open.words.push(letter),
                        _ => match resolve_xml_entity(name) {
                            Some(letter) => open.words.push_str(letter),
                            None => open.words.push_str(&format!("&{name};")),
                        },
                    }
                }
            }
            Event::DocType(_) => return Err(unreadable(&"it declares a document type")),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof => return Err(unreadable(&"it ends inside an element")),
        }
    }
}

fn unreadable(detail: &dyn std::fmt::Display) -> RecordError {
    RecordError::Unreadable { detail: detail.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_a_tree_of_fields() {
        let cases = [
            ("<a>x</a>", r#""x""#),
            ("<a><b>1</b><b>2</b><c/></a>", r#"{"b":["1","2"],"c":""}"#),
            ("<n:a k='v &amp; w'>x</n:a>", r##"{"@k":"v & w","#text":"x"}"##),
            ("<a> <b>x</b> </a>", r#"{"b":"x"}"#),
            (
                "<a>&lt;br&gt; &#8805; 18 &nbsp;R&D <![CDATA[a < b & c]]><!-- no --></a>",
                r#""<br> ≥ 18 &nbsp;R&D a < b & c""#,
            ),
            ("<a>1\r\n2&#13;3</a>", r#""1\n2\r3""#),
            ("<a/>", r#""""#),
        ];
        for (xml, expected) in cases {
            assert_eq!(element(xml.as_bytes()).unwrap().to_string(), expected, "{xml}");
        }
        assert_eq!(element(b"<a>caf\xe9</a>").unwrap().to_string(), r#""café""#);
    }

    #[test]
    fn refuses_what_could_do_harm_and_what_is_broken() {
        let deep = "<a>".repeat(100_000);
        let wide = format!("<a {}>x</a>", "k='v' ".repeat(100_000));
        let cases = [
            ("<a><b></a>", "not a readable record"),
            ("<a>", "ends inside"),
            ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "document type"),
            (deep.as_str(), "levels deep"),
        ];
        for (xml, expected) in cases {
            let message = element(xml.as_bytes()).unwrap_err().to_string();
            assert!(message.contains(expected), "{message} lacks {expected}");
        }
        assert_eq!(element(wide.as_bytes()).unwrap().as_object().unwrap().len(), 2);
    }
}
