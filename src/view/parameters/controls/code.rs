//! Texts in a language of their own, with something to begin with; regular expressions can be tried.

use leptos::prelude::*;
use serde_json::Value;

use super::css as control;
use super::{area, regex};
use crate::api::catalogue::Language;
use crate::view::controls::button::css as button;
use crate::view::parameters::field::Field;

const CHATML: &str = "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
const LLAMA_3: &str = "<|begin_of_text|>{% for message in messages %}<|start_header_id|>{{ message.role }}<|end_header_id|>\n\n{{ message.content | trim }}<|eot_id|>{% endfor %}{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}";
const MISTRAL: &str = "<s>{% for message in messages %}{% if message.role == 'assistant' %} {{ message.content }}</s>{% else %}[INST] {{ message.content }} [/INST]{% endif %}{% endfor %}";
const GEMMA: &str = "<bos>{% for message in messages %}<start_of_turn>{{ 'model' if message.role == 'assistant' else 'user' }}\n{{ message.content | trim }}<end_of_turn>\n{% endfor %}{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}";
const GBNF: &str =
    "root ::= \"{\" ws \"\\\"answer\\\":\" ws (\"true\" | \"false\") ws \"}\"\nws ::= [ \\t\\n]*";
const LARK: &str = "start: \"yes\" | \"no\" | number\nnumber: /[0-9]+/";

fn starters(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::Jinja => &[
            ("ChatML", CHATML),
            ("Llama 3", LLAMA_3),
            ("Mistral", MISTRAL),
            ("Gemma", GEMMA),
        ],
        Language::Grammar => &[("GBNF", GBNF), ("Lark", LARK)],
        Language::Regex => &[
            ("Date", r"\d{4}-\d{2}-\d{2}"),
            ("Yes or no", "(yes|no)"),
            ("Phone", r"\+?[0-9]{1,3}( [0-9]{2,4}){2,4}"),
        ],
    }
}

/// An area for a language.
pub(super) fn code(field: Field, language: Language) -> AnyView {
    let name = field.name();
    let begin = starters(language).iter().map(|(what, text)| {
        view! {
            <button
                type="button"
                class=stylance::classes!(button::button, control::small)
                aria-label=format!("Begin {name} with {what}")
                on:click=move |_| field.write(Some(Value::from(*text)))
            >
                {*what}
            </button>
        }
    });
    let tester = (language == Language::Regex).then(|| regex::tester(field));
    view! {
        <div class=control::stack>
            {area::area(field.whole())}
            <div class=control::wrap hidden=move || field.value.with(Option::is_some)>
                {begin.collect_view()}
            </div>
            {tester}
        </div>
    }
    .into_any()
}
