//! Layouts of contents: fields in bit order, from which struct, decoder, encoder and JSON words come; and their numbers.

use arrayvec::ArrayVec;

use crate::ais::bits::{Bits, BitsOut};
use crate::ais::fields::{self, Coordinates, Place};
use crate::ais::json::{self, Tell};
use crate::ais::layout::Wire;

/// What an application message says, or a part of it that may come several times.
pub(super) trait Content: Sized {
    /// Takes its bits, of which there are as many as its fewest; none if they contradict themselves.
    fn take(bits: &mut Bits<'_>) -> Option<Self>;
    fn put(&self, out: &mut BitsOut);
    /// Appends a comma, a word and a value for each field.
    fn tell(&self, out: &mut Vec<u8>);
}

/// Declares contents. A field says its type, how it stands in bits and how many spare bits follow it; its name, unit
/// last, is its JSON word.
macro_rules! content {
    ($(
        $(#[$about:meta])*
        $name:ident {
            $(
                $(#[$told:meta])*
                $field:ident: $kind:ty = $wire:ty $(, spare $spare:literal)?;
            )*
        }
    )*) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $($(#[$told])* pub $field: $kind,)*
        }

        impl $crate::ais::application::content::Content for $name {
            fn take(bits: &mut $crate::ais::bits::Bits<'_>) -> Option<Self> {
                $(
                    let $field: $kind = <$wire as $crate::ais::layout::Wire<$kind>>::take(bits);
                    $(bits.skip($spare);)?
                )*
                Some(Self { $($field,)* })
            }

            fn put(&self, out: &mut $crate::ais::bits::BitsOut) {
                $(
                    <$wire as $crate::ais::layout::Wire<$kind>>::put(&self.$field, out);
                    $(out.put($spare, 0);)?
                )*
            }

            fn tell(&self, out: &mut Vec<u8>) {
                $($crate::ais::json::Tell::tell(&self.$field, stringify!($field), out);)*
            }
        }
    )*};
}

pub(super) use content;

/// So many tenths, exactly as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tenths(pub i32);

/// So many hundredths, exactly as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hundredths(pub i32);

impl Tenths {
    /// The double nearest to the decimal.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

impl Hundredths {
    /// The double nearest to the decimal.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

/// A number of `W` bits, unsigned, that says something from `LEAST` to `MOST`, counted from `BASE`; all others, those
/// reserved too, are none, and `NONE` is sent for none.
pub(super) struct Count<const W: usize, const LEAST: i32, const MOST: i32, const NONE: i32, const BASE: i32 = 0>;

/// The same in two's complement.
pub(super) struct Signed<const W: usize, const LEAST: i32, const MOST: i32, const NONE: i32>;

/// A true bearing in degrees, nine bits.
pub(super) type Bearing = Count<9, 0, 359, 360>;
/// Day of the month, five bits.
pub(super) type Day = Count<5, 1, 31, 0>;
/// Hour, five bits.
pub(super) type Hour = Count<5, 0, 23, 24>;
/// Minute, six bits.
pub(super) type Minute = Count<6, 0, 59, 60>;

/// Yes or no in `W` bits; every other number is none, and 0, or `NONE`, is sent for none.
pub(super) struct Whether<const W: usize, const NO: u64, const YES: u64, const NONE: u64 = 0>;

/// Month, four bits.
pub(super) type Month = Count<4, 1, 12, 0>;

/// Longitude and latitude in 1/1000 minutes, 25 and 24 bits.
pub(super) struct MilliPlace;
/// The same, latitude first.
pub(super) struct MilliPlaceLatFirst;
/// As many parts of `W` bits as are whole.
pub(super) struct Rest<const W: usize>;

/// Steps of 1/1000 minute in a degree.
const MILLI: f64 = 60_000.0;

/// A field's value as the number of its steps.
pub(super) trait Steps: Copy {
    fn of(steps: i32) -> Self;
    fn steps(self) -> i32;
}

macro_rules! whole_steps {
    ($($kind:ident)*) => {$(
        impl Steps for $kind {
            fn of(steps: i32) -> Self {
                steps as $kind
            }

            fn steps(self) -> i32 {
                self as i32
            }
        }
    )*};
}

whole_steps!(u8 u16 u32 i16);

macro_rules! decimal_steps {
    ($($kind:ident, $scale:literal, $places:literal;)*) => {$(
        impl Steps for $kind {
            fn of(steps: i32) -> Self {
                Self(steps)
            }

            fn steps(self) -> i32 {
                self.0
            }
        }

        impl Tell for Option<$kind> {
            fn tell(&self, word: &str, out: &mut Vec<u8>) {
                json::value_or_null(word, *self, out, |value, out| json::decimal(value.value(), $scale, $places, out));
            }
        }
    )*};
}

decimal_steps!(
    Tenths, 10, 1;
    Hundredths, 100, 2;
);

impl<T: Steps, const W: usize, const LEAST: i32, const MOST: i32, const NONE: i32, const BASE: i32> Wire<Option<T>>
    for Count<W, LEAST, MOST, NONE, BASE>
{
    fn take(bits: &mut Bits<'_>) -> Option<T> {
        let sent = bits.take(W) as i32;
        (LEAST..=MOST).contains(&sent).then(|| T::of(sent + BASE))
    }

    fn put(value: &Option<T>, out: &mut BitsOut) {
        let sent = value.map_or(NONE, |value| (value.steps() - BASE).clamp(LEAST, MOST));
        out.put_signed(W, sent);
    }
}

impl<T: Steps, const W: usize, const LEAST: i32, const MOST: i32, const NONE: i32> Wire<Option<T>>
    for Signed<W, LEAST, MOST, NONE>
{
    fn take(bits: &mut Bits<'_>) -> Option<T> {
        let sent = bits.signed(W);
        (LEAST..=MOST).contains(&sent).then(|| T::of(sent))
    }

    fn put(value: &Option<T>, out: &mut BitsOut) {
        out.put_signed(W, value.map_or(NONE, |value| value.steps().clamp(LEAST, MOST)));
    }
}

impl<const W: usize, const NO: u64, const YES: u64, const NONE: u64> Wire<Option<bool>> for Whether<W, NO, YES, NONE> {
    fn take(bits: &mut Bits<'_>) -> Option<bool> {
        let sent = bits.take(W);
        (sent == NO || sent == YES).then_some(sent == YES)
    }

    fn put(value: &Option<bool>, out: &mut BitsOut) {
        out.put(W, value.map_or(NONE, |yes| if yes { YES } else { NO }));
    }
}

impl Tell for Option<i16> {
    fn tell(&self, word: &str, out: &mut Vec<u8>) {
        json::value_or_null(word, *self, out, |number, out| {
            out.extend_from_slice(number.to_string().as_bytes())
        });
    }
}

impl Tell for Option<bool> {
    fn tell(&self, word: &str, out: &mut Vec<u8>) {
        json::value_or_null(word, *self, out, |yes, out| {
            out.extend_from_slice(if yes { b"true" } else { b"false" })
        });
    }
}

impl Wire<Coordinates> for MilliPlace {
    fn take(bits: &mut Bits<'_>) -> Coordinates {
        let (lon, lat) = (bits.signed(25), bits.signed(24));
        fields::coordinates(lon, lat, MILLI)
    }

    fn put(value: &Coordinates, out: &mut BitsOut) {
        let (lon, lat) = fields::place_steps(*value, MILLI);
        out.put_signed(25, lon);
        out.put_signed(24, lat);
    }
}

impl Wire<Coordinates> for MilliPlaceLatFirst {
    fn take(bits: &mut Bits<'_>) -> Coordinates {
        let (lat, lon) = (bits.signed(24), bits.signed(25));
        fields::coordinates(lon, lat, MILLI)
    }

    fn put(value: &Coordinates, out: &mut BitsOut) {
        let (lon, lat) = fields::place_steps(*value, MILLI);
        out.put_signed(24, lat);
        out.put_signed(25, lon);
    }
}

impl<T: Content, const N: usize, const W: usize> Wire<ArrayVec<T, N>> for Rest<W> {
    fn take(bits: &mut Bits<'_>) -> ArrayVec<T, N> {
        let count = (bits.left() / W).min(N);
        (0..count).map_while(|_| T::take(bits)).collect()
    }

    fn put(value: &ArrayVec<T, N>, out: &mut BitsOut) {
        for part in value {
            part.put(out);
        }
    }
}

impl<T: Content, const N: usize> Tell for ArrayVec<T, N> {
    fn tell(&self, word: &str, out: &mut Vec<u8>) {
        json::tell_list(word, self, out, Content::tell);
    }
}

/// A place among others, to 1/10 000 minute.
impl Content for Coordinates {
    fn take(bits: &mut Bits<'_>) -> Option<Self> {
        Some(Place::take(bits))
    }

    fn put(&self, out: &mut BitsOut) {
        Place::put(self, out);
    }

    fn tell(&self, out: &mut Vec<u8>) {
        Tell::tell(self, "", out);
    }
}
