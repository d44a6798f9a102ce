//! The change report as a handout that prints on two sides of A4: the patient's reference, what closes, opens and stays
//! with the sentences that decide, what was not read, nearest sites, and room for notes. Nothing is loaded from elsewhere.

use super::WriteError;
use super::change::{ChangeReport, Closing, Opening, PlanReport, Sentence, Staying};
use super::change_words as words;
use super::standing;
use super::table;
use super::text::{self, one_line};
use super::types::{NearestSite, TrialHead};
use crate::matching::Verdict;
use askama::Template;
use std::io::Write;

/// The trials of each list that the page explains, of one plan and of several; two sides of A4 hold no more. The others
/// are counted and named.
const EXPLAINED: [[usize; 3]; 2] = [[5, 3, 5], [2, 1, 1]];

/// The trials of each list that are named beyond those, by their identifiers.
const NAMED: usize = 24;

/// The sentences that the page quotes for a trial.
const SENTENCES: usize = 2;

/// The characters of a quotation.
const QUOTE_LIMIT: usize = 230;

/// The rows of the table of plans.
const ROWS: usize = 12;

#[derive(Template)]
#[template(path = "change.html")]
struct Page<'r> {
    report: &'r ChangeReport,
    warnings: Vec<String>,
    beside: Vec<(String, Vec<&'static str>)>,
}

/// Writes the page.
pub fn write(report: &ChangeReport, to: &mut dyn Write) -> Result<(), WriteError> {
    let mut beside = if report.alternatives.is_empty() { Vec::new() } else { words::side_by_side(report) };
    beside.truncate(ROWS);
    let page = Page { report, warnings: report.snapshot.warnings(), beside };
    to.write_all(page.render()?.as_bytes())?;
    Ok(())
}

impl Page<'_> {
    fn patient(&self) -> String {
        self.report.patient.as_deref().map_or("without an id".to_owned(), one_line)
    }

    /// The trials of each list that are explained.
    fn limits(&self) -> [usize; 3] {
        let [one, several] = EXPLAINED;
        if self.report.alternatives.is_empty() { one } else { several }
    }

    fn plans(&self) -> Vec<&PlanReport> {
        self.report.plans().collect()
    }

    fn sources(&self) -> Option<String> {
        table::sources(&self.report.snapshot)
    }

    fn line(&self, said: &str) -> String {
        one_line(said)
    }

    fn heading(&self, plan: &PlanReport) -> String {
        words::heading(plan)
    }

    fn totals(&self, plan: &PlanReport) -> String {
        words::totals(plan)
    }

    fn closes<'p>(&self, plan: &'p PlanReport) -> &'p [Closing] {
        first(&plan.closes, self.limits()[0])
    }

    fn opens<'p>(&self, plan: &'p PlanReport) -> &'p [Opening] {
        first(&plan.opens, self.limits()[1])
    }

    fn stays<'p>(&self, plan: &'p PlanReport) -> &'p [Staying] {
        first(&plan.stays, self.limits()[2])
    }

    fn other_closes(&self, plan: &PlanReport) -> Option<String> {
        others(plan.closes.iter().skip(self.limits()[0]).map(|one| &one.trial))
    }

    fn other_opens(&self, plan: &PlanReport) -> Option<String> {
        others(plan.opens.iter().skip(self.limits()[1]).map(|one| &one.trial))
    }

    fn other_stays(&self, plan: &PlanReport) -> Option<String> {
        others(plan.stays.iter().skip(self.limits()[2]).map(|one| &one.trial))
    }

    fn until(&self, closing: &Closing) -> String {
        words::until(closing)
    }

    fn from(&self, opening: &Opening) -> String {
        words::from(opening)
    }

    fn again(&self, staying: &Staying) -> String {
        words::again(staying)
    }

    fn verdict(&self, verdict: &Verdict) -> &'static str {
        text::verdict(*verdict)
    }

    fn sentences<'s>(&self, sentences: &'s [Sentence]) -> &'s [Sentence] {
        first(sentences, SENTENCES)
    }

    fn more(&self, sentences: &[Sentence]) -> usize {
        sentences.len().saturating_sub(SENTENCES)
    }

    fn place(&self, sentence: &Sentence) -> String {
        words::place(sentence)
    }

    fn quote(&self, sentence: &Sentence) -> String {
        words::quote(sentence, QUOTE_LIMIT)
    }

    fn facts(&self, sentence: &Sentence) -> String {
        words::facts(sentence)
    }

    fn status(&self, trial: &TrialHead) -> String {
        standing::status(trial)
    }

    fn site(&self, site: &NearestSite) -> String {
        let distance = site.distance().map(|distance| format!(" ({distance})")).unwrap_or_default();
        let contact = site.contact.as_ref().map(|contact| format!("; {}", one_line(contact))).unwrap_or_default();
        format!("{}{distance}{contact}", one_line(&site.place()))
    }

    /// What is missing of a closing trial, and how much of it was not read.
    fn open_points(&self, closing: &Closing) -> String {
        let mut said: Vec<String> = closing.ask.iter().take(4).map(|fact| one_line(fact)).collect();
        if closing.ask.len() > said.len() {
            said.push(format!("{} more", closing.ask.len() - said.len()));
        }
        let unread = closing.counts.unread;
        if unread > 0 {
            said.push(format!("{unread} of its criteria not read: read them in the registry"));
        }
        said.join("; ")
    }

    /// The trials that stay or close whose texts were not read whole.
    fn not_read(&self, plan: &PlanReport) -> usize {
        plan.closes.iter().filter(|one| one.counts.unread > 0).count()
            + plan.stays.iter().filter(|one| one.counts.unread > 0).count()
    }
}

fn first<T>(list: &[T], limit: usize) -> &[T] {
    list.get(..limit).unwrap_or(list)
}

/// Names the trials that the page does not explain.
fn others<'t>(trials: impl Iterator<Item = &'t TrialHead>) -> Option<String> {
    let ids: Vec<String> = trials.map(|trial| one_line(&trial.id)).collect();
    let named = first(&ids, NAMED).join(", ");
    match ids.len() {
        0 => None,
        count if count <= NAMED => Some(format!("And {count} more: {named}.")),
        count => Some(format!("And {count} more: {named} and others; the full report lists all.")),
    }
}
