//! The heart: one file per criterion kind, holding its type, how it is read, evaluated and said.

pub mod answer;
pub mod atom;
pub mod bounds;
pub mod context;
pub mod decimal;
pub mod facts;
pub mod requirement;

pub mod age;
pub mod biomarkers;
pub mod central_nervous_system;
pub mod conditions;
pub mod diagnosis;
pub mod her2;
pub mod laboratory;
pub mod lines_of_therapy;
pub mod measurable_disease;
pub mod medications;
pub mod menopausal_status;
pub mod metastatic_sites;
pub mod open_fact;
pub mod performance_status;
pub mod pregnancy;
pub mod prior_therapy;
pub mod receptors;
pub mod sex;

pub mod administrative;
pub mod reader;

pub use crate::grammar::headings::single_cohorts;
pub use reader::read_trial;
pub use requirement::{Criterion, Reading, Requirement, Section};

/// The version of the reader; readings kept in the store are recomputed when it changes.
pub const READER_VERSION: u32 = 5;
