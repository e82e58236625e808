"""Strands: agents on its models for OpenAI and Anthropic, with a second question in the same conversation."""

import json
from typing import Any

from scenarios import configured, failure, leaks, run_all, scenario
from strands import Agent, tool

config = configured()

AGAIN = "Thank you. Which SKU was it?"


def agent_of(model: Any, world: Any) -> Agent:
    return Agent(
        model=config[model](),
        tools=[tool(function) for function in world.functions()],
        system_prompt="You look things up before you answer.",
        callback_handler=None,
    )


def told(agent: Agent, results: list[Any]) -> Any:
    """What the program sees, and whether anything of ours is in the conversation it keeps."""
    kept = json.dumps(agent.messages, default=str)
    shape = [[m["role"], [sorted(block) for block in m["content"]]] for m in agent.messages]
    texts = [block["text"] for m in agent.messages for block in m["content"] if "text" in block]
    return {
        "answers": [str(result) for result in results],
        "stops": [result.stop_reason for result in results],
        "messages": shape,
        "texts": texts,
        "leaks": leaks(kept),
    }


def whole(model: str, question: str, world: Any) -> Any:
    agent = agent_of(model, world)
    return told(agent, [agent(question), agent(AGAIN)])


async def streamed(model: str, question: str, world: Any, gaps: Any) -> Any:
    agent = agent_of(model, world)
    results = []
    for text in (question, AGAIN):
        async for event in agent.stream_async(text):
            if "data" in event:
                gaps.text()
            if "message" in event:
                gaps.end()
            if "result" in event:
                results.append(event["result"])
    return told(agent, results)


@scenario
def chat_whole(question, world, gaps):
    return whole("chat", question, world)


@scenario
async def chat_streamed(question, world, gaps):
    return await streamed("chat", question, world, gaps)


@scenario
def responses_whole(question, world, gaps):
    return whole("responses", question, world)


@scenario
async def responses_streamed(question, world, gaps):
    return await streamed("responses", question, world, gaps)


@scenario
def messages_whole(question, world, gaps):
    return whole("messages", question, world)


@scenario
async def messages_streamed(question, world, gaps):
    return await streamed("messages", question, world, gaps)


@scenario
def chat_late(question, world, gaps):
    return whole("chat", question, world)


@scenario
def responses_late(question, world, gaps):
    return whole("responses", question, world)


@scenario
def messages_late(question, world, gaps):
    return whole("messages", question, world)


@scenario
async def streamed_mixed(question, world, gaps):
    return await streamed("messages", question, world, gaps)


def attempt(model: str, question: str, world: Any) -> Any:
    try:
        return str(agent_of(model, world)(question))
    except Exception as error:
        return failure(error)


@scenario
def refused_400(question, world, gaps):
    return attempt("chat", question, world)


@scenario
def failing_500(question, world, gaps):
    return attempt("messages", question, world)


@scenario
def retried_429(question, world, gaps):
    return attempt("chat", question, world)


@scenario
def dies(question, world, gaps):
    return attempt("messages", question, world)


run_all()
