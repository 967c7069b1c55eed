"""Hits@10 and MRR@10 of every layer of a pair on the collections, and of the DE's lists reranked by the CE.

The pooling is the lab's default: a CE embeds a sentence paired with itself, as the mean over both copies' tokens
without separators; in layer-wise curves a DE is pooled by the same rule. Written as
`test/reference/collections.json` is, from which the lab's own figures must not differ.
"""

from __future__ import annotations

import argparse
import json
import pathlib

import torch
from torch.nn import functional as F
from transformers import BertForSequenceClassification, BertModel

import common

MOST = 256


def read_collection(folder):
    lines = lambda name: [json.loads(line) for line in (folder / name).open(encoding="utf-8")]  # noqa: E731
    corpus = {row["_id"]: " ".join(filter(None, [row.get("title"), row["text"]])) for row in lines("corpus.jsonl")}
    queries = {row["_id"]: row["text"] for row in lines("queries.jsonl")}
    relevant = {}
    for line in (folder / "qrels/test.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        if float(grade) > 0:
            relevant.setdefault(query, set()).add(document)
    return corpus, {query: text for query, text in queries.items() if query in relevant}, relevant


def layers_of(model, tokenizer, texts, twice, device, batch=64):
    """Unit vectors [layers, texts, hidden]."""
    rows, types = [], []
    for one in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        if twice:
            ids = one.ids[: (MOST - 3) // 2]
            rows.append([common.CLS, *ids, common.SEP, *ids, common.SEP])
            types.append([0] * (len(ids) + 2) + [1] * (len(ids) + 1))
        else:
            ids = one.ids[: MOST - 2]
            rows.append([common.CLS, *ids, common.SEP])
            types.append([0] * len(rows[-1]))
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    vectors = torch.empty(model.config.num_hidden_layers + 1, len(rows), model.config.hidden_size)
    with torch.inference_mode():
        for at in range(0, len(order), batch):
            part = order[at : at + batch]
            inputs = common.pad([rows[i] for i in part], [types[i] for i in part], device)
            ids = inputs["input_ids"]
            words = inputs["attention_mask"] * (ids != common.CLS) * (ids != common.SEP)
            states = model(**inputs, output_hidden_states=True).hidden_states
            for layer, hidden in enumerate(states):
                # An empty text has no words; its vector is zero.
                pooled = (hidden * words.unsqueeze(-1)).sum(1) / words.sum(1, keepdim=True).clamp(min=1)
                vectors[layer, torch.tensor(part)] = F.normalize(pooled, dim=-1).cpu()
    return vectors


def measure(rankings, queries, relevant):
    hits, reciprocal = 0, 0.0
    for query, ranking in zip(queries, rankings):
        rank = next((at for at, document in enumerate(ranking[:10], 1) if document in relevant[query]), None)
        hits += rank is not None
        reciprocal += 1 / rank if rank else 0
    return {"hits@10": hits / len(queries), "mrr@10": reciprocal / len(queries)}


def rank(queries, documents, ids, depth=10):
    order = torch.argsort(queries @ documents.T, dim=1, descending=True, stable=True)[:, :depth]
    return [[ids[at] for at in row] for row in order.tolist()]


def rerank(ce, tokenizer, rankings, queries, corpus, device, tokens=MOST):
    found = []
    for (_, text), ranking in zip(queries.items(), rankings):
        rows, types = common.paired(tokenizer, [text] * len(ranking), [corpus[d] for d in ranking], tokens)
        with torch.inference_mode():
            logits = ce(**common.pad(rows, types, device)).logits[:, 0]
        found.append([ranking[at] for at in torch.argsort(logits, descending=True, stable=True).tolist()])
    return found


def evaluate(ce_folder, de_folder, folders, *, reranked=0, device="cpu", limit=None):
    """@param reranked of how many queries of each collection the CE reranks the DE's first 50"""
    tokenizer = common.tokenizer_of(de_folder)
    ce = BertForSequenceClassification.from_pretrained(ce_folder).to(device).eval()
    de = BertModel.from_pretrained(de_folder, add_pooling_layer=False).to(device).eval()
    found = {}
    for folder in map(pathlib.Path, folders):
        corpus, queries, relevant = read_collection(folder)
        if limit:
            queries = dict(list(queries.items())[:limit])
            wanted = {d for q in queries for d in relevant[q]}
            corpus = {d: text for at, (d, text) in enumerate(corpus.items()) if at < limit or d in wanted}
        ids, one = list(corpus), {}
        for name, model, twice in (("mini-ce", ce.bert, True), ("mini-de", de, False)):
            documents = layers_of(model, tokenizer, corpus.values(), twice, device)
            asked = layers_of(model, tokenizer, queries.values(), twice, device)
            one[name] = [
                {"layer": layer, **measure(rank(q, d, ids), queries, relevant)}
                for layer, (q, d) in enumerate(zip(asked, documents))
            ]
        if reranked:
            part = dict(list(queries.items())[:reranked])
            retrieved = rank(asked[-1][: len(part)], documents[-1], ids, 50)
            again = rerank(ce, tokenizer, retrieved, part, corpus, device)
            one["retrieve"] = measure(retrieved, part, relevant)
            one["retrieve+rerank"] = measure(again, part, relevant)
        found[folder.name] = one
        print(folder.name, json.dumps(one), flush=True)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ce", default=common.BUNDLED / "mini-ce")
    parser.add_argument("--de", default=common.BUNDLED / "mini-de")
    parser.add_argument("--collections", nargs="+", type=pathlib.Path)
    parser.add_argument("--reranked", type=int, default=150)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--device")
    given = parser.parse_args()
    folders = given.collections or sorted(p.parent for p in common.COLLECTIONS.glob("*/corpus.jsonl"))
    found = evaluate(given.ce, given.de, folders, reranked=given.reranked, device=common.device_of(given.device))
    if given.out:
        given.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
