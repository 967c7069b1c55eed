"""Rewrites an export so that its layers are functions of the model, as exporters wrote modules."""

import onnx
from onnx import helper

DOMAIN = "pkg.transformers"


def norm_function(opsets):
    """A function with an attribute, called by the layers' functions."""
    node = helper.make_node("LayerNormalization", ["x", "gamma", "beta"], ["y"], name="norm", axis=-1)
    epsilon = onnx.AttributeProto(name="epsilon", type=onnx.AttributeProto.FLOAT, ref_attr_name="epsilon")
    node.attribute.append(epsilon)
    return helper.make_function(
        DOMAIN, "torch_nn_LayerNorm", ["x", "gamma", "beta"], ["y"], [node], opsets, attributes=["epsilon"]
    )


def through_norm_function(node):
    if node.op_type != "LayerNormalization":
        return node
    epsilon = [one for one in node.attribute if one.name == "epsilon"]
    call = helper.make_node("torch_nn_LayerNorm", node.input, node.output, name=node.name, domain=DOMAIN)
    call.attribute.extend(epsilon)
    return call


def with_layers_as_functions(model):
    graph, opsets = model.graph, list(model.opset_import)
    inner = [*opsets, helper.make_opsetid(DOMAIN, 1)]
    layers = max(int(node.name.split("/layer.")[1].split("/")[0]) for node in graph.node if "/layer." in node.name) + 1
    result, functions = list(graph.node), [norm_function(opsets)]
    for layer in range(layers):
        own = [node for node in result if f"/layer.{layer}/" in node.name]
        made = [name for node in own for name in node.output]
        wanted = {name for node in result if node not in own for name in node.input} | {one.name for one in graph.output}
        inputs = sorted({name for node in own for name in node.input if name and name not in made})
        outputs = [name for name in made if name in wanted]
        # Names of a function are its own: the same ones again in each.
        names = {name: f"value_{index}" for index, name in enumerate([*inputs, *made])}
        body = [through_norm_function(node) for node in own]
        call = helper.make_node(f"BertLayer_{layer}", inputs, outputs, name=f"layer_{layer}", domain=DOMAIN)
        at = result.index(own[-1])
        result = [node for node in result[:at] if node not in own] + [call] + result[at + 1 :]
        for node in body:
            node.input[:] = [names.get(name, name) for name in node.input]
            node.output[:] = [names[name] for name in node.output]
        functions.append(
            helper.make_function(
                DOMAIN, f"BertLayer_{layer}", [names[name] for name in inputs], [names[name] for name in outputs],
                body, inner,
            )  # fmt: skip
        )
    made = helper.make_model(
        helper.make_graph(result, graph.name, graph.input, graph.output, graph.initializer),
        opset_imports=inner, functions=functions, ir_version=model.ir_version,
    )  # fmt: skip
    onnx.checker.check_model(made)
    return made
