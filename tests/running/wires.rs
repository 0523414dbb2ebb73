//! Inputs of four kinds that are written to, and fail each in its own way.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::time::Duration;

use super::pty::Receiver;
use crate::service::wait_for;

/// A line that is cut off, and what becomes of it if it is one.
const CUT: &[u8] = b"!AIVDM,1,1,,A,1";
const NO_CHECKSUM: Option<&str> = Some("no_checksum");

/// An input that is written to, and now and then fails in its own way.
pub trait Wire {
    /// Writes whole lines; says how often.
    fn write(&mut self, lines: &[String]) -> u64;
    /// Writes what it holds back.
    fn settle(&mut self) {}
    /// Fails, and is there again; says what becomes of a line that was cut off, if it counts as one.
    fn fail(&mut self) -> Option<&'static str>;
}

/// Waits for the service to connect, and resets it in the middle of a line: what has no end is no line.
pub struct Tcp {
    listener: TcpListener,
    peer: Option<TcpStream>,
}

impl Tcp {
    /// Waits for the service.
    pub fn accept(listener: TcpListener) -> Self {
        let peer = Some(listener.accept().unwrap().0);
        Self { listener, peer }
    }
}

impl Wire for Tcp {
    fn write(&mut self, lines: &[String]) -> u64 {
        let text = lines.join("\r\n") + "\r\n";
        self.peer.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
        1
    }

    fn fail(&mut self) -> Option<&'static str> {
        let mut peer = self.peer.take().unwrap();
        peer.write_all(CUT).unwrap();
        socket2::SockRef::from(&peer).set_linger(Some(Duration::ZERO)).unwrap();
        drop(peer);
        self.peer = Some(self.listener.accept().unwrap().0);
        None
    }
}

/// Connects to the service, writes a byte at a time now and then, and ends in the middle of a line.
pub struct Pusher {
    port: u16,
    peer: TcpStream,
}

impl Pusher {
    /// To this port of this machine, once somebody listens there.
    pub fn to(port: u16) -> Self {
        let peer = wait_for(|| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok());
        peer.set_nodelay(true).unwrap();
        Self { port, peer }
    }
}

impl Wire for Pusher {
    fn write(&mut self, lines: &[String]) -> u64 {
        let text = lines.join("\n") + "\n";
        let (slow, rest) = text.as_bytes().split_at(40);
        for byte in slow {
            self.peer.write_all(&[*byte]).unwrap();
        }
        self.peer.write_all(rest).unwrap();
        1
    }

    fn fail(&mut self) -> Option<&'static str> {
        self.peer.write_all(CUT).unwrap();
        *self = Self::to(self.port);
        NO_CHECKSUM
    }
}

/// Datagrams of IEC 61162-450, each fifth one sent twice, each third one behind the next.
pub struct Udp {
    socket: UdpSocket,
    port: u16,
    held: Option<Vec<u8>>,
    count: u64,
}

impl Udp {
    /// To this port of this machine.
    pub fn to(port: u16) -> Self {
        Self {
            socket: UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap(),
            port,
            held: None,
            count: 0,
        }
    }

    fn send(&self, datagram: &[u8]) {
        self.socket.send_to(datagram, (Ipv4Addr::LOCALHOST, self.port)).unwrap();
    }
}

impl Wire for Udp {
    fn write(&mut self, lines: &[String]) -> u64 {
        self.count += 1;
        let datagram = [b"UdPbC\0", (lines.join("\r\n") + "\r\n").as_bytes()].concat();
        if self.count.is_multiple_of(3) && self.held.is_none() {
            self.held = Some(datagram);
            return 1;
        }
        let times = 1 + u64::from(self.count.is_multiple_of(5));
        for _ in 0..times {
            self.send(&datagram);
        }
        self.settle();
        times
    }

    fn settle(&mut self) {
        if let Some(held) = self.held.take() {
            self.send(&held);
        }
    }

    /// What is no sentence is one malformed line.
    fn fail(&mut self) -> Option<&'static str> {
        self.send(b"RaUdP\0an image");
        Some("malformed")
    }
}

/// A receiver on a serial line, unplugged and plugged in again.
pub struct Serial {
    link: PathBuf,
    receiver: Receiver,
}

impl Serial {
    /// Plugged in where `link` says.
    pub fn at(link: PathBuf) -> Self {
        let receiver = Receiver::plug_in(&link);
        Self { link, receiver }
    }
}

impl Wire for Serial {
    fn write(&mut self, lines: &[String]) -> u64 {
        self.receiver.say(&(lines.join("\r\n") + "\r\n"));
        1
    }

    fn fail(&mut self) -> Option<&'static str> {
        self.receiver = Receiver::plug_in(&self.link);
        None
    }
}
