//! Records in and out, on the disk and in memory; torn ends, flipped bits, closed segments.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use harborwatch::journal::{
    Disk, Entry, Folder, Journal, JournalError, Judged, Memory, Reader, Record, Verify, compress_closed, cut,
    due_before, size,
};
use harborwatch::report::FeedId;
use harborwatch::service::{Pen, Turn};
use harborwatch::time::{Span, Timestamp};

pub const NOW: Timestamp = Timestamp::from_s(1_772_323_200);

/// A folder that goes with the test.
pub struct Temporary(pub PathBuf);

impl Temporary {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("harborwatch-journal-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What a record was, for comparing.
pub fn told((number, record): (u64, Record<'_>)) -> String {
    format!("{number} {record:?}")
}

fn line(n: i64) -> Vec<u8> {
    format!("!AIVDM,1,1,,A,{n:x},0*00\u{0}").into_bytes()
}

pub fn append(journal: &mut dyn Journal, n: i64) {
    let line = line(n);
    let feed = FeedId(n as u16 % 40);
    let entry = match n % 7 {
        0 => Entry::Tick { judged: None },
        1 => Entry::Order(&line),
        2 => Entry::Line { feed, line: None },
        3 => Entry::Gap { from: NOW, lost: 3 },
        _ => Entry::Line {
            feed,
            line: Some(&line),
        },
    };
    let time = NOW.plus(Span(n * 100 - (n % 3) * 1000));
    journal.append(&Record { time, entry });
}

fn rest(mut reader: Reader) -> Result<(Vec<String>, u64), JournalError> {
    let mut all = Vec::new();
    while let Some(record) = reader.next_record()? {
        all.push(told(record));
    }
    Ok((all, reader.torn()))
}

fn all(journal: &dyn Journal, after: u64) -> Vec<String> {
    rest(journal.read(after, Verify::Seals).unwrap()).unwrap().0
}

fn read(path: &Path) -> Result<(Vec<String>, u64), JournalError> {
    rest(Reader::new(Box::new(Folder(path.to_owned())), 0, Verify::Seals)?)
}

/// What every journal promises.
fn check_contract(journal: &mut dyn Journal) {
    assert_eq!(journal.write().unwrap(), 0);
    journal.append(&Record {
        time: NOW,
        entry: Entry::Start(b"how"),
    });
    for n in 0..500 {
        append(journal, n);
        if n % 9 == 0 {
            assert_eq!(journal.write().unwrap(), n as u64 + 2);
            assert_eq!(journal.waiting(), 0);
        }
    }
    assert!(journal.waiting() > 0);
    let written = all(journal, 0);
    assert_eq!(written.len(), 497, "what was written, and no more");
    journal.finish().unwrap();
    let all_of_it = all(journal, 0);
    assert_eq!((all_of_it.len(), &all_of_it[..497]), (501, &written[..]));
    for after in [1, 10, 11, 500, 501, 502] {
        assert_eq!(
            all(journal, after)[..],
            all_of_it[all_of_it.len().min(after as usize)..]
        );
    }
}

#[test]
fn both_journals_keep_what_they_promise() {
    let folder = Temporary::new();
    let (mut disk, found) = Disk::open(&folder.0, 4000, NOW, 0).unwrap();
    assert_eq!((found.records, found.torn), (0, 0));
    check_contract(&mut disk);
    assert!(size(&Folder(folder.0.clone())).unwrap().last > 2, "it has rolled");
    check_contract(&mut Memory::new(NOW));
}

#[test]
fn a_pen_keeps_what_its_disk_promises() {
    const ALL: i64 = 200_000;
    let folder = Temporary::new();
    let pen = |segment_bytes| {
        let (disk, _) = Disk::open(&folder.0, segment_bytes, NOW, 0).unwrap();
        Pen::of(disk, Turn::default()).unwrap()
    };
    check_contract(&mut pen(4000));
    let before = read(&folder.0).unwrap().0.len();
    let mut pen = pen(1 << 20);
    let mut appended = 0;
    let mut more = |pen: &mut Pen, until: i64| {
        let until = until.min(ALL);
        (appended..until).for_each(|n| append(pen, n));
        appended = until;
        until as u64 - pen.unwritten()
    };
    let full = (1..).map(|thousands| more(&mut pen, 1000 * thousands)).take(190);
    assert!(
        full.into_iter().any(|written| written > 0),
        "a full page is written unasked"
    );
    more(&mut pen, ALL);
    assert!(pen.unwritten() > 0);
    pen.finish().unwrap();
    assert_eq!(pen.unwritten(), 0);
    let (read, torn) = read(&folder.0).unwrap();
    assert_eq!((read.len(), torn), (before + ALL as usize, 0));
    let in_memory = {
        let mut memory = Memory::new(NOW);
        (0..ALL).for_each(|n| append(&mut memory, n));
        memory.finish().unwrap();
        all(&memory, 0)
    };
    let records = |told: &[String]| -> Vec<String> {
        let own = told.iter().map(|told| told.split_once(' ').map_or("", |(_, own)| own));
        own.map(str::to_owned).collect()
    };
    assert_eq!(records(&read[before..]), records(&in_memory));
    assert!(size(&Folder(folder.0.clone())).unwrap().last > 4, "it has rolled");
}

#[test]
fn what_a_pen_could_not_write_is_counted() {
    let folder = Temporary::new();
    let (disk, _) = Disk::open(&folder.0, 1 << 20, NOW, 0).unwrap();
    let turn = Turn::default();
    let mut pen = Pen::of(disk, turn.clone()).unwrap();
    for n in 0..10 {
        append(&mut pen, n);
    }
    assert_eq!((pen.write().unwrap(), pen.unwritten()), (10, 0));
    let held = turn.lock().unwrap();
    for n in 10..10_000 {
        append(&mut pen, n);
    }
    assert!(matches!(pen.write(), Err(JournalError::Unanswered(_))));
    assert_eq!(pen.unwritten(), 9_990);
    drop(held);
}

/// A journal of one segment, with its frames' ends and how many records stand before each.
fn segment(folder: &Path) -> Vec<(u64, usize)> {
    let (mut disk, _) = Disk::open(folder, 1 << 30, NOW, 0).unwrap();
    let (_, begun) = disk.tail().limit();
    let mut ends = vec![(begun, 0)];
    for n in 0..60 {
        append(&mut disk, n);
        if n % 10 == 9 {
            disk.write().unwrap();
            ends.push((disk.tail().limit().1, n as usize + 1));
        }
    }
    ends
}

#[test]
fn a_torn_end_is_cut_wherever_it_is_torn() {
    let (whole, torn) = (Temporary::new(), Temporary::new());
    let ends = segment(&whole.0);
    let records = read(&whole.0).unwrap().0;
    let bytes = std::fs::read(whole.0.join("00000001.hwj")).unwrap();
    let file = torn.0.join("00000001.hwj");
    let before_last = ends[ends.len() - 2].0 as usize;
    for cut in (0..ends[0].0 as usize).step_by(7).chain(before_last..=bytes.len()) {
        std::fs::write(&file, &bytes[..cut]).unwrap();
        let (at, kept) = ends
            .iter()
            .rev()
            .find(|(end, _)| *end as usize <= cut)
            .copied()
            .unwrap_or_default();
        let (mut disk, found) = Disk::open(&torn.0, 1 << 30, NOW, 0).unwrap();
        assert_eq!(
            (found.records, found.torn),
            (kept as u64, cut as u64 - at),
            "cut at {cut}"
        );
        assert!(found.damaged.is_empty());
        append(&mut disk, 99);
        disk.finish().unwrap();
        drop(disk);
        let (read, rest) = read(&torn.0).unwrap();
        assert_eq!(
            (&read[..kept], read.len(), rest),
            (&records[..kept], kept + 1, 0),
            "cut at {cut}"
        );
        std::fs::remove_dir_all(&torn.0).unwrap();
        std::fs::create_dir_all(&torn.0).unwrap();
    }
}

#[test]
fn a_flipped_bit_in_a_closed_segment_is_named() {
    let folder = Temporary::new();
    segment(&folder.0);
    drop(Disk::open(&folder.0, 1 << 30, NOW, 0).unwrap());
    let file = folder.0.join("00000001.hwj");
    let bytes = std::fs::read(&file).unwrap();
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        std::fs::write(&file, &flipped).unwrap();
        let error = read(&folder.0).expect_err(&format!("byte {at}"));
        assert!(error.to_string().contains("00000001.hwj"), "byte {at}: {error}");
    }
}

#[test]
fn damage_in_the_last_segment_is_no_torn_end() {
    let folder = Temporary::new();
    let ends = segment(&folder.0);
    let file = folder.0.join("00000001.hwj");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[ends[2].0 as usize + 20] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let (mut disk, found) = Disk::open(&folder.0, 1 << 30, NOW, 0).unwrap();
    let damage = found.damaged[0].to_string();
    assert!(
        damage.contains("00000001.hwj") && damage.contains("record 21"),
        "{damage}"
    );
    assert_eq!(found.records, 20);
    assert_eq!(std::fs::read(&file).unwrap(), bytes, "nothing is thrown away");
    append(&mut disk, 99);
    disk.finish().unwrap();
    assert!(read(&folder.0).is_err());
    let mut reader = disk.read(20, Verify::Frames).unwrap();
    assert_eq!(
        told(reader.next_record().unwrap().unwrap()).split(' ').next(),
        Some("21")
    );
}

#[test]
fn closed_segments_are_compressed_and_old_ones_go() {
    let folder = Temporary::new();
    let of_journal = Folder(folder.0.clone());
    let (mut disk, _) = Disk::open(&folder.0, 2000, NOW, 0).unwrap();
    for n in 0..500 {
        append(&mut disk, n);
        disk.write().unwrap();
    }
    disk.finish().unwrap();
    let records = all(&disk, 0);
    let (last, _) = disk.tail().limit();
    assert_eq!(compress_closed(&of_journal, last).unwrap(), last as usize - 1);
    assert_eq!(compress_closed(&of_journal, last + 1).unwrap(), 0);
    assert_eq!(all(&disk, 0), records);
    assert_eq!(all(&disk, 300), records[300..]);
    assert_eq!(due_before(&of_journal, NOW, u64::MAX).unwrap(), None);
    let due_of = |needed| due_before(&of_journal, NOW.plus(Span::s(25)), needed).unwrap();
    let due = due_of(u64::MAX).unwrap();
    let shorter = due_of(due.records - 1).unwrap();
    assert_eq!(shorter.segments[..], due.segments[..due.segments.len() - 1]);
    assert_eq!(due_of(0), None);
    cut(&of_journal, &due).unwrap();
    let gone = due.last();
    let kept = size(&of_journal).unwrap();
    assert_eq!((due.from, Some(due.until)), (NOW, kept.oldest));
    assert_eq!((kept.first, kept.last), (gone + 1, last));
    assert!(kept.oldest.unwrap() <= NOW.plus(Span::s(25)));
    let left = all(&disk, 0);
    assert_eq!(left[..], records[records.len() - left.len()..]);
    assert_eq!(left.len() as u64, records.len() as u64 - due.records);
    std::fs::remove_file(folder.0.join(format!("{:08}.hwj.zst", gone + 2))).unwrap();
    assert!(matches!(read(&folder.0), Err(JournalError::Lacking(from, to)) if (from, to) == (gone + 2, gone + 2)));
}

#[test]
fn a_reader_follows_what_is_written() {
    let folder = Temporary::new();
    let (mut disk, _) = Disk::open(&folder.0, 700, NOW, 0).unwrap();
    let mut reader = disk.read(0, Verify::Seals).unwrap().follow(disk.tail());
    let mut followed = Vec::new();
    for n in 0..200 {
        append(&mut disk, n);
        if n % 3 == 0 {
            disk.write().unwrap();
            while let Some(record) = reader.next_record().unwrap() {
                followed.push(told(record));
            }
            assert_eq!(followed.len(), n as usize + 1);
        }
    }
    assert_eq!(followed[..], all(&disk, 0)[..]);
}

#[test]
fn a_sum_over_transitions_depends_on_each_and_their_order() {
    let sum = |told: &[&[u8]]| {
        let mut judged = Judged::default();
        told.iter().for_each(|one| judged.add(one));
        judged
    };
    assert_eq!(sum(&[b"a", b"b"]), sum(&[b"a", b"b"]));
    assert_ne!(sum(&[b"a", b"b"]), sum(&[b"b", b"a"]));
    assert_ne!(sum(&[b"a", b"b"]).digest, sum(&[b"ab"]).digest);
    assert_eq!(sum(&[b"a", b"b"]).count, 2);
}
