"""The formulas people write: arithmetic and a few functions, nothing else, read in bounded time.

The grammar, from the weakest binding: `a + b`, `a - b`; `a * b`, `a / b`; `-a`; `a ** b` (to the right); a number,
`pi`, a name, `f(a, …)`, `(a)`. Numbers are decimal (`2`, `.5`, `1.15e-5`), every constant is a float, names and
functions are plain ASCII. There is no attribute, index, string, comparison, assignment or comment to be misused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from uncertainty.errors import InputError
from uncertainty.graph import FUNCTIONS, Graph

MAX_LENGTH = 4000
"""Longest formula, in characters."""
MAX_TOKENS = 1000
"""Most numbers, names, operators and brackets in one formula."""
MAX_DEPTH = 50
"""Deepest nesting of brackets, calls, signs and powers."""
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}\Z")
"""What a quantity may be called (and it is neither a function nor `pi`)."""

_TOKEN = re.compile(
    r"(?P<space> +)"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<operator>\*\*|[-+*/(),])"
)
_SUMS = ("+", "-")
_PRODUCTS = ("*", "/")


@dataclass(frozen=True, eq=False)
class Expression:
    """A parsed formula: its text, its names in order of first appearance, and its place in a graph."""

    text: str
    names: tuple[str, ...]
    graph: Graph
    root: int


def check_name(name: str, path: str) -> None:
    """Refuse (`InputError`) a name that a quantity may not have."""
    if not NAME.match(name):
        raise InputError(
            path,
            vi=f"tên {_quoted(name)} không hợp lệ: cần chữ cái đầu, rồi chữ, số hoặc _ (ASCII), tối đa 31 ký tự",
            en=f"{_quoted(name)} is not a name: expected a letter, then letters, digits or _ (ASCII), at most 31",
        )
    if name in FUNCTIONS or name == "pi":
        raise InputError(
            path,
            vi=f"{name} là tên hàm hoặc hằng số, hãy chọn tên khác",
            en=f"{name} is a function or a constant; choose another name",
        )


@lru_cache(maxsize=512)
def parse(text: str, path: str = "model") -> Expression:
    """Parse a formula; `InputError` at `path` says what is wrong and at which character (counted from 1)."""
    graph = Graph()
    return parse_into(graph, text, path)


def parse_into(graph: Graph, text: str, path: str) -> Expression:
    """Parse a formula into an existing graph, so that several formulas share their equal parts."""
    parser = _Parser(graph, _tokens(text, path), path)
    root = parser.sum(0)
    parser.expect_end()
    return Expression(text, tuple(parser.names), graph, root)


class _Token(NamedTuple):
    kind: str
    text: str
    position: int


def _tokens(text: str, path: str) -> list[_Token]:
    if len(text) > MAX_LENGTH:
        raise InputError(
            path,
            vi=f"công thức dài {len(text)} ký tự, tối đa {MAX_LENGTH}",
            en=f"the formula has {len(text)} characters, at most {MAX_LENGTH}",
        )
    tokens: list[_Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _strange_character(text, position, path)
        kind = str(match.lastgroup)
        if kind != "space":
            tokens.append(_Token(kind, match[0], position + 1))
        position = match.end()
    if len(tokens) > MAX_TOKENS:
        raise InputError(
            path,
            vi=f"công thức có {len(tokens)} phần tử, tối đa {MAX_TOKENS}",
            en=f"the formula has {len(tokens)} parts, at most {MAX_TOKENS}",
        )
    tokens.append(_Token("end", "", len(text) + 1))
    return tokens


class _Parser:
    """Recursive descent over the tokens; each method reads one level of the grammar and returns its node."""

    def __init__(self, graph: Graph, tokens: Sequence[_Token], path: str) -> None:
        self._graph = graph
        self._tokens = tokens
        self._next = 0
        self._path = path
        self.names: dict[str, None] = {}

    def sum(self, depth: int) -> int:
        node = self._product(depth)
        while self._peek().text in _SUMS:
            operator = self._take().text
            node = self._graph.node(operator, node, self._product(depth))
        return node

    def expect_end(self) -> None:
        token = self._peek()
        if token.kind != "end":
            raise self._unexpected(token, vi="một phép tính hoặc hết công thức", en="an operator or the end")

    def _product(self, depth: int) -> int:
        node = self._signed(depth)
        while self._peek().text in _PRODUCTS:
            operator = self._take().text
            node = self._graph.node(operator, node, self._signed(depth))
        return node

    def _signed(self, depth: int) -> int:
        self._check_depth(depth)
        if self._peek().text == "-":
            self._take()
            return self._graph.node("neg", self._signed(depth + 1))
        return self._power(depth)

    def _power(self, depth: int) -> int:
        base = self._atom(depth)
        if self._peek().text != "**":
            return base
        self._take()
        return self._graph.node("**", base, self._signed(depth + 1))

    def _atom(self, depth: int) -> int:
        token = self._take()
        if token.kind == "number":
            return self._number(token)
        if token.kind == "name":
            return self._call(token, depth) if self._peek().text == "(" else self._named(token)
        if token.text == "(":
            node = self.sum(depth + 1)
            self._expect(")")
            return node
        raise self._unexpected(token, vi="một số, một tên hoặc dấu (", en="a number, a name or (")

    def _number(self, token: _Token) -> int:
        number = float(token.text)
        vanished = number == 0.0 and bool(re.match(r"[0.]*[1-9]", token.text))
        if not math.isfinite(number) or vanished:
            raise self._fault(
                token,
                vi=f"số {_quoted(token.text)} nằm ngoài phạm vi tính được",
                en=f"the number {_quoted(token.text)} is not finite or too small to be told from 0",
            )
        return self._graph.constant(number)

    def _named(self, token: _Token) -> int:
        if token.text == "pi":
            return self._graph.constant(math.pi)
        if token.text in FUNCTIONS:
            raise self._fault(token, vi=f"hàm {token.text} cần dấu (", en=f"the function {token.text} needs (")
        if not NAME.match(token.text):
            raise self._fault(
                token, vi=f"tên {_quoted(token.text)} không hợp lệ", en=f"{_quoted(token.text)} is not a name"
            )
        self.names[token.text] = None
        return self._graph.variable(token.text)

    def _call(self, token: _Token, depth: int) -> int:
        if token.text not in FUNCTIONS:
            words = ", ".join(FUNCTIONS)
            raise self._fault(
                token,
                vi=f"không có hàm {_quoted(token.text)}; được dùng: {words}",
                en=f"there is no function {_quoted(token.text)}; known: {words}",
            )
        self._take()
        arguments = [self.sum(depth + 1)]
        while self._peek().text == ",":
            self._take()
            arguments.append(self.sum(depth + 1))
        self._expect(")")
        return self._apply(token, arguments)

    def _apply(self, token: _Token, arguments: list[int]) -> int:
        wanted, _ = FUNCTIONS[token.text]
        variadic = token.text in ("min", "max")
        if len(arguments) != wanted and not (variadic and len(arguments) > wanted):
            raise self._fault(
                token,
                vi=f"hàm {token.text} cần {wanted} đối số, có {len(arguments)}",
                en=f"the function {token.text} takes {wanted} argument{'s' * (wanted > 1)}, found {len(arguments)}",
            )
        if not variadic:
            return self._graph.node(token.text, *arguments)
        node = arguments[0]
        for argument in arguments[1:]:
            node = self._graph.node(token.text, node, argument)
        return node

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        if token.kind != "end":
            self._next += 1
        return token

    def _expect(self, text: str) -> None:
        token = self._take()
        if token.text != text:
            raise self._unexpected(token, vi=f"dấu {text}", en=text)

    def _check_depth(self, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise InputError(
                self._path,
                vi=f"công thức lồng nhau quá {MAX_DEPTH} tầng",
                en=f"the formula is nested more than {MAX_DEPTH} levels deep",
            )

    def _unexpected(self, token: _Token, *, vi: str, en: str) -> InputError:
        if token.kind == "end":
            return self._fault(token, vi=f"công thức hết sớm, cần {vi}", en=f"the formula ends early, expected {en}")
        found = _quoted(token.text)
        return self._fault(token, vi=f"cần {vi}, nhưng gặp {found}", en=f"expected {en}, found {found}")

    def _fault(self, token: _Token, *, vi: str, en: str) -> InputError:
        return InputError(self._path, vi=f"ký tự {token.position}: {vi}", en=f"character {token.position}: {en}")


def _strange_character(text: str, position: int, path: str) -> InputError:
    character = text[position]
    shown = f"{_quoted(character)} (U+{ord(character):04X})"
    return InputError(
        path,
        vi=f"ký tự {position + 1}: {shown} không dùng được trong công thức",
        en=f"character {position + 1}: {shown} has no meaning in a formula",
    )


def _quoted(text: str) -> str:
    shown = text if len(text) <= 40 else text[:37] + "…"
    return "'" + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in shown) + "'"
