//! The trial's own rules of counting, read before its criteria and handed down to them (convention 2).

use crate::criteria::context::Definitions;
use crate::grammar::characters::Character;
use crate::grammar::outline::Item;

/// Finds definitions that speak of the whole trial (convention 41) among its items, each on a line of its own.
pub fn definitions(items: &[Item]) -> Definitions {
    let mut lower = String::new();
    items.iter().for_each(|item| add(item, &mut lower));
    let conjugate = ["antibody-drug conjugate", "antibody drug conjugate", "adc"];
    let of_conjugates = |text: &str| text.contains("chemotherap") && conjugate.iter().any(|c| text.contains(c));
    let counted =
        lower.lines().filter(|line| of_conjugates(line)).flat_map(|line| line.split(['.', ';'])).any(|sentence| {
            of_conjugates(sentence)
                && (sentence.contains("considered")
                    || sentence.contains("counted as")
                    || sentence.contains("count as")
                    || sentence.contains("regarded as"))
                && !sentence.contains("not considered")
                && !sentence.contains("not count")
        });
    Definitions { conjugates_are_chemotherapy: counted, hormone_receptor_cutoff: cutoff(&lower) }
}

/// Adds the words of an item and of what is nested under it, in small letters, where they may define something.
fn add(item: &Item, to: &mut String) {
    let letters = item.characters.as_slice();
    if letters.iter().enumerate().any(|(at, c)| may_define(letters, at, c.value)) {
        to.extend(letters.iter().map(|c| c.value.to_ascii_lowercase()));
    }
    to.push('\n');
    item.children.iter().for_each(|child| add(child, to));
}

/// Whether a per cent sign, the middle of "ADC" or the "j" of "conjugate" stands at a place.
fn may_define(letters: &[Character], at: usize, letter: char) -> bool {
    let is = |at: Option<usize>, letter: char| {
        at.and_then(|at| letters.get(at)).is_some_and(|c| c.value.eq_ignore_ascii_case(&letter))
    };
    match letter {
        '%' => true,
        'd' | 'D' => is(at.checked_sub(1), 'a') && is(at.checked_add(1), 'c'),
        'j' | 'J' => is(at.checked_sub(1), 'n') && is(at.checked_add(1), 'u'),
        _ => false,
    }
}

/// Whether a sentence speaks of low expression.
fn says_low(sentence: &str) -> bool {
    sentence.split(|c: char| !c.is_ascii_alphabetic()).any(|word| matches!(word, "low" | "weak" | "weakly"))
}

/// The per cent of stained cells from which the trial calls a hormone receptor positive; `None` where it says nothing,
/// the usual 1 %, or two things.
fn cutoff(text: &str) -> Option<u8> {
    let mut found: Option<u8> = None;
    let lines = text.lines().filter(|line| line.contains('%'));
    for sentence in lines.flat_map(|line| line.split(';')).flat_map(|part| part.split(". ")) {
        let says = ["defined", "considered", "definition", "purpose of th", "purposes of th", "triple"];
        if !sentence.contains('%') || !says.iter().any(|word| sentence.contains(word)) || says_low(sentence) {
            continue;
        }
        let words = || sentence.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
        if !words().any(|w| matches!(w, "er" | "pr" | "pgr" | "hr" | "estrogen" | "oestrogen" | "progesterone")) {
            continue;
        }
        let mut own = None;
        for (at, _) in sentence.match_indices('%') {
            let before = sentence.get(..at).unwrap_or_default().trim_end();
            let figures: String =
                before.chars().rev().take_while(char::is_ascii_digit).collect::<Vec<_>>().into_iter().rev().collect();
            let figure = figures.parse::<u8>().ok().filter(|n| (1..=20).contains(n))?;
            if own.is_some_and(|other| other != figure) {
                return None;
            }
            own = Some(figure);
        }
        if let Some(figure) = own {
            if found.is_some_and(|other| other != figure) {
                return None;
            }
            found = Some(figure);
        }
    }
    found.filter(|figure| *figure > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::outline::outline;

    #[test]
    fn finds_the_cutoff_of_the_trial() {
        for (text, expected) in [
            (
                "HR-positive disease.\n* For this study ER positivity is defined as staining of at least 10 % of cells",
                Some(10),
            ),
            ("TNBC (triple negative: ER < 5% and PR < 5%)", Some(5)),
            ("ER positive is defined as >= 1% of cells", None),
            ("ER is defined as positive from 10%. PR is considered positive from 1%", None),
            ("HR-low is defined as ER 1% to 10%", None),
            ("TNBC in the following patients, defined as ER < 5% and PR < 5%", Some(5)),
            ("LVEF is defined as >= 50%", None),
        ] {
            assert_eq!(definitions(&outline(text).items).hormone_receptor_cutoff, expected, "{text}");
        }
    }
}
