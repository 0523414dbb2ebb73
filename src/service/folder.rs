//! The data folder: it belongs to one process.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// A data folder, held by this process.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    /// The lock lasts as long as the file is open.
    _lock: File,
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
        let unusable = |error| FolderError::Unusable(path.to_owned(), error);
        std::fs::create_dir_all(path).map_err(unusable)?;
        let lock = File::create(path.join("lock")).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(FolderError::Taken(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
