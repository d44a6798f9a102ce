//! Folding of words: case, plural, British to American spelling. Vocabulary and text go through the same fold.

/// British and American spellings of word parts, British first.
const SPELLINGS: &[(&str, &str)] = &[
    ("aemia", "emia"),
    ("aemic", "emic"),
    ("anaesth", "anesth"),
    ("behaviour", "behavior"),
    ("caecum", "cecum"),
    ("centre", "center"),
    ("faec", "fec"),
    ("foet", "fet"),
    ("gynaec", "gynec"),
    ("haem", "hem"),
    ("labelled", "labeled"),
    ("leucocyt", "leukocyt"),
    ("naem", "nem"),
    ("oedema", "edema"),
    ("oesoph", "esoph"),
    ("oestr", "estr"),
    ("paed", "ped"),
    ("programme", "program"),
    ("randomis", "randomiz"),
    ("rrhoea", "rrhea"),
    ("spnoea", "spnea"),
    ("stabilis", "stabiliz"),
    ("sulph", "sulf"),
    ("tumour", "tumor"),
    ("utilis", "utiliz"),
    ("immunis", "immuniz"),
    ("hospitalis", "hospitaliz"),
    ("characteris", "characteriz"),
    ("catheteris", "catheteriz"),
    ("sterilis", "steriliz"),
    ("localis", "localiz"),
    ("normalis", "normaliz"),
    ("recognis", "recogniz"),
];

/// Words that registries use for one another, each with the one that is read.
const SYNONYMS: &[(&str, &str)] =
    &[("participant", "patient"), ("previous", "prior"), ("shall", "must"), ("subject", "patient")];

/// Folds a word: lower case, apostrophes gone, American spelling, plural s gone.
pub fn fold(word: &str) -> String {
    let mut folded = if word.is_ascii() {
        let mut folded = word.to_ascii_lowercase();
        folded.retain(|c| c != '\'');
        folded
    } else {
        word.chars().filter(|c| *c != '\'').flat_map(char::to_lowercase).collect()
    };
    if folded.len() > 5 && may_be_british(&folded) {
        for (british, american) in SPELLINGS {
            if folded.contains(british) {
                folded = folded.replace(british, american);
            }
        }
    }
    // A footnote mark at the end of a long word ("guidelines1").
    if folded.len() > 8 && folded.is_ascii() && folded.ends_with(|c: char| c.is_ascii_digit()) {
        let letters = folded.trim_end_matches(|c: char| c.is_ascii_digit());
        if letters.len() + 1 == folded.len() && letters.chars().all(|c| c.is_ascii_lowercase()) {
            folded.truncate(letters.len());
        }
    }
    singular(&mut folded);
    // The first letters of the rows: most words need no closer look.
    if matches!(folded.as_bytes().first(), Some(b'p' | b's'))
        && let Some((_, read)) = SYNONYMS.iter().find(|(word, _)| *word == folded)
    {
        folded.clear();
        folded.push_str(read);
    }
    folded
}

/// Whether a word holds three letters of a row of [`SPELLINGS`]; most words do not, and need no closer look.
fn may_be_british(word: &str) -> bool {
    word.as_bytes().windows(3).any(|letters| {
        matches!(
            letters,
            [b'a' | b'o', b'e', _]
                | b"our"
                | b"ntr"
                | b"bel"
                | b"uco"
                | b"ram"
                | b"lph"
                | b"mis"
                | b"lis"
                | b"nis"
                | b"ris"
        )
    })
}

fn singular(word: &mut String) {
    if word.len() <= 3 || !word.ends_with('s') || !word.is_ascii() {
        return;
    }
    let cut = |word: &mut String, suffix: &str, to: &str| {
        let keep = word.len() - suffix.len();
        word.truncate(keep);
        word.push_str(to);
    };
    if word.ends_with("ases") && word.len() > 6 {
        // metastases -> metastasis; diseases, bases and phases lose their s alone.
        let stem = word.get(..word.len() - 4).unwrap_or_default();
        if stem.ends_with("st") && !stem.ends_with("ast") || stem.ends_with("tast") {
            cut(word, "es", "is");
        } else {
            cut(word, "s", "");
        }
    } else if word.ends_with("oses") || word.ends_with("yses") && word.len() > 5 {
        cut(word, "es", "is");
        if word == "dosis" {
            *word = "dose".to_owned();
        }
    } else if word.ends_with("ies") && word.len() > 4 {
        cut(word, "ies", "y");
    } else if ["sses", "xes", "ches", "shes"].iter().any(|s| word.ends_with(s)) {
        cut(word, "es", "");
    } else if !["ss", "us", "is"].iter().any(|s| word.ends_with(s)) {
        cut(word, "s", "");
    }
}

#[cfg(test)]
mod tests {
    use super::{SPELLINGS, fold, may_be_british};

    #[test]
    fn no_british_spelling_is_passed_over() {
        for (british, _) in SPELLINGS {
            assert!(may_be_british(british), "{british}");
        }
        assert!(!may_be_british("patient"));
    }

    #[test]
    fn folds_plural_case_and_spelling() {
        for (word, expected) in [
            ("Metastases", "metastasis"),
            ("metastasis", "metastasis"),
            ("diseases", "disease"),
            ("therapies", "therapy"),
            ("doses", "dose"),
            ("diagnoses", "diagnosis"),
            ("Tumours", "tumor"),
            ("Oestrogen", "estrogen"),
            ("anaemia", "anemia"),
            ("Crohn's", "crohn"),
            ("inhibitors", "inhibitor"),
            ("masses", "mass"),
            ("pancreas", "pancrea"),
            ("virus", "virus"),
            ("is", "is"),
            ("Participants", "patient"),
            ("previous", "prior"),
            ("previously", "previously"),
        ] {
            assert_eq!(fold(word), expected, "{word}");
        }
    }
}
