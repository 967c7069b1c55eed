"""Step 1, words: the teacher's word embeddings in 128 dimensions, then masked language modelling of single texts."""

from __future__ import annotations

import argparse
import random

import torch
from transformers import BertForMaskedLM

import common
import teacher


def reduced(rows, size):
    """The first principal components, scaled to BERT's initial spread."""
    centred = rows - rows.mean(0)
    _, _, directions = torch.linalg.svd(centred, full_matrices=False)
    short = centred @ directions[:size].T
    return short * (0.02 / short.std())


def train(texts, word_rows, out, *, steps=2000, batch=96, tokens=64, rate=1e-3, share=0.2, layers=6, seed=1, device="cpu"):
    torch.manual_seed(seed)
    config = common.encoder_config(layers)
    model = BertForMaskedLM(config).to(device)
    if word_rows is not None:
        with torch.no_grad():
            model.bert.embeddings.word_embeddings.weight.copy_(reduced(word_rows, config.hidden_size))
    tokenizer = common.tokenizer_of()
    training = common.Training([model], rate, steps, device)
    generator, draw = torch.Generator().manual_seed(seed), random.Random(seed)
    for _ in range(steps):
        rows = common.single(tokenizer, draw.sample(texts, batch), tokens)
        inputs, labels = common.masked(common.pad(rows, device=device), share, generator)
        with training.precision():
            loss = model(**inputs, labels=labels).loss
        training.step(loss)
    return common.keep(model, out)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    parser.add_argument("--teacher", default=teacher.NAME)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--texts", help="a file of further texts, one a line")
    parser.add_argument("--device")
    given = parser.parse_args()
    device = common.device_of(given.device)
    texts = common.texts_of(common.read_pairs())
    if given.texts:
        with open(given.texts, encoding="utf-8") as lines:
            texts += [line.strip() for line in lines if line.strip()]
    rows = teacher.word_vectors(teacher.load(given.teacher, device), common.tokenizer_of())
    train(texts, rows, given.out, steps=given.steps, device=device)


if __name__ == "__main__":
    main()
