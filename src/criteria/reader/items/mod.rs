//! Items of the outline to criteria: which lists decide item by item and which only together.

mod cohorts;
pub mod groups;
mod titles;
mod together;

use crate::criteria::context::{Context, Definitions};
use crate::criteria::reader::coordination::outside;
use crate::criteria::reader::implausible;
use crate::criteria::reader::items::cohorts::{cohort_label, of_last_sentence};
pub use crate::criteria::reader::items::titles::defines_unfitness;
use crate::criteria::reader::items::titles::{
    announces_each, forbids_list, heads_diseases, heads_values, intervals_passed, is_generic, is_title, is_title_word,
    lists_kinds, names_topic, points_down, population, shared_words, speaks_of_washout, time_of_tests,
};
use crate::criteria::reader::items::together::together_requirement;
use crate::criteria::reader::read_elements;
use crate::criteria::requirement::{Criterion, Reading, Requirement, Section};
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::outline::Item;
use crate::grammar::phrase::{is_neutral, span_of};
use crate::lexicon::concepts::Concept;
use crate::trial::Span;

/// What surrounds an item.
pub struct Surroundings<'t> {
    /// The trial's own rules.
    pub definitions: &'t Definitions,
    /// Folded names of its interventions.
    pub interventions: &'t [String],
}

/// Reads an item and what is nested under it into criteria.
pub fn read(item: &Item, trial: &Surroundings<'_>, reading: &mut Reading) {
    read_in(item, trial, &Above::default(), reading);
}

/// What an item takes over from the title above it.
#[derive(Clone, Debug, Default)]
struct Above {
    cohort: Option<String>,
    /// Words that the children share.
    lead: Vec<Element>,
    /// Whether the title forbids what the list names.
    forbids: bool,
    /// Whether the title asks for the intervals that the list names: "7 days" is one in which nothing was given.
    washout: bool,
    /// When the tests that the list names were done, where a title says so.
    tested: Vec<Element>,
}

fn read_in(item: &Item, trial: &Surroundings<'_>, above: &Above, reading: &mut Reading) {
    let all = item.elements();
    let (label, own) = cohort_label(item, &all);
    let cohort = label.or_else(|| above.cohort.clone()).or_else(|| item.cohort.clone());
    // A text without headings states what it asks; its negations say what it forbids.
    let section = item.section.unwrap_or(Section::Inclusion);
    let read_as = if above.forbids { Section::Exclusion } else { section };
    let context = Context { section: read_as, interventions: trial.interventions, definitions: trial.definitions };
    let washed = if above.washout { intervals_passed(own) } else { own.to_vec() };
    let with_lead: Vec<Element> = above.lead.iter().cloned().chain(washed).collect();
    let plain = Above {
        cohort: cohort.clone(),
        lead: Vec::new(),
        forbids: above.forbids,
        washout: above.washout,
        tested: above.tested.clone(),
    };
    let mut emit_for = |cohort: &Option<String>, span: Span, requirement: Requirement| {
        let requirement = if implausible::is_implausible(&requirement, section, own.len()) {
            Requirement::Partly(Box::new(requirement), vec![span])
        } else {
            requirement
        };
        reading.criteria.push(Criterion {
            section,
            span: Some(span),
            field: None,
            cohort: cohort.clone(),
            requirement,
            notes: Vec::new(),
        });
    };
    if item.children.is_empty()
        && cohort.is_none()
        && above.lead.is_empty()
        && let Some((begins, [(first, before), (second, last)])) = of_last_sentence(item, own)
    {
        emit_for(&first, Span { end: begins, ..item.span }, read_tested(before, &above.tested, &context));
        emit_for(&second, Span { start: begins, ..item.span }, read_tested(last, &above.tested, &context));
        return;
    }
    let mut emit = |span: Span, requirement: Requirement| emit_for(&cohort, span, requirement);
    if item.children.is_empty() {
        let idle = own.iter().all(|e| matches!(e.sense, Sense::Punctuation(_)) || e.is(Cue::Or) || e.is(Cue::And));
        if idle || heads_paragraphs(item, own, section) || own.len() < 9 && names_topic(&item.text(), section) {
            reading.headings.push(item.span);
        } else {
            let read = read_tested(&with_lead, &above.tested, &context);
            emit(item.span, without_lead(read, own, &above.lead, &context));
        }
        return;
    }
    let text = item.text();
    let ends_open = text.trim_end().ends_with(':');
    let one_of = own.iter().any(|e| e.is(Cue::OneOf)) || alternatives(item);
    let all_of = own.iter().any(|e| e.is(Cue::AllOf));
    let counted = how_many(own).is_some();
    // "Patients must not have:" above a list under Inclusion forbids what the list names.
    let negative = forbids_list(own);
    let together = match section {
        Section::Inclusion => one_of && !(negative && ends_open),
        Section::Exclusion => all_of,
    };
    let conditional = own
        .iter()
        .any(|e| e.is(Cue::If) || e.is(Cue::Allowed) || e.is(Cue::Unless) || e.is(Cue::Except) || e.is(Cue::May));
    // "Untreated metastases." with "Patients are eligible if ..." and "In addition, they must ..." below it.
    let goes_on = |child: &Item| {
        section == Section::Exclusion && child.elements().iter().any(|e| e.is(Cue::Must) && e.text != "only")
    };
    let notes =
        item.children.iter().enumerate().all(|(at, child)| is_note(child) || at > 0 && !ends_open && goes_on(child));
    // "A patient is eligible only if all of the following criteria apply:" asks each item of the list for itself.
    let announces = ends_open && announces_each(own, section);
    // "Triple-negative breast cancer, ... TNBC is defined as:": the list belongs to what stands before it.
    let (before_title, title) = if ends_open { last_sentence(own) } else { (own.get(..0).unwrap_or_default(), own) };
    if !before_title.is_empty() && defines(title, before_title, trial.definitions) {
        let leading: Vec<Element> = above.lead.iter().chain(before_title).cloned().collect();
        emit(item.full_span(), read_elements(&leading, &context));
        return;
    }
    if !announces && (together || counted && ends_open || conditional && ends_open || notes) {
        emit(item.full_span(), together_requirement(item, own, &with_lead, &context, one_of, all_of, conditional));
        return;
    }
    if !before_title.is_empty() {
        let leading: Vec<Element> = above.lead.iter().chain(before_title).cloned().collect();
        emit(item.span, read_elements(&leading, &context));
    }
    let own = title;
    // "Any of the following because the agent may harm the unborn:" gives the reason for the list.
    let reason = own
        .iter()
        .position(|e| e.text == "because" || e.text == "because of")
        .filter(|_| ends_open && section == Section::Exclusion && own.iter().any(|e| e.is(Cue::OneOf)));
    let asked = own.get(..reason.unwrap_or(own.len())).unwrap_or(own);
    let lead_in: Vec<Element> =
        asked.iter().filter(|e| !e.is(Cue::OneOf) && !e.is(Cue::AllOf) && !e.is_char(':')).cloned().collect();
    // "Women must meet:" binds women.
    let of_one_sex = lead_in.iter().any(|e| e.is(Cue::Female)) != lead_in.iter().any(|e| e.is(Cue::Male));
    // "An appropriate washout period from:" stands above intervals that say what they ask themselves.
    let denied =
        lead_in.iter().any(|e| e.is(Cue::MustNot) || e.is(Cue::Not) || e.is(Cue::Naive) || e.is(Cue::Forbidden));
    let named = |text: &str| {
        let lower = text.to_lowercase();
        !lower.contains(':')
            || ["therap", "chemo", "radi", "surg", "antibod", "treatment", "agent"].iter().any(|w| lower.contains(w))
    };
    let washouts = ends_open
        && titles::announces_intervals(&lead_in)
        && (section == Section::Exclusion || denied)
        && item.children.iter().all(|child| named(&child.text()));
    let benign = announces
        || washouts
        || lead_in.iter().all(|e| is_neutral(e) || is_title_word(e))
        || ends_open && (is_title(&lead_in) || points_down(&text, &lead_in) || is_generic(&lead_in));
    let benign = benign || ends_open && section == Section::Inclusion && !negative && heads_values(&lead_in, item);
    let washout = ends_open && speaks_of_washout(&lead_in);
    let benign = benign && !of_one_sex || washout;
    if !benign && !ends_open {
        emit(item.span, read_elements(&with_lead, &context));
        for child in &item.children {
            read_in(child, trial, &plain, reading);
        }
        return;
    }
    if before_title.is_empty() {
        reading.headings.push(item.span);
    }
    if !benign
        && !negative
        && let Some(guard) = population(&lead_in, &context)
    {
        let before = reading.criteria.len();
        for child in &item.children {
            read_in(child, trial, &plain, reading);
        }
        for criterion in reading.criteria.iter_mut().skip(before) {
            criterion.requirement = Requirement::when(guard.clone(), criterion.requirement.clone());
        }
        return;
    }
    let shared = if benign { Vec::new() } else { shared_words(&lead_in) };
    let forbidden = if negative { Section::Exclusion } else { section };
    let kinds = ends_open
        && (lists_kinds(&text, forbidden, own) || forbidden == Section::Exclusion && heads_diseases(&lead_in, item));
    let understood = benign
        || kinds
        || lead_in
            .iter()
            .all(|e| is_neutral(e) || is_title_word(e) || shared.contains(e) || matches!(e.sense, Sense::Concept(_)));
    let tested = if section == Section::Inclusion && benign { time_of_tests(&lead_in) } else { Vec::new() };
    let below = Above {
        lead: shared,
        forbids: above.forbids
            || (benign || kinds || !own.iter().any(|e| e.is(Cue::Must)))
                && negative
                && !washout
                && (!washouts || section == Section::Inclusion)
            || washout && section == Section::Inclusion,
        washout: above.washout || washout,
        tested,
        ..plain
    };
    let before = reading.criteria.len();
    for child in &item.children {
        read_in(child, trial, &below, reading);
    }
    if !understood {
        // The title may be a condition that the children stand under: they never fail, and never pass.
        let span = span_of(&lead_in);
        for criterion in reading.criteria.iter_mut().skip(before) {
            criterion.requirement = Requirement::any(vec![Requirement::Unread(span), criterion.requirement.clone()]);
        }
    }
}

/// The sentences of a title before its last one, and the last.
fn last_sentence(own: &[Element]) -> (&[Element], &[Element]) {
    let stop = outside(own).filter(|(at, e)| e.is_char('.') && own.get(at + 1).is_some_and(|next| next.spaced));
    let at = stop.map(|(at, _)| at).last();
    let parts = at.and_then(|at| Some((own.get(..at)?, own.get(at + 1..)?)));
    match parts {
        Some((before, last)) if before.iter().any(|e| !is_neutral(e)) && last.iter().any(|e| !e.is_char(':')) => {
            (before, last)
        }
        _ => (own.get(..0).unwrap_or_default(), own),
    }
}

/// Whether a title says what a word means that stands before it. A receptor's own cut-off must be known.
fn defines(title: &[Element], before: &[Element], known: &Definitions) -> bool {
    let Some(at) = title.iter().position(|e| e.text.contains("defined as")) else { return false };
    let subject = |e: &&Element| {
        matches!(
            e.sense,
            Sense::Concept(Concept::Condition(_) | Concept::Site(_))
                | Sense::Cue(Cue::VisceralCrisis | Cue::TripleNegative | Cue::Her2 | Cue::Hr | Cue::Er | Cue::Pr)
                | Sense::Cue(Cue::Postmenopausal | Cue::Perimenopausal)
        )
    };
    let Some(named) = title.iter().take(at).find(subject) else { return false };
    let per_cent = title.iter().any(|e| e.is_char('%'));
    let status = matches!(named.sense, Sense::Cue(Cue::Postmenopausal | Cue::Perimenopausal));
    at <= if status { 12 } else { 6 }
        && before.iter().any(|e| e.sense == named.sense)
        && (!per_cent || known.hormone_receptor_cutoff.is_some())
}

/// "At least 2 of the following:": how many of the list must hold, where it is more than one, and the places that say so.
fn how_many(own: &[Element]) -> Option<(u8, std::ops::Range<usize>)> {
    let following = own.iter().position(|e| e.text.split(' ').any(|w| w == "following"))?;
    let number = (following.saturating_sub(5)..following).rev().find(|at| {
        own.get(*at)
            .is_some_and(|e| matches!(e.sense, Sense::Number(n) if (2.0..=20.0).contains(&n) && n.fract() == 0.0))
    })?;
    let plain = own.get(number + 1..following)?.iter().all(|e| is_neutral(e) || e.is(Cue::OrMore) || e.is(Cue::OneOf));
    let joined =
        own.get(number + 1..=following)?.iter().any(|e| e.text.split(' ').any(|w| w == "of" || w == "following"));
    let Sense::Number(count) = own.get(number)?.sense else { return None };
    let compared = number.checked_sub(1).and_then(|at| own.get(at)).filter(|e| matches!(e.sense, Sense::Compare(_)));
    let least = compared.is_none_or(|e| matches!(e.sense, Sense::Compare(Comparison::GreaterEqual)));
    let start = if compared.is_some() { number - 1 } else { number };
    (plain && joined && least).then_some((count as u8, start..following + 1))
}

/// Whether an item is a title above paragraphs that ask each for itself: "Patients must meet the following criteria:".
fn heads_paragraphs(item: &Item, own: &[Element], section: Section) -> bool {
    let asks_together = |e: &Element| match section {
        Section::Inclusion => e.is(Cue::OneOf) || forbids_list(own),
        Section::Exclusion => e.is(Cue::AllOf),
    };
    item.characters.iter().rev().find(|c| !c.value.is_whitespace()).is_some_and(|c| c.value == ':')
        && is_generic(own)
        && !own.iter().any(asks_together)
}

/// Reads an item below a title that says when tests were done; what is no test has no such time.
fn read_tested(elements: &[Element], tested: &[Element], context: &Context<'_>) -> Requirement {
    let plain = read_elements(elements, context);
    let test = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Lab(_) | Concept::LabGroup(_)));
    if tested.is_empty() || plain.has_unread() || !elements.iter().any(test) {
        return plain;
    }
    let timed = read_elements(&elements.iter().chain(tested).cloned().collect::<Vec<_>>(), context);
    if timed.has_unread() { plain } else { timed }
}

/// A value below "history of cardiac disease, including:" is no history: without the words of the title, where they alone
/// keep it from being read.
fn without_lead(read: Requirement, own: &[Element], lead: &[Element], context: &Context<'_>) -> Requirement {
    let state = |e: &Element| {
        matches!(e.sense, Sense::Cue(Cue::History | Cue::Active | Cue::Significant | Cue::Uncontrolled | Cue::Chronic))
    };
    let value = own.iter().any(|e| matches!(e.sense, Sense::Concept(Concept::Lab(_) | Concept::LabGroup(_))));
    if lead.is_empty() || !value || !read.has_unread() || !lead.iter().all(state) {
        return read;
    }
    let alone = read_elements(own, context);
    if alone.has_unread() { read } else { alone }
}

/// All elements of an item and its descendants, joined by full stops.
fn deep_elements(item: &Item) -> Vec<Element> {
    let mut out = item.elements().to_vec();
    for child in &item.children {
        out.push(stop(out.last()));
        out.extend(deep_elements(child));
    }
    out
}

fn stop(after: Option<&Element>) -> Element {
    let at = after.map_or(0, |e| e.span.end);
    Element {
        sense: Sense::Punctuation('.'),
        text: ".".into(),
        span: Span { start: at, end: at },
        spaced: false,
        capital: false,
    }
}

/// A child that goes on with its parent: a note, a permission, an exception.
fn is_note(item: &Item) -> bool {
    let own = item.elements();
    let note = own.first().is_some_and(|e| e.text.starts_with("note") || e.text == "exception" || e.is(Cue::Except));
    note || own.iter().any(|e| e.is(Cue::Allowed) || e.is(Cue::NoLimit))
}

/// Children joined by "or" are alternatives.
fn alternatives(item: &Item) -> bool {
    if item.characters.is_empty() {
        return true;
    }
    let (last, rest) = match item.children.split_last() {
        Some(split) => split,
        None => return false,
    };
    let ends_or = |child: &Item| child.ends_with_word("or");
    let begins_or = last.text().trim_start().to_lowercase().starts_with("or ");
    !rest.is_empty() && (rest.iter().any(ends_or) || begins_or)
}

#[cfg(test)]
mod tests;
