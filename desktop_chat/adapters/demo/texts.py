"""The answers of the built-in demo, as Markdown."""

FOOTER = "\n\n*The built-in demo: a canned answer, no model wrote it.*"

ZONES = {
    "tokyo": "Asia/Tokyo",
    "london": "Europe/London",
    "new york": "America/New_York",
    "paris": "Europe/Paris",
    "sydney": "Australia/Sydney",
    "delhi": "Asia/Kolkata",
    "utc": "UTC",
}

TOUR = (
    """Hello! I am the **built-in demo**: a small server inside this app that speaks the real protocol but \
knows only canned answers. Everything you see here, streaming, stopping, tools, usage, works the same with a real model.

Things to try:

- *What's the weather in Berlin this week?* calls a tool, if you offer `get_weather`
- *What time is it in Tokyo?* and *Calculate 12 \\* 34* call tools that are built in
- *Show me a table*, *some code*, or *all of Markdown*
- *Think first* shows reasoning that folds away
- *A long answer* to scroll in, search in, or stop with **Esc**
- *An error*, *error 429*, *error 500* or *error 401* show what happens when a server fails

To talk to a real model, add its address in **Preferences > Endpoints**."""
    + FOOTER
)

WEATHER_THOUGHT = (
    "The person asks about the weather in {location}. I have no forecast of my own, "
    "but a function `get_weather` is offered, so I call it and wait for its result."
)

_FORECAST = """Mild, with rain on Thursday. Highs stay **between 11 and 14 °C**:

| Day | High | Low | Rain |
|---|---|---|---|
| Wednesday | 14 °C | 7 °C | 5 % |
| Thursday | 11 °C | 6 °C | 80 % |
| Friday | 13 °C | 5 °C | 15 % |

```python
import matplotlib.pyplot as plt

days = ["Wed", "Thu", "Fri"]
highs = [14, 11, 13]  # °C
plt.plot(days, highs, marker="o")
plt.ylabel("High (°C)")
plt.show()
```

Save it as `forecast.py` and run it; the plot opens in a window of its own."""

FORECAST = _FORECAST + "\n\n*The built-in demo: these figures are canned, whatever the function returned.*"

WEATHER_WITHOUT_TOOL = (
    """To answer this, a model would call a function `get_weather`, and none is offered yet. Add it in \
**Preferences > Tools > Add function**, with these parameters:

```json
{
  "type": "object",
  "properties": {
    "location": {"type": "string", "description": "A city"},
    "days": {"type": "integer", "description": "How many days"}
  },
  "required": ["location"]
}
```

Then ask again: the call appears here, you allow it and type its result, and the answer goes on like this.

"""
    + _FORECAST
    + FOOTER
)

NO_TOOLS = (
    "A model would call a tool for this, and none is offered. The built-in tools are switched on in "
    "**Preferences > Tools**." + FOOTER
)

TIME_THOUGHT = "I cannot know the time. The tool that is offered can tell it."

TOOL_NOT_RUN = (
    "The call of `{name}` brought no result, so I go on without it. That is how it should be: nothing runs unless "
    "you allow it." + FOOTER
)

TOOL_ANSWERED = "`{name}` answered:\n\n> {result}\n\nThe result went back to me with a second request." + FOOTER

THOUGHT = """The question has two parts, so I take them one after the other.

First, what is asked? To see how reasoning looks. Models that think send it apart from the answer, in \
`reasoning_content`, and this app keeps it folded with its time.

Second, is there a catch? Reasoning is not sent back to the model in the next turn; most servers would not want it.

That is settled, so I can answer."""

THOUGHT_ANSWER = (
    "Above this line stands what I thought, folded and with the time it took. Open it with a click, or leave it; "
    "the answer is complete without it." + FOOTER
)

TABLE = (
    """A table, with columns aligned left, centred and right:

| Planet | Kind | Diameter (km) | Moons |
|:---|:---:|---:|---:|
| Mercury | rocky | 4,879 | 0 |
| Venus | rocky | 12,104 | 0 |
| Earth | rocky | 12,756 | 1 |
| Mars | rocky | 6,792 | 2 |
| Jupiter | gas giant | 142,984 | 97 |
| Saturn | gas giant | 120,536 | 274 |
| Uranus | ice giant | 51,118 | 28 |
| Neptune | ice giant | 49,528 | 16 |"""
    + FOOTER
)

CODE = (
    """Some code, highlighted while it arrives:

```python
from dataclasses import dataclass


@dataclass(frozen=True)
class Primes:
    limit: int

    def __iter__(self):
        \"\"\"Yield the primes below the limit.\"\"\"
        sieve = bytearray([1]) * self.limit
        for number in range(2, self.limit):
            if sieve[number]:
                yield number
                sieve[number * number :: number] = bytes(len(sieve[number * number :: number]))


print(list(Primes(50)))  # [2, 3, 5, 7, 11, ...]
```

And the same in a shell:

```bash
seq 2 50 | factor | awk 'NF == 2 { print $2 }'
```

**Copy** stands at the top right of each block."""
    + FOOTER
)

MARKDOWN = (
    """# Markdown, most of it

Text can be **bold**, *italic*, ***both***, ~~struck out~~ or `code`. A [link](https://commonmark.org) shows where it \
leads before it opens.

## Lists

1. First
2. Second
   - nested
   - and nested again
3. Third

- [x] a task that is done
- [ ] one that is not

## Quotes and rules

> A quote.
>
> > And a quote in it.

---

### Code and tables

```json
{"stream": true, "stream_options": {"include_usage": true}}
```

| Left | Right |
|:---|---:|
| a | 1 |
| b | 22 |

HTML is shown as text and never run: <b>like this</b>."""
    + FOOTER
)

BEFORE_BREAK = """Here begins an answer that will break off in the middle, because the demo cuts the connection. What \
came until then stays, marked as interrupted, and you can go on from there with **Continue** or have it written anew with **Regenerate**. \
Now watch: the next words are"""

REST = "… the rest of it. You asked me to go on, and the text before is still there." + FOOTER

AFTER_FAILURE = "This time it worked: the request was sent again and went through." + FOOTER

_PARTS = (
    (
        "Streaming",
        (
            "Each token travels from the socket to the screen on its own. The first is shown at once; after that the "
            "window is redrawn at most thirty times a second, however fast the tokens come. Text that has settled is "
            "never laid out again, so the last page of a long answer costs as much as the first."
        ),
    ),
    (
        "Stopping",
        (
            "**Esc** stops an answer. The connection is closed, so the server stops as well and nobody pays for words "
            "that nobody reads. What came until then stays in the conversation."
        ),
    ),
    (
        "Branches",
        (
            "Editing a question does not overwrite anything. The old question and everything below it stay as another "
            "version, and the small arrows at a message lead from one to the other."
        ),
    ),
    (
        "Keys",
        (
            "An API key is kept by the operating system's keyring and belongs to the address it was saved for. It is "
            "never written to a file, never logged, and never sent anywhere else."
        ),
    ),
    (
        "Reading",
        (
            "Scroll up while an answer is written and the view stays where you are. The pill at the bottom tells that "
            "there is more; a click on it follows the answer again."
        ),
    ),
)

LONG = (
    "# A long answer\n\nIt repeats itself, because its point is its length: scroll, search, select, or stop it.\n\n"
    + "\n\n".join(
        f"## {number + 1}. {title}\n\n{text}"
        for number, (title, text) in ((n, _PARTS[n % len(_PARTS)]) for n in range(25))
    )
    + FOOTER
)
