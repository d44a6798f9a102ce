//! What the biomarkers must say, one row a fact.

use super::*;

#[test]
fn the_file_parses() {
    assert!(parse().is_ok(), "{:?}", parse().err());
}
