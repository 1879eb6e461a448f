//! Heads of keys: the first bytes as integers, which settle most comparisons.

/// The first sixteen bytes of a key, with zeros behind a shorter one. Where two differ, they are
/// in the order of the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head([u64; 2]);

/// The head of a key.
pub(super) fn head(key: &[u8]) -> Head {
    Head(match key.split_first_chunk() {
        Some((high, rest)) => [u64::from_be_bytes(*high), start(rest)],
        None => [start(key), 0],
    })
}

impl Head {
    /// As one number, which compares in a few instructions where two in turn take many. It is not
    /// kept as one, since that would take more room beside a smaller number.
    pub(super) fn number(self) -> u128 {
        let [high, low] = self.0;
        u128::from(high) << 64 | u128::from(low)
    }
}

fn start(bytes: &[u8]) -> u64 {
    if let Some(bytes) = bytes.first_chunk() {
        return u64::from_be_bytes(*bytes);
    }
    let mut padded = [0; 8];
    padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    u64::from_be_bytes(padded)
}
