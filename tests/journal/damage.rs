//! Damage of every kind, in every kind of file: told once, by file, byte and record, and what stands behind it is read.

use std::fs::{read, write};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use harborwatch::journal::{
    Disk, Entry, Folder, Found, Journal, JournalError, Reader, Record, Segments, Verify, compress_closed,
    save_snapshot, size,
};
use harborwatch::service::{journal_folder, snapshot_folder};

use super::behind::sealed;
use super::files::{NOW, Temporary, append, told};

/// Records in each segment.
const EACH: i64 = 60;
/// Segments.
const ALL: u64 = 4;

/// A journal of segments of so many records each, the last one open.
fn journal(folder: &Path) -> Vec<PathBuf> {
    for number in 0..ALL as i64 {
        let (mut disk, _) = Disk::open(folder, 1 << 30, NOW, 0).unwrap();
        for n in number * EACH..(number + 1) * EACH {
            append(&mut disk, n);
            if n % 10 == 9 {
                disk.write().unwrap();
            }
        }
        disk.finish().unwrap();
    }
    let of_journal = Folder(folder.to_owned());
    (1..=ALL).map(|number| of_journal.open_file(number)).collect()
}

/// The records that can be read, and whatever is said of the others; a fault of the system is none of a file's.
pub fn all(folder: &Path, after: u64, verify: Verify) -> (Vec<String>, Vec<String>) {
    drained(Reader::new(Box::new(Folder(folder.to_owned())), after, verify).unwrap())
}

/// The same of this reader.
fn drained(mut reader: Reader) -> (Vec<String>, Vec<String>) {
    let (mut records, mut faults) = (Vec::new(), Vec::new());
    loop {
        match reader.next_record() {
            Ok(Some(record)) => records.push(told(record)),
            Ok(None) => break,
            Err(error) => {
                assert!(error.is_damage(), "{error}");
                faults.push(error.to_string());
            }
        }
    }
    faults.extend(reader.lacks_beginning().map(|error| error.to_string()));
    (records, faults)
}

/// A way to spoil a file's bytes.
type Spoil = fn(&mut Vec<u8>);

const HEADS: [(&str, Spoil); 7] = [
    ("empty", Vec::clear),
    ("within the magic", |bytes| bytes.truncate(3)),
    ("within the head", |bytes| bytes.truncate(70)),
    ("zeros", |bytes| bytes[..80].fill(0)),
    ("another magic", |bytes| bytes[0] ^= 1),
    ("another version", |bytes| bytes[7] ^= 2),
    ("another length", |bytes| bytes[66] ^= 4),
];

pub fn open(folder: &Path) -> (Disk, Found) {
    Disk::open(folder, 1 << 30, NOW, 0).unwrap()
}

#[test]
fn a_damaged_head_is_one_place_and_the_other_segments_are_read() {
    let folder = Temporary::new();
    let files = journal(&folder.0);
    let whole = all(&folder.0, 0, Verify::Seals).0;
    for (number, file) in files[..3].iter().enumerate() {
        let bytes = read(file).unwrap();
        for (what, spoil) in HEADS {
            let mut spoilt = bytes.clone();
            spoil(&mut spoilt);
            write(file, spoilt).unwrap();
            let first = number * EACH as usize;
            let place = format!("{} is damaged at byte 0, record {}: ", file.display(), first + 1);
            for verify in [Verify::Seals, Verify::Frames] {
                let (records, faults) = all(&folder.0, 0, verify);
                assert_eq!(faults.len(), 1, "{what}: {faults:?}");
                assert!(faults[0].starts_with(&place), "{what}: {faults:?}");
                let (before, behind) = (&whole[..first], &whole[first + EACH as usize..]);
                assert_eq!(records, [before, behind].concat(), "{what}");
            }
            let (records, faults) = all(&folder.0, first as u64 + 130, Verify::Frames);
            assert_eq!((records.len(), faults.len()), (110_usize.saturating_sub(first), 0));
        }
        write(file, bytes).unwrap();
    }
}

#[test]
fn a_damaged_head_of_the_last_segment_stays_and_is_told() {
    for (what, spoil) in &HEADS[3..] {
        let folder = Temporary::new();
        let file = journal(&folder.0).pop().unwrap();
        let mut bytes = read(&file).unwrap();
        spoil(&mut bytes);
        write(&file, &bytes).unwrap();
        let (mut disk, found) = open(&folder.0);
        assert_eq!((found.records, found.torn), (180, 0), "{what}");
        let first: Vec<_> = found.damaged.iter().map(JournalError::to_string).collect();
        append(&mut disk, 0);
        disk.finish().unwrap();
        let (records, faults) = all(&folder.0, 0, Verify::Seals);
        assert_eq!((records.len(), &faults), (181, &first), "{what}");
        assert!(faults[0].contains("00000004.hwj is damaged at byte 0, record 181"));
        assert_eq!(read(&file).unwrap(), bytes, "nothing is thrown away");
    }
}

#[test]
fn a_head_that_was_never_wholly_written_is_cut_and_its_number_used_again() {
    let whole: Spoil = |bytes| bytes.fill(0);
    for (what, spoil) in HEADS[..3].iter().chain(&[("zeros to the end", whole)]) {
        let folder = Temporary::new();
        let file = journal(&folder.0).pop().unwrap();
        let mut bytes = read(&file).unwrap();
        spoil(&mut bytes);
        write(&file, &bytes).unwrap();
        assert_eq!(all(&folder.0, 0, Verify::Seals).1, [""; 0], "{what}");
        let (mut disk, found) = open(&folder.0);
        assert_eq!((found.records, found.torn), (180, bytes.len() as u64), "{what}");
        assert!(found.damaged.is_empty());
        append(&mut disk, 0);
        disk.finish().unwrap();
        let (records, faults) = all(&folder.0, 0, Verify::Seals);
        assert_eq!((records.len(), faults.len()), (181, 0), "{what}: {faults:?}");
        assert_eq!(size(&Folder(folder.0.clone())).unwrap().last, 4, "{what}");
    }
}

#[test]
fn a_flipped_bit_in_a_compressed_segment_is_one_place() {
    let folder = Temporary::new();
    journal(&folder.0);
    let whole = all(&folder.0, 0, Verify::Seals).0;
    compress_closed(&Folder(folder.0.clone()), ALL).unwrap();
    let packed = folder.0.join("00000002.hwj.zst");
    let bytes = read(&packed).unwrap();
    let check = |what: String, spoilt: &[u8]| {
        write(&packed, spoilt).unwrap();
        let (records, faults) = all(&folder.0, 0, Verify::Seals);
        if records == whole {
            // Some bits of zstd's own header mean nothing.
            return false;
        }
        assert_eq!(faults.len(), 1, "{what}: {faults:?}");
        let (before, behind) = (&whole[..60], &whole[120..]);
        assert!(records.starts_with(before) && records.ends_with(behind), "{what}");
        let (_, record) = faults[0].split_once("00000002.hwj.zst is damaged at byte ").unwrap();
        let record = record.split([' ', ':']).nth(2).unwrap();
        // Each seal is checked when its records have been given away.
        assert!(
            record
                .parse()
                .is_ok_and(|record: usize| (61..=records.len() - 59).contains(&record)),
            "{what}: {faults:?}"
        );
        true
    };
    let flips = (0..bytes.len()).step_by(3).filter(|at| {
        let mut flipped = bytes.clone();
        flipped[*at] ^= 1 << (at % 8);
        check(format!("byte {at}"), &flipped)
    });
    assert!(flips.count() > bytes.len() / 4);
    for length in [0, 1, 20, bytes.len() / 2, bytes.len() - 1] {
        assert!(check(format!("cut at {length}"), &bytes[..length]));
    }
}

/// A folder on a disk that cannot read one of the segments beyond so many bytes.
struct Worn(Folder, u64, u64);

/// What a disk says of a sector that it cannot read.
struct Unreadable;

impl Read for Unreadable {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::from_raw_os_error(nix::libc::EIO))
    }
}

impl Segments for Worn {
    fn list(&self) -> Result<Vec<u64>, JournalError> {
        self.0.list()
    }

    fn open(&self, number: u64) -> Result<(PathBuf, Box<dyn Read + Send>), JournalError> {
        let (path, input) = self.0.open(number)?;
        if number != self.1 {
            return Ok((path, input));
        }
        Ok((path, Box::new(input.take(self.2).chain(Unreadable))))
    }
}

#[test]
fn what_the_disk_cannot_read_is_damage_and_no_torn_end() {
    let folder = Temporary::new();
    let files = journal(&folder.0);
    for (number, behind) in [(2, 120), (ALL, 0)] {
        let bytes = read(&files[0]).unwrap().len() as u64;
        for readable in [0, 20, bytes / 2, bytes - 1] {
            let worn = Worn(Folder(folder.0.clone()), number, readable);
            let reader = Reader::new(Box::new(worn), 0, Verify::Seals);
            let (records, faults) = drained(reader.unwrap());
            assert_eq!(faults.len(), 1, "{faults:?}");
            let place = format!("{} is damaged at byte ", files[number as usize - 1].display());
            assert!(faults[0].starts_with(&place), "{faults:?}");
            assert!(faults[0].ends_with(": the disk cannot read it"), "{faults:?}");
            assert!(
                records.len() as i64 >= EACH * (number as i64 - 1) + behind,
                "{}",
                records.len()
            );
        }
    }
}

#[test]
fn what_a_journal_has_lost_without_damage_is_told_once() {
    let folder = Temporary::new();
    let files = journal(&folder.0);
    // Its end went, and somebody knows how far it had come.
    std::fs::remove_file(&files[3]).unwrap();
    let (mut disk, found) = Disk::open(&folder.0, 1 << 30, NOW, 200).unwrap();
    assert_eq!(found.records, 180);
    append(&mut disk, 0);
    disk.finish().unwrap();
    for verify in [Verify::Seals, Verify::Frames] {
        let (records, faults) = all(&folder.0, 0, verify);
        assert_eq!(
            (records.len(), &faults[..]),
            (181, &["records 181 to 200 are not there".to_owned()][..])
        );
        assert_eq!(all(&folder.0, 190, verify).1, ["records 191 to 200 are not there"]);
        assert!(all(&folder.0, 200, verify).1.is_empty());
    }
    // Its beginning went, and later that it did is a record.
    std::fs::remove_file(&files[0]).unwrap();
    std::fs::remove_file(&files[1]).unwrap();
    let of_journal = all(&folder.0, 0, Verify::Seals).1;
    assert_eq!(of_journal[1..], ["segments 1 to 2 are not there"]);
    disk.append(&Record {
        time: NOW,
        entry: Entry::Cut { last: 1 },
    });
    disk.write().unwrap();
    assert_eq!(
        all(&folder.0, 0, Verify::Seals).1[1..],
        ["segments 2 to 2 are not there"]
    );
    disk.append(&Record {
        time: NOW,
        entry: Entry::Cut { last: 2 },
    });
    disk.write().unwrap();
    assert_eq!(all(&folder.0, 0, Verify::Seals).1.len(), 1);
}

#[test]
fn a_segment_of_another_version_is_refused() {
    let folder = Temporary::new();
    let files = journal(&folder.0);
    let mut bytes = read(&files[1]).unwrap();
    let length = u32::from_le_bytes(*bytes[64..].first_chunk().unwrap()) as usize;
    let (head, rest) = bytes.split_at_mut(68 + length);
    head[7] = 2;
    rest[..32].copy_from_slice(blake3::hash(head).as_bytes());
    write(&files[1], bytes).unwrap();
    let refused = Reader::new(Box::new(Folder(folder.0.clone())), 1, Verify::Frames).map(|_| ());
    assert!(matches!(refused, Err(JournalError::Version(_, 2))), "{refused:?}");
}

/// Exit status and standard output of `journal WHAT`.
fn asked(what: &str, data: &Path) -> (i32, String) {
    let mut words = what.split(' ');
    let mut command = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
    let command = command.arg("journal").args(words.next()).arg(data).args(words);
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "journal {what}");
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_person_on_duty_is_told_of_every_damage() {
    let data = Temporary::new();
    let (segments, kept) = (journal_folder(&data.0), snapshot_folder(&data.0));
    let files = journal(&segments);
    // The last is that of the gap.
    for record in [100, 200, 235] {
        save_snapshot(&kept, record, &[7; 1000]).unwrap();
    }
    let summary = |status, told: &str| {
        let (code, output) = asked("check", &data.0);
        assert_eq!((code, output.lines().last()), (status, Some(told)), "{output}");
        output
    };
    summary(
        0,
        "240 records and 3 snapshots are whole, 0 places are damaged, 0 bytes at the end are torn",
    );
    write(&files[0], "").unwrap();
    let mut bytes = read(&files[2]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    write(&files[2], bytes).unwrap();
    let snapshot = kept.join(format!("{:020}.hws", 200));
    let bytes = read(&snapshot).unwrap();
    for spoilt in [0, 20, 50, bytes.len() - 1] {
        write(&snapshot, &bytes[..spoilt]).unwrap();
        let records = 240 - 60 - 10;
        let told =
            format!("{records} records and 2 snapshots are whole, 3 places are damaged, 0 bytes at the end are torn");
        let output = summary(1, &told);
        for file in [&files[0], &files[2], &snapshot] {
            assert!(
                output.contains(&format!("{} is damaged at byte ", file.display())),
                "{output}"
            );
        }
    }
    let (code, output) = asked("info", &data.0);
    assert_eq!((code, output.matches("damage     ").count()), (0, 2), "{output}");
    assert!(output.contains("records    up to 240: "), "{output}");
}

#[test]
fn the_person_on_duty_is_told_of_a_journal_that_ends_before_its_snapshots() {
    let data = Temporary::new();
    let files = journal(&journal_folder(&data.0));
    for gap in [179, 235] {
        save_snapshot(&snapshot_folder(&data.0), gap, b"a core").unwrap();
    }
    assert_eq!(asked("check", &data.0).0, 0);
    std::fs::remove_file(&files[3]).unwrap();
    let (code, output) = asked("check", &data.0);
    assert_eq!(code, 1);
    assert!(
        output.starts_with("records 181 to 235 are not there\n180 records"),
        "{output}"
    );
}

#[test]
fn the_person_on_duty_is_told_of_a_lost_end_beside_other_damage() {
    let data = Temporary::new();
    let journal = journal_folder(&data.0);
    let (file, frames) = sealed(&journal);
    save_snapshot(&snapshot_folder(&data.0), 201, b"a core").unwrap();
    std::fs::remove_file(Folder(journal.clone()).open_file(2)).unwrap();
    let mut bytes = read(&file).unwrap();
    bytes[frames[3] + 20] ^= 1;
    write(&file, bytes).unwrap();
    let (code, output) = asked("check", &data.0);
    assert!(
        code == 1 && output.contains("\nrecords 201 to 201 are not there\n"),
        "{output}"
    );
    let (_, found) = Disk::open(&journal, 1 << 30, NOW, 201).unwrap();
    assert!(found.records == 200 && !found.ends_in_doubt);
}

#[test]
fn nothing_is_cut_behind_which_damage_would_be_hidden() {
    let data = Temporary::new();
    let journal = journal_folder(&data.0);
    let files = self::journal(&journal);
    save_snapshot(&snapshot_folder(&data.0), 180, b"a core").unwrap();
    let mut bytes = read(&files[3]).unwrap();
    bytes[80] ^= 1;
    write(&files[3], bytes).unwrap();
    let before = size(&Folder(journal.clone())).unwrap();
    let (code, output) = asked("cut --before 2030-01-01T00:00:00Z", &data.0);
    assert!(
        code == 1 && output.contains("00000004.hwj is damaged at byte 0"),
        "{output}"
    );
    assert!(output.contains("nothing is deleted"), "{output}");
    assert_eq!(size(&Folder(journal)).unwrap(), before);
}
