//! Signatures of containments: HMAC-SHA-256 with a key for each purpose. A signature is one text, `v1:KEY:MAC`, in which
//! KEY names the key. It has no hexadecimal digits in a row, which XSOAR would take for the hash of a file.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

use super::canonical::{VERSION, canonical};
use super::keys::SnapshotKeys;
use crate::values::output::{Containment, Status};

/// What a signature vouches for. One that was made for another purpose proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// What a user had, for restore-user.
    Snapshot,
    /// How far a containment is, for its next round.
    Progress,
}

impl Purpose {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::Progress => "progress",
        }
    }
}

/// Why a containment is not known to be as it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unverified {
    Unsigned,
    /// It is signed, and there is no key that lasts to verify it with.
    NoKey,
    OtherKey,
    Altered,
    /// A later version of this program signed it.
    LaterVersion,
    TooOld,
    InFuture,
    /// AWS has another name for the user.
    OtherName,
}

/// What is true of the snapshot, after "it".
impl fmt::Display for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unsigned => "is not signed",
            Self::NoKey => "cannot be verified, because this instance has no key that lasts",
            Self::OtherKey => "was signed with another key",
            Self::Altered => "was altered after it was signed",
            Self::LaterVersion => "was signed by a later version of this integration",
            Self::TooOld => "is older than 30 days",
            Self::InFuture => "is dated in the future",
            Self::OtherName => "has another name for the user than AWS has",
        })
    }
}

impl Unverified {
    /// What a person may do about it, where there is something better than to go without.
    pub(super) fn advice(&self) -> Option<&'static str> {
        match self {
            Self::NoKey => Some("Set the parameter snapshotKey to the key that signed it."),
            Self::OtherKey => Some("If the key was changed, add the earlier one to the parameter snapshotKey."),
            Self::Altered => Some("Use the Containment of the case in which the user was contained."),
            Self::LaterVersion => Some("Update the integration."),
            Self::Unsigned | Self::TooOld | Self::InFuture | Self::OtherName => None,
        }
    }
}

/// Returns the signature of a containment. Nothing is signed without a key that lasts, and no dry run is.
pub(crate) fn sign(keys: &SnapshotKeys, containment: &Containment, purpose: Purpose) -> Option<String> {
    let key = keys.first().filter(|_| containment.status != Status::DryRun)?;
    let mac = hmac::sign(&key.of(purpose), &canonical(containment, purpose)?);
    Some(format!("v{VERSION}:{}:{}", key.id(), URL_SAFE_NO_PAD.encode(mac)))
}

/// Fails if the containment is not what one of these keys has signed for this purpose.
pub(crate) fn verify(keys: &SnapshotKeys, containment: &Containment, purpose: Purpose) -> Result<(), Unverified> {
    let signature = containment.signature.as_deref().map(str::trim).unwrap_or_default();
    if signature.is_empty() {
        return Err(Unverified::Unsigned);
    }
    if keys.is_empty() {
        return Err(Unverified::NoKey);
    }
    let mut parts = signature.splitn(3, ':');
    let (Some(version), Some(id), Some(mac)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Unverified::Altered);
    };
    match version.strip_prefix('v').and_then(|number| number.parse::<u8>().ok()) {
        Some(VERSION) => {}
        Some(later) if later > VERSION => return Err(Unverified::LaterVersion),
        _ => return Err(Unverified::Altered),
    }
    let key = keys.called(id).ok_or(Unverified::OtherKey)?;
    let mac = URL_SAFE_NO_PAD.decode(mac).map_err(|_| Unverified::Altered)?;
    let signed = canonical(containment, purpose).ok_or(Unverified::Altered)?;
    // A dry run is never signed: what claims to be one has been altered.
    if containment.status == Status::DryRun {
        return Err(Unverified::Altered);
    }
    hmac::verify(&key.of(purpose), &signed, &mac).map_err(|_| Unverified::Altered)
}
