//! The report of a run on a web page, for this machine only, while the run is training.
//!
//! The server reads what the training writes into its run folder; the training does not know of it.

mod http;
mod reports;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::commands::output;
use crate::report::explanation::{Page, Use};
use http::{Limits, Response, Server};
use reports::Reports;
pub use reports::Served;

const LIMITS: Limits = Limits {
    max_connections: 16,
    max_time: Duration::from_secs(5),
};

/// A port of this machine that is reserved for the page.
pub struct Port(TcpListener);

/// The running server. It stops when it is dropped, as soon as a report that is being made is done.
pub struct Serving {
    _server: Server,
}

impl Port {
    /// Reserves a port of the loopback address; 0 means any free one.
    ///
    /// # Errors
    ///
    /// Fails where the port is in use or may not be used.
    pub fn take(port: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).with_context(|| {
            format!("cannot serve on port {port}; give another, or none for a free one")
        })?;
        Ok(Self(listener))
    }

    /// Starts to serve the report of a run.
    ///
    /// # Errors
    ///
    /// Fails where the system refuses a thread or the port cannot be used.
    pub fn serve(self, served: Served) -> Result<Serving> {
        let start = || {
            let address = self.0.local_addr()?;
            let reports = Reports::start(served)?;
            let html = Page::empty().to_html(Use::Served).into();
            let server = Server::start(self.0, LIMITS, move |target| {
                answer(target, &html, &reports)
            })?;
            output::info(format!("watch it on http://{address}/"));
            Ok::<_, std::io::Error>(Serving { _server: server })
        };
        start().context("cannot serve the page of the training")
    }
}

/// The page has no report of its own. It asks for the newest one, and again every second.
fn answer(target: &str, html: &Arc<str>, reports: &Reports) -> Response {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (status, content_type, body) = match path {
        "/" => ("200 OK", "text/html", html.clone()),
        "/data" => {
            let newest = reports.newest();
            let known = query.strip_prefix("version=").map(str::parse);
            if known == Some(Ok(newest.version)) {
                ("204 No Content", "", "".into())
            } else {
                ("200 OK", "application/json", newest.json)
            }
        }
        _ => return Response::text("404 Not Found", "There is only one page here: /\n"),
    };
    Response {
        status,
        content_type,
        body,
    }
}
