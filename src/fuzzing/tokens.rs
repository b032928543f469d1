//! Tokens and filters of lists: a token goes on where it was made, with its own filter and no other.

use arbitrary::Unstructured;
use serde_json::json;

use super::draw::{any, one, text};
use crate::values::model::User;
use crate::values::search::{UserFilter, is_ours};

const STATUS: [Option<&str>; 3] = [None, Some("ENABLED"), Some("DISABLED")];

pub(super) fn check(input: &[u8]) {
    let bytes = &mut Unstructured::new(input);
    let (filter, other) = (filter(bytes), filter(bytes));
    let (page, after) = (maybe(bytes), maybe(bytes));
    let token = filter.token(page.clone(), after.clone());
    assert!(is_ours(&token));
    assert_eq!(filter.resume(&token).expect("its own token"), (page, after));
    assert_eq!(other.resume(&token).is_ok(), other == filter);

    let foreign = if any(bytes) { text(bytes) } else { format!("aws-iam-identitycenter:{}", text(bytes)) };
    if let Err(error) = filter.resume(&foreign) {
        let said = error.to_string();
        assert!(said.contains("nextToken") && said.len() < 200, "{said}");
    } else {
        assert!(is_ours(&foreign));
    }

    let user: User = serde_json::from_value(json!({
        "UserId": "u", "UserName": maybe(bytes), "DisplayName": maybe(bytes), "UserStatus": one(bytes, &STATUS),
        "Name": {"GivenName": maybe(bytes), "FamilyName": maybe(bytes)}, "Emails": [{"Value": maybe(bytes)}],
    }))
    .expect("a user");
    assert!(!(filter.wants(&user) && filter.cannot_tell(&user)));
    assert!(UserFilter::default().wants(&user), "without a filter everybody is wanted");
    for name in [&user.user_name, &user.display_name].into_iter().flatten() {
        let named = serde_json::from_value::<UserFilter>(json!({"search": name, "status": null})).expect("a filter");
        assert!(named.wants(&user), "{name:?} is not found by itself");
    }
}

fn filter(bytes: &mut Unstructured<'_>) -> UserFilter {
    serde_json::from_value(json!({"status": one(bytes, &STATUS), "search": maybe(bytes)})).expect("a filter")
}

fn maybe(bytes: &mut Unstructured<'_>) -> Option<String> {
    any::<bool>(bytes).then(|| text(bytes))
}
