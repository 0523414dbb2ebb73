//! The data folder: it belongs to one process.

use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
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
    /// None while the folder was never to be used.
    held: Mutex<Option<Held>>,
}

/// How it was taken.
#[derive(Debug)]
struct Held {
    /// The lock lasts as long as the file is open.
    lock: File,
    folder: Identity,
}

/// What tells a folder from another of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
}

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("{0} belongs to another harborwatch that is running; stop it, or set another [data] dir")]
    Taken(PathBuf),
    #[error("cannot use {0} as the data folder: {1}")]
    Unusable(PathBuf, io::Error),
    #[error("{0} is not the data folder that was taken; put that one back, or restart to use this one")]
    Another(PathBuf),
}

impl DataFolder {
    /// Makes the folder if there is none, and takes it.
    pub fn take(path: &Path) -> Result<Self, FolderError> {
        let folder = Self {
            path: path.to_owned(),
            held: Mutex::new(None),
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
                    held: Mutex::new(None),
                })
            }
            taken => taken,
        }
    }

    /// Takes the folder unless it is held; nothing may be written to it before. Once it was taken it is not made again: it
    /// may come back, as a disk does. In its place only an empty one of the same disk is taken, which somebody made for it.
    pub fn hold(&self) -> Result<(), FolderError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let (folder, path) = (&self.path, self.path.join(LOCK));
        let unusable = |error| FolderError::Unusable(folder.clone(), error);
        match &*held {
            Some(held) if leads_to(&path, &held.lock) => return Ok(()),
            Some(held) => {
                let there = identity(folder).map_err(unusable)?;
                let is_made_for_it = || there.device == held.folder.device && is_empty(folder);
                if there != held.folder && !is_made_for_it() {
                    return Err(FolderError::Another(folder.clone()));
                }
            }
            None => std::fs::create_dir_all(folder).map_err(unusable)?,
        }
        *held = Some(Held {
            lock: lock(folder, &path)?,
            folder: identity(folder).map_err(unusable)?,
        });
        Ok(())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn identity(folder: &Path) -> io::Result<Identity> {
    let there = folder.metadata()?;
    Ok(Identity {
        device: there.dev(),
        inode: there.ino(),
    })
}

fn is_empty(folder: &Path) -> bool {
    folder.read_dir().is_ok_and(|mut entries| entries.next().is_none())
}

fn lock(folder: &Path, path: &Path) -> Result<File, FolderError> {
    let unusable = |error| FolderError::Unusable(folder.to_owned(), error);
    // One that cannot be written may all the same belong to another.
    let lock = File::create(path).or_else(|error| File::open(path).map_err(|_| unusable(error)))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(FolderError::Taken(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}
