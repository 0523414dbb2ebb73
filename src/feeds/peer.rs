//! What is asked of the system for every TCP peer: that it finds out when one is gone without a word, and holds little.

use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;

use crate::time::Span;

/// A peer that says nothing for a quarter of the time after which it counts as silent is asked whether it is still there,
/// [`TIMES`] at most; so one that is gone is known to be before it counts as silent.
const ASK_AFTER: f64 = 1.0 / 4.0;
const ASK_EVERY: f64 = 1.0 / 12.0;
const TIMES: u32 = 3;
/// The system asks in whole seconds.
const LEAST: Duration = Duration::from_secs(1);
/// Bytes that the system may hold for us of one peer, a few thousand lines: then the peer waits. With more, lines would
/// be old before they are read.
const HELD: usize = 1 << 18;

/// Asks it, of a peer that counts as silent after so long.
pub(super) fn prepare(stream: &TcpStream, silent_after: Span) {
    let silent_after = Duration::from_secs_f64(silent_after.as_s());
    let part = |share| silent_after.mul_f64(share).max(LEAST);
    let keepalive = TcpKeepalive::new()
        .with_time(part(ASK_AFTER))
        .with_interval(part(ASK_EVERY))
        .with_retries(TIMES);
    let socket = SockRef::from(stream);
    if let Err(error) = socket.set_tcp_keepalive(&keepalive) {
        tracing::warn!(%error, "a peer that is gone without a word will not be noticed");
    }
    // Without it the system's own bound stands.
    let _ = socket.set_recv_buffer_size(HELD);
}
