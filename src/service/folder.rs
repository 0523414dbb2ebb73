//! The data folder: it belongs to one process.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use nix::sys::stat::Mode;

use crate::journal::leads_to;

/// Whoever has this file in it locked has the folder.
const LOCK: &str = "lock";

/// A data folder of this process.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    /// The lock lasts as long as the file is open; none while the folder cannot be used.
    lock: Mutex<Option<File>>,
}

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("{0} belongs to another harborwatch that is running; stop it, or set another [data] dir")]
    Taken(PathBuf),
    #[error("cannot use {0} as the data folder: {1}")]
    Unusable(PathBuf, std::io::Error),
}

impl DataFolder {
    /// Makes the folder if there is none, and takes it.
    pub fn take(path: &Path) -> Result<Self, FolderError> {
        let folder = Self {
            path: path.to_owned(),
            lock: Mutex::new(None),
        };
        folder.hold()?;
        Ok(folder)
    }

    /// Has all that this process makes from now on be its user's alone: what is kept holds owners and the key of hashes.
    pub fn keep_private() {
        nix::sys::stat::umask(Mode::S_IRWXG | Mode::S_IRWXO);
    }

    /// Takes it if it can be used. One that cannot be made, or not be written, is taken by [`Self::hold`] once it can.
    pub fn take_or_wait(path: &Path) -> Result<Self, FolderError> {
        match Self::take(path) {
            Err(error @ FolderError::Unusable(..)) => {
                tracing::error!(%error, "nothing is kept until it can be used");
                Ok(Self {
                    path: path.to_owned(),
                    lock: Mutex::new(None),
                })
            }
            taken => taken,
        }
    }

    /// Takes the folder unless it is held; nothing may be written to it before. One that was removed or renamed is made
    /// again, and taken anew.
    pub fn hold(&self) -> Result<(), FolderError> {
        let mut held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.path.join(LOCK);
        if held.as_ref().is_none_or(|lock| !leads_to(&path, lock)) {
            *held = Some(lock(&self.path, &path)?);
        }
        Ok(())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn lock(folder: &Path, path: &Path) -> Result<File, FolderError> {
    let unusable = |error| FolderError::Unusable(folder.to_owned(), error);
    let made = std::fs::create_dir_all(folder).and_then(|()| File::create(path));
    // One that cannot be written may all the same belong to another.
    let lock = made.or_else(|error| File::open(path).map_err(|_| unusable(error)))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(FolderError::Taken(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}
