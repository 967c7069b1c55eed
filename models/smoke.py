"""Runs every step on a setting so small that all of them end in seconds, and checks what they leave.

    python models/smoke.py

The teacher is made up (random vectors by text), so that nothing is downloaded. The models that come out know
nothing; what is shown is that each step runs, learns its own batch, and hands the next one what it needs.
"""

from __future__ import annotations

import tempfile
import pathlib

import onnxruntime
import torch
from transformers import BertForSequenceClassification, BertModel

import common
import cross_encoder
import dual_encoder
import evaluate
import export
import pairs as pair_step
import sentences
import words

SMALL = {"steps": 3, "tokens": 24}


def agree(folder, model, output):
    """The exported graph says what PyTorch says."""
    rows = common.single(common.tokenizer_of(folder), ["a small editor", "the name of a river in the north"], 24)
    inputs = common.pad(rows)
    with torch.inference_mode():
        expected = getattr(model(**inputs), output).numpy()
    session = onnxruntime.InferenceSession(str(folder / "onnx/model.onnx"), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {name: value.numpy() for name, value in inputs.items()})
    real = inputs["attention_mask"].numpy().astype(bool)
    difference = abs(found - expected) if output == "logits" else abs(found - expected)[real]
    assert difference.max() < 1e-4, f"{folder}: ONNX and PyTorch differ by {difference.max()}"


def main():
    torch.set_num_threads(1)
    pairs = common.read_pairs(limit=16)
    texts = common.texts_of(pairs)
    generator = torch.Generator().manual_seed(0)
    made_up = torch.nn.functional.normalize(torch.randn(len(texts), 32, generator=generator), dim=-1)
    vectors = dict(zip(texts, made_up))
    with tempfile.TemporaryDirectory() as scratch:
        at = pathlib.Path(scratch)
        rows = torch.randn(8192, 200, generator=generator)
        words.train(texts, rows, at / "words", batch=8, layers=2, **SMALL)
        sentences.train(at / "words", vectors, at / "sentences", batch=8, **SMALL)
        pair_step.train(at / "sentences", pairs, at / "pairs", batch=8, **SMALL)
        taught = dual_encoder.targets_by_teacher(vectors)
        dual_encoder.train(at / "sentences", pairs, taught, at / "other", batch=8, **SMALL)
        other = BertModel.from_pretrained(at / "other", add_pooling_layer=False).eval()
        hard = dual_encoder.hard_negatives(other, pairs, tokens=24)
        labels = dual_encoder.targets_by_labels
        dual_encoder.train(at / "pairs", pairs, labels, at / "de", negatives=hard, batch=8, **SMALL)
        cross_encoder.train(at / "pairs", other, pairs, hard, at / "ce", queries=4, **SMALL)
        ce, de = export.export(at / "ce", at / "out/mini-ce", "ce"), export.export(at / "de", at / "out/mini-de", "de")
        agree(ce, BertForSequenceClassification.from_pretrained(ce).eval(), "logits")
        agree(de, BertModel.from_pretrained(de, add_pooling_layer=False).eval(), "last_hidden_state")
        found = evaluate.evaluate(ce, de, [common.COLLECTIONS / "foldoc"], reranked=2, limit=20)
        assert len(found["foldoc"]["mini-ce"]) == 3, "two layers and the embedding layer are measured"
    print("Every step ran.")


if __name__ == "__main__":
    main()
