//! Local time of day at a site, with the changes of its clocks.

use jiff::tz::TimeZone;

use super::{Span, Timestamp};

const DAY_MS: i64 = 86_400_000;

/// A time zone by the bundled tables.
#[derive(Clone, Debug)]
pub struct LocalTime(pub TimeZone);

impl LocalTime {
    /// How long after local midnight the clocks on the wall say it is, 0..24 h.
    pub fn time_of_day(&self, now: Timestamp) -> Span {
        Span(self.on_the_wall(now).0.rem_euclid(DAY_MS))
    }

    /// Year, month, day, hour, minute and second that calendar and clocks on the wall say.
    pub fn civil(&self, now: Timestamp) -> [i64; 6] {
        self.on_the_wall(now).civil()
    }

    /// The date on the calendar, as in `2027-03-31`.
    pub fn date(&self, now: Timestamp) -> String {
        let [year, month, day, ..] = self.civil(now);
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// The moment at which it would be as late in UTC.
    fn on_the_wall(&self, now: Timestamp) -> Timestamp {
        let Ok(moment) = jiff::Timestamp::from_millisecond(now.0) else {
            return now;
        };
        now.plus(Span::s(self.0.to_offset(moment).seconds().into()))
    }

    /// Whether the clocks stand in `[from, to)`; over midnight when `from` is after `to`.
    pub fn is_between(&self, now: Timestamp, from: Span, to: Span) -> bool {
        let time = self.time_of_day(now);
        if from <= to {
            from <= time && time < to
        } else {
            from <= time || time < to
        }
    }

    /// The next second at which the clocks may stand at one of these times of day, or are changed.
    pub fn next_s(&self, now: Timestamp, times: [Span; 2]) -> i64 {
        let time = self.time_of_day(now);
        let wait_ms = |at: Span| Some((at.0 - time.0 - 1).rem_euclid(DAY_MS) + 1);
        let [first, second] = times.map(wait_ms);
        let moment = jiff::Timestamp::from_millisecond(now.0).ok();
        let changed_ms = moment.and_then(|moment| {
            let change = self.0.following(moment).next()?;
            Some(change.timestamp().as_millisecond() - now.0)
        });
        let soonest = [first, second, changed_ms].into_iter().flatten().min();
        now.plus(Span(soonest.unwrap_or(DAY_MS))).ceil_s()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_clocks_over_midnight_and_their_changes() {
        let hour = |hours: i64| Span::s(hours * 3600);
        for (zone, now, night, next) in [
            (
                "Asia/Taipei",
                "2026-03-01T17:59:59+08:00",
                false,
                "2026-03-01T18:00:00+08:00",
            ),
            (
                "Asia/Taipei",
                "2026-03-01T18:00:00+08:00",
                true,
                "2026-03-02T06:00:00+08:00",
            ),
            (
                "Asia/Taipei",
                "2026-03-02T05:59:59+08:00",
                true,
                "2026-03-02T06:00:00+08:00",
            ),
            (
                "Asia/Taipei",
                "2026-03-02T06:00:00+08:00",
                false,
                "2026-03-02T18:00:00+08:00",
            ),
            (
                "Europe/Berlin",
                "2026-03-29T00:30:00+01:00",
                true,
                "2026-03-29T03:00:00+02:00",
            ),
            (
                "Europe/Berlin",
                "2026-03-29T03:00:00+02:00",
                true,
                "2026-03-29T06:00:00+02:00",
            ),
            (
                "Europe/Berlin",
                "2026-10-25T05:59:59+01:00",
                true,
                "2026-10-25T06:00:00+01:00",
            ),
        ] {
            let local = LocalTime(TimeZone::get(zone).unwrap());
            let now = Timestamp::parse(now).unwrap();
            assert_eq!(local.is_between(now, hour(18), hour(6)), night, "{zone} {now}");
            assert_eq!(local.is_between(now, hour(6), hour(18)), !night, "{zone} {now}");
            let next = Timestamp::parse(next).unwrap().floor_s();
            assert_eq!(local.next_s(now, [hour(18), hour(6)]), next, "{zone} {now}");
        }
    }
}
