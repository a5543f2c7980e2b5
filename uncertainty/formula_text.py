"""A formula's graph written out again, as people read it: for sensitivities shown in a budget and for messages."""

from __future__ import annotations

from uncertainty.graph import Graph

_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3, "**": 4}
_ATOM = 5


def formula_text(graph: Graph, root: int, *, longest: int = 200) -> str:
    """The formula of a node in the grammar of `expression`, cut to `longest` characters with an ellipsis.

    The two branch pickers of derivatives are written `sign(x)` and `at_least(a, b)`.
    """
    texts: dict[int, tuple[str, int]] = {}
    for number in graph.reachable([root]):
        text, strength = _written(graph, number, texts)
        # Cut while writing: a derivative with shared parts can be exponentially longer than its graph.
        texts[number] = (text if len(text) <= longest else text[:longest] + "…", strength)
    text = texts[root][0]
    return text if len(text) <= longest else text[:longest] + "…"


def _written(graph: Graph, number: int, texts: dict[int, tuple[str, int]]) -> tuple[str, int]:
    operation, arguments, constant, name = graph.nodes[number]
    if operation == "variable":
        return name, _ATOM
    if operation == "constant":
        return f"{constant:.10g}", _ATOM if constant >= 0.0 else _STRENGTH["neg"]
    if operation not in _STRENGTH:
        return f"{operation}({', '.join(texts[argument][0] for argument in arguments)})", _ATOM
    strength = _STRENGTH[operation]
    if operation == "neg":
        return "-" + _bracketed(texts[arguments[0]], strength), strength
    # The right of - and / and the left of ** do not associate with their own operator.
    left = _bracketed(texts[arguments[0]], strength + (operation == "**"))
    right = _bracketed(texts[arguments[1]], strength + (operation in ("-", "/")))
    return (f"{left}**{right}" if operation == "**" else f"{left} {operation} {right}"), strength


def _bracketed(text: tuple[str, int], needed: int) -> str:
    return text[0] if text[1] >= needed else f"({text[0]})"
