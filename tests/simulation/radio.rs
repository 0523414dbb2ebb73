//! Messages written bit by bit and put into sentences, by hand: nothing of the decoder's own is used.

/// A message as it goes over the air, most significant bit first.
#[derive(Clone, Debug, Default)]
pub struct Bits(Vec<bool>);

/// Where, how fast and whither; absent ones are sent as "not available".
#[derive(Clone, Copy, Debug)]
pub struct Motion {
    pub place: Option<(f64, f64)>,
    pub sog_kn: Option<f64>,
    pub cog_deg: Option<f64>,
    pub heading_deg: Option<u16>,
}

impl Bits {
    fn of(message_type: u8, mmsi: u32) -> Self {
        Self::default()
            .put(message_type.into(), 6)
            .put(0, 2)
            .put(mmsi.into(), 30)
    }

    fn put(mut self, value: i64, width: u32) -> Self {
        self.0.extend((0..width).rev().map(|bit| value >> bit & 1 == 1));
        self
    }

    /// Six-bit text (ITU-R M.1371-5, table 47), filled up with `@`.
    fn text(self, text: &str, letters: usize) -> Self {
        let codes = text.bytes().chain(std::iter::repeat(b'@')).take(letters);
        codes.fold(self, |bits, letter| bits.put(i64::from(letter & 0x3f), 6))
    }

    fn motion(self, motion: Motion) -> Self {
        let (lon, lat) = motion.place.unwrap_or((181.0, 91.0));
        self.put(motion.sog_kn.map_or(1023, tenths), 10)
            .put(1, 1)
            .put((lon * 600_000.0).round() as i64, 28)
            .put((lat * 600_000.0).round() as i64, 27)
            .put(motion.cog_deg.map_or(3600, tenths), 12)
    }

    fn dimensions(self) -> Self {
        self.put(40, 9).put(30, 9).put(6, 6).put(5, 6)
    }

    /// The payload's armour and its fill bits.
    fn armoured(&self) -> (String, usize) {
        let letter = |six: &[bool]| {
            let value = (0..6).fold(0, |value, bit| value << 1 | u8::from(six.get(bit) == Some(&true)));
            char::from(if value < 40 { value + 48 } else { value + 56 })
        };
        (self.0.chunks(6).map(letter).collect(), (6 - self.0.len() % 6) % 6)
    }
}

fn tenths(value: f64) -> i64 {
    (value * 10.0).round() as i64
}

/// Type 1.
pub fn position_a(mmsi: u32, status: u8, motion: Motion) -> Bits {
    let heading = motion.heading_deg.unwrap_or(511);
    Bits::of(1, mmsi)
        .put(status.into(), 4)
        .put(-128, 8)
        .motion(motion)
        .put(heading.into(), 9)
        .put(60, 6)
        .put(0, 25)
}

/// Type 18.
pub fn position_b(mmsi: u32, motion: Motion) -> Bits {
    let heading = motion.heading_deg.unwrap_or(511);
    Bits::of(18, mmsi)
        .put(0, 8)
        .motion(motion)
        .put(heading.into(), 9)
        .put(60, 6)
        .put(0, 29)
}

/// Type 5: a draught of nothing is "not available".
pub fn static_a(mmsi: u32, name: &str, ship_type: u8, draught_m: f64) -> Bits {
    Bits::of(5, mmsi)
        .put(0, 2)
        .put(i64::from(mmsi % 7) * 1_000_000 + 74_729, 30)
        .text("BTEST", 7)
        .text(name, 20)
        .put(ship_type.into(), 8)
        .dimensions()
        .put(1, 4)
        .put(0, 20)
        .put(tenths(draught_m), 8)
        .text("LIAOLUO", 20)
        .put(0, 2)
}

/// Type 24, part A.
pub fn static_b(mmsi: u32, name: &str) -> Bits {
    Bits::of(24, mmsi).put(0, 2).text(name, 20)
}

/// Type 4: a base station says where it stands, or that it does not know.
pub fn base_station(mmsi: u32, place: Option<(f64, f64)>) -> Bits {
    let (lon, lat) = place.unwrap_or((181.0, 91.0));
    Bits::of(4, mmsi)
        .put(2026, 14)
        .put(3, 4)
        .put(1, 5)
        .put(0, 17)
        .put(1, 1)
        .put((lon * 600_000.0).round() as i64, 28)
        .put((lat * 600_000.0).round() as i64, 27)
        .put(1, 4)
        .put(0, 30)
}

/// Type 14.
pub fn safety_text(mmsi: u32, text: &str) -> Bits {
    Bits::of(14, mmsi).put(0, 2).text(text, text.len())
}

/// The sentences of a message, each with a tag block if it has a source.
pub fn sentences(bits: &Bits, sequence: u64, channel: char, source: Option<&str>, time_ms: i64) -> Vec<Vec<u8>> {
    let (armour, fill) = bits.armoured();
    let parts: Vec<&[u8]> = armour.as_bytes().chunks(56).collect();
    let total = parts.len();
    let sentence = |(number, part): (usize, &&[u8])| {
        let part = std::str::from_utf8(part).unwrap();
        let fill = if number + 1 == total { fill } else { 0 };
        let sequence = if total > 1 {
            (sequence % 10).to_string()
        } else {
            String::new()
        };
        let body = summed(&format!(
            "AIVDM,{total},{},{sequence},{channel},{part},{fill}",
            number + 1
        ));
        let tag = source.map_or(String::new(), |source| {
            format!("\\{}\\", summed(&format!("s:{source},c:{time_ms}")))
        });
        format!("{tag}!{body}").into_bytes()
    };
    parts.iter().enumerate().map(sentence).collect()
}

fn summed(body: &str) -> String {
    let sum = body.bytes().fold(0, |sum, byte| sum ^ byte);
    format!("{body}*{sum:02X}")
}
