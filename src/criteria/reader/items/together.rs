//! Lists whose items decide only together.

use crate::criteria::atom::Atom;
use crate::criteria::conditions::What;
use crate::criteria::context::Context;
use crate::criteria::diagnosis::Diagnosis;
use crate::criteria::reader::coordination::trim;
use crate::criteria::reader::items::titles::is_title_word;
use crate::criteria::reader::items::{deep_elements, is_note, stop};
use crate::criteria::reader::read_elements;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element};
use crate::grammar::outline::Item;
use crate::grammar::phrase::is_neutral;

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
        .map(deep_elements)
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
    let inclusion = Context { section: Section::Inclusion, ..context.clone() };
    let members: Vec<Requirement> = children.iter().map(|c| read_elements(c, &inclusion)).collect();
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
        let own = crate::criteria::reader::coordination::read(lead, &inclusion).requirement;
        Requirement::all(vec![own, list])
    };
    if context.section == Section::Exclusion { list.negated() } else { list }
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
