//! Lists whose items decide only together.

use crate::criteria::atom::Atom;
use crate::criteria::conditions::What;
use crate::criteria::context::Context;
use crate::criteria::diagnosis::Diagnosis;
use crate::criteria::reader::coordination::trim;
use crate::criteria::reader::items::cohorts::cohort_label;
use crate::criteria::reader::items::groups::{names_breast_group, other_tumours};
use crate::criteria::reader::items::titles::{defines_unfitness, forbids_list, is_title_word};
use crate::criteria::reader::items::{alternatives, deep_elements, how_many, is_note, last_sentence, stop};
use crate::criteria::reader::read_elements;
use crate::criteria::reader::simplify::simplify;
use crate::criteria::reader::statements::about;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::outline::Item;
use crate::grammar::phrase::{is_neutral, span_of};
use crate::lexicon::structure::{self, Words};

/// One criterion of an item and its children, which decide only together.
pub(super) fn together_requirement(
    item: &Item,
    own: &[Element],
    with_lead: &[Element],
    context: &Context<'_>,
    one_of: bool,
    all_of: bool,
    conditional: bool,
) -> Requirement {
    // "Postmenopausal, as defined by one of the following:": what the list defines is stated itself.
    if let Some(at) = own.iter().position(|e| e.text.split(' ').any(|word| word == "defined")) {
        let lead = trim(own.get(..at).unwrap_or_default());
        let state = |e: &Element| matches!(e.sense, Sense::Cue(Cue::Postmenopausal | Cue::VisceralCrisis));
        if lead.iter().any(state) && lead.iter().all(|e| state(e) || is_neutral(e) || e.is(Cue::Must)) {
            return read_elements(lead, context);
        }
    }
    // What stands before the title is asked beside its list.
    let (before, title) = last_sentence(own);
    if !conditional && !before.is_empty() && item.text().trim_end().ends_with(':') {
        let leading: Vec<Element> =
            with_lead.iter().take_while(|e| e.span != title.first().map_or(e.span, |t| t.span)).cloned().collect();
        let list = together_requirement(item, title, title, context, one_of, all_of, conditional);
        // A definition that is not understood as one settles nothing.
        let list = if title.iter().any(|e| e.text.contains("defined as")) {
            Requirement::any(vec![Requirement::Unread(span_of(title)), list])
        } else {
            list
        };
        return Requirement::all(vec![read_elements(&leading, context), list]);
    }
    let children: Vec<Vec<Element>> = item
        .children
        .iter()
        .flat_map(|c| if c.characters.is_empty() { c.children.iter().collect::<Vec<_>>() } else { vec![c] })
        .map(unlabelled)
        .collect();
    if let Some(requirement) = with_exceptions(with_lead, &children, context) {
        return requirement;
    }
    let counted = how_many(own);
    if item.children.iter().all(is_note) || !(one_of || all_of || conditional || counted.is_some()) {
        // Notes and permissions go on with the item's own sentence.
        let mut joined = with_lead.to_vec();
        for child in &children {
            joined.push(stop(joined.last()));
            joined.extend(child.iter().cloned());
        }
        return read_elements(&joined, context);
    }
    if context.section == Section::Exclusion
        && let Some(excluded) = before_permissions(with_lead)
    {
        // "Known HIV infection. The following may be enrolled: ...": each item of the list is an exception.
        return read_elements(&permitting(excluded, &children), context);
    }
    let inclusion = Context { section: Section::Inclusion, ..context.clone() };
    let subject = own.get(..own.iter().position(|e| e.is(Cue::Allowed) || e.is(Cue::If)).unwrap_or(0));
    let subject = subject.filter(|subject| conditional && !subject.is_empty());
    let basket = item.children.iter().any(names_breast_group);
    let members: Vec<Requirement> = item
        .children
        .iter()
        .map(|child| {
            let read = member(child, subject, &inclusion);
            // Of a group of patients with another tumour, that is enough to know.
            match other_tumours(child).filter(|_| basket && read.has_unread()) {
                Some(tumours) => {
                    Requirement::all(vec![Requirement::Atom(Atom::Diagnosis(Diagnosis::Cancer(tumours))), read])
                }
                None => read,
            }
        })
        .collect();
    let members = if one_of { tumour_groups(members) } else { members };
    let list = match &counted {
        Some((count, _)) => Requirement::AtLeast(*count, members),
        None if one_of => Requirement::any(members),
        None => Requirement::all(members),
    };
    let counting = counted.map_or(0..0, |(_, places)| places);
    let told = match defines_unfitness(own) {
        // "Not a candidate for X, defined as:": the list says who that is.
        Some(_) => (0..own.len()).collect(),
        None if one_of => explained(own),
        None => Vec::new(),
    };
    let lead: Vec<Element> = own
        .iter()
        .enumerate()
        .filter(|(at, _)| !counting.contains(at) && !told.contains(at))
        .map(|(_, e)| e)
        .filter(|e| !e.is(Cue::OneOf) && !e.is(Cue::AllOf) && !e.is_char(':'))
        .cloned()
        .collect();
    let lead = trim(&lead);
    if conditional {
        let at = lead.iter().position(|e| {
            e.is(Cue::If) || e.is(Cue::Unless) || e.is(Cue::Allowed) || e.is(Cue::May) || e.is(Cue::Except)
        });
        let opens = at == Some(0) && lead.first().is_some_and(|e| e.is(Cue::If));
        let subject =
            if opens { lead.get(1..).unwrap_or_default() } else { lead.get(..at.unwrap_or(0)).unwrap_or_default() };
        if subject.iter().any(|e| !is_neutral(e)) {
            let subject = crate::criteria::reader::coordination::read(trim(subject), &inclusion).requirement;
            let unless = lead.iter().any(|e| e.is(Cue::Unless) || e.is(Cue::Except));
            return match (context.section, unless) {
                (Section::Exclusion, _) | (_, false) => Requirement::when(subject, list),
                (Section::Inclusion, true) => Requirement::any(vec![subject, list]),
            };
        }
    }
    let points = |e: &Element| matches!(e.text.as_str(), "below" | "above" | "following");
    let meaningful: Vec<Element> =
        lead.iter().filter(|e| !is_neutral(e) && !is_title_word(e) && !points(e)).cloned().collect();
    let list = if meaningful.is_empty() {
        list
    } else {
        // "At least 7 days since X, including any of the following:" lists examples of what is forbidden.
        let last = lead.iter().rposition(|e| !is_neutral(e) && !points(e));
        let examples = last.filter(|&at| lead.get(at).is_some_and(|e| e.is(Cue::Including)));
        let lead = lead.get(..examples.unwrap_or(lead.len())).unwrap_or_default();
        let own = crate::criteria::reader::coordination::read(trim(lead), &inclusion).requirement;
        match (&own, examples) {
            (Requirement::Not(_), Some(_)) => Requirement::all(vec![own, list.negated()]),
            _ => Requirement::all(vec![own, list]),
        }
    };
    if context.section == Section::Exclusion { list.negated() } else { list }
}

/// The places of a title above alternatives that ask nothing beside them: "any of the below conditions indicating
/// resistance to X" says what they show, "X need not be the latest" what is not asked.
fn explained(own: &[Element]) -> Vec<usize> {
    let mut places = Vec::new();
    let mut from = 0;
    while from < own.len() {
        let rest = own.get(from..).unwrap_or_default();
        let length = rest.iter().position(|e| e.is_char('.') || e.is_char(':')).unwrap_or(rest.len());
        let sentence = rest.get(..length).unwrap_or_default();
        let end = from + length;
        match sentence.iter().position(|e| e.is(Cue::OneOf)) {
            Some(at) => {
                let noun = |e: &&Element| is_neutral(e) || is_title_word(e);
                let next = at + 1 + sentence.iter().skip(at + 1).take_while(noun).count();
                let shows = |e: &Element| SHOWS.iter().any(|word| e.text.starts_with(word));
                if sentence.get(next).is_some_and(shows) {
                    places.extend(from + next..end);
                }
            }
            None => {
                let free = sentence.iter().any(|e| e.is(Cue::NoLimit)) && !sentence.iter().any(|e| e.is(Cue::Must));
                if free {
                    places.extend(from..end);
                }
            }
        }
        from = end + 1;
    }
    places
}

/// Words behind which a title says what its list shows.
const SHOWS: &[&str] = &[
    "indicating",
    "that indicate",
    "which indicate",
    "indicative",
    "suggesting",
    "suggestive",
    "demonstrating",
    "showing",
];

/// One item of a list whose items decide only together, with the lists below it.
fn member(item: &Item, subject: Option<&[Element]>, inclusion: &Context<'_>) -> Requirement {
    if item.characters.is_empty() {
        return Requirement::any(item.children.iter().map(|child| member(child, subject, inclusion)).collect());
    }
    let elements = unlabelled(item);
    if !item.children.is_empty() {
        let own = item.elements();
        let one_of = own.iter().any(|e| e.is(Cue::OneOf)) || alternatives(item);
        let all_of = own.iter().any(|e| e.is(Cue::AllOf));
        let joined = item.children.iter().any(|child| child.characters.is_empty());
        if (one_of || all_of || joined) && item.text().trim_end().ends_with(':') {
            let own = cohort_label(item, &own).1;
            return together_requirement(item, own, own, inclusion, one_of, all_of, false);
        }
    }
    let alone = read_elements(&elements, inclusion);
    match subject.filter(|_| alone.has_unread()) {
        Some(subject) => about(&simplify(&elements), subject, inclusion),
        None => alone,
    }
}

/// "Another malignancy is excluded, except for the following circumstances:": each item of the list is an exception.
fn with_exceptions(own: &[Element], children: &[Vec<Element>], context: &Context<'_>) -> Option<Requirement> {
    let at = own.iter().rposition(|e| e.is(Cue::Except) || e.is(Cue::Unless))?;
    let idle = |e: &Element| {
        is_neutral(e)
            || matches!(e.sense, Sense::Cue(Cue::OneOf | Cue::If | Cue::Or))
            || structure::holds_all(Words::Title, &e.text)
            || structure::holds_all(Words::Person, &e.text)
    };
    let before = own.get(..at)?;
    if !own.get(at + 1..)?.iter().all(idle) || before.iter().all(is_neutral) {
        return None;
    }
    if context.section != Section::Exclusion && !forbids_list(before) {
        return None;
    }
    // Who is let in by one exception is let in.
    let with = |child: &Vec<Element>| {
        let exception = trim(child).iter().filter(|e| !e.is_char('.'));
        let sentence: Vec<Element> = own.iter().take(at + 1).chain(exception).cloned().collect();
        read_elements(&sentence, context)
    };
    Some(Requirement::any(children.iter().map(with).collect()))
}

/// What is kept out, and behind it a sentence for each that is not.
fn permitting(excluded: &[Element], exceptions: &[Vec<Element>]) -> Vec<Element> {
    let mut joined = trim(excluded).to_vec();
    for exception in exceptions {
        joined.push(stop(joined.last()));
        joined.extend(trim(exception).iter().filter(|e| !e.is_char('.')).cloned());
        let place = stop(joined.last());
        joined.push(Element { sense: Sense::Cue(Cue::Allowed), text: "are eligible".into(), spaced: true, ..place });
    }
    joined
}

/// What an item excludes before a last sentence that permits what its list names.
fn before_permissions(own: &[Element]) -> Option<&[Element]> {
    let end = own.iter().rposition(|e| e.is_char('.') || e.is_char(';'))?;
    let (before, last) = (own.get(..end)?, own.get(end + 1..)?);
    let permits = last.iter().any(|e| e.is(Cue::Allowed)) && last.iter().any(|e| e.text.contains("following"));
    let plain = last.iter().all(|e| is_neutral(e) || e.is(Cue::Allowed) || structure::holds_all(Words::Title, &e.text));
    (permits && plain && before.iter().any(|e| !is_neutral(e))).then_some(before)
}

/// The elements of an item and its descendants, without the cohort that it names.
fn unlabelled(item: &Item) -> Vec<Element> {
    let all = deep_elements(item);
    let rest = cohort_label(item, &all).1.to_vec();
    if rest.is_empty() { all } else { rest }
}

/// "Any other solid tumour" among tumour types under study is no second malignancy but the type itself.
pub(super) fn tumour_groups(members: Vec<Requirement>) -> Vec<Requirement> {
    let speaks_of_type = |r: &Requirement| matches!(r, Requirement::Atom(Atom::Diagnosis(Diagnosis::Cancer(_))));
    let Some(solid) = crate::lexicon::cancers::by_name("solid tumor").and_then(|row| u16::try_from(row).ok()) else {
        return members;
    };
    let other = crate::lexicon::conditions::by_name("other malignancy").and_then(|row| u16::try_from(row).ok());
    let listed = members.iter().filter(|m| speaks_of_type(m)).count() > 1;
    members
        .into_iter()
        .map(|member| match &member {
            Requirement::Atom(Atom::Condition(c)) if listed && other.is_some_and(|row| c.what == What::Row(row)) => {
                Requirement::Atom(Atom::Diagnosis(Diagnosis::Cancer(vec![solid])))
            }
            _ => member,
        })
        .collect()
}
