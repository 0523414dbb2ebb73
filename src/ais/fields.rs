//! Fields that several messages share: "not available" ends here.

use arrayvec::ArrayString;
use serde::{Deserialize, Serialize};

use super::bits::{AppBits, Bits, BitsOut, Characters};
use super::layout::Wire;
use crate::geo::{Degrees, Knots, Metres, Position};

/// Distances from the reference point to the hull's ends in metres (ITU-R M.1371-5 figure 42); 0 is "not given".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimensions {
    pub bow: u16,
    pub stern: u16,
    pub port: u8,
    pub starboard: u8,
}

/// Estimated time of arrival, UTC, without a year; absent parts are `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eta {
    pub month: Option<u8>,
    pub day: Option<u8>,
    pub hour: Option<u8>,
    pub minute: Option<u8>,
}

/// A station's clock, UTC; absent parts are `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Utc {
    pub year: Option<u16>,
    pub month: Option<u8>,
    pub day: Option<u8>,
    pub hour: Option<u8>,
    pub minute: Option<u8>,
    pub second: Option<u8>,
}

/// A rectangle by its corners.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    pub north_east: Coordinates,
    pub south_west: Coordinates,
}

/// Longitude and latitude in degrees; each is `None` where what was sent is off the globe.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Coordinates {
    pub lon: Option<f64>,
    pub lat: Option<f64>,
}

impl Coordinates {
    /// Both together, if both were given.
    pub fn position(self) -> Option<Position> {
        Some(Position {
            lon: self.lon?,
            lat: self.lat?,
        })
    }
}

impl From<Option<Position>> for Coordinates {
    fn from(position: Option<Position>) -> Self {
        Self {
            lon: position.map(|at| at.lon),
            lat: position.map(|at| at.lat),
        }
    }
}

/// Rate of turn as sent, −128..=127 (ITU-R M.1371-5, annex 8, 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateOfTurn(pub i8);

/// Communication state as sent: of use to the radio only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Radio(pub u32);

const ROT_NONE: i8 = -128;
const SOG_NONE: u64 = 1023;
const COG_NONE: u64 = 3600;
/// Degrees that neither a heading nor a whole course can have.
const WHOLE_CIRCLE: u16 = 360;
/// All nine bits set.
const NINE_BITS_NONE: u64 = 511;
const ALTITUDE_NONE: u16 = 4095;
/// Steps in a degree, of a place to 1/10 000 minute and of one to 1/10 minute.
const FINE: f64 = 600_000.0;
const COARSE: f64 = 600.0;

impl RateOfTurn {
    /// Nothing sent.
    pub const NONE: Self = Self(ROT_NONE);

    /// Degrees a minute, starboard positive; `None` if there is no turn indicator.
    pub fn deg_min(self) -> Option<f64> {
        let root = f64::from(self.0) / 4.733;
        (self.0.unsigned_abs() < 127).then_some(root * root.abs())
    }
}

/// An unsigned number of `W` bits.
pub(super) struct Uint<const W: usize>;
/// One bit.
pub(super) struct Flag;
/// Speed over ground in tenths of a knot, ten bits.
pub(super) struct Sog;
/// Speed over ground in whole knots, `W` bits; all of them set is none.
pub(super) struct WholeSog<const W: usize>;
/// Course over ground in tenths of a degree, twelve bits.
pub(super) struct Cog;
/// Course over ground in whole degrees, nine bits.
pub(super) struct WholeCog;
/// True heading in degrees, nine bits.
pub(super) struct Heading;
/// Rate of turn, eight bits.
pub(super) struct Turn;
/// Longitude and latitude in 1/10 000 minutes, 28 and 27 bits.
pub(super) struct Place;
/// Longitude and latitude in 1/10 minutes, 18 and 17 bits.
pub(super) struct CoarsePlace;
/// Two coarse places, north-east first.
pub(super) struct CoarseArea;
/// Metres, twelve bits.
pub(super) struct Altitude;
/// Nine, nine, six and six bits.
pub(super) struct Hull;
/// Four, five, five and six bits.
pub(super) struct EtaParts;
/// Fourteen, four, five, five, six and six bits.
pub(super) struct Clock;
/// Draught in tenths of a metre, eight bits; 0 is none.
pub(super) struct Draught;
/// IMO number, thirty bits; 0 is none.
pub(super) struct Imo;
/// Data terminal ready, one bit; 1, not ready, where the sender left it out.
pub(super) struct Dte;
/// `N` characters of six bits.
pub(super) struct Text<const N: usize>;
/// As many whole characters as are left, at most `N`.
pub(super) struct RestText<const N: usize>;
/// All bits that are left.
pub(super) struct RestBits;

macro_rules! unsigned {
    ($($kind:ident)*) => {$(
        impl<const W: usize> Wire<$kind> for Uint<W> {
            #[inline]
            fn take(bits: &mut Bits<'_>) -> $kind {
                bits.$kind(W)
            }

            fn put(value: &$kind, out: &mut BitsOut) {
                out.put(W, (*value).into());
            }
        }
    )*};
}

unsigned!(u8 u16 u32);

impl<const W: usize> Wire<Radio> for Uint<W> {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Radio {
        Radio(bits.u32(W))
    }

    fn put(value: &Radio, out: &mut BitsOut) {
        out.put(W, value.0.into());
    }
}

impl<const W: usize> Wire<Option<Radio>> for Uint<W> {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Option<Radio> {
        (bits.left() >= W).then(|| Radio(bits.u32(W)))
    }

    fn put(value: &Option<Radio>, out: &mut BitsOut) {
        out.put(W, value.unwrap_or_default().0.into());
    }
}

impl Wire<bool> for Flag {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> bool {
        bits.flag()
    }

    fn put(value: &bool, out: &mut BitsOut) {
        out.put(1, (*value).into());
    }
}

/// The nearest step, `most` at most.
fn steps(value: f64, per_unit: f64, most: u64) -> u64 {
    ((value * per_unit).round() as u64).min(most)
}

impl Wire<Option<Knots>> for Sog {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Option<Knots> {
        let raw = bits.take(10);
        (raw != SOG_NONE).then(|| Knots(raw as f64 / 10.0))
    }

    fn put(value: &Option<Knots>, out: &mut BitsOut) {
        out.put(10, value.map_or(SOG_NONE, |sog| steps(sog.0, 10.0, SOG_NONE - 1)));
    }
}

impl<const W: usize> WholeSog<W> {
    const NONE: u64 = (1 << W) - 1;
}

impl<const W: usize> Wire<Option<Knots>> for WholeSog<W> {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Option<Knots> {
        let raw = bits.take(W);
        (raw != Self::NONE).then_some(Knots(raw as f64))
    }

    fn put(value: &Option<Knots>, out: &mut BitsOut) {
        out.put(W, value.map_or(Self::NONE, |sog| steps(sog.0, 1.0, Self::NONE - 1)));
    }
}

impl Wire<Option<Degrees>> for Cog {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Option<Degrees> {
        let raw = bits.take(12);
        (raw < COG_NONE).then(|| Degrees(raw as f64 / 10.0))
    }

    fn put(value: &Option<Degrees>, out: &mut BitsOut) {
        out.put(
            12,
            value.map_or(COG_NONE, |cog| steps(cog.0, 10.0, COG_NONE) % COG_NONE),
        );
    }
}

impl Wire<Option<Degrees>> for WholeCog {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Option<Degrees> {
        let raw = bits.u16(9);
        (raw < WHOLE_CIRCLE).then(|| Degrees(raw.into()))
    }

    fn put(value: &Option<Degrees>, out: &mut BitsOut) {
        let circle = u64::from(WHOLE_CIRCLE);
        out.put(
            9,
            value.map_or(NINE_BITS_NONE, |cog| steps(cog.0, 1.0, circle) % circle),
        );
    }
}

impl Wire<Option<u16>> for Heading {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Option<u16> {
        Some(bits.u16(9)).filter(|degrees| *degrees < WHOLE_CIRCLE)
    }

    fn put(value: &Option<u16>, out: &mut BitsOut) {
        out.put(9, value.map_or(NINE_BITS_NONE, u64::from));
    }
}

impl Wire<RateOfTurn> for Turn {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> RateOfTurn {
        RateOfTurn(bits.signed(8) as i8)
    }

    fn put(value: &RateOfTurn, out: &mut BitsOut) {
        out.put_signed(8, value.0.into());
    }
}

/// Degrees from steps of longitude and latitude.
#[inline]
pub(super) fn coordinates(lon: i32, lat: i32, per_degree: f64) -> Coordinates {
    let degrees = |steps: i32, most: i32| {
        let is_on_the_globe = steps.abs() <= most * per_degree as i32;
        is_on_the_globe.then(|| f64::from(steps) / per_degree)
    };
    Coordinates {
        lon: degrees(lon, 180),
        lat: degrees(lat, 90),
    }
}

/// Steps of longitude and latitude; none is 181° and 91°.
pub(super) fn place_steps(place: Coordinates, per_degree: f64) -> (i32, i32) {
    let steps = |degrees: f64| (degrees * per_degree).round() as i32;
    (steps(place.lon.unwrap_or(181.0)), steps(place.lat.unwrap_or(91.0)))
}

impl Wire<Coordinates> for Place {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Coordinates {
        let (lon, lat) = (bits.signed(28), bits.signed(27));
        coordinates(lon, lat, FINE)
    }

    fn put(value: &Coordinates, out: &mut BitsOut) {
        let (lon, lat) = place_steps(*value, FINE);
        out.put_signed(28, lon);
        out.put_signed(27, lat);
    }
}

impl Wire<Coordinates> for CoarsePlace {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Coordinates {
        let (lon, lat) = (bits.signed(18), bits.signed(17));
        coordinates(lon, lat, COARSE)
    }

    fn put(value: &Coordinates, out: &mut BitsOut) {
        let (lon, lat) = place_steps(*value, COARSE);
        out.put_signed(18, lon);
        out.put_signed(17, lat);
    }
}

impl Wire<Area> for CoarseArea {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Area {
        let (north_east, south_west) = (CoarsePlace::take(bits), CoarsePlace::take(bits));
        Area { north_east, south_west }
    }

    fn put(value: &Area, out: &mut BitsOut) {
        CoarsePlace::put(&value.north_east, out);
        CoarsePlace::put(&value.south_west, out);
    }
}

impl Wire<Option<u16>> for Altitude {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Option<u16> {
        Some(bits.u16(12)).filter(|metres| *metres != ALTITUDE_NONE)
    }

    fn put(value: &Option<u16>, out: &mut BitsOut) {
        out.put(12, value.unwrap_or(ALTITUDE_NONE).into());
    }
}

impl Wire<Dimensions> for Hull {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Dimensions {
        Dimensions {
            bow: bits.u16(9),
            stern: bits.u16(9),
            port: bits.u8(6),
            starboard: bits.u8(6),
        }
    }

    fn put(value: &Dimensions, out: &mut BitsOut) {
        out.put(9, value.bow.into());
        out.put(9, value.stern.into());
        out.put(6, value.port.into());
        out.put(6, value.starboard.into());
    }
}

/// The next bits, unless they are the number that says "not available".
#[inline]
fn unless(none: u8, width: usize, bits: &mut Bits<'_>) -> Option<u8> {
    Some(bits.u8(width)).filter(|value| *value != none)
}

impl Wire<Eta> for EtaParts {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Eta {
        Eta {
            month: unless(0, 4, bits),
            day: unless(0, 5, bits),
            hour: unless(24, 5, bits),
            minute: unless(60, 6, bits),
        }
    }

    fn put(value: &Eta, out: &mut BitsOut) {
        out.put(4, value.month.unwrap_or(0).into());
        out.put(5, value.day.unwrap_or(0).into());
        out.put(5, value.hour.unwrap_or(24).into());
        out.put(6, value.minute.unwrap_or(60).into());
    }
}

impl Wire<Utc> for Clock {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Utc {
        Utc {
            year: Some(bits.u16(14)).filter(|year| *year != 0),
            month: unless(0, 4, bits),
            day: unless(0, 5, bits),
            hour: unless(24, 5, bits),
            minute: unless(60, 6, bits),
            second: unless(60, 6, bits),
        }
    }

    fn put(value: &Utc, out: &mut BitsOut) {
        out.put(14, value.year.unwrap_or(0).into());
        out.put(4, value.month.unwrap_or(0).into());
        out.put(5, value.day.unwrap_or(0).into());
        out.put(5, value.hour.unwrap_or(24).into());
        out.put(6, value.minute.unwrap_or(60).into());
        out.put(6, value.second.unwrap_or(60).into());
    }
}

impl Wire<Option<Metres>> for Draught {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Option<Metres> {
        unless(0, 8, bits).map(|raw| Metres(f64::from(raw) / 10.0))
    }

    fn put(value: &Option<Metres>, out: &mut BitsOut) {
        out.put(8, value.map_or(0, |draught| steps(draught.0, 10.0, 255)));
    }
}

impl Wire<Option<u32>> for Imo {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Option<u32> {
        Some(bits.u32(30)).filter(|imo| *imo != 0)
    }

    fn put(value: &Option<u32>, out: &mut BitsOut) {
        out.put(30, value.unwrap_or(0).into());
    }
}

impl Wire<u8> for Dte {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> u8 {
        if bits.left() == 0 { 1 } else { bits.u8(1) }
    }

    fn put(value: &u8, out: &mut BitsOut) {
        out.put(1, (*value).into());
    }
}

impl<const N: usize> Wire<Option<ArrayString<N>>> for Text<N> {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Option<ArrayString<N>> {
        let mut text = Characters::<N>::new();
        text.add(bits, N);
        text.trimmed()
    }

    fn put(value: &Option<ArrayString<N>>, out: &mut BitsOut) {
        out.put_text(N, value.as_deref());
    }
}

impl<const N: usize> Wire<Option<ArrayString<N>>> for RestText<N> {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> Option<ArrayString<N>> {
        Text::take(bits)
    }

    fn put(value: &Option<ArrayString<N>>, out: &mut BitsOut) {
        let text = value.as_deref().unwrap_or_default();
        out.put_text(text.len(), Some(text));
    }
}

impl Wire<AppBits> for RestBits {
    #[inline]
    fn take(bits: &mut Bits<'_>) -> AppBits {
        AppBits::take(bits.left(), bits)
    }

    fn put(value: &AppBits, out: &mut BitsOut) {
        value.put(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ais::Payload;
    use crate::ais::bits::Unarmoured;

    /// What a number of so many bits is read as.
    fn read<W: Wire<V>, V>(fields: &[(usize, u64)]) -> V {
        let mut out = BitsOut::default();
        for (width, value) in fields {
            out.put(*width, *value);
        }
        let (armoured, fill_bits) = out.armour();
        let payload = Payload {
            armoured: armoured.as_bytes(),
            fill_bits,
        };
        W::take(&mut Unarmoured::of(&payload).unwrap().bits())
    }

    #[test]
    fn numbers_that_say_not_available() {
        for (raw, sog) in [(0, Some(0.0)), (80, Some(8.0)), (1022, Some(102.2)), (1023, None)] {
            assert_eq!(read::<Sog, _>(&[(10, raw)]), sog.map(Knots), "{raw}");
        }
        for (raw, sog) in [(62, Some(62.0)), (63, None)] {
            assert_eq!(read::<WholeSog<6>, _>(&[(6, raw)]), sog.map(Knots), "{raw}");
        }
        for (raw, sog) in [(1022, Some(1022.0)), (1023, None)] {
            assert_eq!(read::<WholeSog<10>, _>(&[(10, raw)]), sog.map(Knots), "{raw}");
        }
        for (raw, cog) in [(0, Some(0.0)), (3599, Some(359.9)), (3600, None), (4095, None)] {
            assert_eq!(read::<Cog, _>(&[(12, raw)]), cog.map(Degrees), "{raw}");
        }
        for (raw, cog) in [(359, Some(359.0)), (360, None), (511, None)] {
            assert_eq!(read::<WholeCog, _>(&[(9, raw)]), cog.map(Degrees), "{raw}");
        }
        for (raw, heading) in [(0, Some(0)), (359, Some(359)), (360, None), (511, None)] {
            assert_eq!(read::<Heading, _>(&[(9, raw)]), heading, "{raw}");
        }
        for (raw, draught) in [(0, None), (1, Some(0.1)), (255, Some(25.5))] {
            assert_eq!(read::<Draught, _>(&[(8, raw)]), draught.map(Metres), "{raw}");
        }
        for (raw, altitude) in [(0, Some(0)), (4094, Some(4094)), (4095, None)] {
            assert_eq!(read::<Altitude, _>(&[(12, raw)]), altitude, "{raw}");
        }
        assert_eq!(read::<Imo, Option<u32>>(&[(30, 0)]), None);
        assert_eq!(
            read::<EtaParts, Eta>(&[(4, 0), (5, 0), (5, 24), (6, 60)]),
            Eta::default()
        );
        let none = [(14, 0), (4, 0), (5, 0), (5, 24), (6, 60), (6, 60)];
        assert_eq!(read::<Clock, Utc>(&none), Utc::default());
    }

    #[test]
    fn places_end_where_the_globe_does() {
        for (lon, lat, lon_there, lat_there) in [
            (180.0, 90.0, true, true),
            (-180.0, -90.0, true, true),
            (181.0, 91.0, false, false),
            (181.0, 24.0, false, true),
            (118.0, 91.0, true, false),
            (-180.000_002, 0.0, false, true),
            (0.0, 90.000_002, true, false),
        ] {
            let raw = |degrees: f64, per_degree: f64| (degrees * per_degree).round() as i64 as u64;
            let place: Coordinates = read::<Place, _>(&[(28, raw(lon, FINE)), (27, raw(lat, FINE))]);
            let there = Coordinates {
                lon: lon_there.then_some(lon),
                lat: lat_there.then_some(lat),
            };
            assert_eq!(place, there, "{lon} {lat}");
            assert_eq!(place.position().is_some(), lon_there && lat_there);
        }
        let coarse: Coordinates = read::<CoarsePlace, _>(&[(18, 181 * 600), (17, 91 * 600)]);
        assert_eq!(coarse, Coordinates::default());
    }

    #[test]
    fn rates_of_turn() {
        for (raw, deg_min) in [
            (0, Some("0.0")),
            (12, Some("6.4")),
            (-12, Some("-6.4")),
            (126, Some("708.7")),
            (127, None),
            (-127, None),
            (-128, None),
        ] {
            let told = RateOfTurn(raw).deg_min().map(|rate| format!("{rate:.1}"));
            assert_eq!(told.as_deref(), deg_min, "{raw}");
        }
    }
}
