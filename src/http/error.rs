//! Errors as JSON: `{"error":{"code","message","path"}}`. They never hold a patient's values.

use crate::patient::ProfileError;
use crate::report::SelectionError;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// What a request is answered with where it cannot be answered as asked.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    path: Option<String>,
}

#[derive(Serialize)]
struct Body<'e> {
    error: Inner<'e>,
}

#[derive(Serialize)]
struct Inner<'e> {
    code: &'static str,
    message: &'e str,
    path: Option<&'e str>,
}

impl ApiError {
    /// Makes an error with a code for programs and a message for people.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), path: None }
    }

    /// Too much runs already.
    pub fn busy() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "too many requests run at once; try again in a second")
    }

    /// The program's own fault. Says nothing of the request.
    pub fn fault() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "fault",
            "the service ran into a fault of its own; please report it",
        )
    }

    /// A query that names something else than the parameters of an endpoint.
    pub fn query(parameters: &str) -> Self {
        let message = format!("the query is not understood; it may hold {parameters}, each once");
        Self::new(StatusCode::BAD_REQUEST, "bad_query", message)
    }
}

impl From<BytesRejection> for ApiError {
    fn from(rejection: BytesRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            let message = format!("the body is larger than {} KiB", super::LARGEST_BODY / 1024);
            Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
        } else {
            Self::new(StatusCode::BAD_REQUEST, "bad_body", "the body could not be read to its end")
        }
    }
}

impl From<ProfileError> for ApiError {
    fn from(error: ProfileError) -> Self {
        let path = error.problems().first().map(|problem| problem.path.clone());
        Self { path, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_profile", error.to_string()) }
    }
}

impl From<SelectionError> for ApiError {
    fn from(error: SelectionError) -> Self {
        Self { path: Some(error.kind.to_owned()), ..Self::new(StatusCode::BAD_REQUEST, "bad_query", error.to_string()) }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let error = Inner { code: self.code, message: &self.message, path: self.path.as_deref() };
        let mut response = (self.status, axum::Json(Body { error })).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// A JSON answer that was serialised already.
pub fn json(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], bytes).into_response()
}
