//! Layouts: a message's fields in bit order, from which its struct, decoder, encoder and JSON words come.

use super::bits::{Bits, BitsOut};

/// What all messages begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub message_type: u8,
    pub repeat: u8,
    pub mmsi: u32,
}

/// How a value of type `V` stands in bits. Whoever takes has made sure that there are enough of them.
pub(super) trait Wire<V> {
    fn take(bits: &mut Bits<'_>) -> V;
    fn put(value: &V, out: &mut BitsOut);
}

/// Declares messages. A field says its type, how it stands in bits, its JSON word where that is not its own name,
/// and how many spare bits follow it; a layout, how many precede its fields. `[message_type]` is kept where several types share a layout.
macro_rules! layout {
    ($(
        $(#[$about:meta])*
        $name:ident $([$typed:ident])? $(, spare $lead:literal)? {
            $(
                $(#[$told:meta])*
                $field:ident: $kind:ty = $wire:ty $(, as $word:literal)? $(, spare $spare:literal)?;
            )*
        }
    )*) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $(/// Which of the types of this layout.
            pub $typed: u8,)?
            /// How often it was repeated, 0..=3.
            pub repeat: u8,
            /// Who sent it.
            pub mmsi: u32,
            $($(#[$told])* pub $field: $kind,)*
        }

        impl $name {
            // Always: see `behind_head`.
            #[inline(always)]
            pub(super) fn take(
                head: $crate::ais::layout::Head,
                bits: &mut $crate::ais::bits::Bits<'_>,
            ) -> Self {
                $(bits.skip($lead);)?
                $(
                    let $field: $kind = <$wire as $crate::ais::layout::Wire<$kind>>::take(bits);
                    $(bits.skip($spare);)?
                )*
                Self {
                    $($typed: head.message_type,)?
                    repeat: head.repeat,
                    mmsi: head.mmsi,
                    $($field,)*
                }
            }

            /// Repeat indicator and MMSI.
            pub(super) fn sender(&self) -> (u8, u32) {
                (self.repeat, self.mmsi)
            }

            pub(super) fn put(&self, out: &mut $crate::ais::bits::BitsOut) {
                $(out.put($lead, 0);)?
                $(
                    <$wire as $crate::ais::layout::Wire<$kind>>::put(&self.$field, out);
                    $(out.put($spare, 0);)?
                )*
            }

            pub(super) fn tell(&self, out: &mut Vec<u8>) {
                $(
                    let word = [$($word,)? stringify!($field)][0];
                    $crate::ais::json::Tell::tell(&self.$field, word, out);
                )*
            }
        }
    )*};
}

pub(super) use layout;
