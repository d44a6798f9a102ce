//! Neighbours that are alternatives: tumour groups, items joined by "or".

use crate::criteria::requirement::Section;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::outline::Item;
use crate::grammar::phrase::is_neutral;
use crate::lexicon::concepts::Concept;

/// Whether an item announces alternatives.
pub fn opens_alternatives(item: &Item) -> bool {
    item.text().trim_end().ends_with(':') && item.elements().iter().any(|e| e.is(Cue::OneOf))
}

/// "Non-small cell lung cancer with ...", "Metastatic melanoma, ...": one of the tumour groups of a basket trial. Such
/// items side by side are alternatives.
pub(super) fn is_tumour_group(item: &Item) -> bool {
    let own = item.elements();
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

/// Joins neighbours that end with "or" into one list, under the title before them where there is one.
pub fn regroup(items: &[Item]) -> Vec<Item> {
    let ends_or = |item: &Item| item.children.is_empty() && item.characters.len() > 4 && item.ends_with_word("or");
    let mut out: Vec<Item> = Vec::new();
    let mut at = 0;
    while let Some(item) = items.get(at) {
        let groups = match item.section {
            Some(Section::Exclusion) => 0,
            section => items.iter().skip(at).take_while(|i| i.section == section && is_tumour_group(i)).count(),
        };
        if groups > 1 {
            let run = items.get(at..at + groups).unwrap_or_default().to_vec();
            out.push(Item::list(run));
            at += groups;
            continue;
        }
        if !ends_or(item) {
            let mut item = item.clone();
            item.children = regroup(&item.children);
            out.push(item);
            at += 1;
            continue;
        }
        let end = (at..items.len()).find(|i| items.get(*i).is_some_and(|i| !ends_or(i))).map_or(items.len(), |i| i + 1);
        let run = items.get(at..end).unwrap_or_default().to_vec();
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
