//! Identifiers of trials as registries issue and cite them.

use super::fields::{is_nil, push};
use crate::trial::Registry;

/// Who issued an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    /// ClinicalTrials.gov (`NCT00000000`).
    Nct,
    /// ISRCTN (`ISRCTN00000000`).
    Isrctn,
    /// EU CTIS (`2024-500000-00-00`).
    Ctis,
    /// EudraCT, the European number before CTIS (`2020-000000-00`).
    EudraCt,
    /// Universal Trial Number of WHO (`U1111-0000-0000`).
    Utn,
    /// British Integrated Research Application System (`IRAS 000000`).
    Iras,
    /// Another primary register of WHO's network (`DRKS00000000`).
    OtherRegister,
    /// The invented records that are bundled with the program.
    Sample,
}

impl Scheme {
    /// Gives the registry whose records have such identifiers, where the program knows it.
    pub fn registry(self) -> Option<Registry> {
        match self {
            Self::Nct => Some(Registry::Ctgov),
            Self::Isrctn => Some(Registry::Isrctn),
            Self::Ctis => Some(Registry::Ctis),
            Self::Sample => Some(Registry::Sample),
            Self::EudraCt | Self::Utn | Self::Iras | Self::OtherRegister => None,
        }
    }
}

/// An identifier in the spelling of who issued it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identifier {
    /// Who issued it.
    pub scheme: Scheme,
    /// Its normal spelling.
    pub text: String,
}

/// Registers of WHO's network whose identifiers are letters and digits: how they start and how many digits follow.
/// Source: identifiers in ICTRP exports.
const REGISTERS: [(&str, usize, usize); 14] = [
    ("ACTRN", 14, 14),
    ("CHICTR", 8, 12),
    ("CHICTR-", 0, 20),
    ("DRKS", 8, 8),
    ("IRCT", 12, 20),
    ("JPRN-", 0, 20),
    ("JRCT", 9, 10),
    ("KCT", 7, 7),
    ("NTR", 3, 5),
    ("PACTR", 15, 15),
    ("RPCEC", 8, 8),
    ("TCTR", 11, 11),
    ("UMIN", 9, 9),
    ("CTRI", 0, 20),
];

/// Finds the identifiers that stand in words, each once, in their order. Those that the words only resemble are none.
pub fn find(words: &str) -> Vec<Identifier> {
    let mut found: Vec<Identifier> = Vec::new();
    for word in words.split(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
        if let Some(identifier) = recognise(word)
            && !found.contains(&identifier)
        {
            found.push(identifier);
        }
    }
    let upper = words.trim().to_uppercase();
    let iras =
        upper.strip_prefix("IRAS").map(|rest| rest.trim_start_matches([' ', ':', '-'])).filter(|n| digits(n, 5, 7));
    if let Some(number) = iras {
        found.push(Identifier { scheme: Scheme::Iras, text: format!("IRAS {number}") });
    }
    found
}

/// Says whether words are one identifier of a register and nothing else.
pub(super) fn is_one(words: &str) -> bool {
    recognise(words).is_some()
}

/// Appends what a field cites: identifiers in their normal spelling, other words as they stand. `Nil known` and the
/// like cite nothing.
pub(super) fn cite(list: &mut Vec<String>, words: Option<String>) {
    let Some(words) = words else { return };
    for piece in words.split([';', '\n', '|']).flat_map(|piece| piece.split(", ")).filter(|piece| !is_nil(piece)) {
        let found = find(piece);
        if found.is_empty() {
            push(list, piece.to_owned());
        }
        for identifier in found {
            push(list, identifier.text);
        }
    }
}

fn recognise(word: &str) -> Option<Identifier> {
    let upper = word.trim_matches('-').to_ascii_uppercase();
    let identifier = |scheme, text: &str| Some(Identifier { scheme, text: text.to_owned() });
    if upper.strip_prefix("NCT").is_some_and(|rest| digits(rest, 8, 8)) {
        return identifier(Scheme::Nct, &upper);
    }
    if upper.strip_prefix("ISRCTN").is_some_and(|rest| digits(rest, 8, 8)) {
        return identifier(Scheme::Isrctn, &upper);
    }
    if upper.strip_prefix("SAMPLE-").is_some_and(|rest| digits(rest, 4, 4)) {
        return identifier(Scheme::Sample, &upper);
    }
    if let Some(european) = european(&upper) {
        return Some(european);
    }
    let parts: Vec<&str> = upper.split('-').collect();
    if let ["U1111", one, two] = parts.as_slice()
        && digits(one, 4, 4)
        && digits(two, 4, 4)
    {
        return identifier(Scheme::Utn, &upper);
    }
    let register = REGISTERS.iter().any(|(start, least, most)| {
        let rest = upper.strip_prefix(start);
        rest.is_some_and(|rest| match least {
            // Registers whose identifiers have letters or slashes in them.
            0 => rest.len() <= *most && rest.bytes().any(|byte| byte.is_ascii_digit()),
            _ => digits(rest, *least, *most) || start == &"IRCT" && irct(rest),
        })
    });
    // These registers do write small letters (`ChiCTR`, `jRCT`).
    register.then(|| Identifier { scheme: Scheme::OtherRegister, text: word.to_owned() })
}

/// `20100228003449N27`.
fn irct(rest: &str) -> bool {
    rest.split_once('N').is_some_and(|(day, number)| digits(day, 8, 14) && digits(number, 1, 4))
}

/// `2020-000000-00`, `EUCTR2020-000000-00-DE`, `2024-500000-00-00`, `CTIS2024-500000-00-00`.
fn european(upper: &str) -> Option<Identifier> {
    let number = ["EUCTR", "EUDRACT", "CTIS", "EUCT", "EU"].iter().find_map(|start| upper.strip_prefix(start));
    let number = number.unwrap_or(upper).trim_start_matches('-');
    let parts: Vec<&str> = number.split('-').collect();
    let (stem, suffix) = match parts.as_slice() {
        [year, serial, check] => ([*year, *serial, *check], None),
        [year, serial, check, suffix] => ([*year, *serial, *check], Some(*suffix)),
        _ => return None,
    };
    let [year, serial, check] = stem;
    let plausible = digits(year, 4, 4) && year.starts_with("20") && digits(serial, 6, 6) && digits(check, 2, 2);
    if !plausible {
        return None;
    }
    let stem = stem.join("-");
    // CTIS counts from 500000, EudraCT never came near.
    if serial.starts_with(['5', '6', '7', '8', '9']) {
        let suffix = suffix.unwrap_or("00");
        return digits(suffix, 2, 2).then(|| Identifier { scheme: Scheme::Ctis, text: format!("{stem}-{suffix}") });
    }
    // The country at the end is that of the copy, not part of the number.
    let country = suffix.is_none_or(|suffix| suffix == "3RD" || suffix.bytes().all(|byte| byte.is_ascii_uppercase()));
    country.then_some(Identifier { scheme: Scheme::EudraCt, text: stem })
}

fn digits(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_who_issued_an_identifier() {
        use Scheme::*;
        let cases = [
            ("NCT00000001", Some((Nct, "NCT00000001"))),
            ("nct00000001", Some((Nct, "NCT00000001"))),
            ("ISRCTN00000002", Some((Isrctn, "ISRCTN00000002"))),
            ("EudraCT: 2020-000001-99", Some((EudraCt, "2020-000001-99"))),
            ("EUCTR2020-000001-99-DE", Some((EudraCt, "2020-000001-99"))),
            ("2024-500001-99-00", Some((Ctis, "2024-500001-99-00"))),
            ("EU CT 2024-500001-99", Some((Ctis, "2024-500001-99-00"))),
            ("CTIS2024-500001-99-01", Some((Ctis, "2024-500001-99-01"))),
            ("UTN U1111-0000-0001", Some((Utn, "U1111-0000-0001"))),
            ("IRAS 100001", Some((Iras, "IRAS 100001"))),
            ("ChiCTR2000000001", Some((OtherRegister, "ChiCTR2000000001"))),
            ("ACTRN12600000000001", Some((OtherRegister, "ACTRN12600000000001"))),
            ("JPRN-jRCTs031000001", Some((OtherRegister, "JPRN-jRCTs031000001"))),
            ("IRCT20100000000001N1", Some((OtherRegister, "IRCT20100000000001N1"))),
            ("SAMPLE-0001", Some((Sample, "SAMPLE-0001"))),
            ("NCT0000001", None),
            ("NCT000000011", None),
            ("ISRCTN", None),
            ("2020-000001", None),
            ("1999-000001-99", None),
            ("EXM-101", None),
            ("12345678", None),
        ];
        for (words, expected) in cases {
            let found = find(words);
            let found = found.first().map(|found| (found.scheme, found.text.as_str()));
            assert_eq!(found, expected, "{words}");
        }
    }

    #[test]
    fn cites_each_once_and_nothing_for_nil() {
        let mut list = Vec::new();
        for words in
            ["Nil known", "", "2020-000001-99; EXM-1, ISRCTN00000002", "EUDRACT 2020-000001-99", "75,061", "N/A"]
        {
            cite(&mut list, Some(words.to_owned()));
        }
        assert_eq!(list, ["2020-000001-99", "EXM-1", "ISRCTN00000002", "75,061"]);
    }
}
