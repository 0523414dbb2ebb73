//! Frames: records as they are written together, and the seals that bind them into a chain.

use blake3::keyed_hash;

use super::record::{Entry, NoRecord, Record};
use super::varint::{Cursor, put_signed};
use crate::time::Timestamp;

/// A BLAKE3 hash.
pub type Hash = [u8; 32];

/// Bytes before a frame's body: length, check and kind.
pub const HEAD: usize = 9;
/// Longest body; a longer one is no frame. A start with all files of a site is far below.
pub const MAX_BODY: usize = 1 << 26;
/// Records of so many bytes are sealed together ...
const SEALED_BYTES: usize = 1 << 18;
/// ... or those of so many ticks, if that is less.
const SEALED_TICKS: u32 = 10;
/// Children of a node in the tree of a block.
const FANOUT: usize = 16;

/// A key for each use of the hash, so that none can be taken for another.
const LEAF: &Hash = b"harborwatch journal: record, v1 ";
const NODE: &Hash = b"harborwatch journal: node, v1   ";
const CHAIN: &Hash = b"harborwatch journal: chain, v1  ";
const CHECK: &Hash = b"harborwatch journal: check, v1  ";

const RECORDS: u8 = 1;
const SEAL: u8 = 2;

/// A whole frame, as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// Records, the time of the first before them.
    Records(&'a [u8]),
    Seal(Seal),
}

/// What binds the records since the seal before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Number of the first of them.
    pub first: u64,
    pub count: u32,
    /// Of the tree whose leaves they are.
    pub root: Hash,
    /// Hash over the chain before, and all of the above.
    pub chain: Hash,
}

/// A frame's head, read before its body.
#[derive(Clone, Copy, Debug)]
pub struct FrameHead {
    pub length: usize,
    check: [u8; 4],
    kind: u8,
}

/// Gathers the records since the last seal.
#[derive(Clone, Debug)]
pub struct Sealer {
    chain: Hash,
    first: u64,
    leaves: Vec<Hash>,
    bytes: usize,
    ticks: u32,
    scratch: Vec<u8>,
}

/// Records on their way into a frame.
#[derive(Debug, Default)]
pub struct Page {
    /// The frame, its head still to be filled in; empty without a record.
    frame: Vec<u8>,
    /// Time of the record added last.
    time: Timestamp,
    count: u64,
}

impl FrameHead {
    /// Reads a head; none where there cannot be one.
    pub fn read(bytes: &[u8; HEAD]) -> Option<Self> {
        let [a, b, c, d, check @ .., kind] = *bytes;
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        (length <= MAX_BODY && matches!(kind, RECORDS | SEAL)).then_some(Self { length, check, kind })
    }

    /// The whole frame that these bytes begin with, and its length; none if they do not.
    pub fn whole(bytes: &[u8]) -> Option<(Frame<'_>, usize)> {
        let head = Self::read(bytes.first_chunk()?)?;
        let end = HEAD + head.length;
        Some((head.frame(bytes.get(HEAD..end)?)?, end))
    }

    /// The frame, if the body is the one that was written.
    pub fn frame<'a>(&self, body: &'a [u8]) -> Option<Frame<'a>> {
        if body.len() != self.length || check(self.kind, body) != self.check {
            return None;
        }
        match self.kind {
            RECORDS => Some(Frame::Records(body)),
            _ => Seal::read(body).map(Frame::Seal),
        }
    }
}

impl Seal {
    const LENGTH: usize = 8 + 4 + 32 + 32;

    /// Whether it is the next one behind that chain.
    pub fn follows(&self, chain: &Hash) -> bool {
        self.chained(chain) == self.chain
    }

    /// The chain with it, behind that.
    fn chained(&self, chain: &Hash) -> Hash {
        let mut bytes = Vec::with_capacity(32 + Self::LENGTH);
        bytes.extend_from_slice(chain);
        bytes.extend_from_slice(&self.first.to_le_bytes());
        bytes.extend_from_slice(&self.count.to_le_bytes());
        bytes.extend_from_slice(&self.root);
        *keyed_hash(CHAIN, &bytes).as_bytes()
    }

    /// Number of the last record it binds.
    pub fn last(&self) -> u64 {
        self.first.saturating_add(u64::from(self.count)).saturating_sub(1)
    }

    fn read(body: &[u8]) -> Option<Self> {
        let mut from = Cursor(body);
        let seal = Self {
            first: u64::from_le_bytes(*from.array().ok()?),
            count: u32::from_le_bytes(*from.array().ok()?),
            root: *from.array().ok()?,
            chain: *from.array().ok()?,
        };
        from.0.is_empty().then_some(seal)
    }

    /// Appends it as a frame.
    pub fn write(&self, out: &mut Vec<u8>) {
        let mut body = Vec::with_capacity(Self::LENGTH);
        body.extend_from_slice(&self.first.to_le_bytes());
        body.extend_from_slice(&self.count.to_le_bytes());
        body.extend_from_slice(&self.root);
        body.extend_from_slice(&self.chain);
        out.extend_from_slice(&head(SEAL, &body));
        out.extend_from_slice(&body);
    }
}

impl Sealer {
    /// Goes on after so many records and their chain.
    pub fn new(records: u64, chain: Hash) -> Self {
        Self {
            chain,
            first: records + 1,
            leaves: Vec::new(),
            bytes: 0,
            ticks: 0,
            scratch: Vec::new(),
        }
    }

    /// Goes on after a seal, whatever was gathered before it.
    pub fn go_on_after(&mut self, seal: &Seal) {
        *self = Self::new(seal.last(), seal.chain);
    }

    /// The chain as of the last seal.
    pub fn chain(&self) -> Hash {
        self.chain
    }

    /// Whether every record is sealed.
    pub fn is_whole(&self) -> bool {
        self.leaves.is_empty()
    }

    /// Records so far, sealed or not.
    pub fn records(&self) -> u64 {
        self.first - 1 + self.leaves.len() as u64
    }

    /// Takes in a record and its bytes.
    pub fn add(&mut self, record: &Record<'_>, bytes: &[u8]) {
        self.scratch.clear();
        self.scratch.extend_from_slice(&record.time.0.to_le_bytes());
        self.scratch.extend_from_slice(bytes);
        self.leaves.push(*keyed_hash(LEAF, &self.scratch).as_bytes());
        self.bytes += bytes.len();
        self.ticks += u32::from(matches!(record.entry, Entry::Tick { .. }));
    }

    /// A seal if one is due, or with `whole` if anything is not sealed yet.
    pub fn seal_due(&mut self, whole: bool) -> Option<Seal> {
        let due = self.bytes >= SEALED_BYTES || self.ticks >= SEALED_TICKS;
        (due || whole && !self.is_whole()).then(|| self.seal())
    }

    /// Seals what was gathered.
    pub fn seal(&mut self) -> Seal {
        let count = u32::try_from(self.leaves.len()).expect("a block is sealed long before");
        let root = root(&mut self.leaves);
        let mut seal = Seal {
            first: self.first,
            count,
            root,
            chain: self.chain,
        };
        seal.chain = seal.chained(&self.chain);
        self.chain = seal.chain;
        self.first += u64::from(count);
        self.leaves.clear();
        (self.bytes, self.ticks) = (0, 0);
        seal
    }
}

impl Page {
    /// Adds a record.
    pub fn append(&mut self, record: &Record<'_>) {
        if self.frame.is_empty() {
            self.frame.extend_from_slice(&[0; HEAD]);
            self.frame.extend_from_slice(&record.time.0.to_le_bytes());
            self.time = record.time;
        }
        put_signed(record.time.0.wrapping_sub(self.time.0), &mut self.frame);
        self.time = record.time;
        record.encode(&mut self.frame);
        self.count += 1;
    }

    /// Bytes it takes as a frame.
    pub fn bytes(&self) -> usize {
        self.frame.len()
    }

    /// How many records it has.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// It as a frame; nothing without a record.
    pub fn as_frame(&mut self) -> &[u8] {
        if let Some((place, body)) = self.frame.split_at_mut_checked(HEAD) {
            place.copy_from_slice(&head(RECORDS, body));
        }
        &self.frame
    }

    /// Its records, each with its bytes.
    pub fn records(&self) -> impl Iterator<Item = (Record<'_>, &[u8])> {
        let mut walk = self.frame.get(HEAD..).and_then(|body| Walk::over(body).ok());
        std::iter::from_fn(move || walk.as_mut()?.step().expect("it was encoded here"))
    }

    /// Makes it empty; what memory it has stays its own.
    pub fn clear(&mut self) {
        self.frame.clear();
        self.count = 0;
    }
}

/// Walks the records of a frame.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'a> {
    rest: Cursor<'a>,
    time: Timestamp,
}

impl<'a> Walk<'a> {
    /// The records of a frame's body.
    pub fn over(body: &'a [u8]) -> Result<Self, NoRecord> {
        let mut rest = Cursor(body);
        let time = Timestamp(i64::from_le_bytes(*rest.array()?));
        Ok(Self { rest, time })
    }

    /// Goes on where `left` bytes of the body are left, after a record of that time.
    pub fn resume(body: &'a [u8], left: usize, time: Timestamp) -> Self {
        let rest = Cursor(&body[body.len() - left..]);
        Self { rest, time }
    }

    /// Bytes that are left, and the time of the record before them.
    pub fn left(&self) -> (usize, Timestamp) {
        (self.rest.0.len(), self.time)
    }

    /// The next record with its own bytes; none at the end.
    pub fn step(&mut self) -> Result<Option<(Record<'a>, &'a [u8])>, NoRecord> {
        if self.rest.0.is_empty() {
            return Ok(None);
        }
        self.time.0 = self.time.0.wrapping_add(self.rest.signed()?);
        let from = self.rest.0;
        let record = Record::decode(self.time, &mut self.rest)?;
        Ok(Some((record, &from[..from.len() - self.rest.0.len()])))
    }
}

fn head(kind: u8, body: &[u8]) -> [u8; HEAD] {
    let length = u32::try_from(body.len()).expect("a frame is written long before it is so long");
    let mut head = [0; HEAD];
    head[..4].copy_from_slice(&length.to_le_bytes());
    head[4..8].copy_from_slice(&check(kind, body));
    head[8] = kind;
    head
}

fn check(kind: u8, body: &[u8]) -> [u8; 4] {
    let hash = if body.len() <= 1024 {
        keyed_hash(CHECK, body)
    } else {
        blake3::Hasher::new_keyed(CHECK).update(body).finalize()
    };
    let [a, b, c, d, ..] = *hash.as_bytes();
    [a ^ kind, b, c, d]
}

/// The root of the tree over these leaves, sixteen children a node; a lone leaf is its own root.
fn root(level: &mut Vec<Hash>) -> Hash {
    while level.len() > 1 {
        let nodes = level.len().div_ceil(FANOUT);
        for node in 0..nodes {
            let children = &level[node * FANOUT..level.len().min((node + 1) * FANOUT)];
            level[node] = *keyed_hash(NODE, children.as_flattened()).as_bytes();
        }
        level.truncate(nodes);
    }
    level.first().copied().unwrap_or_default()
}
