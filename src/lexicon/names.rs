//! Folds spellings, and finds the row that a name belongs to. Every vocabulary file is looked up through it.

use rustc_hash::FxHashMap;

/// British stems and what they become, so that rows are written in US spelling once.
const UK_TO_US: [(&str, &str); 14] = [
    ("aem", "em"),
    ("coeliac", "celiac"),
    ("foet", "fet"),
    ("gynaec", "gynec"),
    ("isation", "ization"),
    ("ised", "ized"),
    ("litre", "liter"),
    ("oedem", "edem"),
    ("oesoph", "esoph"),
    ("oestr", "estr"),
    ("paed", "ped"),
    ("pnoea", "pnea"),
    ("rrhoea", "rrhea"),
    ("tumour", "tumor"),
];

/// Folds case, hyphens, apostrophe glyphs, British spelling and a plural `s` of each word.
pub fn fold(name: &str) -> String {
    let mut text = name.to_lowercase().replace(['\u{2019}', '\u{2018}', '\u{b4}', '`'], "'");
    text = text.replace("'s ", " ").replace(['-', '\u{2010}', '\u{2011}', '\u{2013}', '_'], " ");
    for (british, american) in UK_TO_US {
        text = text.replace(british, american);
    }
    let words: Vec<String> = text.split_whitespace().map(singular).collect();
    words.join(" ")
}

/// Plural endings and the singular's, the longer before the shorter.
const PLURALS: [(&str, &str); 8] = [
    ("sses", "ss"),
    ("oses", "osis"),
    ("stases", "stasis"),
    ("theses", "thesis"),
    ("crises", "crisis"),
    ("viruses", "virus"),
    ("ies", "y"),
    ("s", ""),
];

/// Gives the singular of a word that looks like a plural; words like "mellitus", "sepsis" and "abscess" are left.
fn singular(word: &str) -> String {
    let word = word.strip_suffix("'s").unwrap_or(word);
    let kept = word.len() <= 3 || ["ss", "us", "is", "pancreas"].iter().any(|ending| word.ends_with(ending));
    let ending = PLURALS.iter().find_map(|(plural, one)| word.strip_suffix(plural).map(|stem| (stem, one)));
    match ending {
        Some((stem, one)) if !kept => format!("{stem}{one}"),
        _ => word.to_owned(),
    }
}

/// Which row each name stands for: words folded, abbreviations as written.
#[derive(Debug, Default)]
pub(crate) struct Names {
    words: FxHashMap<String, usize>,
    /// The same by the names as the rows have them: found without folding.
    written: FxHashMap<String, usize>,
    abbreviations: FxHashMap<String, usize>,
}

impl Names {
    /// Claims the names of one row. The first claim wins; a test asserts that there is no second.
    pub(crate) fn claim(&mut self, row: usize, id: &str, aliases: &[String], abbreviations: &[String]) {
        for name in std::iter::once(id).chain(aliases.iter().map(String::as_str)) {
            let found = *self.words.entry(fold(name)).or_insert(row);
            self.written.entry(name.to_owned()).or_insert(found);
        }
        for abbreviation in abbreviations {
            self.abbreviations.entry(abbreviation.clone()).or_insert(row);
        }
    }

    /// Finds a row by any of its names; an abbreviation that no word is equal to may be typed in lower case.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        let by_words = || self.written.get(name).or_else(|| self.words.get(&fold(name)));
        if let Some(row) = self.abbreviations.get(name).or_else(by_words) {
            return Some(*row);
        }
        self.abbreviations.get(&name.to_uppercase()).copied()
    }
}

/// Lists, for every row, the rows above it: its parents, theirs, and itself, in rising order.
pub(crate) fn ancestors(parents: &[Vec<usize>]) -> Vec<Vec<usize>> {
    (0..parents.len())
        .map(|row| {
            let mut seen = vec![row];
            let mut open = vec![row];
            while let Some(next) = open.pop() {
                for parent in parents.get(next).into_iter().flatten() {
                    if !seen.contains(parent) {
                        seen.push(*parent);
                        open.push(*parent);
                    }
                }
            }
            seen.sort_unstable();
            seen
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn folds_spelling() {
        for (written, folded) in [
            ("Haemorrhages", "hemorrhage"),
            ("Crohn\u{2019}s disease", "crohn disease"),
            ("Non-Melanoma  Skin Cancers", "non melanoma skin cancer"),
            ("diabetes mellitus", "diabete mellitus"),
            ("arrhythmias", "arrhythmia"),
            ("malignancies", "malignancy"),
            ("bone metastases", "bone metastasis"),
            ("bone metastasis", "bone metastasis"),
            ("Hypoglycaemia", "hypoglycemia"),
            ("diarrhoea", "diarrhea"),
            ("anaemias", "anemia"),
            ("hospitalisation", "hospitalization"),
        ] {
            assert_eq!(fold(written), folded);
        }
    }
}
