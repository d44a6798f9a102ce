//! The trial's own rules of counting, read before its criteria and handed down to them (convention 2).

use crate::criteria::context::Definitions;

/// Finds definitions that speak of the whole trial (convention 41).
pub fn definitions(text: &str) -> Definitions {
    let lower = text.to_ascii_lowercase();
    let conjugate = ["antibody-drug conjugate", "antibody drug conjugate", "adc"];
    let counted = lower.split(['.', '\n', ';']).any(|sentence| {
        conjugate.iter().any(|c| sentence.contains(c))
            && sentence.contains("chemotherap")
            && (sentence.contains("considered")
                || sentence.contains("counted as")
                || sentence.contains("count as")
                || sentence.contains("regarded as"))
            && !sentence.contains("not considered")
            && !sentence.contains("not count")
    });
    Definitions { conjugates_are_chemotherapy: counted, hormone_receptor_cutoff: None }
}
