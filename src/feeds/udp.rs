//! `udp`: datagrams of plain lines. A datagram ends its last line.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::sleep;

use super::backoff::Backoff;
use super::{Arrival, Feed, Gone, Lines, What};
use crate::clock;
use crate::nmea::Framer;

/// Largest datagram there is.
const LARGEST: usize = 1 << 16;
/// Longest wait between two tries to open the port.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

pub(super) async fn run(feed: &Feed, listen: SocketAddr) -> Result<(), Gone> {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    loop {
        let error = match UdpSocket::bind(listen).await {
            Err(error) => format!("{listen}: {error}"),
            Ok(socket) => {
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
        let count = match socket.recv(&mut datagram).await {
            Ok(count) => count,
            Err(error) => return Ok(error),
        };
        let mut lines = Lines::default();
        let mut framer = Framer::default();
        framer.push(&datagram[..count], |framed| lines.push(framed));
        framer.finish(|framed| lines.push(framed));
        let lost = lines.len() as u64;
        dropped += offer(
            feed,
            What::Lines {
                received: clock::now(),
                lines,
            },
            lost,
        )?;
        if dropped > 0 && offer(feed, What::Dropped(dropped), 1)? == 0 {
            dropped = 0;
        }
    }
}

/// Gives the engine what it has room for; how much was lost.
fn offer(feed: &Feed, what: What, lost: u64) -> Result<u64, Gone> {
    match feed.arrivals.try_send(Arrival { feed: feed.id, what }) {
        Ok(()) => Ok(0),
        Err(TrySendError::Full(_)) => Ok(lost),
        Err(TrySendError::Closed(_)) => Err(Gone),
    }
}
