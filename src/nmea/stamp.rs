//! The times on the lines of a recording (RULES.md, "Time").

use super::Sentence;
use super::tag::decimal;
use crate::time::Timestamp;

/// Tells the time stamped on each line of one recording, line by line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stamper {
    /// What a `$PGHP` line just before said of the line to come.
    announced: Option<Timestamp>,
}

impl Stamper {
    /// The time stamped on the next line: its tag block's, else an epoch before or after the sentence, else that of a
    /// `$PGHP` line just before. A `$PGHP` line itself has the time that it says.
    pub fn stamp(&mut self, sentence: &Sentence<'_>) -> Option<Timestamp> {
        let words = sentence.words.as_ref().ok();
        let says = words.and_then(|words| gatehouse(words.text));
        let announced = std::mem::replace(&mut self.announced, says);
        sentence
            .tag
            .time
            .or_else(|| epoch(sentence.before))
            .or_else(|| words.and_then(|words| epoch(words.after)))
            .or(says)
            .or(announced)
    }

    /// A line that could not be read passed.
    pub fn skip(&mut self) {
        self.announced = None;
    }
}

/// The last number in `text` that stands alone and can be a time since 1970: seconds, ms, µs or ns by their size, from
/// 2001-09-09 on, so that counters, MMSIs and times of day are none.
fn epoch(text: &[u8]) -> Option<Timestamp> {
    if text.len() < 10 {
        return None;
    }
    let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+' | b'_');
    text.rsplit(|byte| !is_of_word(byte)).find_map(|word| {
        let (whole, ms) = decimal(word)?;
        let time = match whole {
            1_000_000_000..=99_999_999_999 => whole * 1000 + ms,
            1_000_000_000_000..=99_999_999_999_999 => whole,
            1_000_000_000_000_000..=99_999_999_999_999_999 => whole / 1000,
            1_000_000_000_000_000_000.. => whole / 1_000_000,
            _ => return None,
        };
        Some(Timestamp(time))
    })
}

/// The time in Gatehouse's `$PGHP,1,YEAR,MONTH,DAY,HOUR,MINUTE,SECOND,MILLISECOND,…`, UTC.
fn gatehouse(text: &[u8]) -> Option<Timestamp> {
    let mut fields = text.strip_prefix(b"$PGHP,1,")?.split(|byte| *byte == b',');
    let mut next = || {
        let (whole, _) = decimal(fields.next()?)?;
        i16::try_from(whole).ok()
    };
    Timestamp::of_date([next()?, next()?, next()?], [next()?, next()?, next()?, next()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "!AIVDM,1,1,,A,168rOKiP018N5G0=u<400?v00000,0*5A";
    const PGHP: &str = "$PGHP,1,2026,3,1,0,0,5,250,338,2,,1,5A*";

    fn check(lines: &[&str], wanted: &[Option<i64>]) {
        let mut stamper = Stamper::default();
        let told: Vec<_> = lines
            .iter()
            .map(|line| {
                stamper
                    .stamp(&Sentence::parse(line.as_bytes(), false))
                    .map(|time| time.0)
            })
            .collect();
        assert_eq!(told, wanted, "{lines:?}");
    }

    fn one(line: &str, wanted: Option<i64>) {
        check(&[line], &[wanted]);
    }

    #[test]
    fn a_tag_block_then_an_epoch_before_then_one_after() {
        let tag = "\\c:1772323200*5A\\";
        one(BODY, None);
        one(&format!("{tag}{BODY}"), Some(1_772_323_200_000));
        one(&format!("1772323201 {tag}{BODY},1772323202"), Some(1_772_323_200_000));
        one(&format!("1772323201 {BODY},1772323202"), Some(1_772_323_201_000));
        one(
            &format!("{BODY},s1,d-103,T39.44353985,x147521,r08TPHI1,1242958962"),
            Some(1_242_958_962_000),
        );
        one(&format!("{BODY} 1772323202.25"), Some(1_772_323_202_250));
        one(&format!("[1772323201123] {BODY}"), Some(1_772_323_201_123));
        one(&format!("1772323201123456,{BODY}"), Some(1_772_323_201_123));
        one(&format!("1772323201123456789;{BODY}"), Some(1_772_323_201_123));
        one("1772323201 !AIVDM,1,1,,A,1,0*00", Some(1_772_323_201_000));
    }

    #[test]
    fn what_is_no_epoch() {
        for text in [
            "416001234",
            "x1772323201",
            "-1772323201",
            "177232320155",
            "2026-03-01T00:00:00Z",
            "99999999999999999999",
            "1772323201.x",
        ] {
            one(&format!("{text} {BODY}"), None);
            one(&format!("{BODY} {text}"), None);
        }
    }

    #[test]
    fn a_gatehouse_line_tells_the_next_ones_time() {
        let sum = PGHP
            .bytes()
            .skip(1)
            .take(PGHP.len() - 2)
            .fold(0, |sum, byte| sum ^ byte);
        let pghp = &format!("{PGHP}{sum:02X}");
        let time = Some(1_772_323_205_250);
        check(&[pghp, BODY, BODY], &[time, time, None]);
        check(&[pghp, "1772323201 !x", BODY], &[time, Some(1_772_323_201_000), None]);
        check(&[&format!("{PGHP}00"), BODY], &[None, None]);
        for wrong in [
            "$PGHP,1,2026,13,1,0,0,5,250*0F",
            "$PGHP,1,2026,3*2C",
            "$PGHP,2,2026,3,1,0,0,5,250*3D",
        ] {
            let body = &wrong[1..wrong.len() - 3];
            let sum = body.bytes().fold(0, |sum, byte| sum ^ byte);
            check(&[&format!("${body}*{sum:02X}"), BODY], &[None, None]);
        }
    }
}
