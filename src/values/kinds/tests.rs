use super::*;

/// Which of these a kind takes.
fn taken<'a, K: TryFrom<String>>(texts: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    texts.into_iter().filter(|text| K::try_from((*text).to_owned()).is_ok()).collect()
}

#[test]
fn the_arn_of_a_role_has_all_its_parts() {
    let good = ["arn:aws:iam::123456789012:role/Name", "arn:aws-cn:iam::000000000012:role/path/to/Name"];
    assert_eq!(taken::<RoleArn>(good), good);
    let bad = [
        "",
        "Name",
        "arn:azure:iam::123456789012:role/Name",
        "arn:aws:iam::12345678901:role/Name",
        "arn:aws:iam::12345678901x:role/Name",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:user/Name",
        "arn:aws:iam:eu-west-1:123456789012:role/Name",
        "arn:aws:sts::123456789012:role/Name",
    ];
    assert_eq!(taken::<RoleArn>(bad), [""; 0]);
    let padded = RoleArn::try_from(format!(" {}\n", good[0]));
    assert_eq!(padded, Ok(RoleArn(good[0].to_owned())));
}

#[test]
fn a_region_is_two_words_or_more_and_a_number() {
    let good = ["eu-central-1", "us-gov-west-1", "ap-southeast-10"];
    assert_eq!(taken::<Region>(good), good);
    assert_eq!(Region::try_from(" eu-central-1\n".to_owned()), Ok(Region(good[0].to_owned())));
    let bad = [
        "",
        "eu",
        "1",
        "eu-1",
        "-eu-1",
        "eu--1",
        "eu-central-",
        "eu-central-x",
        "eu-central-1x",
        "EU-CENTRAL-1",
        "eu-central1-1",
        "evil.example.com/eu-central-1",
    ];
    assert_eq!(taken::<Region>(bad), [""; 0]);
}

#[test]
fn an_endpoint_is_an_address_of_the_web_without_a_password() {
    let good = ["https://identitystore.example.com", "http://127.0.0.1:8080", "https://[::1]/path"];
    assert_eq!(taken::<EndpointUrl>(good), good);
    let bad = ["", "identitystore.example.com", "/path", "ftp://example.com", "file:///etc/passwd", "https://"];
    assert_eq!(taken::<EndpointUrl>(bad), [""; 0]);
    let with_password = EndpointUrl::try_from("https://user:secret@example.com".to_owned()).unwrap_err();
    assert_eq!(with_password, "must be an address without a user name and a password");
}

#[test]
fn a_session_is_named_as_sts_wants_it() {
    let longest = "n".repeat(64);
    let good = ["ab", "a_+=,.@-9", &longest];
    assert_eq!(taken::<SessionName>(good), good);
    let longer = "n".repeat(65);
    assert_eq!(taken::<SessionName>(["a", "a b", "a/b", "ä-name", &longer]), [""; 0]);
}

#[test]
fn an_account_has_at_most_twelve_digits_and_its_zeros() {
    let account = |text: &str| AccountId::try_from(text.to_owned()).map(|account| account.0).ok();
    assert_eq!(account(" 123456789012 ").as_deref(), Some("123456789012"));
    assert_eq!(account("12").as_deref(), Some("000000000012"));
    assert_eq!(["", "1234567890123", "12345678901x"].map(account), [None, None, None]);
}

#[test]
fn numbers_have_their_bounds() {
    let whole = [i64::MIN, -1, 0, 1, 10, 11, 899, 900, 43_200, 43_201, i64::MAX];
    let good = |takes: fn(i64) -> bool| whole.into_iter().filter(|number| takes(*number)).collect::<Vec<_>>();
    assert_eq!(good(|number| Limit::try_from(number).is_ok()), [1, 10, 11, 899, 900, 43_200, 43_201, i64::MAX]);
    assert_eq!(good(|number| SessionDuration::try_from(number).is_ok()), [900, 43_200]);
    assert_eq!([0, 10, 11].map(|number| Retries::try_from(number).unwrap().0), [0, 10, 10]);
    assert!(Retries::try_from(-1).is_err());
}

#[test]
fn a_timeout_is_one_number_of_seconds_or_two() {
    let timeout = |text: &str| Timeout::try_from(text.to_owned()).ok().map(|it| (it.read, it.connect));
    let seconds = Duration::from_secs_f64;
    assert_eq!(timeout("60"), Some((seconds(60.0), Timeout::DEFAULT.connect)));
    assert_eq!(timeout(" 0.001 , 2.5 "), Some((seconds(0.001), seconds(2.5))));
    let bad = ["", ",", "0", "-1", "0.0009", "1,0", "1,2,3", "nan", "inf", "1e300", "1s"];
    assert!(bad.map(timeout).iter().all(Option::is_none), "{:?}", bad.map(timeout));
}

#[test]
fn a_scope_has_one_part_or_both() {
    let parts = |scope: Scope| (scope.has_groups(), scope.has_assignments());
    assert_eq!(
        [Scope::Groups, Scope::Assignments, Scope::Both].map(parts),
        [(true, false), (false, true), (true, true)]
    );
}

#[test]
fn a_revision_is_digits_even_if_somebody_made_a_fraction_of_it() {
    let longest = "1".repeat(64);
    let good = ["3", " 3.0 ", &longest];
    assert_eq!(taken::<Revision>(good), good);
    assert_eq!(&*Revision::try_from("3.0".to_owned()).unwrap(), "3");
    let longer = "1".repeat(65);
    assert_eq!(taken::<Revision>(["", "3.5", "-3", "x", &longer]), [""; 0]);
}
