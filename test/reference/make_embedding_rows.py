"""Makes `graphs/embedding_rows.json`: one row of the token embeddings of every graph in `graphs/`, as onnx reads it.

    pip install onnx numpy
    python3 test/reference/make_embedding_rows.py

The row is that of token 5. A quantised table is dequantised by its own scale and zero point, which exporters of
onnxruntime name after it.
"""

import json
import pathlib

import numpy
import onnx
from onnx import numpy_helper

FOLDER = pathlib.Path(__file__).parent / "graphs"
TABLE = ("word_embeddings.weight", "tok_embeddings.weight")
TOKEN = 5


def row_of(path):
    """The row; None where the optimiser has renamed the table."""
    model = onnx.load(path)
    tensors = {one.name: one for one in model.graph.initializer}
    for name, tensor in tensors.items():
        if name.endswith(TABLE):
            return numpy_helper.to_array(tensor)[TOKEN].astype(numpy.float32)
        if name.endswith(tuple(f"{table}_quantized" for table in TABLE)):
            stem = name.removesuffix("_quantized")
            scale = numpy_helper.to_array(tensors[f"{stem}_scale"])
            zero = numpy_helper.to_array(tensors[f"{stem}_zero_point"])
            row = numpy_helper.to_array(tensor)[TOKEN].astype(numpy.float32)
            return (row - numpy.float32(zero)) * scale
    return None


def main():
    rows = {path.stem: row_of(path) for path in sorted(FOLDER.glob("*.onnx"))}
    lines = [
        f"  {json.dumps(name)}: [{', '.join(f'{value:.9g}' for value in row)}]"
        for name, row in rows.items()
        if row is not None
    ]
    (FOLDER / "embedding_rows.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
