//! HER2 phrases, and what a patient's results settle of them.

use super::*;
use crate::criteria::context::Definitions;
use crate::criteria::requirement::Section;
use crate::grammar::elements;
use crate::patient::profile::Profile;

fn accepted(text: &str) -> (Option<u8>, String) {
    let mut phrase = Phrase::new(elements::read(text));
    let definitions = Definitions::default();
    let context = Context { section: Section::Inclusion, interventions: &[], definitions: &definitions };
    let set = match read(&mut phrase, &context) {
        Some(Requirement::Atom(Atom::Her2(her2))) => Some(her2.accepted),
        Some(Requirement::Any(members)) => members.iter().try_fold(0, |set, m| match m {
            Requirement::Atom(Atom::Her2(her2)) => Some(set | her2.accepted),
            _ => None,
        }),
        _ => None,
    };
    (set, phrase.leftover().iter().map(|e| e.text.as_str()).collect::<Vec<_>>().join(" "))
}

#[test]
fn phrases_are_read_as_sets() {
    let mut wrong = Vec::new();
    for (text, expected, left) in [
        ("HER2-positive disease", Some(POSITIVE), ""),
        ("HER2+", Some(POSITIVE), ""),
        ("HER2-", Some(NEGATIVE), ""),
        ("HER2 (-)", Some(NEGATIVE), ""),
        ("human epidermal growth factor receptor 2 (HER2) negative", Some(NEGATIVE), ""),
        ("HER2-negative (IHC 0, 1+ or 2+/ISH-)", Some(NEGATIVE), ""),
        ("HER2-negative tumour (IHC 0, IHC 1+, or IHC 2+ without amplification)", Some(NEGATIVE), ""),
        ("HER2-positive (IHC 3+ or FISH positive if IHC 2+)", Some(POSITIVE), ""),
        ("HER2-negative (IHC 0-1+, or if IHC 2+, FISH negative)", Some(NEGATIVE), ""),
        ("HER2-negative (IHC 0-1+)", Some(NO_STAINING | ULTRALOW | ONE), ""),
        ("HER2-positive defined as IHC 3+ and/or ISH amplified", Some(POSITIVE), ""),
        ("HER2 overexpression (IHC 3+ or gene-amplified tumor with FISH ratio of ≥ 2.0)", Some(POSITIVE), ""),
        ("HER2 IHC 1+ or IHC 2+/ISH-", Some(LOW), ""),
        ("HER2-low, defined as IHC 1+ or 2+/ISH-", Some(LOW), ""),
        ("HER2-low, that is IHC 1+ or IHC 2+ with ISH negative", Some(LOW), ""),
        ("HER2 IHC 1+ or IHC 2+/ISH- (HER2-low) status or HER2 IHC 0 status", Some(NEGATIVE), ""),
        ("HER2-low or HER2-ultralow", Some(LOW | ULTRALOW), ""),
        ("HER2-ultralow (IHC 0 with faint staining of some cells)", Some(ULTRALOW), ""),
        ("HER2 expressing (IHC ≥ 1+)", Some(ONE | TWO | THREE), ""),
        ("HER2 IHC > 0 and < 1+", Some(ULTRALOW), ""),
        ("HER2 IHC score of 1+, 2+ or 3+", Some(ONE | TWO | THREE), ""),
        ("HER2 positive (IHC 3+ or IHC 2+/ISH+)", Some(POSITIVE), ""),
        ("HER2-overexpressing (IHC 3+ or IHC 2+ with FISH amplified)", Some(POSITIVE), ""),
        ("HER2 gene amplification by FISH or overexpression (IHC 3+)", Some(POSITIVE), ""),
        ("HER2 2+ and ISH-negative", Some(TWO_NEGATIVE), ""),
        ("HER2 not amplified by FISH", Some(NEGATIVE), ""),
        ("HER2 negative (IHC 1+ or 0 AND/OR in situ hybridization negative)", Some(NEGATIVE), ""),
        ("HER2 0", Some(NO_STAINING | ULTRALOW), ""),
        ("HER2 3+ by immunohistochemistry", Some(THREE), ""),
        ("HER2 3+ by IHC, or ISH amplified [ratio >= 2.0]", Some(POSITIVE), ""),
        ("HER2 status known", Some(KNOWN), ""),
        ("HER2 unknown", Some(NOT_KNOWN), ""),
        ("HER2+ or equivocal", Some(POSITIVE | EQUIVOCAL), ""),
        ("HER2 1+ or 2+, not FISH amplified", Some(LOW), ""),
        ("found to be HER2-positive", Some(POSITIVE), ""),
        ("HER2 negative by current ASCO/CAP guidelines", Some(NEGATIVE), ""),
        ("HER2 mutation", None, "her2 mutation"),
        ("HER2-negative and 2 prior lines", Some(NEGATIVE), "2 prior line"),
        (
            "HER2 negative (IHC 0, 1+, or 2+ and in situ hybridization (ISH) non-amplified (ratio of HER2 to CEP17 < 2.0 or single probe average HER2 gene copy number < 4 signals/cell))",
            Some(NEGATIVE),
            "",
        ),
    ] {
        let got = accepted(text);
        if got != (expected, left.to_owned()) {
            wrong.push(format!("{text}\n  want {expected:?} {left:?}\n  got  {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn truth(accepted: u8, her2: &str) -> Truth {
    let profile: Profile =
        serde_json::from_str(&format!(r#"{{"as_of":"2026-11-01","receptors":{{"her2":{her2}}}}}"#)).expect("a profile");
    Her2 { accepted }.evaluate(&Facts::new(&profile)).truth
}

#[test]
fn results_settle_what_they_imply() {
    use Truth::{False, True, Unknown};
    for (set, facts, expected) in [
        (NEGATIVE, r#"{"ihc":"1+"}"#, True),
        (NEGATIVE, r#"{"ihc":"2+"}"#, Unknown),
        (NEGATIVE, r#"{"ihc":"2+","ish":"not_amplified"}"#, True),
        (NEGATIVE, r#"{"ihc":"2+","ish":"amplified"}"#, False),
        (NEGATIVE, r#"{"status":"negative"}"#, True),
        (NEGATIVE, r#"{}"#, Unknown),
        (POSITIVE, r#"{"status":"positive"}"#, True),
        (POSITIVE, r#"{"ish":"amplified"}"#, True),
        (POSITIVE, r#"{"ihc":"3+"}"#, True),
        (LOW, r#"{"status":"negative"}"#, Unknown),
        (LOW, r#"{"ihc":"0"}"#, False),
        (LOW, r#"{"status":"positive"}"#, False),
        (ULTRALOW, r#"{"ihc":"0_with_membrane_staining"}"#, True),
        (NO_STAINING | ULTRALOW, r#"{"ihc":"0_with_membrane_staining"}"#, True),
        (ULTRALOW, r#"{"ihc":"0"}"#, False),
        (TWO, r#"{"ihc":"2+"}"#, True),
        (POSITIVE | EQUIVOCAL, r#"{"ihc":"2+"}"#, Unknown),
        (POSITIVE | EQUIVOCAL, r#"{"ihc":"2+","ish":"not_amplified"}"#, False),
        (KNOWN, r#"{"ihc":"0"}"#, True),
        (u8::MAX, r#"{}"#, True),
        (NOT_KNOWN, r#"{"ihc":"0"}"#, False),
    ] {
        assert_eq!(truth(set, facts), expected, "{set:#b} {facts}");
    }
}
