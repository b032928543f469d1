//! The sample directory under other names, as AWS would answer if its people and groups were called so.

use std::sync::Arc;

use serde_json::Value;

use crate::network::fault::Fault;
use crate::network::fault_server::Server;
use crate::network::request::Request;
use crate::network::response::Response;
use crate::network::upstream::{self, Upstream};

/// What is renamed: names, display names, titles, addresses, groups, descriptions, permission sets.
const SAMPLE: [&str; 24] = [
    "alice",
    "Engineering",
    "Alice Example",
    "Research",
    "AdministratorAccess",
    "alice@example.com",
    "Site Reliability Engineer",
    "Everyone who builds and runs the platform",
    "ViewOnlyAccess",
    "OnCall",
    "bob",
    "Bob Okafor",
    "bob@example.com",
    "Networks",
    "Auditors",
    "carol",
    "Carol Diaz",
    "erik",
    "Contractors",
    "Billing",
    "mei.tanaka",
    "Cost reports and invoices",
    "Nobody yet: opens in autumn",
    "+44 117 496 0123",
];

/// A name of the sample directory, and the one that it has now.
#[derive(Clone)]
pub struct Names(Vec<(&'static str, String)>);

impl Names {
    /// The first name is this text, the next one that which follows it, and so on.
    pub fn of_sample(texts: &[String], first: usize) -> Self {
        let texts = texts.iter().cycle().skip(first);
        Self(SAMPLE.into_iter().zip(texts.cloned()).collect())
    }

    /// What is called so now.
    pub fn of(&self, name: &str) -> &str {
        &self.0.iter().find(|(known, _)| *known == name).unwrap().1
    }

    /// The same with the new names.
    pub fn renamed(&self, value: &Value) -> Value {
        replaced(value, &|text| self.0.iter().find(|(known, _)| *known == text).map(|(_, new)| new.clone()))
    }

    /// A server with the sample directory under these names.
    pub fn server(&self, upstream: &Arc<Upstream>) -> Server {
        let (names, address) = (self.clone(), upstream.address.clone());
        Server::faulty(upstream, move |request, _| {
            let old = |text: &str| names.0.iter().find(|(_, new)| new == text).map(|(known, _)| (*known).to_owned());
            let mut asked = Request { body: of_body(&request.body, |body| replaced(body, &old)), ..request.clone() };
            let length = asked.body.len().to_string();
            asked
                .headers
                .iter_mut()
                .filter(|(name, _)| name == "content-length")
                .for_each(|(_, value)| value.clone_from(&length));
            let response = upstream::answer(&address, &asked).ok()?;
            Some(Fault::Say(Response { body: of_body(&response.body, |body| names.renamed(body)), ..response }))
        })
    }
}

fn of_body(body: &[u8], replace: impl Fn(&Value) -> Value) -> Vec<u8> {
    serde_json::from_slice(body).map_or_else(|_| body.to_vec(), |body| replace(&body).to_string().into_bytes())
}

fn replaced(value: &Value, by: &impl Fn(&str) -> Option<String>) -> Value {
    match value {
        Value::String(text) => by(text).unwrap_or_else(|| text.clone()).into(),
        Value::Array(items) => items.iter().map(|item| replaced(item, by)).collect(),
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), replaced(member, by))).collect(),
        other => other.clone(),
    }
}
