//! Notices about areas: DAC 1, FI 22 to all and FI 23 to one.

use arrayvec::{ArrayString, ArrayVec};

use super::content::{Bearing, Content, Count, Day, Hour, MilliPlace, Minute, Month, Rest, Tenths, content};
use crate::ais::bits::{Bits, BitsOut};
use crate::ais::fields::{Coordinates, Text};
use crate::ais::json::{self, Tell};
use crate::ais::layout::Wire;

/// Most sub-areas of a notice.
const SUB_AREAS: usize = 10;
/// Most legs of a line or polygon.
const LEGS: usize = 4;
/// Bits of a sub-area behind its shape.
const SHAPE_BITS: usize = 84;
/// The largest power of ten that lengths are multiplied by.
const MAX_SCALE: u32 = 3;

content! {
    /// Area notice, DAC 1, FI 22 and 23 (IMO SN.1/Circ.289, annex, 11; 55 bits and 87 a sub-area).
    AreaNotice {
        /// By which a text description refers to it.
        linkage: Option<u16> = Count<10, 1, 1023, 0>;
        /// What it is about, by the circular's table: cautions 0..=22, environment 23..=31, restrictions 32..=39,
        /// anchorages 40..=55, security 56..=63, distress 64..=79, instructions 80..=87, information 88..=95, chart
        /// features 96..=111, reports 112..=119, routes 120..=124, other 125, cancellation 126.
        notice: Option<u8> = Count<7, 0, 126, 127>;
        /// From when it holds, UTC.
        month: Option<u8> = Month;
        day: Option<u8> = Day;
        hour: Option<u8> = Hour;
        minute: Option<u8> = Minute;
        /// How long it holds; 0 cancels it.
        duration_min: Option<u32> = Count<18, 0, 262_142, 262_143>;
        areas: ArrayVec<SubArea, SUB_AREAS> = Rest<87>;
    }
}

/// A part of the area.
#[derive(Clone, Debug, PartialEq)]
pub enum SubArea {
    /// A point if the radius is 0.
    Circle {
        place: Coordinates,
        /// Decimal places of the position that count.
        precision: u8,
        radius_m: u32,
    },
    Rectangle {
        /// Its south-western corner.
        place: Coordinates,
        precision: u8,
        /// 0: a line from north to south.
        east_m: u32,
        /// 0: a line from east to west.
        north_m: u32,
        /// Clockwise from true north.
        turned_deg: Option<u16>,
    },
    Sector {
        place: Coordinates,
        precision: u8,
        radius_m: u32,
        left_deg: Option<u16>,
        right_deg: Option<u16>,
    },
    /// From the last point of the sub-area before.
    Line(ArrayVec<Leg, LEGS>),
    /// From the point of the sub-area before, and back to it.
    Polygon(ArrayVec<Leg, LEGS>),
    Text(Option<ArrayString<14>>),
    /// A shape that the circular has given no meaning, 6 or 7.
    Reserved(u8),
}

/// From one point to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// True, in half degrees.
    pub bearing_deg: Option<Tenths>,
    pub distance_m: u32,
}

/// Tenths of a degree in the half degrees of bearings.
const HALF_DEGREE: i32 = 5;

impl Leg {
    /// A point that is there: without a distance there is none.
    fn take(scale: u32, bits: &mut Bits<'_>) -> Option<Self> {
        let bearing: Option<Tenths> = Count::<10, 0, 719, 720>::take(bits);
        let distance_m = bits.u32(10) * scale;
        (distance_m > 0).then_some(Self {
            bearing_deg: bearing.map(|halves| Tenths(halves.0 * HALF_DEGREE)),
            distance_m,
        })
    }

    fn put(self, scale: u32, out: &mut BitsOut) {
        let halves = self.bearing_deg.map(|bearing| Tenths(bearing.0 / HALF_DEGREE));
        Count::<10, 0, 719, 720>::put(&halves, out);
        out.put(10, (self.distance_m / scale).into());
    }
}

impl Tell for ArrayVec<Leg, LEGS> {
    fn tell(&self, word: &str, out: &mut Vec<u8>) {
        json::tell_list(word, self, out, |leg, out| {
            leg.bearing_deg.tell("bearing_deg", out);
            leg.distance_m.tell("distance_m", out);
        });
    }
}

/// The smallest power of ten by which all lengths fit `width` bits.
fn scale(width: u32, lengths: impl Iterator<Item = u32>) -> u32 {
    let most = lengths.max().unwrap_or(0);
    let fits = |scale: &u32| most / 10u32.pow(*scale) < 1 << width;
    (0..MAX_SCALE).find(fits).unwrap_or(MAX_SCALE)
}

impl SubArea {
    fn shape(&self) -> u8 {
        match self {
            Self::Circle { .. } => 0,
            Self::Rectangle { .. } => 1,
            Self::Sector { .. } => 2,
            Self::Line(_) => 3,
            Self::Polygon(_) => 4,
            Self::Text(_) => 5,
            Self::Reserved(shape) => *shape,
        }
    }

    fn take_around(shape: u8, bits: &mut Bits<'_>) -> Self {
        let scale = 10u32.pow(bits.u32(2));
        let (place, precision) = (MilliPlace::take(bits), bits.u8(3));
        match shape {
            0 => {
                let radius_m = bits.u32(12) * scale;
                bits.skip(18);
                Self::Circle {
                    place,
                    precision,
                    radius_m,
                }
            }
            1 => {
                let (east_m, north_m) = (bits.u32(8) * scale, bits.u32(8) * scale);
                let turned_deg = Bearing::take(bits);
                bits.skip(5);
                Self::Rectangle {
                    place,
                    precision,
                    east_m,
                    north_m,
                    turned_deg,
                }
            }
            _ => Self::Sector {
                place,
                precision,
                radius_m: bits.u32(12) * scale,
                left_deg: Bearing::take(bits),
                right_deg: Bearing::take(bits),
            },
        }
    }

    fn take_legs(bits: &mut Bits<'_>) -> ArrayVec<Leg, LEGS> {
        let scale = 10u32.pow(bits.u32(2));
        let legs = (0..LEGS).filter_map(|_| Leg::take(scale, bits)).collect();
        bits.skip(2);
        legs
    }

    fn put_legs(legs: &[Leg], out: &mut BitsOut) {
        let scale = scale(10, legs.iter().map(|leg| leg.distance_m));
        out.put(2, scale.into());
        let none = Leg {
            bearing_deg: None,
            distance_m: 0,
        };
        for leg in legs.iter().copied().chain(std::iter::repeat(none)).take(LEGS) {
            leg.put(10u32.pow(scale), out);
        }
        out.put(2, 0);
    }

    fn tell_place(place: &Coordinates, precision: u8, out: &mut Vec<u8>) {
        Content::tell(place, out);
        precision.tell("precision", out);
    }

    /// Scale, place and precision, and then the lengths of `width` bits each.
    fn put_around(place: Coordinates, precision: u8, width: u32, lengths: &[u32], out: &mut BitsOut) {
        let scale = scale(width, lengths.iter().copied());
        out.put(2, scale.into());
        MilliPlace::put(&place, out);
        out.put(3, precision.into());
        for length in lengths {
            out.put(width as usize, (length / 10u32.pow(scale)).into());
        }
    }
}

impl Content for SubArea {
    fn take(bits: &mut Bits<'_>) -> Option<Self> {
        Some(match bits.u8(3) {
            shape @ 0..=2 => Self::take_around(shape, bits),
            3 => Self::Line(Self::take_legs(bits)),
            4 => Self::Polygon(Self::take_legs(bits)),
            5 => Self::Text(Text::take(bits)),
            shape => {
                bits.skip(SHAPE_BITS);
                Self::Reserved(shape)
            }
        })
    }

    fn put(&self, out: &mut BitsOut) {
        out.put(3, self.shape().into());
        match self {
            Self::Circle {
                place,
                precision,
                radius_m,
            } => {
                Self::put_around(*place, *precision, 12, &[*radius_m], out);
                out.put(18, 0);
            }
            Self::Rectangle {
                place,
                precision,
                east_m,
                north_m,
                turned_deg,
            } => {
                Self::put_around(*place, *precision, 8, &[*east_m, *north_m], out);
                Bearing::put(turned_deg, out);
                out.put(5, 0);
            }
            Self::Sector {
                place,
                precision,
                radius_m,
                left_deg,
                right_deg,
            } => {
                Self::put_around(*place, *precision, 12, &[*radius_m], out);
                Bearing::put(left_deg, out);
                Bearing::put(right_deg, out);
            }
            Self::Line(legs) | Self::Polygon(legs) => Self::put_legs(legs, out),
            Self::Text(text) => Text::put(text, out),
            Self::Reserved(_) => (0..SHAPE_BITS).for_each(|_| out.put(1, 0)),
        }
    }

    fn tell(&self, out: &mut Vec<u8>) {
        const SHAPES: [&str; 8] = [
            "circle",
            "rectangle",
            "sector",
            "line",
            "polygon",
            "text",
            "reserved_6",
            "reserved_7",
        ];
        json::tell_text("shape", SHAPES[usize::from(self.shape())], out);
        match self {
            Self::Circle {
                place,
                precision,
                radius_m,
            } => {
                Self::tell_place(place, *precision, out);
                radius_m.tell("radius_m", out);
            }
            Self::Rectangle {
                place,
                precision,
                east_m,
                north_m,
                turned_deg,
            } => {
                Self::tell_place(place, *precision, out);
                east_m.tell("east_m", out);
                north_m.tell("north_m", out);
                turned_deg.tell("turned_deg", out);
            }
            Self::Sector {
                place,
                precision,
                radius_m,
                left_deg,
                right_deg,
            } => {
                Self::tell_place(place, *precision, out);
                radius_m.tell("radius_m", out);
                left_deg.tell("left_deg", out);
                right_deg.tell("right_deg", out);
            }
            Self::Line(legs) | Self::Polygon(legs) => legs.tell("legs", out),
            Self::Text(text) => text.tell("text", out),
            Self::Reserved(_) => {}
        }
    }
}
