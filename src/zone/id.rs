//! Ids that people give: of zones, rules and desks.

/// What an id may be, in words.
pub const ID: &str = "1 to 64 letters, digits, -, _ or ., the first a letter or digit";
const MAX: usize = 64;

/// Whether this may be an id: it stands in addresses, in metrics and in the names of alerts.
pub fn is_id(text: &str) -> bool {
    let good = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
    let begins_well = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    begins_well && text.len() <= MAX && text.bytes().all(good)
}
