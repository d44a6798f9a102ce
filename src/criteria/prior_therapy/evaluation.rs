//! How a question about treatment is answered from the profile's list.

use super::{Detail, Edge, How, Rank, Therapy, Treatments, relapse};
use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::facts::{Exposure, Facts};
use crate::grammar::windows::{Bound, Length, TimeUnit, Whichever, Window};
use crate::lexicon::drugs;
use crate::patient::PartialDate;
use crate::patient::profile::{ReasonStopped, Response, TreatmentKind};
use jiff::ToSpan;
use jiff::civil::Date;

impl Therapy {
    /// Answers for one patient. The list of treatments is complete where it is present (contract, section 2).
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        let Some(exposures) = &facts.exposures else { return Answer::unknown("treatment history") };
        let answers = exposures.iter().map(|exposure| self.of_exposure(exposure, facts));
        let answer = Answer::any(answers);
        if facts.open_treatments() && matches!(answer.truth, Truth::False | Truth::FalseUntil(_)) {
            return facts.unknown(|| "treatment history".to_owned());
        }
        if answer.truth == Truth::False {
            return Answer::settled(Truth::False, facts.evidence(|| Fact::complete("treatments")));
        }
        answer
    }

    fn of_exposure(&self, exposure: &Exposure<'_>, facts: &Facts<'_>) -> Answer {
        let answer = self.without_manner(exposure, facts);
        match &self.manner {
            Some(words) if !matches!(answer.truth, Truth::False | Truth::Unknown | Truth::FalseUntil(_)) => Answer {
                truth: Truth::Unknown,
                evidence: answer.evidence,
                missing: facts.missing(|| format!("whether {} was \"{words}\"", self.what.say())),
            },
            _ => answer,
        }
    }

    fn without_manner(&self, exposure: &Exposure<'_>, facts: &Facts<'_>) -> Answer {
        let given = self.what.given(exposure);
        let excepted = self
            .except
            .as_ref()
            .map_or(Some(false), |(except, setting)| and(except.whole(exposure, &self.what), setting.of(exposure)));
        let with = self.with.as_ref().map_or(Some(true), |with| with.given(exposure));
        let mut counts = and(and(given, excepted.map(|e| !e)), and(self.setting.of(exposure), with));
        if self.alone {
            let others = exposure.folded.iter().zip(&exposure.drugs).map(|(agent, drug)| {
                if drug.is_some_and(|d| !drugs::makes_a_line(d)) { Some(true) } else { self.what.covers(agent, *drug) }
            });
            counts = others.fold(counts, and);
        }
        if counts != Some(false) {
            counts = and(counts, self.ranked(exposure, facts));
        }
        let fact = || facts.evidence(|| Fact::new(exposure.path(), exposure.label()));
        let because = |missing: &dyn Fn() -> String| Answer {
            truth: Truth::Unknown,
            evidence: fact(),
            missing: facts.missing(missing),
        };
        let unknown = |missing: &str| because(&|| missing.to_owned());
        match counts {
            Some(false) => return Answer::settled(Truth::False, Vec::new()),
            None => return because(&|| format!("whether {} was given", self.what.say())),
            Some(true) => {}
        }
        let truth = match self.how {
            How::Received => Some(true),
            How::Ongoing => Some(exposure.ongoing()),
            How::Progressed => progressed(exposure, facts),
            How::Intolerant => stopped_for_toxicity(exposure),
            How::Recurred => {
                return match relapse::recurred(exposure, facts, self.window, self.edge) {
                    Some(value) => Answer::settled(Truth::from_bool(value), fact()),
                    None => unknown("date of recurrence or progression"),
                };
            }
            How::Detail(Detail::Toxicity) => {
                stopped_for_toxicity(exposure).and_then(|t| if t { None } else { Some(false) })
            }
            How::Detail(_) => match self.window.map(|w| in_window(&w, exposure, &self.what, facts, self.edge)) {
                Some(Truth::False) => Some(false),
                _ => None,
            },
        };
        match (truth, self.how) {
            (Some(false), _) => return Answer::settled(Truth::False, Vec::new()),
            (None, How::Detail(detail)) => return because(&|| format!("{} {}", detail.missing(), self.what.say())),
            (None, _) => return because(&|| format!("why {} was stopped", self.what.say())),
            (Some(true), _) => {}
        }
        match self.window {
            None => Answer::settled(Truth::True, fact()),
            Some(window) => match in_window(&window, exposure, &self.what, facts, self.edge) {
                Truth::Unknown => unknown(if window.half_lives.is_some() {
                    "half-life of the drug, or its last day"
                } else {
                    "dates of treatment"
                }),
                truth => Answer::settled(truth, fact()),
            },
        }
    }
}

impl Therapy {
    /// Whether the treatment is the line, or the latest course, that is asked for.
    fn ranked(&self, exposure: &Exposure<'_>, facts: &Facts<'_>) -> Option<bool> {
        let all = facts.exposures.as_deref().unwrap_or_default();
        match self.rank {
            Rank::Any => Some(true),
            Rank::Line(wanted) => {
                let line = exposure.treatment.line?;
                // "First-line endocrine therapy" may mean the first line of all or the first of its class.
                let mut of_class: Vec<u32> =
                    all.iter().filter(|e| self.what.given(e) == Some(true)).filter_map(|e| e.treatment.line).collect();
                of_class.sort_unstable();
                of_class.dedup();
                let in_class = of_class.iter().position(|l| *l == line).map(|p| p as u32 + 1);
                let overall = line == u32::from(wanted);
                let by_class = in_class == Some(u32::from(wanted));
                if overall == by_class { Some(overall) } else { None }
            }
            // Operations are not ranked among drugs.
            Rank::Latest if exposure.treatment.kind != TreatmentKind::Drug => Some(true),
            Rank::Latest => {
                let drugs = || {
                    all.iter().filter(|e| {
                        self.what.given(e) != Some(false)
                            && e.treatment.kind == TreatmentKind::Drug
                            && e.drugs.iter().any(|d| d.is_none_or(drugs::makes_a_line))
                    })
                };
                if let Some(line) = exposure.treatment.line {
                    return Some(drugs().filter_map(|e| e.treatment.line).max() == Some(line));
                }
                let last = |e: &Exposure<'_>| match &e.treatment.stopped {
                    Some(stopped) => (stopped.earliest, stopped.latest),
                    None => (facts.as_of, facts.as_of),
                };
                let own = last(exposure);
                let mut sure = true;
                for other in drugs().filter(|e| e.index != exposure.index) {
                    if other.treatment.line.is_some() || last(other).0 > own.1 {
                        return Some(false);
                    }
                    sure &= last(other).1 <= own.0;
                }
                sure.then_some(true)
            }
        }
    }
}

fn stopped_for_toxicity(exposure: &Exposure<'_>) -> Option<bool> {
    match exposure.treatment.reason_stopped {
        Some(reason) => Some(reason == ReasonStopped::Toxicity),
        None if exposure.ongoing() => Some(false),
        None => None,
    }
}

pub(super) fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// Whether the disease progressed on a treatment (convention 13).
pub fn progressed(exposure: &Exposure<'_>, facts: &Facts<'_>) -> Option<bool> {
    let treatment = exposure.treatment;
    if treatment.reason_stopped == Some(ReasonStopped::Progression)
        || treatment.best_response == Some(Response::Progressive)
    {
        return Some(true);
    }
    let diagnosis = facts.profile.diagnosis.as_ref();
    let dates =
        diagnosis.into_iter().flat_map(|d| [d.last_progression.as_ref(), d.metastatic_since.as_ref()]).flatten();
    let mut open = false;
    for date in dates {
        match within(date, treatment.started.as_ref(), treatment.stopped.as_ref(), facts.as_of) {
            Some(true) => return Some(true),
            None => open = true,
            Some(false) => {}
        }
    }
    if treatment.reason_stopped.is_some() || exposure.ongoing() && !open {
        return Some(false);
    }
    None
}

fn within(date: &PartialDate, from: Option<&PartialDate>, to: Option<&PartialDate>, as_of: Date) -> Option<bool> {
    let from = from?;
    let (to_earliest, to_latest) = to.map_or((as_of, as_of), |t| (t.earliest, t.latest));
    if date.latest < from.earliest || date.earliest > to_latest {
        Some(false)
    } else if date.earliest > from.latest && date.latest <= to_earliest {
        Some(true)
    } else {
        None
    }
}

/// Whether a treatment ended inside a window, or lasted long enough.
fn in_window(window: &Window, exposure: &Exposure<'_>, what: &Treatments, facts: &Facts<'_>, edge: Edge) -> Truth {
    let treatment = exposure.treatment;
    let lasting = |at_least: bool, strict: bool| -> Truth {
        let (Some(length), Some(started)) = (window.length, treatment.started.as_ref()) else { return Truth::Unknown };
        let end = treatment.stopped.as_ref().map_or((facts.as_of, facts.as_of), |s| (s.earliest, s.latest));
        let enough = |from: Date, to: Date| if strict { length.after(from) < to } else { length.after(from) <= to };
        let (least, most) = (enough(started.latest, end.0), enough(started.earliest, end.1));
        if least != most {
            return Truth::Unknown;
        }
        // What goes on will have lasted long enough on a day that can be named.
        if at_least && !least && treatment.stopped.is_none() && started.earliest == started.latest {
            let day = length.after(started.latest);
            return Truth::FalseUntil(if strict { day.saturating_add(1.day()) } else { day });
        }
        Truth::from_bool(least == at_least)
    };
    let strict = match window.bound {
        Bound::Lasting { strict } => return lasting(true, strict),
        Bound::Shorter { strict } => return lasting(false, !strict),
        Bound::Within { strict } | Bound::Ago { strict } => strict,
    };
    let ago = matches!(window.bound, Bound::Ago { .. });
    let (earliest, latest) = match &treatment.stopped {
        _ if edge == Edge::Start => match &treatment.started {
            Some(date) => (date.earliest, date.latest.min(facts.as_of)),
            None => return Truth::Unknown,
        },
        Some(stopped) => (stopped.earliest, stopped.latest.min(facts.as_of)),
        // Single events that are dated by their start alone.
        None if treatment.kind != TreatmentKind::Drug => match &treatment.started {
            Some(date) => (date.earliest, date.latest.min(facts.as_of)),
            None => return Truth::Unknown,
        },
        None => return Truth::from_bool(!ago),
    };
    let over = |length: Length, end: Date| {
        let last = length.after(end);
        // "Within" keeps its last day, "less than" does not; "at least ... ago" is met on the day, "more than" after it.

        if ago == strict { last.saturating_add(1.day()) } else { last }
    };
    let clear = |end: Date| -> Option<Date> {
        let by_length = window.length.map(|l| over(l, end));
        // Operations and irradiation have no half-life.
        let lives = window.half_lives.filter(|_| treatment.kind == TreatmentKind::Drug || window.length.is_none());
        let by_half_lives = lives.map(|(count, _)| {
            half_life_days(exposure, what)
                .map(|days| over(Length::new((days * f64::from(count)).ceil(), TimeUnit::Day), end))
        });
        match (by_length, by_half_lives, lives.map(|(_, w)| w)) {
            (Some(length), None, _) => Some(length),
            (Some(length), Some(Some(lives)), Some(Whichever::Shorter)) => Some(length.min(lives)),
            (Some(length), Some(Some(lives)), _) => Some(length.max(lives)),
            (Some(length), Some(None), Some(Whichever::Shorter)) => Some(length),
            (Some(length), Some(None), _) if length > facts.as_of => Some(length),
            (None, Some(lives), _) => lives,
            _ => None,
        }
    };
    let (Some(first), Some(last)) = (clear(earliest), clear(latest)) else { return Truth::Unknown };
    let truth = if last <= facts.as_of {
        Truth::False
    } else if first > facts.as_of {
        Truth::TrueUntil(last)
    } else {
        Truth::Unknown
    };
    if ago { truth.negated() } else { truth }
}

/// The longest half-life among the drugs that count, in days; `None` where one is not known.
fn half_life_days(exposure: &Exposure<'_>, what: &Treatments) -> Option<f64> {
    let mut longest: Option<f64> = None;
    for (agent, drug) in exposure.folded.iter().zip(&exposure.drugs) {
        if what.covers(agent, *drug) == Some(false) {
            continue;
        }
        for &part in drugs::components_of((*drug)?) {
            let hours = drugs::all_drugs().get(part)?.half_life_hours?;
            longest = Some(longest.unwrap_or(0.0).max(hours / 24.0));
        }
    }
    longest
}
