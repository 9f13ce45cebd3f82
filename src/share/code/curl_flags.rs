//! The flags of curl before the body, which shells write alike but for their quotes and variables.

use super::{Key, KeyName, Request};

/// The flags, each in the quotes of a shell. `quote` quotes a text in which nothing is to be replaced,
/// `variable` spells the value of a variable inside double quotes.
pub(super) fn curl_flags(
    request: &Request,
    quote: impl Fn(&str) -> String,
    variable: impl Fn(&KeyName) -> String,
) -> Vec<String> {
    let mut flags = Vec::new();
    // curl takes brackets for a range of URLs.
    if request.address.url().contains('[') {
        flags.push("--globoff".to_owned());
    }
    if request.body.streams() {
        flags.push("--no-buffer".to_owned());
    }
    let header = |text: &str| format!("-H {}", quote(text));
    flags.push(header("Content-Type: application/json"));
    match request.key {
        Key::Variable(name) => {
            flags.push(format!("-H \"Authorization: Bearer {}\"", variable(name)));
        }
        Key::Itself(key) => flags.push(header(&format!("Authorization: Bearer {key}"))),
        Key::None => {}
    }
    flags
}
