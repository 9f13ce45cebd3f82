//! Draws a JSON tree: every object and list can be folded, and says then how much is in it. The text of
//! what is drawn is the JSON itself.
//!
//! A tree may have any number of values, and elements cost time. So no more than [`AT_ONCE`] are drawn at
//! a time: what is beyond that is folded, has its text inside, and is drawn when it is unfolded.

use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event};

use crate::api::entry::counted;
use crate::run::json_tree::{Kind, Member, Node, Shape, read_members, size, written};
use crate::view::nodes::{make, make_text};

import_style!(css, "json_view.module.css");

/// How many values are drawn at once.
const AT_ONCE: usize = 400;

/// How many members of an object or a list stand below each other, where there are more than are drawn at
/// once: the others are in folds of so many, or of so many folds.
const GROUP: usize = 100;

/// Has the brackets around what is inside a fold, as long as that is text.
const UNDRAWN: &str = "data-undrawn";

/// The place of the first that is inside.
const FROM: &str = "data-from";

/// Draws a tree.
pub fn draw(node: &Node) -> Result<Element, JsValue> {
    let root = make("div", css::json)?;
    let mut pen = Pen { room: AT_ONCE };
    match node {
        Node::Branch(shape, members) => {
            let end = Ending {
                after: "",
                open: true,
            };
            root.append_child(&*pen.branch(None, *shape, members, end)?)?;
        }
        Node::Leaf(..) => pen.value(&root, None, node, "")?,
    }
    // Events of folds do not rise, but can be caught on their way down.
    let unfold = Closure::<dyn FnMut(Event)>::new(|event: Event| {
        if let Some(fold) = event.target().and_then(|it| it.dyn_into::<Element>().ok()) {
            let _ = unfold(&fold);
        }
    });
    root.add_event_listener_with_callback_and_bool(
        "toggle",
        unfold.into_js_value().unchecked_ref(),
        true,
    )?;
    Ok(root)
}

/// Draws what is inside a fold, if that is text still.
fn unfold(fold: &Element) -> Result<(), JsValue> {
    let inside = fold.children().item(1);
    let Some(inside) = inside.filter(|inside| inside.has_attribute(UNDRAWN)) else {
        return Ok(());
    };
    let shape = match inside.get_attribute(UNDRAWN).as_deref() {
        Some("[") => Shape::List,
        _ => Shape::Object,
    };
    let from = inside.get_attribute(FROM);
    let from = from.and_then(|from| from.parse().ok()).unwrap_or(0);
    let (members, more) = read_members(shape, &inside.text_content().unwrap_or_default());
    inside.remove_attribute(UNDRAWN)?;
    inside.set_text_content(None);
    Pen { room: AT_ONCE }.members(&inside, shape, &members, from, more)
}

/// What comes after a branch, and whether it is unfolded.
struct Ending {
    after: &'static str,
    open: bool,
}

/// Draws values, as many as there is room for.
struct Pen {
    room: usize,
}

impl Pen {
    /// Draws a value with its name before it, and what comes after it.
    fn value(
        &mut self,
        parent: &Element,
        name: Option<&str>,
        node: &Node,
        after: &'static str,
    ) -> Result<(), JsValue> {
        let line = match node {
            Node::Leaf(kind, text) => {
                self.room = self.room.saturating_sub(1);
                let line = make("div", css::line)?;
                label(&line, name)?;
                let class = match kind {
                    Kind::Text => css::text,
                    Kind::Number | Kind::Word => css::word,
                    Kind::Empty => css::sign,
                };
                line.append_child(&*make_text("span", class, text)?)?;
                sign(&line, after)?;
                line
            }
            Node::Branch(shape, members) => {
                let open = size(node) <= self.room;
                self.branch(name, *shape, members, Ending { after, open })?
            }
        };
        parent.append_child(&line)?;
        Ok(())
    }

    fn branch(
        &mut self,
        name: Option<&str>,
        shape: Shape,
        members: &[Member],
        end: Ending,
    ) -> Result<Element, JsValue> {
        self.room = self.room.saturating_sub(1);
        let (open, close) = shape.brackets();
        let fold = make("details", css::fold)?;
        let summary = make("summary", css::summary)?;
        let folded = format!(
            " {} {close}{}",
            counted(members.len(), noun(shape)),
            end.after
        );
        summary.set_attribute("data-folded", &folded)?;
        label(&summary, name)?;
        sign(&summary, open)?;
        fold.append_child(&summary)?;
        let inside = make("div", css::inside)?;
        match end.open {
            true => {
                fold.set_attribute("open", "")?;
                self.members(&inside, shape, members, 0, false)?;
            }
            false => undrawn(&inside, shape, members, 0, false)?,
        }
        fold.append_child(&inside)?;
        let line = make("div", css::line)?;
        sign(&line, close)?;
        sign(&line, end.after)?;
        fold.append_child(&line)?;
        Ok(fold)
    }

    /// Draws members, of which the first has the place `from`; `more` says that others follow.
    fn members(
        &mut self,
        parent: &Element,
        shape: Shape,
        members: &[Member],
        from: usize,
        more: bool,
    ) -> Result<(), JsValue> {
        let all: usize = members.iter().map(|member| size(&member.value)).sum();
        let shown = match all <= self.room {
            true => members.len(),
            false => members.len().min(GROUP),
        };
        let (shown, rest) = members.split_at(shown);
        for (at, member) in shown.iter().enumerate() {
            let last = rest.is_empty() && !more && at + 1 == shown.len();
            let after = if last { "" } else { "," };
            self.value(parent, member.name.as_deref(), &member.value, after)?;
        }
        let mut each = GROUP;
        while rest.len().div_ceil(each) > GROUP {
            each *= GROUP;
        }
        let mut from = from + shown.len();
        let groups = rest.len().div_ceil(each);
        for (at, group) in rest.chunks(each).enumerate() {
            let more = more || at + 1 < groups;
            let fold = make("details", css::fold)?;
            let summary = make("summary", css::group)?;
            let words = format!("{}s {from} to {}", noun(shape), from + group.len() - 1);
            summary.set_attribute("data-folded", &words)?;
            summary.set_attribute("aria-label", &words)?;
            let inside = make("div", "")?;
            undrawn(&inside, shape, group, from, more)?;
            fold.append_child(&summary)?;
            fold.append_child(&inside)?;
            parent.append_child(&fold)?;
            from += group.len();
        }
        Ok(())
    }
}

/// Puts members inside a fold as text.
fn undrawn(
    inside: &Element,
    shape: Shape,
    members: &[Member],
    from: usize,
    more: bool,
) -> Result<(), JsValue> {
    inside.set_attribute(UNDRAWN, shape.brackets().0)?;
    inside.set_attribute(FROM, &from.to_string())?;
    inside.set_text_content(Some(&written(members, more)));
    Ok(())
}

/// What a member is called.
fn noun(shape: Shape) -> &'static str {
    match shape {
        Shape::Object => "member",
        Shape::List => "item",
    }
}

fn label(line: &Element, name: Option<&str>) -> Result<(), JsValue> {
    if let Some(name) = name {
        line.append_child(&*make_text("span", css::name, name)?)?;
        sign(line, ": ")?;
    }
    Ok(())
}

fn sign(line: &Element, text: &str) -> Result<(), JsValue> {
    if !text.is_empty() {
        line.append_child(&document().create_text_node(text))?;
    }
    Ok(())
}
