"""Small encoders of random weights, one of each family that the lab reads. `make_graphs.py` exports them.

Those of transformers are its own classes. NomicBERT, GTE's `new` and jina's XLM-R have their code on the hub alone;
they are written here after it, with its module names, as is an encoder with RMSNorm.
Weights are drawn wider than for training, norms and biases too, so that a state taken from the wrong place shows.
"""

import math

import torch
import transformers
from torch import nn
from torch.nn import functional as F

VOCABULARY, HIDDEN, HEADS, INNER, LAYERS, POSITIONS = 60, 32, 4, 48, 2, 40
PAD, CLS, SEP, FIRST = 0, 1, 2, 5
SIZES = dict(
    vocab_size=VOCABULARY, hidden_size=HIDDEN, num_attention_heads=HEADS, intermediate_size=INNER,
    num_hidden_layers=LAYERS, max_position_embeddings=POSITIONS, pad_token_id=PAD,
)  # fmt: skip


def randomise(model):
    """Draws every parameter anew, so that no norm is the identity and no bias nothing."""
    torch.manual_seed(14)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.normal_(0, 0.3)
            elif parameter.dim() == 1:
                parameter.normal_(1, 0.3)
            elif "embed" in name and parameter.shape[0] in (VOCABULARY, POSITIONS, 2):
                parameter.normal_(0, 1)
            else:
                parameter.normal_(0, 1.2 / math.sqrt(parameter.shape[-1]))
    return model.eval()


def of_transformers(kind, **sizes):
    """A model of transformers by the stem of its classes' names.

    `head` gives it a classifier of as many labels; `attention` is the implementation, which some models choose as they are made.
    """
    head, attention = sizes.pop("head", None), sizes.pop("attention", "eager")
    config_class = getattr(transformers, sizes.pop("config", f"{kind}Config"))
    config = config_class(**{**SIZES, **sizes, **({"num_labels": head} if head else {})})
    config.architectures = [f"{kind}ForSequenceClassification" if head else f"{kind}Model"]
    config._attn_implementation = attention
    made = getattr(transformers, config.architectures[0])(config)
    return randomise(made)


class Rotary(nn.Module):
    def __init__(self, size, base=10000.0):
        super().__init__()
        self.register_buffer("inv_freq", 1.0 / base ** (torch.arange(0, size, 2) / size), persistent=False)

    def forward(self, x):
        """x (B, T, heads, size)"""
        angles = torch.outer(torch.arange(x.shape[1], dtype=torch.float32), self.inv_freq)
        angles = torch.cat([angles, angles], -1)[:, None, :]
        left, right = x.chunk(2, -1)
        return x * angles.cos() + torch.cat([-right, left], -1) * angles.sin()


class RMSNorm(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))


class Attention(nn.Module):
    def __init__(self, packed, out, bias, lora=0):
        super().__init__()
        self.packed, self.out = packed, out
        setattr(self, packed, nn.Linear(HIDDEN, 3 * HIDDEN, bias=bias))
        setattr(self, out, nn.Linear(HIDDEN, HIDDEN, bias=bias))
        if lora:
            self.lora_a, self.lora_b = nn.Parameter(torch.zeros(lora, HIDDEN)), nn.Parameter(torch.zeros(3 * HIDDEN, lora))
        self.rotary_emb = Rotary(HIDDEN // HEADS)

    def forward(self, x, mask):
        packed = getattr(self, self.packed)
        weight = packed.weight
        if hasattr(self, "lora_a"):
            weight = weight + self.lora_b @ self.lora_a * 0.5
        q, k, v = F.linear(x, weight, packed.bias).unflatten(-1, (3, HEADS, HIDDEN // HEADS)).unbind(2)
        q, k, v = (part.transpose(1, 2) for part in (self.rotary_emb(q), self.rotary_emb(k), v))
        shares = (q @ k.transpose(-1, -2) / math.sqrt(HIDDEN // HEADS) + mask).softmax(-1)
        return getattr(self, self.out)((shares @ v).transpose(1, 2).flatten(2)), shares


class GatedMlp(nn.Module):
    """NomicBERT's `fc11`, `fc12`, `fc2`."""

    def __init__(self):
        super().__init__()
        self.fc11, self.fc12 = nn.Linear(HIDDEN, INNER, bias=False), nn.Linear(HIDDEN, INNER, bias=False)
        self.fc2 = nn.Linear(INNER, HIDDEN, bias=False)

    def forward(self, x):
        return self.fc2(self.fc11(x) * F.silu(self.fc12(x)))


class PackedGatedMlp(nn.Module):
    """GTE's `up_gate_proj`, `down_proj`."""

    def __init__(self):
        super().__init__()
        self.up_gate_proj, self.down_proj = nn.Linear(HIDDEN, 2 * INNER, bias=False), nn.Linear(INNER, HIDDEN)

    def forward(self, x):
        up, gate = self.up_gate_proj(x).split([INNER, INNER], -1)
        return self.down_proj(F.gelu(gate) * up)


class PlainMlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x), approximate="tanh"))


class Layer(nn.Module):
    def __init__(self, names, attention, mlp, norm, first):
        super().__init__()
        self.names, self.first = names, first
        for name, part in zip(names, (attention, norm(), mlp, norm())):
            setattr(self, name, part)

    def forward(self, x, mask):
        attention, norm1, mlp, norm2 = (getattr(self, name) for name in self.names)
        if self.first:
            heard, shares = attention(norm1(x), mask)
            x = x + heard
            return x + mlp(norm2(x)), shares
        heard, shares = attention(x, mask)
        x = norm1(heard + x)
        return norm2(mlp(x) + x), shares


class Encoder(nn.Module):
    """A stack of layers over word and type embeddings, with positions by rotation."""

    def __init__(self, model_type, layer, norm=lambda: nn.LayerNorm(HIDDEN, eps=1e-5), types=2, final=False):
        super().__init__()
        self.config = transformers.PretrainedConfig(**SIZES)
        self.config.model_type, self.config.architectures = model_type, [f"{model_type}Model"]
        self.word_embeddings = nn.Embedding(VOCABULARY, HIDDEN)
        self.token_type_embeddings = nn.Embedding(types, HIDDEN) if types else None
        self.emb_ln = norm()
        self.layers = nn.ModuleList([layer() for _ in range(LAYERS)])
        self.final_norm = norm() if final else None

    def forward(self, input_ids, attention_mask=None, token_type_ids=None, **_):
        x = self.word_embeddings(input_ids)
        if self.token_type_embeddings is not None:
            x = x + self.token_type_embeddings(token_type_ids)
        x = self.emb_ln(x)
        mask = (1.0 - attention_mask[:, None, None, :].float()) * torch.finfo(torch.float32).min
        states, attentions = [x], []
        for layer in self.layers:
            x, shares = layer(x, mask)
            states.append(x)
            attentions.append(shares)
        if self.final_norm is not None:
            x = states[-1] = self.final_norm(x)
        return transformers.modeling_outputs.BaseModelOutput(
            last_hidden_state=x, hidden_states=tuple(states), attentions=tuple(attentions)
        )


def plain_norm():
    return nn.LayerNorm(HIDDEN, eps=1e-5)


def nomic():
    names = ("attn", "norm1", "mlp", "norm2")
    make = lambda: Layer(names, Attention("Wqkv", "out_proj", False), GatedMlp(), plain_norm, False)
    return randomise(Encoder("nomic_bert", make))


def gte():
    names = ("attention", "attn_ln", "mlp", "mlp_ln")
    make = lambda: Layer(names, Attention("qkv_proj", "o_proj", True), PackedGatedMlp(), plain_norm, False)
    return randomise(Encoder("new", make))


def jina():
    names = ("mixer", "norm1", "mlp", "norm2")
    make = lambda: Layer(names, Attention("Wqkv", "out_proj", True, lora=4), PlainMlp(), plain_norm, False)
    return randomise(Encoder("xlm-roberta", make, types=0))


def rms():
    names = ("self_attn", "input_layernorm", "mlp", "post_attention_layernorm")
    norm = lambda: RMSNorm(HIDDEN)
    make = lambda: Layer(names, Attention("qkv_proj", "o_proj", False), GatedMlp(), norm, True)
    return randomise(Encoder("eurobert", make, norm=norm, types=0, final=True))


ROBERTA = dict(pad_token_id=1, bos_token_id=0, eos_token_id=2, type_vocab_size=1, max_position_embeddings=POSITIONS + 2)
DEBERTA = dict(
    relative_attention=True, pos_att_type=["p2c", "c2p"], position_biased_input=False, type_vocab_size=0,
    max_relative_positions=16, layer_norm_eps=1e-7, pooler_hidden_size=HIDDEN,
)  # fmt: skip

FAMILIES = {
    "bert": lambda **options: of_transformers("Bert", head=1, **options),
    "roberta": lambda: of_transformers("Roberta", head=2, **ROBERTA),
    "xlm-roberta": lambda: of_transformers("XLMRoberta", head=1, **ROBERTA),
    "camembert": lambda: of_transformers("Camembert", **ROBERTA),
    "mpnet": lambda: of_transformers("MPNet", **ROBERTA),
    "electra": lambda: of_transformers("Electra", head=1, embedding_size=20),
    "albert": lambda: of_transformers("Albert", embedding_size=20, num_hidden_layers=3, inner_group_num=1),
    "distilbert": lambda: of_transformers(
        "DistilBert", dim=HIDDEN, n_heads=HEADS, hidden_dim=INNER, n_layers=LAYERS, sinusoidal_pos_embds=False
    ),
    "deberta-v1": lambda: of_transformers("Deberta", **DEBERTA),
    "deberta-v2": lambda: of_transformers(
        "DebertaV2", **DEBERTA, conv_kernel_size=3, conv_act="gelu", norm_rel_ebd="layer_norm", position_buckets=6
    ),
    "deberta-v3": lambda: of_transformers(
        "DebertaV2", head=1, **DEBERTA, share_att_key=True, norm_rel_ebd="layer_norm", position_buckets=6
    ),
    "modernbert": lambda: of_transformers(
        "ModernBert", head=1, num_hidden_layers=3, local_attention=6, global_attn_every_n_layers=2, cls_token_id=CLS,
        sep_token_id=SEP, bos_token_id=None, eos_token_id=None, reference_compile=False,
    ),
    "nomic": nomic,
    "gte": gte,
    "jina": jina,
    "rms": rms,
}  # fmt: skip


def batch(model):
    """Two rows, the second padded: ids, mask and types."""
    config = model.config
    pad, first = config.pad_token_id, 0 if config.pad_token_id == 1 else CLS
    torch.manual_seed(5)
    types = getattr(config, "type_vocab_size", None)
    rows = [[first, *torch.randint(FIRST, VOCABULARY, (length,)).tolist(), SEP] for length in (9, 5)]
    width = max(map(len, rows))
    ids = torch.tensor([row + [pad] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    kinds = torch.zeros_like(ids)
    if types is None or types > 1:
        kinds[:, 5:] = mask[:, 5:]
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
