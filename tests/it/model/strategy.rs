//! Random cases, which proptest makes simpler when one of them fails.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::fault::{Kind, On, Planned};
use super::step::{ADDRESSES, Action, Attribute, By, Case, GROUPS, Looked, Named, Pick, Step, TEXTS, USERS};

pub fn case(steps: usize) -> impl Strategy<Value = Case> {
    let protected = |names: usize, by: Vec<By>| option::weighted(0.25, named(names, by));
    (
        protected(USERS.len() - 2, vec![By::Name, By::Capitals, By::FullWidth, By::Id]),
        protected(GROUPS.len() - 2, vec![By::Name, By::Capitals, By::FullWidth, By::Id, By::Arn]),
        prop::bool::weighted(0.3),
        prop::bool::weighted(0.5),
        vec(step(), 1..=steps),
    )
        .prop_map(|(protected_user, protected_group, partial_updates, short_pages, steps)| Case {
            protected_user,
            protected_group,
            partial_updates,
            short_pages,
            steps,
        })
}

fn step() -> impl Strategy<Value = Step> {
    let faults = prop_oneof![1 => Just(Vec::new()), 3 => vec(planned(), 1..=2)];
    (action(), faults, 0_u8..=2, any::<bool>()).prop_map(|(action, faults, retries, again)| Step {
        action,
        faults,
        retries,
        again,
    })
}

pub fn planned() -> impl Strategy<Value = Planned> {
    let on = prop_oneof![1 => Just(On::Any), 1 => Just(On::Reading), 3 => Just(On::Changing)];
    // What stalls takes three seconds each time.
    let kind = prop_oneof![
        40 => select(Kind::QUICK.to_vec()),
        1 => select(Kind::SLOW.to_vec()),
    ];
    (on, prop_oneof![3 => Just(0_usize), 1 => 1_usize..4], 1_usize..=3, kind)
        .prop_map(|(on, from, times, kind)| Planned { on, from, times, kind })
}

fn named(names: usize, by: Vec<By>) -> impl Strategy<Value = Named> {
    (0..names, select(by)).prop_map(|(place, by)| Named { place, by })
}

fn user() -> impl Strategy<Value = Named> {
    let by = prop_oneof![
        8 => Just(By::Name), 4 => Just(By::Id), 2 => Just(By::Arn),
        2 => Just(By::Email), 1 => Just(By::EmailInCapitals), 1 => Just(By::Capitals),
        1 => Just(By::FullWidth),
    ];
    // Those who are there from the beginning are asked for more often.
    (prop_oneof![3 => 0..4_usize, 1 => 0..USERS.len()], by).prop_map(|(place, by)| Named { place, by })
}

fn group() -> impl Strategy<Value = Named> {
    let by = prop_oneof![
        8 => Just(By::Name), 4 => Just(By::Id), 2 => Just(By::Arn), 1 => Just(By::Capitals), 1 => Just(By::FullWidth),
    ];
    (prop_oneof![3 => 0..4_usize, 1 => 0..GROUPS.len()], by).prop_map(|(place, by)| Named { place, by })
}

fn looked() -> impl Strategy<Value = Looked> {
    prop_oneof![8 => Just(Looked::Never), 3 => Just(Looked::Now), 1 => Just(Looked::LongAgo)]
}

fn dry() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.15)
}

fn limit() -> impl Strategy<Value = Option<usize>> {
    option::weighted(0.4, 1_usize..5)
}

fn action() -> impl Strategy<Value = Action> {
    let changes = vec((select(Attribute::ALL.to_vec()), option::weighted(0.75, 0..ADDRESSES.len())), 1..=3);
    let text = || option::of(0..TEXTS.len());
    let pick = prop_oneof![
        4 => (0_usize..20).prop_map(Pick::There),
        2 => (0_usize..20).prop_map(Pick::Gone),
        1 => Just(Pick::Unknown),
    ];
    let changing = prop_oneof![
        4 => (0..USERS.len(), option::of(0..ADDRESSES.len()), text())
            .prop_map(|(place, email, title)| Action::CreateUser { place, email, title }),
        5 => (user(), changes, looked(), dry())
            .prop_map(|(user, changes, revision, dry_run)| Action::UpdateUser { user, changes, revision, dry_run }),
        1 => (user(), looked(), dry())
            .prop_map(|(user, revision, dry_run)| Action::DeleteUser { user, revision, dry_run }),
        3 => (0..GROUPS.len(), text()).prop_map(|(place, description)| Action::CreateGroup { place, description }),
        3 => (group(), option::of(0..GROUPS.len()), text(), looked(), dry()).prop_map(
            |(group, name, description, revision, dry_run)|
                Action::UpdateGroup { group, name, description, revision, dry_run }),
        1 => (group(), looked(), dry())
            .prop_map(|(group, revision, dry_run)| Action::DeleteGroup { group, revision, dry_run }),
        10 => (user(), group()).prop_map(|(user, group)| Action::Add { user, group }),
        3 => (user(), group(), dry()).prop_map(|(user, group, dry_run)| Action::Remove { user, group, dry_run }),
        4 => (user(), dry()).prop_map(|(user, dry_run)| Action::RemoveFromAll { user, dry_run }),
        4 => (vec(pick, 1..5), dry()).prop_map(|(picks, dry_run)| Action::DeleteMemberships { picks, dry_run }),
    ];
    let reading = prop_oneof![
        2 => user().prop_map(|user| Action::GetUser { user }),
        1 => (0..ADDRESSES.len()).prop_map(|address| Action::GetUserByEmail { address }),
        2 => limit().prop_map(|limit| Action::ListUsers { limit }),
        1 => group().prop_map(|group| Action::GetGroup { group }),
        1 => limit().prop_map(|limit| Action::ListGroups { limit }),
        2 => (user(), limit()).prop_map(|(user, limit)| Action::GroupsOf { user, limit }),
        2 => (group(), limit()).prop_map(|(group, limit)| Action::MembersOf { group, limit }),
        1 => (user(), vec(0..GROUPS.len(), 1..4)).prop_map(|(user, groups)| Action::Check { user, groups }),
        1 => user().prop_map(|user| Action::AccessOfUser { user }),
        1 => group().prop_map(|group| Action::AccessOfGroup { group }),
        1 => Just(Action::Store),
        1 => Just(Action::Test),
    ];
    prop_oneof![3 => changing, 1 => reading]
}
