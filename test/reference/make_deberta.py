"""Makes `test/reference/deberta`: a small DeBERTa-v2 cross encoder of random weights as an ONNX file, and
what PyTorch makes of four sentences paired with themselves.

    pip install torch transformers onnx safetensors
    python3 test/reference/make_deberta.py

Shape and options are those of mixedbread-ai/mxbai-rerank-large-v1 but for the sizes; positions are few, so
that distances beyond the first buckets occur. The graph is PyTorch's own export, by TorchScript, which names
nodes by their modules as the hub's files do.
"""

import json
import pathlib

import torch
from safetensors.torch import save_file
from transformers import DebertaV2Config, DebertaV2ForSequenceClassification

OUT = pathlib.Path(__file__).resolve().parent / "deberta"
CLS, SEP, PAD = 1, 2, 0
LENGTHS = [3, 5, 8, 11]


class Plain(torch.nn.Module):
    """Logits alone, of three inputs by position."""

    def __init__(self, model):
        super().__init__()
        self.deberta, self.pooler = model.deberta, model.pooler
        self.dropout, self.classifier = model.dropout, model.classifier

    def forward(self, input_ids, attention_mask, token_type_ids):
        hidden = self.deberta(
            input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        return self.classifier(self.dropout(self.pooler(hidden)))


def random_model():
    torch.manual_seed(11)
    config = DebertaV2Config(
        vocab_size=97, hidden_size=32, num_hidden_layers=3, num_attention_heads=4, intermediate_size=56,
        max_position_embeddings=48, type_vocab_size=0, hidden_act="gelu", layer_norm_eps=1e-7,
        relative_attention=True, max_relative_positions=-1, position_buckets=6, norm_rel_ebd="layer_norm",
        share_att_key=True, pos_att_type=["p2c", "c2p"], position_biased_input=False, pooler_hidden_size=32,
        pooler_hidden_act="gelu", pooler_dropout=0.0, num_labels=1, initializer_range=0.3,
        pad_token_id=PAD,
    )  # fmt: skip
    config._attn_implementation = "eager"
    model = DebertaV2ForSequenceClassification(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.normal_(0, 0.2)
            elif "LayerNorm" in name:
                parameter.normal_(1, 0.2)
    return model


def main():
    model = random_model()
    config = model.config
    tokens = 2 * max(LENGTHS) + 3
    ids = torch.full((len(LENGTHS), tokens), PAD)
    for row, length in enumerate(LENGTHS):
        text = torch.randint(4, config.vocab_size, (length,)).tolist()
        whole = [CLS, *text, SEP, *text, SEP]
        ids[row, : len(whole)] = torch.tensor(whole)
    mask = (ids != PAD).long()
    types = torch.zeros_like(ids)
    pool = ((ids != PAD) & (ids != CLS) & (ids != SEP)).float()
    pool = pool / pool.sum(1, keepdim=True)

    with torch.no_grad():
        out = model(ids, attention_mask=mask, token_type_ids=types, output_hidden_states=True)
    expected = {
        "input_ids": ids.float(), "attention_mask": mask.float(), "token_type_ids": types.float(),
        "pool_weights": pool, "logits": out.logits,
    }  # fmt: skip
    for layer, hidden in enumerate(out.hidden_states):
        expected[f"pooled.{layer}"] = torch.einsum("bt,bth->bh", pool, hidden)

    (OUT / "onnx").mkdir(parents=True, exist_ok=True)
    save_file({name: value.contiguous() for name, value in expected.items()}, OUT / "expected.safetensors")
    (OUT / "config.json").write_text(
        json.dumps({**config.to_diff_dict(), "architectures": ["DebertaV2ForSequenceClassification"],
                    "model_type": "deberta-v2", "num_hidden_layers": 3, "hidden_size": 32,
                    "id2label": {"0": "LABEL_0"}}, indent=1, default=str) + "\n"
    )  # fmt: skip
    # Traced at other sizes than those of the expected values, so that a size that was baked in shows.
    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    torch.onnx.export(
        Plain(model), (ids[:2, :9], mask[:2, :9], types[:2, :9]), str(OUT / "onnx/model.onnx"), input_names=inputs,
        output_names=["logits"], opset_version=17, dynamo=False, do_constant_folding=True,
        dynamic_axes={name: {0: "batch_size", 1: "sequence_length"} for name in inputs}
        | {"logits": {0: "batch_size"}},
    )  # fmt: skip


if __name__ == "__main__":
    main()
