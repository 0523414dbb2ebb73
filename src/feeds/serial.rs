//! `serial`: a receiver on a serial line, which may be unplugged and plugged in again.

use std::path::Path;
use std::time::Duration;

use tokio::time::sleep;
use tokio_serial::SerialPortBuilderExt;

use super::backoff::Backoff;
use super::{End, Feed, Gone, What};
use crate::report::StreamId;

/// Longest wait between two tries: a receiver plugged in again is heard soon.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

pub(super) async fn run(feed: &Feed, path: &Path, baud: u32) -> Result<(), Gone> {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    loop {
        let what = match tokio_serial::new(path.to_string_lossy(), baud).open_native_async() {
            Err(error) => What::Disconnected {
                error: format!("{}: {error}", path.display()),
            },
            Ok(line) => {
                feed.tell(What::Connected).await?;
                backoff.reset();
                // A line that was unplugged reads as ended, for ever: it is opened again.
                match feed.read_stream(StreamId::default(), line, None).await {
                    End::Gone => return Err(Gone),
                    End::Closed => What::Disconnected {
                        error: format!("{} was unplugged", path.display()),
                    },
                    end => end.what(),
                }
            }
        };
        feed.tell(what).await?;
        sleep(backoff.wait()).await;
    }
}
