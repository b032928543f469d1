//! Context paths (XSOAR: "Context and Outputs"): where in an incident's context an answer is stored. No other file
//! spells one.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Deserialize;

/// Which paths an instance uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub(crate) enum Layout {
    /// Those that this integration documents.
    #[default]
    #[serde(rename = "AWS.IAM.IdentityCenter")]
    Documented,
    /// Those of the Marketplace pack, for playbooks that were written for it.
    #[serde(rename = "AWS.IAMIdentityCenter")]
    Marketplace,
}

impl Layout {
    pub(crate) const ALL: [Self; 2] = [Self::Documented, Self::Marketplace];

    /// Users, with all that is known of them.
    pub(crate) fn users(self) -> ContextPath {
        match self {
            Self::Documented => ContextPath { path: "AWS.IAM.IdentityCenter.Users", merge: Merge::By("UserId") },
            Self::Marketplace => ContextPath { path: "AWS.IAMIdentityCenter.User", merge: Merge::By("UserId") },
        }
    }

    /// Users once more: the founding documentation has a second path for two commands.
    pub(crate) fn users_again(self) -> Option<ContextPath> {
        let path = ContextPath { path: "AWS.IAMIdentityCenter.Users", merge: Merge::By("UserId") };
        (self == Self::Documented).then_some(path)
    }

    /// Groups, with all that is known of them.
    pub(crate) fn groups(self) -> ContextPath {
        match self {
            Self::Documented => ContextPath { path: "AWS.IAM.IdentityCenter.Groups", merge: Merge::By("GroupId") },
            Self::Marketplace => ContextPath { path: "AWS.IAMIdentityCenter.Group", merge: Merge::By("GroupId") },
        }
    }

    /// The identity store.
    pub(crate) fn identity_store(self) -> ContextPath {
        let path = match self {
            Self::Documented => "AWS.IAM.IdentityCenter.IdentityStore",
            Self::Marketplace => "AWS.IAMIdentityCenter.IdentityStore",
        };
        ContextPath { path, merge: Merge::By("IdentityStoreId") }
    }

    /// What was taken from users. Each time is an object of its own: a later one, which finds less, must not replace it.
    pub(crate) fn containment(self) -> ContextPath {
        let path = match self {
            Self::Documented => "AWS.IAM.IdentityCenter.Containment",
            Self::Marketplace => "AWS.IAMIdentityCenter.Containment",
        };
        ContextPath { path, merge: Merge::ByBoth("UserId", "TakenAt") }
    }

    /// What was given back to users.
    pub(crate) fn restoration(self) -> ContextPath {
        let path = match self {
            Self::Documented => "AWS.IAM.IdentityCenter.Restoration",
            Self::Marketplace => "AWS.IAMIdentityCenter.Restoration",
        };
        ContextPath { path, merge: Merge::ByBoth("UserId", "BegunAt") }
    }

    /// What belongs to the whole integration: the page tokens.
    pub(crate) fn root(self) -> ContextPath {
        match self {
            Self::Documented => ContextPath { path: "AWS.IAM.IdentityCenter", merge: Merge::Replace },
            Self::Marketplace => ContextPath { path: "AWS.IAMIdentityCenter", merge: Merge::Replace },
        }
    }
}

/// A path, and how what is stored there meets what is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ContextPath {
    path: &'static str,
    merge: Merge,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Merge {
    /// An object with the same value of this member is updated; else the new object is appended.
    By(&'static str),
    /// The same with two members.
    ByBoth(&'static str, &'static str),
    /// What is there is replaced.
    Replace,
}

impl ContextPath {
    /// The path as integration.yml declares it.
    pub(crate) fn path(self) -> &'static str {
        self.path
    }

    /// The key in an entry's context, with its merge condition.
    pub(crate) fn key(self) -> Cow<'static, str> {
        let path = self.path;
        match self.merge {
            Merge::By(id) => format!("{path}(val.{id} && val.{id} == obj.{id})").into(),
            Merge::ByBoth(a, b) => {
                format!("{path}(val.{a} && val.{a} == obj.{a} && val.{b} && val.{b} == obj.{b})").into()
            }
            Merge::Replace => format!("{path}(true)").into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Layout;

    #[test]
    fn a_key_carries_its_merge_condition() {
        assert_eq!(
            Layout::Documented.users().key(),
            "AWS.IAM.IdentityCenter.Users(val.UserId && val.UserId == obj.UserId)"
        );
        assert_eq!(Layout::Marketplace.root().key(), "AWS.IAMIdentityCenter(true)");
    }
}
