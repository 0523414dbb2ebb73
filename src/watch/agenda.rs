//! Which rules are judged when: found once, so that a report meets only the rules that it concerns.

use crate::picture::Reach;
use crate::rules::{On, Rule, Subject, ZoneUse};

/// Places in the list of rules, in order.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    /// By what a vessel does.
    on: [Vec<u16>; On::ALL.len()],
    /// Rules that judge vessels: those of evaluation *T* at every tick, the others while an alert is active.
    pub(super) vessels: Vec<u16>,
    /// Rules that judge pairs.
    pub(super) pairs: Vec<u16>,
    /// All the pairs that they judge.
    pub(super) reach: Option<Reach>,
    /// Rules that judge feeds.
    pub(super) feeds: Vec<u16>,
    /// Whether any rule looks at lines crossed.
    pub(super) crossings: bool,
    /// Whether any rule looks at areas passed between two reports.
    pub(super) passages: bool,
}

impl Agenda {
    pub(super) fn of(rules: &[Rule]) -> Self {
        let mut agenda = Self::default();
        for (ix, rule) in (0u16..).zip(rules) {
            match rule.kind.subject {
                Subject::Vessel => agenda.vessels.push(ix),
                Subject::Pair => agenda.add_pair_rule(ix, rule),
                Subject::Feed => agenda.feeds.push(ix),
            }
            let on = rule
                .kind
                .evaluation
                .on
                .iter()
                .filter(|_| rule.kind.subject == Subject::Vessel);
            for &on in on {
                agenda.on[on as usize].push(ix);
            }
            agenda.crossings |= rule.kind.zones == ZoneUse::Gates;
            agenda.passages |= rule.kind.zones == ZoneUse::Passed;
        }
        agenda
    }

    fn add_pair_rule(&mut self, ix: u16, rule: &Rule) {
        self.pairs.push(ix);
        self.reach = match (self.reach, rule.judge.reach()) {
            (Some(all), Some(its)) => Some(all.or(its)),
            (all, its) => all.or(its),
        };
    }

    /// The rules judged when a vessel does this.
    pub(super) fn on(&self, on: On) -> &[u16] {
        &self.on[on as usize]
    }
}
