//! Units of laboratory values: UCUM, and the common spellings that hospitals use for it.

/// Spellings that are not UCUM, or that UCUM would take for another unit (`K` is the kelvin), lower case without spaces.
/// Source: UCUM specification 2.1 (codes); spellings as laboratories print them.
const SPELLINGS: &[(&str, &str)] = &[
    ("k/ul", "10*3/uL"),
    ("thou/ul", "10*3/uL"),
    ("k/mm3", "10*3/mm3"),
    ("cells/ul", "/uL"),
    ("cells/mm3", "/mm3"),
    ("cells/l", "/L"),
    ("iu/l", "[iU]/L"),
    ("iu/ml", "[iU]/mL"),
    ("miu/l", "m[iU]/L"),
    ("miu/ml", "m[iU]/mL"),
    ("uiu/ml", "u[iU]/mL"),
    ("units/l", "U/L"),
    ("msec", "ms"),
    ("msecs", "ms"),
    ("sec", "s"),
    ("secs", "s"),
    ("seconds", "s"),
    ("mmhg", "mm[Hg]"),
    ("meq/l", "meq/L"),
    ("ml/min/1.73m2", "mL/min/{1.73_m2}"),
    ("ml/min/1.73m^2", "mL/min/{1.73_m2}"),
    ("ml/min/{1.73m2}", "mL/min/{1.73_m2}"),
    ("gm/dl", "g/dL"),
    ("gr/dl", "g/dL"),
    ("mcg/l", "ug/L"),
    ("mcg/ml", "ug/mL"),
    ("mcmol/l", "umol/L"),
    ("micromol/l", "umol/L"),
    ("percent", "%"),
    ("ratio", "1"),
    ("inr", "1"),
];

/// Longest unit that is looked at; a longer text is no unit.
const LONGEST: usize = 40;

/// Returns the UCUM code for a unit as written, tolerating common spellings (`x10^9/L`, `cells/uL`, `µmol/L`,
/// `IU/L`, `msec`, `mmHg`); `None` where it is no unit.
pub fn ucum(unit: &str) -> Option<String> {
    if unit.len() > LONGEST {
        return None;
    }
    let mut plain: String = unit.chars().filter(|character| !character.is_whitespace()).map(ascii).collect();
    plain = plain.replace("10**", "10*");
    for power in ["x10", "X10", "*10"] {
        if let Some(rest) = plain.strip_prefix(power) {
            plain = format!("10{rest}");
        }
    }
    for (written, power) in [("10^", "10*"), ("10e", "10*"), ("10E", "10*")] {
        if let Some(rest) = plain.strip_prefix(written) {
            plain = format!("{power}{rest}");
        }
    }
    // Superscripts have become digits: 10⁹/L reads 109/L.
    for digit in ["3", "6", "9", "12"] {
        if let Some(rest) = plain.strip_prefix(&format!("10{digit}/")) {
            plain = format!("10*{digit}/{rest}");
        }
    }
    let plain = plain.replace("mm^3", "mm3");
    let lower = plain.to_ascii_lowercase();
    if let Some((_, code)) = SPELLINGS.iter().find(|(spelling, _)| *spelling == lower) {
        return Some((*code).to_owned());
    }
    (!plain.is_empty() && octofhir_ucum::validate(&plain).is_ok()).then_some(plain)
}

/// Tells whether a unit (in UCUM) has the dimension of a test; `None` where the test is not known.
///
/// The vocabulary of tests belongs to the lexicon; until it is asked here, no unit is refused for its dimension.
pub fn unit_fits(_test: &str, _unit: &str) -> Option<bool> {
    None
}

/// Replaces the characters that UCUM has no use for.
fn ascii(character: char) -> char {
    match character {
        'µ' | 'μ' => 'u',
        '×' | '·' => 'x',
        '²' => '2',
        '³' => '3',
        '⁶' => '6',
        '⁹' => '9',
        '⁄' | '∕' => '/',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_spellings_become_ucum() {
        let cases = [
            ("10*9/L", "10*9/L"),
            ("x10^9/L", "10*9/L"),
            ("x 10^9 / L", "10*9/L"),
            ("×10⁹/L", "10*9/L"),
            ("10^9/L", "10*9/L"),
            ("10E9/L", "10*9/L"),
            ("10³/µL", "10*3/uL"),
            ("K/uL", "10*3/uL"),
            ("cells/µL", "/uL"),
            ("cells/mm³", "/mm3"),
            ("µmol/L", "umol/L"),
            ("μmol/L", "umol/L"),
            ("IU/L", "[iU]/L"),
            ("msec", "ms"),
            ("mmHg", "mm[Hg]"),
            ("mm Hg", "mm[Hg]"),
            ("mL/min/1.73 m²", "mL/min/{1.73_m2}"),
            ("%", "%"),
            ("1", "1"),
            ("g/dL", "g/dL"),
            ("mEq/L", "meq/L"),
        ];
        for (written, code) in cases {
            assert_eq!(ucum(written).as_deref(), Some(code), "{written}");
            assert!(octofhir_ucum::validate(code).is_ok(), "{code}");
        }
        for (_, code) in SPELLINGS {
            assert!(octofhir_ucum::validate(code).is_ok(), "{code}");
        }
    }

    #[test]
    fn other_texts_are_no_units() {
        for written in ["", "  ", "blorps/L", "10*9/", "mg//dL", "a very long text that is surely not a unit at all"] {
            assert_eq!(ucum(written), None, "{written}");
        }
    }
}
