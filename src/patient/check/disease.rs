//! Contradictions about the person, the disease and its receptors.

use crate::patient::error::Problem;
use crate::patient::profile::{
    CnsState, Extent, HormoneReceptor, MenopausalStatus, Pregnancy, Profile, ReceptorStatus, Sex, Site,
};
use crate::patient::profile::{Her2, Her2Ihc, Ish, Metastasis, PerformanceStatus};

/// Stained cells from which no cut-off in use calls a hormone receptor negative, in per cent.
/// Source: ASCO/CAP 2020 (1 %, low positive 1 to 10 %) and the 10 % of several European trials.
const NEGATIVE_BELOW_PERCENT: f64 = 10.0;

/// Checks the person, the disease and its receptors.
pub(super) fn check(profile: &Profile, problems: &mut Vec<Problem>) {
    check_person(profile, problems);
    if let Some(status) = &profile.performance_status {
        check_performance(status, problems);
    }
    if let Some(receptors) = &profile.receptors {
        for (path, receptor) in
            [("receptors.er", &receptors.er), ("receptors.pr", &receptors.pr), ("receptors.ar", &receptors.ar)]
        {
            if let Some(receptor) = receptor {
                check_hormone_receptor(path, receptor, problems);
            }
        }
        if let Some(her2) = &receptors.her2 {
            check_her2(her2, problems);
        }
        if let Some(pd_l1) = &receptors.pd_l1 {
            let scores = [("cps", pd_l1.cps), ("ic_percent", pd_l1.ic_percent), ("tps_percent", pd_l1.tps_percent)];
            let stated: Vec<_> =
                scores.into_iter().filter_map(|(key, score)| score.map(|score| (key, score))).collect();
            // Which score made it positive is not said; only where all are nought can none have.
            if let (Some(ReceptorStatus::Positive), Some((key, _))) = (pd_l1.status, stated.first())
                && stated.iter().all(|(_, score)| *score == 0.0)
            {
                let other = format!("receptors.pd_l1.{key}");
                problems.push(Problem::between("receptors.pd_l1.status", other, "positive with no stained cell"));
            }
        }
    }
    check_extent(profile, problems);
    for (index, metastasis) in profile.metastases.iter().flatten().enumerate() {
        check_metastasis(profile, index, metastasis, problems);
    }
    if let Some(location) = &profile.location {
        match (location.latitude, location.longitude) {
            (Some(_), None) => problems.push(Problem::at("location.longitude", "is missing beside `latitude`")),
            (None, Some(_)) => problems.push(Problem::at("location.latitude", "is missing beside `longitude`")),
            _ => {}
        }
    }
}

/// Checks sex, menopause, pregnancy and breastfeeding against each other.
fn check_person(profile: &Profile, problems: &mut Vec<Problem>) {
    let pregnant = profile.pregnancy == Some(Pregnancy::Pregnant);
    if profile.sex == Some(Sex::Male) {
        let claims = [
            ("menopausal_status", profile.menopausal_status.is_some()),
            ("pregnancy", pregnant),
            ("breastfeeding", profile.breastfeeding == Some(true)),
        ];
        for (path, _) in claims.into_iter().filter(|(_, claimed)| *claimed) {
            problems.push(Problem::between(path, "sex", "not possible for a man"));
        }
    }
    if pregnant && profile.menopausal_status == Some(MenopausalStatus::Postmenopausal) {
        problems.push(Problem::between("pregnancy", "menopausal_status", "not possible after the menopause"));
    }
}

/// Checks Karnofsky's steps, and the two scales against each other.
fn check_performance(status: &PerformanceStatus, problems: &mut Vec<Problem>) {
    let Some(karnofsky) = status.karnofsky else { return };
    if !karnofsky.is_multiple_of(10) {
        problems.push(Problem::at("performance_status.karnofsky", "expected a multiple of 10"));
    }
    // The contract's mapping (convention 4), carried on to the end of both scales.
    let implied: u8 = match karnofsky {
        90.. => 0,
        70.. => 1,
        50.. => 2,
        30.. => 3,
        10.. => 4,
        _ => 5,
    };
    if status.ecog.is_some_and(|ecog| ecog.abs_diff(implied) > 1) {
        let message = "the two scales are more than one step apart; keep the one that is right";
        problems.push(Problem::between("performance_status.ecog", "performance_status.karnofsky", message));
    }
}

/// Checks a hormone receptor's status against its percentage.
fn check_hormone_receptor(path: &str, receptor: &HormoneReceptor, problems: &mut Vec<Problem>) {
    let message = match (receptor.status, receptor.percent) {
        (Some(ReceptorStatus::Negative), Some(percent)) if percent >= NEGATIVE_BELOW_PERCENT => {
            "negative with 10 % of the cells stained or more"
        }
        (Some(ReceptorStatus::Positive), Some(0.0)) => "positive with no stained cell",
        _ => return,
    };
    problems.push(Problem::between(format!("{path}.status"), format!("{path}.percent"), message));
}

/// Checks the status of HER2 against its assays. IHC 3+ is positive whatever the ISH says, and IHC 1+ with an
/// amplified ISH is a discordance that laboratories do report; only the status is held to them.
fn check_her2(her2: &Her2, problems: &mut Vec<Problem>) {
    let (ihc, ish) = ("receptors.her2.ihc", "receptors.her2.ish");
    let contradiction = match (her2.status, her2.ihc, her2.ish) {
        (Some(ReceptorStatus::Negative), Some(Her2Ihc::Three), _) => (ihc, "negative with IHC 3+"),
        (Some(ReceptorStatus::Negative), _, Some(Ish::Amplified)) => (ish, "negative with an amplified ISH"),
        (Some(ReceptorStatus::Positive), Some(score), None | Some(Ish::NotAmplified)) if score < Her2Ihc::Two => {
            (ihc, "positive with an IHC below 2+ and no amplified ISH")
        }
        (Some(ReceptorStatus::Positive), Some(Her2Ihc::Two), Some(Ish::NotAmplified)) => {
            (ish, "positive with IHC 2+ and an ISH that is not amplified")
        }
        _ => return,
    };
    let (other, message) = contradiction;
    problems.push(Problem::between("receptors.her2.status", other, message));
}

/// Checks the extent of the disease against its metastases.
fn check_extent(profile: &Profile, problems: &mut Vec<Problem>) {
    let Some(diagnosis) = &profile.diagnosis else { return };
    if !matches!(diagnosis.extent, Some(Extent::Early | Extent::LocallyAdvanced)) {
        return;
    }
    if diagnosis.metastatic_since.is_some() {
        let message = "a day of metastasis with an extent that is not metastatic";
        problems.push(Problem::between("diagnosis.extent", "diagnosis.metastatic_since", message));
    }
    let first = profile.metastases.iter().flatten().position(|metastasis| is_distant(metastasis.site));
    if let Some(index) = first {
        let message = "a distant metastasis with an extent that is not metastatic";
        problems.push(Problem::between("diagnosis.extent", format!("metastases[{index}].site"), message));
    }
}

/// Tells whether a site is distant beyond doubt: skin, chest wall and regional nodes belong to a locally advanced
/// tumour (AJCC 8: T4, N), the other breast may hold a second one.
fn is_distant(site: Site) -> bool {
    !matches!(site, Site::RegionalLymphNode | Site::Skin | Site::ChestWall | Site::ContralateralBreast | Site::Other)
}

/// Checks the facts of one metastasis against each other.
fn check_metastasis(profile: &Profile, index: usize, metastasis: &Metastasis, problems: &mut Vec<Problem>) {
    let path = |key: &str| format!("metastases[{index}].{key}");
    if metastasis.site == Site::Other && metastasis.name.is_none() {
        problems.push(Problem::at(path("name"), "is missing; a site `other` needs its name"));
    }
    if metastasis.state == Some(CnsState::Untreated) && metastasis.treated.is_some() {
        problems.push(Problem::between(path("state"), path("treated"), "untreated with a day of treatment"));
    }
    let stopped = metastasis.corticosteroids_stopped.as_ref();
    if metastasis.corticosteroids == Some(true) && stopped.is_some_and(|stopped| stopped.latest < profile.as_of) {
        let message = "corticosteroids are taken and were stopped before `as_of`";
        problems.push(Problem::between(path("corticosteroids"), path("corticosteroids_stopped"), message));
    }
    if metastasis.count == Some(0) {
        problems.push(Problem::between(path("count"), path("site"), "a site that is listed has a lesion; drop it"));
    }
}
