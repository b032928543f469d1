//! Containments and restorations in rounds, as XSOAR asks for them, whose rounds are killed and then called again with the
//! same arguments: all is taken in the end, the user is deleted where that was wanted, and what the first round answered
//! is enough to give everything back.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::containments::{directory, kill, now, only_given, only_taken, settled, somebody};
use super::{Moments, kills};
use crate::containment::ask_for_xsoar;
use crate::model::access::{Access, told};
use crate::process::{Output, Sandbox};

/// Has all rounds done, each of which may be killed before; gives the first answer and the last. Of the first round of
/// something that is little, what it has taken is known only from its answer, so it is not killed.
fn in_rounds(
    sandbox: &Sandbox,
    moments: &mut Moments,
    command: &str,
    args: Value,
    spares_first: bool,
    check: &mut dyn FnMut(&mut Moments, Access),
) -> (Output, Output) {
    let command = format!("aws-iam-identitycenter-{command}");
    let (mut args, mut first) = (args, None);
    loop {
        let kills = match (first.is_none(), spares_first) {
            (true, true) => 0,
            (true, false) => 1,
            _ => moments.random.u8(0..=2),
        };
        for _ in 0..kills {
            let request = json!({"command": command, "args": args, "integration": true}).to_string();
            let after = kill(sandbox, &request, moments);
            check(moments, after);
        }
        let output = ask_for_xsoar(sandbox, &command, &args);
        check(moments, now(sandbox));
        let Some(next) = output.entries()[0].get("PollingArgs").cloned() else {
            return (first.unwrap_or_else(|| output.clone()), output);
        };
        args = next;
        first.get_or_insert(output);
        // XSOAR waits longer than this.
        thread::sleep(Duration::from_millis(moments.random.u64(0..400)));
    }
}

#[test]
fn rounds_that_are_killed_and_called_again_lose_nothing() {
    let mut moments = Moments::new();
    while !moments.are_enough(kills()) {
        let sandbox = directory(&mut moments.random);
        let begin = now(&sandbox);
        let user = somebody(&mut moments.random, &begin);
        let command = ["contain-user", "contain-user", "offboard-user"][moments.random.usize(..3)];
        let (mut before, is_little) = (begin.clone(), begin.of(&user).len() <= 20);
        let mut take = |moments: &mut Moments, after: Access| {
            only_taken(&user, &before, &after);
            moments.note(before.of(&user).len() - after.of(&user).len(), before.of(&user).len());
            before = after;
        };
        let (first, last) = in_rounds(&sandbox, &mut moments, command, json!({"userId": user}), is_little, &mut take);
        let contained = now(&sandbox);
        only_taken(&user, &begin, &contained);
        assert_eq!(contained.of(&user).len(), 0, "{last:?}");
        if command == "offboard-user" {
            // A round that was killed may have deleted the user.
            assert!(last.code == 0 || last.stdout.contains("was not found in identity store"), "{last:?}");
            assert!(!contained.users.contains_key(&user));
            continue;
        }
        let snapshots = [&first, &last].map(|output| told(&output.entries(), "Containment").unwrap().clone());
        assert_eq!((last.code, &snapshots[1]["Status"]), (0, &json!("done")), "{last:?}");
        let snapshot = match moments.random.u8(0..3) {
            0 => snapshots[0].clone(),
            1 => snapshots[1].clone(),
            _ => json!(snapshots),
        };
        let mut before = contained;
        let mut give = |moments: &mut Moments, after: Access| {
            only_given(&user, &before, &after, &begin);
            moments.note(after.rows.len() - before.rows.len(), begin.rows.len() - before.rows.len());
            before = after;
        };
        let args = json!({"userId": user, "snapshot": snapshot});
        let (_, last) = in_rounds(&sandbox, &mut moments, "restore-user", args, false, &mut give);
        assert_eq!(last.code, 0, "{last:?}");
        assert!(settled(&sandbox) == begin, "not everything is back: {last:?}");
    }
    moments.end("rounds killed");
}
