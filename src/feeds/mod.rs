//! Feeds: sockets, serial lines and files, read as lines, each on its own.
//!
//! A feed's failure stays its own: it says so, and tries again. Serial lines, TCP, files and pipes wait while the
//! engine is behind; UDP cannot, and drops and counts.

mod arrival;
mod backoff;
mod datagrams;
mod file;
mod peer;
mod plotters;
pub mod recording;
mod serial;
mod settings;
mod simulated;
mod tail;
mod tcp;
mod tcp_listen;
mod udp;

pub use arrival::{Arrival, Lines, What};
pub use plotters::Plotters;
pub use settings::{FeedSettings, Input, Interface, Multicast, Pace, TimeSource, UdpFormat};

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use crate::clock;
use crate::nmea::Framer;
use crate::report::{FeedId, StreamId};
use crate::time::Timestamp;

/// Bytes read at once: two hundred lines, so that those of one feed do not keep another's waiting for long.
const BLOCK: usize = 1 << 14;

/// A feed at work: where its lines go, and how it hears that the service ends.
pub struct Feed {
    pub id: FeedId,
    pub settings: Arc<FeedSettings>,
    /// When the service was started: simulated feeds of one scenario begin together.
    pub started: Timestamp,
    pub arrivals: mpsc::Sender<Arrival>,
    pub shutdown: watch::Receiver<bool>,
}

/// The engine has gone: there is nobody to read for.
#[derive(Debug)]
pub(crate) struct Gone;

/// Why reading a stream ended.
pub(crate) enum End {
    /// The other side closed it.
    Closed,
    Failed(io::Error),
    Gone,
}

impl Feed {
    /// Reads until the input ends or the service does.
    pub async fn run(mut self) {
        let mut shutdown = self.shutdown.clone();
        tokio::select! {
            _ = shutdown.wait_for(|told| *told) => {}
            _ = self.read() => {}
        }
    }

    async fn read(&mut self) -> Result<(), Gone> {
        let settings = self.settings.clone();
        match &settings.input {
            Input::Serial { path, baud } => serial::run(self, path, *baud).await,
            Input::Tcp { address } => tcp::run(self, address).await,
            Input::TcpListen { listen, max_peers } => tcp_listen::run(self, *listen, *max_peers).await,
            Input::Udp {
                listen,
                multicast,
                format,
            } => udp::run(self, *listen, multicast.as_ref(), *format).await,
            Input::File { path, follow: true, .. } => tail::run(self, path).await,
            Input::File { path, pace, .. } => file::run(self, Some(path), *pace).await,
            Input::Stdin => file::run(self, None, Pace::Fast).await,
            Input::Simulated {
                scenario,
                seed,
                vessels,
                receiver,
            } => {
                let (seed, vessels, receiver) = (*seed, *vessels, *receiver);
                simulated::run(
                    self,
                    simulated::Traffic {
                        scenario,
                        seed,
                        vessels,
                        receiver,
                    },
                )
                .await
            }
        }
    }

    pub(crate) async fn tell(&self, what: What) -> Result<(), Gone> {
        self.arrivals
            .send(Arrival { feed: self.id, what })
            .await
            .map_err(|_| Gone)
    }

    /// Reads a stream to its end, line by line, waiting while the engine is behind. Gives it up when nothing came for as
    /// long as `patience`, if any is given.
    pub(crate) async fn read_stream(
        &self,
        number: StreamId,
        mut stream: impl AsyncRead + Unpin,
        patience: Option<Duration>,
    ) -> End {
        let mut framer = Framer::default();
        let mut block = vec![0; BLOCK];
        loop {
            let count = match within(patience, stream.read(&mut block)).await {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return End::Failed(error),
            };
            let mut lines = Lines::default();
            framer.push(&block[..count], |framed| lines.push(framed));
            if count == 0 {
                framer.finish(|framed| lines.push(framed));
            }
            if !lines.is_empty()
                && self
                    .tell(What::Lines {
                        stream: number,
                        received: clock::now(),
                        lines,
                    })
                    .await
                    .is_err()
            {
                return End::Gone;
            }
            if count == 0 {
                return End::Closed;
            }
        }
    }
}

/// What was read, or that nothing came in time.
async fn within(patience: Option<Duration>, read: impl Future<Output = io::Result<usize>>) -> io::Result<usize> {
    let Some(patience) = patience else { return read.await };
    let nothing = |_| io::Error::other(format!("nothing came for {} s", patience.as_secs_f64()));
    timeout(patience, read).await.map_err(nothing)?
}

impl End {
    /// What is told of it; it will be tried again.
    fn what(self) -> What {
        match self {
            Self::Closed => What::Disconnected {
                error: "the other side closed the connection".into(),
            },
            Self::Failed(error) => What::Disconnected {
                error: error.to_string(),
            },
            Self::Gone => What::Ended,
        }
    }
}
