//! The hosts that are called, as a proxy is asked for them: it brings all of them to a server of ours, and no name is
//! ever looked up.

use std::sync::Arc;

use serde_json::{Value, json};

use super::aws::ROLE_ARN;
use super::certificates::{Authority, Flaw};
use super::client::{ask_in, params, with};
use super::fault_server::Server;
use super::proxy_server::{Policy, Proxy};
use super::upstream::Upstream;

/// The hosts that STS and the identity store are called at.
fn hosts(environment: &[(&str, &str)], more: Value) -> Vec<String> {
    let upstream = Arc::new(Upstream::sample());
    let server = Server::start(&upstream, Some(Authority::new().server(Flaw::SelfSigned)), |_, _| None);
    let proxy = Proxy::start(Policy::Open, server.address);
    let url = proxy.url();
    let mut all = vec![("HTTPS_PROXY", url.as_str()), ("HTTP_PROXY", url.as_str())];
    all.extend(environment);
    let aws = json!({"proxy": true, "insecure": true, "endpoint_url": null, "roleArn": ROLE_ARN});
    ask_in(&all, "list-users", &json!({}), &with(with(params(&server), aws), more)).success();
    assert_eq!(server.seen().len(), 2);
    proxy.seen().iter().map(|request| request.target().trim_end_matches(":443").to_owned()).collect()
}

#[test]
fn every_partition_has_its_own_hosts() {
    for (region, suffix) in [
        ("us-east-1", "us-east-1.amazonaws.com"),
        ("mx-central-1", "mx-central-1.amazonaws.com"),
        ("cn-north-1", "cn-north-1.amazonaws.com.cn"),
        ("us-gov-west-1", "us-gov-west-1.amazonaws.com"),
        ("eusc-de-east-1", "eusc-de-east-1.amazonaws.eu"),
    ] {
        let hosts = hosts(&[], json!({"defaultRegion": region}));
        assert_eq!(hosts, [format!("sts.{suffix}"), format!("identitystore.{suffix}")]);
    }
}

#[test]
fn sts_may_be_called_at_its_global_endpoint() {
    for (value, host) in [
        (json!("legacy"), "sts.amazonaws.com"),
        (json!("regional"), "sts.us-west-2.amazonaws.com"),
        (json!(""), "sts.us-west-2.amazonaws.com"),
    ] {
        let more = json!({"defaultRegion": "us-west-2", "sts_regional_endpoint": value});
        assert_eq!(hosts(&[], more), [host, "identitystore.us-west-2.amazonaws.com"], "{value}");
    }
}

/// Environment variables as AWS defines them (SDKs reference, "Dual-stack and FIPS endpoints").
#[test]
fn fips_and_dual_stack_endpoints_are_chosen_in_the_environment() {
    let (fips, dual) = (("AWS_USE_FIPS_ENDPOINT", "true"), ("AWS_USE_DUALSTACK_ENDPOINT", "true"));
    for (environment, expected) in [
        (&[fips][..], ["sts-fips.us-east-1.amazonaws.com", "identitystore-fips.us-east-1.amazonaws.com"]),
        (&[dual], ["sts.us-east-1.api.aws", "identitystore.us-east-1.api.aws"]),
        (&[fips, dual], ["sts-fips.us-east-1.api.aws", "identitystore-fips.us-east-1.api.aws"]),
    ] {
        assert_eq!(hosts(environment, json!({})), expected);
    }
}
