//! Code on the page: the chosen language in colours, the others ready beneath it.

use leptos::html::Pre;
use leptos::prelude::*;
use stylance::import_style;

use crate::share::code::highlight::{Kind, highlight};
use crate::share::code::{Code, Language};

import_style!(css, "paint.module.css");

/// The elements that hold the code, one for each language.
#[derive(Clone, Copy)]
pub struct Canvas([NodeRef<Pre>; Language::ALL.len()]);

impl Default for Canvas {
    fn default() -> Self {
        Self(std::array::from_fn(|_| NodeRef::new()))
    }
}

impl Canvas {
    /// Draws them; all but the chosen one are hidden.
    pub fn view(self, chosen: RwSignal<Language>) -> impl IntoView {
        let each = Language::ALL.into_iter().zip(self.0);
        each.map(|(language, node_ref)| {
            view! {
                <pre
                    class=css::code
                    data-export=language.name()
                    hidden=move || chosen.get() != language
                    node_ref=node_ref
                ></pre>
            }
        })
        .collect_view()
    }

    fn node(self, language: Language) -> Option<web_sys::HtmlPreElement> {
        let mut each = Language::ALL.into_iter().zip(self.0);
        let (_, node) = each.find(|(of, _)| *of == language)?;
        node.get()
    }

    /// Puts a text there, without colours.
    pub fn write(self, language: Language, text: &str) {
        if let Some(node) = self.node(language) {
            node.set_text_content(Some(text));
        }
    }

    /// Puts code there, in colours. Elements are made by hand: there are thousands of them, and none
    /// changes by itself.
    pub fn paint(self, language: Language, code: &Code) {
        let Some(node) = self.node(language) else {
            return;
        };
        node.set_text_content(None);
        for span in highlight(language, code) {
            let text = &code.text[span.range];
            let made = match class_of(span.kind) {
                None => Some(document().create_text_node(text).into()),
                Some(class) => document().create_element("span").ok().map(|element| {
                    element.set_class_name(class);
                    element.set_text_content(Some(text));
                    element.into()
                }),
            };
            let made: Option<web_sys::Node> = made;
            if let Some(made) = made {
                let _ = node.append_child(&made);
            }
        }
    }
}

fn class_of(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Plain => None,
        Kind::Comment => Some(css::comment),
        Kind::Keyword => Some(css::keyword),
        Kind::Name => Some(css::name),
        Kind::Text => Some(css::text),
        Kind::Value => Some(css::value),
        Kind::Variable => Some(css::variable),
    }
}
