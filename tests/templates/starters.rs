//! The starters, as their models' publishers write them.

use playground::api::catalogue::Language;
use playground::api::starters::starters;
use playground::builtin::segments::Segment;
use playground::builtin::template::TemplateError;
use serde_json::json;

use super::{body, conversation, prompt, starter, text, tool_conversation, tools, with};

#[test]
fn chatml_is_as_qwen_writes_it() {
    assert_eq!(
        text(starter("ChatML")),
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n\
         <|im_start|>assistant\nHello.<|im_end|>\n<|im_start|>user\n 2 + 2? <|im_end|>\n<|im_start|>assistant\n"
    );
    assert_eq!(
        with(
            starter("ChatML"),
            json!({"messages": tool_conversation(), "tools": tools(), "add_generation_prompt": false})
        ),
        "<|im_start|>system\n# Tools\n\nYou may call one or more functions to assist with the user query.\n\n\
         You are provided with function signatures within <tools></tools> XML tags:\n<tools>\n\
         {\"type\": \"function\", \"function\": {\"name\": \"add\", \"description\": \"Adds <a> & 'b'\", \
         \"parameters\": {\"type\": \"object\", \"properties\": {}}}}\n</tools>\n\n\
         For each function call, return a json object with function name and arguments within \
         <tool_call></tool_call> XML tags:\n<tool_call>\n\
         {\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call><|im_end|>\n\
         <|im_start|>user\n2 + 2?<|im_end|>\n\
         <|im_start|>assistant\n<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 2, \"b\": 2.0}}\n</tool_call>\n\
         <tool_call>\n{\"name\": \"add\", \"arguments\": {}}\n</tool_call><|im_end|>\n\
         <|im_start|>user\n<tool_response>\n4\n</tool_response>\n<tool_response>\n0\n</tool_response><|im_end|>\n"
    );
}

#[test]
fn llama_3_is_as_meta_writes_it() {
    assert_eq!(
        text(starter("Llama 3")),
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>\
         <|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>\
         <|start_header_id|>assistant<|end_header_id|>\n\nHello.<|eot_id|>\
         <|start_header_id|>user<|end_header_id|>\n\n2 + 2?<|eot_id|>\
         <|start_header_id|>assistant<|end_header_id|>\n\n"
    );
}

#[test]
fn mistral_is_as_mistral_7b_v03_writes_it() {
    assert_eq!(
        text(starter("Mistral")),
        "<s>[INST] Hi[/INST] Hello.</s>[INST] Be brief.\n\n 2 + 2? [/INST]"
    );
    assert_eq!(
        with(
            starter("Mistral"),
            json!({"messages": tool_conversation(), "tools": tools()})
        ),
        "<s>[AVAILABLE_TOOLS] [{\"type\": \"function\", \"function\": {\"name\": \"add\", \
         \"description\": \"Adds <a> & 'b'\", \"parameters\": {\"type\": \"object\", \"properties\": {}}}}]\
         [/AVAILABLE_TOOLS][INST] 2 + 2?[/INST][TOOL_CALLS] [\
         {\"name\": \"add\", \"arguments\": {\"a\": 2, \"b\": 2.0}, \"id\": \"abcdefghi\"}, \
         {\"name\": \"add\", \"arguments\": {}, \"id\": \"abcdefghj\"}]</s>\
         [TOOL_RESULTS] {\"content\": 4, \"call_id\": \"abcdefghi\"}[/TOOL_RESULTS]\
         [TOOL_RESULTS] {\"content\": 0, \"call_id\": \"abcdefghj\"}[/TOOL_RESULTS]"
    );
}

#[test]
fn gemma_is_as_google_writes_it() {
    assert_eq!(
        text(starter("Gemma")),
        "<bos><start_of_turn>user\nBe brief.\n\nHi<end_of_turn>\n<start_of_turn>model\nHello.<end_of_turn>\n\
         <start_of_turn>user\n2 + 2?<end_of_turn>\n<start_of_turn>model\n"
    );
    let twice = json!([{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]);
    let error = prompt(body(starter("Gemma"), json!({"messages": twice}))).unwrap_err();
    assert!(
        matches!(error, TemplateError::Raised { line: 6, .. }),
        "{error:?}"
    );
}

#[test]
fn every_starter_takes_any_list_of_messages_without_breaking() {
    for (name, template) in starters(Language::Jinja) {
        for messages in [
            json!([]),
            json!([{"role": "user", "content": null}]),
            json!([{"role": "system", "content": [{"type": "text", "text": "a"}]}]),
        ] {
            let made = prompt(body(template, json!({"messages": messages})));
            assert!(made.is_ok(), "{name} {messages}: {made:?}");
        }
    }
}

#[test]
fn without_a_template_it_is_chatml_and_says_so() {
    let made = prompt(json!({"messages": conversation()})).unwrap();
    assert_eq!(made.text(), text(starter("ChatML")));
    assert!(
        made.notes[0].contains("model's own template"),
        "{:?}",
        made.notes
    );
    assert_eq!(made.characters, made.text().chars().count());
    assert_eq!(made.segments[0], Segment::Special("<|im_start|>".into()));
    assert_eq!(
        prompt(body(starter("ChatML"), json!({}))).unwrap().notes,
        Vec::<String>::new()
    );
}
