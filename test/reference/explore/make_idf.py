"""IDF weights of the bundled CE's tokens, and how its embedding matrix goes with them, by transformers' tokeniser,
scikit-learn, NumPy and SciPy.

python test/reference/explore/make_idf.py  writes idf.json beside this file.
"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
import transformers
from safetensors.numpy import load_file
from scipy.stats import spearmanr
from sklearn.feature_extraction.text import TfidfTransformer, CountVectorizer

here = pathlib.Path(__file__).parent
public = here.parents[2] / "public"
models = {"ce": public / "models/mini-ce", "de": public / "models/mini-de"}
lines = (public / "datasets/perl-faq/corpus.jsonl").read_text().splitlines()
documents = []
for line in lines:
    row = json.loads(line)
    title = row.get("title", "")
    documents.append(f"{title} {row['text']}" if title else row["text"])
asked = ["how do I sort a hash by value?", "the the regex"]


def of_model(folder):
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    ids = lambda text: tokenizer.encode(text, add_special_tokens=False)
    counter = CountVectorizer(analyzer=ids)
    counts = counter.fit_transform(documents)
    idf = TfidfTransformer(smooth_idf=True).fit(counts).idf_
    weight = {int(token): float(idf[column]) for token, column in counter.vocabulary_.items()}
    unseen = float(np.log(len(documents) + 1) + 1)
    special = {tokenizer.convert_tokens_to_ids(name) for name in ("[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]")}

    tensors = load_file(folder / "model.safetensors")
    matrix = next(v for k, v in tensors.items() if k.endswith("word_embeddings.weight")).astype(np.float64)
    tokens = sorted(set(weight) - special)
    x = [weight[token] for token in tokens]
    _, singular, right = np.linalg.svd(matrix, full_matrices=False)
    right = right[:3] * np.sign(right[np.arange(3), np.abs(right[:3]).argmax(1)])[:, None]
    rho = lambda values: float(spearmanr(x, values).statistic)
    return {
        "tokens": len(tokens),
        "norm": rho(np.linalg.norm(matrix[tokens], axis=1)),
        "directions": [rho(matrix[tokens] @ v) for v in right],
        "share": [float(s) for s in singular[:3] ** 2 / (singular**2).sum()],
        "weights": {
            text: [0 if t in special else weight.get(t, unseen) for t in ids(text)] for text in asked
        },
    }


out = {
    "made with": {
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
        "transformers": transformers.__version__,
    },
    "documents": len(documents),
    **{kind: of_model(folder) for kind, folder in models.items()},
}
(here / "idf.json").write_text(json.dumps(out, indent=1) + "\n")
