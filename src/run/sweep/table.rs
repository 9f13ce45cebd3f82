//! The results of a sweep as files: CSV after RFC 4180, and JSON.

use serde_json::{Map, Value, json};

use super::figures::{Figure, from_json, to_json};
use super::grid::{CellState, Grid};
use super::plan::{Cell, Plan, PlanError};
use crate::api::body::{Body, parse_json};

/// A row for each request, in the order of the axes. Columns: the swept parameters by their names,
/// `repeat` from 1, `state`, `finish_reason`, the figures with their units in their names, `error`, and
/// the answer last. Nothing stands where nothing is known.
pub fn csv(grid: &Grid) -> String {
    let axes = std::iter::once(&grid.plan.first).chain(&grid.plan.second);
    let mut head: Vec<String> = axes.map(|axis| quoted(axis.target.name())).collect();
    head.extend(["repeat", "state", "finish_reason"].map(str::to_owned));
    head.extend(Figure::ALL.map(|figure| figure.name().to_owned()));
    head.extend(["error", "answer"].map(str::to_owned));
    let mut text = head.join(",");
    text.push_str("\r\n");
    for cell in grid.sorted(None) {
        text.push_str(&row(grid, cell).join(","));
        text.push_str("\r\n");
    }
    text
}

fn row(grid: &Grid, cell: Cell) -> Vec<String> {
    let state = grid.state(cell);
    let (first, second) = grid.labels(cell);
    let mut fields = vec![quoted(&first)];
    fields.extend(second.as_deref().map(quoted));
    fields.push((cell.repeat + 1).to_string());
    fields.push(state.name().to_owned());
    let figures = state.figures().cloned().unwrap_or_default();
    fields.push(quoted(figures.finish_reason.as_deref().unwrap_or_default()));
    // A cell without an answer has no length either.
    let known = |figure: &Figure| state.figures().and_then(|figures| figure.of(figures));
    fields.extend(Figure::ALL.iter().map(|figure| {
        known(figure)
            .map(|value| value.to_string())
            .unwrap_or_default()
    }));
    fields.push(quoted(figures.error.as_deref().unwrap_or_default()));
    fields.push(quoted(&figures.answer));
    fields
}

/// The plan, the request it changes, and an object for each request.
pub fn json(grid: &Grid) -> String {
    let cells = grid.sorted(None).into_iter().map(|cell| {
        let mut object = Map::new();
        let mut values = Map::new();
        let axes = std::iter::once((&grid.plan.first, cell.first))
            .chain(grid.plan.second.as_ref().map(|axis| (axis, cell.second)));
        for (axis, at) in axes {
            if let Some(Some(value)) = axis.values.get(at) {
                values.insert(axis.target.name().to_owned(), value.clone());
            }
        }
        object.insert("values".into(), Value::Object(values));
        object.insert("repeat".into(), json!(cell.repeat + 1));
        match grid.state(cell) {
            CellState::Retrying { error, tries } => {
                object.insert("state".into(), json!("retrying"));
                object.insert("tries".into(), json!(tries));
                object.insert("error".into(), json!(error));
            }
            state => match state.figures() {
                Some(figures) => object.extend(to_json(figures)),
                None => {
                    object.insert("state".into(), json!(state.name()));
                }
            },
        }
        Value::Object(object)
    });
    let all = json!({
        "sweep": grid.plan.to_json(),
        "body": Value::Object(grid.plan.body.as_map().clone()),
        "cells": cells.collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&all).unwrap_or_default()
}

/// The sweep that [`json`] wrote. What was under way then waits again.
///
/// # Errors
/// Where the text is none.
pub fn read(text: &str) -> Result<Grid, PlanError> {
    let value = parse_json(text).map_err(|error| PlanError::Unreadable(error.to_string()))?;
    let body = value.get("body").and_then(Value::as_object).cloned();
    let body = Body::from(body.unwrap_or_default());
    let plan = Plan::from_json(value.get("sweep").unwrap_or(&Value::Null), body)?;
    let mut grid = Grid::new(plan);
    let cells = value.get("cells").and_then(Value::as_array);
    for (cell, kept) in grid
        .sorted(None)
        .into_iter()
        .zip(cells.into_iter().flatten())
    {
        grid.set(cell, CellState::Over(from_json(kept)));
    }
    grid.put_back();
    Ok(grid)
}

fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::Figures;
    use super::*;
    use crate::api::body::Body;
    use crate::run::RunState;

    fn grid() -> Grid {
        let body = Body::parse(r#"{"model": "m", "messages": []}"#).unwrap();
        let plan = Plan::read(body, ("temperature", "0, 1.0"), Some(("seed", "7")), 2, 1).unwrap();
        Grid::new(plan)
    }

    fn done(answer: &str, tokens: u64) -> CellState {
        CellState::Over(Figures {
            state: RunState::Done,
            answer: answer.to_owned(),
            finish_reason: Some("stop".to_owned()),
            completion_tokens: Some(tokens),
            perplexity: Some(1.5),
            valid: Some(true),
            ..Figures::default()
        })
    }

    #[test]
    fn csv_has_a_row_for_each_request_with_what_is_known() {
        let mut grid = grid();
        let cells = grid.sorted(None);
        grid.set(cells[0], done("Say \"a, b\"\nc", 5));
        let csv = csv(&grid);
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(
            lines[0],
            "temperature,seed,repeat,state,finish_reason,completion_tokens,ttft_ms,total_ms,tokens_per_second,perplexity,entropy_bits,characters,valid,error,answer"
        );
        assert_eq!(
            lines[1],
            "0,7,1,done,stop,5,,,,1.5,,12,1,,\"Say \"\"a, b\"\"\nc\""
        );
        assert_eq!(lines[2], "0,7,2,waiting,,,,,,,,,,,");
        assert!(lines[3].starts_with("1.0,7,1,waiting,"));
        assert_eq!(lines.len(), 6);
    }

    #[test]
    fn json_has_values_as_they_are() {
        let mut grid = grid();
        let cells = grid.sorted(None);
        grid.set(cells[2], done("x", 1));
        let text = json(&grid);
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["cells"][2]["values"]["temperature"].to_string(), "1.0");
        assert_eq!(read["cells"][2]["answer"], "x");
        assert_eq!(read["cells"][0]["state"], "waiting");
        let again = super::read(&text).unwrap();
        assert_eq!(again, grid);
        assert!(super::read("{}").is_err() && super::read("[").is_err());
    }

    #[test]
    fn counts_order_agreement_and_what_is_put_back() {
        let mut grid = grid();
        let cells = grid.sorted(None);
        grid.set(cells[0], done("a b", 9));
        grid.set(cells[1], done("a c", 3));
        grid.set(
            cells[2],
            CellState::Over(Figures {
                state: RunState::Failed,
                ..Figures::default()
            }),
        );
        let count = grid.count();
        assert_eq!(
            (count.all, count.done, count.failed, count.live),
            (4, 2, 1, 0)
        );
        assert_eq!(
            grid.sorted(Some((Figure::CompletionTokens, true)))[0],
            cells[1]
        );
        assert_eq!(
            grid.sorted(Some((Figure::CompletionTokens, false)))[0],
            cells[0]
        );
        assert_eq!(grid.agreement(0, 0).map(|it| it.similarity), Some(0.5));
        assert_eq!(grid.mean(0, 0, Figure::CompletionTokens), Some(6.0));
        assert_eq!(grid.next(), Some(cells[3]));
        grid.put_back();
        assert_eq!(grid.next(), Some(cells[2]));
    }
}
