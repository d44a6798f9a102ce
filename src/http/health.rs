//! `GET /health`: the service is up, and which registry data it serves.

use super::Service;
use crate::{answers, report};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;

/// The answer.
#[derive(Serialize)]
pub struct Health {
    status: &'static str,
    snapshot: report::Snapshot,
}

/// Answers.
pub async fn get(State(service): State<Arc<Service>>) -> Json<Health> {
    Json(Health { status: "ok", snapshot: answers::describe(&service.snapshot, None) })
}
