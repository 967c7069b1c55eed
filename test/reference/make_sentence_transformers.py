"""Makes `test/reference/sentence-transformers`: small encoders of random weights under the configurations that
sentence-transformers knows, and what it makes of a few texts.

    pip install torch transformers sentence-transformers onnx
    OMP_NUM_THREADS=1 python3 test/reference/make_sentence_transformers.py

A folder of models (`bert`, `roberta`, ...) holds what all cases of one encoder share. `cases.json` has the cases: the
files that a case puts over its model, and the vectors of `encode_query` and `encode_document`, or the scores of
`CrossEncoder.predict`. Values come from sentence-transformers alone.
"""

import json
import pathlib
import shutil
import tempfile

import torch
from safetensors.torch import save_file
from sentence_transformers import CrossEncoder, SentenceTransformer
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    BertConfig, BertForSequenceClassification, BertModel, RobertaConfig, RobertaForSequenceClassification,
    RobertaModel, XLMRobertaConfig, XLMRobertaModel,
)  # fmt: skip

OUT = pathlib.Path(__file__).resolve().parent / "sentence-transformers"
TEXTS = [
    "How do foxes hunt in winter?",
    "The quick brown fox jumps over the lazy dog.",
    "Ünïcode naïve café, 東京 and an emoji 🦊!",
    "foxes " * 40,
    "a",
]
PAIRS = [(TEXTS[0], TEXTS[1]), (TEXTS[1], TEXTS[0]), (TEXTS[4], TEXTS[2]), (TEXTS[0], TEXTS[3])]
CORPUS = [
    *TEXTS, "query: passage: Represent this sentence for searching relevant passages: ",
    "In winter a fox listens for mice below the snow and jumps at them head first.",
    "Dogs are lazy when they are old, and quick when they are young.", "search_query: search_document: ",
]  # fmt: skip
SIZES = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32,
         "initializer_range": 0.3}  # fmt: skip


def word_piece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=120, special_tokens=specials))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    return tokenizer, {"tokenizer_class": "BertTokenizer", "do_lower_case": False, "model_max_length": 40, **names}


ROBERTA_NAMES = {"bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>",
                 "unk_token": "<unk>", "pad_token": "<pad>", "mask_token": "<mask>"}  # fmt: skip


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )  # fmt: skip
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(sep=("</s>", 2), cls=("<s>", 0), add_prefix_space=False)
    return tokenizer, {"tokenizer_class": "RobertaTokenizer", "model_max_length": 1e30, **ROBERTA_NAMES}


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace("  ", " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    trainer = trainers.UnigramTrainer(
        vocab_size=110, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"], unk_token="<unk>"
    )  # fmt: skip
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer, {"tokenizer_class": "XLMRobertaTokenizer", "model_max_length": 1e30, **ROBERTA_NAMES}


class Outputs(torch.nn.Module):
    """What the hub's exports give, of inputs by position."""

    def __init__(self, model, logits):
        super().__init__()
        self.model, self.logits = model, logits

    def forward(self, input_ids, attention_mask):
        out = self.model(input_ids=input_ids, attention_mask=attention_mask)
        return out.logits if self.logits else out.last_hidden_state


def make_model(name, model, tokenizer, tokenizer_config, onnx):
    """A model in the hub's layout. RoBERTa as ONNX, whose positions the graph counts; BERT as weights alone."""
    folder = OUT / name
    folder.mkdir(parents=True)
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            if parameter_name.endswith("bias"):
                parameter.normal_(0, 0.2)
            elif "LayerNorm" in parameter_name:
                parameter.normal_(1, 0.2)
    config = {**model.config.to_diff_dict(), "architectures": [type(model).__name__]}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    written = json.loads(tokenizer.to_str())
    (folder / "tokenizer.json").write_text(json.dumps(written, ensure_ascii=False, separators=(",", ":")) + "\n")
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer_config, indent=1) + "\n")
    weights = {key: value.contiguous() for key, value in model.state_dict().items() if "position_ids" not in key}
    if not onnx:
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
        return
    (folder / "onnx").mkdir()
    classifies = "ForSequence" in type(model).__name__
    inputs = ["input_ids", "attention_mask"]
    axes = {one: {0: "batch_size", 1: "sequence_length"} for one in inputs}
    output = "logits" if classifies else "last_hidden_state"
    ids = torch.tensor([[0, 9, 8, 7, 2], [0, 9, 2, 1, 1]])
    torch.onnx.export(
        Outputs(model, classifies), (ids, (ids != 1).long()), str(folder / "onnx/model.onnx"), input_names=inputs,
        output_names=[output], opset_version=17, dynamo=False, do_constant_folding=True,
        dynamic_axes=axes | {output: {0: "batch_size", **({} if classifies else {1: "sequence_length"})}},
    )  # fmt: skip
    # sentence-transformers reads weights; the lab, the graph. They lie beside the folder and are not kept.
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


MODULE = "sentence_transformers.models."


def module_list(*modules):
    paths = {"Transformer": ""}
    return [
        {"idx": i, "name": str(i), "path": paths.get(kind, f"{i}_{kind}"), "type": MODULE + kind}
        for i, kind in enumerate(("Transformer", *modules))
    ]  # fmt: skip


def pooling(**fields):
    return {"modules.json": module_list("Pooling"), "1_Pooling/config.json": {"word_embedding_dimension": 16, **fields}}


def legacy(*modes):
    fields = ["cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken"]
    return pooling(**{f"pooling_mode_{field}": field in modes for field in fields})


def dense(inputs, outputs, activation, bias=True):
    return {"in_features": inputs, "out_features": outputs, "bias": bias, "activation_function": activation}


def own(**fields):
    return {"config_sentence_transformers.json": fields}


MEAN = legacy("mean_tokens")
TORCH = "torch.nn.modules."
EMBEDDERS = {
    # One case a pooling, by the fields of either time.
    "mean": ("bert", MEAN),
    "cls": ("bert", legacy("cls_token")),
    "max": ("bert", legacy("max_tokens")),
    "mean sqrt len": ("bert", legacy("mean_sqrt_len_tokens")),
    "weighted mean": ("bert", legacy("weightedmean_tokens")),
    "last token": ("bert", legacy("lasttoken")),
    "mean and max": ("bert", legacy("mean_tokens", "max_tokens")),
    "all six": ("bert", legacy("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens",
                               "weightedmean_tokens", "lasttoken")),  # fmt: skip
    "max before cls": ("bert", pooling(pooling_mode=["max", "cls"])),
    "last token by name": ("bert", pooling(pooling_mode="lasttoken")),
    "no mode": ("bert", pooling()),
    "no modules": ("bert", {}),
    "left padding": ("bert", {**legacy("lasttoken"), "tokenizer_config.json": {"padding_side": "left"}}),
    # Lengths and case.
    "short": ("bert", {**MEAN, "sentence_bert_config.json": {"max_seq_length": 12, "do_lower_case": False}}),
    "lower case": ("bert", {**MEAN, "sentence_bert_config.json": {"max_seq_length": 16, "do_lower_case": True}}),
    # Prompts.
    "prompts": ("bert", {**MEAN, **own(prompts={"query": "query: ", "document": "passage: "})}),
    "prompts not pooled": ("bert", {**pooling(pooling_mode=["mean", "cls", "weightedmean"], include_prompt=False),
                                    **own(prompts={"query": "query: ", "document": ""})}),  # fmt: skip
    # What follows the pooling.
    "dense": ("bert", {**MEAN, "modules.json": module_list("Pooling", "Dense"),
                       "2_Dense/config.json": dense(16, 8, TORCH + "activation.Tanh")}),  # fmt: skip
    "dense twice and normalize": ("bert", {
        **MEAN, "modules.json": module_list("Pooling", "Dense", "Dense", "Normalize"),
        "2_Dense/config.json": dense(16, 24, TORCH + "activation.GELU"),
        "3_Dense/config.json": dense(24, 8, TORCH + "linear.Identity", bias=False),
    }),
    "dropout and layer norm": ("bert", {**MEAN, "modules.json": module_list("Pooling", "Dropout", "LayerNorm"),
                                        "2_Dropout/config.json": {"dropout": 0.5},
                                        "3_LayerNorm/config.json": {"dimension": 16}}),  # fmt: skip
    "normalize": ("bert", {**MEAN, "modules.json": module_list("Pooling", "Normalize")}),
    "dot": ("bert", {**MEAN, **own(similarity_fn_name="dot")}),
    "everything": ("bert", {
        **legacy("mean_tokens", "max_tokens"), "modules.json": module_list("Pooling", "Dense", "Normalize"),
        "2_Dense/config.json": dense(32, 8, TORCH + "activation.ReLU"),
        "sentence_bert_config.json": {"max_seq_length": 32, "do_lower_case": False},
        **own(prompts={"query": "query: ", "document": "passage: "}, similarity_fn_name="dot"),
    }),
    # Other tokenizers.
    "byte-level BPE": ("roberta", legacy("cls_token")),
    "byte-level BPE, weighted mean": ("roberta", legacy("weightedmean_tokens")),
    "unigram": ("xlmr", MEAN),
    "unigram, prompts": ("xlmr", {**MEAN, **own(prompts={"query": "query: ", "document": "passage: "})}),
}  # fmt: skip

RERANKERS = {
    "one logit": ("ce", {}),
    "identity, as of before 4.0": ("ce", {"config.json": {"sbert_ce_default_activation_function": TORCH + "linear.Identity"}}),
    "tanh": ("ce", {"config.json": {"sentence_transformers": {"activation_fn": TORCH + "activation.Tanh"}}}),
    "short": ("ce", {"tokenizer_config.json": {"model_max_length": 16}}),
    "three labels": ("ce-labels", {}),
    "roberta, two labels": ("ce-roberta", {}),
    "modules": ("bert", {
        "modules.json": module_list("Pooling", "Dense", "LayerNorm", "Dense"),
        "1_Pooling/config.json": {"embedding_dimension": 16, "pooling_mode": "cls", "include_prompt": True},
        "2_Dense/config.json": dense(16, 16, TORCH + "activation.GELU"),
        "3_LayerNorm/config.json": {"dimension": 16},
        "4_Dense/config.json": {**dense(16, 1, TORCH + "linear.Identity"), "module_output_name": "scores"},
        **own(model_type="CrossEncoder", activation_fn=TORCH + "activation.Sigmoid"),
    }),
}  # fmt: skip


def folder_of(name, model, files, into):
    """The model with a case's files over it; those that both have are joined, as the test joins them."""
    shutil.copytree(OUT / model, into, dirs_exist_ok=True)
    for path, content in files.items():
        file = into / path
        file.parent.mkdir(exist_ok=True)
        if isinstance(content, dict) and file.exists():
            content = {**json.loads(file.read_text()), **content}
        file.write_text(json.dumps(content))
    weights = {}
    for path, content in files.items():
        module = path.split("/")[0]
        sizes = {}
        if "_Dense" in module:
            sizes = {"linear.weight": (content["out_features"], content["in_features"])}
            if content["bias"]:
                sizes["linear.bias"] = (content["out_features"],)
        elif "_LayerNorm" in module:
            sizes = {"norm.weight": (content["dimension"],), "norm.bias": (content["dimension"],)}
        if sizes:
            target = f"weights/{name.replace(' ', '-')}.{module}.safetensors"
            (OUT / "weights").mkdir(exist_ok=True)
            save_file({key: torch.randn(size) * 0.5 for key, size in sizes.items()}, OUT / target)
            shutil.copy(OUT / target, into / module / "model.safetensors")
            weights[f"{module}/model.safetensors"] = target
    return weights


def rounded(values):
    return [[float(f"{value:.8g}") for value in row] for row in values.tolist()]


def main():
    torch.manual_seed(5)
    shutil.rmtree(OUT, ignore_errors=True)
    tokenizer, config = word_piece()
    sizes = {**SIZES, "vocab_size": tokenizer.get_vocab_size(), "max_position_embeddings": 48}
    make_model("bert", BertModel(BertConfig(**sizes), add_pooling_layer=False).eval(), tokenizer, config, False)
    make_model("ce", BertForSequenceClassification(BertConfig(**sizes, num_labels=1)).eval(), tokenizer, config, False)
    names = ["contradiction", "entailment", "neutral"]
    labels = {"id2label": dict(enumerate(names)), "label2id": {name: i for i, name in enumerate(names)}}
    make_model("ce-labels", BertForSequenceClassification(BertConfig(**sizes, **labels)).eval(), tokenizer, config, False)
    tokenizer, config = byte_level()
    sizes = {**SIZES, "vocab_size": tokenizer.get_vocab_size(), "max_position_embeddings": 42, "type_vocab_size": 1}
    make_model("roberta", RobertaModel(RobertaConfig(**sizes), add_pooling_layer=False).eval(), tokenizer, {**config, "model_max_length": 40}, True)
    make_model("ce-roberta", RobertaForSequenceClassification(RobertaConfig(**sizes, num_labels=2)).eval(), tokenizer, {**config, "model_max_length": 40}, True)
    tokenizer, config = unigram()
    sizes = {**sizes, "vocab_size": tokenizer.get_vocab_size(), "max_position_embeddings": 66}
    make_model("xlmr", XLMRobertaModel(XLMRobertaConfig(**sizes), add_pooling_layer=False).eval(), tokenizer, {**config, "model_max_length": 64}, True)

    embedders, rerankers = [], []
    for name, (model, files) in EMBEDDERS.items():
        with tempfile.TemporaryDirectory() as temporary:
            weights = folder_of(name, model, files, pathlib.Path(temporary))
            loaded = SentenceTransformer(temporary, device="cpu")
            # Padding on the left moves the positions of a BERT with the batch; alone a text has none.
            size = 1 if name == "left padding" else 32
            queries = loaded.encode_query(TEXTS, batch_size=size)
            documents = loaded.encode_document(TEXTS, batch_size=size)
            embedders.append({
                "name": name, "model": model, "files": files, "weights": weights,
                "similarity": loaded.similarity_fn_name, "queries": rounded(queries),
                **({} if (queries == documents).all() else {"documents": rounded(documents)}),
            })  # fmt: skip
    for name, (model, files) in RERANKERS.items():
        with tempfile.TemporaryDirectory() as temporary:
            weights = folder_of(name, model, files, pathlib.Path(temporary))
            loaded = CrossEncoder(temporary, device="cpu")
            scores = torch.tensor(loaded.predict(PAIRS, apply_softmax=loaded.num_labels > 1)).reshape(len(PAIRS), -1)
            logits = torch.tensor(loaded.predict(PAIRS, activation_fn=torch.nn.Identity())).reshape(len(PAIRS), -1)
            rerankers.append({"name": name, "model": model, "files": files, "weights": weights,
                              "scores": rounded(scores), "logits": rounded(logits)})  # fmt: skip
    cases = {"texts": TEXTS, "pairs": PAIRS, "embedders": embedders, "rerankers": rerankers}
    (OUT / "cases.json").write_text(json.dumps(cases, ensure_ascii=False, separators=(",", ":")) + "\n")
    for model in ("roberta", "ce-roberta", "xlmr"):
        (OUT / model / "model.safetensors").unlink()


if __name__ == "__main__":
    main()
