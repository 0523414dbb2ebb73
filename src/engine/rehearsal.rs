//! Rehearsals: a handle to ask what a change of rules and zones would have done to the last hours. One at a time.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::{Semaphore, mpsc, oneshot, watch};

use crate::review::Outcome;
use crate::watch::Text;

/// What is rehearsed.
#[derive(Debug)]
pub struct Rehearsal {
    /// The rules and zones as they are to be.
    pub text: Text,
    /// Over so many hours until now.
    pub hours: f64,
    /// Whoever asked may go: then it ends.
    pub reply: oneshot::Sender<Result<Box<Outcome>, String>>,
}

/// How far the one at work has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Progress {
    pub running: bool,
    /// Over so many hours until now.
    pub hours: f64,
    /// Hours of traffic still to be played; at first more than `hours`, for the picture before them is played too.
    pub left_h: f64,
    /// Of all that is played, from 0 to 1.
    pub share: f64,
}

/// Why nothing was rehearsed, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unrehearsed {
    #[error("another is at work")]
    Busy,
    #[error("it was cancelled")]
    Cancelled,
    #[error("the service is ending")]
    Stopped,
    #[error("the journal cannot be played: {0}")]
    Failed(String),
}

/// Asks for rehearsals; cheap to clone.
#[derive(Clone, Debug)]
pub struct Rehearsals {
    ask: mpsc::Sender<Rehearsal>,
    free: Arc<Semaphore>,
    progress: watch::Receiver<Progress>,
    /// Counts those that were cancelled.
    cancelled: watch::Sender<u64>,
}

impl Rehearsals {
    /// A handle for whoever takes what is asked here and tells its progress there.
    pub fn new(ask: mpsc::Sender<Rehearsal>, progress: watch::Receiver<Progress>) -> Self {
        Self {
            ask,
            free: Arc::new(Semaphore::new(1)),
            progress,
            cancelled: watch::Sender::new(0),
        }
    }

    /// What the text would have done to the last hours, or why nobody can tell.
    pub async fn rehearse(&self, text: Text, hours: f64) -> Result<Box<Outcome>, Unrehearsed> {
        let _place = self.free.try_acquire().map_err(|_| Unrehearsed::Busy)?;
        let mut cancelled = self.cancelled.subscribe();
        let (reply, answer) = oneshot::channel();
        let rehearsal = Rehearsal { text, hours, reply };
        let work = async {
            let stopped = || Unrehearsed::Stopped;
            self.ask.send(rehearsal).await.map_err(|_| stopped())?;
            answer.await.map_err(|_| stopped())?.map_err(Unrehearsed::Failed)
        };
        tokio::select! {
            outcome = work => outcome,
            _ = cancelled.changed() => Err(Unrehearsed::Cancelled),
        }
    }

    /// How far the one at work has come.
    pub fn progress(&self) -> Progress {
        *self.progress.borrow()
    }

    /// Ends the one at work; how far it had come, if there is one.
    pub fn cancel(&self) -> Option<Progress> {
        let progress = (self.free.available_permits() == 0).then(|| self.progress())?;
        self.cancelled.send_modify(|count| *count += 1);
        Some(progress)
    }
}
