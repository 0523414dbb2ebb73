//! The clients: some that ask as fast as they are answered, and some that listen.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::feed::PROBES;
use crate::site::request;

/// What came of asking.
#[derive(Debug, Default)]
pub struct Asked {
    pub answers: u64,
    pub bytes: u64,
    pub took: Vec<Duration>,
}

/// Asks for a path over so many connections, each as fast as it is answered, for some time.
pub async fn ask(port: u16, path: &str, headers: &str, connections: usize, time: Duration) -> Asked {
    let request: Arc<[u8]> = request(port, path, headers).into_bytes().into();
    let until = Instant::now() + time;
    let mut all = JoinSet::new();
    for _ in 0..connections {
        all.spawn(converse(port, request.clone(), until));
    }
    let mut asked = Asked::default();
    while let Some(Ok(own)) = all.join_next().await {
        asked.answers += own.answers;
        asked.bytes += own.bytes;
        asked.took.extend(own.took);
    }
    asked
}

async fn converse(port: u16, request: Arc<[u8]>, until: Instant) -> Asked {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("it listens");
    stream.set_nodelay(true).expect("a socket");
    let (mut asked, mut buffer) = (Asked::default(), vec![0; 1 << 20]);
    while Instant::now() < until {
        let begun = Instant::now();
        stream.write_all(&request).await.expect("it reads");
        asked.bytes += answer(&mut stream, &mut buffer).await;
        asked.answers += 1;
        asked.took.push(begun.elapsed());
    }
    asked
}

/// Reads one answer, by its length; returns its bytes.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> u64 {
    let mut filled = 0;
    let (status_ok, whole) = loop {
        let read = stream.read(&mut buffer[filled..]).await.expect("it answers");
        assert!(read > 0, "it has closed the connection");
        filled += read;
        if let Some(end) = memmem::find(&buffer[..filled], b"\r\n\r\n") {
            let head = std::str::from_utf8(&buffer[..end]).expect("a head is ASCII");
            let length = head
                .split("content-length: ")
                .nth(1)
                .and_then(|rest| rest.split("\r\n").next());
            let length: usize = length.map_or(0, |length| length.parse().expect("a number"));
            break (
                head.starts_with("HTTP/1.1 200") || head.starts_with("HTTP/1.1 304"),
                end + 4 + length,
            );
        }
    };
    assert!(status_ok, "{}", String::from_utf8_lossy(&buffer[..filled]));
    while filled < whole {
        let read = stream.read(buffer).await.expect("it answers");
        assert!(read > 0, "it has closed the connection");
        filled += read;
    }
    whole as u64
}

/// A probe as an event told of it.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    pub mmsi: u32,
    /// Of a position: where it was.
    pub lon: Option<f64>,
    pub at: Instant,
}

/// Listens to a topic and notes when it is told of probes: of alerts their raising, of vessels where each is.
pub async fn listen(port: u16, topic: &'static str, until: Instant) -> Vec<Told> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("it listens");
    let path = format!("/api/v1/events?topics={topic}");
    stream
        .write_all(request(port, &path, "").as_bytes())
        .await
        .expect("it reads");
    let (mut told, mut kept, mut buffer) = (Vec::new(), Vec::new(), vec![0; 1 << 20]);
    // What marks a probe's event, and how many bytes from there hold what is looked for.
    let (mark, enough): (&[u8], usize) = match topic {
        "alerts" => (b"\"transition\":\"raised\"", 300),
        _ => (b"{\"mmsi\":416", 450),
    };
    while let Ok(Ok(read)) = tokio::time::timeout_at(until.into(), stream.read(&mut buffer)).await {
        let at = Instant::now();
        kept.extend_from_slice(&buffer[..read]);
        let mut done = 0;
        for found in memmem::find_iter(&kept, mark) {
            // What is not wholly there yet is looked at again with the next bytes.
            let Some(piece) = kept.get(found..found + enough) else {
                break;
            };
            done = found + mark.len();
            let number = |name: &[u8]| {
                let from = memmem::find(piece, name)? + name.len();
                let text = std::str::from_utf8(&piece[from..]).unwrap_or_else(|error| {
                    std::str::from_utf8(&piece[from..from + error.valid_up_to()]).expect("it is valid up to there")
                });
                text.split(|c: char| !c.is_ascii_digit() && c != '.')
                    .next()?
                    .parse::<f64>()
                    .ok()
            };
            let mmsi = number(b"\"mmsi\":").map_or(0, |mmsi| mmsi as u32);
            if mmsi >= PROBES {
                let lon = number(b"\"position\":[");
                told.push(Told { mmsi, lon, at });
            }
        }
        kept.drain(..kept.len().saturating_sub(enough + mark.len()).max(done));
    }
    told
}

/// Many that listen and only count what comes.
pub struct Crowd {
    pub bytes: Arc<AtomicU64>,
    listeners: JoinSet<()>,
}

impl Crowd {
    /// So many listeners, all of them told that the service has begun.
    pub async fn gather(port: u16, listeners: usize, headers: &str) -> Self {
        let bytes: Arc<AtomicU64> = Arc::default();
        let mut all = JoinSet::new();
        for _ in 0..listeners {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("it listens");
            let request = request(port, "/api/v1/events", headers);
            stream.write_all(request.as_bytes()).await.expect("it reads");
            let mut head = [0; 512];
            let read = stream.read(&mut head).await.expect("it answers");
            assert!(
                head[..read].starts_with(b"HTTP/1.1 200"),
                "{}",
                String::from_utf8_lossy(&head[..read])
            );
            let bytes = Arc::clone(&bytes);
            all.spawn(async move {
                let mut buffer = vec![0; 1 << 16];
                while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                    bytes.fetch_add(read as u64, Ordering::Relaxed);
                }
            });
        }
        Self { bytes, listeners: all }
    }

    /// How many still listen.
    pub fn len(&mut self) -> usize {
        while self.listeners.try_join_next().is_some() {}
        self.listeners.len()
    }
}
