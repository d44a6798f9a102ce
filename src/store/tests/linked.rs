//! Records of one study in the registries' own formats, whoever cites whom, and look-alikes that cite nobody.

use super::*;
use crate::trial::Registry::{Ctgov, Ctis, Ictrp, Isrctn};

const TITLE: &str = "An invented agent with letrozole in advanced breast cancer";

/// A record of a registry in its own format: the file's name and its bytes.
fn record(registry: Registry, id: &str, cites: &str) -> (String, String) {
    let text = "Inclusion: * ECOG 0-1";
    match registry {
        Isrctn => {
            let number = id.trim_start_matches("ISRCTN");
            let cited =
                if cites.is_empty() { String::new() } else { format!("<secondaryNumber>{cites}</secondaryNumber>") };
            let xml = format!(
                "<allTrials xmlns=\"http://www.67bricks.com/isrctn\" totalCount=\"1\"><fullTrial><trial><isrctn>{number}</isrctn>\
                 <trialDescription><title>{TITLE}</title></trialDescription>\
                 <externalRefs><secondaryNumbers>{cited}</secondaryNumbers></externalRefs>\
                 <participants><inclusion>{text}</inclusion></participants></trial></fullTrial></allTrials>"
            );
            ("isrctn.xml".to_owned(), xml)
        }
        Ctis => {
            let cited = if cites.is_empty() { String::new() } else { format!("{{\"number\":\"{cites}\"}}") };
            let json = format!(
                r#"{{"ctNumber":"{id}","authorizedApplication":{{"authorizedPartI":{{"trialDetails":{{
                "clinicalTrialIdentifiers":{{"fullTitle":"{TITLE}","secondaryIdentifyingNumbers":{{"additionalRegistries":[{cited}]}}}},
                "associatedClinicalTrials":[{{"ctNumber":"2025-599999-10-00"}}],
                "trialInformation":{{"eligibilityCriteria":{{"principalInclusionCriteria":[{{"number":1,"principalInclusionCriteria":"{text}"}}]}}}}}}}}}}}}"#
            );
            ("ctis.json".to_owned(), json)
        }
        Ictrp => {
            let xml = format!(
                "<Trials_downloaded_from_ICTRP><Trial><TrialID>{id}</TrialID><Public_title>{TITLE}</Public_title>\
                 <Inclusion_Criteria>{text}</Inclusion_Criteria><Secondary_ID>{cites}</Secondary_ID></Trial></Trials_downloaded_from_ICTRP>"
            );
            ("ictrp.xml".to_owned(), xml)
        }
        _ => {
            let number: u32 = id.trim_start_matches("NCT").parse().unwrap();
            let cited = format!(r#""briefTitle":"{TITLE}","secondaryIdInfos":[{{"id":"{cites}"}}]"#);
            ("ctgov.json".to_owned(), study(number, "x").replace("\"briefTitle\":\"x\"", &cited))
        }
    }
}

/// The identifiers of the trials that come of two records.
fn trials(records: [(String, String); 2]) -> Vec<String> {
    let bench = Bench::new();
    let files = records.map(|(name, bytes)| bench.file(&name, bytes));
    let report = bench.import(&files).unwrap();
    assert_eq!((report.added, report.refused.len()), (2, 0), "{report:?}");
    let snapshot = bench.current();
    assert_eq!(snapshot.meta.trials, report.trials);
    snapshot.compiled.trials.iter().map(|compiled| compiled.trial.id.clone()).collect()
}

#[test]
fn a_linked_pair_of_each_two_registries_is_one_trial_and_a_look_alike_is_not() {
    let ids =
        [(Ctgov, "NCT90000001"), (Isrctn, "ISRCTN90000002"), (Ctis, "2025-500001-10-00"), (Ictrp, "DRKS90000003")];
    for (at, (one, first)) in ids.iter().enumerate() {
        for (other, second) in ids.iter().skip(at + 1) {
            for (cites, cited_back) in [(*second, ""), ("", *first), (*second, *first)] {
                let joined = trials([record(*one, first, cites), record(*other, second, cited_back)]);
                assert_eq!(joined, [*first], "{first} cites `{cites}`, {second} cites `{cited_back}`");
            }
            let third = "2019-000001-10";
            let joined = trials([record(*one, first, third), record(*other, second, third)]);
            assert_eq!(joined, [*first], "{first} and {second} cite {third}");
            let apart = trials([record(*one, first, ""), record(*other, second, "")]);
            assert_eq!(apart.len(), 2, "{first} and {second} look alike and cite nobody");
        }
    }
}
