//! Which rules are judged when: found once, so that a report meets only the rules that it concerns.

use super::Passage;
use super::standing::Standing;
use crate::geo::{Position, box_around};
use crate::picture::{Mover, Reach, Vicinity};
use crate::register::Class;
use crate::rules::{On, Rule, Subject, ZoneUse};
use crate::zone::{ZoneIx, ZoneSet, Zones};

/// Places in the list of rules, in order.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    /// By what a vessel does.
    on: [Concerned; On::ALL.len()],
    /// Rules that judge vessels: those of evaluation *T* at every tick, the others while an alert is active.
    pub(super) vessels: Vec<u16>,
    /// Whether any of these is judged at every tick wherever the vessel is.
    pub(super) ticks_everywhere: bool,
    /// Whether any rule may have something to say of a vessel that is, and was, in none of its zones.
    pub(super) everywhere: bool,
    /// Rules that judge pairs.
    pub(super) pairs: Vec<u16>,
    /// All the pairs that they judge.
    reach: Option<Reach>,
    /// The corners of a box in which one of each such pair is; none: anywhere.
    pairs_in: Option<(Position, Position)>,
    /// Rules that judge feeds.
    pub(super) feeds: Vec<u16>,
    /// Rules that judge stations.
    pub(super) stations: Vec<u16>,
    /// Whether any of these looks at the times that they tell.
    pub(super) clocks: bool,
    /// Whether any rule looks at lines crossed.
    pub(super) crossings: bool,
    /// Whether any rule looks at areas passed between two reports.
    pub(super) passages: bool,
}

/// The rules that one doing of a vessel concerns.
#[derive(Debug, Default)]
struct Concerned {
    all: Vec<u16>,
    /// Those that it concerns wherever the vessel is.
    everywhere: Vec<Listed>,
    /// The others, by zone; empty where there are none.
    zones: Vec<Vec<Listed>>,
}

/// A rule, and of vessels of which classes it may have something to say.
#[derive(Clone, Copy, Debug)]
struct Listed {
    rule: u16,
    /// A bit for each class.
    classes: u32,
}

const _: () = assert!(Class::ALL.len() <= u32::BITS as usize);

impl Agenda {
    pub(super) fn of(rules: &[Rule], zones: &Zones) -> Self {
        let mut agenda = Self::default();
        for (ix, rule) in (0u16..).zip(rules) {
            match rule.kind.subject {
                Subject::Vessel => {
                    agenda.vessels.push(ix);
                    agenda.ticks_everywhere |= rule.kind.evaluation.on_ticks && looks_everywhere(rule);
                }
                Subject::Pair => agenda.add_pair_rule(ix, rule),
                Subject::Feed => agenda.feeds.push(ix),
                Subject::Station => {
                    agenda.stations.push(ix);
                    agenda.clocks |= !rule.kind.evaluation.on_ticks;
                }
            }
            let on = rule
                .kind
                .evaluation
                .on
                .iter()
                .filter(|_| rule.kind.subject == Subject::Vessel);
            for &on in on {
                agenda.on[on as usize].add(ix, rule);
            }
            agenda.crossings |= rule.kind.zones == ZoneUse::Gates;
            agenda.passages |= rule.kind.zones == ZoneUse::Passed;
        }
        agenda.everywhere =
            agenda.ticks_everywhere || agenda.on.iter().any(|concerned| !concerned.everywhere.is_empty());
        let of_pairs = agenda.pairs.iter().map(|ix| rules[usize::from(*ix)].zones.as_ref());
        let all_zones: Option<Vec<&ZoneSet>> = of_pairs.collect();
        let each = |all: Vec<&ZoneSet>| zones.extent(all.into_iter().flat_map(|set| set.iter()).copied());
        agenda.pairs_in = all_zones.and_then(each);
        agenda
    }

    /// Which pairs of a vessel are judged, if any may be: where all rules have zones, either vessel must be in one.
    pub(super) fn reach(&self, vicinity: &Vicinity, mover: &Mover) -> Option<Reach> {
        let reach = self.reach?;
        let Some((south_west, north_east)) = self.pairs_in else {
            return Some(reach);
        };
        let (own_south_west, own_north_east) = box_around(mover.motion.position, vicinity.farthest(mover, &reach));
        // A box over the antimeridian is not looked at more closely.
        let meets = own_south_west.lon > own_north_east.lon
            || own_south_west.lon <= north_east.lon
                && own_north_east.lon >= south_west.lon
                && own_south_west.lat <= north_east.lat
                && own_north_east.lat >= south_west.lat;
        meets.then_some(reach)
    }

    fn add_pair_rule(&mut self, ix: u16, rule: &Rule) {
        self.pairs.push(ix);
        self.reach = match (self.reach, rule.judge.reach()) {
            (Some(all), Some(its)) => Some(all.or(its)),
            (all, its) => all.or(its),
        };
    }

    /// Whether any rule is judged when a vessel does this.
    pub(super) fn has(&self, on: On) -> bool {
        !self.on[on as usize].all.is_empty()
    }

    /// Whether this rule is judged when a vessel does this.
    pub(super) fn is_on(&self, on: On, rule: u16) -> bool {
        self.on[on as usize].all.binary_search(&rule).is_ok()
    }

    /// The rules that may have something to say when a vessel of this class does this, in order: those that look
    /// everywhere, those of a zone it is in or had to do with on its way, and those with an open condition.
    pub(super) fn concerned(&self, on: On, class: Class, standing: &Standing, passage: &Passage, rules: &mut Vec<u16>) {
        let concerned = &self.on[on as usize];
        let of_class = |listed: &Listed| (listed.classes & bit(class) != 0).then_some(listed.rule);
        rules.clear();
        rules.extend(concerned.everywhere.iter().filter_map(of_class));
        let in_order = rules.len();
        if !concerned.zones.is_empty() {
            let of_zone = |zone: ZoneIx| concerned.zones.get(zone.0 as usize);
            let inside = standing.zones.iter().map(|inside| inside.zone);
            rules.extend(inside.filter_map(of_zone).flatten().filter_map(of_class));
            if on == On::Report {
                let passed = passage.zones().filter_map(of_zone).flatten();
                rules.extend(passed.filter_map(of_class));
            }
        }
        rules.extend(standing.conditions.rules().filter(|rule| self.is_on(on, *rule)));
        if rules.len() > in_order {
            rules.sort_unstable();
            rules.dedup();
        }
    }
}

impl Concerned {
    fn add(&mut self, ix: u16, rule: &Rule) {
        self.all.push(ix);
        let passes = |class: &&Class| rule.judge.remembers() || rule.filter.may_pass(**class);
        let listed = Listed {
            rule: ix,
            classes: Class::ALL.iter().filter(passes).fold(0, |all, class| all | bit(*class)),
        };
        match &rule.zones {
            Some(zones) if !looks_everywhere(rule) => {
                let many = zones.last().map_or(0, |last| last.0 as usize + 1);
                self.zones.resize_with(self.zones.len().max(many), Vec::new);
                for zone in zones.iter() {
                    self.zones[zone.0 as usize].push(listed);
                }
            }
            _ => self.everywhere.push(listed),
        }
    }
}

fn bit(class: Class) -> u32 {
    1 << class as u32
}

/// Whether a rule may have something to say, or to remember, of a vessel that is in none of its zones.
fn looks_everywhere(rule: &Rule) -> bool {
    rule.zones.is_none() || rule.kind.zones == ZoneUse::Unnamed || rule.judge.remembers()
}
