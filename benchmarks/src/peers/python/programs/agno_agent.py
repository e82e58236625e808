"""Agno: agents on its three models for OpenAI and Anthropic, whole and streamed, with a second question in the same session."""

import json
from typing import Any

from agno.agent import Agent
from agno.db.in_memory import InMemoryDb
from scenarios import configured, failure, leaks, run_all, scenario

config = configured()


def agent_of(model: Any, world: Any) -> Agent:
    return Agent(
        model=config[model],
        tools=world.functions(),
        instructions="You look things up before you answer.",
        db=InMemoryDb(),
        session_id="session_1",
        add_history_to_context=True,
        telemetry=False,
    )


def told(agent: Agent, outputs: list[Any]) -> Any:
    """What the program sees of its runs, and whether anything of ours is in what it keeps."""
    kept = json.dumps([output.to_dict() for output in outputs], default=str)
    session = agent.get_session(session_id=agent.session_id)
    kept += json.dumps(session.to_dict(), default=str) if session else ""
    return {
        "answers": [output.content for output in outputs],
        "status": [str(output.status) for output in outputs],
        "messages": [[m.role, len(m.tool_calls or []), m.role != "tool" and m.content] for m in outputs[-1].messages or []],
        "results": [[tool.tool_name, len(tool.result or "")] for output in outputs for tool in output.tools or []],
        "leaks": leaks(kept),
    }


AGAIN = "Thank you. Which SKU was it?"


def whole(model: str, question: str, world: Any) -> Any:
    agent = agent_of(model, world)
    return told(agent, [agent.run(question), agent.run(AGAIN)])


def streamed(model: str, question: str, world: Any, gaps: Any) -> Any:
    agent = agent_of(model, world)
    outputs, events = [], []
    for text in (question, AGAIN):
        for event in agent.run(text, stream=True, stream_events=True, yield_run_output=True):
            kind = getattr(event, "event", None)
            if kind is None:
                outputs.append(event)
                continue
            if kind == "RunContent":
                if event.content:
                    gaps.text()
                continue
            if kind in ("ToolCallStarted", "RunCompleted", "ModelRequestCompleted"):
                gaps.end()
            events.append(kind)
    return [told(agent, outputs), events]


@scenario
def chat_whole(question, world, gaps):
    return whole("chat", question, world)


@scenario
def chat_streamed(question, world, gaps):
    return streamed("chat", question, world, gaps)


@scenario
async def chat_async(question, world, gaps):
    agent = agent_of("chat", world)
    return told(agent, [await agent.arun(question), await agent.arun(AGAIN)])


@scenario
def responses_whole(question, world, gaps):
    return whole("responses", question, world)


@scenario
def responses_streamed(question, world, gaps):
    return streamed("responses", question, world, gaps)


@scenario
def messages_whole(question, world, gaps):
    return whole("messages", question, world)


@scenario
def messages_streamed(question, world, gaps):
    return streamed("messages", question, world, gaps)


@scenario
def chat_late(question, world, gaps):
    return whole("chat", question, world)


@scenario
def responses_late(question, world, gaps):
    return streamed("responses", question, world, gaps)


@scenario
def messages_late(question, world, gaps):
    return whole("messages", question, world)


@scenario
async def messages_async(question, world, gaps):
    agent = agent_of("messages", world)
    return told(agent, [await agent.arun(question), await agent.arun(AGAIN)])


def attempt(model: str, question: str, world: Any) -> Any:
    try:
        output = agent_of(model, world).run(question)
        return [str(output.status), output.content]
    except Exception as error:
        return failure(error)


@scenario
def refused_400(question, world, gaps):
    return attempt("chat", question, world)


@scenario
def retried_429(question, world, gaps):
    return attempt("messages", question, world)


@scenario
def failing_500(question, world, gaps):
    return attempt("responses", question, world)


@scenario
def dies(question, world, gaps):
    text = ""
    try:
        for event in agent_of("chat", world).run(question, stream=True):
            text += getattr(event, "content", None) or ""
        return {"text": text, "ended": "in order"}
    except Exception as error:
        return {"text": text, **failure(error)}


run_all()
