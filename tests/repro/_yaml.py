"""The YAML of shipped scenarios, read without the program: nested blocks, {flow: mappings}, [flow, lists], comments.
SPDX-License-Identifier: Apache-2.0"""
import re

LINE = re.compile(r"^( *)([\w.]+):(?: +(.*))?$")


def parts(text):
    """Split at commas outside brackets."""
    depth, start, out = 0, 0, []
    for i, c in enumerate(text):
        depth += (c in "[{") - (c in "]}")
        if c == "," and depth == 0:
            out.append(text[start:i])
            start = i + 1
    return [part.strip() for part in [*out, text[start:]] if part.strip()]


def value_of(text):
    if text.startswith("["):
        return [value_of(part) for part in parts(text[1:-1])]
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text)
    except ValueError:
        return text


def flatten(path, text, comment, out):
    if not text.startswith("{"):
        out[path] = (value_of(text), comment)
        return
    for part in parts(text[1:-1]):
        key, _, rest = part.partition(":")
        flatten(f"{path}.{key.strip()}", rest.strip(), comment, out)


def read(path):
    """{dotted key: (value, the comment behind it or behind its section)}"""
    out, sections = {}, []
    for line in path.read_text(encoding="utf-8").splitlines():
        code, _, comment = (line + " ").partition(" #")
        found = LINE.match(code.rstrip())
        if line.lstrip().startswith("#") or not found:
            continue
        depth, key, text = len(found[1]), found[2], (found[3] or "").strip()
        sections = [s for s in sections if s[0] < depth]
        inherited = sections[-1][2] if sections else ""
        name = ".".join([*(s[1] for s in sections), key])
        comment = comment.strip() or inherited
        if text:
            flatten(name, text, comment, out)
        else:
            sections.append((depth, key, comment))
    return out
