//! The way in for people's decisions: a handle that gives an order to the engine and brings back its answer.

use tokio::sync::{mpsc, oneshot};

use super::Reply;
use crate::traffic::{Answer, Order};

/// Orders that may wait for the engine; the next one is refused as busy.
const WAITING: usize = 256;

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
    #[error("too many orders are waiting")]
    Busy,
    #[error("the engine has stopped")]
    Stopped,
    /// It may have been carried out, and yet be forgotten after a restart.
    #[error("not kept: the journal cannot be written")]
    NotKept,
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
        self.0.try_send((order, reply)).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => Refused::Busy,
            mpsc::error::TrySendError::Closed(_) => Refused::Stopped,
        })?;
        answer.await.map_err(|_| Refused::Stopped)?
    }
}
