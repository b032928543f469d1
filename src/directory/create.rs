//! New users and groups. One that exists already is an error with its id, unless it is our own: when an answer is lost
//! the SDK asks again, and then AWS says that it exists.

use serde::Serialize;
use serde_json::Value;

use super::Directory;
use super::call::send;
use super::lookup::unique;
use super::shapes;
use crate::values::arguments::shortened;
use crate::values::choice::{GroupChoice, UserChoice};
use crate::values::error::Error;
use crate::values::model::{Group, User};

impl Directory {
    /// AWS: `CreateUser`. The user as it now is; its id is AWS's to give.
    pub(crate) async fn create_user(&self, new: User) -> Result<User, Error> {
        let request = self.client.create_user().identity_store_id(&self.identity_store_id);
        let request = request
            .set_user_name(new.user_name.clone())
            .set_name(new.name.as_ref().map(shapes::name))
            .set_display_name(new.display_name.clone())
            .set_nick_name(new.nick_name.clone())
            .set_profile_url(new.profile_url.clone())
            .set_emails(shapes::list(new.emails.as_deref(), shapes::email))
            .set_addresses(shapes::list(new.addresses.as_deref(), shapes::address))
            .set_phone_numbers(shapes::list(new.phone_numbers.as_deref(), shapes::phone_number))
            .set_user_type(new.user_type.clone())
            .set_title(new.title.clone())
            .set_preferred_language(new.preferred_language.clone())
            .set_locale(new.locale.clone())
            .set_timezone(new.timezone.clone())
            .set_website(new.website.clone())
            .set_birthdate(new.birthdate.clone())
            .set_extensions(shapes::extensions(&new));
        let name = new.user_name.as_deref().unwrap_or_default();
        let created: Result<User, Error> = send!(request, "CreateUser", || format!("create user {}", shortened(name)));
        match created {
            Ok(User { user_id, user_arn, identity_store_id, revision, other, .. }) => {
                Ok(User { user_id, user_arn, identity_store_id, revision, other, ..new })
            }
            Err(error) if error.is_conflict() => self.created_before(&new, error).await,
            Err(error) => Err(error),
        }
    }

    /// Finds out whether the name or the address is taken, and by whom.
    async fn created_before(&self, new: &User, conflict: Error) -> Result<User, Error> {
        let by_name = new.user_name.clone().map(|name| ("userName", UserChoice::Name(name.clone()), name));
        let by_address = new.email().map(str::to_owned);
        let by_address = by_address.map(|address| ("emails.value", UserChoice::Email(address.clone()), address));
        for (path, choice, value) in by_name.into_iter().chain(by_address) {
            let what = choice.to_string();
            let Ok(Some(id)) = self.user_id_by(unique(path, &value)?, &what).await else { continue };
            let Some(lost) = conflict.lost_answer() else { return Err(Error::Exists { what, id }) };
            return match self.describe_user(&id, &what).await {
                Ok(there) if holds(&there, new) && lost.may_have_made(there.created_at.as_ref()) => Ok(there),
                _ => Err(Error::ExistsPerhapsOurs { what, id }),
            };
        }
        Err(conflict)
    }

    /// AWS: `CreateGroup`. The group as it now is; its id is AWS's to give.
    pub(crate) async fn create_group(&self, new: Group) -> Result<Group, Error> {
        let request = self.client.create_group().identity_store_id(&self.identity_store_id);
        let request = request.set_display_name(new.display_name.clone()).set_description(new.description.clone());
        let name = new.display_name.as_deref().unwrap_or_default();
        let created: Result<Group, Error> =
            send!(request, "CreateGroup", || format!("create group {}", shortened(name)));
        let conflict = match created {
            Ok(Group { group_id, group_arn, identity_store_id, revision, other, .. }) => {
                return Ok(Group { group_id, group_arn, identity_store_id, revision, other, ..new });
            }
            Err(error) if error.is_conflict() => error,
            Err(error) => return Err(error),
        };
        let what = GroupChoice::Name(name.to_owned()).to_string();
        let Ok(Some(id)) = self.group_id_by(unique("displayName", name)?, &what).await else { return Err(conflict) };
        let Some(lost) = conflict.lost_answer() else { return Err(Error::Exists { what, id }) };
        match self.describe_group(&id, &what).await {
            Ok(there) if holds(&there, &new) && lost.may_have_made(there.created_at.as_ref()) => Ok(there),
            _ => Err(Error::ExistsPerhapsOurs { what, id }),
        }
    }
}

/// Whether what is there has everything that was sent. AWS may have added to it.
fn holds<T: Serialize>(there: &T, sent: &T) -> bool {
    let json = |thing: &T| serde_json::to_value(thing).unwrap_or_default();
    let mut sent = json(sent);
    // The id is empty in what was sent.
    if let Some(members) = sent.as_object_mut() {
        members.retain(|_, value| value != "");
    }
    contains(&json(there), &sent)
}

fn contains(there: &Value, sent: &Value) -> bool {
    match (there, sent) {
        // AWS's SDK does not send that something is not so.
        (Value::Object(there), Value::Object(sent)) => sent.iter().all(|(name, value)| match there.get(name) {
            Some(there) => contains(there, value),
            None => *value == Value::Bool(false),
        }),
        (Value::Array(there), Value::Array(sent)) => {
            there.len() == sent.len() && there.iter().zip(sent).all(|(there, sent)| contains(there, sent))
        }
        _ => there == sent,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::contains;

    #[test]
    fn what_aws_has_added_is_no_difference_and_anything_else_is_one() {
        let user = |emails: Value| json!({"UserId": "u", "Emails": emails});
        let (sent, other) = (json!({"Value": "a@example.org"}), json!({"Value": "b@example.org"}));
        let more = json!({"Value": "a@example.org", "Type": "work"});
        assert!(contains(&user(json!([more])), &json!({"Emails": [sent]})));
        for emails in [json!([]), json!([other]), json!([more, other]), json!(null)] {
            assert!(!contains(&user(emails.clone()), &json!({"Emails": [sent]})), "{emails}");
        }
        assert!(!contains(&user(json!([sent])), &json!({"Emails": [more]})));
        assert!(!contains(&json!({"UserId": "u"}), &json!({"Emails": [sent]})));
        assert!(contains(&user(json!([sent])), &json!({"Emails": [{"Value": "a@example.org", "Primary": false}]})));
        assert!(!contains(&user(json!([sent])), &json!({"Emails": [{"Value": "a@example.org", "Primary": true}]})));
    }
}
