//! What an AIS receiver says of itself: alarms, texts, and how strong the message before was.

use super::{Alarm, Fields, MAX_TEXT, Reading, SLOTS, Signal, Text, Unread};

/// Greatest number of an alarm: seven digits (IEC 62923-2).
const MAX_ID: u32 = 9_999_999;

/// `$--ALR,hhmmss.ss,NUMBER,A|V,A|V,TEXT` (IEC 61162-1, ALR): condition holds, acknowledged.
pub(super) fn alr(fields: &Fields<'_>) -> Result<Reading, Unread> {
    let Some(id) = fields.whole(2, MAX_ID)? else {
        return Ok(Reading::Nothing);
    };
    Ok(Reading::Alarm(Alarm {
        id,
        instance: None,
        active: is_yes(fields.need(3)?)?,
        acknowledged: is_yes(fields.need(4)?)?,
        text: text(fields, 5),
    }))
}

/// `$--ALF,TOTAL,PART,SEQUENCE,hhmmss.ss,CATEGORY,PRIORITY,STATE,MAKER,NUMBER,INSTANCE,REVISION,ESCALATION,TEXT`
/// (IEC 62923-1, ALF). The second of two parts holds further words only, and is not kept.
pub(super) fn alf(fields: &Fields<'_>) -> Result<Reading, Unread> {
    if fields.whole(2, 9)? != Some(1) {
        return Ok(Reading::Nothing);
    }
    let (active, acknowledged) = match fields.need(7)? {
        // Unacknowledged, and silenced for a while.
        "V" | "S" => (true, false),
        // Acknowledged, and taken over by another.
        "A" | "O" => (true, true),
        // Rectified and not yet acknowledged.
        "U" => (false, false),
        "N" => (false, true),
        _ => return Err(Unread::Malformed),
    };
    let Some(id) = fields.whole(9, MAX_ID)? else {
        return Ok(Reading::Nothing);
    };
    Ok(Reading::Alarm(Alarm {
        id,
        instance: fields.whole(10, MAX_ID)?,
        active,
        acknowledged,
        text: text(fields, 13),
    }))
}

/// `$--TXT,TOTAL,PART,NUMBER,TEXT` (IEC 61162-1, TXT).
pub(super) fn txt(fields: &Fields<'_>) -> Result<Reading, Unread> {
    fields.need(4)?;
    Ok(Reading::Text(text(fields, 4)))
}

/// `$--VSI,STATION,SEQUENCE,hhmmss.ss,SLOT,STRENGTH,SNR` (IEC 62320-1, VSI).
pub(super) fn vsi(fields: &Fields<'_>) -> Result<Reading, Unread> {
    let slot = fields.whole(4, SLOTS - 1)?;
    let signal = Signal {
        slot: slot.and_then(|slot| u16::try_from(slot).ok()),
        strength_dbm: fields.decimal(5, -200.0, 50.0)?,
        snr_db: fields.decimal(6, -100.0, 200.0)?,
    };
    Ok(Reading::Signal(signal))
}

fn is_yes(field: &str) -> Result<bool, Unread> {
    match field {
        "A" => Ok(true),
        "V" => Ok(false),
        _ => Err(Unread::Malformed),
    }
}

/// The text from a field on: some devices leave their commas as they are. `^hh` is the character of that code in
/// ISO 8859-1; control characters are left out.
fn text(fields: &Fields<'_>, from: usize) -> Text {
    let mut kept = Text::new();
    let mut rest = fields.text.splitn(from + 1, ',').nth(from).unwrap_or("").trim();
    while let Some(first) = rest.chars().next() {
        let code = rest.strip_prefix('^').and_then(|after| after.get(..2));
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let coded = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        let (shown, length) = coded.map_or((first, first.len_utf8()), |code| (char::from(code), 3));
        rest = &rest[length..];
        if !shown.is_control() && (kept.len() + shown.len_utf8() > MAX_TEXT || kept.try_push(shown).is_err()) {
            break;
        }
    }
    kept
}
