//! The stops of the tour.

use super::{Stop, Try};
use crate::api::catalogue::Group;

/// The stops of the tour, in their order.
pub static TOUR: [Stop; 14] = [
    Stop {
        name: "Temperature",
        group: Group::Sampling,
        before: "The same question with the same seed, at three temperatures. The logits are divided by the temperature before a token is drawn.",
        tries: &[
            Try {
                label: "0",
                body: r##"{"messages":[{"role":"user","content":"Tell me a story."}],"temperature":0,"seed":7,"max_tokens":80,"logprobs":true,"top_logprobs":5,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "Each token is the likeliest. Send it again: the answer is the same. Under Tokens, look for the places where others were nearly as likely.",
            },
            Try {
                label: "0.8",
                body: r##"{"messages":[{"role":"user","content":"Tell me a story."}],"temperature":0.8,"seed":7,"max_tokens":80,"logprobs":true,"top_logprobs":5,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "Where several tokens were about as likely, another one was drawn, and the story goes another way. It still hangs together.",
            },
            Try {
                label: "1.5",
                body: r##"{"messages":[{"role":"user","content":"Tell me a story."}],"temperature":1.5,"seed":7,"max_tokens":80,"logprobs":true,"top_logprobs":5,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "Unlikely tokens are drawn too, and each leads further away: the text comes apart. Under Tokens, the unlikely ones stand out.",
            },
        ],
    },
    Stop {
        name: "Cut off the tail",
        group: Group::Sampling,
        before: "A high temperature lifts every token, the nonsense too. min_p forbids tokens that are too unlikely beside the best one.",
        tries: &[
            Try {
                label: "No min_p",
                body: r##"{"messages":[{"role":"user","content":"Tell me a story."}],"temperature":1.5,"seed":7,"max_tokens":80,"logprobs":true,"top_logprobs":5,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "Many tokens had a small chance, and now and then one of them was drawn.",
            },
            Try {
                label: "min_p 0.1",
                body: r##"{"messages":[{"role":"user","content":"Tell me a story."}],"temperature":1.5,"min_p":0.1,"seed":7,"max_tokens":80,"logprobs":true,"top_logprobs":5,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "Tokens with less than a tenth of the best one's probability are gone. The text is bold, but of whole words and sentences.",
            },
            Try {
                label: "top_k 1",
                body: r##"{"messages":[{"role":"user","content":"Tell me a story."}],"temperature":1.5,"top_k":1,"seed":7,"max_tokens":80,"logprobs":true,"top_logprobs":5,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "Only the likeliest token is left, so the temperature has nothing to do: this is what temperature 0 says.",
            },
        ],
    },
    Stop {
        name: "Several answers",
        group: Group::Sampling,
        before: "n asks for several answers to one prompt. Each choice draws for itself.",
        tries: &[Try {
            label: "n 3",
            body: r##"{"messages":[{"role":"user","content":"Tell me a joke."}],"n":3,"temperature":1,"seed":11,"max_tokens":60,"stream":true,"stream_options":{"include_usage":true}}"##,
            after: "Three choices stream side by side. The prompt is counted once in the usage, the tokens of all three are added up.",
        }],
    },
    Stop {
        name: "Where it stops",
        group: Group::Length,
        before: "An answer ends by itself, at a stop string, or when it is as long as it may be. finish_reason says which.",
        tries: &[
            Try {
                label: "To the end",
                body: r##"{"messages":[{"role":"user","content":"Count to ten."}],"temperature":0,"max_tokens":60,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "finish_reason is stop: the model drew its end token.",
            },
            Try {
                label: "stop at 5",
                body: r##"{"messages":[{"role":"user","content":"Count to ten."}],"temperature":0,"max_tokens":60,"stop":["5"],"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "finish_reason is stop as well, but the answer ends before the 5. Under Response, stop_reason names the string.",
            },
            Try {
                label: "Keep the 5",
                body: r##"{"messages":[{"role":"user","content":"Count to ten."}],"temperature":0,"max_tokens":60,"stop":["5"],"include_stop_str_in_output":true,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "include_stop_str_in_output leaves the stop string in the text.",
            },
            Try {
                label: "max_tokens 8",
                body: r##"{"messages":[{"role":"user","content":"Count to ten."}],"temperature":0,"max_tokens":8,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "finish_reason is length: eight tokens were all it was allowed.",
            },
        ],
    },
    Stop {
        name: "Repeat less",
        group: Group::Penalties,
        before: "ignore_eos keeps the model going after it had its say, and it begins again. Penalties lower what was said already.",
        tries: &[
            Try {
                label: "No penalty",
                body: r##"{"messages":[{"role":"user","content":"List animals."}],"temperature":0.3,"seed":2,"max_tokens":80,"ignore_eos":true,"logprobs":true,"top_logprobs":5,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "The list comes back word for word: what was said makes itself likely.",
            },
            Try {
                label: "frequency_penalty 1.5",
                body: r##"{"messages":[{"role":"user","content":"List animals."}],"temperature":0.3,"seed":2,"max_tokens":80,"frequency_penalty":1.5,"ignore_eos":true,"logprobs":true,"top_logprobs":5,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "Each token loses 1.5 for each time it was drawn, line breaks too. Where the list began again, other words have to do: so high a penalty breaks the text.",
            },
        ],
    },
    Stop {
        name: "Ban a word",
        group: Group::Penalties,
        before: "logit_bias adds to the logit of a token, by its id; −100 is as good as a ban. The ids are those of the built-in model: another model has its own.",
        tries: &[
            Try {
                label: "As it is",
                body: r##"{"messages":[{"role":"user","content":"Say a word."}],"temperature":0,"seed":1,"max_tokens":20,"logprobs":true,"top_logprobs":5,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "It says “harbour”, and is sure of it.",
            },
            Try {
                label: "Ban “harbour”",
                body: r##"{"messages":[{"role":"user","content":"Say a word."}],"temperature":0,"seed":1,"max_tokens":20,"logit_bias":{"1798":-100},"logprobs":true,"top_logprobs":5,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "The word is gone, from the answer and from what it nearly said. The likeliest of the others takes its place.",
            },
        ],
    },
    Stop {
        name: "What it nearly said",
        group: Group::Logprobs,
        before: "logprobs gives each token with its log probability, and top_logprobs those that could have come instead.",
        tries: &[
            Try {
                label: "Look inside",
                body: r##"{"messages":[{"role":"user","content":"Tell me a story."}],"temperature":0.8,"seed":10,"max_tokens":60,"logprobs":true,"top_logprobs":5,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "Tokens colours the text by how likely each token was. Choose one, such as the animal of the story, to see the others.",
            },
            Try {
                label: "The prompt, too",
                body: r##"{"messages":[{"role":"user","content":"Once upon a time there was a cat"}],"temperature":0,"max_tokens":20,"prompt_logprobs":3,"stream":false}"##,
                after: "prompt_logprobs does the same for the prompt: how well the model expected what you wrote. It cannot be streamed.",
            },
        ],
    },
    Stop {
        name: "Follow a form",
        group: Group::Structured,
        before: "A token is allowed only when the answer can still become what was asked for.",
        tries: &[
            Try {
                label: "Free",
                body: r##"{"messages":[{"role":"user","content":"What day is it today?"}],"temperature":0.3,"seed":1,"max_tokens":40,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "It says that it does not know, in its own words.",
            },
            Try {
                label: "A date by guided_regex",
                body: r##"{"messages":[{"role":"user","content":"What day is it today?"}],"temperature":0.3,"seed":1,"max_tokens":40,"guided_regex":"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9])","stream":true,"stream_options":{"include_usage":true}}"##,
                after: "A date and nothing else. A form makes an answer fit, not true: it still has no clock.",
            },
            Try {
                label: "guided_choice",
                body: r##"{"messages":[{"role":"user","content":"What a great film! Is the review positive or negative?"}],"temperature":0,"max_tokens":10,"guided_choice":["positive","negative"],"logprobs":true,"top_logprobs":5,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "One of the two, and no word about it. The log probabilities say how sure it was.",
            },
            Try {
                label: "A JSON schema",
                body: r##"{"messages":[{"role":"user","content":"Make a record of an event: a birthday with Ada and Grace."}],"temperature":0.3,"seed":2,"max_tokens":120,"response_format":{"type":"json_schema","json_schema":{"name":"event","schema":{"type":"object","properties":{"title":{"type":"string"},"date":{"type":"string"},"guests":{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":3}},"required":["title","date","guests"],"additionalProperties":false}}},"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "JSON with exactly these members. The page shows it as a tree, and holds it against the schema.",
            },
        ],
    },
    Stop {
        name: "Call a tool",
        group: Group::Tools,
        before: "With tools in the request a model can answer with a call: a name and arguments, for you to carry out.",
        tries: &[
            Try {
                label: "tool_choice auto",
                body: r##"{"messages":[{"role":"user","content":"What is the weather in Oslo?"}],"temperature":0,"max_tokens":120,"tools":[{"type":"function","function":{"name":"get_weather","description":"The weather in a city, now: rain, sun, wind.","parameters":{"type":"object","properties":{"city":{"type":"string"},"unit":{"enum":["celsius","fahrenheit"]}},"required":["city"]}}}],"tool_choice":"auto","stream":true,"stream_options":{"include_usage":true}}"##,
                after: "finish_reason is tool_calls, and the arguments are JSON that fits the tool. Under the call, write what it gives and go on.",
            },
            Try {
                label: "A question that needs none",
                body: r##"{"messages":[{"role":"user","content":"Tell me a joke."}],"temperature":0,"max_tokens":60,"tools":[{"type":"function","function":{"name":"get_weather","description":"The weather in a city, now: rain, sun, wind.","parameters":{"type":"object","properties":{"city":{"type":"string"},"unit":{"enum":["celsius","fahrenheit"]}},"required":["city"]}}}],"tool_choice":"auto","stream":true,"stream_options":{"include_usage":true}}"##,
                after: "No tool fits, so it answers in words.",
            },
            Try {
                label: "Named",
                body: r##"{"messages":[{"role":"user","content":"Tell me about Paris."}],"temperature":0,"max_tokens":60,"tools":[{"type":"function","function":{"name":"get_weather","description":"The weather in a city, now: rain, sun, wind.","parameters":{"type":"object","properties":{"city":{"type":"string"},"unit":{"enum":["celsius","fahrenheit"]}},"required":["city"]}}}],"tool_choice":{"type":"function","function":{"name":"get_weather"}},"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "Asked for by name, the tool is called whatever the question.",
            },
        ],
    },
    Stop {
        name: "The likeliest whole",
        group: Group::Beam,
        before: "Beam search goes on with the likeliest beginnings of answers, as many as n, and keeps the best. Nothing is left to chance.",
        tries: &[Try {
            label: "Three beams",
            body: r##"{"messages":[{"role":"user","content":"Tell me a story."}],"use_beam_search":true,"n":3,"best_of":3,"temperature":0,"max_tokens":30,"length_penalty":1.0,"stream":false,"logprobs":true,"top_logprobs":5}"##,
            after: "Three answers, the likeliest first: they part where the model was of two minds, and are the same every time.",
        }],
    },
    Stop {
        name: "Prefill",
        group: Group::Prompt,
        before: "The prompt is one long text. Its end may be the beginning of the answer.",
        tries: &[
            Try {
                label: "In its mouth",
                body: r##"{"messages":[{"role":"user","content":"Tell me a story."},{"role":"assistant","content":"Once upon a time there was a robot who"}],"temperature":0.3,"seed":4,"max_tokens":60,"add_generation_prompt":false,"continue_final_message":true,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "The answer goes on in the middle of the sentence, and has to be about a robot.",
            },
            Try {
                label: "With echo",
                body: r##"{"messages":[{"role":"user","content":"Tell me a story."},{"role":"assistant","content":"Once upon a time there was a robot who"}],"temperature":0.3,"seed":4,"max_tokens":60,"echo":true,"add_generation_prompt":false,"continue_final_message":true,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "echo puts the beginning before the answer, so that it is whole.",
            },
        ],
    },
    Stop {
        name: "Another template",
        group: Group::Prompt,
        before: "The chat template makes the prompt of the messages. One that is sent along is used instead of the model's own.",
        tries: &[
            Try {
                label: "The model's own",
                body: r##"{"messages":[{"role":"user","content":"Paris"}],"temperature":0,"max_tokens":60,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "One word is all that the model is asked.",
            },
            Try {
                label: "A template that asks more",
                body: r##"{"messages":[{"role":"user","content":"Paris"}],"temperature":0,"max_tokens":60,"chat_template":"{% for message in messages %}<|im_start|>user\nGive me a JSON record of the city {{ message.content }}.<|im_end|>\n{% endfor %}<|im_start|>assistant\n","stream":true,"stream_options":{"include_usage":true}}"##,
                after: "The template has put words around the message; see prompt_tokens under Usage, and the preview of the prompt below chat_template.",
            },
        ],
    },
    Stop {
        name: "Think first",
        group: Group::Reasoning,
        before: "A reasoning model thinks before it answers, and its thoughts come in a field of their own.",
        tries: &[Try {
            label: "reasoning_content",
            body: r##"{"messages":[{"role":"user","content":"What is the capital of France?"}],"temperature":0,"max_tokens":120,"reasoning_content":true,"stream":true,"stream_options":{"include_usage":true}}"##,
            after: "The reasoning stands above the answer, and its tokens count as completion tokens.",
        }],
    },
    Stop {
        name: "All at once",
        group: Group::Streaming,
        before: "Streamed or not, the answer is the same. Look at the times.",
        tries: &[
            Try {
                label: "Streamed",
                body: r##"{"messages":[{"role":"user","content":"What is a token?"}],"temperature":0,"max_tokens":100,"stream":true,"stream_options":{"include_usage":true}}"##,
                after: "The first text is there at once, and Events shows each piece with its time.",
            },
            Try {
                label: "Not streamed",
                body: r##"{"messages":[{"role":"user","content":"What is a token?"}],"temperature":0,"max_tokens":100,"stream":false}"##,
                after: "Nothing for a while, then all of it: one event.",
            },
            Try {
                label: "Usage in every event",
                body: r##"{"messages":[{"role":"user","content":"What is a token?"}],"temperature":0,"max_tokens":100,"stream":true,"stream_options":{"include_usage":true,"continuous_usage_stats":true}}"##,
                after: "With continuous_usage_stats each event counts the tokens so far; see the JSON of one under Events.",
            },
        ],
    },
];
