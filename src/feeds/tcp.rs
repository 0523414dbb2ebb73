//! `tcp`: connects to a receiver or a multiplexer, and again whenever the connection ends.

use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::backoff::Backoff;
use super::{End, Feed, Gone, What, peer};
use crate::clock;
use crate::report::StreamId;
use crate::time::Span;

const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// A connection that lasted so long was a good one; the next try comes soon. One that is closed at once is not, and its
/// peer is asked less and less often.
const GOOD: Span = Span::s(10);
/// A connection that brings nothing for so many times as long as makes a feed silent is given up: whoever stands between
/// may hold it open though the receiver is gone.
const SILENCES: u32 = 2;

pub(super) async fn run(feed: &Feed, address: &str) -> Result<(), Gone> {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    let patience = Duration::from_secs_f64(feed.settings.silent_after.as_s()) * SILENCES;
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
                peer::prepare(&stream, feed.settings.silent_after);
                feed.tell(What::Connected).await?;
                let since = clock::now();
                let end = feed.read_stream(StreamId::default(), stream, Some(patience)).await;
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
