//! Numbers of lines: what else counts as a line, and ranges.

use crate::criteria::atom::Atom;
use crate::criteria::lines_of_therapy::Lines;
use crate::criteria::reader::coordination::trim;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Element};
use crate::grammar::phrase::is_neutral;

/// "Relapse within 6 months of adjuvant chemotherapy counts as a line": what counts.
pub fn rule_of_counting(sentence: &[Element]) -> Option<&[Element]> {
    let at =
        sentence.iter().position(|e| matches!(e.text.as_str(), "count" | "counted" | "considered" | "regarded"))?;
    // A sentence that begins with the relapse does nothing but say how it counts.
    let opens = sentence.iter().find(|e| !is_neutral(e))?;
    if !(opens.is(Cue::Recurrent) || opens.is(Cue::Progressed) || opens.is(Cue::ProgressiveDisease)) {
        return None;
    }
    let line = sentence.get(at + 1..at + 6).unwrap_or(sentence.get(at + 1..)?);
    let plain = !sentence.iter().any(|e| e.is(Cue::Not) || e.is(Cue::MustNot) || e.is(Cue::Unless));
    (plain && line.iter().any(|e| e.is(Cue::Line))).then(|| trim(sentence.get(..at).unwrap_or_default()))
}

/// "Adjuvant treatment with X does not count": lines are those for advanced disease anyhow (convention 12).
pub fn leaves_out_early(sentence: &[Element]) -> bool {
    let text = |e: &Element, words: &[&str]| words.contains(&e.text.as_str());
    let Some(at) = sentence.iter().position(|e| text(e, &["count", "counted", "counts", "considered", "regarded"]))
    else {
        return false;
    };
    let denied = sentence.iter().take(at).skip(at.saturating_sub(3)).any(|e| e.is(Cue::Not) || e.is(Cue::MustNot));
    let early = sentence
        .iter()
        .take(at)
        .any(|e| matches!(e.cue(), Some(Cue::SettingAdjuvant | Cue::SettingNeoadjuvant | Cue::SettingEarly)));
    let rest = sentence.get(at + 1..).unwrap_or_default();
    let line = |e: &Element| e.is(Cue::Line) || e.is(Cue::Prior) || e.is(Cue::Therapy) || is_neutral(e);
    denied
        && early
        && !sentence.iter().any(|e| e.is(Cue::SettingMetastatic) || e.is(Cue::Unless) || e.is(Cue::If))
        && rest.iter().all(|e| line(e) || text(e, &["towards", "as", "toward", "regimen", "line"]))
}

/// Whether a sentence says how lines are counted: "less than 30 days of X is not considered a line".
pub fn tells_counting(sentence: &[Element]) -> bool {
    let counts = |e: &Element| {
        ["count", "considered", "regarded", "defined"].iter().any(|word| e.text.split(' ').any(|w| w.starts_with(word)))
    };
    let line = |e: &Element| e.is(Cue::Line) || e.text.contains("regimen");
    sentence.iter().position(counts).is_some_and(|at| sentence.iter().skip(at).any(line))
}

/// Numbers of lines, where one more counts if `counted` holds.
pub fn with_counted(requirement: Requirement, counted: &Requirement) -> Requirement {
    match requirement {
        Requirement::Atom(Atom::Lines(lines)) => {
            let one_less = || {
                Requirement::Atom(Atom::Lines(Box::new(Lines {
                    count: lines.count.saturating_sub(1),
                    ..(*lines).clone()
                })))
            };
            let own = Requirement::Atom(Atom::Lines(lines.clone()));
            match lines.comparison {
                Comparison::GreaterEqual if lines.count <= 1 => Requirement::any(vec![own, counted.clone()]),
                Comparison::GreaterEqual => {
                    Requirement::any(vec![own, Requirement::all(vec![one_less(), counted.clone()])])
                }
                Comparison::LessEqual if lines.count == 0 => Requirement::all(vec![own, counted.clone().negated()]),
                Comparison::LessEqual => {
                    Requirement::all(vec![own, Requirement::any(vec![one_less(), counted.clone().negated()])])
                }
                _ => Requirement::any(vec![
                    Requirement::all(vec![own, counted.clone().negated()]),
                    Requirement::all(vec![counted.clone(), Requirement::Confirm]),
                ]),
            }
        }
        Requirement::All(members) => Requirement::all(members.into_iter().map(|m| with_counted(m, counted)).collect()),
        Requirement::Any(members) => Requirement::any(members.into_iter().map(|m| with_counted(m, counted)).collect()),
        Requirement::Not(inner) => with_counted(*inner, counted).negated(),
        other => other,
    }
}

/// Whether a requirement is a number of lines from one bound to another.
pub fn is_range(requirement: &Requirement) -> bool {
    let Requirement::All(members) = requirement else { return false };
    let bound = |m: &Requirement| if let Requirement::Atom(Atom::Lines(l)) = m { Some(l.comparison) } else { None };
    let has = |a, b| members.iter().any(|m| bound(m).is_some_and(|c| c == a || c == b));
    members.iter().all(|m| bound(m).is_some())
        && has(Comparison::Greater, Comparison::GreaterEqual)
        && has(Comparison::Less, Comparison::LessEqual)
}
