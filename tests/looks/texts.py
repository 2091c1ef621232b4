"""What conversations of the gallery say."""

WEATHER = """Mild, with rain on Thursday. Highs stay **between 11 and 14 °C**:

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
```

"""
LEAVES = """# Streaming *tokens* into Qt

Here is the plan: **coalesce** tokens with `QTimer`, re-parse only the open tail, and keep the `viewport()` still. \
See the [Qt docs](https://doc.qt.io/qt-6/) for ~~all~~ details. 日本語のテキストも混在できます。 Emoji: 🚀🧑‍💻🇩🇪 fine.

## Steps

1. Parse the **stable prefix** once and never touch it again, which means that a very long answer costs the same \
per token as a short one.
   - nested bullet with `inline_code()`
   - another one
     - third level
2. Lay out the *tail* only
3. Paint what is visible

- [x] selection across blocks
- [ ] accessibility
- plain bullet

> A block quote with a `pill` and a **bold** word. It wraps over several lines when the window gets narrow enough \
for that to happen, as here.
>
> > Nested quote.

### Code

```python
import asyncio

async def stream(client, prompt: str) -> None:
    \"\"\"Consume the SSE stream.\"\"\"
    async for chunk in client.stream(prompt, temperature=0.7):
        text = chunk.choices[0].delta.content or ""  # may be None, and this line is far too long to fit into the box
        await queue.put(f"{text!r}")
```

| Design | p50 flush | p99 flush | Notes |
|:---|---:|---:|:---:|
| A one document | 1.2 ms | 40 ms | tables relayout, *frames* too |
| B virtual boxes | 0.4 ms | 2 ms | own selection with `QTextLayout` and a longer remark that has to wrap in its cell |

---

![A cat](https://example.org/cat.png) stays where it is[^cat], and so does the text[^text].

[^cat]: As cats do.
[^text]: Not one *pixel* moves; what this footnote says goes on for long enough to be broken into a second line of the page.

مرحبا بالعالم، هذا نص عربي لاختبار الاتجاه من اليمين إلى اليسار مع كلمة English في الوسط.

שלום עולם, זה טקסט בעברית.
"""
