//! Sentences by their modal words: must, must not, may, and none.

use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::reader::coordination::{self, outside};
use crate::criteria::reader::counting::is_range;
use crate::criteria::reader::simplify::AND_AT_MOST;
use crate::criteria::reader::statements::clauses::{
    about, case, case_of_people, find, means, names_people, part, positive,
};
use crate::criteria::reader::statements::judgement::is_measured;
use crate::criteria::reader::statements::permissions::permission;
use crate::criteria::reader::statements::relations::subjects;
use crate::criteria::reader::statements::{Statement, guarded};
use crate::criteria::requirement::{Requirement, Section};
use crate::criteria::sex;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::{Cues, is_neutral, span_of};
use crate::lexicon::concepts::Concept;
use crate::lexicon::structure::{self, Words};
use crate::patient::profile::Sex;

/// "A, or B which must be C" under Inclusion: A, or B that is C.
fn demand_of_the_last(elements: &[Element], at: usize, context: &Context<'_>) -> Option<Requirement> {
    // Behind a comma it may be said of both.
    let comma = at.checked_sub(2).and_then(|place| elements.get(place)).is_some_and(|e| e.is_char(','));
    if context.section != Section::Inclusion || !is_relative(elements, at) || comma {
        return None;
    }
    let or = outside(elements).filter(|(place, e)| *place < at && e.is(Cue::Or)).map(|(place, _)| place).last()?;
    let (first, last, body) =
        (part(elements, 0, or), part(elements, or + 1, at), part(elements, at + 1, elements.len()));
    if !means(first) || !means(last) || !means(body) {
        return None;
    }
    let last = Requirement::all(vec![positive(last, context), about(body, last, context)]);
    Some(Requirement::any(vec![positive(first, context), last]))
}

/// Whether a subject is nothing but an interval: "a washout period of 2 weeks".
pub(super) fn is_washout(elements: &[Element]) -> bool {
    elements.iter().any(|e| e.is(Cue::Since))
        && elements.iter().all(|e| {
            e.is(Cue::Since)
                || crate::grammar::windows::time_unit(e).is_some()
                || matches!(e.sense, Sense::Number(_) | Sense::Compare(_))
                || is_neutral(e)
        })
}

/// Cues of which one stands in every sentence that is more than a bare name.
const MODAL: Cues =
    Cues::of(&[Cue::Since, Cue::NoLimit, Cue::Must, Cue::MustNot, Cue::Forbidden, Cue::Naive, Cue::Allowed, Cue::May]);

/// Sentences by their modal words.
pub(super) fn modal(elements: &[Element], context: &Context<'_>) -> Statement {
    if !Cues::held(elements).share(MODAL) {
        return bare(elements, context);
    }
    // "A washout of 2 weeks is required for X", "at least 4 weeks since X" require the interval in either section.
    if find(elements, Cue::Since).is_some() && elements.iter().any(|e| crate::grammar::windows::time_unit(e).is_some())
    {
        let read = positive(elements, context);
        if !read.has_unread() && matches!(read, Requirement::Not(_) | Requirement::All(_)) {
            return Statement::Requires(intervals(read));
        }
    }
    if find(elements, Cue::NoLimit).is_some() && find(elements, Cue::Must).is_none() {
        // "X is not required, but the patient must have imaging".
        let asked = |e: &Element| matches!(e.sense, Sense::Concept(Concept::OpenFact(_))) && e.text.starts_with("must");
        return if elements.iter().any(asked) { Statement::Requires(Requirement::Confirm) } else { Statement::Nothing };
    }
    // "No earlier treatment is required" asks nothing.
    let opens_with_no = elements
        .iter()
        .find(|e| !is_neutral(e))
        .is_some_and(|e| (e.is(Cue::Not) || e.is(Cue::Naive)) && e.text.starts_with("no"));
    if opens_with_no
        && let Some(at) = find(elements, Cue::Must)
        && elements.get(at).is_some_and(|e| e.text.ends_with("required") || e.text.ends_with("mandatory"))
        && !elements.iter().skip(at + 1).take_while(|e| !e.is_char('(')).any(|e| !is_neutral(e))
    {
        return Statement::Nothing;
    }
    // "Must have had X or be ineligible for it" forbids nothing.
    let demands_first = elements.iter().find(|e| !is_neutral(e)).is_some_and(|e| e.is(Cue::Must));
    if let Some(at) = find(elements, Cue::Forbidden).filter(|_| !demands_first) {
        if on_study_only(part(elements, 0, at), part(elements, at + 1, elements.len())) {
            return Statement::Nothing;
        }
        return Statement::Excludes(forbidden(part(elements, 0, at), part(elements, at + 1, elements.len()), context));
    }
    if let Some(statement) = forbidden_to_some(elements, context) {
        return statement;
    }
    let verb =
        outside(elements).find(|(at, e)| e.is(Cue::Allowed) && is_verb(elements, *at) && !is_relative(elements, *at));
    if let Some((at, _)) = verb {
        return permission(part(elements, 0, at), part(elements, at + 1, elements.len()), context);
    }
    if let Some(at) = find(elements, Cue::MustNot) {
        let subject = part(elements, 0, at);
        let body = any_of(&with_verb(elements, at), context);
        return if means(subject) {
            guarded(case_of_people(positive(subject, context), subject), Statement::Excludes(body))
        } else {
            Statement::Excludes(body)
        };
    }
    if let Some(at) = outside(elements).find(|(at, e)| e.is(Cue::May) && is_relative(elements, *at)).map(|(at, _)| at) {
        return described(elements, at, context);
    }
    if let Some(at) = find(elements, Cue::May) {
        return permission(part(elements, 0, at), part(elements, at + 1, elements.len()), context);
    }
    // "Whose only metastases are in the skin" under Exclusion demands nothing: "only" belongs to what is named.
    // So does an "only" at the end: "bone metastases only".
    let only = |at: usize| !elements.iter().skip(at + 1).any(|e| !matches!(e.sense, Sense::Punctuation(_)));
    let demands = |at: usize, e: &Element| {
        e.is(Cue::Must) && (e.text != "only" || context.section == Section::Inclusion && !only(at))
    };
    if let Some(at) = outside(elements).find(|(at, e)| demands(*at, e)).map(|(at, _)| at) {
        let subject = part(elements, 0, at);
        let body = part(elements, at + 1, elements.len());
        // "A washout of 2 weeks is required for X" has no premise.
        if is_washout(subject) && means(body) {
            let joined: Vec<Element> = subject.iter().chain(body).cloned().collect();
            return Statement::Requires(conditional(&joined, context));
        }
        // "Never had X, or must have progressed on it".
        if means(subject)
            && means(body)
            && at.checked_sub(1).and_then(|b| elements.get(b)).is_some_and(|e| e.is(Cue::Or))
        {
            let first = positive(subject, context);
            let either = Requirement::any(vec![first, about(body, subject, context)]);
            return match context.section {
                Section::Inclusion => Statement::Requires(either),
                // "Uncontrolled X, or need to take Y".
                Section::Exclusion => Statement::Excludes(either),
            };
        }
        // "Measurable disease, or bone disease which must have a lytic lesion": what is demanded is said of the last alone.
        if let Some(either) = demand_of_the_last(elements, at, context) {
            return Statement::Requires(either);
        }
        if let Some((first, second)) = two_demands(elements, at) {
            let both = [first, second].map(|half| modal(&half, context));
            if let [Statement::Requires(a), Statement::Requires(b)] = both {
                return Statement::Requires(Requirement::all(vec![a, b]));
            }
        }
        if means(subject) && means(body) {
            let guard = positive(subject, context);
            if guard.has_unread() && !names_people(subject) {
                if let Some(interval) = ended(subject, body, context) {
                    return Statement::Requires(interval);
                }
                // "The performance status must be 0 or 1": the subject is the thing that is asked about.
                let joined: Vec<Element> = subject.iter().chain(body).cloned().collect();
                let whole = conditional(&joined, context);
                if is_measured(&whole) {
                    return Statement::Requires(whole);
                }
            } else if let Some(interval) = ended(subject, body, context) {
                return Statement::Requires(interval);
            }
            let alone = conditional_demand(body, context);
            // "Patients with hepatitis C must have been cured": the subject is not named again.
            let last_dose = || treated_only(&guard) && body.iter().any(|e| e.is(Cue::LastDose));
            let asked = if alone.has_unread() && (diseases_only(&guard) || !names_people(subject) || last_dose()) {
                about(body, subject, context)
            } else {
                demanded(alone, body, subject, context)
            };
            return guarded(case_of_people(guard, subject), Statement::Requires(asked));
        }
        // "All patients must be female".
        if !means(subject) && !means(body) && one_sex(subject).is_none() && one_sex(body).is_some() {
            return Statement::Requires(positive(body, context));
        }
        let (asked, whom) = if means(body) { (body, subject) } else { (subject, body) };
        let required = Statement::Requires(conditional_demand(asked, context));
        // "Women must be postmenopausal", "postmenopausal status is required for women": binds women.
        return match one_sex(whom) {
            Some(sex) => guarded(sex::is(sex), required),
            None => required,
        };
    }
    bare(elements, context)
}

/// "Other hormonal therapies are not allowed while patients are on study": a rule for conduct on study (convention 39).
fn on_study_only(before: &[Element], after: &[Element]) -> bool {
    let entry = |e: &Element| {
        matches!(e.sense, Sense::Cue(Cue::Prior | Cue::Receiving | Cue::Received)) || e.text.contains("concurrent")
    };
    let treatment = |e: &Element| {
        matches!(e.sense, Sense::Concept(Concept::Drug(_) | Concept::DrugClass(_) | Concept::Procedure(_)))
    };
    let begins = after.first().is_some_and(|e| matches!(e.text.split(' ').next(), Some("while" | "during")));
    let study = after.iter().take(6).any(|e| e.text.split(' ').any(|w| matches!(w, "study" | "trial" | "protocol")));
    begins && study && before.iter().any(treatment) && !before.iter().chain(after).any(entry)
}

/// What a sentence forbids with "are excluded", "is not permitted": what stands before the verb, narrowed by what stands
/// behind it.
fn forbidden(before: &[Element], after: &[Element], context: &Context<'_>) -> Requirement {
    if !means(before) || !means(after) {
        return any_of(if means(before) { before } else { after }, context);
    }
    if after.first().is_some_and(|e| e.is(Cue::If)) {
        let condition = about(part(after, 1, after.len()), before, context);
        return Requirement::all(vec![any_of(before, context), condition]);
    }
    // "Are excluded because of ...", "from this trial" narrow nothing.
    let narrows = after.first().is_some_and(|e| {
        matches!(
            e.sense,
            Sense::Number(_) | Sense::Compare(_) | Sense::Cue(Cue::Except | Cue::Within | Cue::SettingMetastatic)
        )
    });
    if !narrows {
        return any_of(before, context);
    }
    let joined: Vec<Element> = before.iter().chain(after).cloned().collect();
    any_of(&joined, context)
}

/// "HR-positive patients must have received no prior X": binds whom the subject names.
fn forbidden_to_some(elements: &[Element], context: &Context<'_>) -> Option<Statement> {
    let at = find(elements, Cue::Naive)?;
    let verb = elements.get(at).filter(|e| e.text.starts_with("must") || e.text.starts_with("should"))?;
    let subject = part(elements, 0, at);
    if !means(subject)
        || verb.spaced && elements.get(at.checked_sub(1)?).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And))
    {
        return None;
    }
    let required = Statement::Requires(conditional(elements.get(at..)?, context));
    Some(guarded(positive(subject, context), required))
}

/// "More than 300 mg of X": an amount, which a verb of treatment alone would not say.
fn names_amount(elements: &[Element]) -> bool {
    elements.iter().zip(elements.iter().skip(1)).any(|(number, unit)| {
        matches!(number.sense, Sense::Number(_))
            && crate::grammar::windows::time_unit(unit).is_none()
            && matches!(unit.sense, Sense::Concept(Concept::Unit(_)) | Sense::Word)
    })
}

/// What follows "must not have received", with its verb.
fn with_verb(elements: &[Element], at: usize) -> Vec<Element> {
    let rest = part(elements, at + 1, elements.len());
    let verb = elements.get(at).filter(|e| !names_amount(rest) && e.text.ends_with("received")).map(|e| Element {
        sense: Sense::Cue(Cue::Received),
        text: "received".into(),
        ..e.clone()
    });
    verb.into_iter().chain(rest.iter().cloned()).collect()
}

/// What is forbidden: of a list of several kinds, any of them.
fn any_of(body: &[Element], context: &Context<'_>) -> Requirement {
    // A list under a prohibition is one of things that keep out; amounts ("more than 300 mg of X") are left to themselves.
    let section = if names_amount(body) { context.section } else { Section::Exclusion };
    let context = &Context { section, ..context.clone() };
    let whole = positive(body, context);
    let listed = outside(body).any(|(_, e)| e.is_char(',')) && outside(body).any(|(_, e)| e.is(Cue::Or));
    if !listed || !matches!(whole, Requirement::All(_)) {
        return whole;
    }
    let Some(members) = coordination::alternatives(body) else { return whole };
    let members: Vec<Requirement> = members.iter().map(|m| positive(m, context)).collect();
    if members.iter().any(Requirement::has_unread) { whole } else { Requirement::any(members) }
}

/// "X must A and must B": both halves, each with the subject.
fn two_demands(elements: &[Element], first: usize) -> Option<(Vec<Element>, Vec<Element>)> {
    let joint = outside(elements)
        .find(|(at, e)| {
            *at > first
                && e.is(Cue::And)
                && elements.get(at + 1).is_some_and(|next| next.is(Cue::Must) && next.text != "only")
        })
        .map(|(at, _)| at)?;
    let subject = elements.get(..first)?;
    let before = elements.get(..joint)?;
    let second: Vec<Element> = subject.iter().chain(elements.get(joint + 1..)?).cloned().collect();
    let second = remained(&second, before).unwrap_or(second);
    Some((before.to_vec(), second))
}

/// "Must have had X and must have remained on treatment for 2 months": on X.
fn remained(second: &[Element], before: &[Element]) -> Option<Vec<Element>> {
    let treatment = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Drug(_) | Concept::DrugClass(_)));
    let stays = second.iter().position(|e| {
        ["remain", "stay", "continue"].iter().any(|verb| e.text.split(' ').any(|word| word.starts_with(verb)))
    })?;
    let generic = (stays..stays + 4).find(|&at| {
        second.get(at).is_some_and(|e| e.text.split(' ').any(|w| matches!(w, "treatment" | "therapy" | "it" | "drug")))
    })?;
    let number = (generic + 1..generic + 4).find(|&at| {
        second.get(at).is_some_and(|e| matches!(e.sense, Sense::Number(_)))
            && second.get(at + 1).is_some_and(|e| crate::grammar::windows::time_unit(e).is_some())
    })?;
    if second.iter().any(treatment) {
        return None;
    }
    let named: Vec<Element> = before.iter().filter(|e| treatment(e)).cloned().collect();
    let place = second.get(generic)?;
    let mut out = second.get(..stays)?.to_vec();
    out.push(Element { sense: Sense::Cue(Cue::Received), text: "received".into(), ..place.clone() });
    let [one] = named.as_slice() else { return None };
    out.push(one.clone());
    let least = second.get(generic + 1..number)?.iter().find(|e| matches!(e.sense, Sense::Compare(_)));
    let sense = least.map_or(Sense::Compare(Comparison::GreaterEqual), |e| e.sense);
    out.push(Element { sense, text: "for at least".into(), ..place.clone() });
    out.extend(second.get(number..)?.iter().cloned());
    Some(out)
}

/// "Radiotherapy must have been completed at least 14 days before registration": not within 14 days.
pub(super) fn ended(subject: &[Element], body: &[Element], context: &Context<'_>) -> Option<Requirement> {
    if let Some(apart) = ended_before_relapse(subject, body, context) {
        return Some(apart);
    }
    let verb = body.iter().position(|e| !is_neutral(e) || structure::holds(Words::Ended, &e.text))?;
    if !body.get(verb).is_some_and(|e| structure::holds(Words::Ended, &e.text)) {
        return None;
    }
    let rest = body.get(verb + 1..)?;
    let at = rest.iter().position(|e| matches!(e.sense, Sense::Compare(_) | Sense::Number(_)))?;
    let number = at + usize::from(rest.get(at).is_some_and(|e| matches!(e.sense, Sense::Compare(_))));
    let longer = number == at
        || rest
            .get(at)
            .is_some_and(|e| matches!(e.sense, Sense::Compare(Comparison::GreaterEqual | Comparison::Greater)));
    let timed = rest.get(number + 1).is_some_and(|e| crate::grammar::windows::time_unit(e).is_some());
    let before = rest.get(number + 2).is_none_or(|e| e.is(Cue::Before) || is_neutral(e));
    let tail_is_idle =
        rest.iter().skip(number + 2).all(|e| e.is(Cue::Before) || e.is(Cue::Investigational) || is_neutral(e));
    if !longer || !timed || !before || !tail_is_idle || !rest.iter().take(at).all(is_neutral) {
        return None;
    }
    let place = rest.get(at)?;
    let mut joined = subject.to_vec();
    // "Chemotherapy and radiotherapy": each of them must be over.
    for element in joined.iter_mut().filter(|e| e.is(Cue::And)) {
        element.sense = Sense::Cue(Cue::Or);
    }
    joined.push(Element { sense: Sense::Cue(Cue::Within), text: "within".into(), ..place.clone() });
    joined.extend(rest.get(number..number + 2)?.iter().cloned());
    let read = positive(&joined, context);
    (!read.has_unread()).then(|| read.negated())
}

/// "Adjuvant X if its last dose was more than 12 months before recurrence": the recurrence came more than 12 months after X.
fn ended_before_relapse(subject: &[Element], body: &[Element], context: &Context<'_>) -> Option<Requirement> {
    let timed = |at: usize| body.get(at).is_some_and(|e| crate::grammar::windows::time_unit(e).is_some());
    let number = (0..body.len())
        .find(|&at| timed(at + 1) && body.get(at).is_some_and(|e| matches!(e.sense, Sense::Number(_))))?;
    let relapse = |e: &Element| e.is(Cue::Recurrent) || e.is(Cue::ProgressiveDisease) || e.is(Cue::Progressed);
    let rest = body.get(number + 2..)?;
    let before = rest.iter().position(relapse)?;
    let joined = rest.get(..before)?;
    let plain = |e: &Element| {
        is_neutral(e)
            || matches!(e.sense, Sense::Cue(Cue::Before | Cue::Since | Cue::LastDose) | Sense::Ordinal(1))
            || structure::holds(Words::Ended, &e.text)
            || ENDINGS.contains(&e.text.as_str())
    };
    let relates = joined.iter().any(|e| e.is(Cue::Before)) || joined.iter().any(|e| e.is(Cue::Since));
    let compared = body.get(..number)?.iter().rposition(|e| matches!(e.sense, Sense::Compare(_)));
    let opening = body.get(..compared.unwrap_or(number))?;
    let ended = |e: &Element| {
        e.is(Cue::LastDose) || structure::holds(Words::Ended, &e.text) || ENDINGS.contains(&e.text.as_str())
    };
    // "Was given for 12 months before relapse" says how long.
    let ends = opening.iter().chain(joined).any(ended);
    let idle = |e: &Element| plain(e) || e.text == "the last";
    let tail = rest.get(before + 1..)?.iter().all(is_neutral);
    if !relates || !ends || !tail || !opening.iter().all(idle) || !joined.iter().all(plain) {
        return None;
    }
    let place = rest.get(before)?;
    let mut out = vec![Element { sense: Sense::Cue(Cue::Recurrent), text: "relapse".into(), ..place.clone() }];
    out.extend(body.get(compared.unwrap_or(number)..number + 2)?.iter().cloned());
    out.push(Element { sense: Sense::Cue(Cue::After), text: "after completion of".into(), ..place.clone() });
    out.extend(subject.iter().cloned());
    let read = positive(&out, context);
    (!read.has_unread()).then_some(read)
}

/// Words for the end of a treatment.
const ENDINGS: &[&str] =
    &["administration", "dose", "last dose", "last treatment", "completed", "stopped", "ended", "discontinued", "end"];

/// Whether nothing but diseases is named, and all of it was read.
fn diseases_only(requirement: &Requirement) -> bool {
    let named = subjects(requirement);
    !requirement.has_unread() && !named.is_empty() && named.iter().all(|atom| matches!(atom, Atom::Condition(_)))
}

/// Whether nothing but treatment received is named, and all of it was read.
fn treated_only(requirement: &Requirement) -> bool {
    let named = subjects(requirement);
    !requirement.has_unread() && !named.is_empty() && named.iter().all(|atom| matches!(atom, Atom::Therapy(_)))
}

/// The sex that a subject names, where it names one and nothing besides.
pub(super) fn one_sex(subject: &[Element]) -> Option<Sex> {
    let names = |cue| subject.iter().any(|e| e.is(cue));
    match (names(Cue::Female), names(Cue::Male)) {
        (true, false) => Some(Sex::Female),
        (false, true) => Some(Sex::Male),
        _ => None,
    }
}

/// Whether a verb stands in a clause that describes the noun before it: "lesions that can be measured".
pub(super) fn is_relative(elements: &[Element], at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|before| elements.get(before))
        .is_some_and(|e| matches!(e.text.as_str(), "that" | "which"))
}

/// "Skin metastases that can be photographed": the noun, narrowed by what is said of it.
pub(super) fn described(elements: &[Element], at: usize, context: &Context<'_>) -> Statement {
    let noun = positive(part(elements, 0, at.saturating_sub(1)), context);
    let read = if noun.has_unread() || noun == Requirement::Nothing {
        positive(elements, context)
    } else {
        Requirement::all(vec![noun, Requirement::Unread(span_of(part(elements, at, elements.len())))])
    };
    match context.section {
        Section::Inclusion => Statement::Requires(read),
        Section::Exclusion => Statement::Excludes(read),
    }
}

/// Of a washout, the interval alone: whoever never had the treatment has nothing to wash out.
pub(super) fn intervals(read: Requirement) -> Requirement {
    let had = |r: &Requirement| matches!(r, Requirement::Atom(Atom::Therapy(t)) if t.window.is_none());
    match read {
        Requirement::All(members) => Requirement::all(members.into_iter().filter(|m| !had(m)).collect()),
        other => other,
    }
}

/// "Is eligible", "allowed if", and not "an eligible lesion".
pub(super) fn is_verb(elements: &[Element], at: usize) -> bool {
    let bare = elements
        .get(at)
        .is_some_and(|e| matches!(e.text.as_str(), "eligible" | "acceptable" | "allowed" | "permitted" | "allowable"));
    // "The patient is allowed one prior line".
    let auxiliary = at
        .checked_sub(1)
        .and_then(|before| elements.get(before))
        .is_some_and(|e| e.text.split(' ').next_back().is_some_and(|word| matches!(word, "is" | "are")));
    !bare
        || auxiliary
        || elements.get(at + 1).is_none_or(|next| {
            matches!(
                next.sense,
                Sense::Punctuation(_)
                    | Sense::Cue(
                        Cue::If
                            | Cue::And
                            | Cue::Or
                            | Cue::Unless
                            | Cue::Except
                            | Cue::Before
                            | Cue::After
                            | Cue::Within
                            | Cue::Anchor
                    )
            ) || matches!(
                next.text.as_str(),
                "for" | "to" | "in" | "on" | "as" | "at" | "during" | "per" | "with" | "into"
            )
        })
}

/// A requirement that may carry a condition behind it: "Y if X".
pub(super) fn conditional(elements: &[Element], context: &Context<'_>) -> Requirement {
    under(elements, context, |read, _| read)
}

/// The same behind "must", where the condition says when Y is asked, and may be known by its words alone.
fn conditional_demand(elements: &[Element], context: &Context<'_>) -> Requirement {
    under(elements, context, case)
}

fn under(
    elements: &[Element],
    context: &Context<'_>,
    known: fn(Requirement, &[Element]) -> Requirement,
) -> Requirement {
    // Bounds with another limit under a condition ("or 3 x ULN in the presence of ...") are read whole.
    if elements.iter().any(|e| matches!(e.sense, Sense::Concept(Concept::Lab(_) | Concept::LabGroup(_)))) {
        let whole = positive(elements, context);
        if !whole.has_unread() {
            return whole;
        }
    }
    match find(elements, Cue::If).filter(|at| *at > 0) {
        Some(at) => {
            let condition = part(elements, at + 1, elements.len());
            let guard = known(positive(condition, context), condition);
            Requirement::when(guard, positive(part(elements, 0, at), context))
        }
        None => positive(elements, context),
    }
}

/// A sentence without modal words: what the section makes of it.
pub(super) fn bare(elements: &[Element], context: &Context<'_>) -> Statement {
    let at = elements.iter().position(|e| !is_neutral(e));
    let negated = at
        .and_then(|at| elements.get(at))
        .is_some_and(|e| e.is(Cue::Not) || e.is(Cue::Naive) && e.text.starts_with("no "));
    if context.section == Section::Inclusion {
        return Statement::Requires(conditional(elements, context));
    }
    // "No X" under Exclusion forbids X by its evident meaning (convention 23); "lack of X", "have not had X" do exclude
    // whoever has no X.
    if negated
        && let Some(first) = at.and_then(|at| elements.get(at))
        && first.is(Cue::Not)
        && first.text.starts_with("no")
        && !first.text.starts_with("not")
    {
        let body = positive(elements.get(at.unwrap_or(0) + 1..).unwrap_or_default(), context);
        // No trial keeps out whoever has measurable disease: here "no" means no.
        let wanted = |r: &Requirement| matches!(r, Requirement::Atom(Atom::Measurable(_)));
        return Statement::Excludes(if wanted(&body) { body.negated() } else { body });
    }
    let body = match find(elements, Cue::If).filter(|at| *at > 0) {
        Some(at) => {
            let condition = part(elements, at + 1, elements.len());
            let read = positive(part(elements, 0, at), context);
            Requirement::all(vec![read, case(positive(condition, context), condition)])
        }
        None => positive(elements, context),
    };
    // "The dose must not exceed X" says what must be.
    let demands = |e: &Element| {
        matches!(e.sense, Sense::Compare(_)) && ["must", "should", "shall"].iter().any(|verb| e.text.starts_with(verb))
    };
    if elements.iter().any(demands) {
        return Statement::Requires(body);
    }
    // "No prior X" under Exclusion forbids X all the same.
    if negated && at.and_then(|at| elements.get(at)).is_some_and(|e| e.is(Cue::Naive) && !e.text.contains("more")) {
        return Statement::Excludes(body.negated());
    }
    // "At least one line, but not more than three" under Exclusion stands under the wrong heading (convention 23).
    if elements.iter().any(|e| e.is(Cue::And) && e.text == AND_AT_MOST) && is_range(&body) {
        return Statement::Requires(body);
    }
    Statement::Excludes(body)
}

/// What a subject must be: "brain lesions should be small and stable" names the lesions once.
fn demanded(alone: Requirement, body: &[Element], subject: &[Element], context: &Context<'_>) -> Requirement {
    let site = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Site(_)));
    if !alone.has_unread() || !subject.iter().any(site) {
        return alone;
    }
    let joined: Vec<Element> = subject.iter().chain(body).cloned().collect();
    let about = conditional(&joined, context);
    if about.unread().len() < alone.unread().len() { about } else { alone }
}
