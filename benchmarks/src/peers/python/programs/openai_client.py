"""The Python package openai: Chat Completions and Responses, whole and streamed, its helpers, and its errors."""

import json
from typing import Any

from scenarios import configured, failure, leaks, run_all, scenario
from world import TOOLS

config = configured()
client, async_client = config["client"], config["async_client"]

PLACE = {
    "type": "object",
    "properties": {"place": {"type": "string"}},
    "required": ["place"],
    "additionalProperties": False,
}
CHAT_TOOLS: Any = [
    {"type": "function", "function": {"name": n, "description": d, "parameters": PLACE, "strict": True}}
    for n, d in TOOLS.items()
]
RESPONSES_TOOLS: Any = [
    {"type": "function", "name": n, "description": d, "parameters": PLACE, "strict": True} for n, d in TOOLS.items()
]
MODEL = "gpt-5.5"
SYSTEM = {"role": "system", "content": "You look things up before you answer."}


def results_of(message: Any, world: Any) -> list[Any]:
    return [
        {
            "role": "tool",
            "tool_call_id": call.id,
            "content": world.call(call.function.name, **json.loads(call.function.arguments)),
        }
        for call in message.tool_calls or []
    ]


def dump(reply: Any) -> dict[str, Any]:
    """A reply without what differs between two runs: ids and usage."""
    value = reply.model_dump(mode="json")
    text = json.dumps(value)
    return {"text": text_of(value), "leaks": leaks(text), "fields": sorted(value)}


def text_of(value: Any) -> Any:
    if "choices" in value:
        return [
            [
                choice["finish_reason"],
                choice["message"]["role"],
                choice["message"]["content"],
                [[call["type"], call["function"]] for call in choice["message"].get("tool_calls") or []],
            ]
            for choice in value["choices"]
        ]
    return [
        "".join(part["text"] for part in item["content"]) if item["type"] == "message" else [item["name"], item["arguments"]]
        for item in value["output"]
    ]


def chat(question: str, world: Any, reply: Any) -> list[Any]:
    """A loop of tool calls. `reply` asks for one reply."""
    messages: Any = [SYSTEM, {"role": "user", "content": question}]
    seen = []
    while True:
        completion = reply(messages)
        seen.append(dump(completion))
        message = completion.choices[0].message
        if not message.tool_calls:
            return seen
        messages.append(message.model_dump(exclude_none=True, exclude={"parsed"}))
        for call in messages[-1]["tool_calls"]:
            call["function"].pop("parsed_arguments", None)
        messages.extend(results_of(message, world))


@scenario
def chat_whole(question, world, gaps):
    return chat(question, world, lambda m: client.chat.completions.create(model=MODEL, messages=m, tools=CHAT_TOOLS))


@scenario
def chat_mixed(question, world, gaps):
    return chat(question, world, lambda m: client.chat.completions.create(model=MODEL, messages=m, tools=CHAT_TOOLS))


@scenario
def chat_streamed(question, world, gaps):
    """The stream helper, which gathers the chunks."""

    def reply(messages):
        with client.chat.completions.stream(
            model=MODEL, messages=messages, tools=CHAT_TOOLS, stream_options={"include_usage": True}
        ) as stream:
            for event in stream:
                if event.type == "content.delta":
                    gaps.text()
            gaps.end()
            return stream.get_final_completion()

    return chat(question, world, reply)


@scenario
def chat_chunks(question, world, gaps):
    """The plain iterator: every chunk has the shape the provider gives."""
    messages = [SYSTEM, {"role": "user", "content": question}]
    seen = []
    while True:
        text, calls, ends, roles = "", {}, [], []
        for chunk in client.chat.completions.create(model=MODEL, messages=messages, tools=CHAT_TOOLS, stream=True):
            for choice in chunk.choices:
                if choice.delta.role:
                    roles.append(choice.delta.role)
                if choice.delta.content:
                    gaps.text()
                    text += choice.delta.content
                for call in choice.delta.tool_calls or []:
                    own = calls.setdefault(call.index, {"id": "", "name": "", "arguments": ""})
                    own["id"] += call.id or ""
                    own["name"] += call.function.name or ""
                    own["arguments"] += call.function.arguments or ""
                if choice.finish_reason:
                    ends.append(choice.finish_reason)
        gaps.end()
        seen.append([text, [[index, c["name"], c["arguments"]] for index, c in calls.items()], ends, roles])
        if not calls:
            return seen
        made = [
            {"id": c["id"], "type": "function", "function": {"name": c["name"], "arguments": c["arguments"]}}
            for c in calls.values()
        ]
        messages.append({"role": "assistant", "content": text or None, "tool_calls": made})
        for call in made:
            content = world.call(call["function"]["name"], **json.loads(call["function"]["arguments"]))
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": content})


@scenario
async def chat_async(question, world, gaps):
    messages: Any = [SYSTEM, {"role": "user", "content": question}]
    seen = []
    while True:
        stream = async_client.chat.completions.stream(model=MODEL, messages=messages, tools=CHAT_TOOLS)
        async with stream as events:
            async for event in events:
                if event.type == "content.delta":
                    gaps.text()
            gaps.end()
            completion = await events.get_final_completion()
        seen.append(dump(completion))
        message = completion.choices[0].message
        if not message.tool_calls:
            return seen
        made = message.model_dump(exclude_none=True, exclude={"parsed"})
        for call in made["tool_calls"]:
            call["function"].pop("parsed_arguments", None)
        messages.append(made)
        messages.extend(results_of(message, world))


AGAIN = {"role": "user", "content": "Thank you. Which SKU was it?"}


@scenario
def chat_late(question, world, gaps):
    """A second question after a reply of words, which the program writes down as a string."""
    messages: Any = []

    def reply(sent):
        messages[:] = sent
        return client.chat.completions.create(model=MODEL, messages=sent, tools=CHAT_TOOLS)

    seen = chat(question, world, reply)
    said = {"role": "assistant", "content": "Order 500 is SKU-219."}
    return [seen, dump(reply([*messages, said, AGAIN]))]


@scenario
def chat_raw(question, world, gaps):
    heads = []

    def reply(messages):
        raw = client.chat.completions.with_raw_response.create(model=MODEL, messages=messages, tools=CHAT_TOOLS)
        heads.append([raw.status_code, raw.request_id, raw.headers.get("x-ratelimit-remaining-tokens"), raw.retries_taken])
        return raw.parse()

    return [heads, chat(question, world, reply)]


def responses(question: str, world: Any, reply: Any) -> list[Any]:
    items: Any = [{"role": "user", "content": question}]
    seen = []
    while True:
        response = reply(items)
        seen.append(dump(response))
        calls = [item for item in response.output if item.type == "function_call"]
        if not calls:
            return [*seen, response.output_text]
        for item in response.output:
            made = item.model_dump(exclude_none=True, mode="json")
            made.pop("parsed_arguments", None)
            items.append(made)
        for call in calls:
            output = world.call(call.name, **json.loads(call.arguments))
            items.append({"type": "function_call_output", "call_id": call.call_id, "output": output})


@scenario
def responses_whole(question, world, gaps):
    return responses(
        question, world, lambda i: client.responses.create(model=MODEL, input=i, tools=RESPONSES_TOOLS, store=False)
    )


@scenario
def responses_mixed(question, world, gaps):
    return responses(
        question, world, lambda i: client.responses.create(model=MODEL, input=i, tools=RESPONSES_TOOLS, store=False)
    )


@scenario
def responses_late(question, world, gaps):
    items: Any = []

    def reply(sent):
        items[:] = sent
        return client.responses.create(model=MODEL, input=sent, tools=RESPONSES_TOOLS, store=False)

    seen = responses(question, world, reply)
    return [seen, dump(reply([*items, {"role": "assistant", "content": seen[-1]}, AGAIN]))]


@scenario
def responses_streamed(question, world, gaps):
    def reply(items):
        with client.responses.stream(model=MODEL, input=items, tools=RESPONSES_TOOLS, store=False) as stream:
            for event in stream:
                if event.type == "response.output_text.delta":
                    gaps.text()
            gaps.end()
            return stream.get_final_response()

    return responses(question, world, reply)


@scenario
async def responses_async(question, world, gaps):
    items: Any = [{"role": "user", "content": question}]
    seen = []
    while True:
        done = None
        async for event in await async_client.responses.create(
            model=MODEL, input=items, tools=RESPONSES_TOOLS, store=False, stream=True
        ):
            if event.type == "response.output_text.delta":
                gaps.text()
            if event.type == "response.completed":
                done = event.response
        gaps.end()
        seen.append(dump(done))
        calls = [item for item in done.output if item.type == "function_call"]
        if not calls:
            return seen
        items.extend(item.model_dump(exclude_none=True, mode="json") for item in done.output)
        for call in calls:
            output = world.call(call.name, **json.loads(call.arguments))
            items.append({"type": "function_call_output", "call_id": call.call_id, "output": output})


def once(question: str, world: Any, **more: Any) -> Any:
    """One request that carries a long result, so that it is shortened on its way."""
    call = {"id": "c1", "type": "function", "function": {"name": "run_tests", "arguments": '{"place":"."}'}}
    messages = [
        {"role": "user", "content": question},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": world.call("run_tests", ".")},
    ]
    return client.chat.completions.create(model=MODEL, messages=messages, tools=CHAT_TOOLS, **more)


def attempt(question: str, world: Any, **more: Any) -> Any:
    try:
        return dump(once(question, world, **more))
    except Exception as error:
        return failure(error)


@scenario
def refused_400(question, world, gaps):
    return attempt(question, world)


@scenario
def refused_401(question, world, gaps):
    return attempt(question, world)


@scenario
def refused_404(question, world, gaps):
    return attempt(question, world)


@scenario
def retried_429(question, world, gaps):
    """Refused twice, then answered: the client tries again on its own."""
    return attempt(question, world)


@scenario
def failing_500(question, world, gaps):
    """Refused for as long as the client tries."""
    return attempt(question, world)


@scenario
def dies(question, world, gaps):
    text = ""
    try:
        for chunk in once(question, world, stream=True):
            text += "".join(choice.delta.content or "" for choice in chunk.choices)
        return {"text": text, "ended": "in order"}
    except Exception as error:
        return {"text": text, **failure(error)}


@scenario
def error_event(question, world, gaps):
    return dies(question, world, gaps)


@scenario
def models(question, world, gaps):
    return [model.id for model in client.models.list()]


run_all()
