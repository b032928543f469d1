//! The two inputs that a directory takes from its environment: the time, and new ids. Tests replace them here.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    time::SystemTime,
};

/// The source of the time and of new ids.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClockAndIds {
    /// Returns the current time.
    pub(crate) now: fn() -> SystemTime,
    /// Returns a number that no other call returns.
    pub(crate) random: fn() -> u128,
}

impl ClockAndIds {
    /// Returns the system's clock, and random numbers from the operating system.
    pub(crate) fn of_the_system() -> Self {
        Self { now: SystemTime::now, random }
    }

    /// Returns a new random UUID (version 4).
    pub(crate) fn new_uuid(&self) -> String {
        uuid((self.random)())
    }
}

/// Writes 128 bits as a UUID of version 4.
pub(crate) fn uuid(bits: u128) -> String {
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Returns a random number. `RandomState` takes its key from the operating system's generator, so its hash of nothing is
/// random. A generator seeded with the clock could repeat itself in two processes.
fn random() -> u128 {
    let half = || u128::from(RandomState::new().build_hasher().finish());
    half() << 64 | half()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuid_of_any_bits_has_version_and_variant() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        let system = ClockAndIds::of_the_system();
        assert_ne!(system.new_uuid(), system.new_uuid());
    }
}
