//! `file` with `follow`: a file that another program goes on writing, through truncation and rotation.

use std::io::SeekFrom;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::time::sleep;

use super::backoff::Backoff;
use super::{BLOCK, Feed, Gone, Lines, What};
use crate::clock;
use crate::nmea::Framer;
use crate::report::StreamId;

/// How often the end of the file is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Longest wait between two tries to open a file that is not there.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// What stands at the file's name when there is no more to read.
enum Rest {
    /// The same file: more may come.
    Same,
    /// The same file, shorter than what was read of it: it was begun anew.
    Shorter,
    /// Another file: this one was rotated away.
    Other,
}

/// Reads the file from its beginning and what is added to it for ever after.
pub(super) async fn run(feed: &Feed, path: &Path) -> Result<(), Gone> {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    let mut connected = false;
    loop {
        let failed = match File::open(path).await {
            Err(error) => Some(error),
            Ok(file) => {
                if !connected {
                    feed.tell(What::Connected).await?;
                    connected = true;
                }
                backoff.reset();
                read(feed, path, file).await?.err()
            }
        };
        if let Some(error) = failed {
            connected = false;
            let error = format!("{}: {error}", path.display());
            feed.tell(What::Disconnected { error }).await?;
            sleep(backoff.wait()).await;
        }
    }
}

/// Reads until another file stands at the path.
async fn read(feed: &Feed, path: &Path, mut file: File) -> Result<std::io::Result<()>, Gone> {
    let mut framer = Framer::default();
    let mut block = vec![0; BLOCK];
    let mut place = 0;
    let mut rotated = false;
    loop {
        let count = match file.read(&mut block).await {
            Ok(count) => count,
            Err(error) => return Ok(Err(error)),
        };
        place += count as u64;
        let mut lines = Lines::default();
        framer.push(&block[..count], |framed| lines.push(framed));
        if count == 0 {
            // Its writer has had time to notice the rotation.
            if rotated {
                framer.finish(|framed| lines.push(framed));
                tell(feed, lines).await?;
                return Ok(Ok(()));
            }
            match rest(path, &file, place).await {
                Ok(Rest::Same) => sleep(LOOK_EVERY).await,
                Ok(Rest::Other) => {
                    rotated = true;
                    sleep(LOOK_EVERY).await;
                }
                Ok(Rest::Shorter) => {
                    framer.finish(|framed| lines.push(framed));
                    place = 0;
                    if let Err(error) = file.seek(SeekFrom::Start(0)).await {
                        return Ok(Err(error));
                    }
                }
                Err(error) => return Ok(Err(error)),
            }
        }
        tell(feed, lines).await?;
    }
}

async fn tell(feed: &Feed, lines: Lines) -> Result<(), Gone> {
    if lines.is_empty() {
        return Ok(());
    }
    let received = clock::now();
    feed.tell(What::Lines {
        stream: StreamId::default(),
        received,
        lines,
    })
    .await
}

async fn rest(path: &Path, file: &File, place: u64) -> std::io::Result<Rest> {
    let own = file.metadata().await?;
    let there = match tokio::fs::metadata(path).await {
        Ok(there) => there,
        // Renamed, and the next one not there yet: its writer may not know.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Rest::Same),
        Err(error) => return Err(error),
    };
    Ok(if (there.dev(), there.ino()) != (own.dev(), own.ino()) {
        Rest::Other
    } else if own.len() < place {
        Rest::Shorter
    } else {
        Rest::Same
    })
}
