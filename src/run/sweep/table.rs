//! The results of a sweep as files: CSV after RFC 4180, and JSON.

use serde_json::{Map, Value, json};

use super::figures::{Figure, from_json, to_json};
use super::grid::{CellState, Grid};
use super::measure::Measure;
use super::plan::{Cell, Plan, PlanError};
use crate::api::base_url::BaseUrl;
use crate::api::body::{Body, parse_json};
use crate::run::RunState;

/// What says how far the repeats of a pair of values agree.
const AGREEMENT: [(&str, Measure); 2] = [
    ("identical_share", Measure::Identical),
    ("similarity", Measure::Similarity),
];

/// A row for each request, in the order of the axes. Columns: the swept parameters by their names,
/// `repeat` from 1, `state`, `finish_reason`, the figures with their units in their names, how far the
/// repeats agree (the same in each row of theirs), `error`, and the answer last. Nothing stands where nothing
/// is known.
pub fn csv(grid: &Grid) -> String {
    let axes = grid.plan.axes();
    let mut head: Vec<String> = axes.map(|axis| quoted(axis.target.name())).collect();
    head.extend(["repeat", "state", "finish_reason"].map(str::to_owned));
    head.extend(Figure::ALL.map(|figure| figure.name().to_owned()));
    head.extend(AGREEMENT.map(|(name, _)| name.to_owned()));
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
    fields.extend(AGREEMENT.map(|(_, measure)| {
        let value = measure.of(grid, cell.first, cell.second);
        value.map(|value| value.to_string()).unwrap_or_default()
    }));
    fields.push(quoted(figures.error.as_deref().unwrap_or_default()));
    fields.push(quoted(&figures.answer));
    fields
}

/// Where it was asked, the plan, the request it changes, and an object for each request.
pub fn json(grid: &Grid) -> String {
    let cells = grid.sorted(None).into_iter().map(|cell| {
        let mut object = Map::new();
        let mut values = Map::new();
        for (axis, at) in grid.plan.axes().zip([cell.first, cell.second]) {
            if let Some(Some(value)) = axis.values.get(at) {
                values.insert(axis.target.name().to_owned(), value.clone());
            }
        }
        object.insert("values".into(), Value::Object(values));
        object.insert("repeat".into(), json!(cell.repeat + 1));
        match grid.state(cell) {
            CellState::Retrying { error, tries, .. } => {
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
        if let Some(id) = grid.run_of(cell) {
            object.insert("run".into(), json!(id));
        }
        Value::Object(object)
    });
    let all = json!({
        "base": grid.base.as_ref().map(BaseUrl::base),
        "id": grid.id,
        "sweep": grid.plan.to_json(),
        "body": Value::Object(grid.plan.body.as_map().clone()),
        "cells": cells.collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&all).unwrap_or_default()
}

/// The sweep that [`json`] wrote. What was stopped or under way then waits again. `page_origin` is what a base URL
/// without an origin belongs to.
///
/// # Errors
/// Where the text is none.
pub fn read(text: &str, page_origin: &str) -> Result<Grid, PlanError> {
    let value = parse_json(text).map_err(|error| PlanError::Unreadable(error.to_string()))?;
    let text = |value: &Value, name| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let body = value.get("body").and_then(Value::as_object).cloned();
    let body = Body::from(body.unwrap_or_default());
    let plan = Plan::from_json(value.get("sweep").unwrap_or(&Value::Null), body)?;
    let mut grid = Grid::new(plan);
    let base = text(&value, "base");
    grid.base = base.and_then(|base| BaseUrl::parse(&base, page_origin).ok());
    grid.id = text(&value, "id").unwrap_or_default();
    let cells = value.get("cells").and_then(Value::as_array);
    for (cell, kept) in grid
        .sorted(None)
        .into_iter()
        .zip(cells.into_iter().flatten())
    {
        let figures = from_json(kept);
        if matches!(figures.state, RunState::Done | RunState::Failed) {
            grid.set(cell, CellState::Over(figures));
        }
        if let Some(id) = text(kept, "run") {
            grid.set_run(cell, id);
        }
    }
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
            "temperature,seed,repeat,state,finish_reason,completion_tokens,ttft_ms,total_ms,tokens_per_second,perplexity,entropy_bits,characters,valid,identical_share,similarity,error,answer"
        );
        assert_eq!(
            lines[1],
            "0,7,1,done,stop,5,,,,1.5,,12,1,,,,\"Say \"\"a, b\"\"\nc\""
        );
        assert_eq!(lines[2], "0,7,2,waiting,,,,,,,,,,,,,");
        assert!(lines[3].starts_with("1.0,7,1,waiting,"));
        assert_eq!(lines.len(), 6);
    }

    #[test]
    fn json_has_values_as_they_are() {
        let mut grid = grid();
        let cells = grid.sorted(None);
        grid.set(cells[2], done("x", 1));
        let failed = Figures {
            state: RunState::Failed,
            error: Some("no such thing".into()),
            ..Figures::default()
        };
        grid.set(cells[3], CellState::Over(failed));
        grid.set_run(cells[2], "01767225600000-000000ab".into());
        grid.base = BaseUrl::parse("http://localhost:9/v1", "").ok();
        grid.id = "01767225600000-0000000c".into();
        let text = json(&grid);
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["cells"][2]["values"]["temperature"].to_string(), "1.0");
        assert_eq!(read["cells"][2]["answer"], "x");
        assert_eq!(read["cells"][0]["state"], "waiting");
        let again = super::read(&text, "").unwrap();
        assert_eq!(again, grid);
        // A cell's run can be opened after a reload, and goes where it went.
        assert_eq!(again.run_of(cells[2]), grid.run_of(cells[2]));
        assert_eq!(again.base.unwrap().base(), "http://localhost:9/v1");
        assert!(super::read("{}", "").is_err() && super::read("[", "").is_err());
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
        let row = csv(&grid).lines().nth(2).map(str::to_owned).unwrap();
        assert!(row.ends_with(",0.5,0.5,,a c"), "{row}");
        assert_eq!(grid.next(), Some(cells[3]));
        grid.put_back();
        assert_eq!(grid.next(), Some(cells[2]));
    }
}
