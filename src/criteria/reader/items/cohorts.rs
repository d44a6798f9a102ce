//! Cohorts named inside an item.

use crate::grammar::elements::Element;
use crate::grammar::headings::cohort_in;
use crate::grammar::outline::Item;

/// "For phase II, ...", "Cohort A: ...", "... (Phase 2)": the label, and the elements without it.
pub(super) fn cohort_label<'e>(item: &Item, all: &'e [Element]) -> (Option<String>, &'e [Element]) {
    let text = item.text();
    let lower = text.to_lowercase();
    let head: String = text.chars().take(70).collect();
    let stop = head.char_indices().find(|(_, c)| matches!(c, ':' | ',')).map(|(i, _)| i);
    if let Some(stop) = stop
        && let Some(title) = head.get(..stop)
    {
        let words = title.split_whitespace().count();
        let opens = ["for ", "in ", "cohort", "arm ", "phase ", "part ", "group ", "arms ", "cohorts "]
            .iter()
            .any(|w| lower.starts_with(w));
        if opens
            && words <= 8
            && let Some(cohort) = cohort_in(title, false)
            && whole_title(title, &cohort)
        {
            let end = item.characters.get(title.chars().count()).map_or(0, |c| c.span.end);
            let from = all.iter().position(|e| e.span.start >= end).unwrap_or(all.len());
            return (Some(cohort), all.get(from..).unwrap_or_default());
        }
    }
    if text.trim_end().ends_with(')')
        && let Some(open) = text.rfind('(')
        && let Some(inside) = text.get(open + 1..).map(|t| t.trim_end().trim_end_matches(')'))
        && let Some(cohort) = cohort_in(inside, false)
        && inside.split_whitespace().count() <= cohort.split_whitespace().count() + 1
    {
        let start = item.characters.get(text.get(..open).map_or(0, |t| t.chars().count())).map_or(0, |c| c.span.start);
        let to = all.iter().position(|e| e.span.start >= start).unwrap_or(all.len());
        return (Some(cohort), all.get(..to).unwrap_or_default());
    }
    (None, all)
}

/// Whether a title names a cohort and nothing besides: "for patients in cohort A".
pub(super) fn whole_title(title: &str, cohort: &str) -> bool {
    let rest = title.replacen(cohort, "", 1).to_lowercase();
    rest.split_whitespace().all(|w| {
        matches!(
            w,
            "for"
                | "in"
                | "patients"
                | "participants"
                | "subjects"
                | "enrolled"
                | "the"
                | "of"
                | "study"
                | "only"
                | "entering"
                | "to"
                | "into"
                | "on"
                | "portion"
                | "part"
                | "specific"
                | "-"
        )
    })
}
