//! Three plain requests to the server on this machine need no HTTP library.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::failure::{Explain, Failure};

/// What came back.
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Everything after the header, as it came.
    pub body: String,
}

/// Sends one request to 127.0.0.1 under the name `localhost` and reads the whole answer.
pub fn send(port: u16, method: &str, path: &str, json: &str) -> Result<Reply, Failure> {
    let what = format!("{method} http://localhost:{port}{path}");
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2)).explain(&what)?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).explain(&what)?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{json}",
        json.len()
    );
    stream.write_all(request.as_bytes()).explain(&what)?;
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).explain(&what)?;
    parse(&String::from_utf8_lossy(&raw)).ok_or_else(|| Failure::new(format!("{what}: no HTTP came back")))
}

fn parse(raw: &str) -> Option<Reply> {
    let (head, body) = raw.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Reply { status, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn status_and_body_are_told_apart() {
        let reply = parse("HTTP/1.1 404 Not Found\r\nA: b\r\n\r\nnothing\r\n\r\nhere").expect("a reply");
        assert_eq!((reply.status, reply.body.as_str()), (404, "nothing\r\n\r\nhere"));
        assert!(parse("nonsense").is_none());
    }
}
