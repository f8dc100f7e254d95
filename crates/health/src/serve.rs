//! The checks for a supervisor, over HTTP: whether this process lives, whether the database answers, and the figures.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use health::{Connection, Settings};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

/// How long an answer stands: however many ask for the figures, the database is asked this often at most.
const FRESH: Duration = Duration::from_secs(2);

struct Service {
    url: Option<String>,
    settings: Settings,
    /// Made by the first who needs it, and again while there is none.
    connection: Mutex<Option<Connection>>,
    metrics: Mutex<Option<(Instant, String)>>,
}

/// Listens until Ctrl-C.
pub(crate) async fn serve(
    addr: SocketAddr,
    url: Option<String>,
    settings: Settings,
) -> Result<(), String> {
    let listener = TcpListener::bind(addr).await.map_err(|error| format!("{addr}: {error}"))?;
    let addr = listener.local_addr().map_err(|error| format!("{addr}: {error}"))?;
    println!("Listening on http://{addr}: /livez, /readyz, /metrics");
    let service =
        Service { url, settings, connection: Mutex::new(None), metrics: Mutex::new(None) };
    let router = Router::new()
        .route("/livez", get(async || "alive\n"))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(Arc::new(service));
    let stop = async {
        // Where signals cannot be listened to, they end the process by themselves.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    axum::serve(listener, router)
        .with_graceful_shutdown(stop)
        .await
        .map_err(|error| format!("{addr}: {error}"))
}

/// Whether the database answers.
async fn readyz(State(service): State<Arc<Service>>) -> impl IntoResponse {
    let outcome = health::connection(&service.connection().await).await;
    match outcome.result {
        Ok(finding) => (StatusCode::OK, format!("{}\n", finding.message)),
        Err(failure) => (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", failure.reason)),
    }
}

/// Every check, as Prometheus reads it.
async fn metrics(State(service): State<Arc<Service>>) -> impl IntoResponse {
    let mut kept = service.metrics.lock().await;
    if let Some((at, text)) = &*kept
        && at.elapsed() < FRESH
    {
        return (CONTENT_TYPE, text.clone());
    }
    let report = health::check(&service.connection().await, &service.settings).await;
    let text = report.to_prometheus();
    *kept = Some((Instant::now(), text.clone()));
    (CONTENT_TYPE, text)
}

const CONTENT_TYPE: [(header::HeaderName, &str); 1] =
    [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];

impl Service {
    async fn connection(&self) -> Connection {
        let mut connection = self.connection.lock().await;
        match &*connection {
            Some(Ok(client)) => Ok(client.clone()),
            _ => connection.insert(health::connect(self.url.clone()).await).clone(),
        }
    }
}
