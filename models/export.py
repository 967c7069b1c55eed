"""Last step: a folder in the hub's layout, with the ONNX file that the lab and transformers.js read."""

from __future__ import annotations

import argparse
import json
import pathlib
import shutil

import torch
from transformers import BertForSequenceClassification, BertModel

import common

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
]


class Output(torch.nn.Module):
    """One output by position, of inputs by position, as the hub's exports have."""

    def __init__(self, model, output):
        super().__init__()
        self.model, self.output = model, output

    def forward(self, input_ids, attention_mask, token_type_ids):
        given = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
        return getattr(self.model(**given), self.output)


def write_onnx(model, output, path):
    ids = torch.tensor([[common.CLS, 7, 9, common.SEP]])
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in INPUTS}
    axes[output] = {0: "batch_size"} if output == "logits" else axes["input_ids"]
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        Output(model, output), (ids, torch.ones_like(ids), torch.zeros_like(ids)), str(path), dynamo=False,
        input_names=INPUTS, output_names=[output], dynamic_axes=axes, opset_version=14, do_constant_folding=True,
    )  # fmt: skip


def export(start, out, kind):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    if kind == "ce":
        model = BertForSequenceClassification.from_pretrained(start, attn_implementation="eager").eval()
        output = "logits"
    else:
        model = BertModel.from_pretrained(start, add_pooling_layer=False, attn_implementation="eager").eval()
        output = "last_hidden_state"
        (out / "1_Pooling").mkdir(exist_ok=True)
        (out / "modules.json").write_text(json.dumps(MODULES, indent=1), encoding="utf-8")
        shutil.copyfile(common.BUNDLED / "mini-de/1_Pooling/config.json", out / "1_Pooling/config.json")
    common.keep(model, out)
    write_onnx(model, output, out / "onnx/model.onnx")
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--kind", choices=["ce", "de"], required=True)
    given = parser.parse_args()
    export(given.start, given.out, given.kind)


if __name__ == "__main__":
    main()
