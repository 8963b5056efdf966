"""Tag rules: the small language in which a workbook says which customers get a tag.

A rule is conditions joined by ``and``, and after them, if wanted, ``since N days``::

    new_mother: category in [diapers, baby food] and orders >= 2 since 90 days

Several such rules, each in brackets, can be joined by ``or``. Conditions are ``column op value``
with ``= != < <= > >=``, ``in [a, b]``, ``not in [a, b]``, ``is missing``, ``is not missing``. A
value with blanks outside a list stands in quotes. What the columns are is decided where the data
is; here the text is read, and a rule that nothing can meet is refused.
"""

import re
from dataclasses import dataclass

from regulars.errors import ParameterError
from regulars.parameters.tag_bounds import Condition, contradiction

__all__ = ["Alternative", "Rule", "RuleError", "parse_rule"]

LONGEST = 2000
LONGEST_WINDOW = 36_500
COLUMN = re.compile(r"(?:(line|customer|class)\.)?([a-z][a-z0-9_]{0,60})")
TOKEN = re.compile(
    r"""\s*(?:
      (?P<quoted>"[^"]*"|'[^']*')
    | (?P<op><=|>=|!=|<|>|=)
    | (?P<mark>[\[\](),])
    | (?P<word>[^\s\[\](),<>=!"'][^\s\[\](),<>=!]*)
    )\s*""",
    re.VERBOSE,
)
END = ("end", "the end of the rule")


class RuleError(ParameterError, ValueError):
    """A tag's rule cannot be read; a ValueError too, so that a parameter file's name is added."""


@dataclass(frozen=True)
class Alternative:
    """Conditions that all have to hold, over the lines of the last `days` days, or of all."""

    conditions: tuple[Condition, ...]
    days: int | None


@dataclass(frozen=True)
class Rule:
    """A tag's rule: its text, and the alternatives of which one has to hold."""

    text: str
    alternatives: tuple[Alternative, ...]


def parse_rule(tag: str, text: str) -> Rule:
    """Read a tag's rule, or say by the tag's name what is wrong with it.

    Parameters
    ----------
    tag : str
        The tag's name, for the messages.
    text : str
        Such as ``category = wine and orders >= 2 since 90 days``.

    Returns
    -------
    Rule

    Raises
    ------
    RuleError
        If the text is not a rule, compares what has no order, asks a number for words, or can be
        met by nobody.

    Examples
    --------
    >>> rule = parse_rule("wine", "category in [red, 'dry white'] and orders >= 2 since 90 days")
    >>> rule.alternatives[0].days
    90
    >>> parse_rule("wine", "orders >= 5 and orders < 3")
    Traceback (most recent call last):
    regulars.parameters.tag_rules.RuleError: tag wine: nobody can meet this rule: orders ...
    """
    if len(text) > LONGEST:
        raise RuleError(f"tag {tag}: the rule has {len(text)} signs; at most {LONGEST} fit.")
    reader = _Reader(tag, _tokens(tag, text))
    rule = Rule(" ".join(text.split()), tuple(_alternatives(reader)))
    for alternative in rule.alternatives:
        why = contradiction(alternative.conditions, alternative.days)
        if why:
            raise RuleError(f"tag {tag}: nobody can meet this rule: {why}.")
    return rule


def _tokens(tag: str, text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if not match:
            sign = text[at:].strip()[0]
            raise RuleError(
                f"tag {tag}: expected a rule such as 'category = wine and orders >= 2', found a "
                f"{sign} alone. Put quotes round a value with such signs, and close them."
            )
        found.append((match.lastgroup or "", match[match.lastgroup or 0]))
        at = match.end()
    return found


class _Reader:
    """Walks through the tokens; every way to fail names the tag."""

    def __init__(self, tag: str, tokens: list[tuple[str, str]]) -> None:
        self.tag, self.tokens, self.at = tag, [*tokens, END], 0

    def next_is(self, *texts: str, kind: str = "word") -> bool:
        """Tell whether these words, or a mark or operator, come next."""
        ahead = self.tokens[self.at : self.at + len(texts)]
        return [(k, t.lower()) for k, t in ahead] == [(kind, text) for text in texts]

    def take(self, *texts: str, kind: str = "word") -> bool:
        """Step over these words, or a mark, if they come next."""
        there = self.next_is(*texts, kind=kind)
        self.at += len(texts) if there else 0
        return there

    def pop(self, *kinds: str, expected: str) -> str:
        """Return the next token's text, which has to be of one of the kinds."""
        kind, text = self.tokens[self.at]
        if kind not in kinds:
            raise self.wrong(expected)
        self.at += 1
        return text[1:-1] if kind == "quoted" else text

    def wrong(self, expected: str) -> RuleError:
        """Return the error that says what stands where something else was expected."""
        shown = " ".join(text for _, text in self.tokens[self.at :][:1])
        return RuleError(f"tag {self.tag}: expected {expected}, found {shown}.")


def _alternatives(reader: _Reader) -> list[Alternative]:
    if not reader.next_is("(", kind="mark"):
        found = [_alternative(reader)]
    else:
        found = [_in_brackets(reader)]
        while reader.take("or"):
            found.append(_in_brackets(reader))
    if reader.next_is("or"):
        raise reader.wrong("each of several rules that or joins in brackets, '(…) or (…)'")
    if reader.tokens[reader.at] != END:
        raise reader.wrong(
            "and, since or the end of the rule (a value with blanks stands in quotes)"
        )
    return found


def _in_brackets(reader: _Reader) -> Alternative:
    if not reader.take("(", kind="mark"):
        raise reader.wrong("a rule in brackets after or, '(…) or (…)'")
    found = _alternative(reader)
    if not reader.take(")", kind="mark"):
        raise reader.wrong("and, since or the closing bracket")
    return found


def _alternative(reader: _Reader) -> Alternative:
    conditions = [_condition(reader)]
    while reader.take("and"):
        conditions.append(_condition(reader))
    return Alternative(tuple(conditions), _window(reader))


def _window(reader: _Reader) -> int | None:
    if not reader.take("since"):
        return None
    expected = f"a whole number of days from 1 to {LONGEST_WINDOW}, such as 'since 90 days'"
    number = reader.tokens[reader.at][1]
    if not re.fullmatch(r"[0-9]{1,5}", number) or not 1 <= int(number) <= LONGEST_WINDOW:
        raise reader.wrong(expected)
    reader.at += 1
    if not (reader.take("days") or reader.take("day")):
        raise reader.wrong("the word days after 'since' and its number")
    return int(number)


def _condition(reader: _Reader) -> Condition:
    expected = "the name of a column, such as orders or customer.region"
    if not COLUMN.fullmatch(reader.tokens[reader.at][1]):
        raise reader.wrong(expected)
    scope, name = COLUMN.fullmatch(reader.pop("word", expected=expected)).groups()
    op, values = _comparison(reader, name)
    condition = Condition(scope or "", name, op, values)
    wrong = condition.wrong_kind()
    if wrong:
        raise RuleError(f"tag {reader.tag}: {wrong}.")
    return condition


def _comparison(reader: _Reader, name: str) -> tuple[str, tuple[str, ...]]:
    for words, op in ((("is", "missing"), "is missing"), (("is", "not", "missing"), "is there")):
        if reader.take(*words):
            return op, ()
    for words, op in ((("in",), "in"), (("not", "in"), "not in")):
        if reader.take(*words):
            return op, _list(reader, name)
    op = reader.pop(
        "op", expected=f"= != < <= > >=, in, not in, is missing or is not missing after {name}"
    )
    value = reader.pop("word", "quoted", expected=f"a value after {name} {op}")
    return {"=": "in", "!=": "not in"}.get(op, op), (value,)


def _list(reader: _Reader, name: str) -> tuple[str, ...]:
    """Read ``[a, b c, "d, e"]``; within a list blanks need no quotes."""
    if not reader.take("[", kind="mark"):
        raise reader.wrong(f"a list such as [a, b] after {name} in")
    values = []
    while not reader.take("]", kind="mark"):
        words = [reader.pop("word", "quoted", expected=f"a value in the list of {name}")]
        while reader.tokens[reader.at][0] in ("word", "quoted"):
            words.append(reader.pop("word", "quoted", expected="a value"))
        values.append(" ".join(words))
        if not reader.take(",", kind="mark") and not reader.next_is("]", kind="mark"):
            raise reader.wrong(f"a comma or the closing bracket in the list of {name}")
    if not values:
        raise RuleError(f"tag {reader.tag}: the list of {name} is empty, which nobody meets.")
    return tuple(dict.fromkeys(values))
