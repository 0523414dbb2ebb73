//! Kinds of the alerts that the service raises about itself.

/// Nothing can be kept.
pub(super) const SYSTEM_JOURNAL: &str = "system_journal";
/// The system's clock was set.
pub(super) const SYSTEM_CLOCK: &str = "system_clock";
/// There is little room on the disk.
pub const SYSTEM_DISK: &str = "system_disk";
/// Decisions take longer to be kept.
pub(super) const SYSTEM_SLOW: &str = "system_disk_slow";
/// What was kept could not be taken up as it was.
pub const SYSTEM_RECOVERY: &str = "system_recovery";
/// More is past its retention at once than is deleted.
pub const SYSTEM_RETENTION: &str = "system_retention";

/// What one service said ends with it: if it still holds, the next says it again.
pub(super) const OF_ONE_SERVICE: [&str; 6] = [
    SYSTEM_JOURNAL,
    SYSTEM_CLOCK,
    SYSTEM_DISK,
    SYSTEM_SLOW,
    SYSTEM_RECOVERY,
    SYSTEM_RETENTION,
];
