"""
The other side of `npm run bench:embedders`: every layer's embeddings of some texts by sentence-transformers and PyTorch.

    python sentenceTransformers.py MODEL_FOLDER

Reads one line of JSON on stdin, {texts, threads, batchSize, maxLength, layers}, and answers "ready"; a text is a string,
or a pair of strings for a cross encoder. Every further line is a round: it is answered by the seconds that it took and the
first text's vectors, as JSON.
"""

from __future__ import annotations

import json
import sys
import time

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Transformer


class PoolLayers(torch.nn.Module):
    """Means over a text's own tokens at every layer, (B, layers, hidden): special tokens are left out."""

    def __init__(self, special_ids):
        super().__init__()
        self.register_buffer("special_ids", torch.tensor(sorted(special_ids)), persistent=False)

    def forward(self, features):
        own = features["attention_mask"].bool() & ~torch.isin(features["input_ids"], self.special_ids)
        weights = own.float() / own.sum(1, keepdim=True)
        pooled = [torch.einsum("bt,bth->bh", weights, state) for state in features["all_layer_embeddings"]]
        features["sentence_embedding"] = torch.stack(pooled, dim=1)
        return features


def main():
    asked = json.loads(sys.stdin.readline())
    torch.set_num_threads(asked["threads"])
    encoder = Transformer(
        sys.argv[1],
        config_kwargs={"output_hidden_states": True},
        max_seq_length=asked["maxLength"],
    )
    tokenizer = encoder.tokenizer
    if asked["layers"] is not None:
        del encoder.model.encoder.layer[asked["layers"] :]
    specials = {tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id}
    model = SentenceTransformer(modules=[encoder, PoolLayers(specials)], device="cpu")
    texts = [text if isinstance(text, str) else tuple(text) for text in asked["texts"]]
    print("ready", flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        vectors = model.encode(texts, batch_size=asked["batchSize"], show_progress_bar=False, convert_to_numpy=True)
        seconds = time.perf_counter() - started
        print(json.dumps({"seconds": seconds, "first": vectors[0].ravel().tolist()}), flush=True)


main()
