"""ONNX Runtime, CPU provider, all optimizations, input and output bound beforehand."""

from . import Runner

VARIANTS = ("",)
REQUIRES = "onnxruntime"


def prepare(case, variant):
    import numpy as np
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.intra_op_num_threads = case.threads
    options.inter_op_num_threads = 1
    # A spinning thread would take the core from what is measured.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0" if case.threads == 1 else "1")
    session = ort.InferenceSession(str(case.model), options, providers=["CPUExecutionProvider"])
    x, y = case.input(), case.output_like()
    binding = session.io_binding()
    for bind, port, array in [(binding.bind_input, session.get_inputs()[0], x),
                              (binding.bind_output, session.get_outputs()[0], y)]:
        bind(port.name, "cpu", 0, np.float32, array.shape, array.ctypes.data)
    # Without the Python wrapper's checks of every call.
    run, inner, run_options = session._sess.run_with_iobinding, binding._iobinding, ort.RunOptions()
    return Runner(lambda: run(inner, run_options), lambda: y, keep=(session, binding, x))
