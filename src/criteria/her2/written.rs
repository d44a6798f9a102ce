//! How HER2 results are written: states, scores, in-situ hybridisation, and definitions of one by the others.

use super::{AMPLIFIED, EQUIVOCAL, KNOWN, LOW, NEGATIVE, NOT_KNOWN, POSITIVE, THREE, TWO, TWO_NEGATIVE, ULTRALOW};
use super::{NO_STAINING, ONE};
use crate::criteria::receptors::signs::{Link, Sign, State, Unit};
use crate::grammar::elements::Comparison;

/// Categories by their place on the scale of immunohistochemistry.
const SCALE: [(f64, u8); 5] = [(0.0, NO_STAINING), (0.5, ULTRALOW), (1.0, ONE), (2.0, TWO), (3.0, THREE)];

fn scores(fits: impl Fn(f64) -> bool) -> u8 {
    SCALE.iter().filter(|(place, _)| fits(*place)).fold(0, |set, (_, bits)| set | bits)
}

/// "IHC 0" of ASCO/CAP includes faint staining.
fn score(value: f64) -> u8 {
    if value == 0.0 { NO_STAINING | ULTRALOW } else { scores(|place| place == value) }
}

fn set_of(state: State) -> u8 {
    match state {
        State::Positive | State::Amplified => POSITIVE,
        State::Expressed => ONE | TWO | THREE,
        State::Negative => NEGATIVE,
        State::Low => LOW,
        State::Ultralow => ULTRALOW,
        State::Equivocal => EQUIVOCAL,
        State::Unknown => NOT_KNOWN,
    }
}

/// A result of in-situ hybridisation.
#[derive(Clone, Copy, PartialEq)]
enum Hybridisation {
    Amplified,
    NotAmplified,
    Equivocal,
}

#[derive(Default)]
struct Definition {
    /// States in words, joined.
    head: u8,
    /// Scores and hybridisation, joined.
    explicit: Option<u8>,
    /// The list of scores in a row that a hybridisation result may modify.
    list: u8,
    last_is_two: bool,
    last_ish: Option<Hybridisation>,
    open_bound: bool,
}

impl Definition {
    fn push_scores(&mut self, set: u8, intersect: bool) {
        if intersect && self.list != 0 {
            let narrowed = self.list & set;
            self.explicit = self.explicit.map(|e| (e & !self.list) | narrowed);
            self.list = narrowed;
        } else {
            self.explicit = Some(self.explicit.unwrap_or(0) | set);
            self.list |= set;
        }
        self.last_is_two = set & TWO_NEGATIVE != 0;
        self.last_ish = None;
    }

    fn push_ish(&mut self, result: Hybridisation, link: Option<Link>) {
        if self.last_ish == Some(result) && !matches!(link, Some(Link::Or)) {
            return;
        }
        self.last_ish = Some(result);
        let or = matches!(link, Some(Link::Or | Link::AndOr));
        let modifies = self.list != 0 && !or && (self.last_is_two || link == Some(Link::And));
        if !modifies {
            let set = match result {
                Hybridisation::Amplified => POSITIVE,
                Hybridisation::NotAmplified => NEGATIVE,
                Hybridisation::Equivocal => EQUIVOCAL,
            };
            self.explicit = Some(self.explicit.unwrap_or(0) | set);
            return;
        }
        let narrowed = match result {
            Hybridisation::NotAmplified => self.list & !(AMPLIFIED | EQUIVOCAL),
            // "IHC 3+, or 2+ and amplified": the result belongs to the 2+.
            Hybridisation::Amplified if self.list & THREE != 0 => self.list & !(TWO_NEGATIVE | EQUIVOCAL),
            Hybridisation::Amplified => AMPLIFIED,
            Hybridisation::Equivocal => self.list & !(TWO_NEGATIVE | AMPLIFIED),
        };
        self.explicit = self.explicit.map(|e| (e & !self.list) | narrowed);
        self.list = narrowed;
        self.last_is_two = false;
    }

    fn close(self) -> Option<u8> {
        let below = NEGATIVE;
        match (self.head, self.explicit) {
            (0, explicit) => explicit,
            (head, None) => Some(head),
            // The state bounds what its scores may mean: "negative (IHC 0, 1+ or 2+)" leaves out amplified tumours.
            (ULTRALOW, Some(explicit)) if explicit & ULTRALOW != 0 => Some(ULTRALOW),
            (head, Some(explicit)) if head & !below == 0 && explicit & below != 0 => Some(explicit & below),
            (_, Some(explicit)) => Some(explicit),
        }
    }
}

/// The categories that the signs behind "HER2" (and before it) say; `None` where they say nothing.
pub fn read(signs: &[Sign]) -> Option<u8> {
    let mut out = Definition::default();
    let mut link: Option<Link> = None;
    let mut at = 0;
    let mut known = false;
    while let Some(sign) = signs.get(at) {
        let mut next = at + 1;
        match *sign {
            Sign::Link(l) => {
                link = Some(link.map_or(l, |before| before.max(l)));
                at = next;
                continue;
            }
            // "FISH positive if IHC 2+, or if IHC was not done": where the result is asked for, which adds no category.
            Sign::If if out.last_ish.is_some() => {
                while signs.get(next).is_some_and(|s| {
                    matches!(
                        s,
                        Sign::Noise
                            | Sign::Ihc
                            | Sign::If
                            | Sign::Not
                            | Sign::Known
                            | Sign::Status
                            | Sign::With
                            | Sign::Score(2)
                            | Sign::Number(2.0)
                            | Sign::State(State::Equivocal)
                            | Sign::Link(Link::Or)
                    )
                }) {
                    next += 1;
                }
                at = next;
                continue;
            }
            Sign::Open
            | Sign::If
            | Sign::With
            | Sign::Noise
            | Sign::Not
            | Sign::Ihc
            | Sign::Close
            | Sign::Tumour
            | Sign::Defined => {
                at = next;
                continue;
            }
            Sign::Known | Sign::Status => known |= *sign == Sign::Known,
            Sign::Score(n) => {
                let set = match range(signs, at, f64::from(n)) {
                    Some((set, end)) => {
                        next = end;
                        set
                    }
                    None => score(f64::from(n)),
                };
                out.push_scores(set, false);
                out.open_bound = false;
            }
            Sign::Number(n) if n.fract() == 0.0 && n <= 3.0 => {
                let set = match range(signs, at, n) {
                    Some((set, end)) => {
                        next = end;
                        set
                    }
                    None => score(n),
                };
                let (set, end) = faint(signs, next, set);
                next = end;
                out.push_scores(set, false);
                out.open_bound = false;
            }
            Sign::Bound(comparison, n, unit)
                if unit != Unit::Percent && n <= 3.0 && comparison != Comparison::Equal =>
            {
                out.push_scores(scores(|place| comparison.holds(place, n)), out.open_bound);
                out.open_bound = true;
            }
            Sign::Bound(Comparison::Equal, n, unit) if unit != Unit::Percent => out.push_scores(score(n), false),
            Sign::Ish | Sign::Ratio => {
                let (mut result, end) = hybridisation(signs, at);
                if negated(signs, at) {
                    result = match result {
                        Some(Hybridisation::Amplified) => Some(Hybridisation::NotAmplified),
                        Some(Hybridisation::NotAmplified) => Some(Hybridisation::Amplified),
                        other => other,
                    };
                }
                if let Some(result) = result {
                    out.push_ish(result, link);
                }
                next = end;
            }
            Sign::State(state) => {
                // "negative by FISH", "amplified by in situ hybridisation".
                if let Some(end) = leads_to_ish(signs, at)
                    && let Some(result) = of_state(state)
                {
                    let (_, after) = hybridisation(signs, end);
                    out.push_ish(result, link);
                    next = after;
                } else if state == State::Amplified {
                    out.push_ish(Hybridisation::Amplified, link);
                } else if state == State::Negative && out.last_is_two {
                    // "2+ without amplification".
                    out.push_ish(Hybridisation::NotAmplified, None);
                } else if state == State::Expressed && (out.head != 0 || at > 0 && beside_state(signs, at)) {
                    // "negative expression", "low expression".
                } else if out.explicit.is_none() || state != State::Positive {
                    out.head |= set_of(state);
                }
            }
            _ => {}
        }
        link = None;
        at = next;
    }
    out.close_or_known(known)
}

impl Definition {
    fn close_or_known(self, known: bool) -> Option<u8> {
        let mut found = self.close();
        if found.is_none() && known {
            found = Some(KNOWN);
        }
        found
    }
}

/// "2+, not FISH amplified".
fn negated(signs: &[Sign], at: usize) -> bool {
    signs.get(..at).unwrap_or_default().iter().rev().find(|s| **s != Sign::Noise) == Some(&Sign::Not)
}

fn of_state(state: State) -> Option<Hybridisation> {
    match state {
        State::Positive | State::Amplified => Some(Hybridisation::Amplified),
        State::Negative => Some(Hybridisation::NotAmplified),
        State::Equivocal => Some(Hybridisation::Equivocal),
        _ => None,
    }
}

fn beside_state(signs: &[Sign], at: usize) -> bool {
    let is_state = |i: Option<usize>| i.and_then(|i| signs.get(i)).is_some_and(|s| matches!(s, Sign::State(_)));
    is_state(at.checked_sub(1)) || is_state(Some(at + 1))
}

/// "0-1+", "1+ to 2+".
fn range(signs: &[Sign], at: usize, low: f64) -> Option<(u8, usize)> {
    if signs.get(at + 1) != Some(&Sign::Dash) {
        return None;
    }
    let high = match signs.get(at + 2)? {
        Sign::Score(n) => f64::from(*n),
        Sign::Number(n) if *n <= 3.0 => *n,
        _ => return None,
    };
    Some((scores(|place| place >= low && place <= high), at + 3))
}

/// "0 with faint staining", "0 with no staining".
fn faint(signs: &[Sign], from: usize, set: u8) -> (u8, usize) {
    if set & ULTRALOW == 0 {
        return (set, from);
    }
    let mut at = from;
    let mut not = false;
    while let Some(sign) = signs.get(at) {
        match sign {
            Sign::Not => not = true,
            Sign::Faint => return (if not { NO_STAINING } else { ULTRALOW }, at + 1),
            Sign::Noise | Sign::With | Sign::Open => {}
            _ => break,
        }
        at += 1;
    }
    if not { (NO_STAINING, at) } else { (set, from) }
}

/// Whether only words without meaning stand between a state and in-situ hybridisation; where that stands.
fn leads_to_ish(signs: &[Sign], at: usize) -> Option<usize> {
    let mut next = at + 1;
    loop {
        match signs.get(next)? {
            Sign::Noise | Sign::With | Sign::Status => next += 1,
            Sign::Ish => break,
            _ => return None,
        }
    }
    // "negative, FISH positive" and "positive ISH-negative" keep their own states.
    match hybridisation(signs, next).0 {
        None => Some(next),
        Some(result) => (Some(result)
            == signs.get(at).and_then(|s| if let Sign::State(s) = s { of_state(*s) } else { None }))
        .then_some(next),
    }
}

/// The result that follows in-situ hybridisation, and one past it.
fn hybridisation(signs: &[Sign], at: usize) -> (Option<Hybridisation>, usize) {
    let mut next = at + 1;
    let mut ratio = signs.get(at) == Some(&Sign::Ratio);
    let mut result = None;
    let mut end = next;
    while let Some(sign) = signs.get(next) {
        match sign {
            Sign::Noise | Sign::Status | Sign::Open | Sign::With | Sign::Ish | Sign::Name(_) => {}
            Sign::Link(Link::Slash) => {}
            Sign::Ratio => ratio = true,
            Sign::State(state) if result.is_none() => {
                let Some(found) = of_state(*state) else { break };
                result = Some(found);
                end = next + 1;
            }
            Sign::State(State::Amplified) => end = next + 1,
            Sign::Bound(comparison, n, Unit::None)
                if *n >= 1.5 && (ratio || *n > 3.0 || n.fract() != 0.0 || *n == 2.0) =>
            {
                let found = match comparison {
                    Comparison::Less | Comparison::LessEqual => Hybridisation::NotAmplified,
                    _ => Hybridisation::Amplified,
                };
                if result.is_none() {
                    result = Some(found);
                }
                end = next + 1;
                break;
            }
            _ => break,
        }
        next += 1;
    }
    (result, if result.is_some() { end } else { at + 1 })
}
