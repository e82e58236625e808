"""The Python package anthropic: messages, streams, the tool runner, counting, batches, beta endpoints, and its errors."""

import json
from typing import Any

from scenarios import configured, failure, leaks, run_all, scenario
from world import TOOLS

config = configured()
client, async_client = config["client"], config["async_client"]

MODEL = "claude-sonnet-5-5"
PLACE = {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]}
ASKED: Any = {
    "model": MODEL,
    "max_tokens": 1_000,
    "system": "You look things up before you answer.",
    "tools": [{"name": n, "description": d, "input_schema": PLACE} for n, d in TOOLS.items()],
}


def dump(message: Any) -> dict[str, Any]:
    """A reply without what differs between two runs: ids and usage."""
    value = message.model_dump(mode="json")
    text = json.dumps(value)
    content = [[b["type"], b.get("text"), b.get("name"), b.get("input")] for b in value["content"]]
    return {"content": content, "stop": value["stop_reason"], "leaks": leaks(text), "fields": sorted(value)}


def results_of(message: Any, world: Any) -> list[Any]:
    return [
        {"type": "tool_result", "tool_use_id": block.id, "content": world.call(block.name, **block.input)}
        for block in message.content
        if block.type == "tool_use"
    ]


def loop(question: str, world: Any, reply: Any) -> list[Any]:
    messages: Any = [{"role": "user", "content": question}]
    seen = []
    while True:
        message = reply(messages)
        seen.append(dump(message))
        results = results_of(message, world)
        if not results:
            return seen
        messages.append({"role": "assistant", "content": message.content})
        messages.append({"role": "user", "content": results})


@scenario
def messages_whole(question, world, gaps):
    return loop(question, world, lambda m: client.messages.create(messages=m, **ASKED))


@scenario
def messages_mixed(question, world, gaps):
    return loop(question, world, lambda m: client.messages.create(messages=m, **ASKED))


@scenario
def messages_streamed(question, world, gaps):
    """The stream helper, which gathers the events."""

    def reply(messages):
        with client.messages.stream(messages=messages, **ASKED) as stream:
            for _ in stream.text_stream:
                gaps.text()
            gaps.end()
            return stream.get_final_message()

    return loop(question, world, reply)


@scenario
def streamed_mixed(question, world, gaps):
    return messages_streamed(question, world, gaps)


@scenario
def messages_events(question, world, gaps):
    """The plain iterator: the events have the shape the provider gives, in its order."""
    messages: Any = [{"role": "user", "content": question}]
    seen = []
    while True:
        events, blocks = [], {}
        for event in client.messages.create(messages=messages, stream=True, **ASKED):
            index = getattr(event, "index", None)
            events.append([event.type, index])
            if event.type == "content_block_start":
                blocks[index] = {**event.content_block.model_dump(exclude_none=True), "json": ""}
            elif event.type == "content_block_delta" and event.delta.type == "text_delta":
                gaps.text()
                blocks[index]["text"] += event.delta.text
            elif event.type == "content_block_delta":
                blocks[index]["json"] += event.delta.partial_json
        gaps.end()
        made = list(blocks.values())
        seen.append([events, [[block["type"], block.get("text"), block["json"]] for block in made]])
        for block in made:
            text = block.pop("json")
            if block["type"] == "tool_use":
                block["input"] = json.loads(text)
        uses = [block for block in made if block["type"] == "tool_use"]
        if not uses:
            return seen
        messages.append({"role": "assistant", "content": made})
        results = [
            {"type": "tool_result", "tool_use_id": use["id"], "content": world.call(use["name"], **use["input"])}
            for use in uses
        ]
        messages.append({"role": "user", "content": results})


@scenario
async def messages_async(question, world, gaps):
    messages: Any = [{"role": "user", "content": question}]
    seen = []
    while True:
        async with async_client.messages.stream(messages=messages, **ASKED) as stream:
            async for _ in stream.text_stream:
                gaps.text()
            gaps.end()
            message = await stream.get_final_message()
        seen.append(dump(message))
        results = results_of(message, world)
        if not results:
            return seen
        messages.append({"role": "assistant", "content": message.content})
        messages.append({"role": "user", "content": results})


@scenario
def messages_late(question, world, gaps):
    """A second question after a reply of words, which the program writes down as a string."""
    messages: Any = []

    def reply(sent):
        messages[:] = sent
        return client.messages.create(messages=sent, **ASKED)

    seen = loop(question, world, reply)
    said = {"role": "assistant", "content": seen[-1]["content"][0][1]}
    asked = {"role": "user", "content": "Thank you. Which SKU was it?"}
    return [seen, dump(reply([*messages, said, asked]))]


@scenario
def messages_raw(question, world, gaps):
    heads = []

    def reply(messages):
        raw = client.messages.with_raw_response.create(messages=messages, **ASKED)
        heads.append([raw.status_code, raw.headers.get("request-id"), raw.headers.get("x-ratelimit-remaining-tokens")])
        return raw.parse()

    return [loop(question, world, reply), heads]


def runner_tools(world: Any) -> list[Any]:
    from anthropic import beta_tool

    return [beta_tool(function) for function in world.functions()]


@scenario
def tool_runner(question, world, gaps):
    """The client's own loop."""
    runner = client.beta.messages.tool_runner(
        model=MODEL,
        max_tokens=1_000,
        tools=runner_tools(world),
        betas=["context-management-2025-06-27", "fine-grained-tool-streaming-2025-05-14"],
        messages=[{"role": "user", "content": question}],
    )
    return [dump(message) for message in runner]


@scenario
def tool_runner_streamed(question, world, gaps):
    runner = client.beta.messages.tool_runner(
        model=MODEL,
        max_tokens=1_000,
        tools=runner_tools(world),
        messages=[{"role": "user", "content": question}],
        stream=True,
    )
    seen = []
    for stream in runner:
        for event in stream:
            if event.type == "text":
                gaps.text()
        gaps.end()
        seen.append(dump(stream.get_final_message()))
    return seen


def long_history(question: str, world: Any) -> list[Any]:
    use = {"type": "tool_use", "id": "toolu_1", "name": "run_tests", "input": {"place": "."}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": world.call("run_tests", ".")}
    return [
        {"role": "user", "content": question},
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [result]},
    ]


@scenario
def batches(question, world, gaps):
    request = {"custom_id": "one", "params": {"messages": long_history(question, world), **ASKED}}
    batch = client.messages.batches.create(requests=[request])
    got = client.messages.batches.retrieve(batch.id)
    results = [[one.custom_id, dump(one.result.message)] for one in client.messages.batches.results(batch.id)]
    return [batch.processing_status, got.processing_status, results]


@scenario
def models(question, world, gaps):
    return [model.id for model in client.models.list()]


def attempt(question: str, world: Any) -> Any:
    try:
        return dump(client.messages.create(messages=long_history(question, world), **ASKED))
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
def retried_529(question, world, gaps):
    return attempt(question, world)


@scenario
def failing_500(question, world, gaps):
    """Refused for as long as the client tries."""
    return attempt(question, world)


@scenario
def dies(question, world, gaps):
    text = ""
    try:
        with client.messages.stream(messages=long_history(question, world), **ASKED) as stream:
            for part in stream.text_stream:
                text += part
        return {"text": text, "ended": "in order"}
    except Exception as error:
        return {"text": text, **failure(error)}


@scenario
def error_event(question, world, gaps):
    return dies(question, world, gaps)


@scenario
def count_tokens(question, world, gaps):
    """Counts what would be sent: fewer tokens through the proxy. The run looks at the number on its own."""
    asked = {key: value for key, value in ASKED.items() if key != "max_tokens"}
    counted = client.messages.count_tokens(messages=long_history(question, world), **asked)
    print(f"COUNTED {counted.input_tokens}")
    return counted.input_tokens > 0


run_all()
