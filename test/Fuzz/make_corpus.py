"""Writes the seed corpus of the fuzzer: one tiny model per family. make_corpus.py [FOLDER]"""
import os
import sys

import onnx.parser
from onnx import TensorProto, helper

FOLDER = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus", "onnx")
HEAD = '<ir_version: 10, opset_import: ["": %d, "com.microsoft": 1, "local": 1]>\n'

# name: (graph and functions, opset)
TEXTS = {
    "elementwise": ("g (float[N, 3] x, float[3] w) => (float[N, 3] y) { a = Mul(x, w) b = Sigmoid(a) y = Add(b, x) }", 21),
    "matmul": ("g (float[N, 3] x) => (y) <float[3, 2] w = {1, 2, 3, 4, 5, 6}, float[2] c = {1, 2}> { y = Gemm(x, w, c) }", 13),
    "conv": ("g (float[1, 1, H, W] x) => (y) <float[1, 1, 2, 2] w = {1, 2, 3, 4}> "
             "{ a = Conv<auto_pad = \"SAME_UPPER\", strides = [2, 1]>(x, w) b = Relu(a) y = MaxPool<kernel_shape = [2, 2]>(b) }", 12),
    "conv_transpose": ("g (float[1, 2, 3, 3] x, float[2, 1, 3, 3] w) => (y) { y = ConvTranspose<output_padding = [1, 1], strides = [2, 2]>(x, w) }", 22),
    "pool": ("g (float[1, 1, 5, 5] x) => (y, i) { a = AveragePool<ceil_mode = 1, kernel_shape = [3, 3], pads = [1, 1, 1, 1]>(x) "
             "y, i = MaxPool<dilations = [2, 2], kernel_shape = [2, 2]>(a) }", 22),
    "norm": ("g (float[2, 4, 3] x, float[4] s, float[4] b) => (y) { a = BatchNormalization(x, s, b, s, b) c = InstanceNormalization(a, s, b) "
             "y = GroupNormalization<num_groups = 2>(c, s, b) }", 21),
    "layer_norm": ("g (float[N, 4] x, float[4] s) => (y, m, v) { y, m, v = LayerNormalization(x, s) }", 17),
    "softmax": ("g (float[N, M] x) => (y) { a = Softmax<axis = 0>(x) b = LogSoftmax(a) y = Hardmax(b) }", 13),
    "reduce": ("g (float[N, 3, 4] x, int64[1] axes) => (y, z, i) <int64[2] two = {0, 2}> { y = ReduceSum(x, axes) z = ReduceLogSumExp<keepdims = 0>(x, two) "
               "i = ArgMax<axis = 1>(x) }", 18),
    "shapes": ("g (float[N, C, 4] x) => (y) <int64[1] zero = {0}, int64[1] last = {-1}> "
               "{ s = Shape(x) n = Gather(s, zero) t = Concat<axis = 0>(n, last) y = Reshape(x, t) }", 19),
    "arithmetic": ("g (float[N, M] x) => (y) <int64[1] two = {2}> { s = Shape(x) a = Mul(s, two) b = Div(a, two) c = Add(b, s) d = ReduceProd<keepdims = 1>(c) "
                   "y = ConstantOfShape(d) }", 18),
    "layout": ("g (float[2, 3, 4] x) => (y, z) { a = Transpose<perm = [2, 0, 1]>(x) b = Flatten<axis = 2>(a) y, z = Split<num_outputs = 2>(b) }", 18),
    "slice": ("g (float[N, 8] x, int64[2] starts) => (y, z) <int64[2] ends = {-1, 9223372036854775807}, int64[2] axes = {0, 1}, int64[2] steps = {2, -1}> "
              "{ y = Slice(x, starts, ends, axes, steps) z = Slice(x, axes, ends) }", 13),
    "pad": ("g (float[2, 3] x) => (y, z) <int64[4] pads = {1, 0, -1, 2}> { y = Pad<mode = \"reflect\">(x, pads) z = Pad<mode = \"wrap\">(x, pads) }", 19),
    "gather": ("g (float[3, 4] x, int64[2, 2] i) => (y, z, w) { y = Gather<axis = 1>(x, i) z = GatherND(x, i) w = GatherElements(x, i) }", 13),
    "scatter": ("g (float[3, 4] x, int64[2, 2] i, float[2] u, float[2, 2] v) => (y, z) { y = ScatterND<reduction = \"add\">(x, i, u) "
                "z = ScatterElements<axis = 1>(x, i, v) }", 18),
    "fill": ("g (int64 n) => (y, z, t) <int64 zero = {0}, int64 one = {1}, float[2] hot = {0, 1}> { y = Range(zero, n, one) z = OneHot(y, n, hot) t = Trilu(z) }", 14),
    "tile": ("g (float[2, N] x, int64[2] r) => (y, z) <int64[3] s = {2, 1, 3}> { y = Tile(x, r) a = Tile(x, r) z = Expand(x, s) }", 13),
    "resize": ("g (float[1, 1, H, W] x) => (y, z) <float[4] scales = {1, 1, 2, 1.5}, int64[4] sizes = {1, 1, 3, 4}> "
               "{ y = Resize<mode = \"linear\">(x, , scales) z = Resize<mode = \"cubic\", keep_aspect_ratio_policy = \"not_larger\">(x, , , sizes) }", 19),
    "cast": ("g (float[4] x) => (y, z) { a = Cast<to = 17>(x) b = Cast<to = 1>(a) c = Cast<to = 22>(b) y = Cast<to = 10>(c) z = BitCast<to = 6>(x) }", 26),
    "logic": ("g (int32[N] x, bool[N] m) => (y) { a = Less(x, x) b = And(a, m) y = Where(b, x, x) }", 18),
    "sort": ("g (float[N, 5] x, int64[1] k) => (v, i, u, n) { v, i = TopK(x, k) u = Unique<axis = 0>(x) n = NonZero(x) }", 11),
    "einsum": ("g (float[2, N, 3] x, float[2, 3, 4] y) => (z) { z = Einsum<equation = \"bij,bj...->i...\">(x, y) }", 12),
    "attention": ("g (float[1, 2, 3, 4] q, float[1, 2, 5, 4] k, float[1, 2, 5, 4] v) => (y) { y = Attention<is_causal = 1>(q, k, v) }", 23),
    "lstm": ("g (float[T, 1, 2] x, float[1, 8, 2] w, float[1, 8, 2] r) => (y, h, c) { y, h, c = LSTM<hidden_size = 2>(x, w, r) }", 14),
    "gru": ("g (float[T, 1, 2] x, float[2, 6, 2] w, float[2, 6, 2] r) => (y, h) { y, h = GRU<direction = \"bidirectional\", hidden_size = 2>(x, w, r) }", 14),
    "rnn": ("g (float[T, 1, 2] x, float[1, 2, 2] w, float[1, 2, 2] r) => (y, h) { y, h = RNN<hidden_size = 2, activations = [\"Relu\"]>(x, w, r) }", 14),
    "quantized": ("g (float[N, 4] x) => (y, p) <float s = {0.5}, uint8 z = {3}, uint8[4, 2] w = {1, 2, 3, 4, 5, 6, 7, 8}> "
                  "{ q = QuantizeLinear(x, s, z) y = DequantizeLinear(q, s, z) d, ds, dz = DynamicQuantizeLinear(x) p = MatMulInteger(d, w, dz, z) }", 21),
    "quantized_conv": ("g (uint8[1, 1, 3, 3] x, uint8[1, 1, 2, 2] w) => (y) <uint8 z = {3}> { y = ConvInteger(x, w, z) }", 10),
    "if": ("g (bool c, float[N] x) => (y) { y = If(c)<then_branch = t () => (float[M] a) { a = Relu(x) }, else_branch = e () => (float[M] b) { b = Neg(x) }> }", 16),
    "if_ranks": ("g (bool c, float[1, N] x) => (y) { a = If(c)<then_branch = t () => (r) { r = Squeeze(x) }, else_branch = e () => (s) { s = Identity(x) }> y = Relu(a) }", 11),
    "loop": ("g (int64 n, bool c, float[2] x) => (y, s) { y, s = Loop(n, c, x)<body = b (int64 i, bool go, float[2] v) => (bool on, float[2] w, float[2] o) "
             "{ on = Identity(go) w = Add(v, v) o = Identity(w) }> }", 16),
    "loop_grows": ("g (float[1] x) => (y) <int64 n = {3}, bool c = {1}> { y = Loop(n, c, x)<body = b (int64 i, bool go, v) => (go, w) { w = Concat<axis = 0>(v, x) }> }", 16),
    "scan": ("g (float[2] s, float[T, 2] x) => (f, y) { f, y = Scan<num_scan_inputs = 1, body = b (float[2] a, float[2] e) => (float[2] n, float[2] o) "
             "{ n = Add(a, e) o = Identity(n) }>(s, x) }", 16),
    "sequence": ("g (float[N] x) => (y, n) <int64 zero = {0}> { e = SequenceEmpty() s = SequenceInsert(e, x) t = SequenceInsert(s, x, zero) a = SequenceAt(t, zero) "
                 "b = ConcatFromSequence<axis = 0>(t) y = Concat<axis = 0>(a, b) n = SequenceLength(t) }", 12),
    "sequence_map": ("g (seq(float[N]) s) => (t) { t = SequenceMap(s)<body = b (float[N] e) => (float[N] r) { r = Neg(e) }> }", 17),
    "optional": ("g (optional(float[2]) o) => (y) { h = OptionalHasElement(o) y = If(h)<then_branch = t () => (a) { a = OptionalGetElement(o) }, "
                 "else_branch = e () => (b) { b = Constant<value = float[2] {1, 2}>() }> }", 18),
    "functions": ("g (float[2] x) => (y) { y = local.Outer<slope = 2.0>(x) }\n"
                  '<domain: "local", opset_import: ["": 18, "local": 1]> Scale<factor>(v) => (w) { f = Constant<value_float: float = @factor>() w = Mul(v, f) }\n'
                  '<domain: "local", opset_import: ["": 18, "local": 1]> Outer<slope>(v) => (w) { s = local.Scale<factor: float = @slope>(v) w = Relu(s) }', 18),
    "recursion": ('g (float[2] x) => (y) { y = local.F(x) }\n<domain: "local", opset_import: ["local": 1]> F(v) => (w) { w = local.F(v) }', 18),
    "microsoft": ("g (float[1, 2, 8] x, float[8] b) => (y, z) { y = com.microsoft.BiasGelu(x, b) z = com.microsoft.FusedMatMul<transB = 1>(x, x) }", 17),
    "loss": ("g (float[N, 3] x, int64[N] t) => (l) { l = SoftmaxCrossEntropyLoss<reduction = \"mean\">(x, t) }", 13),
    "dropout": ("g (float[N] x) => (y, m) { y, m = Dropout(x) }", 22),
    "fourier": ("g (float[1, 8, 1] x) => (y) { y = DFT<onesided = 1>(x) }", 20),
    "boxes": ("g (float[1, 4, 4] b, float[1, 1, 4] s) => (y) <int64 k = {2}, float t = {0.5}> { y = NonMaxSuppression(b, s, k, t) }", 11),
    "old": ("g (float[2, 3, 4] x) => (y) { a = Squeeze<axes = [0]>(x) b = Unsqueeze<axes = [1]>(a) c = Clip<max = 1.0, min = 0.0>(b) y = Pad<pads = [0, 0, 1, 0, 1, 0]>(c) }", 6),
    "sampling": ("g (float[1, 2, 4, 5] x, float[1, H, W, 2] grid, float[N, 2, 3] theta) => (y, z) <int64[4] size = {2, 3, 4, 5}> "
                 "{ y = GridSample<mode = \"cubic\", padding_mode = \"reflection\">(x, grid) z = AffineGrid(theta, size) }", 20),
    "regions": ("g (float[1, 3, 8, 8] x, float[R, 4] rois, int64[R] images) => (y, z) { y = RoiAlign<output_height = 2, sampling_ratio = 2>(x, rois, images) "
                "z = RoiAlign<mode = \"max\">(x, rois, images) }", 16),
    "deform_conv": ("g (float[1, 2, 3, 3] x, float[1, 2, 2, 2] w, float[1, 8, 2, 2] o) => (y) { y = DeformConv(x, w, o) }", 22),
    "col2im": ("g (float[1, 8, 9] x) => (y, z) <int64[2] image = {4, 4}, int64[2] block = {2, 2}> { y = Col2Im(x, image, block) "
               "z = Col2Im<pads = [1, 1, 1, 1], strides = [2, 2]>(x, image, block) }", 18),
    "unpool": ("g (float[1, 1, 4, 4] x) => (y, z) { a, i = MaxPool<kernel_shape = [2, 2], strides = [2, 2]>(x) y = MaxUnpool<kernel_shape = [2, 2], strides = [2, 2]>(a, i) "
               "z = LpPool<kernel_shape = [2, 2], p = 3>(x) }", 22),
    "grams": ("g (int64[N, 6] x) => (y) { y = TfIdfVectorizer<max_gram_length = 2, max_skip_count = 1, min_gram_length = 1, mode = \"TFIDF\", ngram_counts = [0, 2], "
              "ngram_indexes = [1, 0, 2], pool_int64s = [5, 6, 7, 8], weights = [1.0, 2.0, 0.5]>(x) }", 9),
    "signal": ("g (float[1, 32, 1] x, int64 n) => (y, z, w) <int64 step = {8}, float[16] window = {1, 2, 3, 4, 5, 6, 7, 8, 8, 7, 6, 5, 4, 3, 2, 1}, int64 bins = {4}, "
               "int64 size = {16}, int64 rate = {8000}, float low = {0}, float high = {4000}> "
               "{ y = STFT(x, step, window) z = HannWindow<periodic = 0>(n) w = MelWeightMatrix(bins, size, rate, low, high) }", 17),
    "random": ("g (float[2, 3] x) => (a, b, c, d) { a = RandomUniform<seed = 1.0, shape = [3, 4]>() b = RandomNormalLike(x) c = Multinomial<sample_size = 4>(x) d = Bernoulli(x) }", 22),
    "cumulative": ("g (float[N, 3] x, bool[N] m, int64[3] l) => (y, z, w) <int64 axis = {1}> { y = CumSum<exclusive = 1, reverse = 1>(x, axis) z = Compress<axis = 0>(x, m) "
                   "w = ReverseSequence<batch_axis = 1, time_axis = 0>(x, l) }", 15),
    "crop": ("g (float[4, N] x) => (y, z) <int64[2] size = {2, 6}> { y = CenterCropPad(x, size) z = EyeLike<k = 1>(y) }", 18),
    "depth": ("g (float[1, 8, 2, 2] x) => (y, z) { a = DepthToSpace<blocksize = 2, mode = \"CRD\">(x) y = SpaceToDepth<blocksize = 2>(a) z = LRN<size = 3>(x) }", 13),
    "rotary": ("g (float[1, 2, 3, 4] x, float[1, 3, 2] c, float[1, 3, 2] s) => (y, z) <float[4] g = {1, 2, 3, 4}> { y = RotaryEmbedding(x, c, s) z = RMSNormalization(x, g) }", 23),
    "linear_attention": ("g (float[1, 2, 4] q, float[1, 2, 4] k, float[1, 2, 4] v) => (y, s) "
                         "{ y, s = LinearAttention<kv_num_heads = 2, q_num_heads = 2, update_rule = \"linear\">(q, k, v) }", 27),
    "splits": ("g (float[6, 2] x) => (y, z, w) <int64 two = {2}> { s = SplitToSequence<axis = 0, keepdims = 0>(x, two) y = SequenceErase(s, two) c = SequenceConstruct(x, x) "
               "z = ConcatFromSequence<axis = 1, new_axis = 1>(c) o = Optional(x) w = OptionalGetElement(o) }", 18),
    "qlinear": ("g (uint8[1, 1, 3, 3] x, uint8[1, 1, 2, 2] w, uint8[N, 4] a) => (y, z) <float s = {0.5}, uint8 o = {3}, uint8[4, 2] b = {1, 2, 3, 4, 5, 6, 7, 8}> "
                "{ y = QLinearConv(x, s, o, w, s, o, s, o) z = QLinearMatMul(a, s, o, b, s, o, s, o) }", 10),
    "bits": ("g (uint8[N] x, float[3, 3] m) => (y, d, e) { a = BitShift<direction = \"LEFT\">(x, x) b = BitwiseXor(a, x) c = Mod(b, x) y = Min(c, x, a) d = Det(m) e = Pow(m, m) }", 18),
    "cache": ("g (float[1, 2, 4, 3] p, float[1, 2, 1, 3] u, int64[1] i) => (y) { y = TensorScatter<mode = \"circular\">(p, u, i) }", 24),
    "cycle": ("g (float[2] x) => (y) { y = Add(x, z) z = Relu(y) }", 18),
}


def write(name, data):
    assert len(data) < 2048, name
    with open(os.path.join(FOLDER, name + ".onnx"), "wb") as file:
        file.write(data)


def identity(tensor=None, sparse=None, dtype=TensorProto.FLOAT):
    """A model that gives back what it holds."""
    graph = helper.make_graph([helper.make_node("Identity", ["w"], ["y"])], "g", [],
                              [helper.make_tensor_value_info("y", dtype, None)])
    graph.initializer.extend([tensor] if tensor else [])
    graph.sparse_initializer.extend([sparse] if sparse else [])
    return helper.make_model(graph, ir_version=11, opset_imports=[helper.make_opsetid("", 25)]).SerializeToString()


os.makedirs(FOLDER, exist_ok=True)
for name, (text, opset) in TEXTS.items():
    write(name, onnx.parser.parse_model(HEAD % opset + text).SerializeToString())
for dtype in range(1, 27):
    tensor = TensorProto(name="w", dims=[2, 2], data_type=dtype)
    if dtype == TensorProto.STRING:
        tensor.string_data.extend([b"a", b"\xff\0", b"", b"b"])
    else:
        tensor.raw_data = bytes(range(64))[:(4 * helper.tensor_dtype_to_np_dtype(dtype).itemsize)]
    write("dtype%02d" % dtype, identity(tensor, dtype=dtype))
external = TensorProto(name="w", dims=[3], data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL)
for key, value in (("location", "data.bin"), ("offset", "0"), ("length", "12")):
    external.external_data.add(key=key, value=value)
write("external", identity(external))
values = helper.make_tensor("w", TensorProto.FLOAT, [2], [1, 2])
for name, indices in (("sparse", helper.make_tensor("i", TensorProto.INT64, [2], [1, 5])),
                      ("sparse2", helper.make_tensor("i", TensorProto.INT64, [2, 2], [0, 1, 1, 2]))):
    write(name, identity(sparse=helper.make_sparse_tensor(values, indices, [2, 3])))
