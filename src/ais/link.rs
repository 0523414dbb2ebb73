//! How stations share the radio link: types 7, 13, 15, 16, 20, 22 and 23.

use arrayvec::ArrayVec;

use super::bits::{Bits, BitsOut};
use super::fields::{Area, CoarseArea, Flag, Uint};
use super::json::Tell;
use super::layout::{Head, Wire, layout};

layout! {
    /// Type 7, binary acknowledge, and 13, safety related acknowledge (ITU-R M.1371-5, annex 8, 3.5 and 3.11).
    Acknowledge [message_type], spare 2 {
        /// Who is told that a message came, at most four, each with the number of the message.
        acks: ArrayVec<Ack, 4> = Acks, as "ack_mmsi";
    }

    /// Type 15, interrogation (ITU-R M.1371-5, annex 8, 3.13).
    Interrogation, spare 2 {
        mmsi1: u32 = Uint<30>;
        type1_1: u8 = Uint<6>;
        /// Slot offset of the answer.
        offset1_1: u16 = Uint<12>;
        /// What else is asked of the first station, and what of a second; zeros where nothing is.
        more: Asked = FurtherAsks;
    }

    /// Type 16, assignment mode command (ITU-R M.1371-5, annex 8, 3.14).
    Assignment, spare 2 {
        /// One or two stations.
        modes: ArrayVec<Mode, 2> = Modes;
    }

    /// Type 20, data link management message (ITU-R M.1371-5, annex 8, 3.18).
    LinkManagement, spare 2 {
        /// At most four.
        reservations: ArrayVec<Reservation, 4> = Reservations;
    }

    /// Type 23, group assignment command (ITU-R M.1371-5, annex 8, 3.21).
    GroupAssignment, spare 2 {
        area: Area = CoarseArea;
        station_type: u8 = Uint<4>;
        ship_type: u8 = Uint<8>, spare 22;
        txrx: u8 = Uint<2>;
        /// Reporting interval, coded.
        interval: u8 = Uint<4>;
        /// Minutes of silence, 0..=15.
        quiet: u8 = Uint<4>, spare 6;
    }

    /// What precedes the area or the destinations of type 22.
    ChannelHead, spare 2 {
        channel_a: u16 = Uint<12>;
        channel_b: u16 = Uint<12>;
        txrx: u8 = Uint<4>;
        /// Low power.
        power: bool = Flag;
    }
}

/// One acknowledgement of types 7 and 13.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack {
    pub mmsi: u32,
    /// Sequence number of the message acknowledged, 0..=3.
    pub seqno: u8,
}

/// What type 15 asks besides its first question; zeros where nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Second message type asked of the first station.
    pub type1_2: u8,
    pub offset1_2: u16,
    /// The second station.
    pub mmsi2: u32,
    pub type2_1: u8,
    pub offset2_1: u16,
}

/// One station's assignment in type 16.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mode {
    pub mmsi: u32,
    /// Slot offset.
    pub offset: u16,
    /// Slot increment.
    pub increment: u16,
}

/// One reservation of slots in type 20.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reservation {
    /// Slot offset; 0: none is reserved.
    pub offset: u16,
    /// Consecutive slots.
    pub number: u8,
    /// Minutes, 0..=7.
    pub timeout: u8,
    /// Slot increment.
    pub increment: u16,
}

/// As many acknowledgements as are left whole.
struct Acks;
/// One assignment or two, as many as are left whole.
struct Modes;
/// As many reservations as are left whole.
struct Reservations;
/// What is left of an interrogation: nothing, a second question, or one for a second station too.
struct FurtherAsks;

const ACK_BITS: usize = 32;
const MODE_BITS: usize = 52;
const RESERVATION_BITS: usize = 30;
/// A second question with the spare bits before it.
const SECOND_ASK_BITS: usize = 20;
/// A second station and its question, with the spare bits before it.
const SECOND_STATION_BITS: usize = 50;

impl Wire<ArrayVec<Ack, 4>> for Acks {
    fn take(bits: &mut Bits<'_>) -> ArrayVec<Ack, 4> {
        let mut acks = ArrayVec::new();
        while bits.left() >= ACK_BITS && !acks.is_full() {
            let (mmsi, seqno) = (bits.u32(30), bits.u8(2));
            acks.push(Ack { mmsi, seqno });
        }
        acks
    }

    fn put(value: &ArrayVec<Ack, 4>, out: &mut BitsOut) {
        for ack in value {
            out.put(30, ack.mmsi.into());
            out.put(2, ack.seqno.into());
        }
    }
}

impl Wire<ArrayVec<Mode, 2>> for Modes {
    fn take(bits: &mut Bits<'_>) -> ArrayVec<Mode, 2> {
        let mut modes = ArrayVec::new();
        while bits.left() >= MODE_BITS && !modes.is_full() {
            let (mmsi, offset, increment) = (bits.u32(30), bits.u16(12), bits.u16(10));
            modes.push(Mode {
                mmsi,
                offset,
                increment,
            });
        }
        modes
    }

    fn put(value: &ArrayVec<Mode, 2>, out: &mut BitsOut) {
        for mode in value {
            out.put(30, mode.mmsi.into());
            out.put(12, mode.offset.into());
            out.put(10, mode.increment.into());
        }
        // A single assignment is filled up to whole bytes.
        out.put((8 - value.len() * MODE_BITS % 8) % 8, 0);
    }
}

impl Wire<ArrayVec<Reservation, 4>> for Reservations {
    fn take(bits: &mut Bits<'_>) -> ArrayVec<Reservation, 4> {
        let mut reservations = ArrayVec::new();
        while bits.left() >= RESERVATION_BITS && !reservations.is_full() {
            let (offset, number) = (bits.u16(12), bits.u8(4));
            let (timeout, increment) = (bits.u8(3), bits.u16(11));
            reservations.push(Reservation {
                offset,
                number,
                timeout,
                increment,
            });
        }
        reservations
    }

    fn put(value: &ArrayVec<Reservation, 4>, out: &mut BitsOut) {
        for reservation in value {
            out.put(12, reservation.offset.into());
            out.put(4, reservation.number.into());
            out.put(3, reservation.timeout.into());
            out.put(11, reservation.increment.into());
        }
        out.put((8 - value.len() * RESERVATION_BITS % 8) % 8, 0);
    }
}

impl Wire<Asked> for FurtherAsks {
    fn take(bits: &mut Bits<'_>) -> Asked {
        let mut asked = Asked::default();
        if bits.left() >= SECOND_ASK_BITS {
            bits.skip(2);
            (asked.type1_2, asked.offset1_2) = (bits.u8(6), bits.u16(12));
        }
        if bits.left() >= SECOND_STATION_BITS {
            bits.skip(2);
            asked.mmsi2 = bits.u32(30);
            (asked.type2_1, asked.offset2_1) = (bits.u8(6), bits.u16(12));
        }
        asked
    }

    fn put(value: &Asked, out: &mut BitsOut) {
        let has_second_station = (value.mmsi2, value.type2_1, value.offset2_1) != (0, 0, 0);
        if has_second_station || (value.type1_2, value.offset1_2) != (0, 0) {
            out.put(2, 0);
            out.put(6, value.type1_2.into());
            out.put(12, value.offset1_2.into());
            out.put(2, 0);
        }
        if has_second_station {
            out.put(30, value.mmsi2.into());
            out.put(6, value.type2_1.into());
            out.put(12, value.offset2_1.into());
            out.put(2, 0);
        }
    }
}

/// Type 22, channel management (ITU-R M.1371-5, annex 8, 3.20).
///
/// Written out, for a flag behind seventy bits says what they mean.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelManagement {
    pub head: ChannelHead,
    pub reach: Reach,
    pub band_a: bool,
    pub band_b: bool,
    /// Size of the transitional zone, coded.
    pub zonesize: u8,
}

/// Whom a channel management message is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Reach {
    Area(Area),
    Stations(u32, u32),
}

/// Bits of an area's corner, or of a station with its spare bits.
const CORNER_BITS: usize = 35;

impl ChannelManagement {
    pub(super) fn take(head: Head, bits: &mut Bits<'_>) -> Self {
        let head = ChannelHead::take(head, bits);
        let mut ahead = bits.clone();
        bits.skip(2 * CORNER_BITS);
        let reach = if bits.flag() {
            let mut station = || {
                let mmsi = ahead.u32(30);
                ahead.skip(CORNER_BITS - 30);
                mmsi
            };
            Reach::Stations(station(), station())
        } else {
            Reach::Area(CoarseArea::take(&mut ahead))
        };
        let (band_a, band_b) = (bits.flag(), bits.flag());
        Self {
            head,
            reach,
            band_a,
            band_b,
            zonesize: bits.u8(3),
        }
    }

    pub(super) fn sender(&self) -> (u8, u32) {
        self.head.sender()
    }

    pub(super) fn put(&self, out: &mut BitsOut) {
        self.head.put(out);
        match &self.reach {
            Reach::Area(area) => CoarseArea::put(area, out),
            Reach::Stations(first, second) => {
                for mmsi in [*first, *second] {
                    out.put(30, mmsi.into());
                    out.put(CORNER_BITS - 30, 0);
                }
            }
        }
        out.put(1, matches!(self.reach, Reach::Stations(..)).into());
        out.put(1, self.band_a.into());
        out.put(1, self.band_b.into());
        out.put(3, self.zonesize.into());
        out.put(23, 0);
    }

    pub(super) fn tell(&self, out: &mut Vec<u8>) {
        self.head.tell(out);
        matches!(self.reach, Reach::Stations(..)).tell("addressed", out);
        match &self.reach {
            Reach::Area(area) => area.tell("", out),
            Reach::Stations(first, second) => {
                first.tell("dest1", out);
                second.tell("dest2", out);
            }
        }
        self.band_a.tell("band_a", out);
        self.band_b.tell("band_b", out);
        self.zonesize.tell("zonesize", out);
    }
}
