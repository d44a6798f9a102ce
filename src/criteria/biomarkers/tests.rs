//! Phrases about genes and markers, and what a profile settles of them.

use super::*;
use crate::criteria::atom::Atom;
use crate::criteria::context::Definitions;
use crate::criteria::requirement::Section;
use crate::grammar::elements;
use crate::patient::profile::Profile;

fn read_text(text: &str) -> (Option<Requirement>, String) {
    let mut phrase = Phrase::new(elements::read(text));
    let definitions = Definitions::default();
    let context = Context { section: Section::Inclusion, interventions: &[], definitions: &definitions };
    let read = read(&mut phrase, &context);
    (read, phrase.leftover().iter().map(|e| e.text.as_str()).collect::<Vec<_>>().join(" "))
}

fn brief(requirement: &Requirement) -> String {
    let list = |members: &[Requirement]| members.iter().map(brief).collect::<Vec<_>>().join("; ");
    match requirement {
        Requirement::All(m) => format!("all({})", list(m)),
        Requirement::Any(m) => format!("any({})", list(m)),
        Requirement::Atom(Atom::Biomarker(b)) => b.say(true),
        other => format!("{other:?}"),
    }
}

#[test]
fn phrases() {
    let mut wrong = Vec::new();
    for (text, expected) in [
        ("PIK3CA mutation", "PIK3CA mutation"),
        ("with a TP53 Y220C mutation", "TP53 Y220C mutation"),
        ("TP53 R175H variant mutation", "TP53 R175H mutation"),
        ("ESR1-mutated", "ESR1 mutation"),
        ("ESR1 mutation detected in plasma", "ESR1 mutation"),
        ("germline BRCA1/2 mutation", "germline BRCA1 or BRCA2 mutation"),
        ("gBRCA mutation", "germline BRCA1 or BRCA2 mutation"),
        ("BRCA germline positive", "germline BRCA1 or BRCA2 mutation"),
        ("deleterious or suspected deleterious germline BRCA1 or BRCA2 mutation", "germline BRCA1 or BRCA2 mutation"),
        (
            "Germline BRCA1 or BRCA2 mutation that is pathogenic or likely pathogenic",
            "germline BRCA1 or BRCA2 mutation",
        ),
        (
            "known or suspected deleterious somatic BRCA1, BRCA2, or PALB2 mutation",
            "somatic BRCA1 or BRCA2 or PALB2 mutation",
        ),
        ("PIK3CA/AKT1/PTEN alteration", "AKT1 or PIK3CA or PTEN mutation"),
        ("PIK3CA, AKT1 or PTEN alteration", "AKT1 or PIK3CA or PTEN mutation"),
        ("PIK3CA mutation or PTEN loss or an AKT1 mutation", "any(PIK3CA mutation; PTEN mutation; AKT1 mutation)"),
        ("MSI-H or dMMR", "any(MSI high; dMMR positive)"),
        ("TMB-high (≥ 10 mut/Mb)", "TMB >= 10"),
        ("Tumour mutational burden of at least 10 mutations per megabase", "TMB >= 10"),
        ("MSI-high tumour", "MSI high"),
        ("microsatellite stable", "MSI stable"),
        ("HER2 mutation", "ERBB2 mutation"),
        ("Activating HER2 (ERBB2) mutation", "ERBB2 mutation"),
        ("NTRK gene fusion", "NTRK1 or NTRK2 or NTRK3 mutation"),
        ("CCNE1 amplification", "CCNE1 amplification"),
        ("FGFR1 amplified", "FGFR1 amplification"),
        ("HLA-A*02:01 positive", "HLA-A*02:01 positive"),
        ("HLA-A2+", "HLA-A2 positive"),
        ("KRAS wild type", "KRAS wild type"),
        ("BRCA wild-type", "BRCA1 and BRCA2 wild type"),
        ("known KRAS mutation", "KRAS mutation"),
        ("Known ESR1 mutation status", "ESR1 status is known"),
        ("Both a PIK3CA mutation and an ESR1 mutation", "all(PIK3CA mutation; ESR1 mutation)"),
        ("PIK3CA H1047R mutation", "PIK3CA H1047R mutation"),
        ("KRAS G12C", "KRAS G12C mutation"),
        ("RB1 loss or mutation", "RB1 mutation"),
        ("Deleterious germline mutation of PALB2", "germline PALB2 mutation"),
        ("PIK3CA", "- | pik3ca"),
        ("HER2-positive", "- | her2 positive"),
    ] {
        let (read, left) = read_text(text);
        let said = read.as_ref().map_or_else(|| "-".to_owned(), brief);
        let got = if left.is_empty() { said } else { format!("{said} | {left}") };
        if got != expected {
            wrong.push(format!("{text}\n  want {expected}\n  got  {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn evaluation() {
    use Truth::{False, True, Unknown};
    for (text, biomarkers, expected) in [
        ("PIK3CA mutation", r#"[{"gene":"PIK3CA","result":"mutated"}]"#, True),
        ("PIK3CA mutation", r#"[{"gene":"PIK3CA","result":"wild_type","origin":"somatic"}]"#, False),
        ("PIK3CA mutation", r#"[{"gene":"ESR1","result":"mutated"}]"#, Unknown),
        ("PIK3CA mutation", r#"[{"gene":"PIK3CA","result":"vus"}]"#, False),
        ("PIK3CA H1047R mutation", r#"[{"gene":"PIK3CA","result":"mutated","variant":"H1047R"}]"#, True),
        ("PIK3CA H1047R mutation", r#"[{"gene":"PIK3CA","result":"mutated","variant":"E545K"}]"#, False),
        ("PIK3CA H1047R mutation", r#"[{"gene":"PIK3CA","result":"mutated"}]"#, Unknown),
        (
            "germline BRCA1/2 mutation",
            r#"[{"gene":"BRCA1","result":"wild_type","origin":"germline"},{"gene":"BRCA2","result":"wild_type","origin":"germline"}]"#,
            False,
        ),
        ("germline BRCA1/2 mutation", r#"[{"gene":"BRCA1","result":"wild_type","origin":"germline"}]"#, Unknown),
        ("germline BRCA1/2 mutation", r#"[{"gene":"BRCA1","result":"mutated","origin":"somatic"}]"#, Unknown),
        ("germline BRCA1/2 mutation", r#"[{"gene":"BRCA","result":"wild_type","origin":"germline"}]"#, False),
        (
            "BRCA1/2 mutation",
            r#"[{"gene":"BRCA1","result":"wild_type","origin":"germline"},{"gene":"BRCA2","result":"wild_type","origin":"germline"}]"#,
            Unknown,
        ),
        ("BRCA1/2 mutation", r#"[{"gene":"BRCA","result":"mutated"}]"#, True),
        ("KRAS wild type", r#"[{"gene":"KRAS","result":"wild_type"}]"#, True),
        ("FGFR1 amplified", r#"[{"gene":"FGFR1","result":"not_amplified"}]"#, False),
        ("TMB-high", r#"[{"marker":"TMB","value":4,"unit":"mut/Mb"}]"#, False),
        ("TMB-high (≥ 10 mut/Mb)", r#"[{"marker":"TMB","value":12,"unit":"mut/Mb"}]"#, True),
        ("MSI-high", r#"[{"marker":"MSI","result":"stable"}]"#, False),
        ("HLA-A2 positive", r#"[{"marker":"HLA-A*02:01","result":"positive"}]"#, True),
        ("Known ESR1 mutation status", r#"[{"gene":"ESR1","result":"wild_type"}]"#, True),
    ] {
        let (read, _) = read_text(text);
        let Some(Requirement::Atom(Atom::Biomarker(asked))) = read else { panic!("{text}: {read:?}") };
        for (complete, expected) in
            [("", expected), (r#","complete":["biomarkers"]"#, if expected == Unknown { False } else { expected })]
        {
            let ambiguous = text.contains("H1047R") && expected == Unknown
                || biomarkers.contains("mutated\"}]") && expected == False;
            if !complete.is_empty() && ambiguous {
                continue;
            }
            let text_of = format!(r#"{{"as_of":"2026-11-01","biomarkers":{biomarkers}{complete}}}"#);
            let profile: Profile = serde_json::from_str(&text_of).expect("a profile");
            assert_eq!(asked.evaluate(&Facts::new(&profile)).truth, expected, "{text} {biomarkers}{complete}");
        }
    }
}
