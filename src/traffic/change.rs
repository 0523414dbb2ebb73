//! Rules and zones that change while the traffic goes on: by an order, or because the files are others at a start.

use super::order::Change;
use super::{Answer, Changes, Traffic};
use crate::picture::Picture;
use crate::register::Papers;
use crate::time::Timestamp;
use crate::watch::{Edition, Editions, FILE, Orders, Text, Watch};

impl Traffic {
    /// The versions of rules and zones, the one that stands last.
    pub fn editions(&self) -> &Editions {
        &self.editions
    }

    /// Notes what the files say of rules and zones, as the next version: the first, if there was none.
    pub fn found(&mut self, text: Text) {
        self.editions.add(Edition {
            version: self.editions.version() + 1,
            time: self.clock.now,
            author: FILE.into(),
            reason: "".into(),
            minutes: None,
            text: text.clone(),
        });
        self.editions.note_files(text);
    }

    /// Rules, zones or both become others, from the next second on.
    pub(super) fn change(&mut self, change: &Change, changes: &mut Changes) -> Answer {
        let stands = self.editions.version();
        if change.from.is_some_and(|from| from != stands) {
            return Answer::Stale(stands);
        }
        let (Some(live), Some(newest)) = (self.watches.first(), self.editions.newest()) else {
            return Answer::Unknown;
        };
        let restored = match change.restores.map(|version| self.editions.find(version)) {
            Some(None) => return Answer::Unknown,
            Some(Some(edition)) => edition,
            None => newest,
        };
        let text = Text {
            rules: change.rules.clone().unwrap_or_else(|| restored.text.rules.clone()),
            zones: change.zones.clone().unwrap_or_else(|| restored.text.zones.clone()),
        };
        let Ok(statute) = text.read(&live.orders().ground()) else {
            return Answer::Refused;
        };
        if *change.author == *FILE {
            self.editions.note_files(text.clone());
        }
        let orders = statute.orders(live.orders(), stands + 1);
        let edition = Edition {
            version: stands + 1,
            time: self.clock.now,
            author: change.author.clone(),
            reason: change.reason.clone(),
            minutes: change.minutes.clone(),
            text,
        };
        self.editions.add(edition);
        self.adopt(None, orders, changes);
        Answer::Version(stands + 1)
    }

    /// Goes on under the setup of another start (see [`Self::adopt`]): files that say otherwise than before are the next
    /// version; else what was saved since stands, in the new circumstances.
    pub fn restart(&mut self, picture: Option<Picture>, orders: Vec<Orders>, text: Text, changes: &mut Changes) {
        if !self.editions.are_files(&text) {
            self.found(text);
        }
        let orders = Self::orders_in_force(&self.editions, orders);
        self.adopt(picture, orders, changes);
    }

    /// A core that has heard and told nothing, over an empty picture, and under what was decided here: rules and zones, or
    /// `instead` of them others, and all that watches know of people's decisions.
    pub fn anew(&self, picture: Picture, orders: Vec<Orders>, instead: Option<Text>, start: Timestamp) -> Self {
        let mut next = Self::new(picture, Vec::new(), start);
        match instead {
            Some(text) => next.found(text),
            None => next.editions = self.editions.clone(),
        }
        next.done = self.done.clone();
        let orders = Self::orders_in_force(&next.editions, orders).into_iter();
        let watch = |orders: Orders| {
            let same = self.watches.iter().find(|watch| watch.orders().shadow == orders.shadow);
            match same.or(self.watches.first()) {
                Some(before) => before.anew(orders, start),
                None => Watch::new(orders, Papers::default(), start),
            }
        };
        next.watches = orders.map(watch).collect();
        next.look_at_watches();
        next
    }

    /// The orders that the newest edition makes of those of the files, in the circumstances of these. One that cannot be
    /// read in them (a desk may be configured over a zone that a saved version does not have) does not stand.
    pub(super) fn orders_in_force(editions: &Editions, orders: Vec<Orders>) -> Vec<Orders> {
        let (Some(first), Some(newest)) = (orders.first(), editions.newest()) else {
            return orders;
        };
        match newest.text.read(&first.ground()) {
            Ok(statute) => statute.orders(first, newest.version),
            Err(_) => orders,
        }
    }
}
