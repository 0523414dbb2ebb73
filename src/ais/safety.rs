//! Safety-related texts: types 12 and 14.

use arrayvec::ArrayString;

use super::fields::{Flag, RestText, Uint};
use super::layout::layout;

layout! {
    /// Type 12, addressed safety related message (ITU-R M.1371-5, annex 8, 3.10).
    AddressedSafety {
        seqno: u8 = Uint<2>;
        dest_mmsi: u32 = Uint<30>;
        retransmit: bool = Flag, spare 1;
        text: Option<ArrayString<156>> = RestText<156>;
    }

    /// Type 14, safety related broadcast message (ITU-R M.1371-5, annex 8, 3.12).
    BroadcastSafety, spare 2 {
        text: Option<ArrayString<161>> = RestText<161>;
    }
}
