//! Every content there and back.

use proptest::prelude::*;

use super::*;

/// Bits of any length that a message may carry.
fn content() -> impl Strategy<Value = AppBits> {
    (prop::collection::vec(any::<u8>(), 1..130), 0usize..8)
        .prop_map(|(bytes, cut)| AppBits::new(&bytes, bytes.len() * 8 - cut).unwrap())
}

fn of(row: &Row, content: &AppBits) -> Option<Application> {
    Application::of(row.carriers[0], row.id.dac, row.id.fi, content)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    /// Whatever is understood can be said again, is understood the same, and is told as JSON.
    #[test]
    fn what_is_understood_is_said_again(row in prop::sample::select(&ROWS[..]), content in content()) {
        let Some(application) = of(&row, &content) else { return Ok(()) };
        prop_assert_eq!(of(&row, &application.content()), Some(application.clone()));
        let mut out = Vec::new();
        application.tell(&mut out);
        out[0] = b'{';
        out.push(b'}');
        prop_assert!(serde_json::from_slice::<serde_json::Value>(&out).is_ok());
    }
}

/// A content cut below its fewest bits stays bits.
#[test]
fn fewest_bits() {
    for row in &ROWS {
        let bytes = [0; 130];
        for count in 1..row.min_bits + 8 {
            let content = AppBits::new(&bytes, count).unwrap();
            let is_understood = of(row, &content).is_some();
            assert_eq!(is_understood, count >= row.min_bits, "{:?} of {count} bits", row.id);
        }
    }
}
