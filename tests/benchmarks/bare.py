"""The baseline: the plain loop of the SDK, typed chunks, asyncio, nothing shown.

    python -m tests.benchmarks.bare BASE_URL MODEL

Prints `ready`, reads a line, then prints CPU seconds from the request to the end of the
answer and the number of chunks.
"""

import asyncio
import json
import sys
import time

from openai import AsyncOpenAI


async def main() -> None:
    """Warm up, then read one answer."""
    client = AsyncOpenAI(base_url=sys.argv[1], api_key="none", max_retries=0)
    await read(client, "pace-200-400")
    print("ready", flush=True)
    sys.stdin.readline()
    began, wall = time.process_time(), time.monotonic()
    text, chunks = await read(client, sys.argv[2])
    figures = {
        "cpu_s": time.process_time() - began,
        "wall_s": time.monotonic() - wall,
        "chunks": chunks,
        "size": len(text),
    }
    print(json.dumps(figures))
    await client.close()


async def read(client: AsyncOpenAI, model: str) -> tuple[str, int]:
    """The text of one answer, collected as everybody's first program does."""
    text, chunks = "", 0
    stream = await client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": "go"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    async for chunk in stream:
        chunks += 1
        if chunk.choices and chunk.choices[0].delta.content:
            text += chunk.choices[0].delta.content
    return text, chunks


asyncio.run(main())
