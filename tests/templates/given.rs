//! What of the request reaches the template.

use playground::builtin::template::TemplateError;
use serde_json::json;

use super::{body, prompt, starter, tools, with};

#[test]
fn kwargs_documents_and_the_generation_prompt_reach_the_template() {
    let template = "{{ enable_thinking }} {{ documents[0].title }} {{ add_generation_prompt }} {{ bos_token }}";
    let made = with(
        template,
        json!({"chat_template_kwargs": {"enable_thinking": false, "bos_token": "<x>"}, "documents": [{"title": "D"}]}),
    );
    assert_eq!(made, "False D True <x>");
    assert_eq!(
        with(
            "{{ add_generation_prompt }}",
            json!({"add_generation_prompt": false})
        ),
        "False"
    );
    let assumed = prompt(body("{{ bos_token }}<start_of_turn>", json!({}))).unwrap();
    assert_eq!(assumed.text(), "<bos><start_of_turn>");
    assert!(assumed.notes[0].contains("tokenizer decides"));
    let none = json!({"tools": tools(), "tool_choice": "none"});
    assert_eq!(with("{{ tools is none }}", none), "True");
}

#[test]
fn a_template_that_loops_over_contents_gets_parts() {
    let template = "{% for m in messages %}{% for c in m.content %}{{ c.type }}:{{ c.text }};{% endfor %}{% endfor %}";
    let messages = json!([{"role": "user", "content": [
        {"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "data:,"}}]},
        {"role": "user", "content": "b"}]);
    assert_eq!(
        with(template, json!({"messages": messages})),
        "text:a;image:;text:b;"
    );
    let flat = prompt(body(
        "{{ messages[0].content }}",
        json!({"messages": messages}),
    ))
    .unwrap();
    assert_eq!(flat.text(), "a");
    assert!(flat.notes[0].starts_with("1 images"), "{:?}", flat.notes);
}

#[test]
fn a_continued_message_stays_open() {
    let messages =
        json!([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Sure, "}]);
    let more = json!({"messages": messages, "add_generation_prompt": false, "continue_final_message": true});
    assert_eq!(
        with(starter("ChatML"), more.clone()),
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nSure, "
    );
    // A template that trims takes the trailing space with it.
    assert!(with(starter("Llama 3"), more.clone()).ends_with("<|end_header_id|>\n\nSure,"));
    let lost = prompt(body("{{ messages[0].content }}", more.clone()));
    assert_eq!(lost, Err(TemplateError::ContinuedIsLost));
    let both = prompt(body("", json!({"continue_final_message": true})));
    assert_eq!(both, Err(TemplateError::ContinueAndGenerate));
    let mut nothing = more;
    nothing["messages"] = json!([]);
    assert_eq!(
        prompt(body("", nothing)),
        Err(TemplateError::NothingToContinue)
    );
}
