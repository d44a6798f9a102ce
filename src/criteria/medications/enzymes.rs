//! "Strong or moderate inhibitors of CYP3A4": strength, action and enzyme in any order.

use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;
use crate::lexicon::medications;
use crate::lexicon::structure::Words;

/// Openings of the words of enzymes and carriers, folded, with the stem of their classes.
const ENZYMES: &[(&str, &str)] = &[
    ("cyp3a", "cyp3a4"),
    ("3a4", "cyp3a4"),
    ("3a5", "cyp3a4"),
    ("3a", "cyp3a4"),
    ("cyp2c8", "cyp2c8"),
    ("2c8", "cyp2c8"),
    ("cyp2c9", "cyp2c9"),
    ("2c9", "cyp2c9"),
    ("cyp2c19", "cyp2c19"),
    ("2c19", "cyp2c19"),
    ("cyp2d6", "cyp2d6"),
    ("2d6", "cyp2d6"),
    ("cyp1a2", "cyp1a2"),
    ("1a2", "cyp1a2"),
    ("cyp2b6", "cyp2b6"),
    ("2b6", "cyp2b6"),
    ("cyp2e1", "cyp2e1"),
    ("2e1", "cyp2e1"),
    ("pgp", "p-gp"),
    ("mdr1", "p-gp"),
    ("bcrp", "bcrp"),
    ("oatp", "oatp1b"),
    ("ugt", "ugt"),
];

const ACTIONS: &[(&str, &str)] = &[
    ("inhibit", "inhibitor"),
    ("inducer", "inducer"),
    ("induce", "inducer"),
    ("inducing", "inducer"),
    ("inducible", "inducer"),
    ("substrate", "substrate"),
];

const STRENGTHS: &[(&str, &str)] = &[
    ("strong", "strong"),
    ("strongly", "strong"),
    ("potent", "strong"),
    ("potently", "strong"),
    ("moderate", "moderate"),
    ("moderately", "moderate"),
    ("weak", "weak"),
    ("weakly", "weak"),
];

/// Words between them that carry nothing else.
const BETWEEN: &[&str] = &[
    "isoform",
    "isoforms",
    "subfamily",
    "isoenzyme",
    "isoenzymes",
    "isozyme",
    "enzyme",
    "enzymes",
    "cytochrome",
    "p450",
    "p",
    "450",
    "cyp",
    "cyp450",
    "cyp450s",
    "family",
    "polypeptide",
    "peptide",
    "glycoprotein",
    "gp",
    "transporter",
    "transporters",
    "drug",
    "drugs",
    "known",
    "liver",
    "hepatic",
    "breast",
    "cancer",
    "resistance",
    "resistant",
    "protein",
    "organic",
    "anion",
    "transporting",
    "4",
    "5",
    "3",
    "a",
    "1b1",
    "1b3",
    "b1",
    "b3",
    "1",
    "2",
    "a2",
    "a4",
    "a5",
    "b6",
    "c8",
    "c9",
    "c19",
    "d6",
    "e1",
    "system",
    "metabolizing",
    "medicine",
    "medicines",
    "medication",
    "medications",
    "substance",
    "substances",
    "agent",
    "agents",
    "product",
    "products",
    "either",
    "and",
    "or",
    "of",
    "the",
    "both",
    "for",
    "that",
    "which",
    "are",
    "is",
    "be",
    "to",
    "considered",
    "reversible",
    "time",
    "dependent",
    "by",
    "primarily",
    "predominantly",
    "mainly",
    "through",
    "via",
    "extensively",
    "as",
    "pathway",
    "activity",
    "potential",
    "clinically",
    "relevant",
    "(",
    ")",
    "/",
    ",",
    "-",
    "any",
    "other",
    "members",
];

/// Words of a name before its first telling word.
const LEADING: &[&str] = &[
    "cytochrome",
    "p450",
    "cyp",
    "p",
    "cyp450",
    "known",
    "organic",
    "anion",
    "breast",
    "cancer",
    "breast cancer",
    "either",
];

/// Words of a name behind its last telling word.
const TRAILING: &[&str] = &[
    "isoform",
    "isoforms",
    "isoenzyme",
    "isozyme",
    "enzyme",
    "subfamily",
    "transporter",
    "/",
    "5",
    "system",
    "polypeptide",
    "4",
    "1",
    "b1",
    "b3",
    "1b1",
    "1b3",
    "family",
    "a",
    "a4",
    "a5",
    "c8",
    "c9",
    "c19",
    "d6",
    "b6",
];

/// Words that narrow a class to a part which the vocabulary does not hold.
const NARROWER: &[&str] = &["narrow", "therapeutic", "index", "indice", "indices", "window", "range", "sensitive"];

/// A class that was named, and whether only a part of it was meant ("strong" where there is no such class).
pub(super) struct Named {
    pub class: u16,
    pub only: Option<String>,
    /// Where the last of the names stands.
    pub at: usize,
}

/// What a word of the run says.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Strength(&'static str),
    Enzyme(&'static str),
    Action(&'static str),
    /// "of", "for", "that": what follows belongs to what stands before.
    Of,
    /// A comma or full break between two nouns.
    Break,
}

fn lookup(table: &[(&'static str, &'static str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(stem, _)| word.starts_with(stem)).map(|(_, class)| *class)
}

/// Finds the classes and claims their words; none where the phrase names no enzyme with an action.
pub(super) fn take(phrase: &mut Phrase) -> Vec<Named> {
    let tells = |e: &Element| e.text.split(' ').any(|w| lookup(ACTIONS, w).is_some() || w.starts_with("metaboli"));
    if !phrase.holds_word(Words::Enzyme) || phrase.find(tells).is_none() {
        return Vec::new();
    }
    let words: Vec<(String, usize)> = (0..phrase.len())
        .filter(|&at| !phrase.is_used(at))
        .filter_map(|at| phrase.get(at).map(|e| (e, at)))
        .flat_map(|(e, at)| e.text.split(' ').map(move |w| (w.to_owned(), at)).collect::<Vec<_>>())
        .collect();
    let words = joined(words);
    let (parts, places) = parts(&words);
    let any = words.iter().any(|(w, _)| matches!(w.as_str(), "p450" | "cyp450" | "cyp" | "450"));
    let parts = if any && !parts.iter().any(|p| matches!(p, Part::Enzyme(_))) { generic(parts) } else { parts };
    let enzymes = parts.iter().any(|p| matches!(p, Part::Enzyme(_)));
    let actions = parts.iter().any(|p| matches!(p, Part::Action(_)));
    if !(enzymes && actions) {
        return Vec::new();
    }
    let mut classes = Vec::new();
    let mut known = true;
    for (strengths, action, enzymes) in nouns(&parts) {
        for enzyme in &enzymes {
            if strengths.is_empty() {
                known &= push(&mut classes, &format!("{enzyme}-{action}"), None);
            }
            for strength in &strengths {
                known &= push(&mut classes, &format!("{enzyme}-{strength}-{action}"), None)
                    || push(&mut classes, &format!("{enzyme}-{action}"), Some((*strength).to_owned()));
            }
        }
    }
    // A class that the vocabulary does not hold must not be dropped in silence.
    if !known {
        return Vec::new();
    }
    let (Some(first), Some(last)) = (places.first(), places.last()) else { return classes };
    if !classes.is_empty() {
        claim(phrase, *first, *last, &mut classes);
    }
    let ends = [*first, *last];
    classes.iter_mut().enumerate().for_each(|(i, class)| class.at = ends.get(i.min(1)).copied().unwrap_or(*last));
    classes
}

/// "Inducers of cytochrome P450": no one enzyme is named.
fn generic(parts: Vec<Part>) -> Vec<Part> {
    std::iter::once(Part::Enzyme("cyp")).chain(parts.into_iter().filter(|p| *p != Part::Of)).collect()
}

/// "3 A4" is one word, which the tokens cut.
fn joined(words: Vec<(String, usize)>) -> Vec<(String, usize)> {
    let mut out: Vec<(String, usize)> = Vec::with_capacity(words.len());
    for (word, at) in words {
        let short = word.len() <= 3 && word.chars().next().is_some_and(|c| matches!(c, 'a'..='e'));
        match out.last_mut() {
            Some((last, _)) if short && matches!(last.as_str(), "1" | "2" | "3") => last.push_str(&word),
            Some((last, _)) if last == "cyp" && word.starts_with(['1', '2', '3']) => last.push_str(&word),
            _ => out.push((word, at)),
        }
    }
    out
}

/// The parts of the words in order, and the elements that they stand in.
fn parts(words: &[(String, usize)]) -> (Vec<Part>, Vec<usize>) {
    let mut parts = Vec::new();
    let mut places = Vec::new();
    let word = |i: usize| words.get(i).map_or("", |(w, _)| w.as_str());
    for (i, (own, at)) in words.iter().enumerate() {
        let before = i.checked_sub(1).map_or("", word);
        let part = match own.as_str() {
            "of" | "for" | "by" | "through" | "via" => Some(Part::Of),
            "," | ";" | "." => Some(Part::Break),
            "gp" if before == "p" => Some(Part::Enzyme("p-gp")),
            "glycoprotein" if before == "p" => Some(Part::Enzyme("p-gp")),
            "subfamily" if word(i + 1) == "a" => Some(Part::Enzyme("cyp3a4")),
            "protein" if before.starts_with("resistan") => Some(Part::Enzyme("bcrp")),
            "transporting" if before == "anion" => Some(Part::Enzyme("oatp1b")),
            // "DM1 is metabolised by CYP3A4" tells of the trial's drug; "drugs metabolised by CYP3A4" of others.
            w if w.starts_with("metaboli") => words
                .iter()
                .take(i)
                .any(|(w, _)| ["drug", "medic", "agent", "substance", "those"].iter().any(|stem| w.starts_with(stem)))
                .then_some(Part::Action("substrate")),
            w => lookup(STRENGTHS, w)
                .map(Part::Strength)
                .or_else(|| lookup(ENZYMES, w).map(Part::Enzyme))
                .or_else(|| lookup(ACTIONS, w).map(Part::Action)),
        };
        if let Some(part) = part {
            if !matches!(part, Part::Of | Part::Break) {
                places.push(*at);
            }
            parts.push(part);
        }
    }
    (parts, places)
}

type Noun = (Vec<&'static str>, &'static str, Vec<&'static str>);

/// Strength, action and enzymes that belong together. A strength holds until the next enzyme that follows "of", an
/// enzyme before an action binds it, one behind "of" the actions before it.
fn nouns(parts: &[Part]) -> Vec<Noun> {
    let mut nouns: Vec<Noun> = Vec::new();
    let mut strengths: Vec<&'static str> = Vec::new();
    let mut enzymes: Vec<&'static str> = Vec::new();
    // Nouns of which the enzymes are still to come.
    let mut open: Vec<usize> = Vec::new();
    let mut last: Option<Part> = None;
    let mut of = false;
    for (at, part) in parts.iter().enumerate() {
        match *part {
            Part::Of => of = true,
            Part::Break => continue,
            Part::Strength(strength) => {
                if !matches!(last, Some(Part::Strength(_))) {
                    strengths.clear();
                    if of {
                        enzymes.clear();
                    }
                }
                strengths.push(strength);
                of = false;
            }
            Part::Enzyme(enzyme) => {
                let runs_on = matches!(last, Some(Part::Enzyme(_)));
                let later = parts.iter().skip(at + 1).any(|p| matches!(p, Part::Action(_)));
                if !runs_on {
                    // "Strong inhibitors of CYP3A4 and CYP2C9 substrates": the strength is that of the first.
                    if matches!(last, Some(Part::Action(_))) && !of && later && !enzymes.contains(&enzyme) {
                        strengths.clear();
                    }
                    enzymes.clear();
                }
                if !enzymes.contains(&enzyme) {
                    enzymes.push(enzyme);
                }
                // Behind "of", or with no action to follow, it belongs to the actions before.
                if (of || !later) && !open.is_empty() {
                    for &noun in &open {
                        if let Some(noun) = nouns.get_mut(noun)
                            && !noun.2.contains(&enzyme)
                        {
                            noun.2.push(enzyme);
                        }
                    }
                } else if !runs_on {
                    of = false;
                }
            }
            Part::Action(action) => {
                // "Inhibitors of CYP3A4 or inducers of ...": the enzyme behind "of" is spent.
                if of && matches!(last, Some(Part::Enzyme(_))) {
                    let follows = parts.iter().skip(at + 1).any(|p| matches!(p, Part::Enzyme(_)));
                    if follows {
                        enzymes.clear();
                        strengths.clear();
                        open.clear();
                    }
                }
                if !matches!(last, Some(Part::Action(_) | Part::Strength(_))) || !enzymes.is_empty() {
                    open.retain(|&noun| nouns.get(noun).is_some_and(|n| n.2.is_empty()));
                }
                nouns.push((strengths.clone(), action, enzymes.clone()));
                if enzymes.is_empty() {
                    open.push(nouns.len() - 1);
                }
                of = false;
            }
        }
        if !matches!(part, Part::Of) {
            last = Some(*part);
        }
    }
    let all: Vec<&'static str> =
        parts.iter().filter_map(|p| if let Part::Enzyme(enzyme) = p { Some(*enzyme) } else { None }).collect();
    for (strengths, action, own) in &mut nouns {
        if own.is_empty() {
            own.extend(&all);
        }
        if *action == "substrate" {
            strengths.clear();
        }
    }
    nouns
}

fn push(classes: &mut Vec<Named>, id: &str, only: Option<String>) -> bool {
    let Some(class) = medications::class_by_id(id).and_then(|row| u16::try_from(row).ok()) else { return false };
    if !classes.iter().any(|c| c.class == class && c.only == only) {
        classes.push(Named { class, only, at: 0 });
    }
    true
}

/// Claims the words of the classes; what narrows them is kept with each.
fn claim(phrase: &mut Phrase, first: usize, last: usize, classes: &mut [Named]) {
    let belongs = |e: &Element| {
        e.text.split(' ').all(|w| {
            BETWEEN.contains(&w)
                || lookup(STRENGTHS, w).is_some()
                || lookup(ENZYMES, w).is_some()
                || lookup(ACTIONS, w).is_some()
                || w.starts_with("metaboli")
        }) || e.is(Cue::Or)
            || e.is(Cue::And)
            || matches!(e.sense, Sense::Concept(Concept::MedicationClass(_)))
    };
    let mut end = last + 1;
    while phrase.get(end).is_some_and(|e| {
        let joins =
            e.is_char(',') && phrase.get(end + 1).is_some_and(|n| n.text == "polypeptide" || n.text == "subfamily");
        !phrase.is_used(end) && (joins || TRAILING.contains(&e.text.as_str()))
    }) {
        end += 1;
    }
    let mut start = first;
    while let Some(before) =
        start.checked_sub(1).filter(|&b| phrase.get(b).is_some_and(|e| LEADING.contains(&e.text.as_str())))
    {
        start = before;
    }
    let mut narrower: Vec<String> = Vec::new();
    for at in 0..phrase.len() {
        let Some(element) = phrase.get(at).filter(|_| !phrase.is_used(at)) else { continue };
        if NARROWER.contains(&element.text.as_str()) || element.text.split(' ').all(|w| NARROWER.contains(&w)) {
            narrower.push(element.text.to_string());
            phrase.claim(at);
        } else if (start..end).contains(&at) && belongs(element) {
            phrase.claim(at);
        }
    }
    if !narrower.is_empty() {
        let words = narrower.join(" ");
        for class in classes.iter_mut() {
            class.only = Some(class.only.take().map_or_else(|| words.clone(), |only| format!("{only} {words}")));
        }
    }
}
