//! Where a segment can be read on behind damage: at a frame from which all are whole up to a seal, which tells the numbers
//! of their records. If it is chained to the seal before the damage, it is the right one. Else what was put there from
//! elsewhere may be as whole: of pieces that contradict each other the longer one is taken.

use super::frame::{Frame, FrameHead, HEAD, Hash, Seal, Walk};

/// Frames are looked for up to this length: those of the live service are far shorter.
const LIKELY_BODY: usize = 1 << 20;

/// Bytes of the shortest record: its time, and its kind.
const LEAST_RECORD: usize = 2;

/// Frames that are whole and follow each other, up to their last seal.
struct Run {
    from: usize,
    to: usize,
    /// Number of its first record.
    next: u64,
    /// Number of the last record that is sealed.
    last: u64,
    /// Its first seal is chained to the one before the damage.
    follows: bool,
}

/// Where to read on in bytes that begin with what is no frame, and the number of the record that comes next there; the
/// first that is damaged is `record`, and `chain` is that of the seal before it. None is there beyond `most`.
pub fn behind_damage(bytes: &[u8], record: u64, chain: &Hash, most: u64) -> Option<(usize, u64)> {
    let (mut best, mut from) = (None::<Run>, 1);
    while let Some(run) = next_run(bytes, from, chain) {
        from = run.to;
        let lost = run.next.checked_sub(record);
        if run.last > most || lost.is_none_or(|lost| lost > (run.from / LEAST_RECORD) as u64) {
            // It was put there from elsewhere.
            continue;
        }
        let contradicts = |best: &Run| run.next <= best.last;
        match &best {
            None if run.follows => return Some((run.from, run.next)),
            Some(best) if !contradicts(best) => break,
            Some(best) if run.length() <= best.length() => {}
            _ => best = Some(run),
        }
    }
    best.map(|run| (run.from, run.next))
}

/// Where the next whole frame begins in these bytes, from there on.
pub fn next_whole(bytes: &[u8], from: usize) -> Option<usize> {
    (from..bytes.len().saturating_sub(HEAD)).find(|at| {
        let rest = &bytes[*at..];
        let likely = rest.first_chunk().and_then(FrameHead::read);
        likely.is_some_and(|head| head.length <= LIKELY_BODY) && FrameHead::whole(rest).is_some()
    })
}

/// The next run from there on.
fn next_run(bytes: &[u8], mut from: usize, chain: &Hash) -> Option<Run> {
    loop {
        from = next_whole(bytes, from)?;
        let (mut at, mut records, mut run) = (from, 0, None);
        while let Some((frame, length)) = FrameHead::whole(&bytes[at..]) {
            match frame {
                Frame::Records(body) => records += count(body),
                Frame::Seal(seal) => {
                    match &mut run {
                        None => run = Some(Run::up_to(&seal, records, from, at, chain)),
                        Some(begun) if seal.first.checked_sub(1) == Some(begun.last) => begun.last = seal.last(),
                        Some(_) => break,
                    }
                    records = 0;
                }
            }
            at += length;
            if let (Some(begun), 0) = (&mut run, records) {
                begun.to = at;
            }
        }
        if run.is_some() {
            return run;
        }
        from = at + 1;
    }
}

impl Run {
    /// One whose first seal stands at `at`, behind so many records from `from` on.
    fn up_to(seal: &Seal, records: u64, from: usize, at: usize, chain: &Hash) -> Self {
        let last = seal.last();
        // More than it seals are not all its own: which are is not known.
        let own = records <= u64::from(seal.count) && records <= last;
        Self {
            from: if own { from } else { at },
            to: at,
            next: last.saturating_add(1) - if own { records } else { 0 },
            last,
            follows: seal.follows(chain),
        }
    }

    fn length(&self) -> usize {
        self.to - self.from
    }
}

/// Records in the body of a frame.
fn count(body: &[u8]) -> u64 {
    let mut walk = Walk::over(body).ok();
    let records = std::iter::from_fn(|| walk.as_mut()?.step().ok().flatten());
    records.count() as u64
}
