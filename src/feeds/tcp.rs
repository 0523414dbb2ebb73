//! `tcp`: connects to a receiver or a multiplexer, and again whenever the connection ends.

use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::backoff::Backoff;
use super::{End, Feed, Gone, What};
use crate::clock;
use crate::time::Span;

const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// A connection that lasted so long was a good one; the next try comes soon. One that is closed at once is not, and its
/// peer is asked less and less often.
const GOOD: Span = Span::s(10);
/// A peer that says nothing for so long is asked whether it is still there, and every so often after that.
const ASK_AFTER: Duration = Duration::from_secs(30);
const ASK_EVERY: Duration = Duration::from_secs(10);

pub(super) async fn run(feed: &Feed, address: &str) -> Result<(), Gone> {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    loop {
        let connected = timeout(CONNECT_WITHIN, TcpStream::connect(address)).await;
        let what = match connected {
            Err(_) => What::Disconnected {
                error: format!("{address} does not answer"),
            },
            Ok(Err(error)) => What::Disconnected {
                error: format!("{address}: {error}"),
            },
            Ok(Ok(stream)) => {
                ask_when_silent(&stream);
                feed.tell(What::Connected).await?;
                let since = clock::now();
                let end = feed.read_stream(stream).await;
                if clock::now().since(since) >= GOOD {
                    backoff.reset();
                }
                match end {
                    End::Gone => return Err(Gone),
                    end => end.what(),
                }
            }
        };
        feed.tell(what).await?;
        sleep(backoff.wait()).await;
    }
}

/// Has the system find out that a silent peer is gone.
fn ask_when_silent(stream: &TcpStream) {
    let keepalive = TcpKeepalive::new().with_time(ASK_AFTER).with_interval(ASK_EVERY);
    if let Err(error) = SockRef::from(stream).set_tcp_keepalive(&keepalive) {
        tracing::warn!(%error, "a peer that is gone without a word will not be noticed");
    }
}
