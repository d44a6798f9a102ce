//! The numbers that registers give to studies, as records cite them, each in one spelling.

use crate::registry::identifiers::{self, Scheme};

/// A study's number in one register.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct StudyId {
    /// The register that gives the number; each gives one to a study.
    pub(super) register: String,
    /// The number.
    pub(super) number: String,
}

/// Finds all study numbers in the words of an identifier field.
pub(super) fn find(cited: &str) -> Vec<StudyId> {
    let mut found = Vec::new();
    for identifier in identifiers::find(&closed_up(cited)) {
        let upper = identifier.text.to_ascii_uppercase();
        let number = match identifier.scheme {
            // The last part counts the submissions of one study.
            Scheme::Ctis => upper.rsplit_once('-').map_or(upper.as_str(), |(study, _)| study).to_owned(),
            Scheme::OtherRegister => upper.trim_start_matches("JPRN-").to_owned(),
            _ => upper,
        };
        let register = match identifier.scheme {
            Scheme::OtherRegister => number.chars().take_while(char::is_ascii_alphabetic).collect(),
            scheme => format!("{scheme:?}"),
        };
        let id = StudyId { register, number };
        if !is_blank(&id.number) && !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

/// Writes "NCT 01234567" and "ISRCTN: 12345678" in one word.
fn closed_up(cited: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in cited.split(|letter: char| letter.is_whitespace() || letter == ':').filter(|word| !word.is_empty()) {
        let is_number = word.starts_with(|letter: char| letter.is_ascii_digit());
        match words.last_mut().filter(|last| is_number && ["NCT", "ISRCTN"].contains(&last.to_uppercase().as_str())) {
            Some(last) => last.push_str(word),
            None => words.push(word.to_owned()),
        }
    }
    words.join(" ")
}

/// A number of zeros or nines stands for none.
fn is_blank(number: &str) -> bool {
    let mut digits = number.bytes().filter(u8::is_ascii_digit);
    let first = digits.next();
    matches!(first, Some(b'0' | b'9') | None) && digits.all(|digit| Some(digit) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_for_each_number() {
        for (cited, expected) in [
            ("NCT01234567", "Nct NCT01234567"),
            ("nct 01234567", "Nct NCT01234567"),
            ("NCT: 01234567 and ISRCTN 12345678", "Nct NCT01234567; Isrctn ISRCTN12345678"),
            ("EudraCT Number: 2016-000123-45", "EudraCt 2016-000123-45"),
            ("EUCTR2016-000123-45-BE", "EudraCt 2016-000123-45"),
            ("2023-501234-12-01", "Ctis 2023-501234-12"),
            ("EU CT 2023-501234-12", "Ctis 2023-501234-12"),
            ("U1111-1234-5678", "Utn U1111-1234-5678"),
            ("ChiCTR2000012345", "CHICTR CHICTR2000012345"),
            ("JPRN-UMIN000012345", "UMIN UMIN000012345"),
            ("IRAS 123456", "Iras IRAS 123456"),
            ("NCT0123456", ""),
            ("NCT00000000", ""),
            ("ISRCTN99999999", ""),
            ("ABC-2019-001", ""),
            ("Nil known", ""),
        ] {
            let found: Vec<String> =
                find(cited).into_iter().map(|id| format!("{} {}", id.register, id.number)).collect();
            assert_eq!(found.join("; "), expected, "{cited}");
        }
    }
}
