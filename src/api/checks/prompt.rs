//! Rules about the prompt: the template, what it is given, and continuing the last message.

use serde_json::Value;

use super::problem::{Edit, Problem};
use super::request::Request;
use crate::api::dialect::Dialect;

pub(super) fn check(request: &mut Request) {
    if request.is_vllm() {
        continuing(request);
        template(request);
        rest(request);
    }
}

fn continuing(request: &mut Request) {
    let both = vec![
        Edit::set("continue_final_message", true),
        Edit::set("add_generation_prompt", false),
    ];
    // The explicit pair is refused on its raw values, whatever becomes of them.
    if request.truthy("continue_final_message") && request.truthy("add_generation_prompt") {
        request.tell(
            Problem::error(
                "continue_and_generate",
                "continue_final_message",
                "The last message cannot be continued while add_generation_prompt opens a new one.",
            )
            .fix("Set add_generation_prompt to false", both),
        );
        return;
    }
    if request.switch("continue_final_message") != Some(true) {
        return;
    }
    if request.switch("add_generation_prompt") != Some(false) {
        request.tell(
            Problem::error(
                "continue_by_default",
                "continue_final_message",
                "add_generation_prompt is true unless it says false, and then the template refuses both, with an empty error message.",
            )
            .in_engine()
            .fix("Set add_generation_prompt to false", both),
        );
    }
    let last = request
        .body
        .get("messages")
        .and_then(Value::as_array)
        .and_then(|messages| messages.last()?.get("role")?.as_str());
    if last.is_some_and(|role| role != "assistant") {
        request.tell(Problem::warning(
            "continue_other",
            "continue_final_message",
            "The last message is not the assistant's, so the model goes on in somebody else's words.",
        ));
    }
}

/// Arguments that the server itself gives to the template's renderer.
fn reserved(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Vllm06 | Dialect::Vllm07 => &["conversation", "tokenizer"],
        _ => &["conversation", "tokenizer", "trust_remote_code"],
    }
}

fn template(request: &mut Request) {
    if request.dialect == Dialect::Vllm012 && request.get("chat_template").is_some() {
        request.tell(
            Problem::warning(
                "untrusted_template",
                "chat_template",
                "vLLM 0.12 refuses templates from requests unless it was started with --trust-request-chat-template.",
            )
            .in_engine()
            .remove(),
        );
    }
    let Some(kwargs) = request
        .get("chat_template_kwargs")
        .and_then(Value::as_object)
    else {
        return;
    };
    for name in reserved(request.dialect) {
        if !kwargs.contains_key(*name) {
            continue;
        }
        let mut rest = kwargs.clone();
        rest.shift_remove(*name);
        request.tell(
            Problem::error(
                "reserved_variable",
                "chat_template_kwargs",
                format!("The server itself fills in {name}; given twice, it is refused."),
            )
            .at(format!("chat_template_kwargs.{name}"))
            .in_engine()
            .fix(
                format!("Remove {name}"),
                vec![Edit::set("chat_template_kwargs", rest)],
            ),
        );
    }
}

fn rest(request: &mut Request) {
    if request.switch("spaces_between_special_tokens").is_some()
        && request.switch("skip_special_tokens") != Some(false)
    {
        request.tell(
            Problem::note(
                "no_special_tokens",
                "spaces_between_special_tokens",
                "It does nothing while skip_special_tokens leaves special tokens out.",
            )
            .remove(),
        );
    }
    if request.switch("add_special_tokens") == Some(true) {
        request.tell(
            Problem::note(
                "double_bos",
                "add_special_tokens",
                "Most templates write the opening token themselves; a second one makes answers worse.",
            )
            .remove(),
        );
    }
    if request.switch("echo") == Some(true) && request.get("prompt_logprobs").is_none() {
        request.tell(Problem::note(
            "echo_scores",
            "echo",
            "echo also fills in prompt_logprobs, with as many alternatives as top_logprobs says.",
        ));
    }
    if request.get("truncate_prompt_tokens").is_some() {
        request.tell(Problem::note(
            "cut_at_front",
            "truncate_prompt_tokens",
            "The prompt is cut at its beginning, so the system message goes first.",
        ));
    }
    if request
        .integer("priority")
        .is_some_and(|priority| priority != 0)
    {
        request.tell(
            Problem::warning(
                "priority",
                "priority",
                "vLLM refuses any priority but 0 unless it was started with --scheduling-policy priority.",
            )
            .in_engine()
            .remove(),
        );
    }
    if request.text("model") == Some("") {
        request.tell(
            Problem::note(
                "no_model",
                "model",
                "An empty model means the server's own.",
            )
            .in_engine(),
        );
    }
}
