//! `GET /api/v1/trials/{id}`: a trial with its machine reading beside its own words.

use super::Service;
use super::error::{ApiError, json};
use crate::{answers, report};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// Answers.
pub async fn get(
    State(service): State<Arc<Service>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let unknown = |message: String| ApiError::new(StatusCode::NOT_FOUND, "unknown_trial", message);
    let Path(id) = id.map_err(|_| unknown("the trial's identifier is not UTF-8 text".to_owned()))?;
    let bytes = service
        .run(move |service| {
            let shown = answers::shown(&service.snapshot, &id).map_err(|error| unknown(error.to_string()))?;
            let mut bytes = Vec::new();
            report::show::json(&shown, &mut bytes).map_err(|_| ApiError::fault())?;
            Ok(bytes)
        })
        .await?;
    Ok(json(bytes))
}
