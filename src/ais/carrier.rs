//! Messages that carry bits of another layout: types 6, 8, 17, 25 and 26.

use super::Reject;
use super::bits::{AppBits, Bits, BitsOut};
use super::fields::{CoarsePlace, Coordinates, Flag, Radio, RestBits, Uint};
use super::json::Tell;
use super::layout::{Head, layout};

layout! {
    /// Type 6, addressed binary message (ITU-R M.1371-5, annex 8, 3.4).
    AddressedBinary {
        seqno: u8 = Uint<2>;
        dest_mmsi: u32 = Uint<30>;
        retransmit: bool = Flag, spare 1;
        /// Designated area code.
        dac: u16 = Uint<10>;
        /// Function identifier.
        fi: u8 = Uint<6>;
        content: AppBits = RestBits, as "app_hex";
    }

    /// Type 8, binary broadcast message (ITU-R M.1371-5, annex 8, 3.6).
    BroadcastBinary, spare 2 {
        /// Designated area code.
        dac: u16 = Uint<10>;
        /// Function identifier.
        fi: u8 = Uint<6>;
        content: AppBits = RestBits, as "app_hex";
    }

    /// Type 17, GNSS broadcast binary message (ITU-R M.1371-5, annex 8, 3.15).
    GnssCorrections, spare 2 {
        /// Of the reference station, to a tenth of a minute.
        place: Coordinates = CoarsePlace, spare 5;
        /// Differential correction words of ITU-R M.823.
        content: AppBits = RestBits, as "app_hex";
    }
}

/// Type 25, single slot, and 26, multiple slot binary message (ITU-R M.1371-5, annex 8, 3.23 and 3.24).
///
/// Written out, for two flags say which fields there are. Edition 5 puts two spare bits behind a destination;
/// stations and the decoders of the conformance corpora know none, so none are read.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotBinary {
    /// 25 or 26.
    pub message_type: u8,
    pub repeat: u8,
    pub mmsi: u32,
    pub dest_mmsi: Option<u32>,
    pub application: Option<ApplicationId>,
    pub content: AppBits,
    /// Communication state with its selector, of type 26; 0 in type 25.
    pub radio: Radio,
}

/// Which application bits are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApplicationId {
    /// Designated area code.
    pub dac: u16,
    /// Function identifier.
    pub fi: u8,
}

/// Bits of the communication state at the end of type 26.
const RADIO_BITS: usize = 20;

impl SlotBinary {
    pub(super) fn take(head: Head, bits: &mut Bits<'_>) -> Result<Self, Reject> {
        let (addressed, structured) = (bits.flag(), bits.flag());
        let radio_bits = if head.message_type == 26 { RADIO_BITS } else { 0 };
        let needed = 30 * usize::from(addressed) + 16 * usize::from(structured) + radio_bits;
        let content_bits = bits.left().checked_sub(needed).ok_or(Reject::TooShort)?;
        let dest_mmsi = addressed.then(|| bits.u32(30));
        let application = structured.then(|| ApplicationId {
            dac: bits.u16(10),
            fi: bits.u8(6),
        });
        Ok(Self {
            message_type: head.message_type,
            repeat: head.repeat,
            mmsi: head.mmsi,
            dest_mmsi,
            application,
            content: AppBits::take(content_bits, bits),
            radio: if radio_bits > 0 {
                Radio(bits.u32(RADIO_BITS))
            } else {
                Radio::default()
            },
        })
    }

    pub(super) fn sender(&self) -> (u8, u32) {
        (self.repeat, self.mmsi)
    }

    pub(super) fn put(&self, out: &mut BitsOut) {
        out.put(1, self.dest_mmsi.is_some().into());
        out.put(1, self.application.is_some().into());
        if let Some(mmsi) = self.dest_mmsi {
            out.put(30, mmsi.into());
        }
        if let Some(ApplicationId { dac, fi }) = self.application {
            out.put(10, dac.into());
            out.put(6, fi.into());
        }
        self.content.put(out);
        if self.message_type == 26 {
            out.put(RADIO_BITS, self.radio.0.into());
        }
    }

    pub(super) fn tell(&self, out: &mut Vec<u8>) {
        self.dest_mmsi.is_some().tell("addressed", out);
        self.application.is_some().tell("structured", out);
        if let Some(mmsi) = self.dest_mmsi {
            mmsi.tell("dest_mmsi", out);
        }
        if let Some(ApplicationId { dac, fi }) = self.application {
            dac.tell("dac", out);
            fi.tell("fi", out);
        }
        self.content.tell("app_hex", out);
    }
}
