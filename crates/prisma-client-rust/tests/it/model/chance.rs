//! Chance from a seed: the same numbers for the same seed, for ever.

pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    /// splitmix64
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: i32) -> i32 {
        let n = u64::try_from(n).expect("positive");
        i32::try_from(self.next() % n).expect("below an i32")
    }

    /// True once in `n` times.
    pub(crate) fn once_in(&mut self, n: i32) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        let index = self.below(i32::try_from(of.len()).expect("few"));
        of[usize::try_from(index).expect("positive")].clone()
    }

    pub(crate) fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (!self.once_in(3)).then(|| make(self))
    }

    /// At most `most` things.
    pub(crate) fn some<T>(&mut self, most: i32, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.below(most + 1);
        (0..count).map(|_| make(self)).collect()
    }
}

/// Texts that something on the way could take for its own.
pub(crate) const TEXTS: [&str; 12] = [
    "",
    "ada",
    "Ada",
    "a%b",
    "a_b",
    "a\\b",
    "axb",
    "o'neil; DROP TABLE people; --",
    "\"$1\" {} ${x}",
    "ünïcode 🦀",
    "E'\\n'",
    "NULL",
];
