//! What stands before every endpoint: who may call, how long it may take, and the headers of every answer.

use super::error::ApiError;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// The longest that a request may take, its body included.
const LONGEST: Duration = Duration::from_secs(10);

/// Headers of every answer, errors included. Nothing is cached, framed, loaded or told to others.
const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
];

/// Puts the security headers on every answer.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, value);
    }
    response
}

/// Ends a request that takes too long.
pub async fn time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(LONGEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let message = format!("the request took longer than {} seconds", LONGEST.as_secs());
            ApiError::new(StatusCode::REQUEST_TIMEOUT, "too_slow", message).into_response()
        }
    }
}

/// Refuses callers that are not programs of this machine or pages of this service: a foreign name in `Host` is how
/// a web page reaches a local service by rebinding its own name, a foreign `Origin` is another page's request.
pub async fn callers(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !host_is_local(headers) {
        let message = "the Host header must be localhost, 127.0.0.1 or [::1]";
        return ApiError::new(StatusCode::MISDIRECTED_REQUEST, "foreign_host", message).into_response();
    }
    if !origin_is_local(headers) {
        let message = "requests of pages of other sites are refused";
        return ApiError::new(StatusCode::FORBIDDEN, "foreign_origin", message).into_response();
    }
    next.run(request).await
}

fn host_is_local(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().is_ok_and(is_local),
        _ => false,
    }
}

fn origin_is_local(headers: &HeaderMap) -> bool {
    let origin = headers
        .get_all(header::ORIGIN)
        .iter()
        .all(|origin| origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://")).is_some_and(is_local));
    let site = headers.get_all("sec-fetch-site").iter().all(|site| matches!(site.as_bytes(), b"same-origin" | b"none"));
    origin && site
}

/// Says whether `host[:port]` names this machine.
fn is_local(authority: &str) -> bool {
    ["localhost", "127.0.0.1", "[::1]"].into_iter().any(|name| {
        let Some((host, rest)) = authority.split_at_checked(name.len()) else { return false };
        let port = rest.strip_prefix(':');
        host.eq_ignore_ascii_case(name)
            && (rest.is_empty()
                || port.is_some_and(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_local() {
        for (host, expected) in [
            ("localhost", true),
            ("LOCALHOST:8080", true),
            ("127.0.0.1:1", true),
            ("[::1]:8080", true),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("evil.example:8080", false),
            ("localhost:", false),
            ("localhost:80@evil.example", false),
            ("", false),
        ] {
            assert_eq!(is_local(host), expected, "{host}");
        }
    }
}
