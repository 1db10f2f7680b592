# SPDX-License-Identifier: BSD-2-Clause
"""Counts the methods and the data members of classes: a small parser of class bodies, no compiler."""

import re
from dataclasses import dataclass

from rules import without_comments

TOKEN = re.compile(r'[A-Za-z_]\w*|""|::|->|\[\[|\]\]|[0-9][\w.\']*|\S')
OPEN, CLOSE = {"(": ")", "{": "}", "[": "]", "[[": "]]"}, {")", "}", "]", "]]"}
NO_MEMBER = {"using", "typedef", "friend", "static_assert", "public", "private", "protected"}


@dataclass(frozen=True)
class ClassCount:
    name: str
    methods: int
    members: int


def tokens_of(text):
    code = re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", "", without_comments(text), flags=re.M)
    return TOKEN.findall(code)


def closing(tokens, start):
    """Index of the bracket that closes the one at `start`."""
    depth = 0
    for i in range(start, len(tokens)):
        if tokens[i] in OPEN:
            depth += 1
        elif tokens[i] in CLOSE:
            depth -= 1
            if depth == 0:
                return i
    return len(tokens) - 1


def closing_angle(tokens, start):
    """Index of the `>` that closes the `<` at `start`; `start` where it is a comparison."""
    depth, i = 0, start
    while i < len(tokens):
        if tokens[i] in OPEN:
            i = closing(tokens, i)
        elif tokens[i] == "<":
            depth += 1
        elif tokens[i] == ">":
            depth -= 1
            if depth == 0:
                return i
        elif tokens[i] in (";", "}", ")"):
            return start
        i += 1
    return start


def body_of(tokens, i):
    """Of a class that is defined at `i`: its name and where its body opens; None where it is only named."""
    name, j = "", i + 1
    while j < len(tokens) and tokens[j] not in ("{", ";", "(", ")", "=", ",", ">", "*", "&"):
        if tokens[j] == "[[":
            j = closing(tokens, j)
        elif tokens[j] == "<":
            j = closing_angle(tokens, j)
        elif tokens[j] == ":":
            return name, bases_end(tokens, j)
        elif re.match(r"[A-Za-z_]", tokens[j]) and tokens[j] not in ("final", "alignas"):
            name = tokens[j]
        j += 1
    return (name, j) if j < len(tokens) and tokens[j] == "{" else None


def bases_end(tokens, j):
    while j < len(tokens) and tokens[j] != "{":
        j = closing(tokens, j) if tokens[j] == "(" else closing_angle(tokens, j) if tokens[j] == "<" else j
        j += 1
    return j


def declarations(tokens):
    """The declarations of a class body, each without what stands in the bodies of functions and nested types."""
    out, current, i = [], [], 0
    while i < len(tokens):
        token = tokens[i]
        if token == "{":
            end = closing(tokens, i)
            current += ["{", "}"]
            # An initializer goes on to its semicolon, a body does not; a nested type does, with its declarators.
            follows = tokens[end + 1] if end + 1 < len(tokens) else ""
            goes_on = (follows in (";", ",", "{") or is_type(current) or is_initializer(current)
                       or ":" in current and follows not in CLOSE and is_list_entry(current))
            i = end
            if not goes_on:
                out.append(current)
                current = []
        elif token == ";":
            if current:
                out.append(current)
            current = []
        elif token == ":" and current and current[-1] in ("public", "private", "protected"):
            current = []
        elif token in ("(", "[", "[["):
            end = closing(tokens, i)
            current += tokens[i:end + 1]
            i = end
        else:
            current.append(token)
        i += 1
    return out + ([current] if current else [])


def is_type(declaration):
    return any(word in declaration for word in ("class", "struct", "union", "enum")) and "(" not in declaration


def is_initializer(declaration):
    """`int a = ...`: an equals sign before any parenthesis."""
    for token in bare(declaration):
        if token in ("(", "operator"):
            return False
        if token == "=":
            return True
    return False


def is_list_entry(declaration):
    """`X() : a{1}`: the braces that were just closed belong to an entry of the list, not to the body."""
    return len(declaration) > 2 and declaration[-3] not in (")", "}") and "(" in declaration


def bare(declaration):
    """Without template heads, attributes, and what angle brackets hold."""
    out, i = [], 0
    while i < len(declaration):
        token = declaration[i]
        if token == "[[":
            i = closing(declaration, i)
        elif token in ("alignas", "decltype", "requires", "explicit", "noexcept") and declaration[i + 1:i + 2] == ["("]:
            i = closing(declaration, i + 1)
            if token == "decltype":
                out.append("auto")
        elif token == "<" and is_head(out[-1:]) and (end := closing_angle(declaration, i)) != i:
            i = end
            if out[-1:] == ["template"]:
                out.pop()
        else:
            out.append(token)
        i += 1
    return out


def is_head(last):
    """A name, which may have arguments in angle brackets; what compares is a number or `operator`."""
    return bool(last) and last != ["operator"] and re.match(r"[A-Za-z_]", last[0]) is not None


def kind_of(declaration):
    """`method`, `member` or None; for members, how many are declared."""
    tokens = bare(declaration)
    if not tokens or tokens[0] in NO_MEMBER:
        return None, 0
    if is_type(tokens):
        end = tokens.index("}") if "}" in tokens else len(tokens)
        return ("member", 1) if tokens[end + 1:] else (None, 0)
    if "operator" in tokens:
        return (None, 0) if is_given(tokens) else ("method", 1)
    for i, token in enumerate(tokens):
        if token in ("=", "{"):
            break
        if token == "(":
            if tokens[i + 1] in ("*", "&"):
                break
            return (None, 0) if is_given(tokens) else ("method", 1)
    if "static" in tokens or len(tokens) < 2:
        return None, 0
    return "member", 1 + commas(tokens)


def is_given(tokens):
    """`= default` and `= delete` hold no code."""
    return tokens[-2:] in (["=", "default"], ["=", "delete"])


def commas(tokens):
    count, i = 0, 0
    while i < len(tokens):
        if tokens[i] in OPEN:
            i = closing(tokens, i)
        count += i < len(tokens) and tokens[i] == ","
        i += 1
    return count


def count_body(name, tokens):
    methods = members = 0
    for declaration in declarations(tokens):
        kind, count = kind_of(declaration)
        methods += count if kind == "method" else 0
        members += count if kind == "member" else 0
    return ClassCount(name, methods, members)


def classes(text):
    """Every class and struct that `text` defines, nested ones too, each by itself."""
    tokens = tokens_of(text)
    for i, token in enumerate(tokens):
        if token not in ("class", "struct") or (i > 0 and tokens[i - 1] in ("enum", "<", ",", "typename", "friend")):
            continue
        found = body_of(tokens, i)
        if found:
            name, start = found
            yield count_body(name, tokens[start + 1:closing(tokens, start)])
