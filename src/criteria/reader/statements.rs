//! Statements: what must be, must not be, may be, and under which condition.

use crate::criteria::administrative;
use crate::criteria::atom::Atom;
use crate::criteria::central_nervous_system::{CentralNervousSystem, Feature};
use crate::criteria::conditions::{self as diseases, What};
use crate::criteria::context::Context;
use crate::criteria::lines_of_therapy::Lines;
use crate::criteria::reader::coordination::{self, outside, trim};
use crate::criteria::reader::counting::{is_range, rule_of_counting, with_counted};
use crate::criteria::reader::simplify::{AND_AT_MOST, simplify};
use crate::criteria::requirement::{Requirement, Section};
use crate::criteria::sex;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::{is_neutral, span_of};
use crate::lexicon::concepts::Concept;
use crate::lexicon::conditions;
use crate::patient::profile::Sex;

/// What a sentence does.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one lives per sentence, and only while it is read")]
enum Statement {
    /// The patient may enter where this is true.
    Requires(Requirement),
    /// Whoever is so (positive sense) is kept out.
    Excludes(Requirement),
    /// Whoever is so (positive sense) may enter, under the condition where there is one: behind an exclusion it is its
    /// exception; alone it asks the condition of whoever is so, or nothing.
    Permits(Requirement, Option<Requirement>),
    /// Asks nothing.
    Nothing,
}

/// How many elements an item has at most that is read: some 10,000 characters. A longer one is a text without its line
/// breaks; it is left unread and shown whole, since the time that lists take grows faster than their length.
const LONGEST: usize = 2000;

/// Reads an item of one or more sentences in the sense of its section: true where the patient may enter.
pub fn read(elements: &[Element], context: &Context<'_>) -> Requirement {
    if elements.len() > LONGEST {
        return Requirement::Unread(span_of(elements));
    }
    let simple = simplify(elements);
    if let Some(requirement) = administrative::read_item(&simple, context) {
        return requirement;
    }
    let mut folded: Vec<Statement> = Vec::new();
    let mut permitted: Option<(Requirement, Requirement)> = None;
    let sentences = sentences(&simple);
    let rule = sentences.iter().position(|s| s.len() < simple.len() && rule_of_counting(s).is_some());
    let counted =
        rule.and_then(|at| sentences.get(at)).and_then(|s| rule_of_counting(s)).map(|what| positive(what, context));
    for (at, sentence) in sentences.into_iter().enumerate() {
        if rule == Some(at) {
            continue;
        }
        let statement = if let Some(judged) = judged(sentence, context) {
            judged
        } else if sentence.len() < simple.len() && binds_one_group(sentence) {
            Statement::Nothing
        } else {
            statement(sentence, context)
        };
        match statement {
            Statement::Nothing => {}
            Statement::Permits(who, condition) => {
                let exception =
                    Requirement::all([Some(who.clone()), condition.clone()].into_iter().flatten().collect());
                match folded.last_mut() {
                    Some(Statement::Excludes(excluded)) if related(excluded, &exception) => {
                        permitted = Some((excluded.clone(), exception.clone()));
                        *excluded = with_exception(excluded.clone(), &exception);
                        // The condition also binds whoever the exclusion alone would have let through (convention 6).
                        if let Some(condition) = condition.filter(|c| *c != Requirement::Confirm) {
                            folded.insert(folded.len() - 1, Statement::Requires(Requirement::when(who, condition)));
                        }
                    }
                    Some(Statement::Requires(Requirement::Not(excluded))) if related(excluded, &exception) => {
                        **excluded = with_exception((**excluded).clone(), &exception);
                    }
                    Some(Statement::Requires(required)) if condition.is_none() && related(required, &exception) => {
                        *required = Requirement::any(vec![required.clone(), exception]);
                    }
                    _ => folded.push(Statement::Permits(who, condition)),
                }
            }
            Statement::Requires(more) if context.section == Section::Exclusion && permitted.is_some() => {
                // "The dose must be below 2 mg": goes on with the exception before it.
                if let (Some((before, exception)), Some(last)) = (&mut permitted, folded.last_mut()) {
                    *exception = Requirement::all(vec![exception.clone(), more]);
                    *last = Statement::Excludes(with_exception(before.clone(), exception));
                }
            }
            other => {
                permitted = None;
                folded.push(other);
            }
        }
    }
    let read = Requirement::all(
        folded
            .into_iter()
            .map(|statement| match statement {
                Statement::Requires(r) => r,
                Statement::Excludes(r) => r.negated(),
                Statement::Permits(who, Some(condition)) => Requirement::when(who, condition),
                Statement::Permits(_, None) | Statement::Nothing => Requirement::Nothing,
            })
            .collect(),
    );
    match counted {
        Some(counted) => with_counted(read, &counted),
        None => read,
    }
}

/// A sentence that hands the decision to a person: settled only where the thing itself is absent (convention 20). What
/// is measured stays measured, whoever measures it.
fn judged(elements: &[Element], context: &Context<'_>) -> Option<Statement> {
    let at = find(elements, Cue::Judgement)?;
    // "An ECG that is abnormal in the investigator's opinion, or a stroke": each member is judged by itself.
    let modal = elements.iter().any(|e| {
        matches!(e.sense, Sense::Cue(Cue::Must | Cue::MustNot | Cue::Allowed | Cue::Forbidden | Cue::May | Cue::Unless))
    });
    if context.section == Section::Exclusion
        && !modal
        && let Some(members) = coordination::alternatives(elements)
    {
        let excluded =
            members.iter().map(|m| match judged(m, context).unwrap_or_else(|| statement(trim(m), context)) {
                Statement::Excludes(r) => r,
                Statement::Requires(r) => r.negated(),
                _ => Requirement::Confirm,
            });
        return Some(Statement::Excludes(Requirement::any(excluded.collect())));
    }
    let mut rest = elements.to_vec();
    rest.remove(at);
    rest.retain(|e| !e.is(Cue::Judgement));
    let statement = statement(trim(&rest), context);
    let measured = |r: &Requirement| {
        !r.has_unread()
            && subjects(r).iter().all(|a| {
                matches!(
                    a,
                    Atom::Laboratory(_)
                        | Atom::PerformanceStatus(_)
                        | Atom::Open(_)
                        | Atom::Measurable(_)
                        | Atom::Age(_)
                        | Atom::Her2(_)
                        | Atom::Receptor(_)
                )
            })
            && !subjects(r).is_empty()
    };
    Some(match statement {
        Statement::Requires(r) if measured(&r) => Statement::Requires(r),
        Statement::Excludes(r) if measured(&r) => Statement::Excludes(r),
        Statement::Requires(r) => Statement::Requires(hand_over(r)),
        Statement::Excludes(r) => Statement::Excludes(hand_over(r)),
        Statement::Permits(r, _) if r.has_unread() => Statement::Nothing,
        other => other,
    })
}

/// What was understood of a thing that a person judges; the rest is theirs.
fn hand_over(requirement: Requirement) -> Requirement {
    match understood(requirement) {
        Some(Requirement::Nothing) | None => Requirement::Confirm,
        Some(clean) => Requirement::Judged(Box::new(clean)),
    }
}

fn understood(requirement: Requirement) -> Option<Requirement> {
    match requirement {
        Requirement::All(members) => {
            let clean: Vec<Requirement> = members.into_iter().filter_map(understood).collect();
            (!clean.is_empty()).then(|| Requirement::all(clean))
        }
        other if other.has_unread() => None,
        other => Some(other),
    }
}

/// Cuts at full stops outside brackets.
fn sentences(elements: &[Element]) -> Vec<&[Element]> {
    // A semicolon ends a sentence where a clause with a verb of its own follows.
    let modal = |from: usize| {
        elements.iter().skip(from).take_while(|e| !e.is_char(';') && !e.is_char('.')).any(|e| {
            matches!(
                e.sense,
                Sense::Cue(Cue::Must | Cue::MustNot | Cue::Allowed | Cue::Forbidden | Cue::May | Cue::NoLimit)
            )
        })
    };
    let ends: Vec<usize> = outside(elements)
        .filter(|(at, e)| {
            e.is_char('.') && elements.get(at + 1).is_none_or(|next| next.spaced)
                || (e.is_char(';') || e.is(Cue::And) && e.text == "but") && modal(at + 1)
        })
        .map(|(at, _)| at)
        .collect();
    // Two sentences run together: "... 1.5 mg/dL Patients with ...".
    let starts: Vec<usize> = outside(elements)
        .filter(|(at, e)| {
            *at > 2
                && e.capital
                && ["patient", "participant", "subject", "individual", "women"].iter().any(|w| e.text.starts_with(w))
                && elements
                    .get(at - 1)
                    .is_some_and(|b| matches!(b.sense, Sense::Concept(_) | Sense::Number(_) | Sense::Word))
        })
        .map(|(at, _)| at)
        .collect();
    let mut ends: Vec<(usize, usize)> =
        ends.into_iter().map(|at| (at, at + 1)).chain(starts.into_iter().map(|at| (at, at))).collect();
    ends.sort_unstable();
    let mut out = Vec::new();
    let mut from = 0;
    for (end, next) in ends {
        out.extend(elements.get(from..end).map(trim).filter(|s| !s.is_empty()));
        from = next;
    }
    out.extend(elements.get(from..).map(trim).filter(|s| !s.is_empty()));
    out
}

fn find(elements: &[Element], cue: Cue) -> Option<usize> {
    outside(elements).find(|(_, e)| e.is(cue)).map(|(at, _)| at)
}

fn part(elements: &[Element], from: usize, to: usize) -> &[Element] {
    trim(elements.get(from..to.max(from)).unwrap_or_default())
}

fn means(elements: &[Element]) -> bool {
    elements.iter().any(|e| !is_neutral(e) && !matches!(e.sense, Sense::Cue(Cue::Female | Cue::Male)))
}

fn positive(elements: &[Element], context: &Context<'_>) -> Requirement {
    if !means(elements) && !elements.iter().any(|e| e.is(Cue::Female) || e.is(Cue::Male)) {
        return Requirement::Unread(span_of(elements));
    }
    // "Treated, and not have A, B or C": the denial reaches to the end of its list.
    if let Some((left, right)) = denied_list(elements) {
        let (left, right) = (coordination::read(left, context), coordination::read(right, context));
        if left.claimed || right.claimed {
            return Requirement::all(vec![left.requirement, right.requirement.negated()]);
        }
    }
    coordination::read(elements, context).requirement
}

/// The two sides of "and not" behind which a list of alternatives with subjects of their own stands.
fn denied_list(elements: &[Element]) -> Option<(&[Element], &[Element])> {
    let at = outside(elements)
        .find(|(at, e)| {
            *at > 0
                && e.is(Cue::And)
                && elements.get(at + 1).is_some_and(|next| next.is(Cue::Not) && next.text.starts_with("not"))
        })
        .map(|(at, _)| at)?;
    let (left, right) = (elements.get(..at)?, elements.get(at + 2..)?);
    let or = |part: &[Element]| outside(part).any(|(_, e)| e.is(Cue::Or));
    let subject = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Condition(_) | Concept::Site(_)));
    (or(right) && !or(left) && right.iter().filter(|e| subject(e)).count() > 1).then_some((trim(left), trim(right)))
}

/// Reads a condition that may leave its subject out: "brain metastases, unless stable".
fn about(elements: &[Element], subject: &[Element], context: &Context<'_>) -> Requirement {
    let alone = positive(elements, context);
    let site = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Site(_)));
    let named = elements.iter().any(site) || !subject.iter().any(site);
    if !alone.has_unread() && (named || central_feature(&alone).is_some()) {
        return alone;
    }
    let mut joined: Vec<Element> = subject.iter().filter(|e| names_subject(e)).cloned().collect();
    if joined.is_empty() {
        return alone;
    }
    joined.extend(elements.iter().cloned());
    let with_subject = positive(&joined, context);
    let central = || central_feature(&with_subject).is_some();
    if with_subject.unread().len() < alone.unread().len() || !with_subject.has_unread() && central() {
        with_subject
    } else {
        alone
    }
}

fn names_subject(element: &Element) -> bool {
    matches!(
        element.sense,
        Sense::Concept(
            Concept::Site(_) | Concept::Condition(_) | Concept::Drug(_) | Concept::DrugClass(_) | Concept::Cancer(_)
        )
    ) || element.is(Cue::MetastaticDisease)
}

/// "For phase 2, patients must have ...": binds one group of an item that names others; the patient passes by the best
/// group (convention 28).
fn binds_one_group(elements: &[Element]) -> bool {
    let words: Vec<&str> = elements.iter().take(3).map(|e| e.text.as_str()).collect();
    matches!(words.as_slice(), ["for" | "in", "phase" | "cohort" | "arm" | "part", ..])
}

/// Reads one sentence.
fn statement(elements: &[Element], context: &Context<'_>) -> Statement {
    if tells_procedure(elements) {
        return Statement::Nothing;
    }
    // "See below for ..." points elsewhere.
    if elements.is_empty()
        || elements.first().is_some_and(|e| e.is(Cue::Filler) && (e.text == "see" || e.text == "refer to"))
    {
        return Statement::Nothing;
    }
    // "If X, then Y"; "For patients with X: Y".
    if elements.first().is_some_and(|e| e.is(Cue::If))
        && !elements.first().is_some_and(|e| e.text == "when" || e.text == "where")
    {
        let comma = outside(elements)
            .find(|(at, e)| *at > 0 && (e.is_char(',') || e.is_char(':') || e.is(Cue::Must) || e.is(Cue::MustNot)))
            .map(|(at, _)| at);
        if let Some(at) = comma {
            let guard = positive(part(elements, 1, at), context);
            return guarded(guard, statement(trim(elements.get(at..).unwrap_or_default()), context));
        }
    }
    if let Some(at) = find(elements, Cue::Unless).filter(|at| *at > 0) {
        let main = statement(part(elements, 0, at), context);
        let exception = about(part(elements, at + 1, elements.len()), part(elements, 0, at), context);
        return match main {
            Statement::Excludes(r) if exception.has_unread() && !r.has_unread() => {
                let words = said(part(elements, at + 1, elements.len()));
                let open = diseases::except_words(r.clone(), &words);
                Statement::Excludes(open.unwrap_or_else(|| Requirement::all(vec![r, exception.negated()])))
            }
            Statement::Excludes(r) => Statement::Excludes(Requirement::all(vec![r, exception.negated()])),
            Statement::Requires(r) => Statement::Requires(Requirement::any(vec![r, exception])),
            other => other,
        };
    }
    modal(elements, context)
}

/// The words of a clause.
fn said(elements: &[Element]) -> String {
    elements.iter().map(|e| e.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whether a subject is nothing but an interval: "a washout period of 2 weeks".
fn is_washout(elements: &[Element]) -> bool {
    elements.iter().any(|e| e.is(Cue::Since))
        && elements.iter().all(|e| {
            e.is(Cue::Since)
                || crate::grammar::windows::time_unit(e).is_some()
                || matches!(e.sense, Sense::Number(_) | Sense::Compare(_))
                || is_neutral(e)
        })
}

/// "Receptor status will be determined by the local laboratory": how the study is run, nothing of the patient
/// (convention 39).
fn tells_procedure(elements: &[Element]) -> bool {
    let will = elements.iter().position(|e| e.is(Cue::Filler) && e.text == "will be");
    let verb = |e: &Element| {
        [
            "determined",
            "assessed",
            "evaluated",
            "measured",
            "performed",
            "collected",
            "recorded",
            "monitored",
            "defined",
        ]
        .iter()
        .any(|v| e.text.starts_with(v))
    };
    will.and_then(|at| elements.get(at + 1)).is_some_and(verb)
        && !elements.iter().any(|e| {
            matches!(
                e.sense,
                Sense::Number(_)
                    | Sense::Cue(Cue::Must | Cue::MustNot | Cue::Not | Cue::Forbidden | Cue::Allowed | Cue::If)
            )
        })
}

/// Puts a statement under a condition.
fn guarded(guard: Requirement, statement: Statement) -> Statement {
    match statement {
        Statement::Requires(r) => Statement::Requires(Requirement::when(guard, r)),
        Statement::Excludes(r) => Statement::Excludes(Requirement::all(vec![guard, r])),
        other => other,
    }
}

/// Sentences by their modal words.
fn modal(elements: &[Element], context: &Context<'_>) -> Statement {
    // "A washout of 2 weeks is required for X", "at least 4 weeks since X" require the interval in either section.
    if find(elements, Cue::Since).is_some() && elements.iter().any(|e| crate::grammar::windows::time_unit(e).is_some())
    {
        let read = positive(elements, context);
        if !read.has_unread() && matches!(read, Requirement::Not(_) | Requirement::All(_)) {
            return Statement::Requires(intervals(read));
        }
    }
    if find(elements, Cue::NoLimit).is_some() && find(elements, Cue::Must).is_none() {
        return Statement::Nothing;
    }
    if let Some(at) = find(elements, Cue::Forbidden) {
        let body = [part(elements, 0, at), part(elements, at + 1, elements.len())];
        let body = body.into_iter().find(|b| means(b)).unwrap_or_default();
        return Statement::Excludes(positive(body, context));
    }
    let verb =
        outside(elements).find(|(at, e)| e.is(Cue::Allowed) && is_verb(elements, *at) && !is_relative(elements, *at));
    if let Some((at, _)) = verb {
        return permission(part(elements, 0, at), part(elements, at + 1, elements.len()), context);
    }
    if let Some(at) = find(elements, Cue::MustNot) {
        let subject = part(elements, 0, at);
        let body = positive(part(elements, at + 1, elements.len()), context);
        return if means(subject) {
            guarded(positive(subject, context), Statement::Excludes(body))
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
    let demands = |e: &Element| e.is(Cue::Must) && (context.section == Section::Inclusion || e.text != "only");
    if let Some(at) = outside(elements).find(|(_, e)| demands(e)).map(|(at, _)| at) {
        let subject = part(elements, 0, at);
        let body = part(elements, at + 1, elements.len());
        // "A washout of 2 weeks is required for X" has no premise.
        if is_washout(subject) && means(body) {
            let joined: Vec<Element> = subject.iter().chain(body).cloned().collect();
            return Statement::Requires(conditional(&joined, context));
        }
        if means(subject) && means(body) {
            let guard = positive(subject, context);
            return guarded(guard, Statement::Requires(demanded(body, subject, context)));
        }
        let (asked, whom) = if means(body) { (body, subject) } else { (subject, body) };
        let required = Statement::Requires(conditional(asked, context));
        // "Women must be postmenopausal", "postmenopausal status is required for women": binds women.
        return match one_sex(whom) {
            Some(sex) => guarded(sex::is(sex), required),
            None => required,
        };
    }
    bare(elements, context)
}

/// The sex that a subject names, where it names one and nothing besides.
fn one_sex(subject: &[Element]) -> Option<Sex> {
    let names = |cue| subject.iter().any(|e| e.is(cue));
    match (names(Cue::Female), names(Cue::Male)) {
        (true, false) => Some(Sex::Female),
        (false, true) => Some(Sex::Male),
        _ => None,
    }
}

/// Whether a verb stands in a clause that describes the noun before it: "lesions that can be measured".
fn is_relative(elements: &[Element], at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|before| elements.get(before))
        .is_some_and(|e| matches!(e.text.as_str(), "that" | "which"))
}

/// "Skin metastases that can be photographed": the noun, narrowed by what is said of it.
fn described(elements: &[Element], at: usize, context: &Context<'_>) -> Statement {
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
fn intervals(read: Requirement) -> Requirement {
    let had = |r: &Requirement| matches!(r, Requirement::Atom(Atom::Therapy(t)) if t.window.is_none());
    match read {
        Requirement::All(members) => Requirement::all(members.into_iter().filter(|m| !had(m)).collect()),
        other => other,
    }
}

/// "Is eligible", "allowed if", and not "an eligible lesion".
fn is_verb(elements: &[Element], at: usize) -> bool {
    let bare = elements
        .get(at)
        .is_some_and(|e| matches!(e.text.as_str(), "eligible" | "acceptable" | "allowed" | "permitted" | "allowable"));
    !bare
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
fn conditional(elements: &[Element], context: &Context<'_>) -> Requirement {
    // Bounds with another limit under a condition ("or 3 x ULN in the presence of ...") are read whole.
    if elements.iter().any(|e| matches!(e.sense, Sense::Concept(Concept::Lab(_) | Concept::LabGroup(_)))) {
        let whole = positive(elements, context);
        if !whole.has_unread() {
            return whole;
        }
    }
    match find(elements, Cue::If).filter(|at| *at > 0) {
        Some(at) => {
            let guard = positive(part(elements, at + 1, elements.len()), context);
            Requirement::when(guard, positive(part(elements, 0, at), context))
        }
        None => positive(elements, context),
    }
}

/// What a subject must be: "brain lesions should be small and stable" names the lesions once.
fn demanded(body: &[Element], subject: &[Element], context: &Context<'_>) -> Requirement {
    let alone = conditional(body, context);
    let site = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Site(_)));
    if !alone.has_unread() || !subject.iter().any(site) {
        return alone;
    }
    let joined: Vec<Element> = subject.iter().chain(body).cloned().collect();
    let about = conditional(&joined, context);
    if about.unread().len() < alone.unread().len() { about } else { alone }
}

/// "X is allowed", "X is allowed if C", "may have X", "up to 2 X are allowed".
fn permission(before: &[Element], after: &[Element], context: &Context<'_>) -> Statement {
    let condition_at = after.iter().position(|e| e.is(Cue::If));
    let (after_body, condition) = match condition_at {
        Some(at) => (part(after, 0, at), Some(part(after, at + 1, after.len()))),
        None => (after, None),
    };
    let body = if means(before) { before } else { after_body };
    // A number in a permission is a cap (convention 40).
    let read = positive(body, context);
    let explicit = body.iter().any(|e| matches!(e.sense, Sense::Compare(_)) || e.is(Cue::OrMore));
    if let Some(cap) = cap(&read, explicit) {
        return Statement::Requires(cap);
    }
    let condition = condition.map(|c| if means(c) { about(c, body, context) } else { Requirement::Confirm });
    if condition.is_none() && before.iter().chain(after).any(|e| e.text == "only") {
        return Statement::Requires(Requirement::Unread(span_of(body)));
    }
    match central_feature(&read) {
        // The feature is the disease, not its treated state (convention 30).
        Some(disease) if read != disease || condition.is_some() => {
            let asked = Requirement::all([Some(read), condition].into_iter().flatten().collect());
            Statement::Permits(disease, Some(asked))
        }
        _ => Statement::Permits(read, condition),
    }
}

/// The disease of the central nervous system that a permission speaks of, without its state; `None` where it speaks of
/// something else as well, or permits one state among others.
fn central_feature(read: &Requirement) -> Option<Requirement> {
    let mut atoms = Vec::new();
    let mut open = false;
    read.visit(&mut |r| match r {
        Requirement::Atom(Atom::CentralNervousSystem(atom)) => atoms.push(*atom),
        Requirement::Atom(_) | Requirement::Unread(_) | Requirement::Partly(..) => open = true,
        _ => {}
    });
    let first = *atoms.first().filter(|_| !open)?;
    let same = atoms.iter().all(|atom| atom.region == first.region);
    let one_state = matches!(read, Requirement::Atom(_) | Requirement::Any(_))
        && atoms.iter().any(|a| a.feature != Feature::Present);
    (same && !one_state).then_some(Requirement::Atom(Atom::CentralNervousSystem(CentralNervousSystem {
        region: first.region,
        feature: Feature::Present,
    })))
}

/// What a number of lines in a permission asks: a bare number is a cap; written bounds stay, where one of them is a cap.
fn cap(read: &Requirement, explicit: bool) -> Option<Requirement> {
    let members = match read {
        Requirement::All(members) => members.as_slice(),
        one => std::slice::from_ref(one),
    };
    let lines: Vec<&Lines> =
        members.iter().filter_map(|m| if let Requirement::Atom(Atom::Lines(l)) = m { Some(l) } else { None }).collect();
    let caps = |l: &Lines| matches!(l.comparison, Comparison::Less | Comparison::LessEqual);
    if lines.is_empty() || explicit && !lines.iter().any(|l| caps(l)) {
        return None;
    }
    let bounds = lines.into_iter().map(|l| {
        let comparison = if explicit || caps(l) { l.comparison } else { Comparison::LessEqual };
        Requirement::Atom(Atom::Lines(Lines { comparison, ..l.clone() }))
    });
    Some(Requirement::all(bounds.collect()))
}

/// A sentence without modal words: what the section makes of it.
fn bare(elements: &[Element], context: &Context<'_>) -> Statement {
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
        Some(at) => Requirement::all(vec![
            positive(part(elements, 0, at), context),
            positive(part(elements, at + 1, elements.len()), context),
        ]),
        None => positive(elements, context),
    };
    // "At least one line, but not more than three" under Exclusion stands under the wrong heading (convention 23).
    if elements.iter().any(|e| e.is(Cue::And) && e.text == AND_AT_MOST) && is_range(&body) {
        return Statement::Requires(body);
    }
    Statement::Excludes(body)
}

/// Adds an exception to what an exclusion names, where both speak of the same thing.
fn with_exception(excluded: Requirement, exception: &Requirement) -> Requirement {
    match excluded {
        Requirement::Any(members) => {
            Requirement::Any(members.into_iter().map(|m| with_exception(m, exception)).collect())
        }
        other if related(&other, exception) => {
            let narrowed = matches!(other, Requirement::Atom(Atom::Condition(_)))
                .then(|| diseases::except(other.clone(), exception))
                .flatten();
            narrowed.unwrap_or_else(|| Requirement::all(vec![other, exception.clone().negated()]))
        }
        other => other,
    }
}

/// Whether two requirements speak of the same thing.
fn related(a: &Requirement, b: &Requirement) -> bool {
    subjects(a).iter().any(|x| subjects(b).iter().any(|y| same_subject(x, y)))
}

fn subjects(requirement: &Requirement) -> Vec<Atom> {
    let mut out = Vec::new();
    requirement.visit(&mut |r| {
        if let Requirement::Atom(atom) = r {
            out.push(atom.clone());
        }
    });
    out
}

fn same_subject(a: &Atom, b: &Atom) -> bool {
    match (a, b) {
        (Atom::CentralNervousSystem(_) | Atom::Site(_), Atom::CentralNervousSystem(_) | Atom::Site(_)) => true,
        (Atom::Measurable(_), Atom::Measurable(_) | Atom::Site(_)) => true,
        (Atom::Condition(x), Atom::Condition(y)) => same_disease(&x.what, &y.what),
        (Atom::Therapy(x), Atom::Therapy(y)) => x.same_subject(y),
        (Atom::Medication(_), Atom::Medication(_)) => true,
        _ => false,
    }
}

/// Whether two conditions are the same or one is a kind of the other.
fn same_disease(a: &What, b: &What) -> bool {
    match (a, b) {
        (What::Row(a), What::Row(b)) => {
            conditions::is_a(*a as usize, *b as usize) || conditions::is_a(*b as usize, *a as usize)
        }
        (a, b) => a == b,
    }
}
