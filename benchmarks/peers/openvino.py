"""OpenVINO's CPU plugin in float32, output tensor set beforehand."""

from . import Runner

VARIANTS = ("",)
REQUIRES = "openvino"


def prepare(case, variant):
    import openvino
    from openvino._pyopenvino import InferRequest
    config = {"INFERENCE_NUM_THREADS": case.threads, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY",
              "INFERENCE_PRECISION_HINT": "f32", "ENABLE_CPU_PINNING": False}
    compiled = openvino.Core().compile_model(str(case.model), "CPU", config)
    request = compiled.create_infer_request()
    x, y = case.input(), case.output_like()
    request.set_input_tensor(openvino.Tensor(x, shared_memory=True))
    request.set_output_tensor(openvino.Tensor(y, shared_memory=True))
    # The extension's own method: the Python wrapper costs another 10 microseconds.
    infer = InferRequest.infer
    return Runner(lambda: infer(request, {}, share_outputs=True, decode_strings=False), lambda: y,
                  keep=(compiled, x))
