//! Lines of the corpora, and how a line becomes a message.

use std::fs;
use std::path::PathBuf;

use harborwatch::ais::{self, Message, Payload};
use harborwatch::nmea::{Assembly, Origin, Sentence, Words};
use harborwatch::time::Timestamp;

/// A folder of fixtures.
pub fn fixtures(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder)
}

/// The names of all corpora, in order.
pub fn corpora() -> Vec<String> {
    let files = fs::read_dir(fixtures("conformance")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names
        .filter_map(|name| name.strip_suffix(".nmea").map(str::to_owned))
        .collect();
    names.sort();
    names
}

/// All lines of all corpora.
pub fn lines() -> Vec<Vec<u8>> {
    let files = corpora().into_iter().map(|name| format!("conformance/{name}.nmea"));
    let files = files.chain(["applications/messages.nmea".to_owned()]);
    let lines = |file: String| -> Vec<Vec<u8>> {
        let text = fs::read(fixtures(&file)).unwrap();
        text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
    };
    files.flat_map(lines).filter(|line| !line.is_empty()).collect()
}

/// Fragments of one feed on their way to messages.
#[derive(Default)]
pub struct Ears {
    assembly: Assembly,
}

/// What a line turned out to be.
pub enum Heard {
    Nothing,
    /// A sentence that carries no AIS, from `$` to before the `*`.
    Own(Vec<u8>),
    /// It completed a message; its payload as it stands in sentences.
    Message(Box<Message>, Vec<u8>, u8),
}

impl Ears {
    /// Hears a line at a time.
    pub fn hear(&mut self, time: Timestamp, line: &[u8]) -> Heard {
        self.assembly.count_line();
        let sentence = Sentence::parse(line, false);
        let Ok(Words { text, encapsulated, .. }) = sentence.words else {
            return Heard::Nothing;
        };
        let Some(part) = encapsulated else {
            return Heard::Own(text.to_vec());
        };
        let joined = part
            .ok()
            .map(|part| self.assembly.join(time, Origin::new(&sentence.tag, 0), &part));
        let Some(Ok(joined)) = joined else {
            return Heard::Nothing;
        };
        let payload = Payload {
            armoured: joined.payload,
            fill_bits: joined.fill_bits,
        };
        match ais::decode(&payload) {
            Ok(message) => Heard::Message(Box::new(message), joined.payload.to_vec(), joined.fill_bits),
            Err(_) => Heard::Nothing,
        }
    }
}
