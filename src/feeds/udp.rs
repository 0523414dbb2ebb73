//! `udp`: datagrams of plain lines. A datagram ends its last line.

use std::net::SocketAddr;
use std::time::Duration;

use socket2::SockRef;
use tokio::net::UdpSocket;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::sleep;

use super::backoff::Backoff;
use super::{Arrival, Feed, Gone, Lines, What};
use crate::clock;
use crate::nmea::Framer;

/// Largest datagram there is.
const LARGEST: usize = 1 << 16;
/// Bytes asked of the system to hold datagrams while the feed is not reading; it may give less.
const HELD: usize = 1 << 22;
/// Longest wait between two tries to open the port.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

pub(super) async fn run(feed: &Feed, listen: SocketAddr) -> Result<(), Gone> {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    loop {
        let error = match UdpSocket::bind(listen).await {
            Err(error) => format!("{listen}: {error}"),
            Ok(socket) => {
                // Without it the system's own bound stands, and more may be lost unseen.
                let _ = SockRef::from(&socket).set_recv_buffer_size(HELD);
                feed.tell(What::Connected).await?;
                backoff.reset();
                receive(feed, &socket).await?.to_string()
            }
        };
        feed.tell(What::Disconnected { error }).await?;
        sleep(backoff.wait()).await;
    }
}

async fn receive(feed: &Feed, socket: &UdpSocket) -> Result<std::io::Error, Gone> {
    let mut datagram = vec![0; LARGEST];
    let mut dropped = 0;
    loop {
        tokio::select! {
            received = socket.recv(&mut datagram) => match received {
                Ok(count) => dropped += offer(feed, &datagram[..count])?,
                Err(error) => return Ok(error),
            },
            room = feed.arrivals.reserve(), if dropped > 0 => {
                let what = What::Dropped(std::mem::take(&mut dropped));
                room.map_err(|_| Gone)?.send(Arrival { feed: feed.id, what });
            }
        }
    }
}

/// Gives the engine a datagram's lines if it has room for them; how many were lost.
fn offer(feed: &Feed, datagram: &[u8]) -> Result<u64, Gone> {
    let mut lines = Lines::default();
    let mut framer = Framer::default();
    framer.push(datagram, |framed| lines.push(framed));
    framer.finish(|framed| lines.push(framed));
    if lines.is_empty() {
        return Ok(0);
    }
    let count = lines.len() as u64;
    let what = What::Lines {
        received: clock::now(),
        lines,
    };
    match feed.arrivals.try_send(Arrival { feed: feed.id, what }) {
        Ok(()) => Ok(0),
        Err(TrySendError::Full(_)) => Ok(count),
        Err(TrySendError::Closed(_)) => Err(Gone),
    }
}
