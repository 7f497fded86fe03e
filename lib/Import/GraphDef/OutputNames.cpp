// The outputs of operators with several, by the names that function bodies use.
#include "Graph.h"

using namespace mlir;

namespace tfc::tf {

namespace {
struct Entry {
  StringRef op;
  SmallVector<StringRef, 6> names;
};
} // namespace

ArrayRef<StringRef> outputNames(StringRef op) {
  static const llvm::StringMap<SmallVector<StringRef, 6>> table = [] {
    const Entry entries[] = {
        {"BatchNormWithGlobalNormalizationGrad", {"dx", "dm", "dv", "db", "dg"}},
        {"BroadcastGradientArgs", {"r0", "r1"}},
        {"CTCGreedyDecoder", {"decoded_indices", "decoded_values", "decoded_shape", "log_probability"}},
        {"CombinedNonMaxSuppression", {"nmsed_boxes", "nmsed_scores", "nmsed_classes", "valid_detections"}},
        {"FakeQuantWithMinMaxVarsGradient", {"backprops_wrt_input", "backprop_wrt_min", "backprop_wrt_max"}},
        {"FakeQuantWithMinMaxVarsPerChannelGradient", {"backprops_wrt_input", "backprop_wrt_min", "backprop_wrt_max"}},
        {"FractionalAvgPool", {"output", "row_pooling_sequence", "col_pooling_sequence"}},
        {"FractionalMaxPool", {"output", "row_pooling_sequence", "col_pooling_sequence"}},
        {"FusedBatchNorm", {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"}},
        {"FusedBatchNormV2", {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"}},
        {"FusedBatchNormV3",
         {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2", "reserve_space_3"}},
        {"FusedBatchNormGrad",
         {"x_backprop", "scale_backprop", "offset_backprop", "reserve_space_3", "reserve_space_4"}},
        {"FusedBatchNormGradV2",
         {"x_backprop", "scale_backprop", "offset_backprop", "reserve_space_3", "reserve_space_4"}},
        {"FusedBatchNormGradV3",
         {"x_backprop", "scale_backprop", "offset_backprop", "reserve_space_4", "reserve_space_5"}},
        {"ListDiff", {"out", "idx"}},
        {"LogMatrixDeterminant", {"sign", "log_abs_determinant"}},
        {"LookupTableExport", {"keys", "values"}},
        {"LookupTableExportV2", {"keys", "values"}},
        {"Lu", {"lu", "p"}},
        {"MaxPoolWithArgmax", {"output", "argmax"}},
        {"Merge", {"output", "value_index"}},
        {"NonMaxSuppressionV4", {"selected_indices", "valid_outputs"}},
        {"NonMaxSuppressionV5", {"selected_indices", "selected_scores", "valid_outputs"}},
        {"Qr", {"q", "r"}},
        {"RaggedGather", {"output_nested_splits", "output_dense_values"}},
        {"RaggedRange", {"rt_nested_splits", "rt_dense_values"}},
        {"RefMerge", {"output", "value_index"}},
        {"RefSwitch", {"output_false", "output_true"}},
        {"SampleDistortedBoundingBoxV2", {"begin", "size", "bboxes"}},
        {"SelfAdjointEigV2", {"e", "v"}},
        {"SparseFillEmptyRows", {"output_indices", "output_values", "empty_row_indicator", "reverse_index_map"}},
        {"SparseReorder", {"output_indices", "output_values"}},
        {"SparseReshape", {"output_indices", "output_shape"}},
        {"SparseSlice", {"output_indices", "output_values", "output_shape"}},
        {"SparseSoftmaxCrossEntropyWithLogits", {"loss", "backprop"}},
        {"SoftmaxCrossEntropyWithLogits", {"loss", "backprop"}},
        {"StatelessRandomGetKeyCounter", {"key", "counter"}},
        {"StatelessRandomGetKeyCounterAlg", {"key", "counter", "alg"}},
        {"StringSplit", {"indices", "values", "shape"}},
        {"StringSplitV2", {"indices", "values", "shape"}},
        {"StringNGrams", {"ngrams", "ngrams_splits"}},
        {"Svd", {"s", "u", "v"}},
        {"Switch", {"output_false", "output_true"}},
        {"TensorArrayConcatV2", {"value", "lengths"}},
        {"TensorArrayConcatV3", {"value", "lengths"}},
        {"TensorArrayGradV3", {"grad_handle", "flow_out"}},
        {"TensorArrayV3", {"handle", "flow"}},
        {"TensorListConcat", {"tensor", "lengths"}},
        {"TensorListConcatV2", {"tensor", "lengths"}},
        {"TensorListPopBack", {"output_handle", "tensor"}},
        {"TopK", {"values", "indices"}},
        {"TopKV2", {"values", "indices"}},
        {"UnicodeDecodeWithOffsets", {"row_splits", "char_values", "char_to_byte_starts"}},
        {"Unique", {"y", "idx"}},
        {"UniqueV2", {"y", "idx"}},
        {"UniqueWithCounts", {"y", "idx", "count"}},
        {"UniqueWithCountsV2", {"y", "idx", "count"}},
    };
    llvm::StringMap<SmallVector<StringRef, 6>> map;
    for (const Entry &entry : entries)
      map[entry.op] = entry.names;
    return map;
  }();
  auto it = table.find(op);
  return it == table.end() ? ArrayRef<StringRef>() : ArrayRef<StringRef>(it->second);
}

} // namespace tfc::tf
