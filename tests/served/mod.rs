//! The service of a configuration, as a process of its own; tests that need one take this file in by its path.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running service; it ends when it is dropped, so that a test that fails leaves nothing running.
pub struct Served {
    pub child: Child,
    /// Where it listens, on loopback.
    pub port: u16,
}

impl Served {
    /// Starts it, and waits until it says where it listens; `log` is how much it logs.
    pub fn start(config: &Path, log: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
        Self::of(command.args(["serve", "--config"]).arg(config).env("RUST_LOG", log))
    }

    /// The service that a command becomes, once it says where it listens.
    pub fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let port = line.trim().rsplit(':').next().unwrap().parse();
        let port = port.unwrap_or_else(|_| panic!("no address in {line:?}"));
        Self { child, port }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
