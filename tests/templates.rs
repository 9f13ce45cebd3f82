//! Chat templates: the starters against their models' published formats, what real templates use,
//! and what no template can do.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use playground::api::catalogue::Language;
use playground::api::starters::starters;
use playground::builtin::LocalTime;
use playground::builtin::segments::Segment;
use playground::builtin::template::{Prompt, TemplateError, render};
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: LocalTime = LocalTime {
    year: 2024,
    month: 7,
    day: 26,
    weekday: 5,
    hour: 9,
    minute: 5,
    second: 0,
};

fn prompt(body: Value) -> Result<Prompt, TemplateError> {
    render(body.as_object().unwrap(), NOW)
}

/// What a template makes of three messages and whatever else the body has.
fn text(template: &str) -> String {
    with(template, json!({}))
}

fn with(template: &str, more: Value) -> String {
    prompt(body(template, more)).unwrap().text()
}

fn fails(template: &str) -> TemplateError {
    prompt(body(template, json!({}))).unwrap_err()
}

fn body(template: &str, more: Value) -> Value {
    let mut body = json!({"messages": conversation(), "chat_template": template});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    body
}

fn conversation() -> Value {
    json!([
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello."},
        {"role": "user", "content": " 2 + 2? "},
    ])
}

fn tools() -> Value {
    json!([{"type": "function", "function": {
        "name": "add", "description": "Adds <a> & 'b'", "parameters": {"type": "object", "properties": {}},
    }}])
}

fn tool_conversation() -> Value {
    json!([
        {"role": "user", "content": "2 + 2?"},
        {"role": "assistant", "content": null, "tool_calls": [
            {"id": "abcdefghi", "type": "function", "function": {"name": "add", "arguments": "{\"a\": 2, \"b\": 2.0}"}},
            {"id": "abcdefghj", "type": "function", "function": {"name": "add", "arguments": "{}"}},
        ]},
        {"role": "tool", "tool_call_id": "abcdefghi", "content": "4"},
        {"role": "tool", "tool_call_id": "abcdefghj", "content": "0"},
    ])
}

fn starter(name: &str) -> &'static str {
    let found = starters(Language::Jinja)
        .iter()
        .find(|(own, _)| *own == name);
    found.unwrap().1
}

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

#[test]
fn whitespace_is_controlled_as_in_transformers() {
    // The newline after a block and the spaces before it go.
    assert_eq!(
        text(
            "{% for m in messages %}\n    {% if loop.first %}\nA\n    {% endif %}\n{% endfor %}\nB\n"
        ),
        "A\nB"
    );
    assert_eq!(text("a\n  {%- if true -%}  b  {%+ endif %}  c"), "ab    c");
    assert_eq!(text("a {# note #}\nb {{ 1 }}\nc"), "a b 1\nc");
}

#[test]
fn methods_filters_and_loops_of_real_templates_work() {
    for (template, made) in [
        (
            "{{ messages[3]['content'].strip() }}|{{ ' x\\n'.rstrip('\\n') }}|{{ '\\nx '.lstrip() }}",
            "2 + 2?| x|x ",
        ),
        ("{{ '<think>a</think>b'.split('</think>')[-1] }}", "b"),
        (
            "{% for k, v in messages[0].items() %}{{ k }}={{ v }};{% endfor %}",
            "role=system;content=Be brief.;",
        ),
        (
            "{{ messages[0].get('name', 'none') }} {{ 'content' in messages[0] }}",
            "none True",
        ),
        (
            "{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}",
            "4",
        ),
        (
            "{% for m in messages %}{% if loop.index0 == 1 %}{% continue %}{% endif %}{{ m.role[0] }}{% if loop.index == 3 %}{% break %}{% endif %}{% endfor %}",
            "sa",
        ),
        (
            "{% for m in messages %}{{ loop.first }}{{ loop.last }}{{ loop.previtem.role if loop.previtem }} {% endfor %}",
            "TrueFalse FalseFalsesystem FalseFalseuser FalseTrueassistant ",
        ),
        (
            "{{ messages[1:] | length }}{{ messages[::-1][0].role }}{{ messages | map(attribute='role') | join(',') }}",
            "3usersystem,user,assistant,user",
        ),
        (
            "{{ messages | rejectattr('role', 'equalto', 'system') | list | length }}",
            "3",
        ),
        (
            "{% macro turn(m) %}[{{ m.role }}]{% endmacro %}{% for m in messages %}{{ turn(m) }}{% endfor %}",
            "[system][user][assistant][user]",
        ),
        (
            "{{ messages[0].content is string }}{{ messages[0] is mapping }}{{ missing is defined }}{{ tools is none }}",
            "TrueTrueFalseTrue",
        ),
        ("{{ strftime_now('%d %b %Y') }}", "26 Jul 2024"),
        (
            "{{ none }} {{ true }} {{ 1.0 }} {{ messages[:1] }}",
            "None True 1.0 [{'role': 'system', 'content': 'Be brief.'}]",
        ),
        ("{{ true | string + '!' }}", "True!"),
        (
            "{{ missing }}{% if not missing %}no{% endif %}{{ missing | default('d') }}",
            "nod",
        ),
        ("{% set x %}a{{ 1 }}{% endset %}{{ x }}", "a1"),
        (
            "{{ 'a' if messages | length > 9 else 'b' }}{{ 'Hi' ~ 1 ~ 'x' * 2 }}",
            "bHi1xx",
        ),
        (
            "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}{% endif %}{% endfor %}",
            "Hello.",
        ),
    ] {
        assert_eq!(text(template), made, "{template}");
    }
}

#[test]
fn tojson_is_python_s() {
    let tools = json!({"tools": tools()});
    let short = r#"{"type": "object", "properties": {}}"#;
    for (template, made) in [
        ("{{ tools[0].function.parameters | tojson }}", short),
        (
            "{{ {'b': 'é<', 'a': [1, 2.5, true, none]} | tojson }}",
            r#"{"b": "é<", "a": [1, 2.5, true, null]}"#,
        ),
        (
            "{{ {'b': 'é\\n', 'a': 1} | tojson(ensure_ascii=true, sort_keys=true) }}",
            "{\"a\": 1, \"b\": \"\\u00e9\\n\"}",
        ),
        (
            "{{ [1, {'a': []}] | tojson(indent=2) }}",
            "[\n  1,\n  {\n    \"a\": []\n  }\n]",
        ),
        (
            "{{ [1, {'a': 2}] | tojson(separators=(',', ':')) }}",
            r#"[1,{"a":2}]"#,
        ),
    ] {
        assert_eq!(with(template, tools.clone()), made, "{template}");
    }
}

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

#[test]
fn errors_say_the_line_and_what_to_do() {
    for (template, line, words) in [
        ("a\nb {% if %}", 2, "not valid Jinja"),
        (
            "\n\n{{ raise_exception('Only ' ~ 2 ~ ' roles') }}",
            3,
            "Only 2 roles",
        ),
        ("{{ messages[9].role.upper() }}", 1, "undefined"),
        ("\n{{ 'a' | nonsense }}", 2, "nonsense"),
        ("\n{{ nonsense() }}", 2, "nonsense"),
        (
            "{% for m in messages %}\n{{ m.content + 1 }}{% endfor %}",
            2,
            "fails",
        ),
        ("{% generation %}\n{% if %}", 2, "not valid Jinja"),
        ("{% endfor %}", 1, "endfor"),
        ("{{ 'a", 1, "not valid Jinja"),
    ] {
        let error = fails(template);
        assert_eq!(error.line(), Some(line), "{template}: {error}");
        assert!(error.to_string().contains(words), "{template}: {error}");
        assert!(
            error.to_string().contains(&format!("ine {line}")),
            "{template}: {error}"
        );
    }
    assert_eq!(
        prompt(json!({"messages": [], "chat_template": 1}))
            .unwrap_err()
            .line(),
        None
    );
    assert_eq!(
        prompt(json!({"chat_template": ""})),
        Err(TemplateError::NoMessages)
    );
}

#[test]
fn work_is_bounded() {
    let endless =
        "{% for a in range(99999) %}\n{% for b in range(99999) %}{% endfor %}{% endfor %}";
    assert!(
        matches!(fails(endless), TemplateError::Endless { .. }),
        "{:?}",
        fails(endless)
    );
    let recursive = "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}";
    assert!(
        fails(recursive).to_string().contains("recursion"),
        "{}",
        fails(recursive)
    );
    for long in [
        "{% for a in range(99999) %}{{ 'twenty letters or so' }}{% endfor %}",
        "{{ 'x' * 2000000 }}",
    ] {
        assert!(
            matches!(fails(long), TemplateError::TooLong { line: 1 }),
            "{:?}",
            fails(long)
        );
    }
    let doubling = "{% set ns = namespace(x='x') %}{% for a in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}";
    assert!(
        matches!(fails(doubling), TemplateError::Endless { .. }),
        "{:?}",
        fails(doubling)
    );
    let deep = "{% set ns = namespace(x=[]) %}{% for a in range(999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}";
    assert!(
        fails(deep).to_string().contains("nested"),
        "{}",
        fails(deep)
    );
    let nested = "{".repeat(3) + &"(".repeat(5000);
    assert!(matches!(fails(&nested), TemplateError::Syntax { .. }));
}

/// Pieces that make up templates, put together at random.
fn any_template() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,6}",
        prop::sample::select(vec![
            "{% for m in messages %}",
            "{% endfor %}",
            "{% if m.role == 'user' %}",
            "{% else %}",
            "{% endif %}",
            "{{ m.content }}",
            "{{ messages | tojson(indent=1) }}",
            "{{- messages[-1]['content'].strip() -}}",
            "{% set ns = namespace(a=1) %}",
            "{% set ns.a = [ns] %}",
            "{{ ns.a }}",
            "{{ loop.index }}",
            "{%- generation %}",
            "{% endgeneration -%}",
            "{{ raise_exception(m) }}",
            "{{ strftime_now(m.role) }}",
            "{{ range(9) | list }}",
            "{% macro f(x) %}",
            "{% endmacro %}",
            "{{ f(f) }}",
            "{{ m | string }}",
            "{{ caller() }}",
            "{% call f(1) %}",
            "{% endcall %}",
            "{# ",
            " #}",
            "{{",
            "}}",
            "{%",
            "%}",
            "{{ 'é'[0:1] * 3 }}",
            "{{ 1 // 0 }}",
            "{{ -9223372036854775808 // -1 }}",
            "{{ m.items() | map('first') | list | tojson }}",
            "{{ 'a%sb' % 1 }}",
            "{{ '{}'.format(m) }}",
            "\n",
            "<|im_end|>",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_template_breaks_the_preview(template in any_template(), continues in any::<bool>()) {
        let more = json!({"continue_final_message": continues, "add_generation_prompt": !continues});
        match prompt(body(&template, more)) {
            Ok(prompt) => prop_assert_eq!(prompt.characters, prompt.text().chars().count()),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
