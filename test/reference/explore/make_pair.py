"""Makes `pair.json`: what transformers has of two texts under the bundled pair of models, at every layer.

    pip install torch transformers
    python3 test/reference/explore/make_pair.py

`cosine` is that of the mean over a text's own tokens, of both copies for the CE, which reads a text paired with
itself; `maxSim` the sum over the query's tokens (of the first copy) of the largest cosine to one of the document's;
`attention` the first layer's, mean of its heads, query tokens by document tokens of the real pair, both ways.
"""

import json
import pathlib

import torch
from torch.nn.functional import cosine_similarity, normalize
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer

HERE = pathlib.Path(__file__).resolve().parent
MODELS = HERE.parents[2] / "public/models"
QUERY = "a tool that compresses files"
DOCUMENT = "gzip shrinks single files by the algorithm of Lempel and Ziv."


def similarities(read):
    pairs = zip(read(QUERY), read(DOCUMENT))
    return [
        {
            "cosine": cosine_similarity(a, b, dim=0).item(),
            "maxSim": (normalize(x, dim=-1) @ normalize(y, dim=-1).T).max(1).values.sum().item(),
        }
        for (a, x), (b, y) in pairs
    ]


def rounded(values):
    return [[round(value, 7) for value in row] for row in values.tolist()]


def main():
    tokenizer = AutoTokenizer.from_pretrained(MODELS / "mini-ce")
    ce = AutoModelForSequenceClassification.from_pretrained(MODELS / "mini-ce", attn_implementation="eager").eval()
    de = AutoModel.from_pretrained(MODELS / "mini-de", add_pooling_layer=False).eval()

    def read_ce(text):
        inputs = tokenizer(text, text, return_tensors="pt")
        n = (inputs["input_ids"].shape[1] - 3) // 2
        both = [*range(1, 1 + n), *range(2 + n, 2 + 2 * n)]
        states = ce(**inputs, output_hidden_states=True).hidden_states
        return [(state[0, both].mean(0), state[0, 1 : 1 + n]) for state in states]

    def read_de(text):
        states = de(**tokenizer(text, return_tensors="pt"), output_hidden_states=True).hidden_states
        return [(state[0, 1:-1].mean(0), state[0, 1:-1]) for state in states]

    with torch.no_grad():
        out = ce(**tokenizer(QUERY, DOCUMENT, return_tensors="pt"), output_attentions=True)
        q, d = (len(tokenizer.tokenize(text)) for text in (QUERY, DOCUMENT))
        mean = out.attentions[0][0].mean(0)
        values = {
            "query": QUERY,
            "document": DOCUMENT,
            "logit": out.logits.item(),
            "ce": similarities(read_ce),
            "de": similarities(read_de),
            "attention": {
                "queryToDocument": rounded(mean[1 : 1 + q, 2 + q : 2 + q + d]),
                "documentToQuery": rounded(mean[2 + q : 2 + q + d, 1 : 1 + q].T),
            },
        }
    (HERE / "pair.json").write_text(json.dumps(values, indent=1) + "\n")


if __name__ == "__main__":
    main()
