//! `POST /api/v1/match`: a profile in, the match report out, byte for byte the command line's.

use super::Service;
use super::error::{ApiError, json};
use crate::answers;
use crate::patient::Profile;
use crate::report::{self, Selection};
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;

/// The query's parameters; lists are separated by commas.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// Statuses to keep.
    status: Option<String>,
    /// Countries to keep.
    country: Option<String>,
    /// Phases to keep.
    phase: Option<String>,
    /// `true` lists the ineligible too.
    all: Option<bool>,
    /// Lists no more than this many.
    limit: Option<usize>,
}

/// Answers.
pub async fn post(
    State(service): State<Arc<Service>>,
    query: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let Query(parameters) = query
        .map_err(|_| ApiError::query("`status`, `country`, `phase`, `all` (true or false) and `limit` (a number)"))?;
    let mut selection = selection(&parameters.status, &parameters.country, &parameters.phase)?;
    selection.all = parameters.all.unwrap_or_default();
    selection.limit = parameters.limit;
    if !is_json(&headers) {
        let message = "send the profile as `Content-Type: application/json`";
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", message));
    }
    let body = body?;
    let profile = std::str::from_utf8(&body)
        .map_err(|_| ApiError::new(StatusCode::BAD_REQUEST, "bad_body", "the body is not UTF-8 text"))
        .and_then(|text| Ok(Profile::from_json(text, "request body")?))?;
    let bytes = service
        .run(move |service| {
            let report = answers::matched(&service.snapshot, &profile, &selection);
            let mut bytes = Vec::new();
            report::json::write(&report, &mut bytes).map_err(|_| ApiError::fault())?;
            Ok(bytes)
        })
        .await?;
    Ok(json(bytes))
}

/// Reads the filters that endpoints share.
pub fn selection(
    status: &Option<String>,
    country: &Option<String>,
    phase: &Option<String>,
) -> Result<Selection, ApiError> {
    let words = |list: &Option<String>| -> Vec<String> {
        list.as_deref().unwrap_or_default().split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    Ok(Selection::new(&words(status), &words(country), &words(phase))?)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}
