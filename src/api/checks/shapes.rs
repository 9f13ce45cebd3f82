//! The shape of every parameter, by its kind and the server, and the rule that values must fit.
//!
//! Sources: the request classes of vLLM 0.6.4, 0.7.2, 0.8.5 and 0.12.0 with the message types of the
//! openai package that they use, and SGLang 0.5.5.

use super::request::Request;
use super::shape::{Reader, Shape, inspect, optional, required};
use super::{Edit, Problem, fields, lax, message_shape};
use crate::api::catalogue::{self, Kind, Parameter};
use crate::api::dialect::Dialect;
use serde_json::Value;

/// How the dialect's server reads values.
pub(super) fn reader(dialect: Dialect) -> Reader {
    Reader {
        lax: dialect.converts(),
        closed: dialect == Dialect::Vllm06,
    }
}

/// The shape of a documented parameter's value, `null` aside.
pub(super) fn shape(parameter: &Parameter, dialect: Dialect) -> Shape {
    match parameter.kind {
        Kind::Switch => Shape::Switch,
        Kind::Integer(_) => Shape::Integer,
        Kind::Seed(_) => Shape::Integer64,
        Kind::Number(_) => Shape::Number,
        Kind::Text | Kind::Code(_) | Kind::Choice(_) | Kind::Model | Kind::Uuid => Shape::Text,
        Kind::Stops => Shape::AnyOf(&[Shape::Text, Shape::List(&Shape::Text)]),
        Kind::Strings => Shape::List(&Shape::Text),
        Kind::Integers => Shape::List(&Shape::Integer),
        // llama.cpp also takes a list of pairs.
        Kind::LogitBias if dialect == Dialect::LlamaCpp => Shape::Any,
        Kind::LogitBias => Shape::Map(&Shape::Number),
        Kind::Messages => message_shape::list(dialect),
        Kind::Tools if dialect == Dialect::OpenAi => Shape::List(&Shape::Map(&Shape::Any)),
        Kind::Tools => Shape::List(&TOOL),
        Kind::ToolChoice => tool_choice(dialect),
        Kind::ResponseFormat => response_format(dialect),
        Kind::Schema => Shape::AnyOf(&[Shape::Map(&Shape::Any), Shape::Text]),
        Kind::Json => Shape::Map(&Shape::Any),
        Kind::Documents => Shape::List(&Shape::Map(&Shape::Text)),
        Kind::StreamOptions => STREAM_OPTIONS,
    }
}

/// Every documented value must fit its shape, and required parameters must be there.
pub(super) fn check(request: &mut Request) {
    let dialect = request.dialect;
    for parameter in &catalogue::ALL {
        match request.body.get(parameter.name) {
            None if parameter.required(dialect) => request.tell(Problem::error(
                "missing",
                parameter.name,
                format!(
                    "{} is required, and it is not in the request.",
                    parameter.name
                ),
            )),
            None => {}
            Some(Value::Null) if parameter.nullable(dialect) => {}
            Some(Value::Null) => null(request, parameter),
            Some(value) => documented(request, parameter, value),
        }
    }
    for field in fields::of(dialect) {
        if let Some(value) = request
            .body
            .get(field.name)
            .filter(|value| !value.is_null())
        {
            faults(request, field.name, value, &field.shape);
        }
    }
}

fn documented(request: &mut Request, parameter: &Parameter, value: &Value) {
    if request.skips(parameter.name) {
        return;
    }
    faults(
        request,
        parameter.name,
        value,
        &shape(parameter, request.dialect),
    );
    if !request.faulty(parameter.name) {
        converted(request, parameter, value);
    }
}

fn faults(request: &mut Request, name: &str, value: &Value, shape: &Shape) {
    let found = inspect(value, shape, name, reader(request.dialect));
    if found.is_empty() {
        return;
    }
    request.mark_faulty(name);
    if name == "tool_choice" && super::tools::tells(request.dialect, value) {
        return;
    }
    for fault in found {
        let sentence = fault.sentence(super::path::get(request.body, &fault.path));
        let mut problem = Problem::error("type", name, sentence).at(&fault.path);
        if request.may_copy()
            && let Some((label, edit)) = super::mend::mend(request.body, name, &fault)
        {
            problem = problem.fix(label, vec![edit]);
        }
        request.tell(problem);
    }
}

/// `null` where the server wants a value.
fn null(request: &mut Request, parameter: &Parameter) {
    request.mark_faulty(parameter.name);
    let name = parameter.name;
    let server = request.dialect.server();
    let problem = if parameter.required(request.dialect) {
        Problem::error(
            "null",
            name,
            format!("{name} is required; {server} refuses null."),
        )
    } else {
        Problem::error(
            "null",
            name,
            format!("{server} refuses null for {name}; leave it out for the default."),
        )
        .remove()
    };
    request.tell(problem);
}

/// A value that is taken only because the server converts it.
fn converted(request: &mut Request, parameter: &Parameter, value: &Value) {
    if request.is_vllm() && super::logprobs::COMPARED_RAW.contains(&parameter.name) {
        return;
    }
    let plain = match parameter.kind {
        Kind::Switch if !value.is_boolean() => lax::switch(value).map(Value::from),
        Kind::Integer(_) | Kind::Seed(_) if !matches!(value, Value::Number(number) if !lax::is_float(number)) => {
            lax::integer(value)
                .and_then(|whole| i64::try_from(whole).ok())
                .map(Value::from)
        }
        // A number that JSON cannot write, such as "nan", has no plain form.
        Kind::Number(_) if !value.is_number() => lax::number(value)
            .and_then(serde_json::Number::from_f64)
            .map(Value::Number),
        _ => None,
    };
    let Some(plain) = plain else { return };
    let name = parameter.name;
    let got = super::shape::brief(value);
    let server = request.dialect.server();
    request.tell(
        Problem::note(
            "converted",
            name,
            format!("{server} reads {got} as {plain}; other servers refuse it."),
        )
        .fix(format!("Write {plain}"), vec![Edit::set(name, plain)]),
    );
}

const STREAM_OPTIONS: Shape = Shape::Record(&[
    optional("include_usage", Shape::Nullable(&Shape::Switch)),
    optional("continuous_usage_stats", Shape::Nullable(&Shape::Switch)),
]);

const TOOL: Shape = Shape::Record(&[
    optional("type", Shape::Literal(&["function"])),
    required(
        "function",
        Shape::Record(&[
            required("name", Shape::Text),
            optional("description", Shape::Nullable(&Shape::Text)),
            optional("parameters", Shape::Nullable(&Shape::Map(&Shape::Any))),
        ]),
    ),
]);

const NAMED: Shape = Shape::Record(&[
    required("function", Shape::Record(&[required("name", Shape::Text)])),
    optional("type", Shape::Literal(&["function"])),
]);

fn tool_choice(dialect: Dialect) -> Shape {
    match dialect {
        Dialect::Vllm06 | Dialect::Vllm07 => {
            Shape::AnyOf(&[Shape::Literal(&["none", "auto"]), NAMED])
        }
        Dialect::OpenAi => Shape::AnyOf(&[
            Shape::Literal(&["none", "auto", "required"]),
            Shape::Map(&Shape::Any),
        ]),
        _ => Shape::AnyOf(&[Shape::Literal(&["none", "auto", "required"]), NAMED]),
    }
}

const JSON_SCHEMA: Shape = Shape::Nullable(&Shape::Record(&[
    required("name", Shape::Text),
    optional("description", Shape::Nullable(&Shape::Text)),
    optional("schema", Shape::Nullable(&Shape::Map(&Shape::Any))),
    optional("strict", Shape::Nullable(&Shape::Switch)),
]));

const FORMAT: Shape = Shape::Record(&[
    required(
        "type",
        Shape::Literal(&["text", "json_object", "json_schema"]),
    ),
    optional("json_schema", JSON_SCHEMA),
]);

const STRUCTURAL_TAG: Shape = Shape::Record(&[
    required("type", Shape::Literal(&["structural_tag"])),
    required(
        "structures",
        Shape::List(&Shape::Record(&[
            required("begin", Shape::Text),
            optional("schema", Shape::Nullable(&Shape::Map(&Shape::Any))),
            required("end", Shape::Text),
        ])),
    ),
    required("triggers", Shape::List(&Shape::Text)),
]);

const STRUCTURAL_TAG_012: Shape = Shape::Record(&[
    required("type", Shape::Literal(&["structural_tag"])),
    required("format", Shape::Any),
]);

/// llama.cpp and others also take a bare schema beside the type.
const LOOSE_FORMAT: Shape = Shape::Record(&[required("type", Shape::Text)]);

fn response_format(dialect: Dialect) -> Shape {
    match dialect {
        Dialect::Vllm06 | Dialect::Vllm07 | Dialect::OpenAi => FORMAT,
        Dialect::Vllm08 | Dialect::SgLang => Shape::AnyOf(&[FORMAT, STRUCTURAL_TAG]),
        Dialect::Vllm012 => Shape::AnyOf(&[FORMAT, STRUCTURAL_TAG, STRUCTURAL_TAG_012]),
        Dialect::LlamaCpp | Dialect::Unknown => LOOSE_FORMAT,
    }
}
