"""Step 4, the DE: a softmax over the batch's documents, taught by labels or by a teacher's similarities.

The batches do not depend on the loss: with the same seed both ways see the same texts in the same order, and only
the target of the softmax differs. Labels: all weight on the query's own document (MultipleNegativesRankingLoss).
Teacher: the softmax of the teacher's own cosines.
"""

from __future__ import annotations

import argparse
import random

import torch
from torch.nn import functional as F
from transformers import BertModel

import common
import teacher

SCALE = 20.0


def embed(model, tokenizer, texts, tokens, device, batch=256):
    """Unit vectors [texts, hidden], without gradients; texts of like length run together."""
    rows = common.single(tokenizer, texts, tokens)
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    vectors = torch.empty(len(rows), model.config.hidden_size)
    with torch.inference_mode():
        for at in range(0, len(order), batch):
            part = order[at : at + batch]
            inputs = common.pad([rows[i] for i in part], device=device)
            pooled = common.mean_pool(model(**inputs).last_hidden_state, inputs["attention_mask"])
            vectors[torch.tensor(part)] = F.normalize(pooled, dim=-1).cpu()
    return vectors


def hard_negatives(model, pairs, *, first=12, tokens=64, device="cpu"):
    """For each pair the documents of its source that `model` ranks first, without those that equal its own."""
    tokenizer = common.tokenizer_of()
    found = [None] * len(pairs)
    for source in sorted({pair.source for pair in pairs}):
        at = [index for index, pair in enumerate(pairs) if pair.source == source]
        documents = list(dict.fromkeys(pairs[index].positive for index in at))
        theirs = embed(model, tokenizer, documents, tokens, device)
        ours = embed(model, tokenizer, [pairs[index].query for index in at], tokens, device)
        for start in range(0, len(at), 1024):
            best = (ours[start : start + 1024] @ theirs.T).topk(min(first + 1, len(documents))).indices
            for index, row in zip(at[start : start + 1024], best.tolist()):
                others = [documents[i] for i in row if documents[i] != pairs[index].positive]
                found[index] = others[:first]
    return {pair: negatives for pair, negatives in zip(pairs, found)}


def targets_by_labels(queries, documents, positives):
    del queries, documents
    return torch.eye(positives, device="cpu")


def targets_by_teacher(vectors):
    def targets(queries, documents, positives):
        del positives
        similarities = torch.stack([vectors[q] for q in queries]) @ torch.stack([vectors[d] for d in documents]).T
        return F.softmax(SCALE * similarities, dim=-1)

    return targets


def loss_of(similarities, targets, queries_own, documents):
    """Cross entropy against the targets; other documents whose text equals the query's own are left out."""
    width = len(documents)
    wanted = F.pad(targets, (0, width - targets.shape[1])).to(similarities.device)
    same = torch.tensor([[d == own for d in documents] for own in queries_own], device=similarities.device)
    same[torch.arange(len(queries_own)), torch.arange(len(queries_own))] = False
    wanted = wanted.masked_fill(same, 0)
    wanted = wanted / wanted.sum(-1, keepdim=True)
    logs = F.log_softmax((SCALE * similarities).masked_fill(same, -1e4), dim=-1)
    return -(wanted * logs).sum(-1).mean()


def train(
    start, pairs, targets, out, *, negatives=None, steps=620, batch=128, tokens=64, rate=5e-4, seed=4, device="cpu"
):
    """
    @param targets by_labels or by_teacher: (queries, documents, positives) -> [queries, documents or fewer]
    @param negatives documents by pair, one of which is drawn; None trains on the batch's own documents alone
    """
    torch.manual_seed(seed)
    model = BertModel.from_pretrained(
        start, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    ).to(device)
    tokenizer = common.tokenizer_of()
    training = common.Training([model], rate, steps, device)
    draw = random.Random(seed)
    for chosen in common.batches(pairs, batch, steps, seed):
        queries, own = [p.query for p in chosen], [p.positive for p in chosen]
        hard = [draw.choice(negatives[p]) for p in chosen if negatives[p]] if negatives else []
        documents = own + hard
        inputs = common.pad(common.single(tokenizer, queries + documents, tokens), device=device)
        with training.precision():
            states = model(**inputs).last_hidden_state
        pooled = F.normalize(common.mean_pool(states.float(), inputs["attention_mask"]), dim=-1)
        similarities = pooled[: len(queries)] @ pooled[len(queries) :].T
        training.step(loss_of(similarities, targets(queries, documents, len(own)), own, documents))
    return common.keep(model, out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--start", required=True, help="the base that pairs.py wrote, or any DE")
    parser.add_argument("--out", required=True)
    parser.add_argument("--by", choices=["labels", "teacher"], default="labels")
    parser.add_argument("--negatives", help="a DE that ranks the hard negatives; without it the batch's alone")
    parser.add_argument("--teacher", default=teacher.NAME)
    parser.add_argument("--pairs", type=int, help="how many of each file")
    parser.add_argument("--steps", type=int, default=620)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--device")
    given = parser.parse_args()
    device = common.device_of(given.device)
    pairs = common.read_pairs(limit=given.pairs)
    negatives = None
    if given.negatives:
        ranker = BertModel.from_pretrained(given.negatives, add_pooling_layer=False).to(device).eval()
        negatives = hard_negatives(ranker, pairs, device=device)
    targets = targets_by_labels
    if given.by == "teacher":
        vectors = teacher.sentence_vectors(
            teacher.load(given.teacher, device), common.texts_of(pairs), given.tokens
        )
        targets = targets_by_teacher(vectors)
    train(
        given.start, pairs, targets, given.out, negatives=negatives, steps=given.steps, batch=given.batch,
        tokens=given.tokens, rate=given.rate, seed=given.seed, device=device,
    )  # fmt: skip


if __name__ == "__main__":
    main()
