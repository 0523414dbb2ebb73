//! `tcp`: connects to a receiver or a multiplexer, and again whenever the connection ends.

use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::backoff::Backoff;
use super::keepalive::ask_when_silent;
use super::{End, Feed, Gone, What};
use crate::clock;
use crate::report::StreamId;
use crate::time::Span;

const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// A connection that lasted so long was a good one; the next try comes soon. One that is closed at once is not, and its
/// peer is asked less and less often.
const GOOD: Span = Span::s(10);

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
                let end = feed.read_stream(StreamId::default(), stream).await;
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
