//! Feeds against the faults of real inputs: unplugged lines, reset connections, datagrams nobody takes, odd files.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

#[path = "pty/mod.rs"]
mod pty;

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use harborwatch::feeds::{Arrival, Feed, FeedSettings, Input, Pace, UdpFormat, What};
use harborwatch::report::{FeedId, StreamId};
use harborwatch::time::{Span, Timestamp};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::{mpsc, watch};

use pty::Receiver;

const LINE: &str = "!AIVDM,1,1,,A,168rOKiP018N5G0=u<400?v00000,0*5A";
/// Longer than any back-off: a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A feed at work, and the end at which its arrivals come out.
struct Work {
    arrivals: mpsc::Receiver<Arrival>,
    shutdown: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl Work {
    fn begin(input: Input, room: usize) -> Self {
        Self::under(FeedSettings::new("test", input), room)
    }

    fn under(settings: FeedSettings, room: usize) -> Self {
        let (sender, arrivals) = mpsc::channel(room);
        let (shutdown, ending) = watch::channel(false);
        let feed = Feed {
            id: FeedId(3),
            settings: Arc::new(settings),
            started: Timestamp(0),
            arrivals: sender,
            shutdown: ending,
        };
        let task = tokio::spawn(feed.run());
        Self {
            arrivals,
            shutdown,
            task,
        }
    }

    async fn next(&mut self) -> What {
        let arrival = tokio::time::timeout(PATIENCE, self.arrivals.recv()).await;
        let arrival = arrival.expect("nothing arrived").expect("the feed has ended");
        assert_eq!(arrival.feed, FeedId(3));
        arrival.what
    }

    /// The next `count` lines; `-` for one that was too long.
    async fn lines(&mut self, count: usize) -> Vec<String> {
        let mut told = Vec::new();
        while told.len() < count {
            let What::Lines { lines, .. } = self.next().await else {
                panic!("no lines");
            };
            let text = |line: Option<&[u8]>| line.map_or("-".into(), |line| String::from_utf8_lossy(line).into_owned());
            told.extend(lines.iter().map(text));
        }
        told
    }

    /// The next line, and the stream it came in.
    async fn line_of_stream(&mut self) -> (StreamId, String) {
        match self.next().await {
            What::Lines { stream, lines, .. } if lines.len() == 1 => {
                let line = lines.iter().next().flatten().unwrap();
                (stream, String::from_utf8_lossy(line).into_owned())
            }
            what => panic!("{what:?}"),
        }
    }

    async fn connected(&mut self) {
        let what = self.next().await;
        assert!(matches!(what, What::Connected), "{what:?}");
    }

    /// What is told once the input is gone; lines and further failures before it does not matter.
    async fn disconnected(&mut self) -> String {
        match self.next().await {
            What::Disconnected { error } => error,
            what => panic!("{what:?}"),
        }
    }

    /// Waits through failed tries until the input is there.
    async fn reconnected(&mut self) {
        loop {
            match self.next().await {
                What::Connected => return,
                What::Disconnected { .. } => {}
                what => panic!("{what:?}"),
            }
        }
    }

    async fn stop(self) {
        self.shutdown.send_replace(true);
        tokio::time::timeout(PATIENCE, self.task)
            .await
            .expect("it stops")
            .unwrap();
    }
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("harborwatch-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn tcp_peer() -> (TcpListener, Input) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, Input::Tcp { address })
}

/// Closes a connection the hard way.
fn reset(stream: TcpStream) {
    socket2::SockRef::from(&stream)
        .set_linger(Some(Duration::ZERO))
        .unwrap();
}

#[tokio::test]
async fn a_tcp_peer_may_reset_close_and_come_back() {
    let (listener, input) = tcp_peer().await;
    let mut work = Work::begin(input, 16);
    let (mut peer, _) = listener.accept().await.unwrap();
    work.connected().await;
    peer.write_all(format!("{LINE}\r\n").as_bytes()).await.unwrap();
    assert_eq!(work.lines(1).await, [LINE]);
    reset(peer);
    work.disconnected().await;
    let (mut peer, _) = listener.accept().await.unwrap();
    work.connected().await;
    peer.write_all(format!("{LINE}\n{LINE}").as_bytes()).await.unwrap();
    assert_eq!(work.lines(1).await, [LINE]);
    drop(peer);
    assert_eq!(work.lines(1).await, [LINE], "a last line without an end counts");
    assert_eq!(work.disconnected().await, "the other side closed the connection");
    work.stop().await;
}

/// Passes on what a receiver says, and holds the line when the receiver has gone.
async fn silent_proxy(receiver: TcpStream, mut feed: TcpStream) -> TcpStream {
    let (mut said, _) = receiver.into_split();
    tokio::io::copy(&mut said, &mut feed).await.unwrap();
    feed
}

#[tokio::test]
async fn a_proxy_that_holds_the_line_of_a_receiver_that_is_gone_is_left() {
    let (behind, _) = tcp_peer().await;
    let (listener, input) = tcp_peer().await;
    let settings = FeedSettings {
        silent_after: Span(100),
        ..FeedSettings::new("test", input)
    };
    let mut work = Work::under(settings, 16);
    for _ in 0..2 {
        let (feed, _) = listener.accept().await.unwrap();
        let mut receiver = TcpStream::connect(behind.local_addr().unwrap()).await.unwrap();
        let proxy = tokio::spawn(silent_proxy(behind.accept().await.unwrap().0, feed));
        work.connected().await;
        receiver.write_all(format!("{LINE}\r\n").as_bytes()).await.unwrap();
        assert_eq!(work.lines(1).await, [LINE]);
        drop(receiver);
        assert_eq!(work.disconnected().await, "nothing came for 0.2 s");
        drop(proxy.await.unwrap());
    }
    work.stop().await;
}

#[tokio::test]
async fn a_peer_may_dribble_and_ramble() {
    let (listener, input) = tcp_peer().await;
    let mut work = Work::begin(input, 16);
    let (mut peer, _) = listener.accept().await.unwrap();
    peer.set_nodelay(true).unwrap();
    work.connected().await;
    for byte in format!("{LINE}\r\n").bytes() {
        peer.write_all(&[byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(work.lines(1).await, [LINE]);
    peer.write_all(&vec![b'x'; 1 << 20]).await.unwrap();
    peer.write_all(format!("\n\0\0\n\n{LINE}\n").as_bytes()).await.unwrap();
    assert_eq!(work.lines(3).await, ["-", "\0\0", LINE]);
    work.stop().await;
}

#[tokio::test]
async fn a_tcp_feed_waits_while_nobody_takes_its_lines() {
    let (listener, input) = tcp_peer().await;
    let mut work = Work::begin(input, 1);
    let (mut peer, _) = listener.accept().await.unwrap();
    work.connected().await;
    let count = 400_000;
    let sending = tokio::spawn(async move {
        let text = format!("{LINE}\n").repeat(1000);
        for _ in 0..count / 1000 {
            peer.write_all(text.as_bytes()).await.unwrap();
        }
        peer
    });
    // The queue is full and stays so; what a socket holds is far less than what is sent.
    tokio::task::yield_now().await;
    assert!(!sending.is_finished());
    assert_eq!(work.lines(count).await.len(), count);
    drop(sending.await.unwrap());
    work.disconnected().await;
    work.stop().await;
}

#[tokio::test]
async fn many_may_push_each_its_own_stream_and_one_too_many_is_refused() {
    let listen = free_port().await;
    let mut work = Work::begin(Input::TcpListen { listen, max_peers: 2 }, 16);
    work.connected().await;
    let mut first = TcpStream::connect(listen).await.unwrap();
    first.write_all(b"!AIVDM,1,1,,A,16").await.unwrap();
    let mut second = TcpStream::connect(listen).await.unwrap();
    second.write_all(format!("{LINE}\n").as_bytes()).await.unwrap();
    assert_eq!(work.line_of_stream().await, (StreamId(2), LINE.to_owned()));
    first.write_all(format!("{}\n", &LINE[16..]).as_bytes()).await.unwrap();
    assert_eq!(work.line_of_stream().await, (StreamId(1), LINE.to_owned()));
    let refused = TcpStream::connect(listen).await.unwrap();
    match work.next().await {
        What::Trouble { error } => assert!(error.contains("2 peers") && error.contains("max_peers"), "{error}"),
        what => panic!("{what:?}"),
    }
    drop(refused);
    reset(first);
    // The place is free once the reset has been noticed; until then a peer is refused.
    loop {
        let mut third = TcpStream::connect(listen).await.unwrap();
        let sent = third.write_all(format!("{LINE}\n").as_bytes()).await;
        match work.next().await {
            What::Trouble { .. } => drop(sent),
            What::Lines { stream, lines, .. } => {
                assert!(stream > StreamId(2) && lines.len() == 1);
                break;
            }
            what => panic!("{what:?}"),
        }
    }
    work.stop().await;
}

#[tokio::test]
async fn a_serial_line_may_be_unplugged_and_plugged_in_again() {
    let folder = Folder::new("serial");
    let link = folder.path("ttyAIS");
    let mut work = Work::begin(
        Input::Serial {
            path: link.clone(),
            baud: 38_400,
        },
        16,
    );
    assert!(work.disconnected().await.contains("ttyAIS"), "it says what is missing");
    for _ in 0..3 {
        let receiver = Receiver::plug_in(&link);
        work.reconnected().await;
        receiver.say(&format!("{LINE}\r\n{LINE}\r\n!AIVDM,1,1,,A,16"));
        assert_eq!(work.lines(2).await, [LINE, LINE]);
        drop(receiver);
        assert_eq!(work.lines(1).await, ["!AIVDM,1,1,,A,16"]);
        assert!(work.disconnected().await.ends_with("was unplugged"));
    }
    work.stop().await;
}

async fn free_port() -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.local_addr().unwrap()
}

#[tokio::test]
async fn udp_drops_what_nobody_takes_and_counts_it() {
    let listen = free_port().await;
    let input = Input::Udp {
        listen,
        multicast: None,
        format: UdpFormat::Plain,
    };
    let mut work = Work::begin(input, 2);
    work.connected().await;
    let sender = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    sender
        .send_to(format!("{LINE}\r\n{LINE}").as_bytes(), listen)
        .await
        .unwrap();
    assert_eq!(work.lines(2).await, [LINE, LINE]);
    sender.send_to(b"", listen).await.unwrap();
    // More than may wait.
    let sent = 20_000;
    for _ in 0..sent {
        sender.send_to(LINE.as_bytes(), listen).await.unwrap();
        tokio::task::yield_now().await;
    }
    let (mut taken, mut dropped) = (0, 0);
    while taken + dropped < sent {
        match work.next().await {
            What::Lines { lines, .. } => taken += lines.len() as u64,
            What::Dropped { lines, datagrams } => dropped += lines + datagrams,
            what => panic!("{what:?}"),
        }
    }
    assert_eq!(taken + dropped, sent);
    assert!(dropped > 0);
    work.stop().await;
}

#[tokio::test]
async fn datagrams_of_iec_61162_450_carry_lines_behind_their_header() {
    let listen = free_port().await;
    let input = Input::Udp {
        listen,
        multicast: None,
        format: UdpFormat::Iec450,
    };
    let mut work = Work::begin(input, 16);
    work.connected().await;
    let sender = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let tagged = format!("\\s:AI0001,n:17*5E\\{LINE}");
    for (datagram, wanted) in [
        (format!("UdPbC\0{tagged}\r\n{tagged}\r\n"), &[&*tagged, &*tagged][..]),
        (format!("UdPbC\0{tagged}"), &[&*tagged]),
        (
            format!("RaUdP\0{}", "\u{1}".repeat(100)),
            &[
                "RaUdP\0\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}",
            ],
        ),
        (format!("{LINE}\r\n"), &[&LINE[..32]]),
    ] {
        sender.send_to(datagram.as_bytes(), listen).await.unwrap();
        assert_eq!(work.lines(wanted.len()).await, wanted);
    }
    sender.send_to(b"UdPbC\0", listen).await.unwrap();
    sender
        .send_to(format!("UdPbC\0{tagged}").as_bytes(), listen)
        .await
        .unwrap();
    assert_eq!(work.lines(1).await, [tagged], "an empty one is none");
    work.stop().await;
}

#[tokio::test]
async fn a_followed_file_is_read_on_through_truncation_and_rotation() {
    let folder = Folder::new("follow");
    let path = folder.path("ais.log");
    let follow = Input::File {
        path: path.clone(),
        follow: true,
        pace: Pace::Fast,
    };
    let mut work = Work::begin(follow, 16);
    assert!(work.disconnected().await.contains("ais.log"));
    let mut log = std::fs::File::create(&path).unwrap();
    work.reconnected().await;
    log.write_all(b"one\ntwo\r\nthr").unwrap();
    assert_eq!(work.lines(2).await, ["one", "two"]);
    log.write_all(b"ee\n").unwrap();
    assert_eq!(work.lines(1).await, ["three"]);

    let rotated = folder.path("ais.log.1");
    std::fs::rename(&path, &rotated).unwrap();
    log.write_all(b"four\nlast").unwrap();
    assert_eq!(work.lines(1).await, ["four"], "its writer does not know yet");
    let mut log = std::fs::File::create(&path).unwrap();
    log.write_all(b"five\n").unwrap();
    assert_eq!(work.lines(2).await, ["last", "five"]);

    log.set_len(0).unwrap();
    std::io::Seek::rewind(&mut log).unwrap();
    log.write_all(b"6\n").unwrap();
    assert_eq!(work.lines(1).await, ["6"], "begun anew in place");
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, "seven\n").unwrap();
    assert_eq!(work.lines(1).await, ["seven"]);
    work.stop().await;
}

fn file(path: &Path, pace: Pace) -> Input {
    Input::File {
        path: path.to_owned(),
        follow: false,
        pace,
    }
}

#[tokio::test]
async fn files_are_read_to_their_end_packed_or_not() {
    let folder = Folder::new("files");
    let text = format!("{LINE}\r\n\n{LINE}\n!last");
    let wanted = [LINE, LINE, "!last"];
    std::fs::write(folder.path("a.nmea"), &text).unwrap();
    std::fs::write(folder.path("a.nmea.zst"), zstd::encode_all(text.as_bytes(), 1).unwrap()).unwrap();
    let packed = std::fs::File::create(folder.path("a.nmea.gz")).unwrap();
    let mut packing = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
    packing.write_all(text.as_bytes()).unwrap();
    packing.finish().unwrap();
    for name in ["a.nmea", "a.nmea.zst", "a.nmea.gz"] {
        for pace in [Pace::Fast, Pace::Real] {
            let mut work = Work::begin(file(&folder.path(name), pace), 1);
            work.connected().await;
            assert_eq!(work.lines(3).await, wanted, "{name}");
            let what = work.next().await;
            assert!(matches!(what, What::Ended), "{what:?}");
        }
    }
}

#[tokio::test]
async fn a_file_may_come_late_and_a_broken_one_is_no_loop() {
    let folder = Folder::new("late");
    let path = folder.path("late.nmea");
    let mut work = Work::begin(file(&path, Pace::Fast), 4);
    assert!(work.disconnected().await.contains("late.nmea"));
    std::fs::write(folder.path("new"), format!("{LINE}\n")).unwrap();
    std::fs::rename(folder.path("new"), &path).unwrap();
    work.reconnected().await;
    assert_eq!(work.lines(1).await, [LINE]);

    std::fs::write(folder.path("broken.gz"), b"this is not packed").unwrap();
    let mut work = Work::begin(file(&folder.path("broken.gz"), Pace::Fast), 4);
    work.connected().await;
    assert!(work.disconnected().await.contains("broken.gz"));
    assert!(work.arrivals.recv().await.is_none(), "it is not tried again");
}
