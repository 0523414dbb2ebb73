//! `feed_silence`: a feed has brought no valid sentence for too long, connected or not.

use super::{
    AtOnce, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Seen, Subject, Words, ZoneUse, second_beyond,
};
use crate::time::Span;

const FEEDS: Parameter = Parameter::names("feeds").means(
    "所監看的接收來源；空白為全部",
    "the feeds watched; all if none are named",
);
const AFTER_S: Parameter = Parameter::number("after_s", 1.0, 86_400.0)
    .means("無資料超過此時間", "how long without a valid sentence")
    .unit("s")
    .default_number(120.0);

pub(super) static KIND: Kind = Kind {
    name: "feed_silence",
    message: Words {
        zh: "接收站沒有資料",
        en: "Feed brings no data",
    },
    subject: Subject::Feed,
    zones: ZoneUse::None,
    evaluation: Evaluation::TICKS.ending(AtOnce::Always),
    default_classes: &[],
    unit: Some("s"),
    parameters: &[FEEDS, AFTER_S],
    read: |reader| {
        reader.names(&FEEDS);
        Box::new(FeedSilence {
            after: Span::from_s(reader.number(&AFTER_S)),
        })
    },
};

#[derive(Debug)]
struct FeedSilence {
    /// Longer without a valid sentence is silence.
    after: Span,
}

impl Judge for FeedSilence {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let Seen::Feed(feed) = scene.subject else {
            return Judgement::NO;
        };
        let Some(feed) = scene.picture.stations.feed(feed) else {
            return Judgement::NO;
        };
        let gap = scene.now.since(feed.last_valid);
        let holds = gap > self.after;
        Judgement {
            next_s: (!holds).then(|| second_beyond(feed.last_valid, self.after)),
            ..Judgement::measured(holds, gap.as_s(), self.after.as_s())
        }
    }
}
