"""A strict reader of Moodle's GIFT format, after its documentation ("GIFT format" in the Moodle manual)
and what its importer does: questions are set apart by empty lines, lines that begin with // are
comments, ::name:: and [format] stand in front, the answers in braces. An octet that an importer would
take for something else than its writer meant is an error here."""

import html.parser
import re

ESCAPED = {"\\": "\\", "~": "~", "=": "=", "#": "#", "{": "{", "}": "}", ":": ":", "n": "\n"}
HIDDEN = 0xE000  # escaped characters hide in Unicode's private use area while the text is taken apart


class GiftError(ValueError):
    pass


def hide(text):
    out, at = "", 0
    while at < len(text):
        if text[at] == "\\":
            if at + 1 == len(text) or text[at + 1] not in ESCAPED:
                raise GiftError(f"a backslash before {text[at + 1:at + 2]!r}")
            out += chr(HIDDEN + ord(ESCAPED[text[at + 1]]))
            at += 2
        else:
            out += text[at]
            at += 1
    return out


def show(text):
    return "".join(chr(ord(letter) - HIDDEN) if HIDDEN <= ord(letter) < HIDDEN + 128 else letter for letter in text).strip()


class Markup(html.parser.HTMLParser):
    """Elements that are opened are closed, in order."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.text = ""

    def handle_starttag(self, tag, attributes):
        if tag not in ("p", "pre", "br"):
            raise GiftError(f"<{tag}>")
        if tag == "br":
            self.text += "\n"
        else:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            raise GiftError(f"</{tag}>")
        self.text += "\n"

    def handle_data(self, data):
        self.text += data


def html_text(markup):
    reader = Markup()
    reader.feed(markup)
    reader.close()
    if reader.open:
        raise GiftError(f"<{reader.open[-1]}> is not closed")
    return reader.text.strip()


def split_feedback(answer):
    text, _, feedback = answer.partition("#")
    if "#" in feedback:
        raise GiftError("a # in feedback")
    return show(text), html_text(show(feedback))


def weighed(answer):
    """Weight in percent, and what follows it."""
    found = re.match(r"%(-?[0-9]{1,3})%", answer)
    if found:
        return int(found[1]), answer[found.end():]
    if answer.startswith("%"):
        raise GiftError(f"a weight that is none: {answer[:20]!r}")
    return 100, answer


def equal_answers(text):
    """=answer#feedback, one behind the other; nothing in front of the first."""
    first, *answers = text.split("=")
    if first.strip() or not answers:
        raise GiftError(f"{first!r} before the first answer")
    for answer in answers:
        weight, rest = weighed(answer.strip())
        yield (weight, *split_feedback(rest))


def numerical(text):
    rows = list(equal_answers(text))
    for _, value, _ in rows:
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?(:[0-9.]+)?", value):
            raise GiftError(f"{value!r} is no number")
    return rows


def choices(text):
    rows = []
    for mark, answer in re.findall(r"([~=])([^~=]*)", text):
        value, feedback = split_feedback(answer)
        rows.append((100 if mark == "=" else 0, html_text(value), feedback))
    if re.match(r"\s*[^~=\s]", text) or len(rows) < 2 or sum(weight for weight, *_ in rows) != 100:
        raise GiftError("choices without one right answer")
    return rows


def short_answers(text):
    rows = [(weight, re.sub(r"\\\*", "*", value), feedback) for weight, value, feedback in equal_answers(text)]
    for _, value, _ in equal_answers(text):
        if re.search(r"(?<!\\)\*", value):
            raise GiftError(f"{value!r}: the asterisk stands for anything")
    if "->" in text:
        raise GiftError("-> makes it a question of matching")
    return rows


def read_question(block):
    text = hide(block)
    found = re.fullmatch(r"::([^:{}~=#]+)::\[html\]([^{}]*)\{([^{}]*)\}", text)
    if not found:
        raise GiftError("not ::name::[html]text{answers}")
    body, general, feedback = found[3].partition("####")
    if "####" in feedback:
        raise GiftError("two general feedbacks")
    question = {"name": show(found[1]), "text": html_text(show(found[2])), "feedback": html_text(show(feedback)), "answers": []}
    if any(letter in feedback for letter in "~=#"):
        raise GiftError("a control character in the general feedback")
    body = body.strip()
    if body == "":
        question["type"] = "essay"
    elif body.startswith("#"):
        question.update(type="numerical", answers=numerical(body[1:]))
    elif "~" in body:
        question.update(type="multichoice", answers=choices(body))
    else:
        question.update(type="shortanswer", answers=short_answers(body))
    return question


def read(text):
    """Questions as dictionaries: name, type, text, answers (weight, answer, feedback), feedback."""
    if re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text):
        raise GiftError("a control character")
    lines = [line for line in text.split("\n") if not line.strip().startswith("//")]
    blocks = [block.strip() for block in re.split(r"\n\s*\n", "\n".join(lines)) if block.strip()]
    questions = []
    for block in blocks:
        try:
            questions.append(read_question(block))
        except GiftError as fault:
            raise GiftError(f"{fault} in: {block[:300]}") from None
    return questions
