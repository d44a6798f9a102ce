//! Recurrence or progression relative to the end, or the start, of a treatment.

use super::Edge;
use crate::criteria::facts::{Exposure, Facts};
use crate::grammar::windows::{Bound, Length, Window};
use crate::patient::PartialDate;
use crate::patient::profile::{ReasonStopped, Setting};
use jiff::civil::Date;

/// Whether the disease came back during a treatment or within a length of its end (or its start); with a lower bound,
/// whether it came back only later. `None` where the dates leave it open.
pub fn recurred(exposure: &Exposure<'_>, facts: &Facts<'_>, window: Option<Window>, edge: Edge) -> Option<bool> {
    let window = window?;
    let length = window.length?;
    let (later, strict) = match window.bound {
        Bound::Ago { strict } | Bound::Lasting { strict } => (true, strict),
        Bound::Within { strict } | Bound::Shorter { strict } => (false, strict),
    };
    let inside = inside(exposure, facts, length, edge, if later { !strict } else { strict })?;
    Some(if later { !inside && happened(exposure, facts)? } else { inside })
}

/// Whether the first event behind the treatment's start lies inside the length.
fn inside(exposure: &Exposure<'_>, facts: &Facts<'_>, length: Length, edge: Edge, strict: bool) -> Option<bool> {
    let treatment = exposure.treatment;
    let today = (facts.as_of, facts.as_of);
    let span = |date: &PartialDate| (date.earliest, date.latest);
    let stop = treatment.stopped.as_ref().map_or(today, span);
    let from = match edge {
        Edge::End => stop,
        Edge::Start => treatment.started.as_ref().map(span)?,
    };
    let near = |event: (Date, Date)| -> Option<bool> {
        let before = |event: Date, limit: Date| if strict { event < limit } else { event <= limit };
        if before(event.1, length.after(from.0)) {
            Some(true)
        } else if !before(event.0, length.after(from.1)) {
            Some(false)
        } else {
            None
        }
    };
    if treatment.reason_stopped == Some(ReasonStopped::Progression) {
        return near(stop);
    }
    let events = events(exposure, facts);
    if events.is_empty() {
        return if exposure.ongoing() { Some(false) } else { None };
    }
    let mut answer = Some(false);
    for event in events {
        match near(event) {
            Some(true) => return Some(true),
            None => answer = None,
            Some(false) => {}
        }
    }
    // An earlier progression may be covered by a later date where lines were given in between.
    let first_unknown = facts.profile.diagnosis.as_ref().is_none_or(|d| d.metastatic_since.is_none());
    let open = if early(exposure) { first_unknown } else { later_lines(exposure, facts) };
    if answer == Some(false) && open { None } else { answer }
}

/// Whether the disease is known to have come back after the treatment began.
fn happened(exposure: &Exposure<'_>, facts: &Facts<'_>) -> Option<bool> {
    let known = exposure.treatment.reason_stopped == Some(ReasonStopped::Progression);
    if known || !events(exposure, facts).is_empty() { Some(true) } else { None }
}

/// The dated recurrences and progressions behind the start of a treatment.
fn events(exposure: &Exposure<'_>, facts: &Facts<'_>) -> Vec<(Date, Date)> {
    let start = exposure.treatment.started.as_ref().map(|d| d.latest);
    let start = start.or_else(|| exposure.treatment.stopped.as_ref().map(|d| d.latest));
    let diagnosis = facts.profile.diagnosis.as_ref();
    let dates =
        diagnosis.into_iter().flat_map(|d| [d.metastatic_since.as_ref(), d.last_progression.as_ref()]).flatten();
    dates.filter(|d| start.is_none_or(|s| d.latest >= s)).map(|d| (d.earliest, d.latest)).collect()
}

fn early(exposure: &Exposure<'_>) -> bool {
    matches!(exposure.treatment.setting, Some(Setting::Adjuvant | Setting::Neoadjuvant))
}

fn later_lines(exposure: &Exposure<'_>, facts: &Facts<'_>) -> bool {
    let own = exposure.treatment.line.unwrap_or(0);
    facts.exposures.iter().flatten().any(|e| e.treatment.line.is_some_and(|line| line > own))
}
