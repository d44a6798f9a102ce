//! The one integration-test binary. Each file tests the program from outside.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    reason = "a test that cannot go on fails"
)]

mod ask;
mod change;
mod cli;
mod criteria_cases;
#[cfg(feature = "fetch")]
mod fetch;
#[cfg(feature = "fetch")]
mod fetch_others;
#[cfg(feature = "fetch")]
mod fetch_resume;
mod glyphs;
mod history;
mod house;
#[cfg(feature = "serve")]
mod http;
mod metamorphic;
mod near_miss;
mod random_text;
#[cfg(feature = "fetch")]
mod registries;
mod rewrites;
mod round_trip;
mod safety;
mod slips;
mod vocabulary;

use assert_cmd::Command;
use std::path::{Path, PathBuf};

/// The program, without options from the environment, with a data folder of its own.
fn program(index: &Path) -> Command {
    let mut command = Command::cargo_bin("trialmatch").unwrap();
    command.env_remove("TRIALMATCH_INDEX").env("NO_COLOR", "1").arg("--index").arg(index);
    command
}

/// Writes a file into a folder.
fn file(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// An invented patient.
const PATIENT: &str = r#"{
  "id": "p-1", "as_of": "2026-11-01", "age": 57, "sex": "female", "menopausal_status": "postmenopausal",
  "performance_status": { "ecog": 1 }, "diagnosis": { "cancer": "breast", "extent": "metastatic" },
  "receptors": { "er": { "status": "positive" }, "her2": { "ihc": "1+" } },
  "metastases": [ { "site": "bone" } ], "treatments": []
}"#;

/// Two invented registry records in the form of the ClinicalTrials.gov API.
const RECORDS: &str = concat!(
    r#"{"protocolSection":{"identificationModule":{"nctId":"NCT90000001","briefTitle":"An invented trial of one drug"},"#,
    r#""statusModule":{"overallStatus":"RECRUITING"},"designModule":{"studyType":"INTERVENTIONAL","phases":["PHASE2"]},"#,
    r#""conditionsModule":{"conditions":["Breast Cancer"]},"eligibilityModule":{"eligibilityCriteria":"#,
    r#""Inclusion Criteria:\n\n* HER2 negative\n* ECOG 0-1\n\nExclusion Criteria:\n\n* Brain metastases","sex":"FEMALE","minimumAge":"18 Years"}}}"#,
    "\n",
    r#"{"protocolSection":{"identificationModule":{"nctId":"NCT90000002","briefTitle":"An invented trial for HER2-positive disease"},"#,
    r#""statusModule":{"overallStatus":"COMPLETED"},"designModule":{"studyType":"INTERVENTIONAL","phases":["PHASE3"]},"#,
    r#""conditionsModule":{"conditions":["Breast Cancer"]},"eligibilityModule":{"eligibilityCriteria":"#,
    r#""Inclusion Criteria:\n\n* HER2 positive","sex":"ALL","minimumAge":"18 Years"}}}"#,
    "\n",
);
