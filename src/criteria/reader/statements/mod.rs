//! Statements: what must be, must not be, may be, and under which condition.

mod clauses;
mod judgement;
mod modality;
mod permissions;
mod procedures;
mod relations;

use crate::criteria::atom::Atom;
use crate::criteria::conditions::{self as diseases};
use crate::criteria::context::Context;
use crate::criteria::reader::coordination::{outside, trim};
use crate::criteria::reader::counting::{leaves_out_early, rule_of_counting, tells_counting, with_counted};
use crate::criteria::reader::simplify::{needs_no_test, simplify};
pub use crate::criteria::reader::statements::clauses::about;
use crate::criteria::reader::statements::clauses::{
    case, defined, find, gives_examples, group_label, means, part, positive, said, sentences, without_opening,
};
use crate::criteria::reader::statements::judgement::judged;
use crate::criteria::reader::statements::modality::modal;
use crate::criteria::reader::statements::procedures::{
    asks_for_test, defines_measurability, defines_receptor, tells_procedure,
};
use crate::criteria::reader::statements::relations::{goes_with, related, subjects, takes_out, with_exception};
use crate::criteria::requirement::{Requirement, Section};
use crate::criteria::{administrative, laboratory, menopausal_status, performance_status, pregnancy};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::span_of;
use crate::lexicon::concepts::Concept;
use crate::lexicon::structure::{self, Words};

/// What a sentence does.
#[derive(Clone, Debug, PartialEq)]
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

/// An item that one kind of criterion reads as a whole, titles, notes and definitions included.
fn whole_item(elements: &[Element], context: &Context<'_>) -> Option<Requirement> {
    let measured = || {
        if demands_in_exclusion(elements, context) {
            return None;
        }
        performance_status::read_item(elements, context)
            .or_else(|| laboratory::read_item(elements, context))
            .or_else(|| diseases::read_item(elements, context))
    };
    menopausal_status::read_item(elements, context)
        .or_else(|| pregnancy::read_item(elements, context))
        .or_else(measured)
}

/// "LVEF must be at least 50 %" under Exclusion says what must be, not what keeps out.
fn demands_in_exclusion(elements: &[Element], context: &Context<'_>) -> bool {
    context.section == Section::Exclusion && elements.iter().any(|e| e.is(Cue::Must))
}

/// The same for one sentence of several.
fn whole_sentence(sentence: &[Element], context: &Context<'_>) -> Option<Statement> {
    if demands_in_exclusion(sentence, context) {
        return None;
    }
    let requirement =
        performance_status::read_item(sentence, context).or_else(|| laboratory::read_item(sentence, context))?;
    Some(match context.section {
        _ if requirement == Requirement::Nothing => Statement::Nothing,
        Section::Inclusion => Statement::Requires(requirement),
        Section::Exclusion => Statement::Excludes(requirement.negated()),
    })
}

/// Reads an item of one or more sentences in the sense of its section: true where the patient may enter.
pub fn read(elements: &[Element], context: &Context<'_>) -> Requirement {
    if elements.len() > LONGEST {
        return Requirement::Unread(span_of(elements));
    }
    let simple = simplify(elements);
    if let Some(requirement) = administrative::read_item(&simple, context) {
        return requirement;
    }
    if let Some(requirement) = whole_item(&simple, context) {
        return requirement;
    }
    let mut folded: Vec<Statement> = Vec::new();
    let mut permitted: Option<(Requirement, Requirement)> = None;
    let sentences = sentences(&simple);
    if let Some(groups) = groups(&sentences) {
        // Sentences for one group each: the patient passes by the best of them (convention 28).
        return Requirement::any(groups.into_iter().map(|group| read(&group, context)).collect());
    }
    let rule = sentences.iter().position(|s| s.len() < simple.len() && rule_of_counting(s).is_some());
    let counted =
        rule.and_then(|at| sentences.get(at)).and_then(|s| rule_of_counting(s)).map(|what| positive(what, context));
    for (at, sentence) in sentences.iter().copied().enumerate() {
        if rule == Some(at) {
            continue;
        }
        if at > 0 && defined(sentence, sentences.get(..at).unwrap_or_default()) {
            continue;
        }
        let counts_lines = |s: &Statement| match s {
            Statement::Requires(r) | Statement::Excludes(r) => matches!(r, Requirement::Atom(Atom::Lines(_))),
            _ => false,
        };
        if folded.last().is_some_and(counts_lines) {
            if leaves_out_early(sentence) {
                continue;
            }
            // The number was read without this rule: it settles nothing.
            if tells_counting(sentence)
                && let Some(Statement::Requires(r) | Statement::Excludes(r)) = folded.last_mut()
            {
                let read = std::mem::replace(r, Requirement::Nothing);
                *r = Requirement::Partly(Box::new(read), vec![span_of(sentence)]);
                continue;
            }
        }
        // "X is allowed; in this case, Y is required": binds whoever has X.
        if let (Some(rest), Some(Statement::Permits(who, None))) = (in_this_case(sentence), folded.last()) {
            let who = who.clone();
            folded.push(guarded(who, statement(rest, context)));
            continue;
        }
        let statement = if let Some(judged) = judged(sentence, context) {
            judged
        } else if sentences.len() > 1 && (binds_one_group(sentence) || gives_examples(without_opening(sentence))) {
            Statement::Nothing
        } else if sentence.len() < simple.len()
            && let Some(requirement) = whole_sentence(sentence, context)
        {
            requirement
        } else {
            statement(sentence, context)
        };
        // "Patients with HIV are eligible. They must have ...": of whom the sentence before speaks.
        let statement = match folded.last().and_then(spoken_of) {
            Some(who) if at > 0 && (of_the_same(sentence) || goes_with(who, &statement)) => {
                guarded(who.clone(), statement)
            }
            _ => statement,
        };
        match statement {
            Statement::Nothing => {}
            Statement::Permits(who, condition) => {
                let exception =
                    Requirement::all([Some(who.clone()), condition.clone()].into_iter().flatten().collect());
                match folded.last_mut() {
                    Some(Statement::Excludes(excluded)) if takes_out(excluded, &exception) => {
                        permitted = Some((excluded.clone(), exception.clone()));
                        *excluded = with_exception(excluded.clone(), &exception);
                        // The condition also binds whoever the exclusion alone would have let through (convention 6).
                        if let Some(condition) = condition.filter(|c| *c != Requirement::Confirm) {
                            folded.insert(folded.len() - 1, Statement::Requires(Requirement::when(who, condition)));
                        }
                    }
                    Some(Statement::Requires(Requirement::Not(excluded))) if takes_out(excluded, &exception) => {
                        **excluded = with_exception((**excluded).clone(), &exception);
                    }
                    // "Postmenopausal women; premenopausal women are eligible if on X": either group.
                    Some(Statement::Requires(required))
                        if (condition.is_none() || both_of_menopause(required, &who))
                            && !matches!(required, Requirement::Not(_))
                            && related(required, &exception) =>
                    {
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

/// Whether both speak of the menopause.
fn both_of_menopause(required: &Requirement, who: &Requirement) -> bool {
    let speaks = |r: &Requirement| subjects(r).iter().any(|atom| matches!(atom, Atom::Menopause(_)));
    speaks(required) && speaks(who)
}

/// "For phase 2, patients must have ...": binds one group of an item that names others; the patient passes by the best
/// group (convention 28).
fn binds_one_group(elements: &[Element]) -> bool {
    let first = elements.first().is_some_and(|e| matches!(e.text.as_str(), "for" | "in"));
    first
        && elements.iter().take(5).zip(elements.iter().skip(1)).skip(1).any(|(word, label)| {
            matches!(word.text.as_str(), "phase" | "cohort" | "cohorts" | "arm" | "part")
                && !matches!(label.sense, Sense::Punctuation(_))
                && (matches!(label.sense, Sense::Number(_)) || label.text.chars().count() <= 3)
        })
}

/// The sentences of each group, where an item has sentences for several: "Phase I: ... Phase II: ...".
fn groups(sentences: &[&[Element]]) -> Option<Vec<Vec<Element>>> {
    let starts: Vec<usize> =
        (0..sentences.len()).filter(|at| sentences.get(*at).is_some_and(|s| group_label(s).is_some())).collect();
    if starts.len() < 2 || starts.first() != Some(&0) {
        return None;
    }
    let mut out = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(sentences.len());
        let mut group: Vec<Element> = Vec::new();
        for (at, sentence) in sentences.get(*start..end)?.iter().enumerate() {
            let own = if at == 0 { sentence.get(group_label(sentence)?..)? } else { sentence };
            if let Some(last) = group.last().cloned() {
                group.push(Element { sense: Sense::Punctuation('.'), text: ".".into(), spaced: false, ..last });
            }
            group.extend(own.iter().cloned());
        }
        out.push(group);
    }
    Some(out)
}

/// "In the absence of X, Y": X and Y, where Y says something of its own.
fn in_the_absence(elements: &[Element]) -> Option<(&[Element], &[Element])> {
    let opens = elements.first().is_some_and(|e| e.is(Cue::Not) && e.text.starts_with("in the absence"));
    let at = outside(elements).find(|(_, e)| opens && e.is_char(',')).map(|(at, _)| at)?;
    let rest = trim(elements.get(at..)?);
    let listed = outside(rest).any(|(_, e)| e.is_char(','));
    (means(rest) && !listed).then(|| (part(elements, 1, at), rest))
}

/// What a sentence says of those whom the one before it names: "They must ...", "These patients must ...".
fn of_the_same(sentence: &[Element]) -> bool {
    let text = |at: usize| sentence.get(at).map_or("", |e| e.text.as_str());
    let pointing = matches!(text(0), "these" | "such" | "those");
    text(0) == "they"
        || pointing && text(1).split(' ').all(|word| structure::holds(Words::Person, word))
        || text(0).split_once(' ').is_some_and(|(first, rest)| {
            matches!(first, "these" | "such" | "those") && rest.split(' ').all(|w| structure::holds(Words::Person, w))
        })
}

/// Whom a sentence speaks of, for one that goes on with it.
fn spoken_of(statement: &Statement) -> Option<&Requirement> {
    match statement {
        Statement::Permits(who, _) => Some(who),
        Statement::Requires(Requirement::Any(members)) => match members.as_slice() {
            [Requirement::Not(guard), _] => Some(guard),
            _ => None,
        },
        _ => None,
    }
}

/// What follows "in this case," at the start of a sentence.
fn in_this_case(sentence: &[Element]) -> Option<&[Element]> {
    let opening = sentence.get(..3)?;
    let case = opening.last().is_some_and(|e| e.text == "case") && opening.first().is_some_and(|e| e.text == "in");
    let rest = sentence.get(3..)?;
    (case && rest.first().is_some_and(|e| e.is_char(','))).then(|| trim(rest))
}

/// Reads one sentence.
fn statement(elements: &[Element], context: &Context<'_>) -> Statement {
    let elements = without_opening(elements);
    if tells_procedure(elements)
        || defines_measurability(elements)
        || defines_receptor(elements)
        || needs_no_test(elements)
    {
        return Statement::Nothing;
    }
    if asks_for_test(elements) {
        return Statement::Requires(Requirement::Confirm);
    }
    // "The following are exceptions: vitiligo, alopecia".
    let named = elements.iter().take(6).position(|e| e.is(Cue::Except));
    let colon = elements.iter().take(12).position(|e| e.is_char(':'));
    if let (Some(named), Some(colon)) = (named, colon)
        && named < colon
        && part(elements, 0, colon).iter().all(|e| {
            crate::grammar::phrase::is_neutral(e)
                || e.is(Cue::Except)
                || matches!(e.text.as_str(), "following" | "criterion" | "rule" | "exclusion")
        })
    {
        let listed = trim(part(elements, colon + 1, elements.len()));
        if listed.iter().any(|e| e.is(Cue::Allowed)) {
            return statement(listed, context);
        }
        let read = positive(listed, context);
        if !read.has_unread() {
            return Statement::Permits(read, None);
        }
    }
    // "Replacement therapy is not considered a form of systemic treatment": says what the word before means.
    if elements.iter().take(3).any(|e| e.text.contains("replacement"))
        && elements.iter().any(|e| e.text.contains("considered") || e.text.contains("regarded"))
        && elements.iter().any(|e| e.is(Cue::Not) || e.text.starts_with("not "))
        && !elements.iter().any(|e| e.is(Cue::If) || matches!(e.sense, Sense::Number(_)))
    {
        return Statement::Nothing;
    }
    // "Exceptions include basal cell carcinoma": takes something out of the sentence before.
    if elements.first().is_some_and(|e| e.is(Cue::Except)) && elements.len() > 1 {
        let read = positive(trim(elements.get(1..).unwrap_or_default()), context);
        if !read.has_unread() {
            return Statement::Permits(read, None);
        }
    }
    if let Some(taken_out) = not_major(elements) {
        let read = positive(taken_out, context);
        return if read.has_unread() { Statement::Requires(read) } else { Statement::Permits(read, None) };
    }
    // "See below for ..." points elsewhere.
    if elements.is_empty()
        || elements.first().is_some_and(|e| {
            e.is(Cue::Filler) && (e.text == "see" || e.text.starts_with("see ") || e.text == "refer to")
        })
    {
        return Statement::Nothing;
    }
    // "If X, then Y"; "For patients with X: Y".
    if elements.first().is_some_and(|e| e.is(Cue::If))
        && !elements.first().is_some_and(|e| e.text == "when" || e.text == "where")
    {
        let ends: Vec<usize> = outside(elements)
            .filter(|(at, e)| *at > 0 && (e.is_char(',') || e.is_char(':') || e.is(Cue::Must) || e.is(Cue::MustNot)))
            .map(|(at, _)| at)
            .take(4)
            .collect();
        // The condition may hold a comma of its own: it ends where it is understood.
        let understood = ends.iter().copied().find(|at| !positive(part(elements, 1, *at), context).has_unread());
        if let Some(at) = understood.or(ends.first().copied()) {
            let guard = case(positive(part(elements, 1, at), context), part(elements, 1, at));
            return guarded(guard, statement(trim(elements.get(at..).unwrap_or_default()), context));
        }
    }
    if let Some((absent, rest)) = in_the_absence(elements) {
        let guard = positive(absent, context);
        if !guard.has_unread() {
            return guarded(guard.negated(), statement(rest, context));
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
            Statement::Excludes(r) => {
                let exception = case(exception, part(elements, at + 1, elements.len()));
                Statement::Excludes(Requirement::all(vec![r, exception.negated()]))
            }
            Statement::Requires(r) => {
                let exception = case(exception, part(elements, at + 1, elements.len()));
                Statement::Requires(Requirement::any(vec![r, exception]))
            }
            // "Patients with X are eligible unless Y": of whoever has X, the absence of Y is asked.
            Statement::Permits(who, condition) => {
                let asked = condition.into_iter().chain([exception.negated()]).collect();
                Statement::Permits(who, Some(Requirement::all(asked)))
            }
            Statement::Nothing => Statement::Nothing,
        };
    }
    modal(elements, context)
}

/// "Placement of a port is not considered major surgery": what does not count as an operation.
fn not_major(elements: &[Element]) -> Option<&[Element]> {
    let at = outside(elements)
        .find(|(at, e)| {
            *at > 0 && e.is(Cue::Not) && e.text.starts_with("is not") || e.is(Cue::Not) && e.text.starts_with("are not")
        })
        .map(|(at, _)| at)
        .filter(|at| *at > 0)?;
    let counted =
        elements.get(at + 1).is_some_and(|e| e.text.starts_with("considered") || e.text.starts_with("regarded"));
    let surgery = |e: &Element| {
        matches!(e.sense, Sense::Concept(Concept::Procedure(_))) && e.text.contains("surg") && e.text.contains("major")
    };
    (counted && elements.get(at + 2..)?.iter().any(surgery)).then(|| part(elements, 0, at))
}

/// Puts a statement under a condition.
fn guarded(guard: Requirement, statement: Statement) -> Statement {
    match statement {
        Statement::Requires(r) => Statement::Requires(Requirement::when(guard, r)),
        Statement::Excludes(r) => Statement::Excludes(Requirement::all(vec![guard, r])),
        // "For patients with X, they are eligible if Y".
        Statement::Permits(who, condition) if who.has_unread() && !guard.has_unread() => {
            Statement::Permits(guard, condition)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests;
