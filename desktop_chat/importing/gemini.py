"""Google AI Studio's prompts, as they lie in Drive: `chunkedPrompt` with a chunk for each turn or thought."""

from typing import Any

from desktop_chat.domain.blocks import Block, Reasoning, Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.message import Ended
from desktop_chat.domain.usage import Usage
from desktop_chat.importing.left_out import Left
from desktop_chat.importing.problems import Notes
from desktop_chat.importing.reader import Item, Reader, Sample, documents, left_alone
from desktop_chat.importing.tree import ASSISTANT, USER, Entry, Outline, conversation_of
from desktop_chat.importing.values import count_of, dict_of, id_of, list_of, number_of, text_of, time_of

CODE = "gemini"
_ENDED = {"MAX_TOKENS": Ended.LENGTH, "SAFETY": Ended.FILTERED, "PROHIBITED_CONTENT": Ended.FILTERED}
_FILES = ("inlineAudio", "inlineVideo", "inlineFile", "driveDocument", "driveAudio", "driveVideo", "youtubeVideo")


def _fits(sample: Sample) -> bool:
    return isinstance(sample.one.get("chunkedPrompt"), dict)


def _convert(item: Item, notes: Notes) -> list[Conversation]:
    data = dict_of(item.data)
    prompt = dict_of(data.get("chunkedPrompt"))
    if not prompt:
        return left_alone(notes, item, "there are no messages of Gemini in it")
    settings = dict_of(data.get("runSettings"))
    instruction = dict_of(data.get("systemInstruction"))
    parts = [dict_of(part) for part in list_of(instruction.get("parts"))]
    outline = Outline(
        id=id_of(data.get("id")) or item.entry.name,
        title=text_of(data.get("title")) or item.entry.base.removesuffix(".json"),
        created_at=time_of(data.get("create_time")),
        updated_at=time_of(data.get("update_time")),
        system_prompt=text_of(instruction.get("text"))
        or "\n\n".join(filter(None, (text_of(p.get("text")) for p in parts))),
        temperature=number_of(settings.get("temperature")),
        max_tokens=count_of(settings.get("maxOutputTokens")),
        endpoint_name="Gemini",
    )
    left = Left(notes, item)
    model = text_of(settings.get("model")).removeprefix("models/")
    for number, chunk in enumerate(map(dict_of, list_of(prompt.get("chunks")) + list_of(prompt.get("pendingInputs")))):
        left.at(number)
        outline.entries.append(_entry(chunk, model, left))
    outline.chain()
    return [conversation_of(CODE, outline, notes, item.where, item.source.next_time())]


def _entry(chunk: dict[str, Any], model: str, left: Left) -> Entry:
    is_person = text_of(chunk.get("role")) == "user"
    tokens = count_of(chunk.get("tokenCount"))
    return Entry(
        id="",
        parent=None,
        role=USER if is_person else ASSISTANT,
        blocks=_blocks(chunk, left, is_person=is_person),
        created_at=time_of(chunk.get("createTime")),
        model="" if is_person else model,
        ended=_ENDED.get(text_of(chunk.get("finishReason"))),
        usage=None if is_person or not tokens else Usage(completion_tokens=tokens),
    )


def _blocks(chunk: dict[str, Any], left: Left, *, is_person: bool) -> list[Block]:
    blocks: list[Block] = []
    # A chunk has its text, and with it the same text in parts that tell thoughts from speech.
    for part in map(dict_of, list_of(chunk.get("parts")) or [chunk]):
        text = text_of(part.get("text"))
        is_thought = part.get("thought") is True or chunk.get("isThought") is True
        if text:
            blocks.append(Reasoning(text) if is_thought and not is_person else Text(text))
    images = (dict_of(chunk.get(key)) for key in ("inlineImage", "driveImage"))
    blocks.extend(_picture(image, left) for image in images if image)
    files = ((key, dict_of(chunk.get(key))) for key in _FILES)
    blocks.extend(
        Text(left.file(id_of(file.get("id")) or text_of(file.get("mimeType")) or key)) for key, file in files if file
    )
    for kind in ("executableCode", "codeExecutionResult", "functionCall", "functionResponse"):
        if kind in chunk:
            left.unknown(kind)
    return blocks


def _picture(image: dict[str, Any], left: Left) -> Block:
    if data := text_of(image.get("data")):
        return left.embedded(data, text_of(image.get("mimeType")))
    return Text(left.image(id_of(image.get("id")) or text_of(image.get("mimeType"))))


GEMINI = Reader(CODE, "Gemini (Google AI Studio)", _fits, documents, _convert)
