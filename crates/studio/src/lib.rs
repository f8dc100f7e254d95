//! The studio: the schema and the data of a project in a browser, served by this process on this machine.
//!
//! Pages are HTML that the server writes; scripts add what needs no new page (editing, the diagram, the console). Nothing is
//! loaded from elsewhere. What is read is read in transactions that cannot write; what is written was shown as SQL before, and
//! never overwrites what somebody else wrote meanwhile.

mod assets;
mod changes;
mod console;
mod counts;
mod database;
mod export;
mod failure;
mod filter;
mod guard;
mod ids;
mod model;
mod pages;
mod quoting;
mod rows;
mod site;
mod view;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tokio::net::TcpListener;

pub use site::{Answer, Programs, Project, ReadOnly};

use crate::database::Database;
use crate::guard::Guard;
use crate::site::Site;

/// Bytes of what a page may send: a value or a script of that size is none that a person writes.
const LARGEST_BODY: usize = 64 << 20;

/// A studio that listens, and has not begun to answer.
pub struct Studio {
    listener: TcpListener,
    router: Router,
    guard: Arc<Guard>,
}

impl Studio {
    /// Listens on this machine's own address only. Port 0 takes any that is free.
    ///
    /// Fails where the port is taken, or the database's URL cannot be used.
    pub async fn bind(
        project: Project,
        port: u16,
        read_only: Option<ReadOnly>,
    ) -> Result<Self, String> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let failed = |error: std::io::Error| format!("{address}: {error}");
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let guard = Arc::new(Guard::new(listener.local_addr().map_err(failed)?.port()));
        let database = Database::new(&project.url).map_err(|failure| failure.message)?;
        let site = Arc::new(Site { project, database, read_only });
        let router = routes(site).layer(from_fn_with_state(Arc::clone(&guard), guard::check));
        Ok(Self { listener, router, guard })
    }

    /// Where to look, with the key to it.
    pub fn link(&self) -> String {
        self.guard.link()
    }

    /// The same with a key that works once and soon: for a browser that is started with it, whose arguments others may read.
    pub fn link_once(&self) -> String {
        self.guard.link_once(Instant::now())
    }

    /// Answers until `stop` is there.
    pub async fn serve(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), String> {
        let served = axum::serve(self.listener, self.router).with_graceful_shutdown(stop);
        served.await.map_err(|error| error.to_string())
    }
}

impl std::fmt::Debug for Studio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Without the guard, which holds the key.
        f.debug_struct("Studio").finish_non_exhaustive()
    }
}

fn routes(site: Arc<Site>) -> Router {
    Router::new()
        .route("/", get(pages::home::get))
        .route("/model/{model}", get(pages::table::get))
        .route("/model/{model}/row", get(pages::row::get))
        .route("/model/{model}/new", get(pages::row::new))
        .route("/model/{model}/count", get(pages::table::count))
        .route("/model/{model}/export.csv", get(pages::table::csv))
        .route("/model/{model}/export.json", get(pages::table::json))
        .route("/schema", get(pages::diagram::get))
        .route("/migrations", get(pages::migrations::get))
        .route("/rollouts", get(pages::rollouts::get))
        .route("/health", get(pages::live::health))
        .route("/verify", get(pages::live::verify))
        .route("/console", get(pages::console::get))
        .route("/api/changes", post(pages::changes::post))
        .route("/api/console", post(pages::console::post))
        .route("/api/health", get(pages::live::health_json))
        .route("/api/verify", get(pages::live::verify_json))
        .route("/assets/{version}/{name}", get(assets::get))
        .fallback(pages::not_found)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(site)
}

#[cfg(test)]
mod tests;
