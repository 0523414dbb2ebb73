//! What a feed is told by the configuration.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::geo::Position;
use crate::time::Span;

/// A configured input: `[[feed]]` of the configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedSettings {
    /// Shows in alerts, metrics and addresses.
    pub name: Arc<str>,
    pub input: Input,
    /// Whose time its lines have while they are live.
    pub time: TimeSource,
    /// Added to the tag's time.
    pub offset: Span,
    /// Uses a tag block though its checksum is wrong.
    pub trust_tag_blocks: bool,
    /// Connected, and no valid sentence for so long: silent.
    pub silent_after: Span,
    /// Talkers let through, as in `AI`; none: all.
    pub talkers: Vec<String>,
    /// Tag-block sources let through; none: all.
    pub sources: Vec<String>,
    /// More sentences in a second are a flood.
    pub max_sentences_s: Option<u32>,
    /// Where the receiver's antenna stands.
    pub antenna: Option<Position>,
}

/// Whose time a live line has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimeSource {
    Received,
    Tag,
}

/// Where the bytes come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Input {
    Serial {
        path: PathBuf,
        baud: u32,
    },
    /// Connects to `host:port`.
    Tcp {
        address: String,
    },
    /// Is connected to.
    TcpListen {
        listen: SocketAddr,
        max_peers: usize,
    },
    Udp {
        listen: SocketAddr,
        multicast: Option<Multicast>,
        format: UdpFormat,
    },
    File {
        path: PathBuf,
        /// Waits for more at the end.
        follow: bool,
        pace: Pace,
    },
    Stdin,
    /// The simulator's traffic; its vessels are marked.
    Simulated {
        scenario: String,
        seed: u64,
        vessels: u32,
        /// The receiver whose hearing this is, by its number from 0; none: all of them.
        receiver: Option<u32>,
    },
}

/// A group of receivers to join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Multicast {
    pub group: IpAddr,
    /// Where to join it; none: where the system sends to it.
    pub interface: Option<Interface>,
}

/// A network interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Interface {
    /// As in `eth0`.
    Named(String),
    /// By an address of its own.
    At(Ipv4Addr),
}

/// How lines stand in datagrams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UdpFormat {
    Plain,
    /// Behind the header of IEC 61162-450.
    Iec450,
}

/// How fast a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pace {
    Fast,
    /// At the times on its lines.
    Real,
}

impl FeedSettings {
    /// Settings by which a feed of this name stands if nothing else is said.
    pub fn new(name: impl Into<Arc<str>>, input: Input) -> Self {
        Self {
            name: name.into(),
            input,
            time: TimeSource::Received,
            offset: Span(0),
            trust_tag_blocks: false,
            silent_after: Span::s(120),
            talkers: Vec::new(),
            sources: Vec::new(),
            max_sentences_s: None,
            antenna: None,
        }
    }
}

impl Input {
    /// The name of its kind, as in `kind = "tcp"`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Serial { .. } => "serial",
            Self::Tcp { .. } => "tcp",
            Self::TcpListen { .. } => "tcp_listen",
            Self::Udp { .. } => "udp",
            Self::File { .. } => "file",
            Self::Stdin => "stdin",
            Self::Simulated { .. } => "simulated",
        }
    }
}
