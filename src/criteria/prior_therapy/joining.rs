//! How the questions of one phrase are joined: what they share, and whether one or all must hold.

use super::marks::Marks;
use super::{Detail, How, SettingIs, Therapy};
use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::windows::Bound;
use crate::trial::Span;

pub(super) type Question = (Requirement, bool, bool, Marks, Option<Bound>);

/// "Chemotherapy, (some) radiotherapy or investigational agents within 2 weeks": the interval at the end bounds all.
/// A member in a setting of its own may mean "ever": it stays open.
pub(super) fn shared_window(parts: &mut [Question], span: Span) {
    let last = parts.last().and_then(|q| match &q.0 {
        Requirement::Atom(Atom::Therapy(t)) if t.how == How::Received => t.window,
        _ => None,
    });
    let Some(window) = last.filter(|w| matches!(w.bound, Bound::Within { .. })) else { return };
    for question in parts {
        if let Requirement::Atom(Atom::Therapy(t)) = &mut question.0
            && t.how == How::Received
            && t.window.is_none()
        {
            if t.setting == SettingIs::Any {
                t.window = Some(window);
                question.4 = Some(window.bound);
            } else {
                question.0 = Requirement::Partly(Box::new(question.0.clone()), vec![span]);
            }
        }
    }
}

/// "Received A, or B, and was discontinued due to a toxicity": the ending belongs to all of them.
pub(super) fn shared_toxicity(parts: &mut [Question]) {
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

/// "Has received adjuvant X and relapsed within 12 months of X": one question, in the setting that is named once.
pub(super) fn relapses(mut parts: Vec<Question>) -> Vec<Question> {
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
pub(super) fn join(mut parts: Vec<Question>, context: &Context<'_>) -> Requirement {
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
