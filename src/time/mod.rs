//! Event time: milliseconds since 1970-01-01T00:00:00Z, as the core is given it and as the API shows it.

mod local;
mod wheel;

pub use local::LocalTime;
pub use wheel::{TimerId, Wheel};

use std::fmt;

use serde::{Deserialize, Serialize};

/// A moment of event time in milliseconds since the Unix epoch, UTC, without leap seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// A length of time in milliseconds; negative lengths point back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(pub i64);

impl Timestamp {
    /// The earliest moment RFC 3339 can write: 0000-01-01T00:00:00Z.
    pub const MIN: Self = Self(-62_167_219_200_000);
    /// The latest moment RFC 3339 can write: 9999-12-31T23:59:59.999Z.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The moment `seconds` whole seconds after the epoch.
    pub const fn from_s(seconds: i64) -> Self {
        Self(seconds * 1000)
    }

    /// The whole second this moment lies in, since the epoch.
    pub const fn floor_s(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The first whole second at or after this moment, since the epoch.
    pub const fn ceil_s(self) -> i64 {
        -(-self.0).div_euclid(1000)
    }

    /// How much later this moment is than `earlier`; negative if it is not.
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0 - earlier.0)
    }

    /// This moment moved by `span`.
    pub const fn plus(self, span: Span) -> Self {
        Self(self.0 + span.0)
    }

    /// The moment of a year, month and day, and an hour, minute, second and millisecond of it, UTC; none if there is no
    /// such day or time.
    pub fn of_date([year, month, day]: [i16; 3], [hour, minute, second, ms]: [i16; 4]) -> Option<Self> {
        let small = |number: i16| i8::try_from(number).ok();
        let date = jiff::civil::Date::new(year, small(month)?, small(day)?).ok()?;
        let nanosecond = i32::from(ms) * 1_000_000;
        let time = jiff::civil::Time::new(small(hour)?, small(minute)?, small(second)?, nanosecond).ok()?;
        let moment = date.to_datetime(time).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(Self(moment.timestamp().as_millisecond()))
    }

    /// Year, month, day, hour, minute and second, UTC.
    pub fn civil(self) -> [i64; 6] {
        let (year, month, day) = civil_date(self.0.div_euclid(86_400_000));
        let second = self.0.rem_euclid(86_400_000) / 1000;
        [year, month, day, second / 3600, second / 60 % 60, second % 60]
    }

    /// Reads RFC 3339 with any offset, as in `2026-03-01T08:00:00+08:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let moment: jiff::Timestamp = text.parse().ok()?;
        Some(Self(moment.as_millisecond()))
    }
}

impl Span {
    /// A span of `seconds`, rounded to the millisecond.
    pub fn from_s(seconds: f64) -> Self {
        Self((seconds * 1000.0).round() as i64)
    }

    /// A span of whole seconds.
    pub const fn s(seconds: i64) -> Self {
        Self(seconds * 1000)
    }

    /// The shortest span of whole milliseconds that is no shorter than `seconds`.
    pub fn at_least_s(seconds: f64) -> Self {
        Self((seconds * 1000.0).ceil() as i64)
    }

    /// The longest span of whole milliseconds that is no longer than `seconds`.
    pub fn at_most_s(seconds: f64) -> Self {
        Self((seconds * 1000.0).floor() as i64)
    }

    /// The span in seconds.
    pub const fn as_s(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

/// RFC 3339 in UTC with milliseconds: `2026-03-01T00:12:31.000Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [year, month, day, hour, minute, second] = self.civil();
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z",
            self.0.rem_euclid(1000)
        )
    }
}

/// Year, month and day of the day `days` after 1970-01-01 in the proleptic Gregorian calendar.
/// Years are counted from March, so that the leap day is a year's last.
fn civil_date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_and_reads_rfc_3339() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_772_323_951_000, "2026-03-01T00:12:31.000Z"),
            (951_782_400_001, "2000-02-29T00:00:00.001Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(Timestamp(ms).to_string(), text);
            assert_eq!(Timestamp::parse(text), Some(Timestamp(ms)));
        }
        assert_eq!(
            Timestamp::parse("2026-03-01T08:00:00+08:00"),
            Some(Timestamp::from_s(1_772_323_200))
        );
        assert_eq!(Timestamp::parse("2026-03-01"), None);
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Timestamp::MIN.to_string(), "0000-01-01T00:00:00.000Z");
    }

    #[test]
    fn whole_seconds_round_outwards() {
        assert_eq!((Timestamp(1500).floor_s(), Timestamp(1500).ceil_s()), (1, 2));
        assert_eq!((Timestamp(-1500).floor_s(), Timestamp(-1500).ceil_s()), (-2, -1));
        assert_eq!((Timestamp(2000).floor_s(), Timestamp(2000).ceil_s()), (2, 2));
    }
}
