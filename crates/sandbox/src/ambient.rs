//! The two things a directory takes from its surroundings: the time, and ids that nobody else has.
//! They stand in one place so that a test can fix them.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    time::SystemTime,
};

/// Where the time and new ids come from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ambient {
    /// The current time.
    pub(super) now: fn() -> SystemTime,
    /// A number that no other call returns.
    pub(super) random: fn() -> u128,
}

impl Ambient {
    /// The system's clock, and random numbers from the operating system.
    pub(super) fn real() -> Self {
        Self { now: SystemTime::now, random }
    }

    /// A new random UUID (version 4).
    pub(super) fn uuid(&self) -> String {
        uuid((self.random)())
    }
}

/// Writes 128 bits as a UUID of version 4.
pub(super) fn uuid(bits: u128) -> String {
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// `RandomState` is keyed by the operating system's generator, which makes its hash of nothing a
/// random number; a generator seeded with the clock could repeat itself in two processes.
fn random() -> u128 {
    let half = || u128::from(RandomState::new().build_hasher().finish());
    half() << 64 | half()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_have_version_and_variant() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_ne!(Ambient::real().uuid(), Ambient::real().uuid());
    }
}
