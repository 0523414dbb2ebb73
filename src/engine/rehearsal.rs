//! Rehearsals: a handle to ask what a change of rules and zones would have done to the last hours. One at a time.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::{Semaphore, mpsc, oneshot, watch};

use super::Refused;
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

/// How far the one at work has come, in hours of traffic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Progress {
    pub running: bool,
    /// Before now, where it has come to.
    pub left_h: f64,
}

/// Asks for rehearsals; cheap to clone.
#[derive(Clone, Debug)]
pub struct Rehearsals {
    ask: mpsc::Sender<Rehearsal>,
    free: Arc<Semaphore>,
    progress: watch::Receiver<Progress>,
}

impl Rehearsals {
    /// A handle for whoever takes what is asked here and tells its progress there.
    pub fn new(ask: mpsc::Sender<Rehearsal>, progress: watch::Receiver<Progress>) -> Self {
        let free = Arc::new(Semaphore::new(1));
        Self { ask, free, progress }
    }

    /// What the text would have done to the last hours, or why nobody can tell.
    pub async fn rehearse(&self, text: Text, hours: f64) -> Result<Result<Box<Outcome>, String>, Refused> {
        let _place = self.free.try_acquire().map_err(|_| Refused::Busy)?;
        let (reply, answer) = oneshot::channel();
        let rehearsal = Rehearsal { text, hours, reply };
        self.ask.send(rehearsal).await.map_err(|_| Refused::Stopped)?;
        answer.await.map_err(|_| Refused::Stopped)
    }

    /// How far the one at work has come.
    pub fn progress(&self) -> Progress {
        *self.progress.borrow()
    }
}
