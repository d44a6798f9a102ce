//! What the change report says in words, the same in the table and on the page.

use super::change::{ChangeReport, Closing, Opening, PlanReport, Sentence, Staying};
use super::text::{self, one_line, shorten};
use crate::criteria::Section;
use crate::matching::Verdict;

/// Where a sentence stands: `inclusion`, `exclusion`, or the registry field.
pub fn place(sentence: &Sentence) -> String {
    let section = match sentence.section {
        Section::Inclusion => "inclusion",
        Section::Exclusion => "exclusion",
    };
    match (&sentence.field, &sentence.cohort) {
        (Some(field), _) => one_line(field),
        (None, Some(cohort)) => format!("{section}, {}", one_line(cohort)),
        (None, None) => section.to_owned(),
    }
}

/// The registry's words on one line, shortened.
pub fn quote(sentence: &Sentence, limit: usize) -> String {
    format!("“{}”", shorten(&one_line(&sentence.text), limit))
}

/// The facts behind a sentence.
pub fn facts(sentence: &Sentence) -> String {
    let said = sentence.evidence.iter().map(|fact| match (fact.note.as_deref(), &fact.value) {
        (Some("the plan"), serde_json::Value::String(value)) => format!("of the plan ({})", one_line(value)),
        _ => text::fact(fact),
    });
    said.collect::<Vec<_>>().join("; ")
}

/// Says until when a closing trial can be entered.
pub fn until(closing: &Closing) -> String {
    let last = closing.last_day;
    let mut said = match closing.earliest_start_now {
        Some(day) if day > last => {
            format!("cannot be entered before the plan starts: something must be waited for until {day}")
        }
        Some(day) => format!("can be entered from {day} to {last}"),
        None => format!("last day to enter: {last}"),
    };
    if closing.by_time_alone {
        said.push_str("; closes by the passing of time alone, with the plan or without");
    } else if closing.during != Verdict::Ineligible {
        said.push_str("; its text does not close it while the plan goes on, but after it");
    }
    said
}

/// Says from when an opening trial can be entered.
pub fn from(opening: &Opening) -> String {
    let already = if opening.during == Verdict::Ineligible { "" } else { "; open while the plan goes on as well" };
    format!("earliest start: {}{already}", opening.earliest_start)
}

/// Says from when a staying trial can be entered after the plan, and why.
pub fn again(staying: &Staying) -> String {
    let days = staying.days_after;
    let why = if staying.washout.is_empty() {
        "its text names no washout for the plan: 28 days are assumed".to_owned()
    } else {
        format!("{days} days after the plan ends")
    };
    format!("earliest start after the plan: {} ({why})", staying.earliest_start)
}

/// The heading of a plan.
pub fn heading(plan: &PlanReport) -> String {
    format!("{} from {}", one_line(&plan.start.plan), plan.start.on)
}

/// The numbers of a plan.
pub fn totals(plan: &PlanReport) -> String {
    format!(
        "{} close, {} open, {} stay; {} are ineligible now and after",
        plan.closes.len(),
        plan.opens.len(),
        plan.stays.len(),
        plan.ineligible_throughout
    )
}

/// What becomes of a trial under each plan, by trial, those that close somewhere first.
pub fn side_by_side(report: &ChangeReport) -> Vec<(String, Vec<&'static str>)> {
    let plans: Vec<&PlanReport> = report.plans().collect();
    let mut trials: Vec<&str> = Vec::new();
    let closing = plans.iter().flat_map(|plan| plan.closes.iter().map(|c| c.trial.id.as_str()));
    let opening = plans.iter().flat_map(|plan| plan.opens.iter().map(|o| o.trial.id.as_str()));
    for id in closing.chain(opening) {
        if !trials.contains(&id) {
            trials.push(id);
        }
    }
    let effect = |plan: &PlanReport, id: &str| {
        if plan.closes.iter().any(|c| c.trial.id == id) {
            "closes"
        } else if plan.opens.iter().any(|o| o.trial.id == id) {
            "opens"
        } else if plan.stays.iter().any(|s| s.trial.id == id) {
            "stays"
        } else {
            "not open"
        }
    };
    trials.into_iter().map(|id| (one_line(id), plans.iter().map(|plan| effect(plan, id)).collect())).collect()
}
