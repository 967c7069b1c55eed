"""Loads a model that the lab trained in sentence-transformers and compares its vectors with those of its ONNX file.

    npm run lab -- run SPEC.json --out out
    pip install sentence-transformers onnxruntime
    python3 test/reference/check_trained.py out/models/NAME

Exits with 1 when a number is further off than 1e-4.
"""

import argparse
import pathlib
import sys

import numpy as np
import onnxruntime
from sentence_transformers import SentenceTransformer

TEXTS = ["How do foxes hunt in winter?", "The quick brown fox jumps over the lazy dog.", "foxes " * 400, "a"]

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("folder", type=pathlib.Path)
folder = parser.parse_args().folder
model = SentenceTransformer(str(folder))
theirs = model.encode(TEXTS)
session = onnxruntime.InferenceSession(folder / "onnx/model.onnx")
batch = model.tokenizer(TEXTS, padding=True, truncation=True, max_length=model.max_seq_length, return_tensors="np")
asked = [one.name for one in session.get_inputs()]
states = session.run(None, {name: batch.get(name, np.zeros_like(batch["input_ids"])) for name in asked})[0]
weights = batch["attention_mask"][:, :, None]
ours = (states * weights).sum(1) / weights.sum(1)
off = np.abs(ours - theirs).max()
kind = type(model[0].auto_model).__name__
print(f"{kind}, {theirs.shape[1]} dimensions, at most {model.max_seq_length} tokens: within {off:.2e}")
sys.exit(int(off > 1e-4))
