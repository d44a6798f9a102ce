//! The numbers that registries give to studies, as records cite them, in one spelling.

/// A study's number in one register, normalised (`NCT01234567`, `ISRCTN12345678`, `EUDRACT2016-000123-45`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct StudyId {
    /// The register that gives the number; each gives one to a study.
    pub(super) register: &'static str,
    /// The number.
    pub(super) number: String,
}

/// Registers whose numbers are a prefix and at least so many letters or digits, most of them digits.
/// Source: WHO ICTRP, list of primary registries and their identifiers.
const PREFIXES: [(&str, usize); 17] = [
    ("ACTRN", 14),
    ("CHICTR", 8),
    ("CRIS", 6),
    ("DRKS", 8),
    ("IRCT", 8),
    ("ISRCTN", 8),
    ("JAPICCTI", 6),
    ("JRCT", 9),
    ("KCT", 7),
    ("LBCTR", 8),
    ("NCT", 8),
    ("NTR", 3),
    ("PACTR", 12),
    ("RPCEC", 8),
    ("SLCTR", 6),
    ("TCTR", 8),
    ("UMIN", 9),
];

/// The first six-digit part of a number of the EU's Clinical Trials Information System; EudraCT never came so far.
const FIRST_CTIS: u32 = 500_000;

/// Finds all study numbers in the words of an identifier field.
pub(super) fn find(cited: &str) -> Vec<StudyId> {
    let upper = cited.to_uppercase();
    let pieces: Vec<&str> = upper
        .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-')
        .filter(|p| !p.is_empty())
        .collect();
    let mut found = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let id = european(piece).or_else(|| universal(piece)).or_else(|| prefixed(piece)).or_else(|| {
            // "NCT 01234567", "ISRCTN: 12345678"
            let number = pieces.get(at + 1).filter(|next| next.bytes().all(|byte| byte.is_ascii_digit()))?;
            let alone = PREFIXES.iter().any(|(prefix, _)| prefix == piece);
            alone.then(|| prefixed(&format!("{piece}{number}"))).flatten()
        });
        if let Some(id) = id.filter(|id| !is_blank(&id.number) && !found.contains(id)) {
            found.push(id);
        }
    }
    found
}

/// Says whether an identifier field holds a study number and nothing else that could be one of another kind.
pub(super) fn is_study_number(cited: &str) -> bool {
    !find(cited).is_empty()
}

/// `2016-000123-45`, with the register's name before it and a country after it or not; `2023-501234-12-00`, whose last
/// part counts the submissions of one study.
fn european(piece: &str) -> Option<StudyId> {
    let plain =
        piece.strip_prefix("EUCTR").or_else(|| piece.strip_prefix("EUDRACT")).or_else(|| piece.strip_prefix("CTIS"));
    let plain = plain.unwrap_or(piece).trim_start_matches('-');
    let parts: Vec<&str> = plain.split('-').collect();
    let (year, serial, check) = match parts.as_slice() {
        [year, serial, check] => (*year, *serial, *check),
        [year, serial, check, last] if last.len() <= 3 && !last.is_empty() => (*year, *serial, *check),
        _ => return None,
    };
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let plausible = digits(year, 4) && year.starts_with("20") && digits(serial, 6) && digits(check, 2);
    let serial_number: u32 = serial.parse().ok()?;
    let register = if serial_number >= FIRST_CTIS { "CTIS" } else { "EUDRACT" };
    plausible.then(|| StudyId { register, number: format!("{register}{year}-{serial}-{check}") })
}

/// WHO's universal trial number, `U1111-1234-5678`.
fn universal(piece: &str) -> Option<StudyId> {
    let parts: Vec<&str> = piece.split('-').collect();
    let digits = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        ["U1111", one, two] if digits(one) && digits(two) => {
            Some(StudyId { register: "UTN", number: piece.to_owned() })
        }
        _ => None,
    }
}

fn prefixed(piece: &str) -> Option<StudyId> {
    let piece = piece.strip_prefix("JPRN-").unwrap_or(piece);
    let (prefix, length) = PREFIXES.iter().find(|(prefix, _)| {
        piece
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit() || first == '-'))
    })?;
    let rest = piece.strip_prefix(prefix)?.trim_start_matches('-');
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    let exact = !matches!(*prefix, "NCT" | "ISRCTN" | "DRKS") || rest.len() == *length;
    let whole = digits >= (*length).min(rest.len()) && rest.len() >= *length && rest.len() <= length + 6;
    (exact && whole).then(|| StudyId { register: prefix, number: format!("{prefix}{rest}") })
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
            ("NCT01234567", "NCT01234567"),
            ("nct 01234567", "NCT01234567"),
            ("ClinicalTrials.gov: NCT01234567 and ISRCTN 12345678", "NCT01234567 ISRCTN12345678"),
            ("EudraCT Number: 2016-000123-45", "EUDRACT2016-000123-45"),
            ("EUCTR2016-000123-45-BE", "EUDRACT2016-000123-45"),
            ("2023-501234-12-01", "CTIS2023-501234-12"),
            ("EU CT 2023-501234-12", "CTIS2023-501234-12"),
            ("U1111-1234-5678", "U1111-1234-5678"),
            ("ChiCTR2000012345", "CHICTR2000012345"),
            ("JPRN-UMIN000012345", "UMIN000012345"),
            ("NCT0123456", ""),
            ("NCT012345678", ""),
            ("NCT00000000", ""),
            ("2016-123-45", ""),
            ("1916-000123-45", ""),
            ("IRAS 123456", ""),
            ("ABC-2019-001", ""),
            ("Nil known", ""),
            ("", ""),
        ] {
            let found: Vec<String> = find(cited).into_iter().map(|id| id.number).collect();
            assert_eq!(found.join(" "), expected, "{cited}");
        }
    }
}
