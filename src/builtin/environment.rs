//! The Jinja that chat templates are written for: transformers' environment, made of minijinja.
//!
//! As `_compile_jinja_template` sets it up in `transformers/utils/chat_template_utils.py`: blocks and
//! the space before them are trimmed, loops have `break` and `continue`, and there are
//! `raise_exception`, `strftime_now`, a `tojson` that escapes nothing for HTML, and the tag
//! `generation`. Texts, lists and objects have Python's methods.
//!
//! A template comes from anybody, so its work is bounded.

use std::fmt;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, ErrorKind, Output, State, Value};

use super::clock::LocalTime;
use super::python;

/// Steps that a template may take; one also pays for about 64 bytes of data. A conversation of 200
/// messages takes some thousands.
pub(super) const FUEL: u64 = 1_000_000;

/// A template's own `raise_exception(message)`.
#[derive(Debug)]
pub(super) struct Raised(pub String);

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Raised {}

/// An environment for one template, at a moment.
pub(super) fn environment(now: LocalTime) -> Result<Environment<'static>, Error> {
    let mut env = Environment::new();
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()?;
    env.set_syntax(syntax);
    env.set_fuel(Some(FUEL));
    env.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    env.set_formatter(write);
    env.add_filter("tojson", python::tojson);
    env.add_filter("string", |value: &Value| python::str_of(value));
    env.add_function(
        "raise_exception",
        |message: &Value| -> Result<Value, Error> {
            let raised = Raised(python::str_of(message)?);
            Err(
                Error::new(ErrorKind::InvalidOperation, "raised by the template")
                    .with_source(raised),
            )
        },
    );
    env.add_function("strftime_now", move |format: &str| now.strftime(format));
    Ok(env)
}

/// Writes the value of `{{ … }}`.
fn write(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let text = match value.as_str() {
        Some(text) => return Ok(out.write_str(text)?),
        None => python::str_of(value)?,
    };
    state.consume_fuel(text.len() as u64 / 64)?;
    Ok(out.write_str(&text)?)
}

/// The template with `{% generation %}` blocks turned into blocks that do nothing but keep what is set
/// inside to themselves. transformers marks the assistant's tokens with them, for training.
pub(super) fn without_generation(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, tag)) = rest.split_once("{%") {
        out.push_str(before);
        out.push_str("{%");
        let name = tag.trim_start_matches(['-', '+']).trim_start();
        let skipped = tag.len() - name.len();
        rest = tag;
        for (old, new) in [("generation", "with"), ("endgeneration", "endwith")] {
            if let Some(after) = name.strip_prefix(old) {
                let closes = after.trim_start().trim_start_matches(['-', '+']);
                if closes.starts_with("%}") {
                    out.push_str(tag.get(..skipped).unwrap_or_default());
                    out.push_str(new);
                    rest = after;
                }
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generation_tags_become_blocks_of_no_effect() {
        assert_eq!(
            without_generation("a{%- generation -%}\nb{% endgeneration %}{% if generation %}{%"),
            "a{%- with -%}\nb{% endwith %}{% if generation %}{%"
        );
    }
}
