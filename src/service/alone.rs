//! One feed on its own, read outside the service: what `listen` and `record` hear.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::clock;
use crate::feeds::{Arrival, Feed, FeedSettings, What};
use crate::report::FeedId;

/// Blocks of lines that wait for whoever listens; feeds that can wait do, UDP drops and counts.
const ARRIVALS: usize = 256;

/// A feed at work.
#[derive(Debug)]
pub struct Alone {
    arrivals: mpsc::Receiver<Arrival>,
    shutdown: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Alone {
    /// Begins to read; needs a runtime.
    pub fn begin(settings: FeedSettings) -> Self {
        let (sender, arrivals) = mpsc::channel(ARRIVALS);
        let (shutdown, ending) = watch::channel(false);
        let feed = Feed {
            id: FeedId(0),
            settings: Arc::new(settings),
            started: clock::now(),
            arrivals: sender,
            shutdown: ending,
        };
        let task = tokio::spawn(feed.run());
        Self {
            arrivals,
            shutdown,
            task,
        }
    }

    /// What it tells next; none once it has ended and all is told.
    pub async fn next(&mut self) -> Option<What> {
        self.arrivals.recv().await.map(|arrival| arrival.what)
    }

    /// Has it end; what had arrived by then can still be asked for.
    pub fn end(&self) {
        self.shutdown.send_replace(true);
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        self.task.abort();
    }
}
