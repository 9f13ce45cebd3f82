//! Draws a JSON tree: every object and list can be folded, and says then how much is in it. The text of
//! what is drawn is the JSON itself.

use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsValue;
use web_sys::Element;

use crate::api::entry::counted;
use crate::run::json_tree::{Kind, Member, Node, Shape, indented, size};
use crate::view::nodes::{make, make_text};

import_style!(css, "json_view.module.css");

/// With more values than this, what is deeper than [`DEPTH`] is drawn as text: a page of so many
/// elements would be slow.
const MANY: usize = 3_000;

/// How deep a large tree can be folded.
const DEPTH: usize = 2;

/// Draws a tree.
pub fn draw(node: &Node) -> Result<Element, JsValue> {
    let root = make("div", css::json)?;
    let large = size(node) > MANY;
    value(&root, None, node, "", 0, large)?;
    Ok(root)
}

/// Draws a value with its name before it, and what comes after it.
fn value(
    parent: &Element,
    name: Option<&str>,
    node: &Node,
    after: &'static str,
    depth: usize,
    large: bool,
) -> Result<(), JsValue> {
    let line = match node {
        Node::Leaf(kind, text) => {
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
        Node::Branch(shape, members) => branch(name, node, *shape, members, after, depth, large)?,
    };
    parent.append_child(&line)?;
    Ok(())
}

fn branch(
    name: Option<&str>,
    node: &Node,
    shape: Shape,
    members: &[Member],
    after: &'static str,
    depth: usize,
    large: bool,
) -> Result<Element, JsValue> {
    let (open, close) = shape.brackets();
    if large && depth > DEPTH {
        let line = make("div", css::line)?;
        label(&line, name)?;
        sign(&line, &indented(node, depth))?;
        sign(&line, after)?;
        return Ok(line);
    }
    let fold = make("details", css::fold)?;
    fold.set_attribute("open", "")?;
    let summary = make("summary", css::summary)?;
    let noun = match shape {
        Shape::Object => "member",
        Shape::List => "item",
    };
    let folded = format!(" {} {close}{after}", counted(members.len(), noun));
    summary.set_attribute("data-folded", &folded)?;
    label(&summary, name)?;
    sign(&summary, open)?;
    fold.append_child(&summary)?;
    let inside = make("div", css::inside)?;
    for (at, member) in members.iter().enumerate() {
        let after = if at + 1 < members.len() { "," } else { "" };
        let name = member.name.as_deref();
        value(&inside, name, &member.value, after, depth + 1, large)?;
    }
    fold.append_child(&inside)?;
    let end = make("div", css::line)?;
    sign(&end, close)?;
    sign(&end, after)?;
    fold.append_child(&end)?;
    Ok(fold)
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
