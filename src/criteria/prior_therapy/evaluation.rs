//! How a question about treatment is answered from the profile's list.

use super::{How, SettingIs, Therapy, Treatments};
use crate::criteria::answer::{Answer, Fact, Truth};
use crate::grammar::windows::{Bound, Length, TimeUnit, Whichever, Window};
use crate::lexicon::{drugs, procedures};
use crate::patient::PartialDate;
use crate::patient::facts::{Exposure, Facts};
use crate::patient::profile::{ReasonStopped, Response, Setting, TreatmentKind};
use jiff::ToSpan;
use jiff::civil::Date;

impl Therapy {
    /// Answers for one patient. The list of treatments is complete where it is present (contract, section 2).
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        let Some(exposures) = &facts.exposures else { return Answer::unknown("treatment history") };
        let answers = exposures.iter().map(|exposure| self.of_exposure(exposure, facts));
        let answer = Answer::any(answers);
        if answer.truth == Truth::False {
            return Answer::settled(Truth::False, vec![Fact::complete("treatments")]);
        }
        answer
    }

    fn of_exposure(&self, exposure: &Exposure<'_>, facts: &Facts<'_>) -> Answer {
        let given = self.what.given(exposure);
        let excepted = self
            .except
            .as_ref()
            .map_or(Some(false), |(except, setting)| and(except.whole(exposure, &self.what), setting.of(exposure)));
        let counts = and(and(given, excepted.map(|e| !e)), self.setting.of(exposure));
        let fact = || vec![Fact::new(exposure.path(), exposure.label())];
        let unknown =
            |missing: &str| Answer { truth: Truth::Unknown, evidence: fact(), missing: vec![missing.to_owned()] };
        match counts {
            Some(false) => return Answer::settled(Truth::False, Vec::new()),
            None => return unknown(&format!("whether {} was given", self.what.say())),
            Some(true) => {}
        }
        let truth = match self.how {
            How::Received => Some(true),
            How::Ongoing => Some(exposure.ongoing()),
            How::Progressed => progressed(exposure, facts),
            How::Intolerant => match exposure.treatment.reason_stopped {
                Some(reason) => Some(reason == ReasonStopped::Toxicity),
                None if exposure.ongoing() => Some(false),
                None => None,
            },
        };
        match truth {
            Some(false) => return Answer::settled(Truth::False, Vec::new()),
            None => return unknown(&format!("why {} was stopped", self.what.say())),
            Some(true) => {}
        }
        match self.window {
            None => Answer::settled(Truth::True, fact()),
            Some(window) => match in_window(&window, exposure, &self.what, facts) {
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

fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

impl SettingIs {
    /// Whether a treatment was given in the setting.
    pub fn of(self, exposure: &Exposure<'_>) -> Option<bool> {
        let Some(setting) = exposure.treatment.setting else {
            return match self {
                Self::Any => Some(true),
                // A line number exists in advanced disease alone (contract, section 2).
                _ if exposure.treatment.line.is_some() => Some(self == Self::Metastatic),
                _ => None,
            };
        };
        Some(match self {
            Self::Any => true,
            Self::Metastatic => matches!(setting, Setting::Metastatic | Setting::LocallyAdvanced),
            Self::Adjuvant => setting == Setting::Adjuvant,
            Self::Neoadjuvant => setting == Setting::Neoadjuvant,
            Self::Early => matches!(setting, Setting::Adjuvant | Setting::Neoadjuvant),
        })
    }
}

impl Treatments {
    /// Whether one of these was given; unknown where an agent of the list is not in the vocabulary.
    pub fn given(&self, exposure: &Exposure<'_>) -> Option<bool> {
        match exposure.treatment.kind {
            TreatmentKind::Drug => {
                let mut answer = Some(false);
                for (agent, drug) in exposure.treatment.agents.iter().zip(&exposure.drugs) {
                    match self.covers(agent, *drug) {
                        Some(true) => return Some(true),
                        None => answer = None,
                        Some(false) => {}
                    }
                }
                answer
            }
            kind => self.procedure_given(exposure, kind),
        }
    }

    /// Whether everything of `counted` that was given falls under these: what an exception asks.
    fn whole(&self, exposure: &Exposure<'_>, counted: &Self) -> Option<bool> {
        if exposure.treatment.kind != TreatmentKind::Drug {
            return self.procedure_given(exposure, exposure.treatment.kind);
        }
        let mut any = false;
        for (agent, drug) in exposure.treatment.agents.iter().zip(&exposure.drugs) {
            if counted.covers(agent, *drug)? {
                any = true;
                if !self.covers(agent, *drug)? {
                    return Some(false);
                }
            }
        }
        Some(any)
    }

    fn covers(&self, agent: &str, drug: Option<usize>) -> Option<bool> {
        let folded = agent.split_whitespace().map(crate::grammar::spelling::fold).collect::<Vec<_>>().join(" ");
        if self.names.contains(&folded) {
            return Some(true);
        }
        let Some(drug) = drug else { return if self.classes.is_empty() { Some(false) } else { None } };
        let parts = drugs::components_of(drug);
        Some(
            parts.iter().any(|part| {
                self.drugs.contains(&(*part as u16))
                    || self.classes.iter().any(|class| drugs::is_in_class(*part, *class as usize))
            }) || self.drugs.contains(&(drug as u16)),
        )
    }

    fn procedure_given(&self, exposure: &Exposure<'_>, kind: TreatmentKind) -> Option<bool> {
        let mut answer = Some(false);
        for &row in &self.procedures {
            let Some(procedure) = procedures::all().get(row as usize) else { continue };
            let this = match (kind, procedure.kind) {
                (TreatmentKind::Radiotherapy, procedures::ProcedureKind::Radiotherapy) => {
                    radiotherapy(exposure, row as usize, &procedure.id)
                }
                (TreatmentKind::Surgery, procedures::ProcedureKind::Surgery) => {
                    surgery(exposure, row as usize, &procedure.id)
                }
                (TreatmentKind::Transplant, procedures::ProcedureKind::Transplant)
                | (TreatmentKind::CellTherapy, procedures::ProcedureKind::CellTherapy) => match exposure.procedure {
                    Some(given) => Some(procedures::is_a(given, row as usize)),
                    None => None,
                },
                _ => Some(false),
            };
            match this {
                Some(true) => return Some(true),
                None => answer = None,
                Some(false) => {}
            }
        }
        let class = |id: &str| drugs::class_by_id(id).is_some_and(|c| self.classes.contains(&(c as u16)));
        if kind == TreatmentKind::Radiotherapy && class("anticancer-therapy")
            || kind == TreatmentKind::CellTherapy
                && (class("cell-therapy")
                    || class("immunotherapy")
                    || class("anticancer-therapy")
                    || class("systemic-therapy"))
        {
            return Some(true);
        }
        answer
    }
}

fn radiotherapy(exposure: &Exposure<'_>, row: usize, id: &str) -> Option<bool> {
    let target = exposure.treatment.target.as_deref().unwrap_or("").to_lowercase();
    if id == "radiotherapy" {
        return Some(true);
    }
    if exposure.procedure.is_some_and(|given| procedures::is_a(given, row)) {
        return Some(true);
    }
    for (name, words) in [
        ("brain radiotherapy", "brain"),
        ("bone radiotherapy", "bone"),
        ("breast radiotherapy", "breast"),
        ("thoracic radiotherapy", "chest"),
    ] {
        if id == name {
            return if target.is_empty() { None } else { Some(target.contains(words)) };
        }
    }
    if id == "whole brain radiotherapy" || id == "stereotactic radiotherapy" {
        if !target.is_empty() && !target.contains("brain") && id == "whole brain radiotherapy" {
            return Some(false);
        }
        return exposure.procedure.is_none().then_some(None).unwrap_or(Some(false));
    }
    None
}

fn surgery(exposure: &Exposure<'_>, row: usize, id: &str) -> Option<bool> {
    if matches!(id, "surgery" | "major surgery") {
        return Some(true);
    }
    match exposure.procedure {
        Some(given) => Some(procedures::is_a(given, row)),
        None => None,
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
fn in_window(window: &Window, exposure: &Exposure<'_>, what: &Treatments, facts: &Facts<'_>) -> Truth {
    let treatment = exposure.treatment;
    let lasting = |at_least: bool, strict: bool| -> Truth {
        let (Some(length), Some(started)) = (window.length, treatment.started.as_ref()) else { return Truth::Unknown };
        let end = treatment.stopped.as_ref().map_or((facts.as_of, facts.as_of), |s| (s.earliest, s.latest));
        let enough = |from: Date, to: Date| if strict { length.after(from) < to } else { length.after(from) <= to };
        let (least, most) = (enough(started.latest, end.0), enough(started.earliest, end.1));
        if least == most { Truth::from_bool(least == at_least) } else { Truth::Unknown }
    };
    let strict = match window.bound {
        Bound::Lasting { strict } => return lasting(true, strict),
        Bound::Shorter { strict } => return lasting(false, !strict),
        Bound::Within { strict } | Bound::Ago { strict } => strict,
    };
    let ago = matches!(window.bound, Bound::Ago { .. });
    let (earliest, latest) = match &treatment.stopped {
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
        let first_clear = if ago == strict { last.saturating_add(1.day()) } else { last };
        first_clear
    };
    let clear = |end: Date| -> Option<Date> {
        let by_length = window.length.map(|l| over(l, end));
        let by_half_lives = window.half_lives.map(|(count, _)| {
            half_life_days(exposure, what)
                .map(|days| over(Length::new((days * f64::from(count)).ceil(), TimeUnit::Day), end))
        });
        match (by_length, by_half_lives, window.half_lives.map(|(_, w)| w)) {
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
    for (agent, drug) in exposure.treatment.agents.iter().zip(&exposure.drugs) {
        if what.covers(agent, *drug) == Some(false) {
            continue;
        }
        for part in drugs::components_of((*drug)?) {
            let hours = drugs::all_drugs().get(part)?.half_life_hours?;
            longest = Some(longest.unwrap_or(0.0).max(hours / 24.0));
        }
    }
    longest
}
