//! Reading on in a segment behind what is damaged in it: what that costs, and that nothing is read which does not belong.

use std::fs::{read, write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use harborwatch::journal::{Disk, Entry, Folder, Journal, Record, Verify, compress_closed};
use harborwatch::report::FeedId;
use harborwatch::time::Span;

use super::damage::{all, open};
use super::files::{NOW, Temporary, append};

/// A segment of 200 records in frames of ten, some of them with a seal behind, and one of one record after it; where in the
/// first each frame begins.
pub fn sealed(folder: &Path) -> (PathBuf, Vec<usize>) {
    let (mut disk, _) = open(folder);
    let mut frames = Vec::new();
    for n in 0..200 {
        append(&mut disk, n);
        if n % 10 == 9 {
            frames.push(disk.tail().limit().1 as usize);
            disk.write().unwrap();
        }
    }
    disk.finish().unwrap();
    let (mut disk, _) = open(folder);
    append(&mut disk, 200);
    disk.finish().unwrap();
    (Folder(folder.to_owned()).open_file(1), frames)
}

/// The numbers of the records that are lost by what is said of damage.
fn lost(fault: &str) -> Range<usize> {
    let (_, lost) = fault.split_once("; ").unwrap_or_default();
    match lost.split(' ').collect::<Vec<_>>()[..] {
        ["records", from, "to", until, ..] => from.parse().unwrap()..until.parse::<usize>().unwrap() + 1,
        _ => 201..201,
    }
}

#[test]
fn damage_costs_the_frame_it_is_in_and_none_of_the_others() {
    let folder = Temporary::new();
    let (file, frames) = sealed(&folder.0);
    let whole = all(&folder.0, 0, Verify::Seals).0;
    let bytes = read(&file).unwrap();
    let mut cost_nothing = 0;
    for at in frames[0]..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        write(&file, &flipped).unwrap();
        for verify in [Verify::Seals, Verify::Frames] {
            let (records, faults) = all(&folder.0, 0, verify);
            assert_eq!(faults.len(), 1, "byte {at}: {faults:?}");
            let lost = lost(&faults[0]);
            assert!([0, 10].contains(&lost.len()), "byte {at}: {faults:?}");
            assert_eq!(
                records,
                [&whole[..lost.start - 1], &whole[lost.end - 1..]].concat(),
                "byte {at}"
            );
            cost_nothing += usize::from(lost.is_empty());
            let behind = records.iter().filter(|record| whole[150..].contains(record));
            assert!(all(&folder.0, 150, verify).0.iter().eq(behind), "byte {at}");
        }
    }
    assert!(cost_nothing > 100, "a seal is no record");
}

#[test]
fn damage_before_the_last_seal_is_left_behind_when_the_journal_is_opened() {
    for spoil in [|_: &mut Vec<u8>| (), |bytes: &mut Vec<u8>| bytes.extend([7; 30])] {
        let folder = Temporary::new();
        let (file, frames) = sealed(&folder.0);
        let whole = all(&folder.0, 0, Verify::Seals).0;
        std::fs::remove_file(Folder(folder.0.clone()).open_file(2)).unwrap();
        let mut bytes = read(&file).unwrap();
        bytes[frames[3] + 20] ^= 1;
        spoil(&mut bytes);
        write(&file, &bytes).unwrap();
        let (mut disk, found) = open(&folder.0);
        assert_eq!((found.records, found.damaged.len()), (200, 1));
        append(&mut disk, 200);
        disk.finish().unwrap();
        for verify in [Verify::Seals, Verify::Frames] {
            let (records, faults) = all(&folder.0, 0, verify);
            assert_eq!(faults, [found.damaged[0].to_string()]);
            assert_eq!((records.len(), records.last()), (191, whole.last()));
        }
    }
}

#[test]
fn a_frame_that_was_taken_out_or_put_in_is_noticed_at_the_seal() {
    let folder = Temporary::new();
    let (file, frames) = sealed(&folder.0);
    let whole = all(&folder.0, 0, Verify::Seals).0;
    let bytes = read(&file).unwrap();
    let (from, to) = (frames[2], frames[3]);
    let taken_out = [&bytes[..from], &bytes[to..]].concat();
    let put_in = [&bytes[..to], &bytes[from..]].concat();
    for (spoilt, all_of_it) in [(taken_out, 191), (put_in, 211)] {
        write(&file, &spoilt).unwrap();
        for verify in [Verify::Seals, Verify::Frames] {
            let (records, faults) = all(&folder.0, 0, verify);
            assert_eq!(faults.len(), 1, "{faults:?}");
            let told = "record 1: the records are not those that were sealed";
            assert!(faults[0].contains(told), "{faults:?}");
            assert!(
                records.len() == all_of_it && records.ends_with(&whole[100..]),
                "{}",
                records.len()
            );
        }
    }
}

#[test]
fn a_piece_put_elsewhere_costs_what_it_stands_in_place_of() {
    let folder = Temporary::new();
    let (file, frames) = sealed(&folder.0);
    let whole = all(&folder.0, 0, Verify::Seals).0;
    let bytes = read(&file).unwrap();
    // Longer than the two frames and the seal it begins in the midst of; holds a seal, or two.
    let length = frames[9] - frames[6];
    for (from, to) in [(frames[1] + 5, frames[9] + 9), (frames[12] + 5, frames[5] + 9)] {
        let mut copied = bytes.clone();
        copied.copy_within(from..from + length, to);
        let mut swapped = copied.clone();
        swapped[from..from + length].copy_from_slice(&bytes[to..to + length]);
        for (spoilt, places) in [(copied, 1), (swapped, 2)] {
            write(&file, &spoilt).unwrap();
            let (records, faults) = all(&folder.0, 0, Verify::Frames);
            assert!((places..=places + 1).contains(&faults.len()), "{faults:?}");
            assert!(
                records.len() >= 201 - 50 * places,
                "{} are left: {faults:?}",
                records.len()
            );
            assert!(records.is_sorted_by_key(|record| whole.iter().position(|one| one == record)));
        }
    }
}

#[test]
fn what_another_journal_left_on_the_disk_is_not_read_on() {
    let (folder, other) = (Temporary::new(), Temporary::new());
    let (file, frames) = sealed(&folder.0);
    let whole = all(&folder.0, 0, Verify::Seals).0;
    let bytes = read(&file).unwrap();
    for least in [1_000, 300] {
        let (mut disk, _) = Disk::open(&other.0, 1 << 30, NOW, least).unwrap();
        (0..200).for_each(|n| append(&mut disk, n));
        disk.finish().unwrap();
        let number = disk.tail().limit().0;
        let left = read(Folder(other.0.clone()).open_file(number)).unwrap();
        let spoilt = [&bytes[..frames[15] + 7], &left[200..]].concat();
        write(&file, spoilt).unwrap();
        for verify in [Verify::Seals, Verify::Frames] {
            let (records, faults) = all(&folder.0, 0, verify);
            assert!(records.iter().all(|record| whole.contains(record)), "{faults:?}");
            assert!(
                faults.len() <= 2 && records.len() == 151,
                "{}: {faults:?}",
                records.len()
            );
        }
    }
}

#[test]
fn of_many_damaged_places_all_that_is_lost_is_told() {
    let folder = Temporary::new();
    let (file, frames) = sealed(&folder.0);
    let mut bytes = read(&file).unwrap();
    for frame in frames.iter().skip(1).step_by(2) {
        bytes[*frame + 30] ^= 1;
    }
    write(&file, &bytes).unwrap();
    for verify in [Verify::Seals, Verify::Frames] {
        let (records, faults) = all(&folder.0, 0, verify);
        let lost: usize = faults.iter().map(|fault| lost(fault).len()).sum();
        // In a block with several, what stands between them has no numbers.
        assert_eq!((records.len() + lost, faults.len()), (201, 3), "{faults:?}");
        assert!(lost < 180, "{faults:?}");
    }
}

#[test]
fn damage_in_a_long_compressed_segment_costs_a_mebibyte_of_it() {
    const ALL: usize = 6_000;
    let folder = Temporary::new();
    let (mut disk, _) = open(&folder.0);
    let mut chance = 1_u64;
    for n in 0..ALL {
        // Bytes that nothing makes shorter, so that every bit of the file means something.
        let bytes = std::iter::repeat_with(|| {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (chance >> 56) as u8
        });
        let line: Vec<u8> = bytes.take(600).collect();
        let (time, feed) = (NOW.plus(Span(n as i64)), FeedId(1));
        let entry = Entry::Line {
            feed,
            line: Some(&line),
        };
        disk.append(&Record { time, entry });
        if n % 8 == 7 {
            disk.write().unwrap();
        }
    }
    disk.finish().unwrap();
    append(&mut open(&folder.0).0, 0);
    let whole = all(&folder.0, 0, Verify::Seals).0;
    compress_closed(&Folder(folder.0.clone()), 2).unwrap();
    assert_eq!(all(&folder.0, 0, Verify::Seals).0, whole);
    let packed = folder.0.join("00000001.hwj.zst");
    let bytes = read(&packed).unwrap();
    for at in (1_000..bytes.len()).step_by(bytes.len() / 50) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        write(&packed, &flipped).unwrap();
        let (records, faults) = all(&folder.0, 0, Verify::Frames);
        assert!(faults.iter().all(|fault| fault.contains("are lost")), "{faults:?}");
        assert!(
            records.len() > ALL - 2_000,
            "byte {at}: {} left, {faults:?}",
            records.len()
        );
        assert!(records.iter().all(|record| whole.contains(record)));
    }
}
