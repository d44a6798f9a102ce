//! `GET /api/v1/search?q=`: full-text search over the trials. Patient data never belongs into a query.

use super::Service;
use super::error::{ApiError, json};
use super::matches::selection;
use crate::{answers, report};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;

/// The most that one answer lists.
const LONGEST_LIST: usize = 100;

/// The query's parameters; lists are separated by commas.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// The words to look for.
    q: String,
    /// Statuses to keep.
    status: Option<String>,
    /// Countries to keep.
    country: Option<String>,
    /// Phases to keep.
    phase: Option<String>,
    /// Lists no more than this many, 20 where not given, 100 at most.
    limit: Option<usize>,
}

/// Answers.
pub async fn get(
    State(service): State<Arc<Service>>,
    query: Result<Query<Parameters>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(parameters) = query.map_err(|_| {
        ApiError::query("`q` (the words to look for), `status`, `country`, `phase` and `limit` (a number)")
    })?;
    let selection = selection(&parameters.status, &parameters.country, &parameters.phase)?;
    let limit = parameters.limit.unwrap_or(20).min(LONGEST_LIST);
    let bytes = service
        .run(move |service| {
            let found =
                answers::found(&service.snapshot, &parameters.q, &selection, limit).map_err(|_| ApiError::fault())?;
            let mut bytes = Vec::new();
            report::json::write(&found, &mut bytes).map_err(|_| ApiError::fault())?;
            Ok(bytes)
        })
        .await?;
    Ok(json(bytes))
}
