"""Step 3, pairs, the base of both models: masked language modelling of [CLS] a [SEP] b [SEP], in either order.

Words hidden on one side can be read off the other, so attention across the pair forms. Without this step a CE
trained for 25 minutes reranks far worse than the DE retrieves.
"""

from __future__ import annotations

import argparse
import random

import torch
from transformers import BertForMaskedLM

import common


def train(start, pairs, out, *, steps=1200, batch=96, tokens=96, rate=1e-3, share=0.25, seed=3, device="cpu"):
    torch.manual_seed(seed)
    model = BertForMaskedLM.from_pretrained(start).to(device)
    tokenizer = common.tokenizer_of()
    training = common.Training([model], rate, steps, device)
    generator, draw = torch.Generator().manual_seed(seed), random.Random(seed)
    for chosen in common.batches(pairs, batch, steps, seed):
        sides = [(p.query, p.positive) if draw.random() < 0.5 else (p.positive, p.query) for p in chosen]
        rows, types = common.paired(tokenizer, *zip(*sides), tokens)
        inputs, labels = common.masked(common.pad(rows, types, device), share, generator)
        with training.precision():
            loss = model(**inputs, labels=labels).loss
        training.step(loss)
    return common.keep(model, out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--start", required=True, help="the folder that sentences.py wrote")
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=1200)
    parser.add_argument("--device")
    given = parser.parse_args()
    train(given.start, common.read_pairs(), given.out, steps=given.steps, device=common.device_of(given.device))


if __name__ == "__main__":
    main()
