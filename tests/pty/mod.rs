//! A receiver on a pseudo-terminal behind a link; tests that need one take this file in by its path.

use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::pty::openpty;
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};

/// The far end of a serial line; it is unplugged when it is dropped.
pub struct Receiver(OwnedFd);

impl Receiver {
    /// Has `link` name a new serial line, as udev does.
    pub fn plug_in(link: &Path) -> Self {
        let pair = openpty(None, None).unwrap();
        // No service may inherit it: a line that anybody holds is not unplugged.
        fcntl(&pair.master, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).unwrap();
        let mut settings = tcgetattr(&pair.slave).unwrap();
        cfmakeraw(&mut settings);
        tcsetattr(&pair.slave, SetArg::TCSANOW, &settings).unwrap();
        let name = nix::unistd::ttyname(pair.slave.as_fd()).unwrap();
        let fresh = link.with_extension("new");
        std::os::unix::fs::symlink(name, &fresh).unwrap();
        std::fs::rename(&fresh, link).unwrap();
        Self(pair.master)
    }

    /// Waits while nobody reads.
    pub fn say(&self, text: &str) {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let count = nix::unistd::write(&self.0, rest).unwrap();
            rest = &rest[count..];
        }
    }
}
