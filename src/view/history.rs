//! The way into the past: a handle that asks whoever plays the journal for a block, and the blocks asked for lately.

use std::collections::VecDeque;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use super::block::Block;
use crate::journal::{Folder, JournalError, size};
use crate::time::Timestamp;

/// Closed blocks kept; the one asked for longest ago goes.
const KEPT: usize = 8;

/// A request: where the block begins, and the place for the answer.
#[derive(Debug)]
pub struct Asked {
    pub start: Timestamp,
    pub reply: oneshot::Sender<Result<Arc<Block>, NoBlock>>,
}

/// Asks for the past; cheap to clone.
#[derive(Clone, Debug)]
pub struct History {
    asked: SyncSender<Asked>,
    folder: Folder,
    kept: Arc<Mutex<VecDeque<Arc<Block>>>>,
}

/// Why there is no block.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoBlock {
    #[error("the journal begins at {0}")]
    Before(Timestamp),
    #[error("the journal has come to {0}")]
    After(Timestamp),
    #[error("too many ask for the past at once")]
    Busy,
    #[error("the journal cannot be read")]
    Unreadable,
    #[error("nobody plays the journal")]
    Stopped,
}

impl History {
    /// A handle to the history that this folder's journal holds; requests go where `asked` leads.
    pub fn new(folder: Folder, asked: SyncSender<Asked>) -> Self {
        let kept = Arc::default();
        Self { asked, folder, kept }
    }

    /// The block that begins at `start`, made if need be.
    pub async fn block(&self, start: Timestamp) -> Result<Arc<Block>, NoBlock> {
        if let Some(block) = self.kept(start) {
            return Ok(block);
        }
        let (reply, answer) = oneshot::channel();
        self.asked
            .try_send(Asked { start, reply })
            .map_err(|refused| match refused {
                TrySendError::Full(_) => NoBlock::Busy,
                TrySendError::Disconnected(_) => NoBlock::Stopped,
            })?;
        answer.await.map_err(|_| NoBlock::Stopped)?
    }

    /// When the journal begins; none while there is none. Reads the disk.
    pub fn begins(&self) -> Result<Option<Timestamp>, JournalError> {
        Ok(size(&self.folder)?.oldest)
    }

    /// A closed block, if it is kept.
    pub fn kept(&self, start: Timestamp) -> Option<Arc<Block>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|block| block.start == start)?;
        let block = kept.remove(at)?;
        kept.push_back(block.clone());
        Some(block)
    }

    /// Keeps a closed block.
    pub fn keep(&self, block: Arc<Block>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(block);
    }
}
