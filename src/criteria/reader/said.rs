//! Reads back what `Requirement::say` said: the words of composition here, each single statement as any text.

use crate::criteria::reader::read_sentence;
use crate::criteria::requirement::{Requirement, Section};

/// How many statements a sentence may join; longer ones are left to the reading of any text.
const MOST: usize = 60;

/// The requirement that a sentence says, where every part of it can be read in full.
pub(super) fn read(sentence: &str) -> Option<Requirement> {
    let text = sentence.trim().trim_end_matches('.').trim();
    if let Some(read) = whole(text) {
        return Some(read);
    }
    let joints = joints(text)?;
    for word in [" and ", " or "] {
        let cuts: Vec<usize> = joints.iter().filter(|(_, joint)| *joint == word).map(|(at, _)| *at).collect();
        if cuts.is_empty() {
            continue;
        }
        let mut members = Vec::new();
        if members_from(text, 0, word, &cuts, &mut members) && members.len() > 1 {
            return Some(if word == " and " { Requirement::all(members) } else { Requirement::any(members) });
        }
    }
    statement(text)
}

/// What needs no cutting: brackets, "not (...)", "at least 2 of: ...", the fixed sentences.
fn whole(text: &str) -> Option<Requirement> {
    if text.eq_ignore_ascii_case("nothing is asked at entry") {
        return Some(Requirement::Nothing);
    }
    if text.eq_ignore_ascii_case("to be confirmed by the clinical team") {
        return Some(Requirement::Confirm);
    }
    if let Some(inner) = bracketed(text) {
        return read(inner);
    }
    if let Some(rest) = text.strip_prefix("not ").or_else(|| text.strip_prefix("Not "))
        && let Some(inner) = bracketed(rest)
    {
        return read(inner).map(|read| Requirement::Not(Box::new(read)));
    }
    if let Some(inner) = text.strip_suffix(", as judged by the investigator")
        && (bracketed(inner).is_some() || joints(inner).is_some_and(|joints| joints.is_empty()))
    {
        return read(inner).map(|read| Requirement::Judged(Box::new(read)));
    }
    let rest = text.strip_prefix("at least ").or_else(|| text.strip_prefix("At least "))?;
    let (count, members) = rest.split_once(" of: ")?;
    let count = count.parse().ok()?;
    match read(members)? {
        Requirement::Any(members) => Some(Requirement::AtLeast(count, members)),
        _ => None,
    }
}

/// The inside of brackets that hold all of a text.
fn bracketed(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0i32;
    for c in inner.chars() {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth < 0 {
            return None;
        }
    }
    (depth == 0).then_some(inner)
}

/// Where "and" and "or" stand outside of brackets.
fn joints(text: &str) -> Option<Vec<(usize, &'static str)>> {
    let mut found = Vec::new();
    let mut depth = 0i32;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ' ' if depth == 0 => {
                let rest = text.get(at..).unwrap_or_default();
                if let Some(joint) = [" and ", " or "].into_iter().find(|joint| rest.starts_with(joint)) {
                    found.push((at, joint));
                }
            }
            _ => {}
        }
    }
    (found.len() <= MOST).then_some(found)
}

/// Cuts a text from a place on into statements that read in full, as many as there are.
fn members_from(text: &str, start: usize, word: &str, cuts: &[usize], members: &mut Vec<Requirement>) -> bool {
    let ends = cuts.iter().copied().filter(|cut| *cut > start).chain([text.len()]);
    for end in ends {
        let part = text.get(start..end).unwrap_or_default();
        if !opens(part) {
            continue;
        }
        let Some(read) = member(part) else { continue };
        members.push(read);
        if end == text.len() || members_from(text, end + word.len(), word, cuts, members) {
            return true;
        }
        members.pop();
    }
    false
}

/// One member of a list: a bracket, a negation, or a single statement.
fn member(part: &str) -> Option<Requirement> {
    whole(part).or_else(|| statement(part))
}

/// Whether a text may be a statement: it has a subject, or says a value.
fn opens(text: &str) -> bool {
    const SUBJECTS: &[&str] =
        &["the patient ", "the disease ", "the cancer ", "there ", "not (", "(", "to be confirmed", "nothing is asked"];
    const VALUES: &[&str] = &[
        " >= ",
        " <= ",
        " > ",
        " < ",
        " = ",
        "receptor",
        "HER2 ",
        "mutation",
        "amplification",
        "PD-L1",
        "wild type",
        " positive",
        " negative",
        "performance status",
        " prior line",
        " status ",
    ];
    let lower = text.to_ascii_lowercase();
    SUBJECTS.iter().any(|subject| lower.starts_with(subject)) || VALUES.iter().any(|value| text.contains(value))
}

/// A single statement, read as any text. A text may mean more than one thing at once ("brain metastases stable for less
/// than 4 weeks": that there are any, that they are stable); of these, the one that says just this was said.
fn statement(text: &str) -> Option<Requirement> {
    let read = read_sentence(text, Section::Inclusion);
    if matches!(read, Requirement::Atom(_)) {
        return Some(read);
    }
    let mut said = None;
    read.visit(&mut |r| {
        if let Requirement::Atom(atom) = r {
            if atom.say(true).eq_ignore_ascii_case(text) {
                said = Some(r.clone());
            } else if atom.say(false).eq_ignore_ascii_case(text) {
                said = Some(r.clone().negated());
            }
        }
    });
    said.or_else(|| (!read.has_unread()).then_some(read))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_is_said_is_read_back() {
        for said in [
            "the patient has no stroke",
            "the patient has stroke or the patient has angina",
            "the patient has stroke and (there are brain metastases or there is liver involvement)",
            "not ((the patient has stroke and to be confirmed by the clinical team) or the patient has angina)",
            "hemoglobin >= 9 g/dL and platelet count >= 100 x 10^9/L and HER2 status is known",
            "the patient has received letrozole or anastrozole and the disease is metastatic",
            "at least 2 of: the patient has stroke or the patient has angina or the patient has hypertension",
            "(the patient has stroke or the patient has angina), as judged by the investigator",
        ] {
            assert_eq!(read(said).map(|r| r.say()).as_deref(), Some(said));
        }
        assert_eq!(read("the patient has a blue hat or the patient has stroke"), None);
    }
}
