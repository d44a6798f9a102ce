//! How one question about treatment is read from its part of a phrase.

use super::details;
use super::lists::{List, is_idle, is_treatment};
use super::marks::{Marks, claim_combination, claim_idle, claim_or, marks, optional, relapse_before};
use super::parts::Part;
use super::reading::Role;
use super::settings::setting_in;
use super::{Edge, How, SettingIs, Therapy, Treatments};
use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::lines_of_therapy::Lines;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Comparison, Cue, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::grammar::windows::{Bound, Whichever, Window, take_window_between, time_unit};
use std::ops::Range;

pub(super) type PartRead = (Requirement, Marks, Option<Window>, bool);

/// What a part knows of the phrase around it.
#[derive(Clone, Copy)]
pub(super) struct Shared {
    /// How the first part went, and the interval before it.
    pub(super) carried: Option<(Marks, Option<Window>)>,
    /// Whether it is the last part.
    pub(super) last: bool,
    /// Whether the interval is how far apart the treatment and the entry must be.
    pub(super) apart: bool,
}

/// Reads one question.
pub(super) fn read_part(
    phrase: &mut Phrase,
    context: &Context<'_>,
    part: &Part,
    found: &[(List, Role)],
    shared: Shared,
) -> PartRead {
    let Shared { carried, last, apart } = shared;
    let zone = part.zone.clone();
    let list = &part.list;
    let mut what = list.what.clone();
    phrase.claim_range(list.start, list.end);
    let mut therapy = Therapy::received(Treatments::default());
    let mut extra: Option<Requirement> = None;
    let mut bracketed: Vec<(Treatments, Window)> = Vec::new();
    let mut own_except = zone.end;
    let mut without: Option<Treatments> = None;
    for (other, role) in found.iter().filter(|(l, _)| zone.contains(&l.start) && l.start != list.start) {
        match role {
            Role::Except => {
                let from = (list.end..other.start)
                    .rev()
                    .find(|&i| phrase.get(i).is_some_and(|e| e.is(Cue::Except)))
                    .unwrap_or(other.start);
                own_except = own_except.min(from);
                phrase.claim(from);
                phrase.claim_range(other.start, other.end);
                let setting = setting_in(phrase, from, zone.end);
                let one =
                    (from..other.start).find(|&i| phrase.sense(i) == Some(Sense::Number(1.0)) && !phrase.is_used(i));
                if let Some(number) = one {
                    phrase.claim(number);
                    extra = Some(Requirement::Atom(Atom::Lines(Box::new(Lines {
                        of: other.what.clone(),
                        comparison: Comparison::Greater,
                        count: 1,
                        ..Lines::any(SettingIs::Metastatic)
                    }))));
                }
                claim_idle(phrase, context, from, zone.end);
                match &mut therapy.except {
                    Some((excepted, _)) => excepted.extend(other.what.clone()),
                    None => therapy.except = Some((other.what.clone(), setting)),
                }
            }
            Role::With => {
                // "X, not combined with Y": those courses do not count.
                let denied = (list.end..other.start).find(|&i| phrase.get(i).is_some_and(|e| e.is(Cue::Not)));
                if let Some(not) = denied {
                    phrase.claim(not);
                    phrase.claim_range(other.start, other.end);
                    claim_combination(phrase, list.end, other.start);
                    without.get_or_insert_with(Treatments::default).extend(other.what.clone());
                    continue;
                }
                phrase.claim_range(other.start, other.end);
                claim_combination(phrase, list.end, other.start);
                if optional(phrase, list.end, other.start) {
                    continue;
                }
                therapy.with.get_or_insert_with(Treatments::default).extend(other.what.clone());
            }
            Role::Bracket => {
                let open = (list.end..other.start)
                    .rev()
                    .find(|&i| phrase.get(i).is_some_and(|e| e.is_char('(')))
                    .unwrap_or(other.start);
                let close =
                    (other.end..zone.end).find(|&i| phrase.get(i).is_some_and(|e| e.is_char(')'))).unwrap_or(zone.end);
                if let Some(window) = take_window_between(phrase, open, close) {
                    phrase.claim_range(other.start, other.end);
                    bracketed.push((other.what.clone(), window));
                } else if other.what.exemplifies(&what) || other.what.same_kind(&what) {
                    let plain = (open..close).all(|i| {
                        phrase.is_used(i)
                            || phrase.get(i).is_some_and(|e| {
                                is_treatment(e, context)
                                    || is_neutral(e)
                                    || is_idle(e)
                                    || e.is(Cue::Or)
                                    || e.is(Cue::Including)
                                    || e.is(Cue::Neutral)
                            }) && !phrase.get(i).is_some_and(|e| {
                                e.is(Cue::Must) || e.text.contains("exclu") || e.text.contains("criteri")
                            })
                    });
                    if plain {
                        phrase.claim_range(open, close + 1);
                    } else if other.what.exemplifies(&what) {
                        phrase.claim_range(other.start, other.end);
                    }
                }
            }
            Role::Main => {}
        }
    }
    let mut marks = marks(phrase, &zone, list, own_except);
    let rank = details::rank(phrase, &zone);
    let alone = details::alone(phrase, &zone, list.end);
    let mut detail = details::toxicity(phrase, &zone).or_else(|| details::manner(phrase, &zone, list));
    let setting = setting_in(phrase, zone.start, zone.end);
    let prefix_window =
        (zone.start..list.start).any(|i| phrase.get(i).is_some_and(|e| time_unit(e).is_some() || e.is(Cue::HalfLife)));
    let edge = details::edge(phrase, &zone);
    let mut window = take_window_between(phrase, zone.start, zone.end);
    if let Some((first, carried_window)) = carried {
        let own =
            marks.progressed || marks.intolerant || marks.naive || marks.recurrent || marks.receiving || marks.prior;
        if !own {
            marks = first;
        } else {
            marks.naive |= first.naive && !marks.progressed;
        }
        window = window.or(carried_window);
    }
    let least = minimum_duration(phrase, &zone);
    if least && let Some(w) = &mut window {
        w.bound = Bound::Lasting { strict: false };
    }
    let beyond_first = beyond_first(phrase, &zone);
    claim_idle(phrase, context, zone.start, zone.end);
    for at in zone.start + 1..zone.end {
        let now =
            phrase.get(at - 1).is_some_and(|e| e.text == "currently" || e.is(Cue::Receiving) || e.is(Cue::Active));
        if now && phrase.get(at).is_some_and(|e| e.is(Cue::Or)) && window.is_some() {
            phrase.claim(at);
        }
    }
    trailing_anchor(phrase, &zone, &mut window);
    late_half_lives(phrase, &zone, &mut window);
    // "Must discontinue X for at least 7 days", "off X for 4 weeks": it ended so long ago.
    let off = (zone.start..list.start).find(|&i| {
        !phrase.is_used(i)
            && phrase.get(i).is_some_and(|e| {
                matches!(
                    e.text.as_str(),
                    "discontinue"
                        | "stop"
                        | "stopped"
                        | "off"
                        | "discontinuing"
                        | "cease"
                        | "ceased"
                        | "stopping"
                        | "been off"
                )
            })
    });
    if let Some(at) = off
        && context.section == Section::Inclusion
        && let Some(w) = &mut window
        && matches!(w.bound, Bound::Lasting { .. } | Bound::Ago { .. } | Bound::Within { .. })
        && !w.from_event
    {
        let strict = matches!(w.bound, Bound::Lasting { strict: true } | Bound::Ago { strict: true });
        w.bound = Bound::Ago { strict };
        phrase.claim(at);
    }
    if apart && let Some(w) = &mut window {
        let below =
            phrase.elements.iter().any(|e| matches!(e.sense, Sense::Compare(Comparison::Less | Comparison::LessEqual)));
        let bare = context.section == Section::Inclusion && !below;
        w.from_event = false;
        match w.bound {
            Bound::Lasting { strict } => w.bound = Bound::Ago { strict },
            Bound::Within { .. } if bare => w.bound = Bound::Ago { strict: false },
            _ => {}
        }
    }
    // "Chemotherapy: >= 3 weeks": the washout that is asked for, whatever the list is called.
    let colon = (list.end..list.end + 4).any(|i| phrase.get(i).is_some_and(|e| e.is_char(':')));
    if colon
        && let Some(w) = &mut window
        && let Bound::Lasting { strict } = w.bound
    {
        w.bound = Bound::Ago { strict };
    }
    // "During or within 12 months of".
    let from_start =
        edge == Edge::Start && window.is_some_and(|w| matches!(w.bound, Bound::Within { .. } | Bound::Ago { .. }));
    let before = relapse_before(phrase, &zone, list);
    let relapse = (marks.recurrent || marks.progressed)
        && (window.is_some_and(|w| w.from_event) || from_start || window.is_some() && before);
    if relapse || marks.progressed && marks.intolerant {
        claim_or(phrase, zone.start, list.start);
    }
    if marks.naive && detail.is_none() && window.is_some_and(|w| matches!(w.bound, Bound::Lasting { .. })) {
        // "Has not received X for at least 4 weeks".
        if let Some(w) = &mut window {
            w.bound = Bound::Within { strict: true };
        }
    }
    if last && detail.is_none() {
        detail = details::cycles(phrase, &zone);
    }
    if what.classes.len() + what.drugs.len() + what.procedures.len() + what.names.len() > 1 {
        what.classes.sort_unstable();
        what.classes.dedup();
    }
    therapy.what = what;
    therapy.setting = setting;
    therapy.rank = rank;
    therapy.alone = alone;
    therapy.edge = edge;
    therapy.window = window;
    let atom =
        |therapy: &Therapy, how: How| Requirement::Atom(Atom::Therapy(Box::new(Therapy { how, ..therapy.clone() })));
    let requirement = if least && window.is_some() {
        // "The minimum duration of X is 2 years" binds who received X.
        let ever = Therapy { window: None, ..therapy.clone() };
        Requirement::any(vec![atom(&ever, How::Received).negated(), atom(&therapy, How::Received)])
    } else if beyond_first && window.is_some() && (marks.recurrent || marks.progressed) {
        // "While on adjuvant therapy after its first 2 years": during it, and not that early.
        let during = Therapy { window: None, edge: Edge::End, ..therapy.clone() };
        let early = Therapy {
            window: window.map(|w| Window { bound: Bound::Within { strict: false }, ..w }),
            edge: Edge::Start,
            ..therapy.clone()
        };
        Requirement::all(vec![atom(&during, How::Progressed), atom(&early, How::Recurred).negated()])
    } else if relapse {
        match window.map(|w| w.bound) {
            Some(Bound::Ago { strict } | Bound::Lasting { strict }) => {
                let mut within = therapy.clone();
                if let Some(w) = &mut within.window {
                    w.bound = Bound::Within { strict: !strict };
                }
                let given = Therapy { window: None, edge: Edge::End, ..therapy.clone() };
                Requirement::all(vec![atom(&given, How::Received), atom(&within, How::Recurred).negated()])
            }
            _ => atom(&therapy, How::Recurred),
        }
    } else if let Some(detail) = detail {
        atom(&therapy, detail)
    } else if marks.progressed && marks.naive && naive_or(phrase, &zone) {
        // "PD-1 inhibitor naive or progressed on it".
        marks.naive = false;
        Requirement::any(vec![atom(&therapy, How::Received).negated(), atom(&therapy, How::Progressed)])
    } else if marks.progressed && marks.intolerant {
        Requirement::any(vec![atom(&therapy, How::Progressed), atom(&therapy, How::Intolerant)])
    } else if marks.progressed {
        atom(&therapy, How::Progressed)
    } else if marks.intolerant {
        atom(&therapy, How::Intolerant)
    } else if marks.receiving && !marks.naive && window.is_none_or(|w| matches!(w.bound, Bound::Lasting { .. })) {
        atom(&therapy, How::Ongoing)
    } else {
        timed(&therapy, &bracketed, context, colon)
    };
    let requirement = match without {
        Some(partner) => Requirement::all(vec![
            requirement,
            Requirement::Atom(Atom::Therapy(Box::new(Therapy {
                with: Some(partner),
                ..Therapy::received(therapy.what.clone())
            })))
            .negated(),
        ]),
        None => requirement,
    };
    let requirement = match extra {
        Some(extra) => Requirement::any(vec![requirement, extra]),
        None => requirement,
    };
    (requirement, marks, window, prefix_window)
}

/// "The minimum duration of": claims the words; whether they are there.
fn minimum_duration(phrase: &mut Phrase, zone: &Range<usize>) -> bool {
    let at = zone.clone().find(|&i| phrase.get(i).is_some_and(|e| e.text.starts_with("minimum")) && !phrase.is_used(i));
    let Some(at) = at else { return false };
    let duration = (at..at + 3).find(|&i| phrase.get(i).is_some_and(|e| e.text.contains("duration")));
    let Some(duration) = duration else { return false };
    phrase.claim_range(at, duration + 1);
    true
}

/// "After the first 2 years of": whether the first part of the treatment is left out.
fn beyond_first(phrase: &Phrase, zone: &Range<usize>) -> bool {
    zone.clone().any(|i| {
        matches!(phrase.sense(i), Some(Sense::Ordinal(1)))
            && matches!(phrase.sense(i + 1), Some(Sense::Number(_)))
            && (i.saturating_sub(2)..i)
                .any(|b| phrase.get(b).is_some_and(|e| e.is(Cue::After) || e.text.ends_with("after")))
    })
}

/// Claims the "or" between "naive" and "progressed"; whether there is one.
fn naive_or(phrase: &mut Phrase, zone: &Range<usize>) -> bool {
    let at = |cue: Cue| zone.clone().find(|&i| phrase.get(i).is_some_and(|e| e.is(cue)));
    let (Some(naive), Some(progressed)) = (at(Cue::Naive), at(Cue::Progressed)) else { return false };
    let (from, to) = (naive.min(progressed), naive.max(progressed));
    let Some(or) = (from..to).find(|&i| phrase.get(i).is_some_and(|e| e.is(Cue::Or))) else { return false };
    phrase.claim(or);
    true
}

/// "Within 4 weeks (6 weeks for mitomycin) prior to registration": the day that both count from stands behind the bracket.
fn trailing_anchor(phrase: &mut Phrase, zone: &Range<usize>, window: &mut Option<Window>) {
    let Some(window) = window else { return };
    let Some(before) = zone.clone().find(|&i| !phrase.is_used(i) && phrase.get(i).is_some_and(|e| e.is(Cue::Before)))
    else {
        return;
    };
    let anchor = (before + 1..zone.end).find(|&i| phrase.get(i).is_some_and(|e| e.is(Cue::Anchor)));
    let plain = anchor.is_some_and(|a| (before + 1..a).all(|i| phrase.get(i).is_some_and(is_neutral)));
    if plain {
        phrase.claim(before);
        if let Bound::Lasting { strict } = window.bound {
            window.bound = Bound::Ago { strict };
        }
    }
}

/// "Within 14 days (28 days for antibodies) or 5 half-lives, whichever is shorter": the second measure behind the bracket.
fn late_half_lives(phrase: &mut Phrase, zone: &Range<usize>, window: &mut Option<Window>) {
    let Some(window) = window.as_mut().filter(|w| w.half_lives.is_none() && w.length.is_some()) else { return };
    let Some(at) = zone.clone().find(|&i| !phrase.is_used(i) && phrase.get(i).is_some_and(|e| e.is(Cue::HalfLife)))
    else {
        return;
    };
    let count = (at.saturating_sub(2)..at).find(|&i| matches!(phrase.sense(i), Some(Sense::Number(_))));
    let Some(Sense::Number(value)) = count.and_then(|i| phrase.sense(i)) else { return };
    let behind_bracket = |i: &usize| {
        phrase.get(*i).is_some_and(|e| e.is(Cue::Or)) && *i > 0 && phrase.get(*i - 1).is_some_and(|e| e.is_char(')'))
    };
    let Some(or) = (at.saturating_sub(4)..at).find(behind_bracket) else { return };
    let shorter = (at..zone.end.min(at + 6)).find(|&i| phrase.get(i).is_some_and(|e| e.is(Cue::Shorter)));
    let longer = (at..zone.end.min(at + 6)).find(|&i| phrase.get(i).is_some_and(|e| e.is(Cue::Longer)));
    phrase.claim_range(or, shorter.or(longer).unwrap_or(at) + 1);
    let which = if shorter.is_some() { Whichever::Shorter } else { Whichever::Longer };
    window.half_lives = Some((value.clamp(0.0, 99.0) as u8, which));
}

/// Received, inside or outside a window. "At least 4 weeks since chemotherapy" asks that none was given more recently;
/// limits of their own for some drugs stand beside it.
fn timed(therapy: &Therapy, bracketed: &[(Treatments, Window)], context: &Context<'_>, colon: bool) -> Requirement {
    let atom = |therapy: &Therapy| Requirement::Atom(Atom::Therapy(Box::new(therapy.clone())));
    let Some(window) = therapy.window else { return atom(therapy) };
    let (ago, recent) = match window.bound {
        Bound::Ago { strict } => (true, Window { bound: Bound::Within { strict: !strict }, ..window }),
        _ => (false, window),
    };
    let mut main = Therapy { window: Some(recent), ..therapy.clone() };
    let mut members = Vec::new();
    for (what, own) in bracketed {
        match &mut main.except {
            Some((excepted, _)) => excepted.extend(what.clone()),
            None => main.except = Some((what.clone(), SettingIs::Any)),
        }
        members.push(atom(&Therapy {
            what: what.clone(),
            except: None,
            window: Some(Window { bound: recent.bound, ..*own }),
            ..therapy.clone()
        }));
    }
    members.insert(0, atom(&main));
    let recently = Requirement::any(members);
    match (ago, context.section) {
        (false, _) => recently,
        (true, Section::Exclusion) if colon => recently,
        (true, Section::Inclusion) => recently.negated(),
        // Under Exclusion "more than 3 years ago" names who received it then.
        (true, Section::Exclusion) => {
            let ever = Therapy { window: None, ..therapy.clone() };
            Requirement::all(vec![atom(&ever), recently.negated()])
        }
    }
}
