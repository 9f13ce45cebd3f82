//! What templates of published models use of the language.

use serde_json::json;

use super::{text, tools, with};

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
