//! What can be wrong with an argument, in words for the person who typed it.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use crate::values::nearest::nearest;

/// The longest value that is shown, in characters.
const LONGEST: usize = 400;

/// An argument and what is wrong with it; without a name when several arguments together are wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ArgumentError {
    name: Option<String>,
    problem: Problem,
    /// What came, where a rule was broken by it.
    value: Option<String>,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// Given more than once.
    Doubled,
    /// Required, and absent, null or empty.
    Missing,
    /// Not an argument of this command.
    Unknown {
        /// The argument that was probably meant.
        nearest: Option<String>,
        /// All arguments of the command.
        known: Vec<String>,
    },
    /// A value of the wrong type or outside the accepted ones.
    Wrong {
        /// What is accepted, as the object of "must be".
        expected: String,
        /// What came.
        got: String,
    },
    /// A rule of the argument's own type, as a sentence without its subject and its end, or as a whole sentence
    /// without its end if it is about several.
    Custom(String),
}

impl Problem {
    pub(super) fn wrong(expected: &str, got: &Value) -> Self {
        Self::Wrong { expected: expected.to_owned(), got: got.to_string() }
    }
}

impl From<Problem> for ArgumentError {
    fn from(problem: Problem) -> Self {
        Self { name: None, problem, value: None }
    }
}

impl ArgumentError {
    pub(super) fn unknown(name: &str, known: &[&str]) -> Self {
        let nearest = nearest(name, known.iter().copied()).map(str::to_owned);
        let known = known.iter().map(|&known| known.to_owned()).collect();
        Self { name: Some(name.to_owned()), problem: Problem::Unknown { nearest, known }, value: None }
    }

    /// Says which argument it is about, unless that is known already.
    pub(crate) fn at(mut self, name: &str) -> Self {
        self.name.get_or_insert_with(|| name.to_owned());
        self
    }

    /// Says what came.
    pub(super) fn with_value(mut self, value: Option<&Value>) -> Self {
        self.value = self.value.or_else(|| value.map(ToString::to_string));
        self
    }

    /// The same, about a parameter of the instance. What a parameter holds is not shown: it may be a secret.
    pub(crate) fn of_parameter(&self) -> impl fmt::Display {
        Sentence { error: self.clone(), noun: "parameter", shown: false }
    }
}

struct Sentence {
    error: ArgumentError,
    noun: &'static str,
    shown: bool,
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = self.noun;
        let name = self.error.name.as_deref();
        match (&self.error.problem, name) {
            (Problem::Wrong { expected, .. }, name) if !self.shown => {
                write!(f, "The {noun} \"{}\" must be {expected}, and is something else.", name.unwrap_or("?"))
            }
            (Problem::Doubled, name) => {
                write!(f, "The {noun} \"{}\" is given more than once.", name.unwrap_or("?"))
            }
            (Problem::Missing, name) => {
                write!(f, "The {noun} \"{}\" is required and is missing or empty.", name.unwrap_or("?"))
            }
            (Problem::Unknown { nearest, known }, name) => {
                write!(f, "Unknown {noun} \"{}\".", shortened(name.unwrap_or("?")))?;
                match nearest {
                    Some(nearest) => write!(f, " Did you mean \"{nearest}\"?"),
                    None => write!(f, " This command takes: {}.", known.join(", ")),
                }
            }
            (Problem::Wrong { expected, got }, Some(name)) => {
                write!(f, "The {noun} \"{name}\" must be {expected}, and is {}.", shortened(got))
            }
            (Problem::Wrong { expected, got }, None) => {
                write!(f, "Expected {expected}, got {}.", shortened(got))
            }
            (Problem::Custom(message), Some(name)) => match self.error.value.as_deref().filter(|_| self.shown) {
                Some(value) => write!(f, "The {noun} \"{name}\" {message}, and is {}.", shortened(value)),
                None => write!(f, "The {noun} \"{name}\" {message}."),
            },
            (Problem::Custom(message), None) => write!(f, "{message}."),
        }
    }
}

/// A value that is too long to be read is not shown. It is not cut either: what is left of a secret that was cut is not
/// recognised as one when the answer is masked.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    match text.chars().count() {
        length if length > LONGEST => format!("a text of {length} characters").into(),
        _ => text.into(),
    }
}

impl fmt::Display for ArgumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Sentence { error: self.clone(), noun: "argument", shown: true }.fmt(f)
    }
}

impl std::error::Error for ArgumentError {}

impl serde::de::Error for ArgumentError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Problem::Custom(message.to_string()).into()
    }

    fn invalid_type(got: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Problem::Wrong { expected: expected.to_string(), got: got.to_string() }.into()
    }

    fn invalid_value(got: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self::invalid_type(got, expected)
    }

    fn unknown_variant(got: &str, expected: &'static [&'static str]) -> Self {
        Problem::Wrong { expected: format!("one of {}", expected.join(", ")), got: format!("\"{got}\"") }.into()
    }

    fn missing_field(name: &'static str) -> Self {
        Self::from(Problem::Missing).at(name)
    }
}
