//! The scenario `kinmen`: invented ships on real water, in mid-action from the first second. It is long because it is
//! one table of figures, fleet by fleet.
//!
//! Its routes were searched over the coasts of config/ beforehand, 150 m off except in harbours; `kinmen.routes` holds
//! only them. Every name begins with `TEST `, every identity has a 9 after its country digits.

use super::scenario::{
    Act, Antenna, Count, Falters, Fixed, Fleet, Ground, Home, Hull, Noise, Route, Scenario, SlowWaters, Step, Waypoint,
};
use super::truth::Does;
use crate::geo::Position;
use crate::report::AisClass;
use crate::time::{Span, Timestamp};

const ROUTES: &str = include_str!("kinmen.routes");
const HOUR: f64 = 3600.0;
const MINUTE: f64 = 60.0;
/// Zones of config/zones-kinmen.geojson where something is done, and what.
const RESTRICTED: &str = "km-restricted";
const ENTRANCE: &str = "km-liaoluo-entrance";
const CROSSING: &str = "gate_crossing";
const UNDECLARED: &str = "undeclared_entry";
/// Name, west, south, east, north.
const GROUNDS: [(&str, [f64; 4]); 13] = [
    ("south", [118.26, 24.262, 118.46, 24.305]),
    ("east", [118.545, 24.36, 118.61, 24.445]),
    ("weitou", [118.490, 24.5265, 118.510, 24.5365]),
    ("west", [118.21, 24.25, 118.29, 24.275]),
    ("north", [118.315, 24.514, 118.345, 24.525]),
    ("lieyu", [118.20, 24.372, 118.258, 24.392]),
    ("bay", [118.35, 24.388, 118.366, 24.412]),
    ("anchorage", [118.372, 24.3825, 118.403, 24.404]),
    ("anchor-west", [118.205, 24.288, 118.250, 24.306]),
    ("dredge", [118.4745, 24.4985, 118.4835, 24.5055]),
    ("distress", [118.445, 24.340, 118.455, 24.350]),
    ("xiamen", [118.080, 24.392, 118.090, 24.398]),
    ("strait", [118.50, 24.24, 118.60, 24.29]),
];
/// West, south, east, north of harbours, a little wider than their zones, and what ships do there at most.
const SLOW: [([f64; 4], f64); 3] = [
    ([118.2760, 24.4138, 118.2950, 24.4275], 6.5),
    ([118.4160, 24.4020, 118.4340, 24.4215], 6.5),
    ([118.2570, 24.4150, 118.2720, 24.4275], 6.5),
];

/// The whole scenario.
pub(super) fn scenario() -> Scenario {
    let corners = |[west, south, east, north]: [f64; 4]| (at(west, south), at(east, north));
    Scenario {
        name: "kinmen".into(),
        start: None,
        vessels: 160,
        antennas: antennas(),
        stations: stations(),
        routes: ROUTES.lines().map(route).collect(),
        grounds: GROUNDS
            .iter()
            .map(|(name, edges)| {
                let (south_west, north_east) = corners(*edges);
                Ground {
                    name: (*name).into(),
                    south_west,
                    north_east,
                }
            })
            .collect(),
        slow: SLOW
            .iter()
            .map(|(edges, limit_kn)| {
                let (south_west, north_east) = corners(*edges);
                SlowWaters {
                    south_west,
                    north_east,
                    limit_kn: *limit_kn,
                }
            })
            .collect(),
        fleets: [
            ferries(),
            merchants(),
            fishermen(),
            small_craft(),
            sand_carriers(),
            events(),
        ]
        .concat(),
        truth: Vec::new(),
    }
}

const fn at(lon: f64, lat: f64) -> Position {
    Position { lon, lat }
}

/// `name lon,lat,room lon,lat,room …`
fn route(line: &str) -> Route {
    let mut words = line.split_ascii_whitespace();
    let name = words.next().expect("a route has a name").into();
    let number = |text: &str| text.parse().expect("a waypoint is three numbers");
    let waypoint = |word: &str| {
        let mut parts = word.split(',').map(number);
        let mut next = || parts.next().expect("a waypoint is three numbers");
        Waypoint {
            position: at(next(), next()),
            room_m: next(),
        }
    };
    Route {
        name,
        points: words.map(waypoint).collect(),
    }
}

fn antennas() -> Vec<Antenna> {
    let falters = Falters {
        first_s: 900,
        every_s: 6 * 3600,
        for_s: 200,
    };
    let antenna = |name: &str, position, falters| Antenna {
        name: name.into(),
        position,
        range_nm: 12.0,
        falters,
        noise: Noise::default(),
    };
    vec![
        antenna("liaoluo", at(118.4300, 24.4180), None),
        antenna("shuitou", at(118.2880, 24.4170), Some(falters)),
    ]
}

fn stations() -> Vec<Fixed> {
    let fixed = |mmsi, name: &str, lon, lat| Fixed {
        mmsi,
        name: name.into(),
        position: at(lon, lat),
        weather: Vec::new(),
    };
    vec![
        fixed(4_169_001, "", 118.4300, 24.4180),
        fixed(4_169_002, "", 118.2880, 24.4170),
        fixed(994_169_001, "TEST BUOY 1", 118.3800, 24.3800),
        fixed(994_169_002, "TEST BUOY 2", 118.4150, 24.3550),
    ]
}

/// Sails a route out.
fn sail(route: &str) -> Step {
    step(
        Act::Sail {
            route: route.into(),
            back: false,
            into: None,
        },
        0,
    )
}

/// Sails it home.
fn back(route: &str) -> Step {
    step(
        Act::Sail {
            route: route.into(),
            back: true,
            into: None,
        },
        0,
    )
}

/// Lies moored.
fn moor(shortest: f64, longest: f64) -> Step {
    step(Act::Lie { s: (shortest, longest) }, 5)
}

/// Lies at anchor.
fn anchor(shortest: f64, longest: f64) -> Step {
    step(Act::Lie { s: (shortest, longest) }, 1)
}

/// Is beyond the scenario, unheard.
fn away(shortest: f64, longest: f64) -> Step {
    moor(shortest, longest).unheard()
}

/// Fishes.
fn fish(ground: &str, shortest: f64, longest: f64) -> Step {
    let act = Act::Work {
        ground: ground.into(),
        s: (shortest, longest),
    };
    step(act, 7).at_kn(1.5, 5.5)
}

fn step(act: Act, status: u8) -> Step {
    Step {
        act,
        status,
        speed_kn: None,
        radio: true,
        quiet_after_s: None,
        laden: false,
        name: None,
        text: None,
        skew_deg: 0.0,
        does: Vec::new(),
    }
}

impl Step {
    fn unheard(self) -> Self {
        Self { radio: false, ..self }
    }

    fn quiet_after(self, s: f64) -> Self {
        Self {
            quiet_after_s: Some(s),
            ..self
        }
    }

    fn laden(self) -> Self {
        Self { laden: true, ..self }
    }

    fn with_status(self, status: u8) -> Self {
        Self { status, ..self }
    }

    fn at_kn(self, slowest: f64, fastest: f64) -> Self {
        Self {
            speed_kn: Some((slowest, fastest)),
            ..self
        }
    }

    /// Does what this kind of rule looks for in a zone, or anywhere.
    fn doing(self, kind: &str, zone: &str) -> Self {
        self.doing_after(0.0, kind, zone)
    }

    fn doing_after(mut self, after_s: f64, kind: &str, zone: &str) -> Self {
        self.does.push(Does {
            kind: kind.into(),
            zone: (!zone.is_empty()).then(|| zone.into()),
            after_s,
        });
        self
    }

    fn into(mut self, ground: &str) -> Self {
        if let Act::Sail { into, .. } = &mut self.act {
            *into = Some(ground.into());
        }
        self
    }
}

/// Draught, speed and turns by kind of ship: name, AIS class, ship type, lengths, draughts, speeds, radius.
fn hull(kind: &str, first_mmsi: u32) -> Hull {
    use AisClass::{A, B};
    let (ais_class, ship_type, length_m, draught_m, speed_kn, radius_m) = match kind {
        "FERRY" => (A, 60, (28.0, 46.0), (1.6, 1.8), (17.0, 22.0), 150.0),
        "CARGO" => (A, 70, (85.0, 190.0), (5.2, 8.9), (9.0, 14.5), 350.0),
        "TANKER" => (A, 80, (90.0, 180.0), (6.0, 10.5), (9.0, 13.0), 350.0),
        "BOX" => (A, 71, (150.0, 260.0), (8.0, 11.5), (13.0, 18.0), 400.0),
        "YU" => (B, 30, (12.0, 26.0), (0.0, 0.0), (6.0, 9.0), 60.0),
        "YU A" => (A, 30, (24.0, 42.0), (2.2, 3.1), (7.0, 10.0), 80.0),
        "YACHT" => (B, 37, (8.0, 18.0), (0.0, 0.0), (6.0, 16.0), 50.0),
        "TUG" => (A, 52, (24.0, 34.0), (3.2, 3.6), (7.0, 10.0), 70.0),
        "PATROL" => (A, 55, (22.0, 50.0), (1.9, 2.4), (10.0, 15.0), 90.0),
        "SHA" => (A, 79, (88.0, 124.0), (2.6, 6.4), (7.0, 9.5), 220.0),
        "DREDGER" => (A, 33, (55.0, 75.0), (2.4, 3.9), (1.5, 3.0), 80.0),
        "DARK" => (A, 0, (75.0, 75.0), (0.0, 0.0), (6.5, 6.5), 150.0),
        _ => (A, 37, (10.0, 14.0), (1.0, 1.0), (15.0, 17.0), 60.0),
    };
    Hull {
        name: format!("TEST {kind}"),
        first_mmsi,
        first_number: first_mmsi % 1000,
        ais_class,
        ship_type,
        length_m,
        draught_m,
        speed_kn,
        destinations: vec!["TEST PORT".into()],
        radius_m,
        reckless: false,
    }
}

/// A fleet at the first point of a route, up to twelve hours into its plan.
fn fleet(count: Count, hull: Hull, route: &str, plan: Vec<Step>) -> Fleet {
    Fleet {
        count,
        hull,
        home: Home::Route(route.into()),
        plan,
        lead_s: (0.0, 12.0 * HOUR),
    }
}

/// To and fro between the two ends of a route.
fn ply(route: &str, shortest: f64, longest: f64) -> Vec<Step> {
    vec![
        sail(route),
        moor(shortest, longest),
        back(route),
        moor(shortest, longest),
    ]
}

fn ferries() -> Vec<Fleet> {
    let ferry = |share, first_mmsi, route: &str, minutes: (f64, f64)| {
        let hull = Hull {
            destinations: vec!["TEST FERRY LINE".into()],
            ..hull("FERRY", first_mmsi)
        };
        fleet(
            Count::Share(share),
            hull,
            route,
            ply(route, minutes.0 * MINUTE, minutes.1 * MINUTE),
        )
    };
    vec![
        ferry(0.035, 416_901_001, "ferry-wutong", (12.0, 30.0)),
        ferry(0.030, 413_901_101, "ferry-wutong", (12.0, 30.0)),
        ferry(0.030, 413_901_201, "ferry-shijing", (15.0, 40.0)),
        ferry(0.020, 416_901_301, "ferry-jiugong", (8.0, 20.0)),
    ]
}

fn merchants() -> Vec<Fleet> {
    let pass = |share, hull, route: &str| {
        let gone = away(0.3 * HOUR, 1.5 * HOUR);
        fleet(
            Count::Share(share),
            hull,
            route,
            vec![sail(route), gone.clone(), back(route), gone],
        )
    };
    let call = |share, hull, route: &str| {
        let plan = vec![
            sail(route).laden(),
            moor(6.0 * HOUR, 20.0 * HOUR),
            back(route),
            away(HOUR, 3.0 * HOUR),
        ];
        Fleet {
            lead_s: (0.0, 48.0 * HOUR),
            ..fleet(Count::Share(share), hull, route, plan)
        }
    };
    let wait = |share, hull, route: &str, ground: &str| {
        let plan = vec![
            sail(route).into(ground).laden(),
            anchor(12.0 * HOUR, 40.0 * HOUR).laden(),
            back(route),
            away(HOUR, 2.0 * HOUR),
        ];
        Fleet {
            lead_s: (0.0, 48.0 * HOUR),
            ..fleet(Count::Share(share), hull, route, plan)
        }
    };
    vec![
        pass(0.080, hull("CARGO", 413_902_101), "lane"),
        pass(0.035, hull("TANKER", 416_902_201), "lane"),
        pass(0.035, hull("BOX", 477_902_301), "lane"),
        pass(0.045, hull("CARGO", 412_902_401), "outer"),
        pass(0.025, hull("BOX", 538_902_501), "strait"),
        call(0.025, hull("CARGO", 416_902_601), "berth-inner"),
        call(0.025, hull("CARGO", 416_902_701), "berth-north"),
        wait(0.060, hull("CARGO", 416_902_801), "anchorage", "anchorage"),
        wait(0.045, hull("CARGO", 413_902_901), "anchor-west", "anchor-west"),
    ]
}

fn fishermen() -> Vec<Fleet> {
    let crew = |share, hull, route: &str, ground: &str| {
        let plan = vec![
            sail(route).into(ground),
            fish(ground, 4.0 * HOUR, 10.0 * HOUR),
            back(route),
            moor(HOUR, 4.0 * HOUR),
        ];
        Fleet {
            lead_s: (0.0, 36.0 * HOUR),
            ..fleet(Count::Share(share), hull, route, plan)
        }
    };
    vec![
        crew(0.090, hull("YU", 416_903_001), "fish-south", "south"),
        crew(0.030, hull("YU A", 416_903_201), "fish-south", "south"),
        crew(0.070, hull("YU", 413_903_301), "fish-east", "east"),
        crew(0.035, hull("YU", 413_903_401), "fish-weitou", "weitou"),
        crew(0.045, hull("YU A", 413_903_501), "fish-west", "west"),
        crew(0.040, hull("YU", 413_903_601), "fish-north", "north"),
        crew(0.040, hull("YU", 416_903_701), "fish-shuitou", "lieyu"),
    ]
}

fn small_craft() -> Vec<Fleet> {
    let patrol = |route: &str| {
        vec![
            sail(route),
            moor(0.2 * HOUR, 0.5 * HOUR),
            back(route),
            moor(HOUR, 3.0 * HOUR),
        ]
    };
    let yachts = fleet(
        Count::Share(0.05),
        hull("YACHT", 416_904_001),
        "pleasure",
        ply("pleasure", MINUTE, 2.0 * HOUR),
    );
    let bay = Fleet {
        home: Home::Ground("bay".into()),
        ..fleet(
            Count::Share(0.03),
            hull("YACHT", 416_904_201),
            "",
            vec![fish("bay", HOUR, 2.0 * HOUR), anchor(HOUR, 4.0 * HOUR)],
        )
    };
    let tugs = fleet(
        Count::Share(0.02),
        hull("TUG", 416_905_001),
        "tug",
        ply("tug", 6.0 * MINUTE, HOUR),
    );
    vec![
        yachts,
        bay,
        tugs,
        fleet(
            Count::Exactly(2),
            hull("PATROL", 416_906_001),
            "patrol-east",
            patrol("patrol-east"),
        ),
        fleet(
            Count::Exactly(2),
            hull("PATROL", 416_906_101),
            "patrol-west",
            patrol("patrol-west"),
        ),
    ]
}

/// The sand carriers, one by one: each stands for a case of the rules.
fn sand_carriers() -> Vec<Fleet> {
    let one = |first_mmsi, home: Home, lead_s: f64, plan| Fleet {
        count: Count::Exactly(1),
        hull: Hull {
            destinations: vec!["TEST SAND WHARF".into()],
            ..hull("SHA", first_mmsi)
        },
        home,
        plan,
        lead_s: (lead_s, lead_s),
    };
    let route = |name: &str| Home::Route(name.into());
    let trade = |route: &str| {
        vec![
            sail(route).laden().doing(CROSSING, ENTRANCE),
            moor(3.0 * HOUR, 5.0 * HOUR).laden(),
            back(route).doing(CROSSING, ENTRANCE),
            away(4.0 * HOUR, 8.0 * HOUR),
        ]
    };
    let mut unapproved = trade("sand-west");
    unapproved[0] = unapproved[0].clone().doing(UNDECLARED, RESTRICTED);
    let unloading = vec![
        moor(1.5 * HOUR, 1.6 * HOUR).laden(),
        back("berth-sand").doing(CROSSING, ENTRANCE),
        away(6.0 * HOUR, 9.0 * HOUR),
        sail("berth-sand").laden().doing(CROSSING, ENTRANCE),
        moor(2.0 * HOUR, 3.0 * HOUR).laden(),
    ];
    let stray = |route: &str| {
        vec![
            sail(route).doing(UNDECLARED, RESTRICTED),
            anchor(2.0 * HOUR, 4.0 * HOUR),
            back(route),
            away(0.5 * HOUR, 2.0 * HOUR),
        ]
    };
    let waiting = vec![
        anchor(30.0 * HOUR, 40.0 * HOUR).laden().doing(UNDECLARED, RESTRICTED),
        fish("anchorage", 600.0, 900.0).with_status(0),
    ];
    let outside = vec![
        anchor(10.0 * HOUR, 20.0 * HOUR).laden(),
        fish("anchor-west", 600.0, 900.0).with_status(0),
    ];
    vec![
        one(416_907_001, Home::RouteEnd("berth-sand".into()), 1800.0, unloading),
        one(413_907_002, route("berth-sand"), 2.6 * HOUR, trade("berth-sand")),
        one(413_907_003, route("sand-west"), 1.2 * HOUR, unapproved),
        one(413_907_004, route("sand-north"), 0.5 * HOUR, stray("sand-north")),
        one(413_907_005, Home::Ground("anchorage".into()), HOUR, waiting),
        one(413_907_006, route("sand-east"), 0.35 * HOUR, stray("sand-east")),
        one(416_907_007, Home::Ground("anchor-west".into()), HOUR, outside),
    ]
}

/// Digs where sand has been stolen before.
fn dredge() -> Vec<Step> {
    let dredging = Act::Work {
        ground: "dredge".into(),
        s: (6.0 * HOUR, 9.0 * HOUR),
    };
    vec![
        step(dredging, 3)
            .doing("zone_entry", "km-prohibited")
            .doing("zone_entry", RESTRICTED)
            .doing("dredging_pattern", RESTRICTED)
            .doing("zone_dwell", RESTRICTED),
        anchor(HOUR, 2.0 * HOUR),
    ]
}

/// Enters prohibited water, and falls silent there.
fn go_dark() -> Vec<Step> {
    // Begun 900 s before the start, it falls silent 100 s after it, in the midst of prohibited water.
    vec![
        sail("dark")
            .quiet_after(1000.0)
            .doing("zone_entry", "km-prohibited")
            .doing("zone_entry", RESTRICTED)
            .doing_after(1000.0, "silence", "km-coverage"),
        anchor(20.0 * MINUTE, 20.0 * MINUTE),
        back("dark"),
        anchor(2.0 * HOUR, 3.0 * HOUR),
    ]
}

/// What is scripted to the minute.
fn events() -> Vec<Fleet> {
    let one = |hull: Hull, home: Home, lead_s: f64, plan| Fleet {
        count: Count::Exactly(1),
        hull: Hull {
            first_number: hull.first_mmsi % 100,
            ..hull
        },
        home,
        plan,
        lead_s: (lead_s, lead_s),
    };
    let route = |name: &str| Home::Route(name.into());
    let speeder = Hull {
        reckless: true,
        ..hull("SPEED", 416_908_001)
    };
    let racing = vec![
        sail("speed")
            .at_kn(15.0, 17.0)
            .doing("speed_limit", "km-liaoluo-harbour"),
        sail("speed").at_kn(3.5, 4.5),
        anchor(0.5 * HOUR, HOUR),
    ];
    // Begun 960 s before the start, it crosses the gate half a minute after it.
    let supply = Hull {
        ship_type: 70,
        length_m: (50.0, 50.0),
        speed_kn: (8.0, 8.0),
        ..hull("SUPPLY", 416_908_301)
    };
    let mut ferrying = ply("supply", 0.5 * HOUR, HOUR);
    for at in [0, 2] {
        ferrying[at] = ferrying[at].clone().doing(CROSSING, ENTRANCE);
    }
    let sinking = Act::Work {
        ground: "distress".into(),
        s: (45.0 * MINUTE, 45.0 * MINUTE),
    };
    let sart = vec![
        step(sinking, 14).at_kn(0.3, 1.2).doing("distress", ""),
        away(6.0 * HOUR, 8.0 * HOUR),
    ];
    let sart_hull = Hull {
        name: "".into(),
        ship_type: 0,
        ..hull("SART", 970_416_901)
    };
    vec![
        one(
            hull("DREDGER", 413_908_101),
            Home::Ground("dredge".into()),
            600.0,
            dredge(),
        ),
        one(hull("DARK", 412_908_201), route("dark"), 900.0, go_dark()),
        one(speeder, route("speed"), 20.0, racing),
        one(supply, route("supply"), 960.0, ferrying),
        one(sart_hull, Home::Ground("distress".into()), 10.0, sart),
    ]
}

/// `[register]` of CONTRACT.md: the sand carriers, the ferries and the harbour's own boats.
pub fn register() -> String {
    let mut csv = String::from("mmsi,imo,name,name_zh,class,load_line_m,loa_m,owner\n");
    for (mmsi, number, load_line_m, loa_m) in [
        (416_907_001, 1, 6.6, 112.0),
        (413_907_002, 2, 6.6, 112.0),
        (413_907_003, 3, 6.5, 104.0),
        (413_907_004, 4, 6.5, 104.0),
        (413_907_005, 5, 6.7, 118.0),
        (413_907_006, 6, 6.5, 98.0),
        (416_907_007, 7, 6.6, 112.0),
    ] {
        csv +=
            &format!("{mmsi},,TEST SHA {number},測試砂 {number},sand_carrier,{load_line_m:.1},{loa_m:.1},TEST OWNER\n");
    }
    for (first, name, name_zh, class) in [
        (416_901_001, "FERRY", "測試渡輪", "ferry"),
        (413_901_101, "FERRY", "測試渡輪", "ferry"),
        (413_901_201, "FERRY", "測試渡輪", "ferry"),
        (416_901_301, "FERRY", "測試渡輪", "ferry"),
        (416_906_001, "PATROL", "測試巡邏艇", "patrol"),
        (416_906_101, "PATROL", "測試巡邏艇", "patrol"),
    ] {
        for mmsi in first..first + 6_u32 {
            let number = mmsi % 1000;
            csv += &format!("{mmsi},,TEST {name} {number},{name_zh} {number},{class},,,TEST OWNER\n");
        }
    }
    csv
}

/// `[declarations]` of CONTRACT.md, around a start: TEST SHA 1, 2 and 7 may come, 3 has only asked, 5 is overdue, 4 and
/// 6 have none.
pub fn declarations(start: Timestamp) -> String {
    let mut csv = String::from(
        "id,mmsi,port_zone,berth_zone,window_start,window_end,max_draught_m,cargo_t,night,inspection,status\n",
    );
    for (id, mmsi, from_h, to_h, cargo_t, inspection, status) in [
        ("TEST-D1", 416_907_001, -12, 72, 5200, false, "arrived"),
        ("TEST-D2", 413_907_002, -6, 72, 5400, false, "approved"),
        ("TEST-D3", 413_907_003, -6, 72, 4800, false, "submitted"),
        ("TEST-D5", 413_907_005, -20, -3, 5600, false, "approved"),
        ("TEST-D7", 416_907_007, -6, 72, 5200, true, "approved"),
    ] {
        let (from, to) = (start.plus(Span::s(from_h * 3600)), start.plus(Span::s(to_h * 3600)));
        csv += &format!("{id},{mmsi},,km-liaoluo-sand-berth,{from},{to},6.8,{cargo_t},true,{inspection},{status}\n");
    }
    csv
}
