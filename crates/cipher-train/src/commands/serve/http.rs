//! A small HTTP server for this machine: one GET request per connection. Whatever clients do, the
//! memory and the time that they can take are bounded, and the server stops at once.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Builder, JoinHandle, ScopedJoinHandle};
use std::time::{Duration, Instant};

use httparse::{EMPTY_HEADER, Error, Header, Request, Status};

use crate::commands::output;

/// Bytes of a request's line and headers.
const MAX_HEAD: usize = 8 * 1024;
const MAX_HEADERS: usize = 64;
/// Time between two attempts to accept, to read or to write.
const RETRY_AFTER: Duration = Duration::from_millis(20);

/// What clients can take of the server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at the same time; others are answered 503.
    pub max_connections: usize,
    /// Time for a whole connection, from accepting it to the last byte of the answer.
    pub max_time: Duration,
}

/// An answer. Its text is shared, so that many slow clients hold one copy of it.
#[derive(Debug, Clone)]
pub struct Response {
    /// Code and reason, as in `200 OK`.
    pub status: &'static str,
    pub content_type: &'static str,
    pub body: Arc<str>,
}

/// Answers requests until it is dropped.
pub struct Server {
    is_stopping: Arc<AtomicBool>,
    acceptor: Option<JoinHandle<()>>,
}

impl Response {
    /// A line of text for people.
    pub fn text(status: &'static str, body: &str) -> Self {
        Self {
            status,
            content_type: "text/plain",
            body: body.into(),
        }
    }
}

impl Server {
    /// Answers with what `handler` returns for the target of a request, such as `/data?version=1`.
    /// The handler is called from several threads and should not block: stopping waits for it.
    ///
    /// # Errors
    ///
    /// Fails where the system refuses a thread or the listener cannot be used.
    pub fn start<H>(listener: TcpListener, limits: Limits, handler: H) -> io::Result<Self>
    where
        H: Fn(&str) -> Response + Send + Sync + 'static,
    {
        listener.set_nonblocking(true)?;
        let is_stopping = Arc::new(AtomicBool::new(false));
        let acceptor = Acceptor {
            port: listener.local_addr()?.port().to_string(),
            listener,
            limits,
            handler,
            is_stopping: is_stopping.clone(),
        };
        let thread = Builder::new().name("server".into());
        Ok(Self {
            is_stopping,
            acceptor: Some(thread.spawn(move || acceptor.run())?),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_stopping.store(true, Ordering::Relaxed);
        if let Some(Err(_)) = self.acceptor.take().map(JoinHandle::join) {
            output::warning("the server of the page failed while it was running");
        }
    }
}

struct Acceptor<H> {
    listener: TcpListener,
    port: String,
    limits: Limits,
    handler: H,
    is_stopping: Arc<AtomicBool>,
}

impl<H: Fn(&str) -> Response + Sync> Acceptor<H> {
    fn run(&self) {
        thread::scope(|scope| {
            let mut open: Vec<ScopedJoinHandle<()>> = Vec::new();
            while !self.is_stopping.load(Ordering::Relaxed) {
                // An error can only be waited out: no client is there, it left before it was
                // accepted, or the process has no file descriptor to spare.
                let Ok((stream, _)) = self.listener.accept() else {
                    thread::sleep(RETRY_AFTER);
                    continue;
                };
                open.retain(|connection| !connection.is_finished());
                if open.len() >= self.limits.max_connections {
                    self.refuse(stream);
                    continue;
                }
                // Without a thread for it, the connection is closed.
                let connection = Builder::new().spawn_scoped(scope, || {
                    // A client that left or was too slow needs no answer.
                    let _ = self.exchange(stream);
                });
                open.extend(connection);
            }
        });
    }

    /// Answers 503 without waiting for anything.
    fn refuse(&self, stream: TcpStream) {
        let busy = Response::text("503 Service Unavailable", "Too many connections.\n");
        let _ = self.connection(stream, Duration::ZERO).and_then(|mut it| {
            // Closing a socket with unread bytes can cost the client its answer.
            let _ = it.stream.read(&mut [0; MAX_HEAD]);
            it.respond(&busy)
        });
    }

    /// Reads a request and answers it.
    fn exchange(&self, stream: TcpStream) -> io::Result<()> {
        let mut connection = self.connection(stream, self.limits.max_time)?;
        let mut head = [0; MAX_HEAD];
        let mut length = 0;
        loop {
            match connection.read(&mut head[length..])? {
                0 => return Ok(()),
                n => length += n,
            }
            if let Some(response) = self.response(&head[..length]) {
                return connection.respond(&response);
            }
        }
    }

    fn connection(&self, stream: TcpStream, time: Duration) -> io::Result<Connection<'_>> {
        stream.set_nonblocking(true)?;
        Ok(Connection {
            stream,
            deadline: Instant::now() + time,
            is_stopping: &self.is_stopping,
        })
    }

    /// The response to a request; none while its head is incomplete.
    fn response(&self, head: &[u8]) -> Option<Response> {
        let mut headers = [EMPTY_HEADER; MAX_HEADERS];
        let mut request = Request::new(&mut headers);
        match request.parse(head) {
            Ok(Status::Complete(_)) => Some(self.answer(&request)),
            Ok(Status::Partial) if head.len() < MAX_HEAD => None,
            Ok(Status::Partial) | Err(Error::TooManyHeaders) => Some(Response::text(
                "431 Request Header Fields Too Large",
                "The head of the request is too long.\n",
            )),
            Err(_) => Some(Response::text(
                "400 Bad Request",
                "This is not an HTTP request.\n",
            )),
        }
    }

    fn answer(&self, request: &Request) -> Response {
        if !is_own_host(request.headers, &self.port) {
            let text = "This server answers to its own address only.\n";
            return Response::text("421 Misdirected Request", text);
        }
        if request.method != Some("GET") {
            let text = "This server only answers GET.\n";
            return Response::text("405 Method Not Allowed", text);
        }
        if request.headers.iter().any(announces_body) {
            let text = "This server reads no body.\n";
            return Response::text("413 Content Too Large", text);
        }
        (self.handler)(request.path.unwrap_or_default())
    }
}

/// A page of another site can have its own name resolve to this machine (DNS rebinding), but it
/// cannot hide that name.
fn is_own_host(headers: &[Header], port: &str) -> bool {
    let mut hosts = headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case("Host"));
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let Ok(host) = str::from_utf8(host.value) else {
        return false;
    };
    // Browsers leave out the default port.
    let (name, host_port) = host.rsplit_once(':').unwrap_or((host, "80"));
    ["127.0.0.1", "localhost"].contains(&name) && host_port == port
}

fn announces_body(header: &Header) -> bool {
    header.name.eq_ignore_ascii_case("Transfer-Encoding")
        || (header.name.eq_ignore_ascii_case("Content-Length") && header.value != b"0")
}

/// A client's socket. Reading and writing fail at the deadline and when the server stops.
struct Connection<'a> {
    stream: TcpStream,
    deadline: Instant,
    is_stopping: &'a AtomicBool,
}

impl Connection<'_> {
    fn respond(&mut self, response: &Response) -> io::Result<()> {
        let Response {
            status,
            content_type,
            body,
        } = response;
        let mut head = format!(
            "HTTP/1.1 {status}\r\n\
             Connection: close\r\n\
             Allow: GET\r\n\
             Cache-Control: no-store\r\n\
             X-Content-Type-Options: nosniff\r\n\
             Content-Security-Policy: frame-ancestors 'none'\r\n"
        );
        // A response with the status 204 must not have a length.
        if !body.is_empty() {
            let length = body.len();
            head += &format!("Content-Type: {content_type}; charset=utf-8\r\n");
            head += &format!("Content-Length: {length}\r\n");
        }
        head += "\r\n";
        self.write_all(head.as_bytes())?;
        self.write_all(body.as_bytes())
    }

    /// Repeats an attempt for as long as it would block.
    fn retry<T>(&self, mut attempt: impl FnMut(&TcpStream) -> io::Result<T>) -> io::Result<T> {
        loop {
            match attempt(&self.stream) {
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
                done => return done,
            }
            if Instant::now() >= self.deadline || self.is_stopping.load(Ordering::Relaxed) {
                return Err(ErrorKind::TimedOut.into());
            }
            thread::sleep(RETRY_AFTER);
        }
    }
}

impl Read for Connection<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.retry(|mut stream| stream.read(bytes))
    }
}

impl Write for Connection<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.retry(|mut stream| stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
