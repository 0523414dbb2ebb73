//! What a client takes, and how gladly: `Accept` and `Accept-Encoding` (RFC 9110, 12.4 and 12.5).

use axum::http::{HeaderMap, HeaderName};

/// How gladly a client takes something, from 0 (not at all) to 1: as it says of the first of these names that it lists, so
/// that they go from the thing's own to the wildest. Of what is not listed 0.
pub fn quality(headers: &HeaderMap, header: HeaderName, names: &[&str]) -> f32 {
    let lines = headers.get_all(header).iter().filter_map(|line| line.to_str().ok());
    let listed: Vec<(&str, f32)> = lines.flat_map(|line| line.split(',')).map(entry).collect();
    let of_name = |name: &&str| listed.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
    names.iter().find_map(of_name).map_or(0.0, |(_, quality)| *quality)
}

/// A name and its quality, which is 1 unless it is told.
fn entry(text: &str) -> (&str, f32) {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim()
            .eq_ignore_ascii_case("q")
            .then(|| value.trim().parse().ok())?
    });
    (name, quality.unwrap_or(1.0))
}
