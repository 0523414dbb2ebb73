//! `udp`: datagrams of lines, sent to us, to all or to a group. A datagram ends its last line.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use nix::net::if_::if_nametoindex;
use socket2::{Domain, InterfaceIndexOrAddress, Protocol, Socket, Type};
use tokio::net::UdpSocket;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::backoff::Backoff;
use super::datagrams::{Inbox, Waiting};
use super::{Arrival, Feed, Gone, Interface, Lines, Multicast, UdpFormat, What};
use crate::clock;
use crate::nmea::{Framed, Framer};

/// Bytes asked of the system to hold datagrams while the feed is not reading; it may give less.
const HELD: usize = 1 << 22;
/// Longest wait between two tries to open the port.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How often it is seen whether the interface of a group is still the one on which it was joined.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// What a datagram of sentences begins with (IEC 61162-450, clause 7.1.2).
pub(super) const SENTENCES: &[u8] = b"UdPbC\0";
/// Datagrams taken at once, before it is seen whether the engine has room.
const AT_ONCE: usize = 64;
/// Bytes told of a datagram that holds no sentences.
const SHOWN: usize = 32;

pub(super) async fn run(
    feed: &Feed,
    listen: SocketAddr,
    multicast: Option<&Multicast>,
    format: UdpFormat,
) -> Result<(), Gone> {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    loop {
        let error = match open(listen, multicast) {
            Err(error) => format!("{listen}: {error}"),
            Ok(socket) => {
                feed.tell(What::Connected).await?;
                backoff.reset();
                receive(feed, &socket, multicast, format).await?.to_string()
            }
        };
        feed.tell(What::Disconnected { error }).await?;
        sleep(backoff.wait()).await;
    }
}

fn open(listen: SocketAddr, multicast: Option<&Multicast>) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(listen), Type::DGRAM, Some(Protocol::UDP))?;
    // Without it the system's own bound stands, and more may be lost unseen.
    let _ = socket.set_recv_buffer_size(HELD);
    socket.set_nonblocking(true)?;
    if let Some(multicast) = multicast {
        // Other programs of this machine may listen to the group too.
        socket.set_reuse_address(true)?;
        join(&socket, multicast)?;
    }
    socket.bind(&listen.into())?;
    UdpSocket::from_std(socket.into())
}

fn join(socket: &Socket, multicast: &Multicast) -> io::Result<()> {
    match multicast.group {
        IpAddr::V4(group) => {
            // Groups that other programs have joined are theirs.
            socket.set_multicast_all_v4(false)?;
            match &multicast.interface {
                None => socket.join_multicast_v4(&group, &Ipv4Addr::UNSPECIFIED),
                Some(Interface::At(address)) => socket.join_multicast_v4(&group, address),
                Some(Interface::Named(name)) => {
                    socket.join_multicast_v4_n(&group, &InterfaceIndexOrAddress::Index(index_of(name)?))
                }
            }
        }
        IpAddr::V6(group) => {
            socket.set_multicast_all_v6(false)?;
            let interface = match &multicast.interface {
                Some(Interface::Named(name)) => index_of(name)?,
                Some(Interface::At(_)) | None => 0,
            };
            socket.join_multicast_v6(&group, interface)
        }
    }
}

fn index_of(interface: &str) -> io::Result<u32> {
    if_nametoindex(interface).map_err(|error| io::Error::other(format!("interface {interface}: {error}")))
}

async fn receive(
    feed: &Feed,
    socket: &UdpSocket,
    multicast: Option<&Multicast>,
    format: UdpFormat,
) -> Result<io::Error, Gone> {
    let named = multicast.and_then(|multicast| match &multicast.interface {
        Some(Interface::Named(name)) => Some(name),
        Some(Interface::At(_)) | None => None,
    });
    let joined = named.and_then(|name| index_of(name).ok());
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut inbox = match Inbox::of(socket) {
        Ok(inbox) => inbox,
        Err(error) => return Ok(error),
    };
    let mut waiting = Waiting::default();
    loop {
        tokio::select! {
            ready = socket.readable() => if let Err(error) = ready.and_then(|()| take_some(socket, &mut inbox, format, &mut waiting)) {
                return Ok(error);
            },
            room = feed.arrivals.reserve(), if !waiting.is_empty() => {
                let room = room.map_err(|_| Gone)?;
                if let Some(what) = waiting.pop() {
                    room.send(Arrival { feed: feed.id, what });
                }
            }
            // An interface that went and came back is another one, and the group is not joined there.
            _ = look.tick(), if named.is_some() => {
                let Some(name) = named else { continue };
                match index_of(name) {
                    Ok(index) if Some(index) == joined => {}
                    Ok(_) => return Ok(io::Error::other(format!("interface {name} is another one now"))),
                    Err(error) => return Ok(error),
                }
            }
        }
    }
}

/// Takes the datagrams that are there, a number of them.
fn take_some(socket: &UdpSocket, inbox: &mut Inbox, format: UdpFormat, waiting: &mut Waiting) -> io::Result<()> {
    for _ in 0..AT_ONCE {
        match inbox.take(socket) {
            Ok((datagram, lost)) => {
                waiting.lose(lost);
                waiting.push(clock::now(), &lines_of(datagram, format));
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A datagram's lines. One of IEC 61162-450 that holds something else, as an image, is one malformed line: its beginning.
fn lines_of(datagram: &[u8], format: UdpFormat) -> Lines {
    let mut lines = Lines::default();
    let text = match format {
        UdpFormat::Plain => Some(datagram),
        UdpFormat::Iec450 => datagram.strip_prefix(SENTENCES),
    };
    let Some(text) = text else {
        lines.push(Framed::Line(&datagram[..datagram.len().min(SHOWN)]));
        return lines;
    };
    let mut framer = Framer::default();
    framer.push(text, |framed| lines.push(framed));
    framer.finish(|framed| lines.push(framed));
    lines
}
