"""Links in the pages at the top and in docs/ lead somewhere, and the index of docs/ knows every page.

- Every relative link and anchor resolves; so does every docs/... that the sources and headers name.
- docs/README.md links every page of docs/ once; every page links back to it or on to another.
SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import sys
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(os.environ.get("RETAKE_SOURCE_DIR", Path(__file__).resolve().parents[2]))
DOCS, INDEX = ROOT / "docs", ROOT / "docs/README.md"
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)")


def prose(page):
    """The page without what is code."""
    text = re.sub(r"^( *)```.*?^\1```$", "", page.read_text(), flags=re.M | re.S)
    return re.sub(r"`[^`\n]*`", lambda code: code[0].replace("](", "] ("), text)


def links(page):
    """(file, anchor) of each relative link."""
    for target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        yield ((page.parent / unquote(name)).resolve() if name else page), anchor


def anchors(page):
    """The anchors that GitHub gives to the headings."""
    found = {}
    for heading in re.findall(r"^#{1,6} +(.*?)(?: +#+)?$", prose(page), re.M):
        slug = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(" ", "-")
        n = found[slug] = found.get(slug, -1) + 1
        yield f"{slug}-{n}" if n else slug


def broken(page):
    for target, anchor in links(page):
        where = f"{page.relative_to(ROOT)}: {os.path.relpath(target, page.parent)}"
        if not target.exists():
            yield f"{where} is not there"
        elif anchor and target.suffix == ".md" and anchor not in set(anchors(target)):
            yield f"{where} has no heading #{anchor}"


def unlinked(pages):
    listed = [target for target, _ in links(INDEX)]
    for page in pages:
        if page != INDEX and listed.count(page) != 1:
            yield f"docs/README.md links {page.relative_to(DOCS)} {listed.count(page)} times"
        if not any(target != page and target in pages for target, _ in links(page)):
            yield f"{page.relative_to(ROOT)} leads nowhere: link docs/README.md"


def unwritten():
    """Pages that a source tells the user to read."""
    for folder in ("sim", "include", "configs", "tests"):
        for source in sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in (".c", ".h", ".yaml", ".js")):
            for name in re.findall(r"\bdocs/[\w/-]+\.md\b", source.read_text()):
                if not (ROOT / name).exists():
                    yield f"{source.relative_to(ROOT)}: {name} is not there"


def main():
    pages = sorted(DOCS.rglob("*.md"))
    wrong = [line for page in [*sorted(ROOT.glob("*.md")), *pages] for line in broken(page)]
    wrong += [*unlinked(pages), *unwritten()]
    print("\n".join(wrong) or f"links: {len(pages)} pages, {sum(len(list(links(page))) for page in pages)} links")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
