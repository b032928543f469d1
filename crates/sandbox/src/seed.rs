//! Generated directories: plausible, of any size, and the same for the same seed.

use std::collections::HashSet;

use fastrand::Rng;

use crate::{
    clock_and_ids::uuid,
    error::SandboxError,
    records::{
        Account, Assignment, Document, Email, Group, IdentityStore, MemberId, Membership, Name, PermissionSet,
        PrincipalType, Revision, Timestamp, User, UserStatus, VERSION,
    },
    sample::{ACCOUNT_ID, IDENTITY_STORE_ID, INSTANCE_ARN, REGION},
    scenario::Scenario,
    store::Directory,
};

#[rustfmt::skip]
const GIVEN_NAMES: &[&str] = &[
    "Aaliyah", "Ahmed", "Aiko", "Alejandro", "Amara", "Ana", "Anton", "Beatriz", "Bilal",
    "Carmen", "Chen", "Chloe", "Daniel", "Deepa", "Diego", "Elena", "Emeka", "Emma", "Farid",
    "Fatima", "Finn", "Giulia", "Grace", "Hana", "Hugo", "Ibrahim", "Ines", "Ivan", "Jamal",
    "Jana", "Jonas", "Karim", "Kofi", "Lea", "Liam", "Lin", "Lucia", "Malik", "Maria", "Mateo",
    "Mei", "Mia", "Nadia", "Nikhil", "Noah", "Nora", "Olga", "Omar", "Paula", "Priya", "Rafael",
    "Rosa", "Ruth", "Samir", "Sara", "Sofia", "Tariq", "Thu", "Tomas", "Uma", "Viktor", "Wei",
    "Yara", "Zoe",
];
#[rustfmt::skip]
const FAMILY_NAMES: &[&str] = &[
    "Abbas", "Adeyemi", "Almeida", "Andersson", "Bauer", "Bianchi", "Brown", "Castillo", "Chen",
    "Costa", "Davies", "Diallo", "Dubois", "Eriksen", "Fernandez", "Fischer", "Garcia", "Ghosh",
    "Gupta", "Haddad", "Hansen", "Hoang", "Hughes", "Ito", "Ivanova", "Jansen", "Johnson", "Kaya",
    "Khan", "Kim", "Kovacs", "Kowalski", "Larsen", "Lee", "Lopez", "Mensah", "Meyer", "Morales",
    "Moreau", "Murphy", "Nakamura", "Nguyen", "Novak", "Okafor", "Osei", "Park", "Patel",
    "Pereira", "Petrov", "Rahman", "Rossi", "Santos", "Schmidt", "Sharma", "Silva", "Singh",
    "Smith", "Suzuki", "Tanaka", "Torres", "Tran", "Wang", "Weber", "Yilmaz",
];
#[rustfmt::skip]
const DEPARTMENTS: &[&str] = &[
    "Analytics", "Billing", "Compliance", "Data", "Engineering", "Finance", "Identity", "Legal",
    "Logistics", "Marketing", "Networks", "Operations", "Payments", "Platform", "Research",
    "Sales", "Security", "Support",
];
#[rustfmt::skip]
const LEVELS: &[&str] = &[
    "Admins", "Auditors", "Contractors", "Developers", "OnCall", "ReadOnly",
];
/// The permission sets of a generated directory. A group has that of its level.
const PERMISSION_SETS: &[(&str, &str)] = &[
    ("AdministratorAccess", "PT1H"),
    ("SecurityAudit", "PT8H"),
    ("ViewOnlyAccess", "PT8H"),
    ("PowerUserAccess", "PT4H"),
    ("SystemAdministrator", "PT2H"),
    ("ReadOnlyAccess", "PT12H"),
];
/// The number of accounts of a generated organization, including the one that owns the directory.
const ACCOUNTS: usize = 20;
/// The largest number of groups with access to accounts.
const GROUPS_WITH_ACCESS: usize = 1000;
/// The creation time of everything that is generated.
const CREATED_AT: &str = "2026-01-01T00:00:00Z";

/// The size of a generated directory.
#[derive(Clone, Copy, Debug)]
pub struct DirectorySize {
    pub users: usize,
    pub groups: usize,
    pub memberships: usize,
}

/// Generates a directory. The same size and seed give the same directory. Fails if it has no room for so many memberships.
pub(super) fn generate(size: DirectorySize, seed: u64) -> Result<Directory, SandboxError> {
    let room = size.users.saturating_mul(size.groups);
    if size.memberships > room {
        return Err(SandboxError::TooManyMemberships {
            users: size.users,
            groups: size.groups,
            memberships: size.memberships,
            room,
        });
    }
    let mut generator =
        Generator { rng: Rng::with_seed(seed), created_at: Timestamp::try_from(CREATED_AT.to_owned()).ok() };
    let users: Vec<_> = (0..size.users).map(|index| generator.user(index)).collect();
    let groups: Vec<_> = (0..size.groups).map(|index| generator.group(index)).collect();
    let memberships = generator.memberships(&users, &groups, size.memberships);
    let permission_sets = generator.permission_sets();
    let accounts = generator.accounts();
    let assignments = generator.assignments(&groups, &permission_sets, &accounts);
    let document = Document {
        version: VERSION,
        identity_store: IdentityStore {
            identity_store_id: IDENTITY_STORE_ID.to_owned(),
            primary_region: REGION.to_owned(),
            owner_account_id: ACCOUNT_ID.to_owned(),
            instance_arn: INSTANCE_ARN.to_owned(),
            instance_name: None,
            instance_created_date: None,
            network_configuration: None,
        },
        scenario: Scenario::default(),
        users,
        groups,
        memberships,
        permission_sets,
        accounts,
        assignments,
        assignment_requests: Vec::new(),
    };
    Directory::load(document).map_err(|fault| SandboxError::Generate { reason: fault.reason })
}

struct Generator {
    rng: Rng,
    created_at: Option<Timestamp>,
}

impl Generator {
    fn user(&mut self, index: usize) -> User {
        let given = self.pick(GIVEN_NAMES);
        let family = self.pick(FAMILY_NAMES);
        // The number makes it unique, as in large companies.
        let user_name = format!("{given}.{family}{index}").to_lowercase();
        let email = format!("{user_name}@example.com");
        let mut user = User::new(self.id(), user_name);
        user.name = Some(Box::new(Name::new(given, family)));
        user.display_name = Some(format!("{given} {family}"));
        user.emails = vec![Email { value: Some(email), r#type: Some("work".to_owned()), primary: Some(true) }];
        user.title = Some(self.pick(DEPARTMENTS).to_owned());
        // One user in fifty is disabled.
        user.user_status = Some(if self.rng.u8(..50) == 0 { UserStatus::Disabled } else { UserStatus::Enabled });
        user.created_at = self.created_at;
        user.updated_at = self.created_at;
        user
    }

    fn group(&mut self, index: usize) -> Group {
        let department = self.pick(DEPARTMENTS);
        let level = self.pick(LEVELS);
        Group {
            group_id: self.id(),
            display_name: Some(format!("{department}-{level}-{index}")),
            external_ids: Vec::new(),
            description: Some(format!("{level} of {department}")),
            revision: Revision::default(),
            created_at: self.created_at,
            created_by: None,
            updated_at: self.created_at,
            updated_by: None,
        }
    }

    /// Draws pairs of user and group. If a pair was drawn before, it takes the next free one.
    fn memberships(&mut self, users: &[User], groups: &[Group], count: usize) -> Vec<Membership> {
        let room = users.len() * groups.len();
        let mut drawn = HashSet::with_capacity(count);
        let mut memberships = Vec::with_capacity(count);
        for _ in 0..count {
            let mut pair = self.rng.usize(..room);
            while !drawn.insert(pair) {
                pair = (pair + 1) % room;
            }
            memberships.push(Membership {
                membership_id: self.id(),
                group_id: groups[pair % groups.len()].group_id.clone(),
                member_id: MemberId { user_id: users[pair / groups.len()].user_id.clone() },
                created_at: self.created_at,
                created_by: None,
                updated_at: self.created_at,
                updated_by: None,
            });
        }
        memberships
    }

    fn permission_sets(&mut self) -> Vec<PermissionSet> {
        let instance = INSTANCE_ARN.rsplit('/').next().unwrap_or_default();
        let sets = PERMISSION_SETS.iter().map(|(name, duration)| {
            let arn = format!("arn:aws:sso:::permissionSet/{instance}/ps-{:016x}", self.rng.u64(..));
            PermissionSet::new(arn, name, duration, self.created_at)
        });
        sets.collect()
    }

    fn accounts(&mut self) -> Vec<Account> {
        let owner = Account::new(ACCOUNT_ID.to_owned(), "Management".to_owned());
        let members = (1..ACCOUNTS).map(|index| {
            let department = self.pick(DEPARTMENTS);
            // The number makes it unique.
            Account::new(format!("{:010}{index:02}", self.rng.u64(..10_000_000_000)), format!("{department} {index}"))
        });
        [owner].into_iter().chain(members).collect()
    }

    /// Gives groups access to one or two accounts, with the permission set of their level.
    fn assignments(&mut self, groups: &[Group], sets: &[PermissionSet], accounts: &[Account]) -> Vec<Assignment> {
        let mut assignments = Vec::new();
        for group in groups.iter().take(GROUPS_WITH_ACCESS) {
            let name = group.display_name.as_deref().unwrap_or_default();
            let level = LEVELS.iter().position(|level| name.contains(level)).unwrap_or_default();
            let first = self.rng.usize(..accounts.len());
            let accounts = accounts.iter().cycle().skip(first).take(self.rng.usize(1..=2));
            assignments.extend(accounts.map(|account| Assignment {
                account_id: account.account_id.clone(),
                permission_set_arn: sets[level].permission_set_arn.clone(),
                principal_type: PrincipalType::Group,
                principal_id: group.group_id.clone(),
            }));
        }
        assignments
    }

    fn id(&mut self) -> String {
        uuid(self.rng.u128(..))
    }

    fn pick(&mut self, from: &'static [&'static str]) -> &'static str {
        from[self.rng.usize(..from.len())]
    }
}
