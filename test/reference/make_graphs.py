"""Makes `graphs/`: a small model of random weights for each family (`graph_families.py`) and each form of export.

    pip install torch transformers optimum-onnx onnx onnxruntime onnxscript onnxslim
    python3 test/reference/make_graphs.py [--out DIR] [NAME ...]

`FAMILY.onnx` is the export of optimum where it knows the family, else of PyTorch (TorchScript); `FAMILY.json` its
config.json, `FAMILY.safetensors` the batch and what PyTorch makes of it: `states.{k}` (rows, tokens, hidden), the last
one after a final norm (as transformers 5 counts them), `attention.{k}` (rows, heads, tokens, tokens), `logits`.
`FAMILY-FORM.onnx` are the same weights in another form. All is written without shape annotations
and documentation, and what several forms have in common stands once in `shared.data`.
"""

import argparse
import collections
import inspect
import json
import logging
import pathlib
import shutil
import tempfile
import warnings

import onnx
import onnxruntime
import torch
from onnxruntime import quantization
from onnxruntime.transformers import float16, optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from safetensors.torch import save_file

import graph_families
from graph_families import FAMILIES, HEADS, HIDDEN

warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
BY_TORCH = {"distilbert", "nomic", "gte", "jina", "rms"}
# Graphs of so many constants that they are slimmed, as transformers.js's script does.
SLIMMED = {"deberta-v1", "deberta-v2", "deberta-v3"}


class Called(torch.nn.Module):
    """A model called by position with the inputs of an export, giving one tensor, or what `gives` makes of it."""

    def __init__(self, model, names, gives):
        super().__init__()
        self.model, self.names, self.gives = model, names, gives

    def forward(self, *inputs):
        called = dict(zip(self.names, inputs))
        return self.gives(self.model(**called), called)


def plain(out, _):
    return out.logits if "logits" in out else out.last_hidden_state


def sentence(out, called):
    """The two outputs of optimum's exports of sentence-transformers models."""
    states = out.last_hidden_state if "last_hidden_state" in out else out.hidden_states[-1]
    mask = called["attention_mask"].unsqueeze(-1).to(states.dtype)
    pooled = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
    return states, torch.nn.functional.normalize(pooled, dim=-1)


def taken(model, inputs):
    known = inspect.signature(model.forward).parameters
    return {name: value for name, value in inputs.items() if name in known}


def by_torch(model, path, gives=plain, outputs=None, drop=(), dtype=torch.int64, dynamic=True, dynamo=False, **options):
    inputs = {k: v.to(dtype) for k, v in taken(model, graph_families.batch(model)).items() if k not in drop}
    outputs = outputs or ["logits" if hasattr(model, "classifier") else "last_hidden_state"]
    names = list(inputs)
    called = Called(model, names, gives).eval()
    if dynamo:
        axes = {"batch": torch.export.Dim("batch", max=64), "tokens": torch.export.Dim("tokens", max=40)}
        shapes = tuple({0: axes["batch"], 1: axes["tokens"]} for _ in names) if dynamic else None
        shapes = {"inputs": shapes} if shapes else None
        torch.onnx.export(
            called, tuple(inputs.values()), str(path), input_names=names, output_names=outputs, dynamo=True,
            dynamic_shapes=shapes, **options,
        )  # fmt: skip
        return
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in names} | {outputs[0]: {0: "batch_size"}}
    torch.onnx.export(
        called, tuple(inputs.values()), str(path), input_names=names, output_names=outputs, dynamo=False,
        dynamic_axes=axes if dynamic else None, **{"opset_version": 17, **options},
    )  # fmt: skip


def by_optimum(model, path):
    from optimum.exporters.onnx import onnx_export_from_model

    classifies = hasattr(model, "classifier")
    with tempfile.TemporaryDirectory() as folder:
        task = "text-classification" if classifies else "feature-extraction"
        onnx_export_from_model(model, pathlib.Path(folder), task=task, do_validation=False)
        shutil.copy(pathlib.Path(folder) / "model.onnx", path)


def tidy(path):
    """Shape annotations and the exporter's notes on source lines are most of a small file."""
    model = onnx.load(path, load_external_data=False)
    del model.graph.value_info[:]
    del model.metadata_props[:]
    for node in model.graph.node:
        node.ClearField("doc_string")
        del node.metadata_props[:]
    for one in [*model.graph.initializer, *model.graph.input, *model.graph.output]:
        one.ClearField("doc_string")
        if hasattr(one, "metadata_props"):
            del one.metadata_props[:]
    for function in model.functions:
        del function.value_info[:]
        for node in function.node:
            node.ClearField("doc_string")
            del node.metadata_props[:]
    onnx.save(model, path)


def share(out):
    """Moves weights that several forms have in common to one file beside them, so that each is kept once."""
    forms = [out / f"{name}.onnx" for name in FORMS if (out / f"{name}.onnx").exists()]
    graphs = {path: onnx.load(path, load_external_data=False) for path in forms}
    large = [tensor for model in graphs.values() for tensor in model.graph.initializer if len(tensor.raw_data) > 500]
    counts = collections.Counter(tensor.raw_data for tensor in large)
    places, pool = {}, b""
    for data in sorted(data for data, count in counts.items() if count > 2):
        places[data] = len(pool)
        pool += data
    (out / "shared.data").write_bytes(pool)
    for path, model in graphs.items():
        for tensor in model.graph.initializer:
            at = places.get(tensor.raw_data)
            if at is None:
                continue
            onnx.external_data_helper.set_external_data(tensor, "shared.data", offset=at, length=len(tensor.raw_data))
            tensor.ClearField("raw_data")
        path.write_bytes(model.SerializeToString())


def expected(model, path):
    inputs = graph_families.batch(model)
    model.config._attn_implementation = "eager"
    with torch.no_grad():
        out = model(**taken(model, inputs), output_hidden_states=True, output_attentions=True)
        base = getattr(model, model.base_model_prefix) if hasattr(model, "classifier") else model
        last = base(**taken(base, inputs)).last_hidden_state
    values = {name: value.float() for name, value in inputs.items()}
    values |= {f"states.{k}": state for k, state in enumerate([*out.hidden_states[:-1], last])}
    values |= {f"attention.{k + 1}": shares for k, shares in enumerate(out.attentions)}
    if "logits" in out:
        values["logits"] = out.logits
    save_file({name: value.contiguous().clone() for name, value in values.items()}, path)


def configuration(model, path):
    kept = model.config.to_diff_dict() if hasattr(model.config, "to_diff_dict") else {}
    everything = model.config.to_dict()
    fields = ["model_type", "hidden_size", "num_hidden_layers", "num_attention_heads", "n_layers", "dim", "pad_token_id",
              "max_position_embeddings", "vocab_size", "type_vocab_size", "id2label"]  # fmt: skip
    kept |= {name: everything[name] for name in fields if everything.get(name) is not None}
    kept["architectures"] = model.config.architectures
    kept.pop("transformers_version", None)
    path.write_text(json.dumps(kept, indent=1, default=str, sort_keys=True) + "\n")


def family(name, out):
    model = FAMILIES[name]()
    configuration(model, out / f"{name}.json")
    expected(model, out / f"{name}.safetensors")
    (by_torch if name in BY_TORCH else by_optimum)(model, out / f"{name}.onnx")
    if name in SLIMMED:
        slimmed(name)(out, out / f"{name}.onnx")


def optimised(base, model_type="bert", level=2, gelu=False, multi_head=False, half=False):
    """onnxruntime's own script, which optimum calls for O1 to O4."""

    def make(out, path):
        options = FusionOptions(model_type)
        options.enable_gelu_approximation = gelu
        options.use_multi_head_attention = multi_head
        made = optimizer.optimize_model(
            str(out / f"{base}.onnx"), model_type, num_heads=HEADS, hidden_size=HIDDEN, opt_level=level,
            optimization_options=options, use_gpu=False, only_onnxruntime=False,
        )  # fmt: skip
        if half:
            made.convert_float_to_float16(keep_io_types=True, op_block_list=None)
        made.save_model_to_file(str(path))

    return make


def by_runtime(base, level):
    """What the runtime makes of a graph as it opens it, written down."""

    def make(out, path):
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = level
        options.optimized_model_filepath = str(path)
        onnxruntime.InferenceSession(str(out / f"{base}.onnx"), options, providers=["CPUExecutionProvider"])

    return make


def dynamic(base, weight_type, per_channel=False):
    def make(out, path):
        quantization.quantize_dynamic(
            str(out / f"{base}.onnx"), str(path), weight_type=weight_type, per_channel=per_channel,
            extra_options={"EnableSubgraph": True, "MatMulConstBOnly": True},
        )  # fmt: skip

    return make


class Texts(quantization.CalibrationDataReader):
    def __init__(self, base):
        inputs = graph_families.batch(FAMILIES[base]())
        self.left = iter([{name: value.numpy() for name, value in inputs.items()}])

    def get_next(self):
        return next(self.left, None)


def static(base):
    def make(out, path):
        # The sum with the mask's huge numbers has no scale that leaves the scores anything.
        masked = [node.name for node in onnx.load(out / f"{base}.onnx").graph.node if node.name.endswith("self/Add")]
        quantization.quantize_static(
            str(out / f"{base}.onnx"), str(path), Texts(base), quant_format=quantization.QuantFormat.QDQ,
            op_types_to_quantize=["MatMul", "Add", "Gemm"], weight_type=quantization.QuantType.QInt8,
            nodes_to_exclude=masked,
        )  # fmt: skip

    return make


def four_bits(base, half=False):
    def make(out, path):
        from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

        quantizer = MatMulNBitsQuantizer(onnx.load(out / f"{base}.onnx"), block_size=32, is_symmetric=True)
        quantizer.process()
        model = quantizer.model.model
        if half:
            model = float16.convert_float_to_float16(model, keep_io_types=True, disable_shape_infer=True)
        onnx.save(model, path)

    return make


def bits_and_bytes(base):
    def make(out, path):
        from onnxruntime.quantization.matmul_bnb4_quantizer import MatMulBnb4Quantizer

        quantizer = MatMulBnb4Quantizer(onnx.load(out / f"{base}.onnx"), MatMulBnb4Quantizer.NF4, 16)
        quantizer.process()
        onnx.save(quantizer.model.model, path)

    return make


def half(base, **options):
    def make(out, path):
        model = onnx.load(out / f"{base}.onnx")
        whole = onnx.TensorProto.FLOAT
        casts = {node.name for node in model.graph.node if node.op_type == "Cast" and node.attribute[0].i == whole}
        made = float16.convert_float_to_float16(model, **options)
        # The converter leaves casts of integers to float32 as they are.
        for node in made.graph.node:
            if node.name in casts:
                node.attribute[0].i = onnx.TensorProto.FLOAT16
        onnx.save(made, path)

    return make


def slimmed(base):
    """What transformers.js's conversion script does after optimum's export."""

    def make(out, path):
        import onnxslim

        onnx.save(onnxslim.slim(onnx.load(out / f"{base}.onnx")), path)

    return make


def exported(base, headless=False, made=None, **options):
    def make(_, path):
        model = FAMILIES[base](**(made or {}))
        if headless:
            model = getattr(model, model.base_model_prefix)
        by_torch(model, path, **options)

    return make


def several_files(base):
    """Large weights in a file each, as of a model above 2 GB."""

    def make(out, path):
        model = onnx.load(out / f"{base}.onnx")
        large = [tensor for tensor in model.graph.initializer if len(tensor.raw_data) > 6000]
        for index, tensor in enumerate(large):
            onnx.external_data_helper.set_external_data(tensor, f"{path.stem}.{index}.data")
        onnx.save(model, path)

    return make


def as_functions(base):
    """Each layer as a function that is called, as torch.onnx.dynamo_export wrote modules."""

    def make(out, path):
        import graph_functions

        onnx.save(graph_functions.with_layers_as_functions(onnx.load(out / f"{base}.onnx")), path)

    return make


Int8, UInt8 = quantization.QuantType.QInt8, quantization.QuantType.QUInt8
Levels = onnxruntime.GraphOptimizationLevel
FORMS = {
    "bert-opset11": exported("bert", opset_version=11),
    "bert-unfolded": exported("bert", do_constant_folding=False),
    "bert-dynamo": exported("bert", dynamo=True, external_data=False),
    "bert-dynamo-unfolded": exported("bert", dynamo=True, external_data=False, optimize=False),
    "bert-dynamo23": exported("bert", dynamo=True, external_data=False, opset_version=23, made={"attention": "sdpa"}),
    "bert-external": exported("bert", dynamo=True, external_data=True),
    "bert-several": several_files("bert"),
    "bert-functions": as_functions("bert"),
    "modernbert-dynamo": exported("modernbert", dynamo=True, external_data=False),
    "albert-dynamo": exported("albert", dynamo=True, external_data=False),
    "bert-slim": slimmed("bert"),
    "bert-O1": by_runtime("bert", Levels.ORT_ENABLE_BASIC),
    "bert-O2": optimised("bert"),
    "bert-O3": optimised("bert", gelu=True),
    "bert-O4": optimised("bert", gelu=True, half=True),
    "bert-extended": by_runtime("bert", Levels.ORT_ENABLE_EXTENDED),
    "roberta-mha": optimised("roberta", multi_head=True, level=0),
    "mpnet-O2": optimised("mpnet", level=1),
    "distilbert-O2": optimised("distilbert"),
    "modernbert-O2": optimised("modernbert", level=1),
    "nomic-O2": optimised("nomic", level=1),
    "rms-O2": optimised("rms", level=1),
    "bert-fp16": half("bert", keep_io_types=True, op_block_list=["LayerNormalization", "Softmax"]),
    "modernbert-fp16": half("modernbert", keep_io_types=False),
    "bert-int8": dynamic("bert", Int8, per_channel=True),
    "bert-uint8": dynamic("bert", UInt8),
    "modernbert-int8": dynamic("modernbert", Int8),
    "bert-qdq": static("bert"),
    "bert-q4": four_bits("bert"),
    "bert-q4f16": four_bits("bert", half=True),
    "bert-bnb4": bits_and_bytes("bert"),
    "bert-int32": exported("bert", dtype=torch.int32),
    "bert-fixed": exported("bert", dynamic=False),
    "bert-no-types": exported("bert", drop=("token_type_ids",)),
    "bert-sentence": exported("bert", headless=True, gives=sentence, outputs=["token_embeddings", "sentence_embedding"]),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default=str(pathlib.Path(__file__).resolve().parent / "graphs"))
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    out = pathlib.Path(arguments.out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or [*FAMILIES, *FORMS]:
        path = out / f"{name}.onnx"
        if name in FAMILIES:
            family(name, out)
        else:
            FORMS[name](out, path)
        tidy(path)
        print(name, path.stat().st_size, flush=True)
    if not arguments.names:
        share(out)


if __name__ == "__main__":
    main()
