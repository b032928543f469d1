//! The settings of a scenario: how each is written, and what it sets.

mod duration;
mod fault;
mod setting;
#[cfg(test)]
mod tests;

pub(crate) use setting::Settings;
pub use setting::{Setting, SettingError};
