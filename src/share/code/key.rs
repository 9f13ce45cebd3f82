//! How the key stands in code.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// How the key stands in code.
#[derive(Clone, PartialEq, Eq)]
pub enum Key {
    /// As the name of an environment variable.
    Variable(KeyName),
    /// Not at all: the request goes without one.
    None,
    /// As itself. Only where somebody asked for that, knowing what it means.
    Itself(String),
}

/// Never tells the key: what is written for debugging ends up in logs.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "Variable({name})"),
            Self::None => f.write_str("None"),
            Self::Itself(_) => f.write_str("Itself"),
        }
    }
}

/// The name of an environment variable: letters, digits and underscores, and no digit first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyName(String);

/// Why a text is no name of a variable.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyNameError {
    /// There is none.
    #[error("A variable needs a name, such as API_KEY.")]
    Empty,
    /// It has a character that some shell would not take. The text is not repeated: it may be a key.
    #[error("This is no name of a variable: use letters, digits and _, and no digit first.")]
    NotAName,
}

impl Default for KeyName {
    fn default() -> Self {
        Self("API_KEY".to_owned())
    }
}

impl FromStr for KeyName {
    type Err = KeyNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().trim_start_matches('$');
        let first = text.chars().next().ok_or(KeyNameError::Empty)?;
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
        match !first.is_ascii_digit() && text.chars().all(fits) {
            true => Ok(Self(text.to_owned())),
            false => Err(KeyNameError::NotAName),
        }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_in_every_shell() {
        for good in ["API_KEY", "_x", " $OPENAI_API_KEY ", "k2"] {
            assert!(good.parse::<KeyName>().is_ok(), "{good}");
        }
        assert_eq!("$X".parse::<KeyName>().unwrap().to_string(), "X");
        assert_eq!(" ".parse::<KeyName>(), Err(KeyNameError::Empty));
        for bad in ["2x", "A-B", "A B", "é", "A;rm", "A$B"] {
            let error = bad.parse::<KeyName>().unwrap_err();
            assert_eq!(error, KeyNameError::NotAName, "{bad}");
        }
    }

    #[test]
    fn a_key_is_not_told() {
        let key = Key::Itself("sk-secret".to_owned());
        assert_eq!(format!("{key:?}"), "Itself");
    }
}
