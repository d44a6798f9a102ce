//! Listens and serves. The loop is written out because `axum::serve` has no limits against slow clients.

use super::{Service, router};
use crate::store::Snapshot;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// The longest that a client may take to send a request's head; idle connections end after it too.
const HEAD_TIME: Duration = Duration::from_secs(5);

/// The largest request head, in bytes.
const HEAD_SIZE: usize = 16 * 1024;

/// The most headers of a request.
const HEADERS: usize = 64;

/// The most connections that are open at once.
const CONNECTIONS: usize = 512;

/// After this long a connection ends with the request in hand.
const CONNECTION_TIME: Duration = Duration::from_secs(60);

/// How long a connection that is to end may take to end, and the service to stop.
const LAST_TIME: Duration = Duration::from_secs(10);

/// Why the service does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is reachable from other machines.
    #[error(
        "cannot listen on {0}: the service has no log-in, so it listens on this machine only; \
         use a loopback address such as 127.0.0.1:8080 or [::1]:8080, with a reverse proxy before it where others must reach it"
    )]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}; another program may listen there already")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The system gave no threads or signals.
    #[error("cannot start the service")]
    Start(#[source] std::io::Error),
}

/// Refuses an address that other machines could reach.
pub fn check_address(address: SocketAddr) -> Result<(), ServeError> {
    if address.ip().is_loopback() { Ok(()) } else { Err(ServeError::NotLoopback(address)) }
}

/// Serves a snapshot until ctrl-c or SIGTERM; `started` learns the address that was bound.
pub fn serve_blocking(
    address: SocketAddr,
    snapshot: Snapshot,
    started: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    check_address(address)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(ServeError::Start)?;
    let served = runtime.block_on(async {
        let refused = |source| ServeError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let stop = stop_signal().map_err(ServeError::Start)?;
        started(listener.local_addr().map_err(refused)?);
        serve(listener, Arc::new(Service::new(snapshot)), stop).await;
        Ok(())
    });
    // A match that still runs has nobody to answer any more.
    runtime.shutdown_background();
    served
}

/// Serves connections until `stop` is ready; then lets requests in hand finish.
pub async fn serve(listener: TcpListener, service: Arc<Service>, stop: impl Future<Output = ()>) {
    let router = router(service);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let (stopping, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &places) => accepted,
        };
        match accepted {
            Some((stream, place)) => {
                let (router, stopped) = (router.clone(), stopped.clone());
                connections.spawn(async move {
                    connection(stream, router, stopped).await;
                    drop(place);
                });
            }
            // The system is out of file handles or the client is gone already.
            None => tokio::time::sleep(Duration::from_millis(50)).await,
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    // Nobody listens where no connection is open.
    let _ = stopping.send(true);
    let _ = tokio::time::timeout(LAST_TIME, async { while connections.join_next().await.is_some() {} }).await;
}

/// Waits for a free place, then for a client.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    let (stream, _) = listener.accept().await.ok()?;
    Some((stream, place))
}

/// Serves one connection. A client that neither reads nor hangs up is left after a minute and some seconds.
async fn connection(stream: TcpStream, router: axum::Router, mut stopped: watch::Receiver<bool>) {
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_SIZE)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut served = pin!(served);
    tokio::select! {
        // How a connection broke concerns the client alone.
        _ = served.as_mut() => return,
        _ = stopped.wait_for(|stopped| *stopped) => {}
        () = tokio::time::sleep(CONNECTION_TIME) => {}
    }
    served.as_mut().graceful_shutdown();
    let _ = tokio::time::timeout(LAST_TIME, served).await;
}

/// Is ready when the person or the system asks the service to stop.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Is ready when the person asks the service to stop.
#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
