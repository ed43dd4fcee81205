//! A training's report while it goes on, on a page of this machine only.
//!
//! The server reads what the training writes into its run folder; the training does not know of it.

use std::fs;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use burn::tensor::Device;
use tiny_http::{Header, Method, Request, Response, Server};

use crate::config::Config;
use crate::report::explanation::{Explanation, Page, Use, Weights};
use crate::run_folder::RunFolder;
use crate::say;
use crate::training::Data;

/// Held-out messages that are asked while training goes on.
const MOST_MESSAGES: usize = 200;
/// Making reports may take one part in so many of the time.
const TIME_SHARE: u32 = 20;

/// A port of this machine, taken.
pub struct Port {
    server: Server,
    number: u16,
}

/// Serves until it is dropped.
pub struct Serving {
    server: Arc<Server>,
    thread: Option<JoinHandle<()>>,
}

/// What a report is made of.
pub struct Served {
    pub run: RunFolder,
    pub config: Config,
    pub data: Data,
    pub device: Device,
}

impl Port {
    /// A port of the loopback address; 0 is any that is free.
    pub fn take(port: u16) -> Result<Self> {
        let server = Server::http(("127.0.0.1", port)).map_err(|error| {
            anyhow!("cannot serve on port {port}: {error}; give another, or none for a free one")
        })?;
        let address = server.server_addr().to_ip();
        Ok(Self {
            number: address.map_or(port, |address| address.port()),
            server,
        })
    }

    /// Begins to serve.
    pub fn serve(self, served: Served) -> Serving {
        let port = self.number;
        say::info(format!("watch it on http://127.0.0.1:{port}/"));
        let hosts = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{port}"));
        let server = Arc::new(self.server);
        let requests = server.clone();
        let thread = std::thread::spawn(move || {
            let mut reports = Reports::new(served);
            for request in requests.incoming_requests() {
                answer(request, &hosts, &mut reports);
            }
        });
        Serving {
            server,
            thread: Some(thread),
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            say::warning("the server of the page has ended early");
        }
    }
}

fn answer(request: Request, hosts: &[String], reports: &mut Reports) {
    // A page of another site can have its own name resolve to this machine (DNS rebinding), but it
    // cannot hide that name.
    let host = request
        .headers()
        .iter()
        .find(|header| header.field.equiv("Host"));
    let is_here = host.is_some_and(|host| hosts.iter().any(|here| here == host.value.as_str()));
    let (path, version) = match request.url().split_once("?version=") {
        Some((path, version)) => (path, version.parse().ok()),
        None => (request.url(), None),
    };
    let (status, kind, body) = match (is_here, request.method(), path) {
        (false, ..) => (
            421,
            "text/plain",
            "This server answers to its own address only.\n".into(),
        ),
        (_, Method::Get, "/") => {
            let html = reports.newest().0.to_html(Use::Served);
            (200, "text/html", html)
        }
        (_, Method::Get, "/data") => match reports.newest() {
            (_, newest) if version == Some(newest) => (204, "application/json", String::new()),
            (page, newest) => {
                let data = format!("{{\"version\":{newest},\"data\":{}}}", page.json());
                (200, "application/json", data)
            }
        },
        (_, Method::Get, _) => (404, "text/plain", "There is only one page here: /\n".into()),
        _ => (405, "text/plain", "This server only answers GET.\n".into()),
    };
    let mut response = Response::from_string(body).with_status_code(status);
    for (name, value) in [
        ("Content-Type", format!("{kind}; charset=utf-8").as_str()),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "frame-ancestors 'none'"),
    ] {
        let header = Header::from_bytes(name, value).expect("names and values are plain ASCII");
        response.add_header(header);
    }
    // Who asked may have gone.
    let _ = request.respond(response);
}

/// The newest report, made again when the run has come further.
struct Reports {
    served: Served,
    page: Page,
    version: u64,
    /// What of the run's files it was made of.
    stamp: Option<Stamp>,
    made: Instant,
    took: Duration,
}

/// The length of the metrics, and the name of the newest save.
type Stamp = (u64, Option<std::ffi::OsString>);

impl Reports {
    fn new(served: Served) -> Self {
        Self {
            served,
            page: Page::empty(),
            version: 0,
            stamp: None,
            made: Instant::now(),
            took: Duration::ZERO,
        }
    }

    fn newest(&mut self) -> (&Page, u64) {
        let stamp = Some(self.stamp());
        if stamp != self.stamp && self.made.elapsed() >= self.took * TIME_SHARE {
            let begin = Instant::now();
            match self.make() {
                Ok(Some(page)) => {
                    self.page = page;
                    self.version += 1;
                    self.stamp = stamp;
                }
                Ok(None) => {}
                Err(error) => say::warning(format!("the page stays as it is: {error:#}")),
            }
            self.made = Instant::now();
            self.took = begin.elapsed();
        }
        (&self.page, self.version)
    }

    fn make(&self) -> Result<Option<Page>> {
        let Served {
            run,
            config,
            data,
            device,
        } = &self.served;
        let checkpoints = run.checkpoints();
        let Some(weights) = Weights::of_checkpoint(&checkpoints, config, data, device)? else {
            return Ok(None);
        };
        let explanation =
            Explanation::of(run, config, Some(data), &weights, MOST_MESSAGES, device)?;
        Page::of(&explanation, &weights).map(Some)
    }

    fn stamp(&self) -> Stamp {
        let run = &self.served.run;
        let length = fs::metadata(run.metrics()).map_or(0, |metadata| metadata.len());
        let saves = fs::read_dir(run.checkpoints().folder())
            .into_iter()
            .flatten()
            .flatten();
        (length, saves.map(|save| save.file_name()).max())
    }
}
