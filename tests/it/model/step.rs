//! What is tried: commands with arguments, and the faults that they meet. Users and groups are named by their places in
//! short lists, so that steps meet again and again what other steps made, changed and deleted.

use super::fault::Planned;

/// The first are in the sample directory.
pub const USERS: [&str; 8] = ["alice", "bob", "carol", "dora", "erik", "pat.oneil", "nina", "otto"];
pub const GROUPS: [&str; 7] = ["Engineering", "OnCall", "Auditors", "Billing", "Research", "Night", "Day"];
pub const ADDRESSES: [&str; 5] = [
    "alice@example.com",
    "Carol.Diaz@Example.com",
    "erik.haddad@contractors.example.org",
    "nina@example.com",
    "otto@example.com",
];
/// What attributes are set to.
pub const TEXTS: [&str; 3] = ["One", "Two, and a | bar", "Drei \u{e4}\u{1F40D}"];

/// A sequence of commands on one directory.
#[derive(Debug, Clone)]
pub struct Case {
    pub protected_user: Option<Named>,
    pub protected_group: Option<Named>,
    /// What stands before a refused change of one call is made (nobody knows what AWS does).
    pub partial_updates: bool,
    pub short_pages: bool,
    pub steps: Vec<Step>,
}

/// A user or group by its place in the lists above, and how it is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    pub place: usize,
    pub by: By,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Name,
    /// The name in capitals, which is another name.
    Capitals,
    /// The name in letters of full width, which is another name and looks the same.
    FullWidth,
    Id,
    Arn,
    /// Users only: the primary address.
    Email,
    /// Users only: the primary address in capitals, for which the directory is searched.
    EmailInCapitals,
}

/// A name in letters of full width.
pub fn full_width(name: &str) -> String {
    let wide = |c: char| if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xFEE0).unwrap() } else { c };
    name.chars().map(wide).collect()
}

#[derive(Debug, Clone)]
pub struct Step {
    pub action: Action,
    pub faults: Vec<Planned>,
    /// How often a failed attempt is repeated.
    pub retries: u8,
    /// Whether the command is given a second time, when nothing goes wrong any more.
    pub again: bool,
}

/// The revision that is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    Never,
    Now,
    LongAgo,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attribute {
    Title,
    DisplayName,
    Department,
    Phone,
    Email,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// One of those there are.
    There(usize),
    /// One of those that there were.
    Gone(usize),
    Unknown,
}

#[derive(Debug, Clone)]
pub enum Action {
    CreateUser {
        place: usize,
        email: Option<usize>,
        title: Option<usize>,
    },
    /// Places of texts or addresses; none clears.
    UpdateUser {
        user: Named,
        changes: Vec<(Attribute, Option<usize>)>,
        revision: Looked,
        dry_run: bool,
    },
    DeleteUser {
        user: Named,
        revision: Looked,
        dry_run: bool,
    },
    CreateGroup {
        place: usize,
        description: Option<usize>,
    },
    UpdateGroup {
        group: Named,
        name: Option<usize>,
        description: Option<usize>,
        revision: Looked,
        dry_run: bool,
    },
    DeleteGroup {
        group: Named,
        revision: Looked,
        dry_run: bool,
    },
    Add {
        user: Named,
        group: Named,
    },
    Remove {
        user: Named,
        group: Named,
        dry_run: bool,
    },
    RemoveFromAll {
        user: Named,
        dry_run: bool,
    },
    DeleteMemberships {
        picks: Vec<Pick>,
        dry_run: bool,
    },
    GetUser {
        user: Named,
    },
    GetUserByEmail {
        address: usize,
    },
    ListUsers {
        limit: Option<usize>,
    },
    GetGroup {
        group: Named,
    },
    ListGroups {
        limit: Option<usize>,
    },
    GroupsOf {
        user: Named,
        limit: Option<usize>,
    },
    MembersOf {
        group: Named,
        limit: Option<usize>,
    },
    Check {
        user: Named,
        groups: Vec<usize>,
    },
    AccessOfUser {
        user: Named,
    },
    AccessOfGroup {
        group: Named,
    },
    Store,
    Test,
}

impl Action {
    pub fn command(&self) -> &'static str {
        match self {
            Self::CreateUser { .. } => "create-user",
            Self::UpdateUser { .. } => "update-user",
            Self::DeleteUser { .. } => "delete-user",
            Self::CreateGroup { .. } => "create-group",
            Self::UpdateGroup { .. } => "update-group",
            Self::DeleteGroup { .. } => "delete-group",
            Self::Add { .. } => "add-user-to-group",
            Self::Remove { .. } => "remove-user-from-group",
            Self::RemoveFromAll { .. } => "remove-user-from-all-groups",
            Self::DeleteMemberships { .. } => "delete-group-membership",
            Self::GetUser { .. } => "get-user",
            Self::GetUserByEmail { .. } => "get-user-by-email",
            Self::ListUsers { .. } => "list-users",
            Self::GetGroup { .. } => "get-group",
            Self::ListGroups { .. } => "list-groups",
            Self::GroupsOf { .. } => "list-groups-for-user",
            Self::MembersOf { .. } => "list-memberships",
            Self::Check { .. } => "check-group-membership",
            Self::AccessOfUser { .. } => "list-user-access",
            Self::AccessOfGroup { .. } => "list-group-access",
            Self::Store => "get-identity-store",
            Self::Test => "test-module",
        }
    }

    pub fn is_dry(&self) -> bool {
        match self {
            Self::UpdateUser { dry_run, .. }
            | Self::DeleteUser { dry_run, .. }
            | Self::UpdateGroup { dry_run, .. }
            | Self::DeleteGroup { dry_run, .. }
            | Self::Remove { dry_run, .. }
            | Self::RemoveFromAll { dry_run, .. }
            | Self::DeleteMemberships { dry_run, .. } => *dry_run,
            _ => false,
        }
    }

    /// Whether it only looks.
    pub fn reads(&self) -> bool {
        !matches!(
            self,
            Self::CreateUser { .. }
                | Self::UpdateUser { .. }
                | Self::DeleteUser { .. }
                | Self::CreateGroup { .. }
                | Self::UpdateGroup { .. }
                | Self::DeleteGroup { .. }
                | Self::Add { .. }
                | Self::Remove { .. }
                | Self::RemoveFromAll { .. }
                | Self::DeleteMemberships { .. }
        )
    }
}

impl Attribute {
    pub const ALL: [Self; 5] = [Self::Title, Self::DisplayName, Self::Department, Self::Phone, Self::Email];

    /// The name of the argument.
    pub fn argument(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::DisplayName => "displayName",
            Self::Department => "department",
            Self::Phone => "phoneNumber",
            Self::Email => "userEmailAddress",
        }
    }

    pub fn value(self, place: usize) -> String {
        match self {
            Self::Email => ADDRESSES[place % ADDRESSES.len()].to_owned(),
            Self::Phone => format!("+49 30 {place}"),
            _ => TEXTS[place % TEXTS.len()].to_owned(),
        }
    }
}
