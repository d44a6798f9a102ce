//! Texts that lost their signs of comparison: a figure beside a lost sign is never a bound.

use crate::metamorphic::placeless;
use crate::safety::{beside, hold};
use rayon::prelude::*;
use trialmatch::criteria::{Requirement, read_trial};
use trialmatch::registry::source::Records;
use trialmatch::trial::{Registry, Trial};

/// The places where a sign was lost, as the blanks show: two or more behind a word, one behind a bracket; before a figure.
fn lost(text: &[char]) -> Vec<usize> {
    let places = text.iter().enumerate().filter(|(at, c)| {
        let before = |n: usize| at.checked_sub(n).and_then(|i| text.get(i)).copied().unwrap_or('\n');
        let behind_word = before(1) == ' ' && before(2) == ' ' && !matches!(before(3), ' ' | '\n' | '*');
        c.is_ascii_digit() && (behind_word || before(1) == ' ' && before(2) == '(')
    });
    places.map(|(at, _)| at).collect()
}

/// What is settled by a reading: requirements outside of parts that were not read in full.
fn settled(trial: &Trial) -> Vec<Requirement> {
    fn without_parts(requirement: &Requirement) -> Requirement {
        let each = |members: &[Requirement]| members.iter().map(without_parts).collect();
        match requirement {
            Requirement::All(members) => Requirement::all(each(members)),
            Requirement::Any(members) => Requirement::any(each(members)),
            Requirement::AtLeast(count, members) => Requirement::AtLeast(*count, each(members)),
            Requirement::Not(inner) => Requirement::Not(Box::new(without_parts(inner))),
            Requirement::Judged(inner) => Requirement::Judged(Box::new(without_parts(inner))),
            Requirement::Partly(..) => Requirement::Nothing,
            other => other.clone(),
        }
    }
    read_trial(trial).criteria.iter().map(|c| without_parts(&placeless(&c.requirement))).collect()
}

#[test]
fn a_figure_beside_a_lost_sign_settles_nothing() {
    let path = beside("shared/data/ctgov/breast-glyphs-lost.ndjson.gz");
    let mut trials: Vec<Trial> = vec![{
        let text =
            "LVEF  50%, platelets  100,000/mm3, age  18 years, ECOG  2, progression (  6 months), at least  2 lines";
        crate::criteria_cases::trial(trialmatch::criteria::Section::Inclusion, text)
    }];
    if path.exists() {
        trials.extend(Records::open(&path).unwrap().map(|record| record.unwrap().trial().unwrap()));
    }
    settles_nothing(&trials, lost);
}

/// Where `≥` was copied as `=` or `?`, before a figure.
fn copied(text: &[char]) -> Vec<usize> {
    let sign = |at: usize| at.checked_sub(1).and_then(|i| text.get(i)).copied().unwrap_or('\n');
    let places = text.iter().enumerate().filter(|(at, c)| {
        let at = if sign(*at) == ' ' { at.saturating_sub(1) } else { *at };
        let alone = !matches!(sign(at.saturating_sub(1)), '<' | '>' | '=' | '≤' | '≥' | '±');
        c.is_ascii_digit() && sign(at) == '=' && alone
    });
    places.map(|(at, _)| at).collect()
}

#[test]
fn a_copied_sign_of_equality_settles_nothing() {
    let folder = beside("shared/data/ictrp");
    let text = "age =18 years, ECOG = 1, platelets =100 x 10^9/L, LVEF = 50 %, at least =2 prior lines";
    let trial = crate::criteria_cases::trial(trialmatch::criteria::Section::Inclusion, text);
    let mut trials = vec![Trial { registry: Registry::Ictrp, ..trial }];
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        trials.extend(Records::open(&entry.unwrap().path()).unwrap().map(|record| record.unwrap().trial().unwrap()));
    }
    settles_nothing(&trials, copied);
}

/// Puts another figure behind each lost sign: whatever is settled must not change.
fn settles_nothing(trials: &[Trial], lost: fn(&[char]) -> Vec<usize>) {
    let found: Vec<(usize, Vec<String>)> = trials
        .par_iter()
        .map(|trial| {
            let text: Vec<char> = trial.eligibility.chars().collect();
            let places = lost(&text);
            if places.is_empty() {
                return (0, Vec::new());
            }
            let mut other = text.clone();
            for at in &places {
                other[*at] = if text[*at] == '9' { '8' } else { '9' };
            }
            let rewritten = Trial { eligibility: other.into_iter().collect(), ..trial.clone() };
            let (is, was) = (settled(&rewritten), settled(trial));
            let differ = was.iter().zip(&is).filter(|(was, is)| was != is);
            let mut wrong: Vec<String> =
                differ.map(|(was, is)| format!("{}: {}\n     {}", trial.id, was.say(), is.say())).collect();
            if was.len() != is.len() {
                wrong.push(format!("{}: {} criteria, {}", trial.id, was.len(), is.len()));
            }
            (places.len(), wrong)
        })
        .collect();
    let places: usize = found.iter().map(|(places, _)| places).sum();
    assert!(places > 4, "{places}");
    println!("{places} figures beside a lost sign");
    hold("no bound with a lost sign is read as a bound", found.into_iter().flat_map(|(_, wrong)| wrong));
}
