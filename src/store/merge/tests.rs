//! What becomes of the records of one study.
