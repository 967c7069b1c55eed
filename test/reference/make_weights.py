"""Makes `weights/`: the models of `graph_families.py` whose graphs the lab builds, as transformers saves them.

    pip install torch transformers
    python3 test/reference/make_weights.py

They are the models of `graphs/FAMILY.safetensors`: ELECTRA, MPNet and ModernBERT as they are, RoBERTa in several files,
BERT in float16. XLM-RoBERTa is in bfloat16; what PyTorch makes of the rounded weights is `expected.safetensors` there.
"""

import pathlib

import torch

from graph_families import FAMILIES
from make_graphs import expected

OUT = pathlib.Path(__file__).resolve().parent / "weights"
SAVED = {
    "bert": dict(dtype=torch.float16),
    "roberta": dict(max_shard_size="40KB"),
    "xlm-roberta": dict(dtype=torch.bfloat16),
    "electra": {},
    "mpnet": {},
    "modernbert": {},
}

for name, options in SAVED.items():
    dtype = options.pop("dtype", torch.float32)
    model = FAMILIES[name]().to(dtype)
    model.save_pretrained(OUT / name, **options)
    if dtype == torch.bfloat16:
        expected(model.float(), OUT / name / "expected.safetensors")
