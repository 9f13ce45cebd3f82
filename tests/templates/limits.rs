//! Templates that fail, that never end and that are none.

use playground::builtin::template::TemplateError;
use proptest::prelude::*;
use serde_json::json;

use super::{body, fails, prompt};

/// Holds what is said of each template against the line that it has to name and words that it has to have.
fn are_told(templates: &[(&str, usize, &str)]) {
    for (template, line, words) in templates {
        let error = fails(template);
        let said = error.to_string();
        assert_eq!(error.line(), Some(*line), "{template}: {said}");
        for part in [*words, &format!("ine {line}")] {
            assert!(said.contains(part), "{template}: {said}");
        }
    }
}

#[test]
fn errors_say_the_line_and_what_to_do() {
    are_told(&[
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
    ]);
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
    let endless = "Look for a loop that does not end";
    let too_long = "Look for a loop that writes too much";
    let nested = "{".repeat(3) + &"(".repeat(5000);
    are_told(&[
        (
            "{% for a in range(99999) %}\n{% for b in range(99999) %}{% endfor %}{% endfor %}",
            2,
            endless,
        ),
        (
            "{% set ns = namespace(x='x') %}{% for a in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
            1,
            endless,
        ),
        (
            "{% for a in range(99999) %}{{ 'twenty letters or so' }}{% endfor %}",
            1,
            too_long,
        ),
        ("{{ 'x' * 2000000 }}", 1, too_long),
        (
            "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
            1,
            "recursion",
        ),
        (
            "{% set ns = namespace(x=[]) %}{% for a in range(999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
            1,
            "nested",
        ),
        (&nested, 1, "not valid Jinja"),
    ]);
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
