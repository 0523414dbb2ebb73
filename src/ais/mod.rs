//! AIS messages of ITU-R M.1371-5: bits to structs and back.
//!
//! Types 1, 2, 3, 5, 18 and 24 so far; any other is refused as unsupported, and its sender is known all the same.

mod bits;
mod fields;
pub mod json;
mod mmsi;
mod position_a;
mod position_b;
mod static_a;
mod static_b;

pub use fields::{Coordinates, Dimensions, Eta, RateOfTurn};
pub use mmsi::{Kind, Mmsi};
pub use position_a::PositionA;
pub use position_b::PositionB;
pub use static_a::StaticA;
pub use static_b::{Hull, StaticBPartA, StaticBPartB};

use bits::{Bits, BitsOut};

/// A message's payload as it stands in sentences, fragments joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payload<'a> {
    /// Six bits a character.
    pub armoured: &'a [u8],
    /// Bits to leave out at the end, 0..=5.
    pub fill_bits: u8,
}

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    PositionA(PositionA),
    StaticA(StaticA),
    PositionB(PositionB),
    StaticBPartA(StaticBPartA),
    StaticBPartB(StaticBPartB),
}

/// Why a payload is no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reject {
    #[error("a character outside the alphabet")]
    Alphabet,
    #[error("too few bits for its type")]
    TooShort,
    #[error("more bits than five slots hold")]
    TooLong,
    #[error("a type this decoder does not know")]
    Unsupported,
}

/// A row of the decode table.
struct Row {
    message_type: u8,
    /// Fewest bits that make a message of the type.
    min_bits: usize,
    take: fn(Head, &mut Bits) -> Result<Message, Reject>,
}

/// What all messages begin with.
#[derive(Clone, Copy)]
struct Head {
    message_type: u8,
    repeat: u8,
    mmsi: u32,
}

/// One row a type. Some stations send types 1 to 3 five bits short, within the communication state, and type 5 two bits.
static ROWS: [Row; 6] = [
    Row {
        message_type: 1,
        min_bits: 163,
        take: position_a,
    },
    Row {
        message_type: 2,
        min_bits: 163,
        take: position_a,
    },
    Row {
        message_type: 3,
        min_bits: 163,
        take: position_a,
    },
    Row {
        message_type: 5,
        min_bits: 422,
        take: |head, bits| Ok(Message::StaticA(StaticA::take(head.repeat, head.mmsi, bits))),
    },
    Row {
        message_type: 18,
        min_bits: 168,
        take: |head, bits| Ok(Message::PositionB(PositionB::take(head.repeat, head.mmsi, bits))),
    },
    Row {
        message_type: 24,
        min_bits: 160,
        take: static_b,
    },
];

/// Fewest bits of a part B of type 24.
const PART_B_BITS: usize = 162;

fn position_a(head: Head, bits: &mut Bits) -> Result<Message, Reject> {
    Ok(Message::PositionA(PositionA::take(
        head.message_type,
        head.repeat,
        head.mmsi,
        bits,
    )))
}

fn static_b(head: Head, bits: &mut Bits) -> Result<Message, Reject> {
    let whole = bits.left() + HEAD_BITS;
    match bits.u8(2) {
        0 => Ok(Message::StaticBPartA(StaticBPartA::take(head.repeat, head.mmsi, bits))),
        1 if whole >= PART_B_BITS => Ok(Message::StaticBPartB(StaticBPartB::take(head.repeat, head.mmsi, bits))),
        1 => Err(Reject::TooShort),
        _ => Err(Reject::Unsupported),
    }
}

/// Bits of type, repeat indicator and MMSI.
const HEAD_BITS: usize = 38;

/// Decodes a payload. Too short for its type or outside the alphabet is refused, never filled up.
pub fn decode(payload: &Payload<'_>) -> Result<Message, Reject> {
    let mut bits = Bits::of(payload.armoured, payload.fill_bits)?;
    let whole = bits.left();
    if whole < HEAD_BITS {
        return Err(Reject::TooShort);
    }
    let head = Head {
        message_type: bits.u8(6),
        repeat: bits.u8(2),
        mmsi: bits.u32(30),
    };
    let row = ROWS
        .iter()
        .find(|row| row.message_type == head.message_type)
        .ok_or(Reject::Unsupported)?;
    if whole < row.min_bits {
        return Err(Reject::TooShort);
    }
    (row.take)(head, &mut bits)
}

/// Encodes a message: its armoured payload, and how many bits at its end are fill.
pub fn encode(message: &Message) -> (String, u8) {
    let mut out = BitsOut::default();
    out.put(6, message.message_type().into());
    out.put(2, message.repeat().into());
    out.put(30, message.mmsi().0.into());
    match message {
        Message::PositionA(report) => report.put(&mut out),
        Message::StaticA(report) => report.put(&mut out),
        Message::PositionB(report) => report.put(&mut out),
        Message::StaticBPartA(report) => report.put(&mut out),
        Message::StaticBPartB(report) => report.put(&mut out),
    }
    out.armour()
}

impl Message {
    /// ITU-R M.1371-5 message type.
    pub fn message_type(&self) -> u8 {
        match self {
            Self::PositionA(report) => report.message_type,
            Self::StaticA(_) => 5,
            Self::PositionB(_) => 18,
            Self::StaticBPartA(_) | Self::StaticBPartB(_) => 24,
        }
    }

    /// Who sent it.
    pub fn mmsi(&self) -> Mmsi {
        Mmsi(self.head().1)
    }

    /// How often it was repeated, 0..=3.
    pub fn repeat(&self) -> u8 {
        self.head().0
    }

    fn head(&self) -> (u8, u32) {
        match self {
            Self::PositionA(report) => (report.repeat, report.mmsi),
            Self::StaticA(report) => (report.repeat, report.mmsi),
            Self::PositionB(report) => (report.repeat, report.mmsi),
            Self::StaticBPartA(report) => (report.repeat, report.mmsi),
            Self::StaticBPartB(report) => (report.repeat, report.mmsi),
        }
    }
}
