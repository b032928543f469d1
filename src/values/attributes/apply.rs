//! What a user is after changes. It is worked out in the JSON that AWS sends, so that nothing which AWS knows of a user
//! and this program does not is lost.

use serde_json::{Map, Value, json};

use super::{Attribute, Changes, List, Place, rule};
use crate::values::arguments::ArgumentError;
use crate::values::model::{ENTERPRISE, User};
use crate::values::names::without_case;

type Item = Map<String, Value>;

impl Changes {
    /// The user after these changes, as AWS would show it. It is the same again if it has them already.
    pub(crate) fn applied(&self, user: &User) -> Result<Value, ArgumentError> {
        let mut user = serde_json::to_value(user).unwrap_or_default();
        for (attribute, value) in &self.set {
            if let Some(path) = pointer(*attribute) {
                set(&mut user, &path, value.clone());
            }
        }
        for path in self.clear.iter().filter_map(|attribute| pointer(*attribute)) {
            unset(&mut user, &path);
        }
        for list in self.lists() {
            self.apply_to(list, &mut user)?;
        }
        Ok(user)
    }

    /// Changes the item that is meant, and keeps the others.
    fn apply_to(&self, list: List, user: &mut Value) -> Result<(), ArgumentError> {
        let member = |attribute: Attribute| match attribute.place() {
            Place::Item(of, member) if of == list => Some(member),
            _ => None,
        };
        let set: Vec<_> =
            self.set.iter().filter_map(|(attribute, value)| Some((*attribute, member(*attribute)?, value))).collect();
        let cleared: Vec<_> = self.clear.iter().filter_map(|attribute| member(*attribute)).collect();

        let key = list.member().to_owned();
        let mut items: Vec<Item> =
            user.get(&key).and_then(|items| serde_json::from_value(items.clone()).ok()).unwrap_or_default();
        let place = match meant(&items, &set) {
            Some(place) => place,
            None if set.is_empty() => return Ok(()),
            None => {
                items.push(Item::from_iter([("Type".to_owned(), json!("work")), ("Primary".to_owned(), json!(true))]));
                items.len() - 1
            }
        };
        for (_, member, value) in &set {
            items[place].insert((*member).to_owned(), (*value).clone());
        }
        for member in &cleared {
            items[place].remove(*member);
        }
        if !says_something(list, &items[place]) {
            if let Some((attribute, ..)) = set.first() {
                return Err(rule(*attribute, "is given, but there is nothing that it could be about"));
            }
            items.remove(place);
        } else if set.iter().any(|(_, member, value)| *member == "Primary" && **value == json!(true)) {
            let others = items.iter_mut().enumerate().filter(|(other, _)| *other != place);
            others.for_each(|(_, item)| drop(item.insert("Primary".to_owned(), json!(false))));
        }
        match user.as_object_mut() {
            Some(user) if items.is_empty() => drop(user.remove(&key)),
            Some(user) => drop(user.insert(key, json!(items))),
            None => {}
        }
        Ok(())
    }
}

/// The item with the same value, in any letter case; else the primary one; else the first.
fn meant(items: &[Item], set: &[(Attribute, &str, &Value)]) -> Option<usize> {
    let lower = |value: Option<&Value>| value.and_then(Value::as_str).map(without_case);
    let given = lower(set.iter().find(|(_, member, _)| *member == "Value").map(|(.., value)| *value));
    let same = items.iter().position(|item| given.is_some() && lower(item.get("Value")) == given);
    let primary = || items.iter().position(|item| item.get("Primary") == Some(&json!(true)));
    same.or_else(primary).or(if items.is_empty() { None } else { Some(0) })
}

/// A type alone, or the mark of the primary item, is about nothing.
fn says_something(list: List, item: &Item) -> bool {
    match list {
        List::Emails | List::PhoneNumbers => item.contains_key("Value"),
        List::Addresses => item.keys().any(|member| !matches!(member.as_str(), "Type" | "Primary" | "Formatted")),
    }
}

/// Where an attribute that is in no list stands in the answers of AWS.
fn pointer(attribute: Attribute) -> Option<Vec<String>> {
    match attribute.place() {
        Place::Member(path) => Some(path.split('.').map(pascal).collect()),
        Place::Enterprise(path) => {
            let within = path.split('.').map(str::to_owned);
            Some(["Extensions".to_owned(), ENTERPRISE.to_owned()].into_iter().chain(within).collect())
        }
        Place::Item(..) => None,
    }
}

/// The members of answers begin with a capital, those of requests with a small letter.
fn pascal(name: &str) -> String {
    name[..1].to_uppercase() + &name[1..]
}

fn set(object: &mut Value, path: &[String], value: Value) {
    match path {
        [] => *object = value,
        [first, rest @ ..] => {
            if !object.is_object() {
                *object = json!({});
            }
            set(&mut object[first.as_str()], rest, value);
        }
    }
}

/// Removes a member, and objects that are empty then.
fn unset(object: &mut Value, path: &[String]) {
    let (Some(members), Some((first, rest))) = (object.as_object_mut(), path.split_first()) else { return };
    if let Some(inner) = members.get_mut(first).filter(|_| !rest.is_empty()) {
        unset(inner, rest);
        if inner.as_object().is_some_and(|inner| !inner.is_empty()) {
            return;
        }
    }
    members.remove(first);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(json: Value) -> User {
        serde_json::from_value(json).unwrap()
    }

    fn applied(set: &[(Attribute, Value)], clear: &[Attribute], to: Value) -> Value {
        let changes = Changes::new(set.to_vec(), clear.to_vec()).unwrap();
        let after = changes.applied(&user(to)).unwrap();
        assert_eq!(changes.applied(&user(after.clone())).unwrap(), after, "twice is as once");
        after
    }

    #[test]
    fn an_address_changes_in_its_place_and_keeps_its_type_and_the_others() {
        let two =
            json!([{"Value": "old@x.org", "Type": "home", "Primary": true}, {"Value": "b@x.org", "Type": "work"}]);
        let before = json!({"UserId": "u", "Emails": two});
        let after = applied(&[(Attribute::UserEmailAddress, "new@x.org".into())], &[], before.clone());
        assert_eq!(after["Emails"][0], json!({"Value": "new@x.org", "Type": "home", "Primary": true}));
        assert_eq!(after["Emails"][1], before["Emails"][1]);

        let primary =
            [(Attribute::UserEmailAddress, "B@x.org".into()), (Attribute::UserEmailAddressPrimary, true.into())];
        let after = applied(&primary, &[], before.clone());
        assert_eq!(after["Emails"][0]["Primary"], false);
        assert_eq!(after["Emails"][1], json!({"Value": "B@x.org", "Type": "work", "Primary": true}));

        let not_primary =
            [(Attribute::UserEmailAddress, "b@x.org".into()), (Attribute::UserEmailAddressPrimary, false.into())];
        let after = applied(&not_primary, &[], before.clone());
        assert_eq!(after["Emails"][0], before["Emails"][0], "the other one stays what it is");
        assert_eq!(after["Emails"][1]["Primary"], false);

        let after = applied(&[], &[Attribute::UserEmailAddress], json!({"UserId": "u", "Emails": [two[0]]}));
        assert_eq!(after, json!({"UserId": "u"}));
    }

    #[test]
    fn what_is_new_is_work_and_primary_unless_something_else_is_said() {
        let set = [
            (Attribute::UserEmailAddress, "a@x.org".into()),
            (Attribute::PhoneNumber, "1".into()),
            (Attribute::PhoneNumberType, "home".into()),
            (Attribute::Locality, "Ulm".into()),
        ];
        let after = applied(&set, &[], json!({"UserId": "u"}));
        assert_eq!(after["Emails"], json!([{"Type": "work", "Primary": true, "Value": "a@x.org"}]));
        assert_eq!(after["PhoneNumbers"], json!([{"Type": "home", "Primary": true, "Value": "1"}]));
        assert_eq!(after["Addresses"], json!([{"Type": "work", "Primary": true, "Locality": "Ulm"}]));
    }

    #[test]
    fn members_extensions_and_parts_of_addresses_are_set_and_cleared() {
        let before = json!({"UserId": "u", "Name": {"GivenName": "A", "MiddleName": "M"}, "Title": "T",
            "Addresses": [{"Locality": "Ulm", "Country": "DE", "Formatted": "Ulm, DE"}],
            "Extensions": {ENTERPRISE: {"department": "IT", "manager": {"value": "m"}}}});
        let set = [(Attribute::FamilyName, "F".into()), (Attribute::CostCenter, "42".into())];
        let clear = [Attribute::MiddleName, Attribute::Title, Attribute::Country, Attribute::ManagerId];
        let after = applied(&set, &clear, before);
        assert_eq!(
            after,
            json!({"UserId": "u", "Name": {"GivenName": "A", "FamilyName": "F"},
                "Addresses": [{"Locality": "Ulm", "Formatted": "Ulm, DE"}],
                "Extensions": {ENTERPRISE: {"department": "IT", "costCenter": "42"}}})
        );
        assert_eq!(applied(&[], &[Attribute::Locality], after)["Addresses"], Value::Null);
    }

    #[test]
    fn a_type_without_what_it_is_the_type_of_is_refused() {
        let changes = Changes::new(vec![(Attribute::PhoneNumberType, "home".into())], Vec::new()).unwrap();
        let error = changes.applied(&user(json!({"UserId": "u"}))).unwrap_err().to_string();
        assert!(error.contains("\"phoneNumberType\" is given, but there is nothing"), "{error}");
        let there = user(json!({"UserId": "u", "PhoneNumbers": [{"Value": "1", "Type": "work"}]}));
        assert_eq!(changes.applied(&there).unwrap()["PhoneNumbers"], json!([{"Value": "1", "Type": "home"}]));
    }
}
