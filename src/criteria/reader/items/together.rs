//! Lists whose items decide only together.

use crate::criteria::atom::Atom;
use crate::criteria::conditions::What;
use crate::criteria::context::Context;
use crate::criteria::diagnosis::Diagnosis;
use crate::criteria::reader::coordination::trim;
use crate::criteria::reader::items::cohorts::cohort_label;
use crate::criteria::reader::items::titles::is_title_word;
use crate::criteria::reader::items::{deep_elements, is_note, stop};
use crate::criteria::reader::read_elements;
use crate::criteria::reader::simplify::simplify;
use crate::criteria::reader::statements::about;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::outline::Item;
use crate::grammar::phrase::is_neutral;
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
    let children: Vec<Vec<Element>> = item
        .children
        .iter()
        .flat_map(|c| if c.characters.is_empty() { c.children.iter().collect::<Vec<_>>() } else { vec![c] })
        .map(unlabelled)
        .collect();
    if item.children.iter().all(is_note) || !(one_of || all_of || conditional) {
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
        let mut joined = excluded.to_vec();
        for child in &children {
            joined.push(stop(joined.last()));
            joined.extend(trim(child).iter().filter(|e| !e.is_char('.')).cloned());
            let place = stop(joined.last());
            joined.push(Element {
                sense: Sense::Cue(Cue::Allowed),
                text: "are eligible".into(),
                spaced: true,
                ..place
            });
        }
        return read_elements(&joined, context);
    }
    let inclusion = Context { section: Section::Inclusion, ..context.clone() };
    let subject = own.get(..own.iter().position(|e| e.is(Cue::Allowed) || e.is(Cue::If)).unwrap_or(0));
    let member = |child: &Vec<Element>| {
        let alone = read_elements(child, &inclusion);
        match subject.filter(|s| conditional && alone.has_unread() && !s.is_empty()) {
            Some(subject) => about(&simplify(child), subject, &inclusion),
            None => alone,
        }
    };
    let members: Vec<Requirement> = children.iter().map(member).collect();
    let members = if one_of { tumour_groups(members) } else { members };
    let list = if one_of { Requirement::any(members) } else { Requirement::all(members) };
    let lead: Vec<Element> =
        own.iter().filter(|e| !e.is(Cue::OneOf) && !e.is(Cue::AllOf) && !e.is_char(':')).cloned().collect();
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
