"""Makes `cross-encoder/onnx/model_fp16.onnx` of the model beside it, in float16 from its weights to its logits.

    pip install onnx onnxconverter-common
    python3 test/reference/make_float16.py
"""

import pathlib

import onnx
from onnxconverter_common import float16

FOLDER = pathlib.Path(__file__).resolve().parent / "cross-encoder/onnx"
FLOAT, FLOAT16 = onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16


def main():
    model = onnx.load(FOLDER / "model.onnx")
    casts = {node.name for node in model.graph.node if node.op_type == "Cast" and node.attribute[0].i == FLOAT}
    half = float16.convert_float_to_float16(model)
    # The converter leaves casts of integers to float32 as they are.
    for node in half.graph.node:
        if node.name in casts:
            node.attribute[0].i = FLOAT16
    del half.graph.value_info[:]
    onnx.checker.check_model(half, full_check=True)
    onnx.save(half, FOLDER / "model_fp16.onnx")


if __name__ == "__main__":
    main()
