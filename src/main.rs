//! The `trialmatch` binary.

fn main() {}
