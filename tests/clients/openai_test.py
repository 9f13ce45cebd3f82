"""The official Python client against the endpoint.

The last line is `N passed, N failed`. The program is what the environment variable ENDPOINT names, or where
`cargo xtask endpoint` leaves it.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
import unittest
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Literal

import openai
from openai import AsyncOpenAI, OpenAI
from pydantic import BaseModel

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("ENDPOINT", str(ROOT / "target/debug/endpoint"))
MODEL = "playground-tiny"
KEY = "sk-right"

PARIS = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "What is the capital of France?"}],
    "temperature": 0,
}
ANSWER = "The capital of France is Paris."
OSLO = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "What is the weather in Oslo?"}],
    "temperature": 0,
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "get_weather",
                "description": "The weather in a city",
                "parameters": {
                    "type": "object",
                    "properties": {"city": {"type": "string"}},
                    "required": ["city"],
                },
            },
        }
    ],
}


@contextmanager
def endpoint(*words):
    """The endpoint at any free port; gives its origin."""
    command = [PROGRAM, "--port", "0", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield re.search(r"http://[\d.]+:\d+", process.stdout.readline())[0]
        finally:
            process.kill()


class Case(unittest.TestCase):
    """A test with a client at hand."""

    @classmethod
    def setUpClass(cls):
        cls.origin = cls.enterClassContext(endpoint("--key", KEY))
        cls.base = f"{cls.origin}/v1"
        cls.client = OpenAI(base_url=cls.base, api_key=KEY, max_retries=0)
        cls.addClassCleanup(cls.client.close)

    def create(self, **more):
        return self.client.chat.completions.create(**(PARIS | more))

    def running(self):
        """How many answers are being made."""
        text = self.client.get(f"{self.origin}/metrics", cast_to=str)
        return int(re.search(r"^vllm:num_requests_running\{.*\} (\d+)$", text, re.MULTILINE)[1])

    def wait_for(self, count):
        """Waits until so many answers are being made."""
        for _ in range(200):
            if self.running() == count:
                return
            time.sleep(0.02)
        self.fail(f"it did not come to {count} answers")


class Answers(Case):
    def test_an_answer_as_a_whole(self):
        answer = self.create()
        [choice] = answer.choices
        self.assertEqual(choice.message.content, ANSWER)
        self.assertEqual(choice.finish_reason, "stop")
        usage = answer.usage
        self.assertEqual(usage.prompt_tokens + usage.completion_tokens, usage.total_tokens)

    def test_the_same_answer_as_a_stream(self):
        chunks = list(self.create(stream=True))
        self.assertEqual(chunks[0].choices[0].delta.role, "assistant")
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        self.assertEqual(text, ANSWER)
        self.assertEqual(chunks[-1].choices[0].finish_reason, "stop")

    def test_usage_at_the_end_of_a_stream_on_request(self):
        options = {"include_usage": True}
        *_, last = self.create(stream=True, stream_options=options)
        self.assertEqual(last.choices, [])
        self.assertEqual(last.usage.completion_tokens, self.create().usage.completion_tokens)

    def test_the_stream_helper_puts_an_answer_together(self):
        with self.client.chat.completions.stream(**PARIS, logprobs=True, top_logprobs=2) as stream:
            pieces = [event.delta for event in stream if event.type == "content.delta"]
            [choice] = stream.get_final_completion().choices
        self.assertEqual("".join(pieces), ANSWER)
        self.assertEqual(choice.message.content, ANSWER)
        self.assertEqual("".join(entry.token for entry in choice.logprobs.content), ANSWER)

    def test_several_choices(self):
        answer = self.create(temperature=1.5, seed=7, n=3, max_tokens=20)
        self.assertEqual([choice.index for choice in answer.choices], [0, 1, 2])
        self.assertEqual(len({choice.message.content for choice in answer.choices}), 3)

    def test_log_probabilities_with_alternatives(self):
        answer = self.create(logprobs=True, top_logprobs=3)
        entries = answer.choices[0].logprobs.content
        self.assertEqual(len(entries), answer.usage.completion_tokens)
        for entry in entries:
            self.assertEqual(bytes(entry.bytes).decode(), entry.token)
            self.assertEqual(len(entry.top_logprobs), 3)
            self.assertEqual(entry.top_logprobs[0].logprob, entry.logprob)

    def test_stop_length_and_seed(self):
        self.assertEqual(self.create(stop=" is").choices[0].message.content, "The capital of France")
        self.assertEqual(self.create(max_tokens=2).choices[0].finish_reason, "length")
        one, same = (self.create(temperature=1.5, seed=11).choices[0].message.content for _ in "ab")
        self.assertEqual(one, same)

    def test_parameters_of_vllm_in_the_extra_body(self):
        def text(**extra):
            return self.create(temperature=2, seed=3, extra_body=extra).choices[0].message.content

        self.assertEqual(text(top_k=1), ANSWER)
        self.assertIn(text(guided_choice=["positive", "negative"]), ["positive", "negative"])
        self.assertRegex(text(guided_regex=r"\d{4}-\d{2}-\d{2}"), r"^\d{4}-\d{2}-\d{2}$")

    def test_fields_of_vllm_are_there_to_read(self):
        answer = self.create(extra_body={"prompt_logprobs": 1, "reasoning_content": True})
        self.assertEqual(answer.choices[0].message.content, ANSWER)
        self.assertIn("France", answer.choices[0].message.reasoning_content)
        self.assertEqual(len(answer.prompt_logprobs), answer.usage.prompt_tokens)

    def test_the_asynchronous_client(self):
        async def both():
            async with AsyncOpenAI(base_url=self.base, api_key=KEY, max_retries=0) as client:
                asks = (client.chat.completions.create(**PARIS) for _ in range(4))
                return await asyncio.gather(*asks)

        texts = [answer.choices[0].message.content for answer in asyncio.run(both())]
        self.assertEqual(texts, [ANSWER] * 4)


class Tools(Case):
    def test_a_tool_that_the_model_chooses(self):
        [choice] = self.create(**OSLO).choices
        self.assertEqual(choice.finish_reason, "tool_calls")
        [call] = choice.message.tool_calls
        self.assertEqual(call.function.name, "get_weather")
        self.assertEqual(json.loads(call.function.arguments), {"city": "Oslo"})

    def test_the_stream_helper_puts_a_call_together(self):
        with self.client.chat.completions.stream(**OSLO) as stream:
            [choice] = stream.get_final_completion().choices
        self.assertEqual(choice.finish_reason, "tool_calls")
        [call] = choice.message.tool_calls
        self.assertEqual(call.function.name, "get_weather")
        self.assertEqual(json.loads(call.function.arguments), {"city": "Oslo"})

    def test_the_result_of_a_call_is_answered(self):
        message = self.create(**OSLO).choices[0].message
        result = {
            "role": "tool",
            "tool_call_id": message.tool_calls[0].id,
            "content": '{"city": "Oslo", "degrees": 21}',
        }
        messages = [*OSLO["messages"], message.model_dump(exclude_none=True), result]
        answer = self.create(**(OSLO | {"messages": messages}))
        self.assertIn("21", answer.choices[0].message.content)


    def test_a_tool_that_has_to_be_called(self):
        message = self.create(**OSLO, tool_choice="required").choices[0].message
        calls = [(call.function.name, json.loads(call.function.arguments)) for call in message.tool_calls]
        self.assertEqual(calls, [("get_weather", {"city": "Oslo"})])

    def test_a_tool_by_its_name(self):
        named = {"type": "function", "function": {"name": "get_weather"}}
        [call] = self.create(**OSLO, tool_choice=named).choices[0].message.tool_calls
        self.assertEqual(call.function.name, "get_weather")
        self.assertEqual(list(json.loads(call.function.arguments)), ["city"])


class Mood(Enum):
    GLAD = "glad"
    SAD = "sad"


class Step(BaseModel):
    explanation: str
    output: str


class Record(BaseModel):
    name: str
    age: int
    role: Literal["reader", "writer"]
    mood: Mood
    steps: list[Step]
    nickname: str | None


class Structure(Case):
    ASK = {
        "messages": [{"role": "user", "content": "Give me a record of Ada, who is 36 years old and writes."}],
        "max_tokens": 800,
    }

    def parse(self, **more):
        body = PARIS | self.ASK | {"response_format": Record} | more
        return self.client.chat.completions.parse(**body)

    def test_the_parse_helper_gets_what_its_model_says(self):
        for temperature, seed in [(0, 1), (1, 2), (2, 3)]:
            [choice] = self.parse(temperature=temperature, seed=seed).choices
            self.assertEqual(choice.finish_reason, "stop")
            self.assertIsInstance(choice.message.parsed, Record)

    def test_the_stream_helper_parses_as_it_goes(self):
        body = PARIS | self.ASK | {"response_format": Record}
        with self.client.chat.completions.stream(**body) as stream:
            [choice] = stream.get_final_completion().choices
        self.assertEqual(choice.message.parsed, self.parse().choices[0].message.parsed)

    def test_an_answer_that_is_cut_cannot_be_parsed(self):
        with self.assertRaises(openai.LengthFinishReasonError):
            self.parse(max_tokens=5)

    def test_guided_json_is_the_same_by_another_name(self):
        schema = Record.model_json_schema()
        answer = self.create(**self.ASK, extra_body={"guided_json": schema})
        Record.model_validate_json(answer.choices[0].message.content)


class Refusals(Case):
    def test_a_refused_request_says_why(self):
        with self.assertRaisesRegex(openai.BadRequestError, "temperature"):
            self.create(temperature=-1)
        with self.assertRaisesRegex(openai.NotFoundError, "The model `nope` does not exist."):
            self.create(model="nope")

    def test_an_error_inside_a_stream_is_raised_with_its_words(self):
        with self.assertRaisesRegex(openai.APIError, "99999"):
            list(self.create(stream=True, logit_bias={"99999": 1}))

    def test_a_wrong_key(self):
        with OpenAI(base_url=self.base, api_key="sk-wrong", max_retries=0) as wrong:
            with self.assertRaises(openai.AuthenticationError) as refused:
                wrong.chat.completions.create(**PARIS)
            self.assertEqual(refused.exception.response.json(), {"error": "Unauthorized"})
            with self.assertRaises(openai.AuthenticationError):
                wrong.models.list()

    def test_the_list_of_models(self):
        [model] = self.client.models.list()
        self.assertEqual((model.id, model.object, model.max_model_len), (MODEL, "model", 8192))

    def test_closing_a_stream_frees_the_server(self):
        endless = {"ignore_eos": True}
        stream = self.create(stream=True, max_tokens=7000, logprobs=True, top_logprobs=20, extra_body=endless)
        next(stream)
        self.assertEqual(self.running(), 1)
        stream.close()
        self.wait_for(0)


class Counted(unittest.TextTestResult):
    """Counts what passed, too."""

    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


if __name__ == "__main__":
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Counted)
    result = unittest.main(testRunner=runner, exit=False).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.passed} passed, {failed} failed")
    sys.exit(0 if result.wasSuccessful() else 1)
