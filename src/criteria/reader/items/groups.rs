//! Neighbours that are alternatives: tumour groups, items joined by "or".

use crate::criteria::reader::items::cohorts::cohort_label;
use crate::criteria::requirement::Section;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::outline::Item;
use crate::grammar::phrase::is_neutral;
use crate::lexicon::concepts::Concept;

/// How far into an item, in characters, its title may reach.
const TITLE: usize = 90;

/// Whether an item announces alternatives.
pub fn opens_alternatives(item: &Item) -> bool {
    item.text().trim_end().ends_with(':') && item.elements().iter().any(|e| e.is(Cue::OneOf))
}

/// "Non-small cell lung cancer with ...", "Metastatic melanoma, ...": one of the tumour groups of a basket trial. Such
/// items side by side are alternatives.
pub(super) fn is_tumour_group(item: &Item) -> bool {
    let all = item.elements();
    let own = cohort_label(item, &all).1;
    let adjective = |e: &Element| {
        matches!(
            e.sense,
            Sense::Cue(
                Cue::MetastaticDisease
                    | Cue::SettingMetastatic
                    | Cue::Advanced
                    | Cue::LocallyAdvanced
                    | Cue::Recurrent
                    | Cue::Or
                    | Cue::Invasive
            )
        ) || matches!(e.sense, Sense::Punctuation(_))
            || is_neutral(e)
    };
    let first = own.iter().find(|e| !adjective(e));
    let tumour = |e: &Element| match e.sense {
        Sense::Concept(Concept::Cancer(row)) => {
            crate::lexicon::cancers::all().get(usize::from(row)).is_some_and(|c| !c.covers_breast || c.breast)
        }
        Sense::Cue(Cue::TripleNegative) => true,
        _ => false,
    };
    let breast_alone = own.iter().filter(|e| tumour(e)).all(|e| matches!(e.sense, Sense::Concept(Concept::Cancer(row)) if crate::lexicon::cancers::all().get(usize::from(row)).is_some_and(|c| c.breast)));
    first.is_some_and(tumour)
        && !(breast_alone && own.len() > 3)
        && !own.iter().any(|e| e.is(Cue::Not) && e.span.start < own.first().map_or(0, |f| f.span.start) + 20)
}

/// "Squamous carcinoma of the larynx - progressed on platinum": a short title behind which a dash stands. Between two
/// tumour groups of this shape it is one of them, even where its tumour is not known by name.
fn has_title(item: &Item) -> bool {
    let text: String = item.characters.iter().take(TITLE).map(|c| c.value).collect();
    let dash = [" - ", " \u{2013} ", " \u{2014} "].iter().filter_map(|d| text.find(d)).min();
    dash.is_some_and(|end| !text.get(..end).unwrap_or_default().contains(['.', ';']))
}

/// The tumours that one of the groups of a basket trial names, where breast cancer is not among them.
pub(super) fn other_tumours(item: &Item) -> Option<Vec<u16>> {
    if !is_tumour_group(item) {
        return None;
    }
    let mut rows = Vec::new();
    for element in item.elements().iter() {
        match element.sense {
            Sense::Concept(Concept::Cancer(row)) => rows.push(row),
            Sense::Cue(Cue::TripleNegative | Cue::Her2 | Cue::Hr | Cue::Er) => return None,
            _ => {}
        }
    }
    let other = |row: &u16| {
        crate::lexicon::cancers::all().get(usize::from(*row)).is_some_and(|c| !c.covers_breast && !c.breast)
    };
    rows.sort_unstable();
    rows.dedup();
    (!rows.is_empty() && rows.iter().all(other)).then_some(rows)
}

/// Whether one of the groups of a basket trial is of breast cancer.
pub(super) fn names_breast_group(item: &Item) -> bool {
    is_tumour_group(item)
        && item.elements().iter().any(|e| match e.sense {
            Sense::Concept(Concept::Cancer(row)) => {
                crate::lexicon::cancers::all().get(usize::from(row)).is_some_and(|c| c.breast)
            }
            Sense::Cue(Cue::TripleNegative) => true,
            _ => false,
        })
}

/// The cohort that an item names, or stands under.
fn cohort_of(item: &Item) -> Option<String> {
    cohort_label(item, &item.elements()).0.or_else(|| item.cohort.clone())
}

/// Joins neighbours that end with "or" into one list, under the title before them where there is one.
pub fn regroup(items: &[Item]) -> Vec<Item> {
    let items = &with_notes(items);
    let mut out: Vec<Item> = Vec::new();
    let mut at = 0;
    while let Some(item) = items.get(at) {
        let listed = paragraphs_below(items, at);
        if listed > 0 {
            let run = items.get(at + 1..=at + listed).unwrap_or_default();
            let mut title = item.clone();
            title.children = run.iter().filter(|i| !is_label_only(i)).cloned().collect();
            out.push(title);
            at += listed + 1;
            continue;
        }
        let groups = match item.section {
            Some(Section::Exclusion) => 0,
            section if is_tumour_group(item) => {
                // Groups of cohorts of their own are criteria of these cohorts.
                let label = cohort_of(item);
                let titled = has_title(item);
                let run = items.iter().skip(at).take_while(|i| {
                    let member = is_tumour_group(i) || titled && has_title(i);
                    i.section == section && member && cohort_of(i) == label
                });
                run.enumerate().filter(|(_, i)| is_tumour_group(i)).last().map_or(0, |(last, _)| last + 1)
            }
            _ => 0,
        };
        if groups > 1 {
            let run = items.get(at..at + groups).unwrap_or_default().to_vec();
            let mut list = Item::list(run);
            list.cohort = cohort_of(item);
            out.push(list);
            at += groups;
            continue;
        }
        let (end, mut run) = joined_by_or(items, at);
        if run.len() < 2 {
            let mut item = item.clone();
            item.children = regroup(&item.children);
            out.push(item);
            at += 1;
            continue;
        }
        for member in &mut run {
            member.children = regroup(&member.children);
        }
        let titled = out
            .last_mut()
            .filter(|t| t.children.is_empty() && t.text().trim_end().ends_with(':') && t.section == item.section);
        match titled {
            Some(title) => title.children = run,
            None => {
                out.push(Item::list(run));
            }
        }
        at = end;
    }
    out
}

/// The items that are joined by "or" from one on, and where they end: the word stands at the end of an item, at the
/// beginning of the next, or alone between the two.
fn joined_by_or(items: &[Item], at: usize) -> (usize, Vec<Item>) {
    let ends_or = |item: &Item| item.children.is_empty() && item.characters.len() > 4 && item.ends_with_word("or");
    let mut run: Vec<Item> = Vec::new();
    let mut next = at;
    while let Some(item) = items.get(next) {
        next += 1;
        if !is_or(item) {
            run.push(item.clone());
        }
        let Some(follower) = items.get(next) else { break };
        let fits = follower.section == item.section && follower.cohort == item.cohort;
        // Under Exclusion every item keeps out by itself, so that nothing need be joined.
        let asked = item.section != Some(Section::Exclusion);
        let alone = |or: &Item| is_or(or) && asked;
        let more = fits
            && (ends_or(item) && !is_or(follower) || alone(item) || alone(follower) || asked && begins_or(follower))
            || ends_or(item) && !is_or(follower);
        if !more || is_or(follower) && next + 1 >= items.len() {
            break;
        }
    }
    (next, run)
}

/// "OR" and nothing besides.
fn is_or(item: &Item) -> bool {
    item.characters.len() < 12
        && item.children.is_empty()
        && item.text().trim_matches(|c: char| !c.is_alphanumeric()).eq_ignore_ascii_case("or")
}

/// "OR creatinine clearance ...": an alternative to the item before.
fn begins_or(item: &Item) -> bool {
    let opening = item.characters.iter().map(|c| c.value).skip_while(|c| !c.is_alphanumeric());
    opening.take(3).collect::<String>().to_lowercase() == "or "
}

/// How many unmarked paragraphs behind "Patients with one of the following indications:" belong to its list: those that
/// name a tumour or a part of the trial.
fn paragraphs_below(items: &[Item], at: usize) -> usize {
    let Some(title) = items.get(at).filter(|t| !t.marked && t.children.is_empty() && opens_alternatives(t)) else {
        return 0;
    };
    if title.section == Some(Section::Exclusion) {
        return 0;
    }
    let listed = items
        .iter()
        .skip(at + 1)
        .take_while(|i| {
            !i.marked && i.children.is_empty() && i.section == title.section && (is_label_only(i) || names_tumour(i))
        })
        .count();
    if items.iter().skip(at + 1).take(listed).any(|i| !is_label_only(i)) { listed } else { 0 }
}

/// "Phase I:" and nothing besides.
fn is_label_only(item: &Item) -> bool {
    let all = item.elements();
    let (label, rest) = cohort_label(item, &all);
    label.is_some() && rest.iter().all(|e| matches!(e.sense, Sense::Punctuation(_)))
}

/// Whether an item speaks of a tumour, its receptors or its spread, and not of what is measured or counted.
fn names_tumour(item: &Item) -> bool {
    let own = item.elements();
    let tumour = |e: &Element| {
        matches!(
            e.sense,
            Sense::Concept(Concept::Cancer(_))
                | Sense::Cue(
                    Cue::TripleNegative
                        | Cue::Her2
                        | Cue::Hr
                        | Cue::Er
                        | Cue::MetastaticDisease
                        | Cue::LocallyAdvanced
                        | Cue::Advanced
                )
        )
    };
    let other = |e: &Element| {
        matches!(
            e.sense,
            Sense::Cue(Cue::Measurable | Cue::Ecog | Cue::LifeExpectancy | Cue::Administrative | Cue::Must)
        ) || matches!(e.sense, Sense::Concept(Concept::Lab(_)))
    };
    own.iter().any(tumour) && !own.iter().take(6).any(other) && !own.iter().any(|e| e.is(Cue::Measurable))
}

/// Joins a note to the item that it explains: "Note: patients with treated lesions are allowed" below an exclusion.
fn with_notes(items: &[Item]) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        let note = item.children.is_empty() && is_permitting_note(item);
        match out.last_mut() {
            Some(before)
                if note && before.children.is_empty() && before.section == item.section && !ends_open(before) =>
            {
                before.append(item);
            }
            _ => out.push(item.clone()),
        }
    }
    out
}

fn ends_open(item: &Item) -> bool {
    item.text().trim_end().ends_with(':')
}

/// "Note: ... are allowed", "Exception: ...".
fn is_permitting_note(item: &Item) -> bool {
    let head: String = item.characters.iter().take(9).map(|c| c.value).collect::<String>().to_lowercase();
    if !head.starts_with("note") && !head.starts_with("exception") {
        return false;
    }
    let own = item.elements();
    own.iter().any(|e| e.is(Cue::Allowed) || e.is(Cue::May) || e.is(Cue::NoLimit))
        && !own.iter().any(|e| e.is(Cue::Forbidden) || e.is(Cue::MustNot))
}
