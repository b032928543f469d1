//! The lowest floor: plain values that know nothing of AWS's SDK, of sockets or of processes.

pub(crate) mod arguments;
pub(crate) mod attributes;
pub(crate) mod choice;
pub(crate) mod context;
pub(crate) mod entry;
pub(crate) mod error;
pub(crate) mod ids;
pub(crate) mod kinds;
pub(crate) mod markdown;
pub(crate) mod masked_json;
pub(crate) mod masker;
pub(crate) mod model;
pub(crate) mod nearest;
pub(crate) mod output;
pub(crate) mod params;
pub(crate) mod protected;
pub(crate) mod report;
pub(crate) mod request;
pub(crate) mod revision;
pub(crate) mod search;
pub(crate) mod secret;
pub(crate) mod service_error;
pub(crate) mod settings;
pub(crate) mod stop;
pub(crate) mod trace;
pub(crate) mod words;
