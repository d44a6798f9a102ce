//! Whether a treatment of the profile is one of those asked for.

use super::{SettingIs, Treatments};
use crate::criteria::facts::Exposure;
use crate::lexicon::{drugs, procedures};
use crate::patient::profile::{Setting, TreatmentKind};

impl SettingIs {
    /// Whether a treatment was given in the setting.
    pub fn of(self, exposure: &Exposure<'_>) -> Option<bool> {
        let Some(setting) = exposure.treatment.setting else {
            return match self {
                Self::Any => Some(true),
                // A line number exists in advanced disease alone (contract, section 2).
                _ if exposure.treatment.line.is_some() => {
                    Some(matches!(self, Self::Metastatic | Self::AdjuvantOrMetastatic))
                }
                _ => None,
            };
        };
        Some(match self {
            Self::Any => true,
            Self::Metastatic => matches!(setting, Setting::Metastatic | Setting::LocallyAdvanced),
            Self::Adjuvant => setting == Setting::Adjuvant,
            Self::Neoadjuvant => setting == Setting::Neoadjuvant,
            Self::Early => matches!(setting, Setting::Adjuvant | Setting::Neoadjuvant),
            Self::AdjuvantOrMetastatic => setting != Setting::Neoadjuvant,
        })
    }
}

impl Treatments {
    /// Whether one of these was given; unknown where an agent of the list is not in the vocabulary.
    pub fn given(&self, exposure: &Exposure<'_>) -> Option<bool> {
        match exposure.treatment.kind {
            TreatmentKind::Drug => {
                let mut answer = Some(false);
                for (agent, drug) in exposure.folded.iter().zip(&exposure.drugs) {
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
    pub(super) fn whole(&self, exposure: &Exposure<'_>, counted: &Self) -> Option<bool> {
        if exposure.treatment.kind != TreatmentKind::Drug {
            return self.procedure_given(exposure, exposure.treatment.kind);
        }
        let mut any = false;
        for (agent, drug) in exposure.folded.iter().zip(&exposure.drugs) {
            if counted.covers(agent, *drug)? {
                any = true;
                if !self.covers(agent, *drug)? {
                    return Some(false);
                }
            }
        }
        Some(any)
    }

    /// Whether an agent (its words folded) is one of these; unknown where the vocabulary does not hold it.
    pub fn covers(&self, agent: &str, drug: Option<usize>) -> Option<bool> {
        if self.names.iter().any(|name| name == agent) {
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
                | (TreatmentKind::CellTherapy, procedures::ProcedureKind::CellTherapy) => {
                    exposure.procedure.map(|given| procedures::is_a(given, row as usize))
                }
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
        return if exposure.procedure.is_none() { None } else { Some(false) };
    }
    None
}

fn surgery(exposure: &Exposure<'_>, row: usize, id: &str) -> Option<bool> {
    // What the vocabulary knows as minor surgery is no major one.
    let minor = || procedures::all().iter().position(|p| p.id == "minor surgery");
    if id == "major surgery"
        && let Some(given) = exposure.procedure
        && minor().is_some_and(|minor| procedures::is_a(given, minor))
    {
        return Some(false);
    }
    if matches!(id, "surgery" | "major surgery") {
        return Some(true);
    }
    exposure.procedure.map(|given| procedures::is_a(given, row))
}
