//! What a reader knows of the trial besides the phrase in hand.

use crate::grammar::outline::Section;

/// The trial's own rules of counting, read before its criteria.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definitions {
    /// Whether the trial counts antibody-drug conjugates as chemotherapy (convention 17).
    pub conjugates_are_chemotherapy: bool,
    /// The trial's own cut-off for hormone receptors in per cent of stained cells.
    pub hormone_receptor_cutoff: Option<u8>,
}

/// The trial and the place of the phrase.
#[derive(Clone, Debug)]
pub struct Context<'t> {
    /// The section that the phrase stands in.
    pub section: Section,
    /// Folded names of the trial's own interventions.
    pub interventions: &'t [String],
    /// The trial's own rules.
    pub definitions: &'t Definitions,
}
