//! Static data as last believed, each datum with its time and its station.

use std::hash::BuildHasher;

use arrayvec::ArrayString;
use serde::{Deserialize, Serialize};

use super::former::{Formers, Identity};
use crate::geo::Metres;
use crate::report::{Dimensions, Eta, KeyedState, StaticReport, Station};
use crate::time::Timestamp;

/// A time in six bytes, as there are two in each of eight beliefs: to the millisecond, 4 000 years to either side of 1970.
/// One farther off is taken for the farthest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Moment([u8; 6]);

impl Moment {
    /// Stands for the time of what was never said.
    const NEVER: Self = Self([0, 0, 0, 0, 0, 0x80]);
    const FARTHEST_MS: i64 = (1 << 47) - 1;

    fn of(time: Timestamp) -> Self {
        let ms = time.0.clamp(-Self::FARTHEST_MS, Self::FARTHEST_MS);
        let [a, b, c, d, e, f, ..] = ms.to_le_bytes();
        Self([a, b, c, d, e, f])
    }

    fn time(self) -> Timestamp {
        let [a, b, c, d, e, f] = self.0;
        Timestamp(i64::from_le_bytes([0, 0, a, b, c, d, e, f]) >> 16)
    }
}

/// The last word on one datum: "not available" is a word too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Belief<T> {
    pub value: Option<T>,
    since: Moment,
    time: Moment,
    station: Station,
}

/// When a datum was said, and who heard it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// When its value was first said, and never another since.
    pub since: Timestamp,
    /// When it was last said.
    pub time: Timestamp,
    /// The station that heard it last.
    pub station: Station,
}

/// What a vessel says of itself in types 5, 19, 21 and 24.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Statics {
    pub name: Belief<ArrayString<34>>,
    pub call_sign: Belief<ArrayString<7>>,
    pub imo: Belief<u32>,
    pub ship_type: Belief<u8>,
    pub dimensions: Belief<Dimensions>,
    pub draught: Belief<Metres>,
    pub destination: Belief<ArrayString<20>>,
    pub eta: Belief<Eta>,
}

/// Which names a static report changed: a field that held one value in two reports in a row now holds another. Empty
/// ones are skipped; case and spaces around do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Renamed {
    pub name: bool,
    pub call_sign: bool,
    pub imo: bool,
}

/// What a static report told that is news: what is older than what was said of the same before is not judged.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Told {
    pub renamed: Renamed,
    /// A draught that is available, in metres.
    pub draught: Option<Metres>,
}

/// A value that is not empty, and whether it was said twice in a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Repeated {
    value: u32,
    twice: bool,
}

/// The names a vessel last gave itself, not empty ones. Of texts a keyed hash: nobody can aim at another name's, and one
/// change in four thousand million goes unseen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Names {
    name: Option<Repeated>,
    call_sign: Option<Repeated>,
    imo: Option<Repeated>,
}

impl Names {
    /// Takes over what the report carries, where nothing newer was said.
    fn hear(&mut self, report: &StaticReport, time: Timestamp, statics: &Statics, keyed: &KeyedState) -> Renamed {
        let name = report.name.filter(|_| statics.name.is_no_newer_than(time));
        let call_sign = report.call_sign.filter(|_| statics.call_sign.is_no_newer_than(time));
        let imo = report.imo.filter(|_| statics.imo.is_no_newer_than(time));
        Renamed {
            name: rename(&mut self.name, folded(name, keyed)),
            call_sign: rename(&mut self.call_sign, folded(call_sign, keyed)),
            imo: rename(&mut self.imo, imo.flatten()),
        }
    }
}

/// Takes over a value; whether it takes the place of one said twice in a row.
fn rename(last: &mut Option<Repeated>, said: Option<u32>) -> bool {
    let Some(value) = said else { return false };
    match last {
        Some(last) if last.value == value => {
            last.twice = true;
            false
        }
        _ => {
            let before = last.replace(Repeated { value, twice: false });
            before.is_some_and(|before| before.twice)
        }
    }
}

/// Stands for a text without the spaces around it, in capitals; none if nothing is left.
fn folded<const N: usize>(text: Option<Option<ArrayString<N>>>, keyed: &KeyedState) -> Option<u32> {
    let mut text = ArrayString::<N>::from(text.flatten()?.trim()).ok()?;
    text.make_ascii_uppercase();
    (!text.is_empty()).then(|| keyed.hash_one(text) as u32)
}

impl<T> Default for Belief<T> {
    fn default() -> Self {
        Self {
            value: None,
            since: Moment::NEVER,
            time: Moment::NEVER,
            station: Station::default(),
        }
    }
}

impl<T: Copy + PartialEq> Belief<T> {
    /// Takes over what is said, unless something newer was; returns the value that it takes the place of.
    fn hear(&mut self, said: Option<Option<T>>, time: Timestamp, station: Station) -> Option<(T, Word)> {
        let value = said?;
        if !self.is_no_newer_than(time) {
            return None;
        }
        let before = self.said();
        let same = before.filter(|_| self.value == value);
        let since = same.map_or(time, |word| word.since);
        let old = self.value;
        *self = Self {
            value,
            since: Moment::of(since),
            time: Moment::of(time),
            station,
        };
        old.filter(|_| same.is_none()).zip(before)
    }
}

impl<T> Belief<T> {
    /// Whether nothing was said of it after this time.
    fn is_no_newer_than(&self, time: Timestamp) -> bool {
        self.said().is_none_or(|word| word.time <= time)
    }

    /// How it was said; `None` while nothing was said.
    pub fn said(&self) -> Option<Word> {
        let Self {
            since, time, station, ..
        } = *self;
        (time != Moment::NEVER).then(|| Word {
            since: since.time(),
            time: time.time(),
            station,
        })
    }
}

impl Statics {
    /// When the newest datum was said; of a report that carries none of them nothing is kept.
    pub fn time(&self) -> Option<Timestamp> {
        let times = [
            self.name.time,
            self.call_sign.time,
            self.imo.time,
            self.ship_type.time,
            self.dimensions.time,
            self.draught.time,
            self.destination.time,
            self.eta.time,
        ];
        let said = times.into_iter().filter(|time| *time != Moment::NEVER);
        said.map(Moment::time).max()
    }

    /// Takes over what the report carries, where nothing newer was said; what identified the vessel before is noted. What
    /// of it is news.
    pub(super) fn describe(
        &mut self,
        report: &StaticReport,
        (time, station): (Timestamp, Station),
        (names, keyed): (&mut Names, &KeyedState),
        formers: &mut Formers,
    ) -> Told {
        let told = Told {
            renamed: names.hear(report, time, self, keyed),
            draught: report.draught.flatten().filter(|_| self.draught.is_no_newer_than(time)),
        };
        let identities = [
            given_up(self.name.hear(report.name, time, station), Identity::Name),
            given_up(self.call_sign.hear(report.call_sign, time, station), Identity::CallSign),
            given_up(self.imo.hear(report.imo, time, station), Identity::Imo),
            given_up(self.ship_type.hear(report.ship_type, time, station), Identity::ShipType),
        ];
        for (identity, word) in identities.iter().flatten() {
            formers.note(*identity, word);
        }
        self.dimensions.hear(report.dimensions, time, station);
        self.draught.hear(report.draught, time, station);
        self.destination.hear(report.destination, time, station);
        self.eta.hear(report.eta, time, station);
        told
    }
}

fn given_up<T>(before: Option<(T, Word)>, identity: impl Fn(T) -> Identity) -> Option<(Identity, Word)> {
    before.map(|(value, word)| (identity(value), word))
}
