//! `tcp_listen`: receivers and multiplexers that connect to us and push their lines, each a stream of its own.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::backoff::Backoff;
use super::{End, Feed, Gone, What, peer};
use crate::report::StreamId;

/// Longest wait between two tries to open the port.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The wait after a peer could not be taken, as when no more files may be open.
const BREATHER: Duration = Duration::from_millis(200);

pub(super) async fn run(feed: &Feed, listen: SocketAddr, max_peers: usize) -> Result<(), Gone> {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    loop {
        match TcpListener::bind(listen).await {
            Err(error) => {
                let error = format!("{listen}: {error}");
                feed.tell(What::Disconnected { error }).await?;
            }
            Ok(listener) => {
                feed.tell(What::Connected).await?;
                return take_peers(feed, &listener, max_peers).await;
            }
        }
        sleep(backoff.wait()).await;
    }
}

/// Lets peers in, as many as there is room for; one more is refused, and people are told.
async fn take_peers(feed: &Feed, listener: &TcpListener, max_peers: usize) -> Result<(), Gone> {
    let mut peers = FuturesUnordered::new();
    let mut count = 0_u16;
    loop {
        tokio::select! {
            peer = listener.accept() => match peer {
                Ok((stream, from)) if peers.len() < max_peers => {
                    count = count.wrapping_add(1);
                    peers.push(listen_to(feed, StreamId(count), stream, from));
                }
                Ok((_, from)) => {
                    let error = format!("{from} was refused: {max_peers} peers are connected, which is max_peers");
                    feed.tell(What::Trouble { error }).await?;
                }
                Err(error) => {
                    feed.tell(What::Trouble { error: format!("a peer could not be taken: {error}") }).await?;
                    sleep(BREATHER).await;
                }
            },
            Some(ended) = peers.next() => {
                if let End::Gone = ended {
                    return Err(Gone);
                }
            }
        }
    }
}

async fn listen_to(feed: &Feed, number: StreamId, stream: TcpStream, from: SocketAddr) -> End {
    peer::prepare(&stream, feed.settings.silent_after);
    tracing::info!(feed = &*feed.settings.name, %from, "peer connected");
    let end = feed.read_stream(number, stream, None).await;
    match &end {
        End::Failed(error) => tracing::warn!(feed = &*feed.settings.name, %from, %error, "peer lost"),
        End::Closed | End::Gone => tracing::info!(feed = &*feed.settings.name, %from, "peer gone"),
    }
    end
}
