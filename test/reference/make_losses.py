"""What PyTorch makes of the reference model in `training/` under each loss with a teacher.

    OMP_NUM_THREADS=1 python test/reference/make_losses.py

The losses are sentence-transformers' own (written with 5.7.0), over scaled cosines where they take a similarity; the
encoder is transformers' BertModel without dropout; AdamW, clipping and rates are those of `training/expected.json`,
whose losses the script comes to first. `adaptive` is AdaptiveLayerLoss over MultipleNegativesRankingLoss at every
layer in every step. Teacher values are random. A query's candidates are its positive, its negative,
and as a second negative the positive of the next step's batch at its place.

`losses/NAME.safetensors` holds `step{s}.teacher` and every fourth value of the gradients of the first and the last step
(`step{s}.grad.{parameter}`) and of the parameters after four steps (`after.{parameter}`); `losses/expected.json` the
losses and gradient norms of every step.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer import losses
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from sentence_transformers.util import pairwise_cos_sim
from transformers import BertConfig, BertModel, BertTokenizerFast

HERE = Path(__file__).parent
GIVEN = HERE / "training"
OUT = HERE / "losses"
EVERY = 4
SCALE = 4.0
TEMPERATURE = 2.0

expected = json.loads((GIVEN / "expected.json").read_text())
batches = load_file(GIVEN / "batches.safetensors")
STEPS = range(len(expected["steps"]))


def encoder():
    config = BertConfig.from_pretrained(GIVEN)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    config._attn_implementation = "eager"
    model = BertModel(config, add_pooling_layer=False)
    missing, unexpected = model.load_state_dict(load_file(GIVEN / "model.safetensors"), strict=False)
    assert not unexpected and all("position_ids" in name for name in missing), (missing, unexpected)
    return model


def pooled(model, step, part):
    ids = batches[f"step{step}.{part}.input_ids"].long()
    mask = batches[f"step{step}.{part}.attention_mask"]
    states = model(ids, attention_mask=mask.long()).last_hidden_state
    return (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)


def embeddings(model, step):
    """Query, positive, negative, and the other negative, each (batch, C)."""
    following = (step + 1) % len(STEPS)
    return [
        pooled(model, step, "query"),
        pooled(model, step, "positive"),
        pooled(model, step, "negative"),
        pooled(model, following, "positive"),
    ]


def similarity(a, b):
    return SCALE * pairwise_cos_sim(a, b)


mse = losses.MSELoss(None)
margin_mse = losses.MarginMSELoss(None, similarity_fct=similarity)
kl = losses.DistillKLDivLoss(None, similarity_fct=similarity, temperature=TEMPERATURE)


def mnrl(found):
    query, *documents = found[:3]
    normalize = torch.nn.functional.normalize
    scores = expected["scale"] * normalize(query) @ normalize(torch.cat(documents)).T
    return torch.nn.functional.cross_entropy(scores, torch.arange(len(query)))


def vectors_of_mse(generator, batch, hidden):
    """(batch, columns, C), of unit length."""
    return torch.nn.functional.normalize(torch.randn(batch, 4, hidden, generator=generator), dim=-1)


def scores_of_candidates(generator, batch, _):
    """(batch, candidates)"""
    return 2 * torch.randn(batch, 3, generator=generator)


LOSSES = {
    "mse": (vectors_of_mse, lambda found, teacher: mse.compute_loss_from_embeddings(found, list(teacher.unbind(1)))),
    "margin-mse": (scores_of_candidates, margin_mse.compute_loss_from_embeddings),
    "kl": (scores_of_candidates, kl.compute_loss_from_embeddings),
}


def optimiser(model):
    bare = [p for n, p in model.named_parameters() if n.endswith("bias") or "LayerNorm" in n]
    decayed = [p for n, p in model.named_parameters() if not (n.endswith("bias") or "LayerNorm" in n)]
    groups = [{"params": decayed, "weight_decay": expected["weight_decay"]}, {"params": bare, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=0.0, betas=tuple(expected["betas"]), eps=expected["eps"])


def sampled(tensor):
    return tensor.detach().flatten()[::EVERY].clone()


def train(loss_of, model=None):
    """Four steps. Gives the losses and gradient norms, and the values that are kept."""
    model = model or encoder()
    adamw = optimiser(model)
    rows, kept = [], {}
    for step in STEPS:
        adamw.zero_grad()
        loss = loss_of(model, step)
        loss.backward()
        if step in (STEPS[0], STEPS[-1]):
            for name, parameter in model.named_parameters():
                kept[f"step{step}.grad.{name}"] = sampled(parameter.grad)
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), expected["max_grad_norm"])
        rows.append({"loss": loss.item(), "grad_norm": norm.item()})
        for group in adamw.param_groups:
            group["lr"] = expected["steps"][step]["learning_rate"]
        adamw.step()
    for name, parameter in model.named_parameters():
        kept[f"after.{name}"] = sampled(parameter)
    return rows, kept


def adaptive():
    """AdaptiveLayerLoss as it stands, over a SentenceTransformer that holds the reference model."""
    with TemporaryDirectory() as folder:
        encoder().save_pretrained(folder)
        words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        vocabulary = Path(folder) / "vocab.txt"
        vocabulary.write_text("\n".join(words + [f"w{i}" for i in range(203 - len(words))]) + "\n")
        BertTokenizerFast(str(vocabulary)).save_pretrained(folder)
        transformer = Transformer(folder)
        student = SentenceTransformer(modules=[transformer, Pooling(48, "mean")], device="cpu")
    inner = losses.MultipleNegativesRankingLoss(student, scale=SCALE)
    loss = losses.AdaptiveLayerLoss(student, inner, n_layers_per_step=-1)

    def columns(step):
        following = (step + 1) % len(STEPS)
        named = [(step, "query"), (step, "positive"), (step, "negative"), (following, "positive")]
        return [
            {key: batches[f"step{at}.{part}.{key}"].long() for key in ("input_ids", "attention_mask")}
            for at, part in named
        ]

    bert = transformer.auto_model
    bert.pooler = None
    return train(lambda _, step: loss(columns(step), None), bert)


def main():
    for row, known in zip(train(lambda model, step: mnrl(embeddings(model, step)))[0], expected["steps"]):
        assert abs(row["loss"] - known["loss"]) < 1e-5, (row, known)
    OUT.mkdir(exist_ok=True)
    told = {"every": EVERY, "scale": SCALE, "temperature": TEMPERATURE, "losses": {}}
    batch = len(batches["step0.query.input_ids"])
    hidden = BertConfig.from_pretrained(GIVEN).hidden_size
    for number, (name, (teacher_of, loss_of)) in enumerate(LOSSES.items()):
        generator = torch.Generator().manual_seed(number)
        teacher = [teacher_of(generator, batch, hidden) for _ in STEPS]
        rows, kept = train(lambda model, step: loss_of(embeddings(model, step), teacher[step]))
        for step in STEPS:
            kept[f"step{step}.teacher"] = teacher[step].contiguous()
        save_file(kept, OUT / f"{name}.safetensors")
        told["losses"][name] = rows
        print(name, rows)
    rows, kept = adaptive()
    save_file(kept, OUT / "adaptive.safetensors")
    told["losses"]["adaptive"] = rows
    print("adaptive", rows)
    (OUT / "expected.json").write_text(json.dumps(told, indent=1) + "\n")


main()
