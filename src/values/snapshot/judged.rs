//! Whether snapshots may be believed. Each is judged by itself, and what a person is told of each is here.

use super::age;
use super::keys::SnapshotKeys;
use super::signature::{Purpose, Unverified, verify};
use crate::values::error::Error;
use crate::values::output::{Containment, SnapshotCheck, Status};

/// The user who is to get something back.
pub(crate) struct Whose<'w> {
    pub(crate) id: &'w str,
    /// What AWS calls the user.
    pub(crate) name: Option<&'w str>,
    /// The name, or else the id.
    pub(crate) shown: &'w str,
    pub(crate) identity_store_id: &'w str,
}

/// The snapshots of a user, and which of them are used.
pub(super) struct Judged {
    pub(super) used: Vec<Containment>,
    pub(super) checks: Checks,
}

/// What was found of each snapshot.
#[derive(Debug)]
pub(crate) struct Checks(pub(super) Vec<SnapshotCheck>);

/// Judges each snapshot of the user by itself. Fails if none may be used.
pub(super) fn judged(
    containments: Vec<Containment>,
    user: &Whose<'_>,
    keys: &SnapshotKeys,
    allow_unverified: bool,
    now: i128,
) -> Result<Judged, Error> {
    let (mut good, mut checks) = (Vec::new(), Checks(Vec::new()));
    for containment in own(containments, user)? {
        let verdict = judge(&containment, user, keys, now);
        let is_used = (verdict.is_ok() || allow_unverified) && containment.status != Status::DryRun;
        checks.0.push(SnapshotCheck {
            taken_at: containment.taken_at.nanoseconds().map(|_| containment.taken_at.clone()),
            command: containment.command,
            verified: verdict.is_ok(),
            used: is_used,
            reason: verdict.as_ref().err().map(|reason| format!("It {reason}.")),
            advice: verdict.err().and_then(|reason| reason.advice()),
        });
        if is_used {
            good.push(containment);
        }
    }
    if let (true, Some(refused)) = (good.is_empty(), checks.refused(user.shown)) {
        return Err(Error::Setup(format!("{refused}No changes were made. {OVERRIDE}")));
    }
    Ok(Judged { used: good, checks })
}

/// What a person may do who is sure of a snapshot that cannot be verified.
const OVERRIDE: &str =
    "To restore from an unverified snapshot, run a dry run with allowUnverified=true first, and check each row.";

/// Those of this user. What a dry run would have taken is left out: it took nothing, and is not signed.
fn own(containments: Vec<Containment>, user: &Whose<'_>) -> Result<Vec<Containment>, Error> {
    let is_own = |containment: &Containment| {
        containment.user_id == user.id && containment.identity_store_id == user.identity_store_id
    };
    let (own, others): (Vec<_>, Vec<_>) = containments.into_iter().partition(is_own);
    let Whose { id, shown, identity_store_id, .. } = user;
    if own.is_empty() {
        let of: Vec<_> = others.iter().map(whose).collect();
        return Err(Error::Setup(format!(
            "The snapshot is not of user {shown} ({id} in identity store {identity_store_id}), but of {}. Nothing was \
             changed. Who was deleted and made again is another user to AWS.",
            of.join(", ")
        )));
    }
    let is_dry_run =
        |containment: &Containment| containment.status == Status::DryRun && containment.signature.is_none();
    let (dry, own): (Vec<_>, Vec<_>) = own.into_iter().partition(is_dry_run);
    if !dry.is_empty() && own.is_empty() {
        return Err(Error::Setup(format!(
            "The snapshot of user {shown} is of a dry run, which took nothing. There is nothing to give back."
        )));
    }
    Ok(own)
}

fn whose(containment: &Containment) -> String {
    let Containment { user_name, user_id, identity_store_id, .. } = containment;
    format!("user {} ({user_id} in {identity_store_id})", user_name.as_deref().unwrap_or(user_id))
}

fn judge(containment: &Containment, user: &Whose<'_>, keys: &SnapshotKeys, now: i128) -> Result<(), Unverified> {
    verify(keys, containment, Purpose::Snapshot)?;
    age::check(&containment.taken_at, now)?;
    match (&containment.user_name, user.name) {
        (Some(said), Some(name)) if said != name => Err(Unverified::OtherName),
        _ => Ok(()),
    }
}

impl Checks {
    /// Whether each that is used is verified.
    pub(super) fn are_verified(&self) -> bool {
        self.used().all(|check| check.verified)
    }

    fn used(&self) -> impl Iterator<Item = &SnapshotCheck> {
        self.0.iter().filter(|check| check.used)
    }

    pub(crate) fn any_refused(&self) -> bool {
        self.used().count() < self.0.len()
    }

    /// Says which snapshots were refused, and why; nothing if none was.
    fn refused(&self, shown: &str) -> Option<String> {
        let refused: Vec<_> = self.0.iter().filter(|check| !check.used).collect();
        let why = |check: &SnapshotCheck| {
            let sentences = check.reason.as_deref().into_iter().chain(check.advice);
            sentences.collect::<Vec<_>>().join(" ")
        };
        match (refused.as_slice(), self.0.len()) {
            ([], _) => None,
            ([only], 1) => Some(format!("The snapshot of user {shown} was refused. {} ", why(only))),
            (some, total) => {
                let were = if some.len() == 1 { "was" } else { "were" };
                let each: String =
                    some.iter().map(|check| format!("The one {}: {} ", when(check), why(check))).collect();
                Some(format!("{} of {total} snapshots of user {shown} {were} refused. {each}", some.len()))
            }
        }
    }

    /// The same as an error beside what was given back.
    pub(crate) fn error(&self, shown: &str) -> Option<Error> {
        self.refused(shown).map(|refused| Error::Setup(format!("{refused}{OVERRIDE}")))
    }

    /// Says, as a first line, that snapshots which are not verified are used; nothing if none is.
    pub(crate) fn first_line(&self) -> Option<String> {
        let unverified: Vec<_> = self.used().filter(|check| !check.verified).collect();
        let because = "because of allowUnverified=true";
        match (unverified.as_slice(), self.used().count()) {
            ([], _) => None,
            ([only], 1) => {
                let reason = only.reason.as_deref().unwrap_or_default();
                Some(format!("The snapshot is not verified, and is used {because}. {reason}"))
            }
            (some, total) => {
                let count = some.len();
                Some(format!("Not verified: {count} of {total} snapshots, which are used {because}."))
            }
        }
    }

    /// Says of each snapshot that is used when it was taken, and whether it is verified.
    pub(crate) fn lines(&self) -> Vec<String> {
        let several = self.used().count() > 1;
        let line = |check: &SnapshotCheck| {
            let verified = if check.verified { "verified" } else { "not verified" };
            let reason = check.reason.as_deref().filter(|_| several);
            let reason = reason.map_or_else(String::new, |reason| format!(" {reason}"));
            format!("Snapshot {}: {verified}.{reason}", when(check))
        };
        self.used().map(line).collect()
    }
}

/// When and by which command a snapshot was taken.
fn when(check: &SnapshotCheck) -> String {
    let now = age::now();
    let when = check.taken_at.as_ref().and_then(|time| Some(format!("{}, on {time}", age::ago(time, now)?)));
    let when = when.unwrap_or_else(|| "at an unknown time".to_owned());
    let by = check.command.map_or_else(String::new, |command| format!(", by {}", command.word()));
    format!("taken {when}{by}")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::values::snapshot::{containments, sign};

    const STORE: &str = "d-9067f2a1b3";
    const DAY: i128 = 24 * 3600;
    /// 2026-01-01T00:00:00Z
    const TAKEN_AT: i128 = 1_767_225_600;

    fn keys(text: &str) -> SnapshotKeys {
        SnapshotKeys::parse(&json!(text)).unwrap()
    }

    fn ours() -> SnapshotKeys {
        keys("a key of this instance 0123456789abcdef")
    }

    fn snapshot(more: &Value) -> Value {
        let mut snapshot = json!({
            "UserId": "u", "UserName": "alice", "IdentityStoreId": STORE, "TakenAt": "2026-01-01T00:00:00Z",
            "Command": "contain-user", "Scope": "both", "Status": "done",
            "GroupMemberships": [{"GroupId": "g", "Outcome": "removed"}],
        });
        snapshot.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        snapshot
    }

    fn signed_by(keys: &SnapshotKeys, more: &Value) -> Value {
        let mut snapshot = snapshot(more);
        let containment = containments(&snapshot).unwrap().remove(0);
        snapshot["Signature"] = json!(sign(keys, &containment, Purpose::Snapshot));
        snapshot
    }

    fn judged_at(now: i128, snapshots: &[Value], allow_unverified: bool) -> Result<Judged, String> {
        let whose = Whose { id: "u", name: Some("alice"), shown: "alice", identity_store_id: STORE };
        let found = containments(&json!(snapshots)).unwrap();
        judged(found, &whose, &ours(), allow_unverified, now).map_err(|error| error.to_string())
    }

    #[test]
    fn a_snapshot_that_cannot_be_verified_is_refused_with_the_reason_unless_that_is_allowed() {
        let good = signed_by(&ours(), &json!({}));
        let mut altered = good.clone();
        altered["GroupMemberships"][0]["GroupId"] = json!("h");
        let mut renamed = good.clone();
        renamed["UserName"] = json!("alicia");
        let other = signed_by(&keys("a key of another instance 0123456789abc"), &json!({}));
        for (snapshot, now, reason) in [
            (snapshot(&json!({})), 0, "It is not signed."),
            (altered, 0, "It was altered after it was signed."),
            (other, 0, "It was signed with another key."),
            (renamed, 0, "It has another name for the user than AWS has."),
            (good.clone(), 31 * DAY, "It is older than 30 days."),
            (good.clone(), -DAY, "It is dated in the future."),
        ] {
            let snapshots = [snapshot];
            let refused = judged_at(TAKEN_AT + now, &snapshots, false).err().unwrap();
            let begin = format!("The snapshot of user alice was refused. {reason} ");
            assert!(refused.starts_with(&begin) && refused.contains("No changes were made. "), "{refused}");
            assert!(refused.ends_with(OVERRIDE), "{refused}");
            let Judged { used, checks } = judged_at(TAKEN_AT + now, &snapshots, true).unwrap();
            assert_eq!((used.len(), checks.are_verified()), (1, false));
            let first = checks.first_line().unwrap();
            assert!(first.starts_with("The snapshot is not verified, ") && first.contains(reason), "{first}");
        }
        let Judged { used, checks } = judged_at(TAKEN_AT + 30 * DAY, &[good], false).unwrap();
        assert_eq!((used.len(), checks.are_verified(), checks.first_line()), (1, true, None));
    }

    #[test]
    fn each_of_several_is_judged_by_itself() {
        let good = signed_by(&ours(), &json!({}));
        let unsigned = snapshot(&json!({"TakenAt": "2026-01-01T01:00:00Z"}));
        let others = snapshot(&json!({"UserId": "v"}));
        let both = [unsigned.clone(), good, others];
        let Judged { used, checks } = judged_at(TAKEN_AT, &both, false).unwrap();
        assert_eq!((used.len(), checks.are_verified(), checks.first_line()), (1, true, None));
        let error = checks.error("alice").unwrap().to_string();
        assert!(
            error.starts_with("1 of 2 snapshots of user alice was refused. The one taken ")
                && error.contains("It is not signed.")
        );
        assert_eq!(checks.lines().len(), 1);
        let Judged { used, checks } = judged_at(TAKEN_AT, &both, true).unwrap();
        assert_eq!((used.len(), checks.are_verified(), checks.error("alice").is_none()), (2, false, true));
        assert!(checks.first_line().unwrap().starts_with("Not verified: 1 of 2 snapshots, "));
        assert_eq!(checks.lines().len(), 2);
        let none = judged_at(TAKEN_AT, &[unsigned.clone(), snapshot(&json!({"TakenAt": "x"}))], false).err().unwrap();
        assert!(
            none.starts_with("2 of 2 snapshots of user alice were refused. ") && none.contains("an unknown time"),
            "{none}"
        );
    }

    #[test]
    fn a_snapshot_of_somebody_else_or_of_a_dry_run_is_none() {
        let refused = |more: Value| judged_at(TAKEN_AT, &[snapshot(&more)], true).err().unwrap();
        let others = refused(json!({"UserId": "v", "UserName": null}));
        assert!(others.contains("not of user alice (u in") && others.contains("of user v (v in d-"), "{others}");
        assert!(refused(json!({"IdentityStoreId": "d-0000000000"})).contains("not of user alice"));
        assert!(refused(json!({"Status": "dry run"})).contains("of a dry run"));
        // What is signed and says that it is a dry run has been altered, and is not passed over.
        let mut signed = signed_by(&ours(), &json!({}));
        signed["Status"] = json!("dry run");
        let dry_run = snapshot(&json!({"Status": "dry run"}));
        for allow_unverified in [true, false] {
            let altered = judged_at(TAKEN_AT, &[signed.clone(), dry_run.clone()], allow_unverified).err().unwrap();
            assert!(altered.contains("was refused. It was altered"), "{altered}");
        }
        let good = signed_by(&ours(), &json!({}));
        let Judged { checks, .. } = judged_at(TAKEN_AT, &[dry_run, good], false).unwrap();
        assert_eq!(checks.0.len(), 1);
    }
}
