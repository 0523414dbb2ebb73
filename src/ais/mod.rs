//! AIS messages of ITU-R M.1371-5, and type 28 of its sixth edition: bits to structs and back.

mod aid;
mod application;
mod base;
mod bits;
mod carrier;
mod fields;
pub mod json;
mod layout;
mod link;
mod mmsi;
mod position_a;
mod position_b;
mod safety;
mod static_a;
mod static_b;

pub use aid::{Aid, AidBody, SlotAid};
pub use application::{
    Application, AreaNotice, ArrivalAnswer, ArrivalRequest, ExtendedStatic, Gauge, Hundredths, InlandPersons,
    InlandShip, Leg, MetHydro, Persons, Route, RouteHead, Stretch, SubArea, Target, TargetId, Targets, Tenths,
    WaterLevels, WeatherWarning,
};
pub use base::{BaseStation, SarAircraft, UtcInquiry};
pub use bits::{AppBits, is_armoured};
pub use carrier::{AddressedBinary, ApplicationId, BroadcastBinary, GnssCorrections, SlotBinary};
pub use fields::{Area, Coordinates, Dimensions, Eta, Radio, RateOfTurn, Utc};
pub use link::{
    Ack, Acknowledge, Asked, Assignment, ChannelHead, ChannelManagement, GroupAssignment, Interrogation,
    LinkManagement, Mode, Reach, Reservation,
};
pub use mmsi::{Kind, Mmsi};
pub use position_a::{LongRange, PositionA};
pub use position_b::{ExtendedB, PositionB};
pub use safety::{AddressedSafety, BroadcastSafety};
pub use static_a::StaticA;
pub use static_b::{Hull, StaticBPartA, StaticBPartB};

use bits::{Bits, BitsOut, Unarmoured};
use layout::Head;

/// A message's payload as it stands in sentences, fragments joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payload<'a> {
    /// Six bits a character.
    pub armoured: &'a [u8],
    /// Bits to leave out at the end, 0..=5.
    pub fill_bits: u8,
}

/// A message, by what it is laid out like. Nothing in it is on the heap.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// Types 1, 2, 3.
    PositionA(PositionA),
    /// Types 4, 11.
    BaseStation(BaseStation),
    /// Type 5.
    StaticA(StaticA),
    /// Type 6.
    AddressedBinary(AddressedBinary),
    /// Types 7, 13.
    Acknowledge(Acknowledge),
    /// Type 8.
    BroadcastBinary(BroadcastBinary),
    /// Type 9.
    SarAircraft(SarAircraft),
    /// Type 10.
    UtcInquiry(UtcInquiry),
    /// Type 12.
    AddressedSafety(AddressedSafety),
    /// Type 14.
    BroadcastSafety(BroadcastSafety),
    /// Type 15.
    Interrogation(Interrogation),
    /// Type 16.
    Assignment(Assignment),
    /// Type 17.
    GnssCorrections(GnssCorrections),
    /// Type 18.
    PositionB(PositionB),
    /// Type 19.
    ExtendedB(ExtendedB),
    /// Type 20.
    LinkManagement(LinkManagement),
    /// Type 21.
    Aid(Aid),
    /// Type 22.
    ChannelManagement(ChannelManagement),
    /// Type 23.
    GroupAssignment(GroupAssignment),
    /// Type 24, part A.
    StaticBPartA(StaticBPartA),
    /// Type 24, part B.
    StaticBPartB(StaticBPartB),
    /// Types 25, 26.
    SlotBinary(SlotBinary),
    /// Type 27.
    LongRange(LongRange),
    /// Type 28.
    SlotAid(SlotAid),
}

/// Why a payload is no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reject {
    #[error("no payload")]
    Empty,
    #[error("more than five fill bits")]
    FillBits,
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
    /// Fewest bits that make a message of the type. More are no fault: stations fill up to whole slots.
    min_bits: usize,
    /// Takes the fields behind the head.
    take: fn(Head, &Unarmoured) -> Result<Message, Reject>,
}

/// Builds a row from a type, its fewest bits and its layout; `?` marks one whose fields say how many bits it needs.
macro_rules! row {
    ($message_type:literal, $min_bits:literal, $layout:ident?) => {
        Row {
            message_type: $message_type,
            min_bits: $min_bits,
            take: |head, unarmoured| $layout::take(head, &mut behind_head(unarmoured)).map(Message::$layout),
        }
    };
    ($message_type:literal, $min_bits:literal, $layout:ident) => {
        Row {
            message_type: $message_type,
            min_bits: $min_bits,
            take: |head, unarmoured| Ok(Message::$layout($layout::take(head, &mut behind_head(unarmoured)))),
        }
    };
}

/// One row a type, in their order.
///
/// Two minima are below the standard's, for stations at sea send such messages and lose nothing by it: types 1 to 3
/// cut in the communication state (168), and type 5 without its last two bits (424).
static ROWS: [Row; 28] = [
    row!(1, 163, PositionA),
    row!(2, 163, PositionA),
    row!(3, 163, PositionA),
    row!(4, 168, BaseStation),
    row!(5, 422, StaticA),
    row!(6, 88, AddressedBinary),
    row!(7, 72, Acknowledge),
    row!(8, 56, BroadcastBinary),
    row!(9, 168, SarAircraft),
    row!(10, 72, UtcInquiry),
    row!(11, 168, BaseStation),
    row!(12, 72, AddressedSafety),
    row!(13, 72, Acknowledge),
    row!(14, 40, BroadcastSafety),
    row!(15, 88, Interrogation),
    row!(16, 96, Assignment),
    row!(17, 80, GnssCorrections),
    row!(18, 168, PositionB),
    row!(19, 312, ExtendedB),
    row!(20, 72, LinkManagement),
    row!(21, 272, Aid),
    row!(22, 168, ChannelManagement),
    row!(23, 160, GroupAssignment),
    Row {
        message_type: 24,
        min_bits: 160,
        take: |head, unarmoured| static_b::take(head, &mut behind_head(unarmoured)),
    },
    row!(25, 40, SlotBinary?),
    row!(26, 60, SlotBinary?),
    row!(27, 96, LongRange),
    row!(28, 168, SlotAid),
];

/// Bits of type, repeat indicator and MMSI.
const HEAD_BITS: usize = 38;

/// The bits behind the head. That each row starts from a place known when it is compiled makes all the shifts and masks
/// of its fields constants.
#[inline]
fn behind_head(unarmoured: &Unarmoured) -> Bits<'_> {
    let mut bits = unarmoured.bits();
    bits.skip(HEAD_BITS);
    bits
}

/// Decodes a payload. What is too short for its type or outside the alphabet is refused, never filled up.
pub fn decode(payload: &Payload<'_>) -> Result<Message, Reject> {
    let mut unarmoured = Unarmoured::empty();
    unarmoured.hold(payload)?;
    let mut bits = unarmoured.bits();
    let whole = bits.left();
    if whole < HEAD_BITS {
        return Err(Reject::TooShort);
    }
    let head = Head {
        message_type: bits.u8(6),
        repeat: bits.u8(2),
        mmsi: bits.u32(30),
    };
    let row = usize::from(head.message_type)
        .checked_sub(1)
        .and_then(|row| ROWS.get(row))
        .ok_or(Reject::Unsupported)?;
    debug_assert_eq!(row.message_type, head.message_type);
    if whole < row.min_bits {
        return Err(Reject::TooShort);
    }
    (row.take)(head, &unarmoured)
}

/// Encodes a message: its armoured payload, and how many bits at its end are fill.
pub fn encode(message: &Message) -> (String, u8) {
    let mut out = BitsOut::default();
    out.put(6, message.message_type().into());
    out.put(2, message.repeat().into());
    out.put(30, message.mmsi().0.into());
    match message {
        Message::StaticBPartA(_) => out.put(2, 0),
        Message::StaticBPartB(_) => out.put(2, 1),
        _ => {}
    }
    message.put(&mut out);
    out.armour()
}

/// The same for every layout.
macro_rules! each {
    ($message:expr, $report:ident => $what:expr) => {
        match $message {
            Message::PositionA($report) => $what,
            Message::BaseStation($report) => $what,
            Message::StaticA($report) => $what,
            Message::AddressedBinary($report) => $what,
            Message::Acknowledge($report) => $what,
            Message::BroadcastBinary($report) => $what,
            Message::SarAircraft($report) => $what,
            Message::UtcInquiry($report) => $what,
            Message::AddressedSafety($report) => $what,
            Message::BroadcastSafety($report) => $what,
            Message::Interrogation($report) => $what,
            Message::Assignment($report) => $what,
            Message::GnssCorrections($report) => $what,
            Message::PositionB($report) => $what,
            Message::ExtendedB($report) => $what,
            Message::LinkManagement($report) => $what,
            Message::Aid($report) => $what,
            Message::ChannelManagement($report) => $what,
            Message::GroupAssignment($report) => $what,
            Message::StaticBPartA($report) => $what,
            Message::StaticBPartB($report) => $what,
            Message::SlotBinary($report) => $what,
            Message::LongRange($report) => $what,
            Message::SlotAid($report) => $what,
        }
    };
}

impl Message {
    /// ITU-R M.1371 message type.
    pub fn message_type(&self) -> u8 {
        match self {
            Self::PositionA(report) => report.message_type,
            Self::BaseStation(report) => report.message_type,
            Self::StaticA(_) => 5,
            Self::AddressedBinary(_) => 6,
            Self::Acknowledge(report) => report.message_type,
            Self::BroadcastBinary(_) => 8,
            Self::SarAircraft(_) => 9,
            Self::UtcInquiry(_) => 10,
            Self::AddressedSafety(_) => 12,
            Self::BroadcastSafety(_) => 14,
            Self::Interrogation(_) => 15,
            Self::Assignment(_) => 16,
            Self::GnssCorrections(_) => 17,
            Self::PositionB(_) => 18,
            Self::ExtendedB(_) => 19,
            Self::LinkManagement(_) => 20,
            Self::Aid(_) => 21,
            Self::ChannelManagement(_) => 22,
            Self::GroupAssignment(_) => 23,
            Self::StaticBPartA(_) | Self::StaticBPartB(_) => 24,
            Self::SlotBinary(report) => report.message_type,
            Self::LongRange(_) => 27,
            Self::SlotAid(_) => 28,
        }
    }

    /// Who sent it.
    pub fn mmsi(&self) -> Mmsi {
        Mmsi(each!(self, report => report.sender()).1)
    }

    /// How often it was repeated, 0..=3.
    pub fn repeat(&self) -> u8 {
        each!(self, report => report.sender()).0
    }

    fn put(&self, out: &mut BitsOut) {
        each!(self, report => report.put(out));
    }

    /// Appends its own fields as JSON.
    fn tell(&self, out: &mut Vec<u8>) {
        each!(self, report => report.tell(out));
    }
}

#[cfg(test)]
mod tests;
