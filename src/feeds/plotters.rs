//! `nmea_tcp` and `nmea_udp`: the merged feed, given to chart plotters. None of them can hold up anybody else: who does not
//! keep up is let go.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::broadcast::{Receiver, Sender, error::RecvError};
use tokio::time::{sleep, timeout};

use super::peer;
use super::udp::SENTENCES;
use crate::metrics::Metrics;
use crate::time::Span;

/// Plotters connected at once; one more is refused and counted.
const MAX_CLIENTS: usize = 64;
/// How long a plotter may leave what we write unread; then it is let go.
const UNREAD: Duration = Duration::from_secs(5);
/// A plotter need not say anything; one that is silent for so long is long known to be there, or gone.
const SILENT_AFTER: Span = Span::s(120);
/// The wait after a plotter could not be taken, as when no more files may be open.
const BREATHER: Duration = Duration::from_millis(200);
/// Largest datagram sent: it fits an Ethernet frame, and is what IEC 61162-450 allows.
const LARGEST: usize = 1472;
/// The groups of IEC 61162-450 are 239.192.0.1 to this.
const LAST_GROUP: u8 = 64;

/// Where plotters find the merged feed; the ports are taken.
#[derive(Debug)]
pub struct Plotters {
    tcp: Option<TcpListener>,
    udp: Option<(UdpSocket, SocketAddr)>,
}

impl Plotters {
    /// Takes the ports.
    pub async fn bind(tcp: Option<SocketAddr>, udp: Option<SocketAddr>) -> io::Result<Self> {
        let tcp = match tcp {
            Some(listen) => Some(TcpListener::bind(listen).await?),
            None => None,
        };
        let udp = match udp {
            Some(to) => Some((sender_to(to).await?, to)),
            None => None,
        };
        Ok(Self { tcp, udp })
    }

    /// Whether there are any.
    pub fn is_none(&self) -> bool {
        self.tcp.is_none() && self.udp.is_none()
    }

    /// Gives them what is sent here, as long as anything is.
    pub async fn run(self, blocks: Sender<Arc<[u8]>>, metrics: Arc<Metrics>) {
        let multicast = self.udp.map(|(socket, to)| (blocks.subscribe(), socket, to));
        let by_udp = async {
            if let Some((blocks, socket, to)) = multicast {
                send(&socket, to, blocks, &metrics).await;
            }
        };
        let by_tcp = async {
            if let Some(listener) = self.tcp {
                take_clients(&listener, blocks, &metrics).await;
            }
        };
        tokio::join!(by_udp, by_tcp);
    }
}

async fn sender_to(to: SocketAddr) -> io::Result<UdpSocket> {
    let any = match to.ip() {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.set_broadcast(true)?;
    Ok(socket)
}

/// Lets plotters in, as many as there is room for.
async fn take_clients(listener: &TcpListener, blocks: Sender<Arc<[u8]>>, metrics: &Metrics) {
    let mut clients = FuturesUnordered::new();
    loop {
        tokio::select! {
            client = listener.accept() => match client {
                Ok((stream, from)) if clients.len() < MAX_CLIENTS => {
                    clients.push(give(stream, from, blocks.subscribe(), metrics));
                    metrics.plotters.set(clients.len() as i64);
                }
                Ok((_, from)) => {
                    tracing::warn!(%from, "plotter refused: {MAX_CLIENTS} are connected");
                    metrics.plotters_let_go.inc();
                }
                Err(error) => {
                    tracing::warn!(%error, "a plotter could not be taken");
                    sleep(BREATHER).await;
                }
            },
            Some(()) = clients.next() => metrics.plotters.set(clients.len() as i64),
        }
    }
}

/// Gives one plotter the feed until it goes, or falls behind.
async fn give(mut stream: TcpStream, from: SocketAddr, mut blocks: Receiver<Arc<[u8]>>, metrics: &Metrics) {
    peer::prepare(&stream, SILENT_AFTER);
    tracing::info!(%from, "plotter connected");
    let (mut said, mut hears) = stream.split();
    let mut ignored = [0; 512];
    let mut listens_only = false;
    loop {
        tokio::select! {
            block = blocks.recv() => match block {
                Ok(block) => match timeout(UNREAD, hears.write_all(&block)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => {
                        tracing::info!(%from, %error, "plotter gone");
                        return;
                    }
                    Err(_) => break,
                },
                Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return,
            },
            // Whatever it says is not for us; one that has no more to say may listen on.
            read = said.read(&mut ignored), if !listens_only => match read {
                Ok(0) => listens_only = true,
                Ok(_) => {}
                Err(error) => {
                    tracing::info!(%from, %error, "plotter gone");
                    return;
                }
            }
        }
    }
    tracing::warn!(%from, "plotter let go: it does not keep up");
    metrics.plotters_let_go.inc();
}

/// Sends the feed in datagrams of whole lines.
async fn send(socket: &UdpSocket, to: SocketAddr, mut blocks: Receiver<Arc<[u8]>>, metrics: &Metrics) {
    let header = if is_group_of_450(to.ip()) { SENTENCES } else { b"" };
    let mut datagram = Vec::with_capacity(LARGEST);
    let mut was_lost = false;
    loop {
        let block = match blocks.recv().await {
            Ok(block) => block,
            Err(RecvError::Lagged(missed)) => {
                metrics.datagrams_lost.inc_by(missed);
                continue;
            }
            Err(RecvError::Closed) => return,
        };
        for lines in datagrams(&block, LARGEST - header.len()) {
            datagram.clear();
            datagram.extend_from_slice(header);
            datagram.extend_from_slice(lines);
            let sent = socket.send_to(&datagram, to).await;
            if let Err(error) = &sent {
                metrics.datagrams_lost.inc();
                if !was_lost {
                    tracing::warn!(%to, %error, "the merged feed cannot be sent");
                }
            }
            was_lost = sent.is_err();
        }
    }
}

/// Groups 239.192.0.1 to 64: what is sent to them has the header of IEC 61162-450.
fn is_group_of_450(to: IpAddr) -> bool {
    matches!(to, IpAddr::V4(group) if matches!(group.octets(), [239, 192, 0, 1..=LAST_GROUP]))
}

/// Whole lines of a block, as many as fit in a datagram; a line that is longer makes one of its own.
fn datagrams(block: &[u8], most: usize) -> impl Iterator<Item = &[u8]> {
    let mut rest = block;
    std::iter::from_fn(move || {
        let fits = memchr::memrchr(b'\n', &rest[..rest.len().min(most)]);
        let end = fits.or_else(|| memchr::memchr(b'\n', rest))? + 1;
        let (lines, behind) = rest.split_at(end);
        rest = behind;
        Some(lines)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datagrams_hold_whole_lines() {
        let told = |block: &'static [u8]| datagrams(block, 6).collect::<Vec<_>>();
        assert_eq!(
            told(b"a\nbb\nccc\nlongerthan\nd\n"),
            [&b"a\nbb\n"[..], b"ccc\n", b"longerthan\n", b"d\n"]
        );
        assert_eq!(told(b""), Vec::<&[u8]>::new());
    }

    #[test]
    fn groups_of_the_standard_are_known() {
        for (address, is_one) in [
            ("239.192.0.4", true),
            ("239.192.0.65", false),
            ("127.0.0.1", false),
            ("::1", false),
        ] {
            assert_eq!(is_group_of_450(address.parse().unwrap()), is_one, "{address}");
        }
    }
}
