//! Pseudo-random numbers that are the same on every machine and in every year.
//!
//! The generator is `SplitMix64` (Steele, Lea and Flood, 2014), which adds a constant and then
//! mixes the bits. It is written here because the next version of a crate might draw other numbers
//! and so change the files.
//!
//! **Invariant:** only whole numbers are used. Logarithms and powers of floating-point numbers may
//! differ in the last bit between platforms, and then `--check` would fail on some of them.

use std::ops::RangeInclusive;

/// A stream of random numbers, which its seed determines.
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// The stream with this number of `seed`. Each agent and each purpose has a stream of its own,
    /// so that a change to one does not change the others.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut random = Self { state: seed };
        random.state = random.next() ^ stream;
        random.state = random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number of `range`, all of which are equally likely. If the range is empty, its start.
    pub(crate) fn within(&mut self, range: RangeInclusive<i64>) -> i64 {
        let n_numbers = i128::from(*range.end()) - i128::from(*range.start()) + 1;
        let offset = (i128::from(self.next()) * n_numbers.max(1)) >> 64;
        i64::try_from(i128::from(*range.start()) + offset).unwrap_or(*range.start())
    }

    /// True `per_mille` times in a thousand.
    pub(crate) fn chance(&mut self, per_mille: i64) -> bool {
        self.within(1..=1000) <= per_mille
    }

    /// A duration with this mean, of which a few are much longer, as for waits and conversations:
    /// the mean times two random factors from 0 to 2.
    pub(crate) fn skewed(&mut self, mean: i64) -> i64 {
        mean * self.within(0..=2000) * self.within(0..=2000) / 1_000_000
    }
}
