"""Makes the collections of public/datasets that the bundled pair was not trained on, from Debian packages.

    python3 scripts/make-collections.py            # on Debian, with dpkg-deb and apt-get
    python3 scripts/make-collections.py jargon-file vera

Each collection has the shape of the four bundled ones: BEIR files, and a dataset.json that says what they are. No text
of a query or document is in public/training or in one of the four, nor shares eight words in a row with one that is.
The same packages give the same bytes.
"""

from __future__ import annotations

import gzip
import html
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
from xml.etree import ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[1]
DATASETS = ROOT / "public/datasets"
TRAINED = ["debian-packages", "foldoc", "wordnet-definitions", "wordnet-examples"]
LONGEST_DOCUMENT, LONGEST_QUERY, SEED = 320, 200, 20260


def plain(text):
    """One line, without the marks of dictionaries and manuals."""
    text = re.sub(r"\{([^}]*)\}", r"\1", text)
    return re.sub(r"\s+", " ", text).strip()


def cut(text, most):
    """Whole words, at most `most` characters."""
    return text if len(text) <= most else text[: most + 1].rsplit(" ", 1)[0]


def first_sentence(text):
    """The first sentence and the rest; abbreviations such as e.g. end none."""
    for end in re.finditer(r"(?<![A-Z])(?<!\bMr)(?<!\bMrs)(?<!\bDr)(?<!\bSt)(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bcf)[.!?][)\"”’]?\s+(?=[A-Z“\"(])", text):
        if end.end() >= 25:
            return text[: end.end()].strip(), text[end.end() :].strip()
    return text, ""


def unpack(package, folder):
    """The package's files below `folder`, and its version."""
    subprocess.run(["apt-get", "download", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob(f"{package}_*.deb")
    subprocess.run(["dpkg-deb", "-x", archive, folder / package], check=True)
    return folder / package, archive.name.split("_")[1].replace("%3a", ":")


def dictionary(root, name):
    return gzip.decompress((root / f"usr/share/dictd/{name}.dict.dz").read_bytes()).decode("utf-8", "replace")


def jargon_file(roots):
    """(query, [documents]) by entry: an unindented headword, then indented paragraphs."""
    text = dictionary(roots["dict-jargon"], "jargon")
    for entry in re.split(r"\n(?=\S)", text)[20:]:
        _, _, body = entry.partition("\n")
        paragraphs = [plain(part) for part in re.split(r"\n\s*\n", body)]
        words = " ".join(part for part in paragraphs if len(part) > 40 and not part.startswith("["))
        query, rest = first_sentence(re.sub(r"(?:^|(?<=\s))\d+\. (?:(?:n|v|vt|vi|adj|adv)\.,? ?)*", "", words))
        if len(rest) >= 40 and "http" not in query:
            pieces = []
            while len(rest) >= 40 and len(pieces) < 3:
                pieces.append(cut(rest, LONGEST_DOCUMENT))
                rest = rest[len(pieces[-1]) :].strip()
            yield query, pieces
        elif len(words) >= 40:
            yield None, [words]


def vera(roots):
    text = dictionary(roots["dict-vera"], "vera")
    for name, expansion in re.findall(r"\n\s*\n([A-Z][A-Z0-9/-]{2,11})\n {7}(\S[^\n]+)", text):
        words = plain(re.sub(r"\s*\([^)]*\)?[^(]*$", "", expansion))
        if len(words) >= 12:
            yield name, [words]


def devils_dictionary(roots):
    """A word, and every sentence of what Bierce says of it."""
    text = dictionary(roots["dict-devil"], "devil")
    for word, body in re.findall(r"\n\n([A-Z][A-Z' -]+), [a-z.&\s]+\.\s\s?(.*?)(?=\n\n[A-Z][A-Z' -]+, [a-z]|\Z)", text, re.S):
        rest, sentences = plain(re.sub(r"\[[^]]*\]", "", body)), []
        while rest:
            sentence, rest = first_sentence(rest)
            if len(sentence) >= 25:
                sentences.append(sentence)
        if sentences:
            yield word.lower(), sentences[:6]


def quotations(roots):
    """A quotation, and the definition above it that it illustrates."""
    blocks = dictionary(roots["dict-gcide"], "gcide").split("\n\n")
    for sense, below in zip(blocks, blocks[1:]):
        found = re.search(r"(?:^|\n) {3}(?:\d+\. )?(?:\([A-Z]\w+\.\) )?([A-Z][^\"\[\]]{30,}?\.)\s+(?:\[[A-Z][^]]*\]\s+)?\[1913", sense)
        quoted = re.match(r" {9}([A-Z][^\[\]{]{40,260}?)\s+--[A-Z]", below)
        if found and quoted and "Syn:" not in sense:
            yield plain(quoted.group(1)), [plain(found.group(1))]


def words_of_roff(line):
    """What a line of a manual's source says; a macro for a typeface says its arguments."""
    macro = re.match(r"\.(B|I|BR|RB|BI|IB|IR|RI|SM|SB)\s+(.*)", line)
    if macro:
        quoted = re.findall(r'"([^"]*)"|(\S+)', macro.group(2))
        line = ("" if len(macro.group(1)) == 2 else " ").join(a or b for a, b in quoted)
    elif line.startswith((".", "'")):
        return ""
    line = re.sub(r'\\".*|\\f(?:\[\w*\]|\(..|.)|\\[&/,|^%]|\\s[+-]?\d', "", line)
    known = {"aq": "'", "cq": "'", "oq": "'", "lq": '"', "rq": '"', "dq": '"', "em": "-", "en": "-", "ha": "^", "ti": "~", "bu": ""}
    line = re.sub(r"\\\((..)|\\\[([^]]*)\]", lambda found: known.get(found.group(1) or found.group(2), ""), line)
    return line.replace("\\-", "-").replace("\\e", "\\").replace("\\ ", " ")


def manual_pages(roots):
    """A page's line of NAME, and the beginning of its DESCRIPTION."""
    for package in COLLECTIONS["man-pages"]["packages"]:
        for path in sorted((roots[package] / "usr/share/man").glob("man[1-8]/*.gz")):
            source = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
            part = lambda name: re.search(rf"\n\.SH \"?{name}\"?\n(.*?)(?=\n\.SH|\Z)", source, re.S)  # noqa: E731
            name, description = part("NAME"), part("DESCRIPTION")
            if not name or not description:
                continue
            said = [plain(" ".join(map(words_of_roff, found.group(1).split("\n")))) for found in (name, description)]
            about = said[0].split(" - ", 1)[-1]
            if len(said[1]) >= 60 and len(about) >= 10:
                yield about, [said[1]]


def perl_faq(roots):
    """A question of perlfaq and the beginning of its answer; beside them paragraphs of perl's other manuals."""
    folder = next((roots["perl-doc"] / "usr/share/perl").glob("5*/pod"))
    def marks(text):
        """POD's marks, from the inmost out, give way to what they mark."""
        text = re.sub(r"E<(\w+)>", lambda found: {"lt": "\x01", "gt": "\x02"}.get(found.group(1), ""), text)
        while (inner := re.sub(r"[A-Z](?:<<+\s([^<>]*)\s>>+|<([^<>]*)>)", lambda f: (f.group(1) or f.group(2) or "").split("|")[0], text)) != text:
            text = inner
        return plain(text.replace("\x01", "<").replace("\x02", ">"))

    for path in sorted(folder.glob("perlfaq*.pod")):
        for question, answer in re.findall(r"\n=head2 (.+?)\n(.*?)(?=\n=head|\Z)", path.read_text("utf-8", "replace"), re.S):
            said = [marks(part) for part in answer.split("\n\n") if part.strip() and not re.match(r"\s|=|\(contributed", part)]
            text = " ".join(said)
            if len(text) >= 60 and question.strip().endswith("?"):
                yield marks(question), [text]
    others = []
    for path in sorted(folder.glob("perl*.pod")):
        if path.name.startswith(("perlfaq", "perl5", "perldelta")):
            continue
        for part in path.read_text("utf-8", "replace").split("\n\n"):
            if part.strip() and not re.match(r"\s|=", part) and len(part) > 150:
                others.append(marks(part))
    for text in random.Random(SEED).sample(others, 2000):
        yield None, [text]


def lintian_tags(roots):
    for path in sorted((roots["lintian"] / "usr/share/lintian/tags").rglob("*.tag")):
        text = path.read_text(encoding="utf-8")
        tag = re.search(r"^Tag: (.+)$", text, re.M)
        found = re.search(r"^Explanation:(.*?)(?=^\S|\Z)", text, re.M | re.S)
        if tag and found:
            said = html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"^ \.$", "", found.group(1), flags=re.M)))
            if len(plain(said)) >= 25:
                yield tag.group(1).strip().replace("-", " "), [plain(said)]


def emoji(roots):
    """Keywords of a character, without its name's own words where others are left, and its name."""
    for file in ("annotations/en.xml", "annotationsDerived/en.xml"):
        names, words = {}, {}
        tree = ElementTree.parse(roots["unicode-cldr-core"] / "usr/share/unicode/cldr/common" / file)
        for node in tree.iter("annotation"):
            (names if node.get("type") == "tts" else words)[node.get("cp")] = node.text or ""
        for character, name in names.items():
            own = set(re.findall(r"\w+", name.lower()))
            keywords = [w.strip() for w in words.get(character, "").split("|")]
            others = [w for w in keywords if not set(re.findall(r"\w+", w.lower())) <= own]
            if "skin tone" not in name:
                yield ", ".join(others) if len(others) >= 2 else None, [name]


COLLECTIONS = {
    "jargon-file": dict(
        make=jargon_file, packages=["dict-jargon"], queries=400, documents=1900, training="none",
        title="Jargon File: first sentence to the rest of the entry", domain="hackers' slang",
        licence="public domain", about="Query: the first sentence of an entry. Documents: the rest of the entry in up to three pieces, each relevant.",
    ),
    "vera": dict(
        make=vera, packages=["dict-vera"], queries=500, documents=4000, training="none",
        title="VERA: acronym to expansion", domain="computing acronyms", licence="GFDL 1.3 or later",
        about="Query: an acronym of computing. Document: what it stands for.",
    ),
    "man-pages": dict(
        make=manual_pages, packages=["manpages", "manpages-dev", "libssl-doc"], queries=400, documents=4000, training="none",
        title="Manual pages: NAME to DESCRIPTION", domain="C programming, Linux and OpenSSL",
        licence="free licences by page",
        about="Query: what a manual page's line of NAME says after the name. Document: the beginning of its DESCRIPTION.",
    ),
    "perl-faq": dict(
        make=perl_faq, packages=["perl-doc"], queries=300, documents=2700, training="none",
        title="Perl FAQ: question to answer", domain="programming questions",
        licence="GPL 1 or later, or Artistic licence",
        about="Query: a question of Perl's FAQ. Document: the beginning of an answer, or a paragraph of another manual.",
    ),
    "lintian-tags": dict(
        make=lintian_tags, packages=["lintian"], queries=400, documents=2000, training="none",
        title="Lintian: tag to explanation", domain="packaging mistakes", licence="GPL 2 or later",
        about="Query: the name of a mistake in a Debian package. Document: its explanation.",
    ),
    "emoji": dict(
        make=emoji, packages=["unicode-cldr-core"], queries=500, documents=3000, training="none",
        title="Emoji and symbols: keywords to name", domain="emoji and symbols", licence="Unicode licence 3.0",
        about="Query: keywords of a character that are not in its name. Document: its name.",
    ),
    "devils-dictionary": dict(
        make=devils_dictionary, packages=["dict-devil"], queries=400, documents=4000, training="none",
        title="The Devil's Dictionary: word to definition", domain="satire of 1911", licence="public domain",
        about="Query: a word. Documents: the sentences of its definition, each relevant.",
    ),
    "gcide-quotations": dict(
        make=quotations, packages=["dict-gcide"], queries=500, documents=3000, training="texts",
        title="GCIDE: quotation to definition", domain="literary English", licence="GPL 3 or later",
        about="Query: a quotation. Document: the definition that it illustrates.",
    ),
}  # fmt: skip


def key(text):
    return re.sub(r"\W+", " ", text).strip().lower()


class Known:
    """Every text that the pair was trained on, and those of the four collections: whole, and by runs of eight words."""

    def __init__(self):
        self.whole, self.runs = set(), set()
        tested = [DATASETS / name / file for name in TRAINED for file in ("corpus.jsonl", "queries.jsonl")]
        for path in [*(ROOT / "public/training").glob("*.jsonl"), *tested]:
            with path.open(encoding="utf-8") as lines:
                for line in lines:
                    row = json.loads(line)
                    for name in ("query", "positive", "text"):
                        if name in row:
                            self.whole.add(key(row[name]))
                            self.runs.update(runs_of(row[name]))

    def has(self, text):
        """FOLDOC quotes the Jargon File, so that texts are compared by their parts as well."""
        return key(text) in self.whole or not self.runs.isdisjoint(runs_of(text))


def runs_of(text, length=8):
    words = key(text).split()
    return (hash(" ".join(words[at : at + length])) for at in range(len(words) - length + 1))


def build(name, made, roots, versions, known):
    documents, asked, taken = {}, [], set()
    for query, texts in made["make"](roots):
        texts = [cut(text, LONGEST_DOCUMENT) for text in texts]
        new = [text for text in texts if key(text) not in documents and not known.has(text)]
        # What two entries share would be a wrong miss for one of them.
        if len(new) < len(texts):
            continue
        for text in new:
            documents[key(text)] = text
        if query is not None and len(query) <= LONGEST_QUERY and key(query) not in taken and not known.has(query):
            taken.add(key(query))
            asked.append((query, [key(text) for text in new]))
    draw = random.Random(SEED)
    asked = draw.sample(asked, min(made["queries"], len(asked)))
    wanted = {document for _, relevant in asked for document in relevant}
    rest = [document for document in documents if document not in wanted]
    kept = wanted | set(draw.sample(rest, min(len(rest), max(0, made["documents"] - len(wanted)))))
    order = [document for document in documents if document in kept]
    ids = {document: f"d{at}" for at, document in enumerate(order)}
    write(name, made, versions, asked, {ids[document]: documents[document] for document in order}, ids)


def write_licences(roots):
    """What each package says of its copyright, and the licences that this refers to."""
    folder = DATASETS / "licences"
    for package, root in roots.items():
        if package != "manpages-dev":  # It says what manpages says.
            text = (root / f"usr/share/doc/{package}/copyright").read_text(encoding="utf-8")
            (folder / f"{package}.txt").write_text(text, encoding="utf-8")
    for name in ("GPL-2", "GPL-3", "Artistic"):
        text = pathlib.Path("/usr/share/common-licenses", name).read_text(encoding="utf-8")
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def write(name, made, versions, asked, corpus, ids):
    folder = DATASETS / name
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    row = lambda at, text: json.dumps({"_id": at, "text": text}, ensure_ascii=False) + "\n"  # noqa: E731
    put = lambda path, text: (folder / path).write_text(text, encoding="utf-8")  # noqa: E731
    put("corpus.jsonl", "".join(row(at, text) for at, text in corpus.items()))
    put("queries.jsonl", "".join(row(f"q{at}", query) for at, (query, _) in enumerate(asked)))
    judged = [f"q{at}\t{ids[document]}\t1\n" for at, (_, relevant) in enumerate(asked) for document in relevant]
    put("qrels/test.tsv", "query-id\tcorpus-id\tscore\n" + "".join(judged))
    about = {
        "name": name, **{field: made[field] for field in ("title", "licence", "about", "domain", "training")},
        "madeFrom": [f"{package} {versions[package]}" for package in made["packages"]],
        "queries": len(asked), "documents": len(corpus),
    }  # fmt: skip
    put("dataset.json", json.dumps(about, ensure_ascii=False, indent=1) + "\n")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{name}: {len(asked)} queries, {len(corpus)} documents, {size / 1000:.0f} kB")


def main():
    names = sys.argv[1:] or list(COLLECTIONS)
    known = Known()
    with tempfile.TemporaryDirectory() as scratch:
        roots, versions = {}, {}
        for package in sorted({package for name in names for package in COLLECTIONS[name]["packages"]}):
            roots[package], versions[package] = unpack(package, pathlib.Path(scratch))
        for name in names:
            build(name, COLLECTIONS[name], roots, versions, known)
        write_licences(roots)


if __name__ == "__main__":
    main()
