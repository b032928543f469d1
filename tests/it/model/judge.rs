//! Whether an answer is true: what it claims happened, what happened is not denied, and what it says is unknown could
//! not be known.

use std::collections::BTreeMap;

use serde_json::Value;

use super::facts::{Effect, Facts, difference};
use super::predict::Prediction;
use super::step::Action;

/// What an answer says of something that was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// The command did it.
    Done,
    /// It was so before.
    Same,
    /// It is so; whose work that is, is not known.
    Holds,
    /// It was not done.
    Failed,
    /// Whether it was done is not known.
    Unknown,
}

/// A command that was answered.
pub struct Answered<'a> {
    pub action: &'a Action,
    pub prediction: &'a Prediction,
    pub entries: &'a [Value],
    pub before: &'a Facts,
    pub after: &'a Facts,
    /// Whether anything went wrong on the way.
    pub faulty: bool,
    /// Whether an answer to a change was lost: to one of this membership, or to any.
    pub lost: &'a dyn Fn(Option<&str>) -> bool,
    /// Whether what is wanted may have been made a moment ago by an earlier command: AWS counts seconds.
    pub recent: bool,
    /// Whether AWS makes the changes of one call one by one.
    pub partial_updates: bool,
}

/// In these words an answer says that it does not know.
pub const UNKNOWN: [&str; 3] = ["is not known", "may have been made", "it may be that this command made it"];

impl Answered<'_> {
    /// What happened, and whether the answer says so.
    pub fn judge(&self) -> Result<(), String> {
        let Prediction { effects, failing, .. } = self.prediction;
        let new = |effect: &&Effect| !self.before.holds(effect);
        let happened: Vec<_> = effects.iter().filter(new).filter(|effect| self.after.holds(effect)).collect();
        let mut expected = self.before.clone();
        for effect in &happened {
            expected.apply(effect, self.after);
        }
        if expected != *self.after {
            return Err(format!("the directory holds\n{}", difference(&expected, self.after)));
        }
        let wanted = effects.iter().filter(new).count();
        let is_bulk = matches!(self.action, Action::RemoveFromAll { .. } | Action::DeleteMemberships { .. });
        if !is_bulk && !self.partial_updates && !happened.is_empty() && happened.len() != wanted {
            return Err("a part of one change was made".to_owned());
        }
        if let Some(failed) = failing.iter().find(|effect| self.after.holds(effect)) {
            return Err(format!("{failed:?}, although it is protected"));
        }
        if self.action.is_dry() || self.action.reads() {
            return if happened.is_empty() { self.judge_dry() } else { Err("it was to change nothing".to_owned()) };
        }
        if is_bulk { self.judge_rows() } else { self.judge_one() }
    }

    fn errors(&self) -> String {
        let errors = self.entries.iter().filter(|entry| entry["Type"] == 4);
        errors.filter_map(|entry| entry["Contents"].as_str()).collect::<Vec<_>>().join("\n")
    }

    fn said(&self) -> &str {
        let done = self.entries.iter().find(|entry| entry["Type"] == 1);
        done.and_then(|entry| entry["HumanReadable"].as_str()).unwrap_or_default()
    }

    /// A refusal has one of the reasons, and a sound way brings no errors.
    fn judge_refusal(&self) -> Result<(), String> {
        let (errors, refused) = (self.errors(), &self.prediction.refused);
        if self.faulty {
            Ok(())
        } else if refused.is_empty() && self.prediction.failing.is_empty() && !errors.is_empty() {
            Err("nothing went wrong, and it failed".to_owned())
        } else if !refused.is_empty() && !refused.iter().any(|reason| errors.contains(reason)) {
            Err(format!("it should be refused: {refused:?}"))
        } else {
            Ok(())
        }
    }

    fn judge_dry(&self) -> Result<(), String> {
        self.judge_refusal()?;
        if self.action.reads() || !self.errors().is_empty() {
            return Ok(());
        }
        let said = self.said();
        if !said.contains("would be") && !said.contains("othing") && !said.contains("0 of") {
            return Err("a dry run does not say what would be".to_owned());
        }
        let named = |effect: &Effect| match effect {
            Effect::Leave { id, .. } => self.entries[0]["Contents"].to_string().contains(id.as_str()),
            _ => true,
        };
        match self.prediction.effects.iter().find(|effect| !named(effect)) {
            Some(effect) => Err(format!("a dry run does not tell of {effect:?}")),
            None => Ok(()),
        }
    }

    /// A command that does one thing, or several attributes of one.
    fn judge_one(&self) -> Result<(), String> {
        let (errors, said) = (self.errors(), self.said());
        let claim = if UNKNOWN.iter().any(|words| errors.contains(words)) {
            Claim::Unknown
        } else if !errors.is_empty() {
            Claim::Failed
        } else if said.contains("Whether that was so before is not known") {
            Claim::Holds
        } else if said.contains("Nothing was changed") {
            Claim::Same
        } else if ["was created", "was updated", "was deleted", "was added to", "was removed from"]
            .iter()
            .any(|words| said.contains(words))
        {
            Claim::Done
        } else {
            return Err("the answer says nothing of what was done".to_owned());
        };
        self.judge_refusal()?;
        // Of several changes in one call, AWS does not tell which were made before one was refused.
        let several = match self.action {
            Action::UpdateUser { changes, .. } => changes.iter().any(|(attribute, _)| *attribute != changes[0].0),
            Action::UpdateGroup { name, description, .. } => name.is_some() && description.is_some(),
            _ => false,
        };
        let cannot_know = (self.lost)(None) || several;
        if !self.prediction.refused.is_empty() && matches!(claim, Claim::Done | Claim::Same | Claim::Holds) {
            // A creation whose answer was lost, of what an earlier command made within the same second.
            return if self.recent && (self.lost)(None) { Ok(()) } else { Err("it should be refused".to_owned()) };
        }
        self.check(&self.prediction.effects, claim, cannot_know)
    }

    fn check(&self, effects: &[Effect], claim: Claim, cannot_know: bool) -> Result<(), String> {
        let is_new = effects.iter().any(|effect| !self.before.holds(effect));
        let all_hold = effects.iter().all(|effect| self.after.holds(effect));
        let any_happened = effects.iter().any(|effect| !self.before.holds(effect) && self.after.holds(effect));
        // Attributes are set anew even if they were so before; a membership is not.
        let is_update = matches!(self.action, Action::UpdateUser { .. } | Action::UpdateGroup { .. });
        let is_true = match claim {
            Claim::Done => all_hold && (is_new || is_update || (self.recent && (self.lost)(None))),
            Claim::Same => all_hold && !any_happened,
            Claim::Holds => all_hold && cannot_know,
            Claim::Failed => !any_happened,
            Claim::Unknown => cannot_know,
        };
        if is_true { Ok(()) } else { Err(format!("it claims {claim:?} of {effects:?}, and cannot or may not")) }
    }

    /// Bulk work, which says of each membership what became of it.
    fn judge_rows(&self) -> Result<(), String> {
        self.judge_refusal()?;
        let Prediction { effects, failing, gone, .. } = self.prediction;
        let (errors, claims) = (self.errors(), self.rows()?);
        if effects.is_empty() && failing.is_empty() && gone.is_empty() {
            return Ok(());
        }
        // Nothing was begun, or the list of what there is to do broke off.
        let whole = claims.is_empty();
        let broken_off = errors.contains("There may be more groups, which were not touched");
        if whole && errors.is_empty() {
            return Err("it does not say what became of the memberships".to_owned());
        }
        let mut removed = 0;
        for effect in effects.iter().chain(failing) {
            let Effect::Leave { id, .. } = effect else { return Err(format!("{effect:?} in bulk work")) };
            let claim = match claims.get(id) {
                Some(claim) => *claim,
                None if whole || broken_off => Claim::Failed,
                None => return Err(format!("it does not say what became of membership {id}")),
            };
            removed += usize::from(claim == Claim::Done);
            let fault_of_its_own = (self.lost)(Some(id));
            self.check(std::slice::from_ref(effect), claim, fault_of_its_own)?;
            if claim == Claim::Failed && !self.faulty && !failing.contains(effect) {
                return Err(format!("membership {id} was not removed, and nothing went wrong"));
            }
        }
        for id in gone {
            match claims.get(id) {
                Some(Claim::Done) => return Err(format!("it claims to have removed {id}, long gone")),
                Some(Claim::Holds | Claim::Unknown) if !(self.lost)(Some(id)) => {
                    return Err(format!("it is known that {id} was gone"));
                }
                None if !whole => return Err(format!("it does not say that membership {id} was gone")),
                _ => {}
            }
        }
        if let Some(stranger) = claims.keys().find(|id| !self.is_wanted(id)) {
            return Err(format!("it tells of membership {stranger}, which nobody asked about"));
        }
        let total = claims.len();
        let (of_user, of_ids) = (format!("from {removed} of "), format!("{removed} of {total} memberships"));
        let said = self.said();
        if !said.is_empty() && !said.contains(&of_user) && !said.contains(&of_ids) {
            return Err(format!("{removed} of {total} were removed, and it counts otherwise"));
        }
        Ok(())
    }

    fn is_wanted(&self, id: &str) -> bool {
        let Prediction { effects, failing, gone, .. } = self.prediction;
        let is = |effect: &Effect| matches!(effect, Effect::Leave { id: wanted, .. } if wanted == id);
        effects.iter().chain(failing).any(is) || gone.iter().any(|gone| gone == id)
    }

    /// What is said of each membership. No membership may be in two rows.
    fn rows(&self) -> Result<BTreeMap<String, Claim>, String> {
        let mut claims = BTreeMap::new();
        let done = self.entries.iter().find(|entry| entry["Type"] == 1);
        for row in done.and_then(|entry| entry["Contents"].as_array()).into_iter().flatten() {
            let claim = match row["Outcome"].as_str().unwrap_or_default() {
                "removed" => Claim::Done,
                "was gone already" => Claim::Same,
                outcome if UNKNOWN.iter().any(|words| outcome.contains(words)) => Claim::Holds,
                outcome => return Err(format!("what is outcome \"{outcome}\"?")),
            };
            let id = row["MembershipId"].as_str().unwrap_or_default().to_owned();
            if claims.insert(id, claim).is_some() {
                return Err(format!("{row} is there twice"));
            }
        }
        let errors = self.errors();
        for row in errors.split("\n- ").skip(1) {
            let cells: Vec<_> = row.lines().filter_map(|line| Some(line.split_once(": ")?.1)).collect();
            let Some(id) = cells.iter().find(|cell| self.is_wanted(cell)) else {
                return Err(format!("a failed row of an unknown membership: {row}"));
            };
            let unknown = UNKNOWN.iter().any(|words| row.contains(words));
            let claim = if unknown { Claim::Unknown } else { Claim::Failed };
            if claims.insert((*id).to_owned(), claim).is_some() {
                return Err(format!("membership {id} is done, and failed as well"));
            }
        }
        Ok(claims)
    }
}

/// The judge finds liars out, so that a sound verdict means something.
#[test]
fn untrue_answers_are_found_out() {
    let id = "ff53a46f-5ead-703a-84c4-b877678537a3";
    let (user, group) = ("alice".to_owned(), "Engineering".to_owned());
    let mut there = Facts::default();
    there.memberships.insert((user.clone(), group.clone()), id.to_owned());
    let gone = Facts::default();
    let leave = Effect::Leave { user: user.clone(), group: group.clone(), id: id.to_owned() };
    let prediction = Prediction { effects: vec![leave], ..Prediction::default() };
    let named = crate::model::step::Named { place: 0, by: crate::model::step::By::Name };
    let one = Action::Remove { user: named, group: named, dry_run: false };
    let all = Action::RemoveFromAll { user: named, dry_run: false };
    let dry = Action::RemoveFromAll { user: named, dry_run: true };
    let said = |text: &str| serde_json::json!({"Type": 1, "HumanReadable": text, "Contents": {}});
    let row = |outcome: &str, count: usize| {
        let contents = serde_json::json!([{"MembershipId": id, "Outcome": outcome}]);
        serde_json::json!({"Type": 1, "HumanReadable": format!("removed from {count} of 1 groups"), "Contents": contents})
    };
    let error = |text: &str| serde_json::json!({"Type": 4, "Contents": text});
    let failed = "Whether AWS has done it is not known";
    for (action, entry, after, faulty, lost, is_true) in [
        (&one, said("User alice was removed from group Engineering."), &gone, false, false, true),
        (&one, said("User alice was removed from group Engineering."), &there, true, true, false),
        (&one, said("Nothing was changed."), &gone, true, false, false),
        (&one, error("Failed to"), &gone, true, false, false),
        (&one, error("Failed to"), &there, true, false, true),
        (&one, error("Failed to"), &there, false, false, false),
        (&one, error(failed), &gone, true, true, true),
        (&one, error(failed), &gone, true, false, false),
        (&all, row("removed", 1), &gone, false, false, true),
        (&all, row("removed", 1), &there, true, true, false),
        (&all, row("removed", 0), &gone, false, false, false),
        (&all, row("was gone already", 0), &gone, true, true, false),
        (&all, error("There may be more groups, which were not touched."), &gone, true, false, false),
        (&dry, row("would be removed", 1), &gone, false, false, false),
    ] {
        let lost = |_: Option<&str>| lost;
        let (prediction, before, entries) = (&prediction, &there, &[entry][..]);
        let answered = Answered {
            action,
            prediction,
            entries,
            before,
            after,
            faulty,
            lost: &lost,
            recent: false,
            partial_updates: false,
        };
        assert_eq!(answered.judge().is_ok(), is_true, "{entries:?} {:?}", answered.judge());
    }
}
