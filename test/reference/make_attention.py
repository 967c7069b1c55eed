"""Makes `attention.safetensors` of `cross-encoder/` and `deberta/`: what PyTorch has of the first and the third of
their four sentences token by token.

    pip install torch transformers safetensors
    python3 test/reference/make_attention.py

`states.{k}` are the hidden states (rows, tokens, hidden) and `attention.{k}` the attention probabilities
(rows, heads, tokens, tokens) of layer k; attention of layer k makes state k. The models are those of transformers, with
eager attention. DeBERTa's weights are those of the seed in `make_deberta.py`; both are held to the stored logits first.
"""

import pathlib

import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertForSequenceClassification

import make_deberta

HERE = pathlib.Path(__file__).resolve().parent
ROWS = [0, 2]


def cross_encoder():
    config = BertConfig.from_json_file(HERE / "cross-encoder/config.json")
    config.num_labels = 1
    config._attn_implementation = "eager"
    model = BertForSequenceClassification(config).eval()
    weights = load_file(HERE / "cross-encoder/model.safetensors")
    missing = model.load_state_dict(weights, strict=False)
    assert not missing.unexpected_keys and not [key for key in missing.missing_keys if "position_ids" not in key]
    return model


def write(folder, model):
    stored = load_file(HERE / folder / "expected.safetensors")
    inputs = {name: stored[name].long() for name in ("input_ids", "attention_mask", "token_type_ids")}
    with torch.no_grad():
        out = model(**inputs, output_hidden_states=True, output_attentions=True)
    assert torch.allclose(out.logits, stored["logits"], atol=1e-5), folder
    values = {f"states.{k}": state[ROWS] for k, state in enumerate(out.hidden_states)}
    values |= {f"attention.{k + 1}": shares[ROWS] for k, shares in enumerate(out.attentions)}
    save_file({name: value.contiguous() for name, value in values.items()}, HERE / folder / "attention.safetensors")


if __name__ == "__main__":
    write("cross-encoder", cross_encoder())
    write("deberta", make_deberta.random_model())
