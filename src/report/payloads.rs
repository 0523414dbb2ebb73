//! The payloads in one input's lines, for whoever wants every message of it and no reports: duplicates are among them.

use super::Sources;
use crate::nmea::{Assembly, Framed, Message, Origin, Sentence, Stamper};
use crate::time::Timestamp;

/// Fragments of one input on their way to whole payloads.
#[derive(Clone, Debug, Default)]
pub struct Payloads {
    assembly: Assembly,
    sources: Sources,
    stamper: Stamper,
    /// The time of the last line that had one; none before the first.
    time: Option<Timestamp>,
}

impl Payloads {
    /// Takes a line, an empty one too: the message that it completes, not yet decoded.
    pub fn hear<'a>(&'a mut self, framed: Framed<'a>) -> Option<Message<'a>> {
        self.assembly.count_line();
        let line = match framed {
            Framed::Line(line) => line,
            Framed::TooLong => {
                self.stamper.skip();
                return None;
            }
        };
        if line.is_empty() {
            return None;
        }
        let sentence = Sentence::parse(line, false);
        if let Some(time) = self.stamper.stamp(&sentence) {
            if self.time.is_none() {
                self.assembly.begin_at(time);
            }
            self.time = Some(time);
        }
        let part = sentence.words.as_ref().ok()?.encapsulated.as_ref()?.as_ref().ok()?;
        let source = self.sources.of(&sentence, &self.assembly);
        let origin = Origin::new(&sentence.tag, source.0);
        self.assembly.join(self.time.unwrap_or_default(), origin, part).ok()
    }
}
