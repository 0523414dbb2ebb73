//! Datagrams taken from a socket, their lines on the way to the engine: those that wait are bounded, those that are lost
//! are counted, by us and by the system.

use std::collections::VecDeque;
use std::io::{self, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd};

use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg, setsockopt, sockopt};
use tokio::io::Interest;
use tokio::net::UdpSocket;

use super::{Lines, What};
use crate::report::StreamId;
use crate::time::Timestamp;

/// Largest datagram there is.
const LARGEST: usize = 1 << 16;
/// Lines that wait while the engine is behind, less than a second's work for it. At the bound the newest are dropped
/// and counted.
const MAX_WAITING: usize = 8_192;

/// Takes datagrams, and knows how many there was no room for.
#[derive(Debug)]
pub(super) struct Inbox {
    datagram: Vec<u8>,
    /// Room for what the system says beside a datagram.
    beside: Vec<u8>,
    /// What it had lost of this socket's by the newest datagram, as it counts.
    overflowed: u32,
}

impl Inbox {
    /// Has the system count what it loses for want of room.
    pub(super) fn of(socket: &impl AsFd) -> io::Result<Self> {
        setsockopt(socket, sockopt::RxqOvfl, &1)?;
        Ok(Self {
            datagram: vec![0; LARGEST],
            beside: nix::cmsg_space!(u32),
            overflowed: 0,
        })
    }

    /// The next datagram, if one is there, and how many were lost before it.
    pub(super) fn take(&mut self, socket: &UdpSocket) -> io::Result<(&[u8], u32)> {
        let Self {
            datagram,
            beside,
            overflowed,
        } = self;
        let (count, told) = socket.try_io(Interest::READABLE, || {
            let mut room = [IoSliceMut::new(datagram)];
            let message = recvmsg::<()>(socket.as_raw_fd(), &mut room, Some(beside), MsgFlags::empty())?;
            let told = message.cmsgs()?.find_map(|said| match said {
                ControlMessageOwned::RxqOvfl(count) => Some(count),
                _ => None,
            });
            Ok((message.bytes, told))
        })?;
        let now = told.unwrap_or(*overflowed);
        let lost = now.wrapping_sub(std::mem::replace(overflowed, now));
        Ok((&datagram[..count], lost))
    }
}

/// What waits for the engine, oldest first, and what was lost since it was last told.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// By the millisecond of their receipt.
    blocks: VecDeque<(Timestamp, Lines)>,
    lines: usize,
    dropped_lines: u64,
    lost_datagrams: u64,
}

impl Waiting {
    /// Whether there is nothing to tell.
    pub(super) fn is_empty(&self) -> bool {
        self.blocks.is_empty() && self.dropped_lines == 0 && self.lost_datagrams == 0
    }

    /// Lines of a datagram received then; they are dropped if too many wait.
    pub(super) fn push(&mut self, received: Timestamp, lines: &Lines) {
        if self.lines + lines.len() > MAX_WAITING {
            self.dropped_lines += lines.len() as u64;
            return;
        }
        self.lines += lines.len();
        match self.blocks.back_mut() {
            Some((time, block)) if *time == received => block.append(lines),
            _ if lines.is_empty() => {}
            _ => self.blocks.push_back((received, lines.clone())),
        }
    }

    /// The system had no room for so many datagrams.
    pub(super) fn lose(&mut self, datagrams: u32) {
        self.lost_datagrams += u64::from(datagrams);
    }

    /// What is to be told next.
    pub(super) fn pop(&mut self) -> Option<What> {
        if let Some((received, lines)) = self.blocks.pop_front() {
            self.lines -= lines.len();
            return Some(What::Lines {
                stream: StreamId::default(),
                received,
                lines,
            });
        }
        let [lines, datagrams] = [&mut self.dropped_lines, &mut self.lost_datagrams].map(std::mem::take);
        (lines > 0 || datagrams > 0).then_some(What::Dropped { lines, datagrams })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nmea::Framed;

    fn lines(count: usize) -> Lines {
        let mut lines = Lines::default();
        (0..count).for_each(|n| lines.push(Framed::Line(n.to_string().as_bytes())));
        lines
    }

    #[test]
    fn what_waits_is_bounded_and_what_finds_no_room_is_counted() {
        let mut waiting = Waiting::default();
        waiting.push(Timestamp(1), &lines(0));
        assert!(waiting.is_empty());
        waiting.push(Timestamp(1), &lines(2));
        waiting.push(Timestamp(1), &lines(3));
        waiting.push(Timestamp(2), &lines(MAX_WAITING - 5));
        waiting.push(Timestamp(3), &lines(4));
        waiting.lose(7);
        let told: Vec<String> = std::iter::from_fn(|| waiting.pop())
            .map(|what| match what {
                What::Lines { received, lines, .. } => format!("{} at {}", lines.len(), received.0),
                What::Dropped { lines, datagrams } => format!("dropped {lines} and {datagrams}"),
                what => format!("{what:?}"),
            })
            .collect();
        let second = format!("{} at 2", MAX_WAITING - 5);
        assert_eq!(told, ["5 at 1", second.as_str(), "dropped 4 and 7"]);
        assert!(waiting.is_empty());
        waiting.push(Timestamp(4), &lines(1));
        assert!(matches!(waiting.pop(), Some(What::Lines { .. })), "there is room again");
    }
}
