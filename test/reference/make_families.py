"""Makes `families/`: small cross encoders of random weights that training can start from, and what comes of them.

    pip install torch transformers sentence-transformers
    OMP_NUM_THREADS=1 python3 test/reference/make_families.py

Each folder has a RoBERTa, XLM-RoBERTa or ELECTRA classifier in the hub's layout (`config.json`, `model.safetensors`); its
tokenizer is one of `sentence-transformers/`. `steps.safetensors` has four batches of token ids, padded (`step{s}.{query|
positive|negative}.input_ids`, as float32), what plain PyTorch makes of the encoder by training it on them as in
`training/` (`step{s}.grad.{parameter}` before clipping, of the first and the last step; `after.{parameter}` behind the
last), and `vectors`, those that sentence-transformers gives TEXTS with the untrained encoder, pooled by the mean.
`steps.json` holds hyper-parameters, losses and gradient norms.
"""

import json
import pathlib
import shutil
import tempfile

import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Pooling, Transformer
from transformers import (
    ElectraConfig, ElectraForSequenceClassification, RobertaConfig, RobertaForSequenceClassification, XLMRobertaConfig,
    XLMRobertaForSequenceClassification,
)  # fmt: skip

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE / "families"
TEXTS = ["How do foxes hunt in winter?", "The quick brown fox jumps over the lazy dog.", "foxes " * 40, "a"]
SIZES = dict(hidden_size=12, num_hidden_layers=2, num_attention_heads=2, intermediate_size=20)
ROBERTA = dict(SIZES, pad_token_id=1, bos_token_id=0, eos_token_id=2, type_vocab_size=1, layer_norm_eps=1e-5)
FAMILIES = {
    "roberta": (RobertaForSequenceClassification(RobertaConfig(vocab_size=300, max_position_embeddings=34, **ROBERTA)), "roberta"),
    "xlm-roberta": (
        XLMRobertaForSequenceClassification(
            XLMRobertaConfig(vocab_size=90, max_position_embeddings=34, num_labels=1, hidden_act="gelu_new", **ROBERTA)
        ),
        "xlmr",
    ),
    # Its tables are projected from a width that is no multiple of four.
    "electra": (
        ElectraForSequenceClassification(
            ElectraConfig(vocab_size=120, max_position_embeddings=32, embedding_size=10, num_labels=1, **SIZES)
        ),
        "bert",
    ),
}  # fmt: skip
RECIPE = {"weight_decay": 0.01, "max_grad_norm": 1.0, "scale": 20.0, "betas": [0.9, 0.999], "eps": 1e-8}
RATE, WARMUP, STEPS = 1e-3, 1, 4


def randomise(model):
    torch.manual_seed(27)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.normal_(0, 0.2)
            elif "LayerNorm" in name:
                parameter.normal_(1, 0.2)
            else:
                parameter.normal_(0, 0.4)
    return model.eval()


def encoder_of(model):
    return getattr(model, model.base_model_prefix)


def texts_of(generator, count, config):
    """Rows of random words between the special tokens, and their mask."""
    first, last = (2, 3) if config.pad_token_id == 0 else (0, 2)
    lengths = torch.randint(1, 9, (count,), generator=generator).tolist()
    rows = [
        [first, *torch.randint(5, config.vocab_size, (n,), generator=generator).tolist(), last] for n in lengths
    ]
    width = max(map(len, rows))
    return torch.tensor([row + [config.pad_token_id] * (width - len(row)) for row in rows])


def embed(encoder, ids):
    mask = (ids != encoder.config.pad_token_id).long()
    states = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
    weights = mask.unsqueeze(-1).float()
    return (states * weights).sum(1) / weights.sum(1)


def train(encoder):
    """Four steps; dropout is off, since the model is in its eval mode."""
    tensors, steps = {}, []
    generator = torch.Generator().manual_seed(3)
    named = [(name, p) for name, p in encoder.named_parameters() if "pooler" not in name]
    plain = [p for name, p in named if name.endswith("bias") or "LayerNorm" in name]
    decayed = [p for name, p in named if not (name.endswith("bias") or "LayerNorm" in name)]
    groups = [{"params": decayed, "weight_decay": RECIPE["weight_decay"]}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=RATE, betas=tuple(RECIPE["betas"]), eps=RECIPE["eps"])
    for step in range(STEPS):
        rate = RATE * (step / WARMUP if step < WARMUP else (STEPS - step) / (STEPS - WARMUP))
        for group in optimiser.param_groups:
            group["lr"] = rate
        parts = {part: texts_of(generator, 5, encoder.config) for part in ("query", "positive", "negative")}
        for part, ids in parts.items():
            tensors[f"step{step}.{part}.input_ids"] = ids.float()
        pooled = {part: torch.nn.functional.normalize(embed(encoder, ids)) for part, ids in parts.items()}
        scores = pooled["query"] @ torch.cat([pooled["positive"], pooled["negative"]]).T * RECIPE["scale"]
        loss = torch.nn.functional.cross_entropy(scores, torch.arange(5))
        optimiser.zero_grad()
        loss.backward()
        if step in (0, STEPS - 1):
            for name, parameter in named:
                tensors[f"step{step}.grad.{name}"] = parameter.grad.clone()
        norm = torch.nn.utils.clip_grad_norm_([p for _, p in named], RECIPE["max_grad_norm"])
        optimiser.step()
        steps.append({"loss": loss.item(), "grad_norm": norm.item(), "learning_rate": rate})
    for name, parameter in named:
        tensors[f"after.{name}"] = parameter.detach().clone()
    return tensors, steps


def vectors(folder, tokenizer):
    """Of sentence-transformers, for the encoder in a classifier's folder."""
    with tempfile.TemporaryDirectory() as into:
        for file in [*folder.glob("*"), *(HERE / "sentence-transformers" / tokenizer).glob("tokenizer*")]:
            shutil.copy(file, into)
        modules = [Transformer(into, max_seq_length=32), Pooling(SIZES["hidden_size"], "mean")]
        model = SentenceTransformer(modules=modules)
        return torch.tensor(model.encode(TEXTS))


for name, (model, tokenizer) in FAMILIES.items():
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    randomise(model).save_pretrained(folder)
    found = vectors(folder, tokenizer)
    tensors, steps = train(encoder_of(model))
    save_file({**tensors, "vectors": found}, folder / "steps.safetensors")
    (folder / "steps.json").write_text(json.dumps({**RECIPE, "texts": TEXTS, "steps": steps}, indent=1) + "\n")
