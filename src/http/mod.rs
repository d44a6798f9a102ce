//! The local HTTP service: one file an endpoint. It answers programs on this machine only, keeps no patient data,
//! logs none, and names none in its errors.

pub mod error;
pub mod guard;
pub mod health;
pub mod matches;
pub mod search;
pub mod server;
pub mod trials;

use crate::store::Snapshot;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{get, post};
use error::ApiError;
pub use server::{ServeError, check_address, serve_blocking};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

/// The largest request body, in bytes.
pub const LARGEST_BODY: usize = 256 * 1024;

/// What every request can see.
pub struct Service {
    /// The registry data that is served.
    pub snapshot: Snapshot,
    /// One permit for each match or search that may run at once.
    pub permits: Arc<Semaphore>,
}

impl Service {
    /// Serves a snapshot; twice as many matches as there are processors may run at once.
    pub fn new(snapshot: Snapshot) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self { snapshot, permits: Arc::new(Semaphore::new(2 * processors)) }
    }

    /// Runs work on the blocking pool, or refuses where too much runs already. The permit is held until the work is
    /// done, even where the client has gone.
    pub async fn run<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let permit = Arc::clone(&self.permits).try_acquire_owned().map_err(|_| ApiError::busy())?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work(&self)
        });
        done.await.map_err(|_| ApiError::fault())?
    }
}

/// The table of contents of the interface.
pub fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/health", get(health::get))
        .route("/api/v1/match", post(matches::post))
        .route("/api/v1/trials/{id}", get(trials::get))
        .route("/api/v1/search", get(search::get))
        .fallback(async || ApiError::new(StatusCode::NOT_FOUND, "not_found", "there is nothing at this address"))
        .method_not_allowed_fallback(async || {
            ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this address takes another method")
        })
        .with_state(service)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn(guard::callers))
        .layer(middleware::from_fn(guard::time))
        .layer(CatchPanicLayer::custom(|_| axum::response::IntoResponse::into_response(ApiError::fault())))
        .layer(middleware::from_fn(guard::headers))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    #[test]
    fn too_much_at_once_is_refused_with_a_time_to_come_back() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let service =
            Arc::new(Service { permits: Arc::new(Semaphore::new(1)), ..Service::new(crate::store::sample()) });
        runtime.block_on(async {
            let held = Arc::clone(&service.permits).try_acquire_owned().unwrap();
            let refused = Arc::clone(&service).run(|_| Ok(1)).await.unwrap_err().into_response();
            assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(refused.headers()["retry-after"], "1");
            drop(held);
            assert_eq!(Arc::clone(&service).run(|_| Ok(1)).await.unwrap(), 1);
            let failed = Arc::clone(&service).run(|_| -> Result<(), ApiError> { panic!("a fault") }).await.unwrap_err();
            assert_eq!(failed.into_response().status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert_eq!(service.run(|_| Ok(1)).await.unwrap(), 1, "a fault gives its permit back");
        });
    }
}
