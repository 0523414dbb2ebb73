//! Routes: DAC 1, FI 27 to all and FI 28 to one.

use arrayvec::ArrayVec;

use super::content::{Content, Count, Day, Hour, Minute, Month, content};
use crate::ais::bits::{Bits, BitsOut};
use crate::ais::fields::{Coordinates, Uint};
use crate::ais::json::Tell;

/// Most waypoints of a route.
const WAYPOINTS: usize = 16;
/// Bits of each.
const WAYPOINT_BITS: usize = 55;

content! {
    /// What a route says before its waypoints.
    RouteHead {
        /// By which a text description refers to it.
        linkage: Option<u16> = Count<10, 1, 1023, 0>;
        /// Ship 0, authority 1.
        sender: u8 = Uint<3>;
        /// Mandatory 1, recommended 2, alternative 3, recommended through ice 4, a ship's plan 5, cancellation 31.
        route_type: u8 = Uint<5>;
        /// From when it holds, UTC.
        month: Option<u8> = Month;
        day: Option<u8> = Day;
        hour: Option<u8> = Hour;
        minute: Option<u8> = Minute;
        /// How long it holds; 0 cancels it.
        duration_min: Option<u32> = Count<18, 0, 262_142, 262_143>;
    }
}

/// Route information, DAC 1, FI 27 and 28 (IMO SN.1/Circ.289, annex, 13; 61 bits and 55 a waypoint).
///
/// Written out, for a count says how many waypoints there are.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    pub head: RouteHead,
    pub waypoints: ArrayVec<Coordinates, WAYPOINTS>,
}

impl Content for Route {
    fn take(bits: &mut Bits<'_>) -> Option<Self> {
        let head = RouteHead::take(bits)?;
        let count = usize::from(bits.u8(5));
        if count > WAYPOINTS || bits.left() < count * WAYPOINT_BITS {
            return None;
        }
        let waypoints = (0..count).map_while(|_| Coordinates::take(bits)).collect();
        Some(Self { head, waypoints })
    }

    fn put(&self, out: &mut BitsOut) {
        self.head.put(out);
        out.put(5, self.waypoints.len() as u64);
        for waypoint in &self.waypoints {
            waypoint.put(out);
        }
    }

    fn tell(&self, out: &mut Vec<u8>) {
        self.head.tell(out);
        self.waypoints.tell("waypoints", out);
    }
}
