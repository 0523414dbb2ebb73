//! `feed_flood`: a feed brought more sentences in a second than it is believed to be able to.

use super::{Evaluation, Judge, Judgement, Kind, Scene, Seen, Subject, Words, ZoneUse};

pub(super) static KIND: Kind = Kind {
    name: "feed_flood",
    message: Words {
        zh: "接收來源資料量異常",
        en: "Feed brings too much",
    },
    subject: Subject::Feed,
    zones: ZoneUse::None,
    evaluation: Evaluation::TICKS,
    default_classes: &[],
    unit: None,
    parameters: &[],
    read: |_| Box::new(FeedFlood),
};

/// The limit is the feed's own, `max_sentences_s`; a feed that has none cannot flood.
#[derive(Debug)]
struct FeedFlood;

impl Judge for FeedFlood {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let (Seen::Feed(feed), Some(limit)) = (scene.subject, scene.max_sentences_s) else {
            return Judgement::NO;
        };
        let second = scene.now.floor_s();
        let sentences = scene
            .picture
            .stations
            .feed(feed)
            .map_or(0, |feed| feed.sentences_in(second - 1));
        Judgement {
            next_s: Some(second + 1),
            ..Judgement::measured(sentences > limit, f64::from(sentences), f64::from(limit))
        }
    }
}
