//! How a phrase about treatment is read.

use super::details;
use super::guards::{disease_before, generic_for_another_disease, speaks_of_something_else};
use super::headless::{headless, participation};
use super::lists::{List, is_idle, is_treatment, list_at};
use super::settings::setting_in;
use super::{Detail, Edge, How, SettingIs, Therapy, Treatments};
use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::lines_of_therapy::Lines;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::grammar::windows::{Bound, Window, take_window_between, time_unit};
use std::ops::Range;

/// What a list of treatments is in its phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// What the phrase asks about.
    Main,
    /// What does not count.
    Except,
    /// What was given in the same course.
    With,
    /// In brackets behind another one.
    Bracket,
}

/// Cues that say that a phrase speaks of treatment received.
const TOLD: &[Cue] = &[
    Cue::Received,
    Cue::Prior,
    Cue::Receiving,
    Cue::Naive,
    Cue::Progressed,
    Cue::Intolerant,
    Cue::Within,
    Cue::History,
    Cue::Since,
    Cue::LastDose,
    Cue::Active,
    Cue::Not,
    Cue::RecentTherapy,
    Cue::SettingMetastatic,
    Cue::SettingAdjuvant,
    Cue::SettingEarly,
    Cue::SettingNeoadjuvant,
    Cue::AnySetting,
    Cue::After,
];

/// One question of a phrase: a list with the part of the phrase that belongs to it.
struct Part {
    list: List,
    zone: Range<usize>,
    /// Whether "or" stands before it.
    or: bool,
}

/// What was found in the zone of a part.
#[derive(Clone, Copy, Default)]
struct Marks {
    naive: bool,
    progressed: bool,
    intolerant: bool,
    recurrent: bool,
    receiving: bool,
    prior: bool,
}

/// Reads a treatment with its setting, time and end, in positive sense.
pub fn read(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    if speaks_of_something_else(phrase) {
        return None;
    }
    if let Some(requirement) = details::cumulative_dose(phrase, context) {
        return Some(requirement);
    }
    let found = find_lists(phrase, context);
    let head = found.iter().find(|(_, role)| *role == Role::Main).map(|(list, _)| list.start);
    let Some(head) = head else { return participation(phrase).or_else(|| headless(phrase, context)) };
    if phrase.find(|e| e.is(Cue::Except)).is_some_and(|at| at < head)
        || generic_for_another_disease(phrase, &found)
        || disease_before(phrase, head)
    {
        return None;
    }
    let told = TOLD.iter().any(|cue| phrase.has(*cue));
    let has_length = phrase.elements.iter().any(|e| time_unit(e).is_some() || e.is(Cue::HalfLife));
    let bare = phrase.elements.iter().all(|e| is_treatment(e, context) || is_neutral(e) || e.is(Cue::Or) || is_idle(e));
    if !(told || has_length || bare && context.section == Section::Exclusion) {
        return None;
    }
    let parts = parts(phrase, &found);
    let mut out: Vec<Question> = Vec::new();
    let mut carried: Option<(Marks, Option<Window>)> = None;
    let count = parts.len();
    for (index, part) in parts.iter().enumerate() {
        let read = read_part(phrase, context, part, &found, carried, index + 1 == count);
        let (requirement, marks, window, prefix_window) = read;
        if index == 0 {
            carried = Some((marks, window.filter(|_| prefix_window)));
        }
        out.push((requirement, part.or, marks.naive, marks, window.map(|w| w.bound)));
    }
    shared_toxicity(&mut out);
    shared_window(&mut out);
    Some(join(relapses(out), context))
}

/// "Chemotherapy, (some) radiotherapy or investigational agents within 2 weeks": the interval at the end bounds all.
fn shared_window(parts: &mut [Question]) {
    let last = parts.last().and_then(|q| match &q.0 {
        Requirement::Atom(Atom::Therapy(t)) if t.how == How::Received => t.window,
        _ => None,
    });
    let Some(window) = last.filter(|w| matches!(w.bound, Bound::Within { .. })) else { return };
    for question in parts {
        if let Requirement::Atom(Atom::Therapy(t)) = &mut question.0
            && t.how == How::Received
            && t.window.is_none()
            && t.setting == SettingIs::Any
            && t.except.is_none()
        {
            t.window = Some(window);
            question.4 = Some(window.bound);
        }
    }
}

/// "Received A, or B, and was discontinued due to a toxicity": the ending belongs to all of them.
fn shared_toxicity(parts: &mut [Question]) {
    let how = parts.last().and_then(|q| match &q.0 {
        Requirement::Atom(Atom::Therapy(t))
            if matches!(t.how, How::Intolerant | How::Detail(Detail::Toxicity)) && !q.3.intolerant =>
        {
            Some(t.how)
        }
        _ => None,
    });
    let Some(how) = how else { return };
    for question in parts {
        if let Requirement::Atom(Atom::Therapy(t)) = &mut question.0
            && t.how == How::Received
            && t.window.is_none()
        {
            t.how = how;
        }
    }
}

type Question = (Requirement, bool, bool, Marks, Option<Bound>);

/// "Has received adjuvant X and relapsed within 12 months of X": one question, in the setting that is named once.
fn relapses(mut parts: Vec<Question>) -> Vec<Question> {
    let therapy = |q: &Question| match &q.0 {
        Requirement::Atom(Atom::Therapy(t)) => Some(t.clone()),
        _ => None,
    };
    let Some(at) = parts.iter().position(|q| therapy(q).is_some_and(|t| t.how == How::Recurred)) else { return parts };
    let Some(mut relapse) = parts.get(at).and_then(therapy) else { return parts };
    let same = |t: &Therapy| {
        t.what == relapse.what
            && matches!(t.how, How::Received | How::Progressed)
            && t.window.is_none()
            && t.except.is_none()
    };
    let Some(other) = parts.iter().position(|q| !q.2 && therapy(q).is_some_and(|t| same(&t))) else { return parts };
    if parts.iter().skip(1).any(|q| q.1) {
        return parts;
    }
    if let Some(first) = parts.get(other).and_then(therapy)
        && relapse.setting == SettingIs::Any
    {
        relapse.setting = first.setting;
    }
    if let Some(question) = parts.get_mut(at) {
        question.0 = Requirement::Atom(Atom::Therapy(relapse));
        question.1 = false;
    }
    parts.remove(other);
    parts
}

/// Joins the questions of one phrase.
fn join(mut parts: Vec<Question>, context: &Context<'_>) -> Requirement {
    if parts.len() == 1 {
        let (requirement, _, naive, ..) = parts.remove(0);
        return if naive { requirement.negated() } else { requirement };
    }
    let all_naive = parts.iter().all(|p| p.2);
    let washouts =
        context.section == Section::Inclusion && parts.iter().all(|p| matches!(p.4, Some(Bound::Ago { .. })));
    let any_or = parts.iter().skip(1).any(|p| p.1);
    let same = parts.iter().all(|p| {
        p.3.progressed == parts.first().is_some_and(|f| f.3.progressed)
            && p.3.intolerant == parts.first().is_some_and(|f| f.3.intolerant)
            && p.3.recurrent == parts.first().is_some_and(|f| f.3.recurrent)
    });
    let any = all_naive || any_or && !washouts || context.section == Section::Exclusion && same && !washouts;
    let members: Vec<Requirement> =
        parts.into_iter().map(|(r, _, naive, ..)| if naive && !all_naive { r.negated() } else { r }).collect();
    let joined = if any { Requirement::any(members) } else { Requirement::all(members) };
    if all_naive { joined.negated() } else { joined }
}

/// Cuts a phrase into its questions at the connectors between the lists.
fn parts(phrase: &mut Phrase, found: &[(List, Role)]) -> Vec<Part> {
    let mains: Vec<&List> = found.iter().filter(|(_, r)| *r == Role::Main).map(|(l, _)| l).collect();
    let mut out: Vec<Part> = Vec::new();
    for (index, list) in mains.iter().enumerate() {
        let mut or = false;
        let start = match index.checked_sub(1).and_then(|i| mains.get(i)) {
            None => 0,
            Some(previous) => {
                let cut = (previous.end..list.start).rev().find(|&at| is_cut(phrase, at));
                or = (previous.end..list.start)
                    .any(|at| is_cut(phrase, at) && phrase.get(at).is_some_and(|e| e.is(Cue::Or)));
                if let Some(cut) = cut {
                    phrase.claim(cut);
                    if let Some(before) = cut.checked_sub(1).filter(|b| *b >= previous.end && is_cut(phrase, *b)) {
                        phrase.claim(before);
                    }
                }
                cut.unwrap_or(list.start)
            }
        };
        if let Some(last) = out.last_mut() {
            last.zone.end = start;
        }
        out.push(Part { list: (*list).clone(), zone: start..phrase.len(), or });
    }
    out
}

/// A connector that does not belong to an interval ("4 weeks or 5 half-lives, whichever").
fn is_cut(phrase: &Phrase, at: usize) -> bool {
    let next = phrase.get(at + 1);
    phrase
        .get(at)
        .is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And) || e.is_char(',') || e.is_char(';') || e.is_char('/'))
        && !next.is_some_and(|n| {
            n.is(Cue::Longer)
                || n.is(Cue::Within)
                    && at.checked_sub(1).and_then(|b| phrase.get(b)).is_some_and(|b| {
                        b.text.ends_with("during")
                            || b.text.ends_with(" on")
                            || b.text == "while on"
                            || time_unit(b).is_some()
                    })
                || n.is(Cue::Shorter)
                || n.is(Cue::Before)
                || matches!(n.sense, Sense::Number(_))
                    && phrase.get(at + 2).is_some_and(|u| u.is(Cue::HalfLife) || time_unit(u).is_some())
                    && at
                        .checked_sub(1)
                        .and_then(|b| phrase.get(b))
                        .is_some_and(|b| time_unit(b).is_some() || b.is(Cue::HalfLife))
        })
}

/// All lists of a phrase with what they are in it.
fn find_lists(phrase: &Phrase, context: &Context<'_>) -> Vec<(List, Role)> {
    let mut out: Vec<(List, Role)> = Vec::new();
    let (mut at, mut depth) = (0usize, 0i32);
    let mut except: Option<i32> = None;
    while let Some(element) = phrase.get(at) {
        if element.is_char('(') || element.is_char('[') {
            depth += 1;
        } else if element.is_char(')') || element.is_char(']') {
            depth -= 1;
            if except.is_some_and(|d| depth < d) {
                except = None;
            }
        } else if element.is(Cue::Except) {
            except = Some(depth);
        } else if !phrase.is_used(at)
            && is_treatment(element, context)
            && !behind_anchor(phrase, at)
            && let Some(list) = list_at(phrase, context, at, phrase.len())
        {
            let behind = out.iter().any(|(_, r)| *r == Role::Main);
            let role = if except.is_some() {
                Role::Except
            } else if behind && combined(phrase, at) {
                Role::With
            } else if behind && depth > 0 {
                Role::Bracket
            } else {
                Role::Main
            };
            at = list.end;
            out.push((list, role));
            continue;
        }
        at += 1;
    }
    out
}

/// "The first dose of <the trial's drug>" names nothing that was received.
fn behind_anchor(phrase: &Phrase, at: usize) -> bool {
    // "Within 4 weeks before (the start of) chemotherapy": the treatment to come.
    let mut back = at;
    while let Some(before) = back.checked_sub(1).and_then(|b| phrase.get(b)) {
        if before.is(Cue::Before) && back + 5 > at && back > 1 {
            return true;
        }
        let between = before.is(Cue::Filler)
            || before.is(Cue::Anchor)
            || matches!(before.text.as_str(), "start" | "initial" | "first" | "starting" | "initiation");
        if !between {
            break;
        }
        back -= 1;
    }
    at >= 2
        && phrase.get(at - 1).is_some_and(|e| e.text == "of")
        && phrase.get(at - 2).is_some_and(|e| {
            e.is(Cue::Anchor)
                && (e.text.contains("dose") || e.text.contains("infusion") || e.text.contains("administration"))
        })
}

/// Whether "in combination with", "plus" stands before a place.
fn combined(phrase: &Phrase, at: usize) -> bool {
    (at.saturating_sub(4)..at).any(|i| {
        phrase.get(i).is_some_and(|e| {
            matches!(
                e.text.as_str(),
                "in combination" | "combination" | "combined" | "plus" | "together with" | "along with"
            ) || e.is_char('+')
        })
    }) && !(at.saturating_sub(4)..at).any(|i| phrase.get(i).is_some_and(|e| e.is_char(',')))
}

type PartRead = (Requirement, Marks, Option<Window>, bool);

/// Reads one question.
fn read_part(
    phrase: &mut Phrase,
    context: &Context<'_>,
    part: &Part,
    found: &[(List, Role)],
    carried: Option<(Marks, Option<Window>)>,
    last: bool,
) -> PartRead {
    let zone = part.zone.clone();
    let list = &part.list;
    let mut what = list.what.clone();
    phrase.claim_range(list.start, list.end);
    let mut therapy = Therapy::received(Treatments::default());
    let mut extra: Option<Requirement> = None;
    let mut bracketed: Vec<(Treatments, Window)> = Vec::new();
    let mut own_except = zone.end;
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
                    extra = Some(Requirement::Atom(Atom::Lines(Lines {
                        of: other.what.clone(),
                        comparison: Comparison::Greater,
                        count: 1,
                        ..Lines::any(SettingIs::Metastatic)
                    })));
                }
                claim_idle(phrase, context, from, zone.end);
                match &mut therapy.except {
                    Some((excepted, _)) => excepted.extend(other.what.clone()),
                    None => therapy.except = Some((other.what.clone(), setting)),
                }
            }
            Role::With => {
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
                } else if other.what.exemplifies(&what) {
                    phrase.claim_range(other.start, other.end);
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
    claim_idle(phrase, context, zone.start, zone.end);
    for at in zone.start + 1..zone.end {
        let now =
            phrase.get(at - 1).is_some_and(|e| e.text == "currently" || e.is(Cue::Receiving) || e.is(Cue::Active));
        if now && phrase.get(at).is_some_and(|e| e.is(Cue::Or)) && window.is_some() {
            phrase.claim(at);
        }
    }
    trailing_anchor(phrase, &zone, &mut window);
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
    let atom = |therapy: &Therapy, how: How| Requirement::Atom(Atom::Therapy(Therapy { how, ..therapy.clone() }));
    let requirement = if relapse {
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
    } else if marks.progressed && marks.intolerant {
        Requirement::any(vec![atom(&therapy, How::Progressed), atom(&therapy, How::Intolerant)])
    } else if marks.progressed {
        atom(&therapy, How::Progressed)
    } else if marks.intolerant {
        atom(&therapy, How::Intolerant)
    } else if marks.receiving && !marks.naive && window.is_none_or(|w| matches!(w.bound, Bound::Lasting { .. })) {
        atom(&therapy, How::Ongoing)
    } else {
        timed(&therapy, &bracketed, context)
    };
    let requirement = match extra {
        Some(extra) => Requirement::any(vec![requirement, extra]),
        None => requirement,
    };
    (requirement, marks, window, prefix_window)
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

/// Received, inside or outside a window. "At least 4 weeks since chemotherapy" asks that none was given more recently;
/// limits of their own for some drugs stand beside it.
fn timed(therapy: &Therapy, bracketed: &[(Treatments, Window)], context: &Context<'_>) -> Requirement {
    let atom = |therapy: &Therapy| Requirement::Atom(Atom::Therapy(therapy.clone()));
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
        (true, Section::Inclusion) => recently.negated(),
        // Under Exclusion "more than 3 years ago" names who received it then.
        (true, Section::Exclusion) => {
            let ever = Therapy { window: None, ..therapy.clone() };
            Requirement::all(vec![atom(&ever), recently.negated()])
        }
    }
}

/// "Recurrence within 6 months of adjuvant chemotherapy": the interval stands between the relapse and the treatment.
fn relapse_before(phrase: &Phrase, zone: &Range<usize>, list: &List) -> bool {
    let relapse = zone.clone().find(|&i| {
        phrase.get(i).is_some_and(|e| {
            e.is(Cue::Recurrent)
                || e.is(Cue::ProgressiveDisease)
                || e.is(Cue::Progressed) && (e.text.ends_with("within") || e.text.ends_with("during"))
        })
    });
    let number = zone.clone().find(|&i| {
        matches!(phrase.sense(i), Some(Sense::Number(_))) && phrase.get(i + 1).is_some_and(|e| time_unit(e).is_some())
    });
    matches!((relapse, number), (Some(r), Some(n)) if r < n && n < list.start
        && !(n..list.start).any(|i| phrase.get(i).is_some_and(|e| e.is(Cue::Anchor) || e.is(Cue::Before))))
}

/// "Relapse within 6 months of adjuvant chemotherapy": the time runs from that treatment.
fn relapse_of_adjuvant(phrase: &Phrase, zone: &Range<usize>, list: &List) -> bool {
    let says = |at: usize, test: &dyn Fn(&Element) -> bool| phrase.get(at).is_some_and(test);
    let of = zone.clone().find(|&at| says(at, &|e| time_unit(e).is_some()) && says(at + 1, &|e| e.text == "of"));
    relapse_before(phrase, zone, list)
        && of.is_some_and(|of| {
            (of..list.end).any(|at| says(at, &|e| e.is(Cue::SettingAdjuvant) || e.is(Cue::SettingNeoadjuvant)))
        })
}

/// Claims the words that say how it went and says which there were.
fn marks(phrase: &mut Phrase, zone: &Range<usize>, list: &List, except: usize) -> Marks {
    let mut marks = Marks::default();
    for at in zone.clone() {
        if phrase.is_used(at) || at >= except && at > list.end {
            continue;
        }
        let Some(cue) = phrase.get(at).and_then(Element::cue) else { continue };
        match cue {
            Cue::Naive => marks.naive = true,
            Cue::Progressed => {
                marks.progressed = true;
                let text = phrase.get(at).map(|e| e.text.to_string()).unwrap_or_default();
                marks.recurrent |= text.contains("recurr") || text.contains("relaps");
            }
            Cue::Intolerant => marks.intolerant = true,
            Cue::Prior | Cue::History => marks.prior = true,
            Cue::Receiving | Cue::Active => {
                let near = at < list.start
                    && (at + 1..list.start).all(|i| phrase.get(i).is_some_and(|e| is_neutral(e) || is_idle(e)));
                let text = phrase.get(at).map(|e| e.text.to_string()).unwrap_or_default();
                if text != "on" || near && !marks.progressed && !marks.prior {
                    marks.receiving = true;
                }
            }
            Cue::Recurrent => marks.recurrent = true,
            Cue::ProgressiveDisease => {}
            Cue::Received | Cue::LastDose | Cue::ForBreastCancer | Cue::Investigational => {}
            _ => continue,
        }
        // A relapse is claimed only where the relation to the treatment is read, which the window decides.
        if matches!(cue, Cue::Recurrent | Cue::ProgressiveDisease) {
            let related =
                zone.clone().any(|i| phrase.get(i).is_some_and(|e| e.is(Cue::After) || e.is(Cue::Progressed)))
                    || details::starts(phrase, zone)
                    || relapse_of_adjuvant(phrase, zone, list);
            let timed = zone.clone().any(|i| phrase.get(i).is_some_and(|e| time_unit(e).is_some()));
            if !(related && (timed || cue == Cue::ProgressiveDisease && marks.progressed)) {
                marks.recurrent &= cue != Cue::Recurrent;
                continue;
            }
            marks.recurrent |= timed;
        }
        phrase.claim(at);
    }
    marks.receiving &= !marks.prior;
    marks
}

/// Claims words beside treatments that change nothing.
pub fn claim_idle(phrase: &mut Phrase, context: &Context<'_>, from: usize, to: usize) {
    for at in from..to {
        let idle = phrase.get(at).is_some_and(is_idle);
        let beside = (at + 1..at + 4).any(|i| {
            phrase.get(i).is_some_and(|e| is_treatment(e, context))
                && (at + 1..i).all(|k| phrase.get(k).is_some_and(|e| is_neutral(e) || is_idle(e)))
        }) || at.checked_sub(1).and_then(|b| phrase.get(b)).is_some_and(|e| is_treatment(e, context));
        if idle && beside && !phrase.is_used(at) {
            phrase.claim(at);
        }
        // "Prior" and the like that nobody has claimed within an exception.
        if phrase.get(at).is_some_and(|e| e.is(Cue::Prior) || e.is(Cue::ForBreastCancer)) {
            phrase.claim(at);
        }
    }
}

pub fn claim_or(phrase: &mut Phrase, from: usize, to: usize) {
    for at in from..to {
        if phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.text == "during" || e.is(Cue::Within) || e.is_char('/')) {
            phrase.claim(at);
        }
    }
}

fn claim_combination(phrase: &mut Phrase, from: usize, to: usize) {
    for at in from..to {
        if phrase.get(at).is_some_and(|e| {
            matches!(
                e.text.as_str(),
                "in combination" | "combination" | "combined" | "alone" | "alone or" | "plus" | "either"
            ) || e.is_char('+')
        }) {
            phrase.claim(at);
        }
    }
}

/// "Alone or in combination with", "with or without": either way.
fn optional(phrase: &mut Phrase, from: usize, to: usize) -> bool {
    let mut optional = false;
    for at in from..to {
        if phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::Neutral)) {
            optional = true;
            phrase.claim(at);
        }
    }
    optional
}
