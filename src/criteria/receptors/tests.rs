//! Receptor phrases and what they are read as.

use super::*;
use crate::criteria::context::Definitions;
use crate::criteria::requirement::Section;
use crate::grammar::elements;

fn read_text(text: &str) -> (String, Vec<String>) {
    let mut phrase = Phrase::new(elements::read(text));
    let definitions = Definitions::default();
    let context = Context { section: Section::Inclusion, interventions: &[], definitions: &definitions };
    let said = read_run(&mut phrase, &context).map_or_else(|| "-".to_owned(), |r| brief(&r));
    (said, phrase.leftover().iter().map(|e| e.text.to_string()).collect())
}

/// A short notation, so that a row shows the tree.
fn brief(requirement: &Requirement) -> String {
    let list = |members: &[Requirement]| members.iter().map(brief).collect::<Vec<_>>().join(", ");
    match requirement {
        Requirement::All(m) => format!("all({})", list(m)),
        Requirement::Any(m) => format!("any({})", list(m)),
        Requirement::Atom(Atom::Her2(h)) => format!("her2 {}", h.say(true).trim_start_matches("HER2 is ")),
        Requirement::Atom(Atom::Receptor(r)) => match r.test {
            Test::Compared(c, v) => format!("{:?} {} {v}", r.which, c.sign()),
            other => format!("{:?} {other:?}", r.which),
        },
        other => format!("{other:?}"),
    }
}

fn check(rows: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, expected) in rows {
        let (said, left) = read_text(text);
        let left = if left.is_empty() { String::new() } else { format!(" | {}", left.join(" ")) };
        let got = format!("{said}{left}")
            .replace(" (IHC 0, 1+, or 2+ with ISH not amplified)", "")
            .replace(" (IHC 1+, or 2+ with ISH not amplified)", "")
            .replace(" (IHC 3+ or ISH amplified)", "");
        if got != *expected {
            wrong.push(format!("{text}\n  want {expected}\n  got  {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn hormone_receptors() {
    check(&[
        ("ER-positive", "Er >= 1"),
        ("ER positive (≥ 1%)", "Er >= 1"),
        ("ER ≥ 10% staining", "Er >= 10"),
        ("Oestrogen receptor positive (> 10% of nuclei stained)", "Er > 10"),
        ("ER expression in at least 10% of tumour cells", "Er >= 10"),
        ("estrogen receptor positive (ER+) (> 1% staining)", "Er > 1"),
        ("ER+ and/or PR+", "HormoneReceptor >= 1"),
        ("estrogen receptor (ER) positive and/or progesterone receptor (PR) positive", "HormoneReceptor >= 1"),
        ("ER and PR negative (<1% of cells)", "HormoneReceptor < 1"),
        ("ER/PR-negative", "HormoneReceptor < 1"),
        ("ER/PR positive", "HormoneReceptor >= 1"),
        ("ER-positive and PR-positive", "all(Er >= 1, Pr >= 1)"),
        ("Both ER and PR negative (< 1%)", "HormoneReceptor < 1"),
        ("hormone receptor-negative or hormone receptor-positive", "any(HormoneReceptor < 1, HormoneReceptor >= 1)"),
        ("Hormone receptor status positive or negative", "any(HormoneReceptor >= 1, HormoneReceptor < 1)"),
        ("Hormone receptor-positive (ER and/or PgR ≥ 1%)", "HormoneReceptor >= 1"),
        ("HR-negative (ER and PR both negative) according to local testing", "HormoneReceptor < 1"),
        ("hormone receptor positive (ER and/or PR)", "HormoneReceptor >= 1"),
        ("ER-low", "all(Er >= 1, Er <= 10)"),
        ("ER-low tumour (1% to 10% of cells stained)", "all(Er >= 1, Er <= 10)"),
        ("luminal", "HormoneReceptor >= 1"),
        ("positive estrogen and/or progesterone receptor status", "HormoneReceptor >= 1"),
        ("ER status", "- | er"),
        ("Known ER and PR status", "all(Er Known, Pr Known)"),
        (
            "Must include percentage of positively stained cells to characterize if hormone receptor-positive or -negative",
            "HormoneReceptor PercentStated",
        ),
        ("CR or PR lasting 6 months", "- | cr or pr lasting 6 month"),
    ]);
}

#[test]
fn other_scores() {
    check(&[
        ("androgen receptor positive (≥ 10 %)", "Ar >= 10"),
        ("AR expression of ≥ 10%", "Ar >= 10"),
        ("PD-L1 positive (CPS ≥ 10)", "PdL1Cps >= 10"),
        ("PD-L1 combined positive score of at least 10", "PdL1Cps >= 10"),
        ("PD-L1 ≥10% by CPS", "PdL1Cps >= 10"),
        ("PD-L1 expression on immune cells ≥ 1% (SP142)", "PdL1Ic >= 1"),
        ("PD-L1-negative", "PdL1 < 1"),
        ("Ki-67 ≥ 20%", "Ki67 >= 20"),
        ("Ki-67 of 20% or more", "Ki67 >= 20"),
    ]);
}

#[test]
fn runs_with_her2() {
    check(&[
        ("HR+/HER2-", "all(HormoneReceptor >= 1, her2 negative)"),
        ("HR+/HER2- breast cancer", "all(HormoneReceptor >= 1, her2 negative) | breast cancer"),
        ("ER+/HER2-", "all(Er >= 1, her2 negative)"),
        ("HR+HER2-", "all(HormoneReceptor >= 1, her2 negative)"),
        ("HR-/HER2+", "all(HormoneReceptor < 1, her2 positive)"),
        ("ER+ve and HER2-ve", "all(Er >= 1, her2 negative)"),
        ("hormone receptor positive, HER2-negative", "all(HormoneReceptor >= 1, her2 negative)"),
        ("ER+ and/or PR+, HER2-", "all(HormoneReceptor >= 1, her2 negative)"),
        ("ER+ and/or PR+/HER2-", "all(HormoneReceptor >= 1, her2 negative)"),
        ("ER, PR and HER2 negative", "all(Er < 1, Pr < 1, her2 negative)"),
        ("triple negative disease (negative for ER, PR, and HER2)", "all(Er < 1, Pr < 1, her2 negative)"),
        ("triple-negative breast cancer", "all(Er < 1, Pr < 1, her2 negative)"),
        (
            "triple-negative breast cancer (TNBC) defined as ER<1%, PR<1% and HER2-negative",
            "all(HormoneReceptor < 1, her2 negative)",
        ),
        (
            "Triple-negative breast cancer, defined as ER and PR below 10% and HER2 negative",
            "all(HormoneReceptor < 10, her2 negative)",
        ),
        (
            "Triple-negative disease (ER < 1%, PR < 1%, HER2 0 or 1+, or 2+ and ISH negative)",
            "all(HormoneReceptor < 1, her2 negative)",
        ),
        ("TNBC (ER and PR ≤ 10 %)", "all(HormoneReceptor <= 10, her2 negative)"),
        (
            "HR+/HER2- or triple-negative",
            "any(all(HormoneReceptor >= 1, her2 negative), all(Er < 1, Pr < 1, her2 negative))",
        ),
        (
            "estrogen receptor (ER) and progesterone receptor negative (< 10% immunohistochemistry [IHC] staining) and HER2 negative",
            "all(HormoneReceptor < 10, her2 negative)",
        ),
        (
            "TNBC, HR+/HER2-negative",
            "any(all(Er < 1, Pr < 1, her2 negative), all(HormoneReceptor >= 1, her2 negative))",
        ),
        ("TNBC and HR+/HER2-", "any(all(Er < 1, Pr < 1, her2 negative), all(HormoneReceptor >= 1, her2 negative))"),
        ("hormone receptor-positive HER2-low", "all(HormoneReceptor >= 1, her2 low)"),
    ]);
}

#[test]
fn allred_scores_are_the_usual_cut_off() {
    check(&[
        ("ER positive (Allred score of 3 or more)", "Er >= 1"),
        ("PR negative (Allred 0-2)", "Pr < 1"),
        ("ER positive (Allred score of 7)", "Er >= 1 | 7"),
    ]);
}
