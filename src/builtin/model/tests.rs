#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::{Value, json};

use super::*;
use crate::builtin::completion::{Moment, Progress, begin};
use crate::builtin::segments::segments;

/// What the endpoint answers to a conversation, of which the user says the first part and every other,
/// with a system message before it if there is one.
fn answer(system: &str, said: &[&str], temperature: f64, seed: u64) -> String {
    let roles = ["user", "assistant"].into_iter().cycle();
    let said = roles
        .zip(said)
        .map(|(role, text)| json!({"role": role, "content": text}));
    let system = (!system.is_empty()).then(|| json!({"role": "system", "content": system}));
    let messages: Vec<Value> = system.into_iter().chain(said).collect();
    let body = json!({"messages": messages, "temperature": temperature, "seed": seed});
    let (_, mut completion) = begin(&body.to_string(), Moment::default());
    let mut bytes = Vec::new();
    while completion.step(&mut bytes) != Progress::Done {}
    let answer: Value = serde_json::from_slice(&bytes).unwrap();
    let choice = &answer["choices"][0];
    assert_eq!(
        choice["finish_reason"],
        "stop",
        "{said:?}: {answer}",
        said = messages
    );
    choice["message"]["content"].as_str().unwrap().to_owned()
}

fn greedy(question: &str) -> String {
    answer("", &[question], 0.0, 1)
}

/// Whether an answer is one of the passages, whole.
fn is_whole(answer: &str) -> bool {
    model().passages.iter().any(|one| one.answer == answer)
}

/// What first visitors ask, and a part of what is to be said.
const ASKED: [(&str, &str); 77] = [
    ("Hi", "Ask me"),
    ("hello!", "Hello!"),
    ("Hello! How are you?", "I am well"),
    ("who are you?", "I am playground-tiny"),
    ("Are you GPT-4?", "I am playground-tiny"),
    ("What can you do?", "explain any parameter"),
    ("what is this site", "POST /chat/completions"),
    ("how do I use my own API key?", "base URL"),
    ("Is my key safe?", "nobody else"),
    ("Who made you?", "wrote this page"),
    ("are you sentient", "No."),
    ("thanks", "You are welcome!"),
    ("test", "It works"),
    ("what time is it?", "no clock"),
    ("What's the weather in Paris?", "get_weather"),
    ("What is a token?", "A token is a piece of text"),
    ("what are logprobs", "logarithm of a probability"),
    ("What is perplexity?", "surprised"),
    ("how does a language model work", "possible next token"),
    ("explain top_p vs min_p", "Both cut off the tail"),
    (
        "What's the difference between top k and top p?",
        "top_k keeps a fixed number",
    ),
    (
        "What is the difference between presence and frequency penalty?",
        "Both look at",
    ),
    (
        "What's the difference between logit_bias and stop?",
        "\n\nstop: Texts",
    ),
    ("explain min p", "min_p: "),
    ("whats temprature", "temperature: "),
    ("Tell me about temperature", "temperature: "),
    ("how do I make it less repetitive?", "frequency_penalty"),
    ("How do I make it more creative", "Raise the temperature"),
    ("how do I get the same answer every time?", "set a seed"),
    ("How can I make the answer shorter?", "max_tokens"),
    ("Why is my answer cut off?", "finish_reason"),
    ("How do I get valid JSON?", "response_format"),
    ("how do i stop it at a newline", r#"["\n"]"#),
    (
        "How can I make the model output only yes or no?",
        "guided_choice",
    ),
    ("What temperature should I use for coding?", "0 to 0.3"),
    ("what happens if I set temperature to 2", "comes apart"),
    ("Tell me a story.", "Once upon a time"),
    ("Tell me a story about a dragon", "dragon who was afraid"),
    ("tell me a story about a fox", "fox"),
    ("Tell me a story about a wizard!", "there was a wizard who"),
    (
        "tell me a story about two brothers who go to the moon",
        "two brothers who go to the moon",
    ),
    ("Write a poem about the sea", "The sea is a drawer"),
    (
        "write a poem about quantum computing",
        "write about quantum computing",
    ),
    ("Write a haiku about autumn", "One leaf on the road"),
    ("Write a limerick", "There once was"),
    ("list five fruits", "5. banana"),
    ("List 3 animals", "3. bear"),
    ("name ten countries", "10. Australia"),
    ("Give me a JSON record of a book", "\"title\""),
    ("give me JSON of a person", "\"name\""),
    (
        "Return a JSON object with name and age",
        r#"{"name": "Ada", "age": 36}"#,
    ),
    ("Write fibonacci in Python", "def fibonacci"),
    (
        "write a python function that adds two numbers",
        "return a + b",
    ),
    ("write hello world in C", "#include"),
    ("Write an email to my boss", "Subject:"),
    ("Give me a recipe for pancakes", "two eggs"),
    ("translate hello to French", "bonjour"),
    ("Hola, ¿cómo estás?", "Pregúntame"),
    ("Wer bist du?", "Englisch"),
    ("你好", "英语"),
    ("Добрый вечер, друзья", "real model speaks many languages"),
    ("what is 2+2", "2+2 is 4."),
    ("What is seven times eight?", "Seven times eight is 56."),
    ("What is 17 * 23?", "not good at sums, and 17 * 23"),
    ("why is the sky blue?", "scatters"),
    (
        "What is the capital of France?",
        "The capital of France is Paris.",
    ),
    ("What is the capital of Australia?", "Canberra"),
    (
        "what is the capital of Mongolia",
        "I do not know the capital of Mongolia",
    ),
    ("who wrote hamlet", "Shakespeare"),
    ("What is blockchain?", "I do not know what blockchain is"),
    (
        "Explain the French Revolution",
        "I cannot explain the French Revolution",
    ),
    ("How fast can an ostrich run?", "I have read nothing"),
    ("my name is Bob", "Hello, Bob."),
    ("Repeat after me: the cat sat", "the cat sat"),
    ("", "no words in your message"),
    ("?!", "no words in your message"),
    ("continue", "nothing left to go on with"),
];

#[test]
fn it_answers_what_is_asked() {
    for (question, part) in ASKED {
        let answer = greedy(question);
        assert!(answer.contains(part), "{question}: {answer}");
    }
}

#[test]
fn it_explains_every_parameter_in_many_wordings() {
    for parameter in &crate::api::catalogue::ALL {
        let name = parameter.name;
        let mut wordings: Vec<String> = [
            "What does X do?",
            "Explain X to me.",
            "How do I use X?",
            "What's X for?",
            "X?",
            "Tell me about X",
            "what is the default of X",
        ]
        .map(|one| one.replace('X', name))
        .into();
        // The best of something is said of other things as well.
        if name.contains('_') && name != "best_of" {
            wordings.push(format!("what does {} do", name.replace('_', " ")));
            wordings.push(format!("what is {}", name.replace('_', "-")));
        }
        for question in wordings {
            let answer = greedy(&question);
            assert!(
                answer.starts_with(&format!("{name}: ")),
                "{question}: {answer}"
            );
            assert!(answer.contains(parameter.short), "{question}: {answer}");
        }
    }
}

#[test]
fn it_keeps_to_the_conversation() {
    let temperature = [
        "What is temperature?",
        "temperature: How freely the next token is drawn.",
    ];
    let more = answer(
        "",
        &[temperature[0], temperature[1], "tell me more"],
        0.0,
        1,
    );
    assert!(more.starts_with("More about temperature"), "{more}");
    let other = answer("", &[temperature[0], temperature[1], "and top_p?"], 0.0, 1);
    assert!(other.starts_with("top_p: "), "{other}");
    let capital = [
        "What is the capital of France?",
        "The capital of France is Paris.",
        "And of Germany?",
    ];
    assert_eq!(
        answer("", &capital, 0.0, 1),
        "The capital of Germany is Berlin."
    );
    let story = greedy("Tell me a story about a dragon");
    let (begun, rest) = story.split_at(120);
    let goes_on = answer(
        "",
        &["Tell me a story about a dragon", begun, "continue"],
        0.0,
        1,
    );
    assert_eq!(goes_on, rest.trim_start());
    let joke = greedy("Tell me a joke");
    let other = answer("", &["Tell me a joke", &joke, "another one"], 0.0, 1);
    assert!(is_whole(&other) && other != joke, "{other}");
    let pirate = answer("You are a pirate.", &["Hello"], 0.0, 1);
    assert!(pirate.starts_with("Ahoy!"), "{pirate}");
    let brief = answer("Answer in one word.", &capital[..1], 0.0, 1);
    assert_eq!(brief, "Paris");
}

#[test]
fn it_holds_together_when_it_is_cold_and_comes_apart_when_it_is_hot() {
    let questions = [
        "Hi",
        "Tell me a story about a fox",
        "Write a poem about the sea",
        "What does top_p do?",
        "How do I get valid JSON?",
        "why is the sky blue",
        "write a python function that adds two numbers",
        "asdfghjkl",
    ];
    let whole = |temperature: f64| -> usize {
        let all = questions
            .iter()
            .flat_map(|question| (1..6).map(move |seed| (question, seed)));
        all.filter(|(question, seed)| {
            let body = json!({"messages": [{"role": "user", "content": question}], "temperature": temperature, "seed": seed, "max_tokens": 400});
            let (_, mut completion) = begin(&body.to_string(), Moment::default());
            let mut bytes = Vec::new();
            while completion.step(&mut bytes) != Progress::Done {}
            let answer: Value = serde_json::from_slice(&bytes).unwrap();
            is_whole(answer["choices"][0]["message"]["content"].as_str().unwrap())
        })
        .count()
    };
    let (cold, mild, warm, hot) = (whole(0.0), whole(0.7), whole(1.2), whole(1.6));
    assert_eq!(cold, 40);
    assert!(mild >= 32, "{mild} of 40");
    assert!(warm < mild, "{warm} of 40");
    assert!(hot <= 4, "{hot} of 40");
}

#[test]
fn every_token_has_a_probability_and_they_add_up_to_one() {
    for question in ["Tell me a story.", "asdf", "你好"] {
        let prompt = format!("<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n");
        let mind = Mind::new(&prompt, &[("Own words.".to_owned(), 8.0)]);
        let vocabulary = &model().vocabulary;
        let mut thread = Thread::default();
        let mut chances = Vec::new();
        let tokens = vocabulary.encode_prompt(&segments(&prompt));
        for token in tokens
            .into_iter()
            .chain(vocabulary.encode("Own words, 🦊 and zzz."))
        {
            thread.push(&mind, token);
            thread.next(&mind, &mut chances);
            let sum: f64 = chances.iter().map(|chance| f64::from(*chance).exp()).sum();
            assert!((sum - 1.0).abs() < 1e-4, "{sum}");
            assert!(chances.iter().all(|chance| chance.is_finite()));
        }
    }
}
