//! What the command line asks for.

use std::time::Duration;

/// How to serve.
#[derive(Debug, Default)]
pub struct Options {
    /// The port on 127.0.0.1; 0 for any that is free.
    pub port: u16,
    /// The only key that is taken; none if all are, and no key too.
    pub key: Option<String>,
    /// How long a token takes at least; none for as fast as it goes.
    pub gap: Option<Duration>,
}

impl Options {
    /// Reads the words behind the program's name: `--port N`, `--key K` and `--pace N`, each once at most.
    ///
    /// # Errors
    /// Says which word does not fit.
    pub fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            port: 8000,
            ..Self::default()
        };
        while let Some(name) = words.next() {
            let value = words.next().unwrap_or_default();
            let unfit = || format!("`{name}` cannot be `{value}`.");
            match name.as_str() {
                "--port" => options.port = value.parse().map_err(|_| unfit())?,
                "--key" => options.key = Some(value).filter(|key| !key.is_empty()),
                "--pace" => options.gap = Some(gap(&value).ok_or_else(unfit)?),
                _ => return Err(format!("`{name}` is no option of the endpoint.")),
            }
        }
        Ok(options)
    }
}

/// The time between two tokens at a pace in tokens a second.
fn gap(pace: &str) -> Option<Duration> {
    let pace: f64 = pace.parse().ok()?;
    Duration::try_from_secs_f64(pace.recip()).ok()
}
