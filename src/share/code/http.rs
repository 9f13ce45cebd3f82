//! The request as it goes over the wire, in HTTP/1.1.

use super::{Code, Key, Language, Request};

pub(super) fn write(request: &Request) -> Code {
    let body = request.body_text();
    Code::around(head(request, &body), &body, "")
}

/// The same with the line ends that the protocol asks for.
pub(super) fn on_the_wire(request: &Request) -> Vec<u8> {
    let body = request.body_text();
    let head = head(request, &body).replace('\n', "\r\n");
    (head + &body).into_bytes()
}

fn head(request: &Request, body: &str) -> String {
    let authorization = match request.key {
        Key::Variable(name) => {
            format!("Authorization: Bearer {}\n", Language::Http.variable(name))
        }
        Key::Itself(key) => format!("Authorization: Bearer {key}\n"),
        Key::None => String::new(),
    };
    format!(
        "POST {} HTTP/1.1\nHost: {}\nContent-Type: application/json\n{authorization}Content-Length: {}\nConnection: close\n\n",
        request.address.path(),
        request.address.host(),
        body.len(),
    )
}

pub(super) fn notes(request: &Request) -> Option<String> {
    match request.key {
        Key::Variable(name) => Some(format!(
            "HTTP has no variables: your key goes where {} stands.",
            Language::Http.variable(name)
        )),
        Key::None | Key::Itself(_) => None,
    }
}
