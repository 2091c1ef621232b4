"""What people ask a library of real texts: taken from the texts, the same ones each time."""

import random
import re
from collections import Counter

from tests.benchmarks.library_text import paragraphs

_WORD = re.compile(r"[A-Za-z]{3,}")
_UNDIVIDED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{2,}")


def words() -> list[str]:
    """Searches that the index of words answers, of three letters at least."""
    chance = random.Random(7)
    _, texts = paragraphs()
    some = chance.sample(texts, min(len(texts), 6000))
    counted = Counter(word.lower() for text in some for word in _WORD.findall(text))
    common = [word for word, _ in counted.most_common(40)]
    usual = [word for word, count in counted.items() if count > 3]
    typed = [word[:length] for word in chance.sample(usual, 40) for length in range(3, min(len(word), 9) + 1)]
    english = [found for text in some if len(found := _WORD.findall(text)) > 8]
    pairs = [" ".join(chance.sample(chance.choice(english), 2)) for _ in range(60)]
    phrases = [f'"{chance.choice(english)[2]} {chance.choice(english)[3]}"' for _ in range(15)]
    phrases += [f'"{" ".join(found[2:4])}"' for found in chance.sample(english, 25)]
    asked = [*common, *(word[:3] for word in common), *(word[:4] for word in common), *typed, *pairs, *phrases]
    operators = [
        *("role:user {}", "role:assistant {}", "role:tool {}", "has:code {}", "has:tool {}", "model:gpt {}"),
        *("model:claude {}", "endpoint:ollama {}", "after:2024-06-01 {}", "before:2021-03-01 {}", "tag:idea {}"),
        *('in:"Folder 3" {}', "in:archive {}", "in:trash {}", "{} -the", "has:code model:mini after:2023-01-01 {}"),
    ]
    asked += [operator.format(chance.choice(usual if each else common)) for operator in operators for each in range(2)]
    asked += ["has:code", "role:tool", "model:gpt-5", "xqzzyv", "qqqwww vvvxxx", "the xqzzyv"]
    chance.shuffle(asked)
    return asked


def parts() -> list[str]:
    """Searches that only trigrams answer: parts of words, and scripts without blanks."""
    chance = random.Random(8)
    _, texts = paragraphs()
    runs = [run for text in texts for run in _UNDIVIDED.findall(text)]
    asked = []
    for run in chance.sample(runs, min(len(runs), 60)):
        at = chance.randrange(len(run) - 1)
        asked += [run[at : at + 2], run[at : at + 4]]
    longer = sorted({word.lower() for text in texts[:3000] for word in _WORD.findall(text) if len(word) > 7})
    asked += [word[2:8] for word in chance.sample(longer, min(len(longer), 60))]
    return asked or ["部分"]
