//! Types 21 and 28: aids to navigation.

use arrayvec::ArrayString;

use super::bits::{Bits, BitsOut, Characters};
use super::fields::{Coordinates, Dimensions, Flag, Hull, Place, Uint};
use super::json::Tell;
use super::layout::{Head, layout};

/// Characters of the name that every report has; fourteen more may stand at its end.
const NAME: usize = 20;

/// Most characters of a name with its extension.
const WHOLE_NAME: usize = 34;

layout! {
    /// What stands between the name and its extension.
    AidBody {
        /// Position better than 10 m.
        accuracy: bool = Flag;
        place: Coordinates = Place;
        dimensions: Dimensions = Hull;
        /// Type of position fixing device.
        epfd: u8 = Uint<4>;
        /// UTC second of the report, 0..=59; 60..=63 say why there is none.
        utc_second: u8 = Uint<6>;
        /// A floating aid is off its position; holds only while `utc_second` is below 60.
        off_position: bool = Flag, spare 8;
        raim: bool = Flag;
        /// Nothing stands there: the aid exists in this message only.
        virtual_aid: bool = Flag;
        /// Works in assigned mode.
        assigned: bool = Flag, spare 1;
    }
}

layout! {
    /// Type 28, aids-to-navigation report of one slot (ITU-R M.1371-6, annex 7, 3.26, table 84).
    ///
    /// Laid out as AIS-catcher and pyais, two decoders that share no code, both read it.
    SlotAid {
        /// UTC second of the report, 0..=59; 60..=63 say why there is none.
        utc_second: u8 = Uint<6>;
        place: Coordinates = Place;
        /// By whom it may be used, 0 without restriction.
        restricted_use: u8 = Uint<2>;
        /// 0 floating, 1 fixed, 2 synthetic and predicted, 3 synthetic and monitored, 4 virtual, 5 mobile.
        station_type: u8 = Uint<3>;
        /// Type of aid: below 32 as in type 21, from there on those of table 85.
        aid_type: u8 = Uint<7>;
        /// Number of its maritime resource name, 0 for none.
        iala_mrn: u32 = Uint<17>;
        /// What the two dimensions mean: an area and its height, a swing circle, course and speed of a mobile aid, ...
        dimension_type: u8 = Uint<4>;
        dimension_a: u16 = Uint<9>;
        dimension_b: u16 = Uint<11>;
        /// Other reports of this MMSI give dimensions of other types.
        more_dimensions: bool = Flag;
        charted: bool = Flag;
        /// 0 on its station; the others say what is wrong with it.
        station_status: u8 = Uint<4>;
        /// Status bits of the aid, as sent.
        status: u8 = Uint<8>, spare 1;
        /// Authentication flag (IALA G1192).
        authenticated: bool = Flag;
    }
}

/// Type 21, aids-to-navigation report (ITU-R M.1371-5, annex 8, 3.19).
///
/// Written out, for its name begins before and ends behind all other fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Aid {
    /// Type of aid, 0..=31.
    pub aid_type: u8,
    /// With its extension.
    pub name: Option<ArrayString<WHOLE_NAME>>,
    pub body: AidBody,
}

impl Aid {
    pub(super) fn take(head: Head, bits: &mut Bits<'_>) -> Self {
        let aid_type = bits.u8(5);
        let mut name = Characters::new();
        name.add(bits, NAME);
        let body = AidBody::take(head, bits);
        name.add(bits, WHOLE_NAME - NAME);
        Self {
            aid_type,
            name: name.trimmed(),
            body,
        }
    }

    pub(super) fn sender(&self) -> (u8, u32) {
        self.body.sender()
    }

    pub(super) fn put(&self, out: &mut BitsOut) {
        let name = self.name.as_deref().unwrap_or_default();
        let (first, rest) = name.split_at(name.len().min(NAME));
        out.put(5, self.aid_type.into());
        out.put_text(NAME, Some(first));
        self.body.put(out);
        out.put_text(rest.len(), Some(rest));
        // Spare bits bring the whole to a boundary of eight.
        out.put((8 - rest.len() * 6 % 8) % 8, 0);
    }

    pub(super) fn tell(&self, out: &mut Vec<u8>) {
        self.aid_type.tell("aid_type", out);
        self.name.tell("name", out);
        self.body.tell(out);
    }
}
