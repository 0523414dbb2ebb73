//! Which vessels a rule looks at: `vessels = { … }`, all keys of which must hold.

use serde_json::{Map, Value as Json};

use super::parameters::{Fault, quoted};
use crate::ais::{Kind, Mmsi};
use crate::register::Class;
use crate::report::AisClass;
use crate::track::Track;

/// A rule's filter; an absent key lets all pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    pub classes: Option<Vec<Class>>,
    pub not_classes: Option<Vec<Class>>,
    pub mmsi: Option<Vec<Mmsi>>,
    pub not_mmsi: Option<Vec<Mmsi>>,
    /// Country digits of the identity's form.
    pub mid: Option<Vec<u16>>,
    pub min_length_m: Option<f64>,
    pub max_length_m: Option<f64>,
    pub nav_status: Option<Vec<u8>>,
    pub ais_class: Option<AisClass>,
}

/// The keys a filter may have.
const KEYS: [&str; 9] = [
    "classes",
    "not_classes",
    "mmsi",
    "not_mmsi",
    "mid",
    "min_length_m",
    "max_length_m",
    "nav_status",
    "ais_class",
];

impl Filter {
    /// Vessels of these classes; any class if there are none.
    pub fn of_classes(classes: &[Class]) -> Self {
        Self {
            classes: (!classes.is_empty()).then(|| classes.to_vec()),
            ..Self::default()
        }
    }

    /// Whether the rule looks at this vessel. A value that is missing fails a key that needs it; base stations and aids
    /// pass only if their class is named.
    pub fn passes(&self, track: &Track) -> bool {
        let named = self
            .classes
            .as_ref()
            .is_some_and(|classes| classes.contains(&track.class));
        if matches!(track.kind, Kind::BaseStation | Kind::Aton) && !named {
            return false;
        }
        let length = || track.length_m().map(f64::from);
        self.may_pass(track.class)
            && self.mmsi.as_ref().is_none_or(|mmsi| mmsi.contains(&track.mmsi))
            && self.not_mmsi.as_ref().is_none_or(|mmsi| !mmsi.contains(&track.mmsi))
            && self
                .mid
                .as_ref()
                .is_none_or(|mids| mid_of(track.mmsi).is_some_and(|mid| mids.contains(&mid)))
            && self
                .min_length_m
                .is_none_or(|min| length().is_some_and(|length| length >= min))
            && self
                .max_length_m
                .is_none_or(|max| length().is_some_and(|length| length <= max))
            && self
                .nav_status
                .as_ref()
                .is_none_or(|all| track.nav_status().is_some_and(|status| all.contains(&status)))
            && self.ais_class.is_none_or(|class| track.ais_class == Some(class))
    }

    /// Whether any vessel of this class may pass.
    pub fn may_pass(&self, class: Class) -> bool {
        let holds = |classes: &Vec<Class>| classes.contains(&class);
        self.classes.as_ref().is_none_or(holds) && !self.not_classes.as_ref().is_some_and(holds)
    }

    /// Reads a filter; every fault names its key under `vessels.`.
    pub fn read(json: &Json) -> Result<Self, Vec<Fault>> {
        let Some(table) = json.as_object() else {
            return Err(vec![Fault::new(
                "vessels",
                format!("is {json}"),
                "a table, as in { classes = [\"cargo\"] }",
            )]);
        };
        let mut faults: Vec<Fault> = table
            .keys()
            .filter(|key| !KEYS.contains(&key.as_str()))
            .map(|key| {
                Fault::new(
                    &format!("vessels.{key}"),
                    "is not known here",
                    format!("one of {}", quoted(&KEYS)),
                )
            })
            .collect();
        let filter = Self {
            classes: read(table, "classes", &mut faults, class_list, CLASSES_WANTED),
            not_classes: read(table, "not_classes", &mut faults, class_list, CLASSES_WANTED),
            mmsi: read(
                table,
                "mmsi",
                &mut faults,
                mmsi_list,
                "a list of MMSIs, as in [416000001]",
            ),
            not_mmsi: read(
                table,
                "not_mmsi",
                &mut faults,
                mmsi_list,
                "a list of MMSIs, as in [416000001]",
            ),
            mid: read(
                table,
                "mid",
                &mut faults,
                |json| integers(json, 201, 775),
                "a list of MIDs from 201 to 775",
            ),
            min_length_m: read(table, "min_length_m", &mut faults, length, "a length from 0 to 1022 m"),
            max_length_m: read(table, "max_length_m", &mut faults, length, "a length from 0 to 1022 m"),
            nav_status: read(
                table,
                "nav_status",
                &mut faults,
                |json| integers(json, 0, 15),
                "a list from 0 to 15",
            ),
            ais_class: read(table, "ais_class", &mut faults, ais_class, "\"A\" or \"B\""),
        };
        if let (Some(min), Some(max)) = (filter.min_length_m, filter.max_length_m)
            && min > max
        {
            faults.push(Fault::new(
                "vessels.min_length_m",
                "is over max_length_m",
                "at most max_length_m",
            ));
        }
        filter.contradictions(&mut faults);
        if faults.is_empty() { Ok(filter) } else { Err(faults) }
    }

    /// Names keys of which both can hold of no vessel.
    fn contradictions(&self, faults: &mut Vec<Fault>) {
        fn is_all<T: PartialEq>(some: &Option<Vec<T>>, excluded: &Option<Vec<T>>) -> bool {
            let both = some.as_ref().zip(excluded.as_ref());
            both.is_some_and(|(some, excluded)| some.iter().all(|one| excluded.contains(one)))
        }
        for (key, other, contradicts) in [
            ("not_classes", "classes", is_all(&self.classes, &self.not_classes)),
            ("not_mmsi", "mmsi", is_all(&self.mmsi, &self.not_mmsi)),
        ] {
            if contradicts {
                let what = format!("leaves nothing of {other}");
                faults.push(Fault::new(
                    &format!("vessels.{key}"),
                    what,
                    "a filter that lets some vessels pass",
                ));
            }
        }
    }
}

const CLASSES_WANTED: &str = "a list of classes of RULES.md, as in [\"cargo\", \"tanker\"]";

fn read<T>(
    table: &Map<String, Json>,
    key: &str,
    faults: &mut Vec<Fault>,
    value: impl Fn(&Json) -> Option<T>,
    want: &str,
) -> Option<T> {
    let json = table.get(key)?;
    let read = value(json);
    if read.is_none() {
        faults.push(Fault::new(&format!("vessels.{key}"), format!("is {json}"), want));
    }
    read
}

fn class_list(json: &Json) -> Option<Vec<Class>> {
    json.as_array()?
        .iter()
        .map(|name| serde_json::from_value(name.clone()).ok())
        .collect()
}

/// MMSIs, if it is a list of them.
pub(super) fn mmsi_list(json: &Json) -> Option<Vec<Mmsi>> {
    json.as_array()?
        .iter()
        .map(|n| Some(Mmsi(u32::try_from(n.as_u64()?).ok().filter(|n| *n < 1 << 30)?)))
        .collect()
}

/// Whole numbers from `min` to `max`, if it is a list of them.
pub(super) fn integers<T: TryFrom<u64>>(json: &Json, min: u64, max: u64) -> Option<Vec<T>> {
    let one = |n: &Json| T::try_from(n.as_u64().filter(|n| (min..=max).contains(n))?).ok();
    json.as_array()?.iter().map(one).collect()
}

fn length(json: &Json) -> Option<f64> {
    json.as_f64().filter(|metres| (0.0..=1022.0).contains(metres))
}

fn ais_class(json: &Json) -> Option<AisClass> {
    match json.as_str()? {
        "A" => Some(AisClass::A),
        "B" => Some(AisClass::B),
        _ => None,
    }
}

fn mid_of(mmsi: Mmsi) -> Option<u16> {
    mmsi.form().and_then(|(_, mid)| mid)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::{Dimensions, HashKey, KeyedState, PositionReport, StaticReport, Station};
    use crate::time::{Span, Timestamp};
    use crate::track::{Hearing, TrackLimits, Trails};

    fn vessel(mmsi: u32, ship_type: Option<u8>, length: u16, nav_status: Option<u8>) -> Track {
        let hearing = Hearing {
            time: Timestamp(0),
            station: Station::default(),
            deaf: Span(0),
            message_type: 1,
        };
        let mut track = Track::new(Mmsi(mmsi), hearing.time, hearing.station);
        let dimensions = Dimensions {
            bow: length,
            ..Dimensions::default()
        };
        let statics = StaticReport {
            ship_type: Some(ship_type),
            dimensions: Some(Some(dimensions)),
            ..StaticReport::default()
        };
        track.describe(&statics, &hearing, &KeyedState::new(HashKey(1, 2)));
        track.class = Class::of_kind(track.kind).unwrap_or(Class::of_ship_type(ship_type));
        let report = PositionReport {
            position: Some(crate::geo::Position { lon: 118.0, lat: 24.0 }),
            sog: None,
            cog: None,
            heading: None,
            rot_deg_min: None,
            nav_status,
            ais_class: Some(if nav_status.is_some() { AisClass::A } else { AisClass::B }),
        };
        track.move_to(&report, &hearing, &TrackLimits::default(), &mut Trails::default());
        track
    }

    #[test]
    fn every_key_must_hold() {
        let cargo = vessel(416_000_001, Some(70), 120, Some(1));
        let boat = vessel(412_000_001, None, 0, None);
        let aid = vessel(994_160_001, None, 5, None);
        for (filter, passes) in [
            (json!({}), [true, true, false]),
            (json!({"classes": ["cargo"]}), [true, false, false]),
            (json!({"classes": ["aton", "unknown"]}), [false, true, true]),
            (json!({"not_classes": ["cargo"]}), [false, true, false]),
            (
                json!({"classes": ["cargo", "tug"], "not_classes": ["tug"]}),
                [true, false, false],
            ),
            (json!({"mmsi": [416_000_001, 994_160_001]}), [true, false, false]),
            (json!({"not_mmsi": [416_000_001]}), [false, true, false]),
            (json!({"mid": [412]}), [false, true, false]),
            (json!({"mid": [416], "classes": ["aton"]}), [false, false, true]),
            (json!({"min_length_m": 120}), [true, false, false]),
            (json!({"min_length_m": 120.5}), [false, false, false]),
            (json!({"max_length_m": 120}), [true, false, false]),
            (json!({"nav_status": [1, 5]}), [true, false, false]),
            (json!({"nav_status": [0]}), [false, false, false]),
            (json!({"ais_class": "B"}), [false, true, false]),
        ] {
            let read = Filter::read(&filter).unwrap();
            assert_eq!(
                [&cargo, &boat, &aid].map(|track| read.passes(track)),
                passes,
                "{filter}"
            );
        }
    }

    #[test]
    fn faults_name_their_key() {
        for (filter, keys) in [
            (json!([]), vec!["vessels"]),
            (json!({"clases": []}), vec!["vessels.clases"]),
            (
                json!({"classes": ["boat"], "mid": [200]}),
                vec!["vessels.classes", "vessels.mid"],
            ),
            (json!({"mmsi": [1_073_741_824]}), vec!["vessels.mmsi"]),
            (
                json!({"classes": ["cargo", "tanker"], "not_classes": ["tanker", "tug", "cargo"]}),
                vec!["vessels.not_classes"],
            ),
            (json!({"mmsi": [1, 2], "not_mmsi": [2, 1]}), vec!["vessels.not_mmsi"]),
            (
                json!({"min_length_m": 9, "max_length_m": 8}),
                vec!["vessels.min_length_m"],
            ),
            (
                json!({"nav_status": [16], "ais_class": "C"}),
                vec!["vessels.nav_status", "vessels.ais_class"],
            ),
        ] {
            let faults = Filter::read(&filter).unwrap_err();
            assert_eq!(
                faults.iter().map(|f| f.key.as_str()).collect::<Vec<_>>(),
                keys,
                "{filter}"
            );
        }
    }
}
