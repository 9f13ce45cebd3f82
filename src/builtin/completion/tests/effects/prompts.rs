//! How messages become the prompt, and what of it is told.

use serde_json::json;

use super::super::{asking, bytes, content};
use super::{FRANCE, and, choice, usage};

pub fn messages() {
    assert_eq!(
        content(FRANCE, json!({})),
        "The capital of France is Paris."
    );
    assert_eq!(
        content("What is the capital of Norway?", json!({})),
        "The capital of Norway is Oslo."
    );
    let pirate = json!([{"role": "system", "content": "You are a pirate."}, {"role": "user", "content": "Hello"}]);
    assert_ne!(
        content("", json!({"messages": pirate})),
        content("Hello", json!({}))
    );
    assert_ne!(bytes(&json!({"messages": []})).0.status, 200);
}

pub fn echo() {
    let messages = json!([{"role": "user", "content": FRANCE}, {"role": "assistant", "content": "The capital of"}]);
    let more = json!({"messages": messages, "continue_final_message": true, "add_generation_prompt": false});
    assert_eq!(
        content("", and(&more, json!({"echo": true}))),
        "The capital of France is Paris."
    );
    assert_eq!(content("", more), " France is Paris.");
}

pub fn add_generation_prompt() {
    let (with, _) = usage("Hi", json!({"max_tokens": 1}));
    let (without, _) = usage(
        "Hi",
        json!({"max_tokens": 1, "add_generation_prompt": false}),
    );
    assert!(without < with, "{without} {with}");
    let role = choice(
        "Hi",
        json!({"max_tokens": 1, "add_generation_prompt": false}),
    )["message"]["role"]
        .clone();
    assert_eq!(role, "user");
}

pub fn continue_final_message() {
    let messages = json!([{"role": "user", "content": FRANCE}, {"role": "assistant", "content": "The capital of"}]);
    let open = json!({"messages": messages, "continue_final_message": true, "add_generation_prompt": false});
    assert_eq!(content("", open), " France is Paris.");
    let closed = json!({"messages": messages, "max_tokens": 10});
    assert_ne!(content("", closed), " France is Paris.");
    let both = json!({"messages": messages, "continue_final_message": true, "add_generation_prompt": true});
    assert_eq!(bytes(&asking("", both)).0.status, 400);
}

pub fn add_special_tokens() {
    let (plain, _) = usage("Hi", json!({"max_tokens": 1}));
    let (with, _) = usage("Hi", json!({"max_tokens": 1, "add_special_tokens": true}));
    assert_eq!(with, plain + 1);
}

pub fn skip_special_tokens() {
    let shown = content(
        FRANCE,
        json!({"skip_special_tokens": false, "ignore_eos": true, "max_tokens": 14}),
    );
    let hidden = content(FRANCE, json!({"ignore_eos": true, "max_tokens": 14}));
    assert!(
        shown.contains("<|im_end|>") && !hidden.contains("<|im_end|>"),
        "{shown} {hidden}"
    );
}

pub fn spaces_between_special_tokens() {
    let more = json!({"skip_special_tokens": false, "ignore_eos": true, "max_tokens": 14});
    assert!(content(FRANCE, more.clone()).contains("Paris. <|im_end|>"));
    assert!(
        content(
            FRANCE,
            and(&more, json!({"spaces_between_special_tokens": false}))
        )
        .contains("Paris.<|im_end|>")
    );
}

pub fn truncate_prompt_tokens() {
    assert_eq!(
        usage(
            FRANCE,
            json!({"truncate_prompt_tokens": 5, "max_tokens": 1})
        )
        .0,
        5
    );
    // The end stays: of this no question, but the word that is to be gone on with.
    let messages = json!([{"role": "user", "content": "Tell me a joke"}, {"role": "assistant", "content": "The capital"}]);
    let more = json!({"messages": messages, "continue_final_message": true, "add_generation_prompt": false, "truncate_prompt_tokens": 2, "max_tokens": 1});
    assert_eq!(content("", more), " of");
}

pub fn documents() {
    let template = "<|im_start|>user\nWhat is the capital of {{ documents[0].text }}?<|im_end|>\n<|im_start|>assistant\n\n";
    let with = |text: &str| {
        content(
            "Hi",
            json!({"chat_template": template, "documents": [{"title": "x", "text": text}]}),
        )
    };
    assert_eq!(with("Spain"), "The capital of Spain is Madrid.");
    assert_eq!(with("Japan"), "The capital of Japan is Tokyo.");
}

pub fn chat_template() {
    let template = "<|im_start|>user\nWhat is the capital of {{ messages[0].content }}?<|im_end|>\n<|im_start|>assistant\n\n";
    assert_eq!(
        content("Italy", json!({"chat_template": template})),
        "The capital of Italy is Rome."
    );
    assert_eq!(
        bytes(&asking("Hi", json!({"chat_template": "{% if %}"})))
            .0
            .status,
        400
    );
}

pub fn chat_template_kwargs() {
    let template =
        "<|im_start|>user\nWhat is the capital of {{ land }}?<|im_end|>\n<|im_start|>assistant\n\n";
    let with = |land: &str| {
        content(
            "Hi",
            json!({"chat_template": template, "chat_template_kwargs": {"land": land}}),
        )
    };
    assert_eq!(with("Kenya"), "The capital of Kenya is Nairobi.");
    assert_eq!(with("Egypt"), "The capital of Egypt is Cairo.");
}
