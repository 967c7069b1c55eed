"""Writes public/stored/de-training.json: the layer-wise curves of DEs that differ in nothing but how they were trained.

    python dual_encoder.py --start ../public/models/mini-de --by labels  --pairs 800 --steps 150 --batch 32 --tokens 40 --out out/labels
    python dual_encoder.py --start ../public/models/mini-de --by teacher --pairs 800 --steps 150 --batch 32 --tokens 40 --out out/teacher
    python de_training.py --labels out/labels --teacher out/teacher \\
        --setup '{"pairs": 3200, "steps": 150, "batch": 32, "tokens": 40, "rate": 0.0005, "teacher": "all-MiniLM-L6-v2"}'

Both go on from the bundled DE with the same texts in the same batches; only the target of the softmax differs. The
bundled pair's own figures are those of test/reference/collections.json.
"""

from __future__ import annotations

import argparse
import json
import pathlib

from scipy import stats
from transformers import BertModel

import common
import evaluate

REFERENCE = common.ROOT / "test/reference/collections.json"
OUT = common.ROOT / "public/stored/de-training.json"
METRICS = ("hits@10", "mrr@10")
TITLES = {
    "ce": "CE", "shipped": "DE as shipped", "labels": "DE, further by labels", "teacher": "DE, further by a teacher",
}  # fmt: skip


def layers(folder, collections, device):
    """Rows of one DE, by collection."""
    model = BertModel.from_pretrained(folder, add_pooling_layer=False).to(device).eval()
    tokenizer, found = common.tokenizer_of(folder), {}
    for name, (corpus, queries, relevant) in collections.items():
        documents = evaluate.layers_of(model, tokenizer, corpus.values(), False, device)
        asked = evaluate.layers_of(model, tokenizer, queries.values(), False, device)
        found[name] = [
            {"layer": layer, **evaluate.measure(evaluate.rank(q, d, list(corpus)), queries, relevant)}
            for layer, (q, d) in enumerate(zip(asked, documents))
        ]
        print(folder, name, found[name][0], found[name][-1], flush=True)
    return found


def tests(figures, collections):
    """The CE's layer against each DE's, paired by collection."""
    found = []
    for model in ("shipped", "labels", "teacher"):
        for layer in range(len(figures["ce"][collections[0]])):
            for metric in METRICS:
                ours, theirs = ([figures[m][c][layer][metric] for c in collections] for m in ("ce", model))
                test = stats.ttest_rel(ours, theirs)
                found.append({
                    "model": model, "layer": layer, "metric": metric, "n": len(collections),
                    "meanDifference": sum(a - b for a, b in zip(ours, theirs)) / len(ours),
                    "t": float(test.statistic), "p": float(test.pvalue),
                })  # fmt: skip
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--labels", required=True)
    parser.add_argument("--teacher", required=True)
    parser.add_argument("--setup", type=json.loads, required=True, help="what both runs share, as JSON")
    parser.add_argument("--device")
    given = parser.parse_args()
    device = common.device_of(given.device)
    known = json.loads(REFERENCE.read_text(encoding="utf-8"))["collections"]
    collections = {name: evaluate.read_collection(common.COLLECTIONS / name) for name in known}
    figures = {
        "ce": {name: one["mini-ce"] for name, one in known.items()},
        "shipped": {name: one["mini-de"] for name, one in known.items()},
        "labels": layers(given.labels, collections, device),
        "teacher": layers(given.teacher, collections, device),
    }
    rows = [
        {"dataset": name, "model": model, "queries": len(collections[name][1]), "documents": len(collections[name][0]), **row}
        for model, by_name in figures.items() for name, by_layer in by_name.items() for row in by_layer
    ]  # fmt: skip
    study = {
        "setup": given.setup,
        "models": [{"id": name, "title": title} for name, title in TITLES.items()],
        "rows": [{key: round(value, 4) if isinstance(value, float) else value for key, value in row.items()} for row in rows],
        "tests": [{key: round(value, 5) if isinstance(value, float) else value for key, value in one.items()} for one in tests(figures, list(known))],
    }
    lines = lambda part: "[\n" + ",\n".join("  " + json.dumps(one) for one in study[part]) + "\n ]"  # noqa: E731
    parts = [f' "setup": {json.dumps(study["setup"])}', *(f' "{part}": {lines(part)}' for part in ("models", "rows", "tests"))]
    OUT.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
