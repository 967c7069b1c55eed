"""Step 5, the CE: reads a query with the right document and with candidates, listwise.

For each query the positive, four candidates and one document of the batch: cross entropy over them, 0.2 binary cross
entropy, and for the first half KL to a DE's similarities. At first the candidates are random ones of the same
source, later they come from the DE's first 40.
"""

from __future__ import annotations

import argparse
import random

import torch
from torch.nn import functional as F
from transformers import BertForSequenceClassification, BertModel

import common
import dual_encoder

SCALE = 15.0


def by_source(pairs):
    documents = {}
    for pair in pairs:
        documents.setdefault(pair.source, []).append(pair.positive)
    return documents


def candidates_of(pair, hard, documents, draw, count=4):
    """`count` documents that do not equal the pair's own: the DE's where there are enough, else random ones."""
    pool = [text for text in hard if text != pair.positive] if hard else []
    chosen = draw.sample(pool, min(count, len(pool)))
    while len(chosen) < count:
        text = draw.choice(documents[pair.source])
        if text != pair.positive or len(set(documents[pair.source])) == 1:
            chosen.append(text)
    return chosen


def losses(logits, similarities, follow):
    """Logits [queries, documents], the positive first. @param follow weight of the KL to the DE's similarities"""
    first = torch.zeros(len(logits), dtype=torch.long, device=logits.device)
    labels = torch.zeros_like(logits)
    labels[:, 0] = 1
    loss = F.cross_entropy(logits, first) + 0.2 * F.binary_cross_entropy_with_logits(logits, labels)
    if follow > 0:
        wanted = F.log_softmax(SCALE * similarities, dim=-1)
        loss = loss + follow * F.kl_div(F.log_softmax(logits, -1), wanted, log_target=True, reduction="batchmean")
    return loss


def train(
    start, de, pairs, hard, out, *, steps=6000, queries=24, tokens=72, rate=7e-4, follow=1.0, seed=5, device="cpu"
):
    """
    @param de the DE whose similarities are followed in the first half
    @param hard by pair, the documents that the DE ranks first
    """
    torch.manual_seed(seed)
    model = BertForSequenceClassification.from_pretrained(start, num_labels=1).to(device)
    tokenizer = common.tokenizer_of()
    training = common.Training([model], rate, steps, device)
    documents, draw = by_source(pairs), random.Random(seed)
    for step, chosen in enumerate(common.batches(pairs, queries, steps, seed)):
        use_hard = step >= steps // 4
        lists = []
        for at, pair in enumerate(chosen):
            rest = candidates_of(pair, hard[pair] if use_hard else [], documents, draw)
            lists.append([pair.positive, *rest, chosen[(at + 1) % len(chosen)].positive])
        firsts = [pair.query for pair, texts in zip(chosen, lists) for _ in texts]
        seconds = [text for texts in lists for text in texts]
        rows, types = common.paired(tokenizer, firsts, seconds, tokens)
        with training.precision():
            logits = model(**common.pad(rows, types, device)).logits
        logits = logits.float().view(len(chosen), -1)
        weight = follow if step < steps // 2 else 0.0
        similarities = torch.zeros_like(logits)
        if weight > 0:
            theirs = dual_encoder.embed(de, tokenizer, seconds, tokens, device).view(len(chosen), len(lists[0]), -1)
            ours = dual_encoder.embed(de, tokenizer, [pair.query for pair in chosen], tokens, device)
            similarities = torch.einsum("qh,qdh->qd", ours, theirs).to(device)
        training.step(losses(logits, similarities, weight))
    return common.keep(model, out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--start", required=True, help="the base that pairs.py wrote")
    parser.add_argument("--de", required=True, help="the DE that ranks candidates")
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--follow", type=float, default=1.0, help="weight of the DE's similarities; 0 is labels alone")
    parser.add_argument("--device")
    given = parser.parse_args()
    device = common.device_of(given.device)
    pairs = common.read_pairs()
    de = BertModel.from_pretrained(given.de, add_pooling_layer=False).to(device).eval()
    hard = dual_encoder.hard_negatives(de, pairs, first=40, device=device)
    train(given.start, de, pairs, hard, given.out, steps=given.steps, follow=given.follow, device=device)


if __name__ == "__main__":
    main()
