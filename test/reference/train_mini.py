"""Trains as a run of the lab did, in PyTorch, and compares losses and weights.

The run must be unshuffled, without dropout, with negatives "none" or "given", and must have saved step 0
and its last step. To compare, from the repository's root:

    npm run lab -- run test/reference/train_mini.json --out out
    pip install torch transformers tokenizers safetensors
    python3 test/reference/train_mini.py out

Nothing is shared with the lab but the files: the encoder is transformers' BertModel, the tokeniser is
Hugging Face's own, loss, optimiser and schedule are PyTorch's. Exits with 1 when a loss or a weight is
further off than 1e-4.
"""

import argparse
import json
import pathlib
import sys

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel, get_linear_schedule_with_warmup

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOLERANCE = 1e-4


def read_pairs(sources):
    """Rows of the bundled training pairs that the spec names, in their order."""
    pairs = []
    for source in sources:
        scheme, name = source.split(":", 1)
        path = ROOT / "public/training" / f"{name}.jsonl" if scheme == "bundled" else pathlib.Path(name)
        pairs += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return pairs


def embed(model, tokenizer, texts):
    """Mean over all unpadded tokens, [texts, hidden]."""
    encoded = tokenizer.encode_batch([text.strip() for text in texts])
    ids = torch.tensor([one.ids for one in encoded])
    mask = torch.tensor([one.attention_mask for one in encoded])
    states = model(input_ids=ids, attention_mask=mask, token_type_ids=torch.zeros_like(ids)).last_hidden_state
    weights = mask.unsqueeze(-1).float()
    return (states * weights).sum(1) / weights.sum(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path, help="the folder that the run wrote")
    parser.add_argument("--model", type=pathlib.Path, default=ROOT / "public/models/mini-ce")
    arguments = parser.parse_args()
    out = arguments.out
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    spec = report["spec"]["train"][0]
    run = report["training"][0]
    steps = run["totalSteps"]
    if spec["shuffle"] or spec["dropout"] != 0 or spec["negatives"] == "bm25":
        sys.exit("The run must have shuffle false, dropout 0 and negatives none or given.")

    saved = out / "checkpoints" / spec["name"]
    config = BertConfig.from_pretrained(
        arguments.model,
        num_hidden_layers=spec["layers"],
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        attn_implementation="eager",
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(load_file(saved / "step-0.safetensors"), strict=False)
    model.train()
    tokenizer = Tokenizer.from_file(str(arguments.model / "tokenizer.json"))
    tokenizer.enable_truncation(min(spec["maxLength"], config.max_position_embeddings))
    tokenizer.enable_padding(pad_id=config.pad_token_id)

    plain = [p for name, p in model.named_parameters() if name.endswith("bias") or "LayerNorm" in name]
    decayed = [p for name, p in model.named_parameters() if not (name.endswith("bias") or "LayerNorm" in name)]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": spec["weightDecay"]}, {"params": plain, "weight_decay": 0.0}],
        lr=spec["learningRate"],
    )
    warmup = spec["warmupSteps"]
    warmup = round(warmup * steps) if warmup < 1 else warmup
    schedule = get_linear_schedule_with_warmup(optimiser, warmup, steps)
    pairs = read_pairs(spec["data"])
    batches = -(-len(pairs) // spec["batchSize"])

    worst_loss = 0.0
    for step in range(steps):
        first = step % batches * spec["batchSize"]
        batch = pairs[first : first + spec["batchSize"]]
        documents = [pair["positive"] for pair in batch]
        if spec["negatives"] == "given":
            documents += [pair["negative"] for pair in batch]
        queries = torch.nn.functional.normalize(embed(model, tokenizer, [pair["query"] for pair in batch]))
        passages = torch.nn.functional.normalize(embed(model, tokenizer, documents))
        scores = queries @ passages.T * spec["scale"]
        loss = torch.nn.functional.cross_entropy(scores, torch.arange(len(batch)))
        optimiser.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), spec["maxGradNorm"])
        ours = run["steps"][step]
        worst_loss = max(worst_loss, abs(loss.item() - ours["loss"]))
        print(
            f"step {step:3}  loss {loss.item():.6f} lab {ours['loss']:.6f}  norm {norm.item():.5f} "
            f"lab {ours['gradNorm']:.5f}  rate {schedule.get_last_lr()[0]:.3g} lab {ours['learningRate']:.3g}"
        )
        optimiser.step()
        schedule.step()

    ours = load_file(saved / f"step-{steps}.safetensors")
    start = load_file(saved / "step-0.safetensors")
    worst_weight = 0.0
    for name, parameter in model.named_parameters():
        off = (parameter.detach() - ours[name]).abs().max().item()
        moved = (ours[name] - start[name]).abs().max().item()
        # The gradient of the keys' biases is 0: softmax does not see them. What PyTorch has of it is
        # rounding, of which AdamW makes full steps that nobody can repeat.
        counts = not name.endswith("attention.self.key.bias")
        if counts:
            worst_weight = max(worst_weight, off)
        print(f"{name}: off by {off:.2e}, moved by {moved:.2e}{'' if counts else ' (not counted)'}")
    print(f"losses within {worst_loss:.2e}, weights within {worst_weight:.2e}")
    if worst_loss > TOLERANCE or worst_weight > TOLERANCE:
        sys.exit(1)


if __name__ == "__main__":
    main()
