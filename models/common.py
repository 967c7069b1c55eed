"""What all steps share: texts, tokens, the optimiser, and how a model is kept."""

from __future__ import annotations

import json
import pathlib
import random
import shutil
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from transformers import BertConfig, get_linear_schedule_with_warmup

ROOT = pathlib.Path(__file__).resolve().parents[1]
TRAINING = ROOT / "public/training"
COLLECTIONS = ROOT / "public/datasets"
BUNDLED = ROOT / "public/models"
PAD, UNK, CLS, SEP, MASK = range(5)
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")


@dataclass(frozen=True)
class Pair:
    source: str
    query: str
    positive: str


def read_pairs(folder=TRAINING, limit=None):
    """Training pairs of every file of a folder, at most `limit` of each."""
    pairs = []
    for path in sorted(pathlib.Path(folder).glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for count, line in enumerate(lines):
                if limit is not None and count == limit:
                    break
                row = json.loads(line)
                pairs.append(Pair(path.stem, row["query"], row["positive"]))
    return pairs


def texts_of(pairs):
    """Every text once, in order."""
    return list(dict.fromkeys(text for pair in pairs for text in (pair.query, pair.positive)))


def tokenizer_of(folder=BUNDLED / "mini-de"):
    return Tokenizer.from_file(str(pathlib.Path(folder) / "tokenizer.json"))


def encoder_config(layers=6):
    """The shape of the bundled pair. No dropout: the recipe trains without."""
    return BertConfig(
        vocab_size=8192, hidden_size=128, num_hidden_layers=layers, num_attention_heads=4,
        intermediate_size=512, max_position_embeddings=256,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip


def pad(rows, types=None, device="cpu"):
    """Rows of token ids as the inputs of a BERT."""
    longest = max(map(len, rows))
    types = types or [[0] * len(row) for row in rows]
    filled = [row + [PAD] * (longest - len(row)) for row in rows]
    mask = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    kinds = [kind + [0] * (longest - len(kind)) for kind in types]
    tensor = lambda value: torch.tensor(value, device=device)  # noqa: E731
    return {"input_ids": tensor(filled), "attention_mask": tensor(mask), "token_type_ids": tensor(kinds)}


def single(tokenizer, texts, most):
    """[CLS] text [SEP] of each, at most `most` tokens."""
    encoded = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [[CLS, *one.ids[: most - 2], SEP] for one in encoded]


def paired(tokenizer, firsts, seconds, most):
    """[CLS] a [SEP] b [SEP] of each, the longer side cut first; ids and token types."""
    ids, types = [], []
    left = tokenizer.encode_batch(list(firsts), add_special_tokens=False)
    right = tokenizer.encode_batch(list(seconds), add_special_tokens=False)
    for a, b in zip(left, right):
        a, b = list(a.ids), list(b.ids)
        while len(a) + len(b) > most - 3:
            (a if len(a) > len(b) else b).pop()
        ids.append([CLS, *a, SEP, *b, SEP])
        types.append([0] * (len(a) + 2) + [1] * (len(b) + 1))
    return ids, types


def mean_pool(states, mask):
    """Mean over all unpadded tokens, as the DE's 1_Pooling says."""
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1)


def masked(inputs, share, generator):
    """Masked language modelling: hides a share of the tokens, as BERT does (80 % [MASK], 10 % random, 10 % kept)."""
    ids = inputs["input_ids"]
    draw = torch.rand(ids.shape, generator=generator).to(ids.device)
    chosen = (draw < share) & (ids > MASK)
    labels = ids.masked_fill(~chosen, -100)
    how = torch.rand(ids.shape, generator=generator).to(ids.device)
    words = torch.randint(MASK + 1, 8192, ids.shape, generator=generator).to(ids.device)
    hidden = torch.where(chosen & (how < 0.8), torch.full_like(ids, MASK), ids)
    hidden = torch.where(chosen & (how >= 0.8) & (how < 0.9), words, hidden)
    return {**inputs, "input_ids": hidden}, labels


class Training:
    """AdamW, linear warm-up and decay, gradients clipped at 1, bfloat16 where the device is quick at it."""

    def __init__(self, modules, rate, steps, device, warmup=0.06):
        named = [item for module in modules for item in module.named_parameters()]
        plain = [p for name, p in named if name.endswith("bias") or "LayerNorm" in name]
        decayed = [p for name, p in named if not (name.endswith("bias") or "LayerNorm" in name)]
        groups = [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
        self.parameters = decayed + plain
        self.optimiser = torch.optim.AdamW(groups, lr=rate)
        self.schedule = get_linear_schedule_with_warmup(self.optimiser, int(warmup * steps), steps)
        self.device, self.steps, self.done = device, steps, 0

    def precision(self):
        return torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda")

    def step(self, loss):
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimiser.step()
        self.schedule.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.done += 1
        if self.done == 1 or self.done == self.steps or self.done % 50 == 0:
            print(f"step {self.done} of {self.steps}, loss {loss.item():.4f}", flush=True)


def batches(pairs, size, steps, seed):
    """Random batches, each pass over the pairs in another order."""
    order, draw = [], random.Random(seed)
    for _ in range(steps):
        if len(order) < size:
            order = draw.sample(range(len(pairs)), len(pairs))
        chosen, order = order[:size], order[size:]
        yield [pairs[at] for at in chosen]


def keep(model, folder):
    """Weights, configuration and tokenizer, as transformers loads them."""
    folder = pathlib.Path(folder)
    model.save_pretrained(folder)
    for name in TOKENIZER_FILES:
        shutil.copyfile(BUNDLED / "mini-de" / name, folder / name)
    return folder


def device_of(name):
    return name or ("cuda" if torch.cuda.is_available() else "cpu")
