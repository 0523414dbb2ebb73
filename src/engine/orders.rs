//! The ways in for people: handles that give an order to the engine, or ask a question, and bring back the answer.

use tokio::sync::{mpsc, oneshot};

use super::Reply;
use crate::ais::Mmsi;
use crate::time::Timestamp;
use crate::traffic::{Answer, Order, Traffic};
use crate::watch::Explanation;

/// Orders that may wait for the engine; the next one is refused as busy.
const WAITING: usize = 256;

/// Questions that may wait for whoever answers them; the next one is refused as busy.
const ASKED: usize = 16;

/// An order on its way, with the place for its answer and the number of the batch that shows what came of it.
pub type Given = (Order, Reply);

/// The engine's end.
pub type OrderQueue = mpsc::Receiver<Given>;

/// Gives orders to the engine; cheap to clone.
#[derive(Clone, Debug)]
pub struct Orders(mpsc::Sender<Given>);

/// Why an order was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("too many are waiting")]
    Busy,
    #[error("the engine has stopped")]
    Stopped,
    /// It may have been carried out, and yet be forgotten after a restart.
    #[error("not kept: the journal cannot be written")]
    NotKept,
}

impl Refused {
    fn of<T>(unsent: mpsc::error::TrySendError<T>) -> Self {
        match unsent {
            mpsc::error::TrySendError::Full(_) => Self::Busy,
            mpsc::error::TrySendError::Closed(_) => Self::Stopped,
        }
    }
}

impl Orders {
    /// A handle, and the end from which the engine takes orders.
    pub fn new() -> (Self, OrderQueue) {
        let (sender, queue) = mpsc::channel(WAITING);
        (Self(sender), queue)
    }

    /// Gives an order of the service's own; nobody waits for it.
    pub fn give_own(&self, order: Order) {
        if self.0.try_send((order, oneshot::channel().0)).is_err() {
            tracing::error!("the engine takes no order of the service's own");
        }
    }

    /// Gives an order; answers when the engine has carried it out, with the number of the batch after which the view
    /// shows it.
    pub async fn give(&self, order: Order) -> Result<(Answer, u64), Refused> {
        let (reply, answer) = oneshot::channel();
        self.0.try_send((order, reply)).map_err(Refused::of)?;
        answer.await.map_err(|_| Refused::Stopped)?
    }
}

/// Why rules do or do not hold of a vessel.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub mmsi: Mmsi,
    /// Id of the one rule that is asked about; none: all.
    pub rule: Option<String>,
    /// At what time; none: now.
    pub at: Option<Timestamp>,
}

/// What a question is answered with.
#[derive(Clone, Debug, PartialEq)]
pub enum Explained {
    By(Vec<Explanation>),
    /// The vessel was not in the picture.
    NoVessel,
    /// The journal does not reach back so far.
    NoRecord,
    /// The journal cannot be read.
    Unreadable,
}

/// A question on its way, with the place for its answer.
pub type Asked = (Question, oneshot::Sender<Explained>);

/// The end from which questions are taken.
pub type QuestionQueue = mpsc::Receiver<Asked>;

/// Asks questions, which change nothing; cheap to clone.
#[derive(Clone, Debug)]
pub struct Questions(mpsc::Sender<Asked>);

impl Questions {
    /// A handle, and the end from which questions are taken.
    pub fn new() -> (Self, QuestionQueue) {
        let (sender, queue) = mpsc::channel(ASKED);
        (Self(sender), queue)
    }

    /// Asks, and waits for the answer.
    pub async fn ask(&self, question: Question) -> Result<Explained, Refused> {
        let (reply, answer) = oneshot::channel();
        self.0.try_send((question, reply)).map_err(Refused::of)?;
        answer.await.map_err(|_| Refused::Stopped)
    }
}

impl Question {
    /// What a core in this state says.
    pub fn answered_by(&self, traffic: &Traffic) -> Explained {
        let explained = traffic.explain(self.mmsi, self.rule.as_deref());
        explained.map_or(Explained::NoVessel, Explained::By)
    }
}
