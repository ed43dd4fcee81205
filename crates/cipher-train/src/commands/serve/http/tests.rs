//! Clients that break the rules, on real sockets. A test that waits forever fails by a time-out of
//! the client's socket.

use std::net::SocketAddr;

use super::*;

const PATIENCE: Duration = Duration::from_secs(60);
/// Larger than what a socket buffers.
const LARGE: usize = 16 << 20;

fn start(max_time: Duration) -> (Server, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let limits = Limits {
        max_connections: 4,
        max_time,
    };
    let large: Arc<str> = "x".repeat(LARGE).into();
    let server = Server::start(listener, limits, move |target| match target {
        "/large" => Response {
            status: "200 OK",
            content_type: "text/plain",
            body: large.clone(),
        },
        "/empty" => Response::text("204 No Content", ""),
        "/panic" => panic!("a mistake in the handler"),
        _ => Response::text("200 OK", target),
    });
    (server.unwrap(), address)
}

/// A server whose clients have the time that honest ones need.
fn patient() -> (Server, SocketAddr) {
    start(PATIENCE)
}

/// A server that drops slow clients soon.
fn strict() -> (Server, SocketAddr) {
    start(Duration::from_millis(200))
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

fn request(address: SocketAddr, target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: {address}\r\n\r\n")
}

/// What arrives until the server closes the connection. The server may close it while we write.
fn exchange(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = connect(address);
    let _ = stream.write_all(request);
    read_to_close(stream)
}

fn read_to_close(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}");
    }
    String::from_utf8(answer).unwrap()
}

#[track_caller]
fn assert_answers(address: SocketAddr) {
    let answer = exchange(address, request(address, "/a?b").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n/a?b"), "{answer}");
}

/// Asks until a connection is free: those of dropped clients are, after their time.
fn assert_answers_in_the_end(address: SocketAddr) {
    let good = request(address, "/");
    while !exchange(address, good.as_bytes()).starts_with("HTTP/1.1 200") {
        thread::sleep(RETRY_AFTER);
    }
}

#[test]
fn a_get_request_is_answered_and_its_connection_closed() {
    let (_server, address) = patient();
    assert_answers(address);
    let answer = exchange(address, request(address, "/large").as_bytes());
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("\r\nContent-Length: {LARGE}")) && body.len() == LARGE);
    for header in [
        "Connection: close",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Content-Security-Policy: frame-ancestors 'none'",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(head.lines().any(|line| line == header), "{head}");
    }
    let empty = exchange(address, request(address, "/empty").as_bytes());
    assert!(!empty.contains("Content-Length") && empty.ends_with("\r\n\r\n"));
}

#[test]
fn a_request_with_a_body_is_refused_whatever_length_it_announces() {
    let (_server, address) = patient();
    for header in [
        "Content-Length: 1",
        "Content-Length: 100000000000000",
        "Content-Length: 18446744073709551615",
        "Content-Length: 99999999999999999999999999",
        "content-length: -1",
        "Content-Length: 0\r\nContent-Length: 5",
        "Transfer-Encoding: chunked",
    ] {
        for (method, status) in [("GET", "413"), ("POST", "405"), ("PUT", "405")] {
            let head = format!("{method} / HTTP/1.1\r\nHost: {address}\r\n{header}\r\n\r\n");
            let answer = exchange(address, head.as_bytes());
            let expected = format!("HTTP/1.1 {status} ");
            assert!(answer.starts_with(&expected), "{method} {header}: {answer}");
        }
    }
    assert_answers(address);
}

#[test]
fn only_a_request_that_names_this_machine_and_port_is_answered() {
    let (_server, address) = patient();
    let port = address.port();
    let status = |hosts: &str| {
        let answer = exchange(address, format!("GET / HTTP/1.1\r\n{hosts}\r\n").as_bytes());
        answer[9..12].to_string()
    };
    for name in ["127.0.0.1", "localhost"] {
        assert_eq!(status(&format!("Host: {name}:{port}\r\n")), "200");
        assert_eq!(status(&format!("Host: {name}\r\n")), "421");
        assert_eq!(status(&format!("Host: {name}:{port}1\r\n")), "421");
    }
    assert_eq!(status(""), "421");
    assert_eq!(status(&format!("Host: evil.example:{port}\r\n")), "421");
    let two = format!("Host: localhost:{port}\r\nHost: evil.example\r\n");
    assert_eq!(status(&two), "421");
    assert!(is_own_host(
        &[Header {
            name: "host",
            value: b"localhost"
        }],
        "80"
    ));
}

#[test]
fn what_is_not_a_request_or_too_long_a_one_is_refused() {
    let (_server, address) = patient();
    let many = "a: b\r\n".repeat(MAX_HEADERS + 1);
    let endless = "a".repeat(LARGE);
    for (head, status) in [
        (format!("GET / HTTP/1.1\r\nX: {endless}"), "431"),
        (format!("GET /{endless}"), "431"),
        (format!("GET / HTTP/1.1\r\n{many}\r\n"), "431"),
        ("\u{16}\u{3}\u{1}\0".into(), "400"),
        ("GET / HTTP/9\r\n\r\n".into(), "400"),
    ] {
        let answer = exchange(address, head.as_bytes());
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
    assert_answers(address);
}

#[test]
fn only_the_first_of_many_requests_on_a_connection_is_answered() {
    let (_server, address) = strict();
    let requests = request(address, "/a").repeat(200);
    let answer = exchange(address, requests.as_bytes());
    assert_eq!(answer.matches("HTTP/1.1").count(), 1);
    assert_answers(address);
}

#[test]
fn a_client_that_does_not_read_its_answer_is_dropped() {
    let (_server, address) = strict();
    let unread: Vec<_> = (0..4).map(|_| connect(address)).collect();
    for mut stream in &unread {
        let requests = request(address, "/large").repeat(200);
        let _ = stream.write_all(requests.as_bytes());
    }
    assert_answers_in_the_end(address);
    for stream in unread {
        assert!(read_to_close(stream).len() < LARGE);
    }
}

#[test]
fn a_client_that_sends_a_byte_now_and_then_is_dropped() {
    let (_server, address) = strict();
    let mut stream = connect(address);
    let mut request = "GET / HTTP/1.1\r\nX: "
        .bytes()
        .chain(std::iter::repeat(b'a'));
    // Fails when the server has closed the connection.
    while stream.write_all(&[request.next().unwrap()]).is_ok() {
        thread::sleep(Duration::from_millis(5));
    }
    assert_answers(address);
}

#[test]
fn idle_clients_are_dropped_and_those_above_the_limit_refused() {
    let (_server, address) = strict();
    let idle: Vec<_> = (0..64).map(|_| connect(address)).collect();
    assert_answers_in_the_end(address);
    let answers: Vec<_> = idle.into_iter().map(read_to_close).collect();
    let refused = answers.iter().filter(|it| it.starts_with("HTTP/1.1 503 "));
    // A thread that started late may have held a connection for longer.
    assert!(refused.count() >= 32);
    assert!(answers.iter().any(String::is_empty));
}

#[test]
fn stopping_does_not_wait_for_clients() {
    // With an hour for each client, waiting for one would end no test run.
    let (server, address) = start(Duration::from_secs(3600));
    let clients: Vec<_> = (0..8).map(|_| connect(address)).collect();
    (&clients[0])
        .write_all(b"POST / HTTP/1.1\r\nContent-")
        .unwrap();
    for mut stream in &clients[1..3] {
        stream
            .write_all(request(address, "/large").as_bytes())
            .unwrap();
    }
    // The server has accepted them all when it refuses one.
    assert!(read_to_close(clients[7].try_clone().unwrap()).starts_with("HTTP/1.1 503 "));
    drop(server);
    assert!(TcpStream::connect(address).is_err());
    for stream in clients {
        assert!(read_to_close(stream).len() < LARGE);
    }
}

#[test]
fn a_panic_in_the_handler_costs_one_connection_only() {
    let (_server, address) = patient();
    assert_eq!(exchange(address, request(address, "/panic").as_bytes()), "");
    assert_answers(address);
}
