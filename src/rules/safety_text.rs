//! `safety_text`: a vessel sends a safety-related text that holds certain words.

use std::collections::VecDeque;

use super::{Evaluation, Judge, Judgement, Kind, Memory, Occasion, On, Parameter, Scene, Subject, Words, ZoneUse};
use crate::time::Span;

const PATTERNS: Parameter = Parameter::names("patterns").means(
    "所注意的字詞；空白為任何文字",
    "words watched for; any text if none are given",
);
const REPEAT_S: Parameter = Parameter::number("repeat_s", 0.0, 86_400.0)
    .means(
        "相同文字再次警報的最短間隔",
        "the same text is not told of again before",
    )
    .unit("s")
    .default_number(600.0);

/// Different texts remembered of one vessel while they are not to be told again. At the bound, which is more than one
/// sender has time for in many hours, the one told longest ago is forgotten.
const MAX_TEXTS: usize = 1024;

pub(super) static KIND: Kind = Kind {
    name: "safety_text",
    message: Words {
        zh: "收到安全相關文字訊息",
        en: "Safety-related text",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::momentary(&[On::Text]),
    default_classes: &[],
    unit: None,
    parameters: &[PATTERNS, REPEAT_S],
    read: |reader| {
        let patterns = reader.names(&PATTERNS);
        if patterns.iter().any(String::is_empty) {
            reader.fault("patterns", "holds an empty word", PATTERNS.want());
        }
        Box::new(SafetyText {
            patterns: patterns.iter().map(|pattern| pattern.to_ascii_uppercase()).collect(),
            repeat: reader.span(&REPEAT_S),
        })
    },
};

#[derive(Debug)]
struct SafetyText {
    /// In capitals, as all text of AIS is.
    patterns: Vec<String>,
    repeat: Span,
}

impl Judge for SafetyText {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let Occasion::Text(text) = scene.occasion else {
            return Judgement::NO;
        };
        let told = match scene.memory {
            Memory::Texts(texts) => texts.iter().find(|(told, _)| told == text).map(|(_, time)| *time),
            _ => None,
        };
        let again = told.is_none_or(|last| scene.now >= last.plus(self.repeat));
        let found = self.patterns.is_empty()
            || self
                .patterns
                .iter()
                .any(|pattern| text.to_ascii_uppercase().contains(pattern));
        Judgement::of(found && again)
    }

    fn note_told(&self, scene: &Scene<'_>, memory: &mut Memory) {
        let Occasion::Text(text) = scene.occasion else { return };
        let mut texts = match std::mem::take(memory) {
            Memory::Texts(texts) => texts,
            _ => VecDeque::new(),
        };
        texts.retain(|(told, time)| told != text && scene.now < time.plus(self.repeat));
        if texts.len() == MAX_TEXTS {
            texts.pop_front();
        }
        texts.push_back((text.to_owned(), scene.now));
        *memory = Memory::Texts(texts);
    }
}
