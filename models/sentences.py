"""Step 2, sentences: the pooled output, mapped linearly, learns the teacher's sentence vectors and similarities."""

from __future__ import annotations

import argparse
import random

import torch
from torch.nn import functional as F
from transformers import BertForMaskedLM

import common
import teacher


def similarity_loss(student, given, scale=20.0):
    """KL from the teacher's to the student's softmax over the batch, each text against all others."""
    own = torch.eye(len(student), dtype=torch.bool, device=student.device)
    logits = lambda vectors: (scale * vectors @ vectors.T).masked_fill(own, -1e4)  # noqa: E731
    return F.kl_div(
        F.log_softmax(logits(student), -1), F.log_softmax(logits(given), -1), log_target=True, reduction="batchmean"
    )


def train(start, vectors, out, *, steps=3000, batch=128, tokens=64, rate=1e-3, seed=2, device="cpu"):
    """@param vectors the teacher's, by text"""
    torch.manual_seed(seed)
    model = BertForMaskedLM.from_pretrained(start).to(device)
    width = next(iter(vectors.values())).numel()
    # The map belongs to this step alone: what is kept is the encoder.
    mapping = torch.nn.Linear(model.config.hidden_size, width).to(device)
    tokenizer = common.tokenizer_of()
    training = common.Training([model.bert, mapping], rate, steps, device)
    texts, draw = list(vectors), random.Random(seed)
    for _ in range(steps):
        chosen = draw.sample(texts, min(batch, len(texts)))
        inputs = common.pad(common.single(tokenizer, chosen, tokens), device=device)
        target = torch.stack([vectors[text] for text in chosen]).to(device)
        with training.precision():
            states = model.bert(**inputs).last_hidden_state
        pooled = common.mean_pool(states.float(), inputs["attention_mask"])
        mapped = F.normalize(mapping(pooled), dim=-1)
        loss = (1 - (mapped * target).sum(-1)).mean() + similarity_loss(F.normalize(pooled, dim=-1), target)
        training.step(loss)
    return common.keep(model, out)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", required=True, help="the folder that words.py wrote")
    parser.add_argument("--out", required=True)
    parser.add_argument("--teacher", default=teacher.NAME)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--device")
    given = parser.parse_args()
    device = common.device_of(given.device)
    texts = common.texts_of(common.read_pairs())
    vectors = teacher.sentence_vectors(teacher.load(given.teacher, device), texts)
    train(given.start, vectors, given.out, steps=given.steps, device=device)


if __name__ == "__main__":
    main()
