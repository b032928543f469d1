//! The binary against real sockets on 127.0.0.1: servers, proxies and certificates of our own, each as bad as a network
//! can be.
//!
//! [`fault_server`] answers as AWS does, because [`upstream`] (the sandbox, served) stands behind it, and goes wrong
//! where a test tells it to; [`request`] and [`response`] are what it reads and writes; [`proxy_server`] and
//! [`certificates`] stand in between. [`client`] runs the binary. The other modules are the tests.

pub mod aws;
mod calls;
pub mod certificates;
mod changes;
pub mod client;
mod closed_port;
pub mod commands;
mod credentials;
mod endpoints;
mod environment;
mod errors;
pub mod fault;
pub mod fault_server;
mod gone;
mod legacy;
mod long_work;
mod look_alikes;
mod lost_answers;
mod masking;
mod matrix;
pub mod odd_answers;
mod partial;
mod permissions;
mod proxies;
mod proxy_server;
mod refusals;
pub mod request;
pub mod response;
mod searches;
mod strangers;
pub mod throttle_server;
mod throttling;
mod timeouts;
mod tls;
pub mod traces;
mod unknown_outcomes;
mod unproven;
pub mod upstream;
