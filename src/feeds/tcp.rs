//! `tcp`: connects to a receiver or a multiplexer, and again whenever the connection ends.

use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::backoff::Backoff;
use super::{End, Feed, Gone, What};

const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

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
                feed.tell(What::Connected).await?;
                backoff.reset();
                match feed.read_stream(stream).await {
                    End::Gone => return Err(Gone),
                    end => end.what(true),
                }
            }
        };
        feed.tell(what).await?;
        sleep(backoff.wait()).await;
    }
}
