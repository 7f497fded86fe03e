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
        {"BlockLSTM", {"i", "cs", "f", "o", "ci", "co", "h"}},
        {"BlockLSTMGrad",
         {"x_grad", "cs_prev_grad", "h_prev_grad", "w_grad", "wci_grad", "wcf_grad", "wco_grad", "b_grad"}},
        {"BlockLSTMGradV2",
         {"x_grad", "cs_prev_grad", "h_prev_grad", "w_grad", "wci_grad", "wcf_grad", "wco_grad", "b_grad"}},
        {"BlockLSTMV2", {"i", "cs", "f", "o", "ci", "co", "h"}},
        {"BroadcastGradientArgs", {"r0", "r1"}},
        {"CTCGreedyDecoder", {"decoded_indices", "decoded_values", "decoded_shape", "log_probability"}},
        {"CTCLoss", {"loss", "gradient"}},
        {"CombinedNonMaxSuppression", {"nmsed_boxes", "nmsed_scores", "nmsed_classes", "valid_detections"}},
        {"FakeQuantWithMinMaxVarsGradient", {"backprops_wrt_input", "backprop_wrt_min", "backprop_wrt_max"}},
        {"FakeQuantWithMinMaxVarsPerChannelGradient", {"backprops_wrt_input", "backprop_wrt_min", "backprop_wrt_max"}},
        {"FractionalAvgPool", {"output", "row_pooling_sequence", "col_pooling_sequence"}},
        {"FractionalMaxPool", {"output", "row_pooling_sequence", "col_pooling_sequence"}},
        {"FusedBatchNorm", {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"}},
        {"FusedBatchNormGrad",
         {"x_backprop", "scale_backprop", "offset_backprop", "reserve_space_3", "reserve_space_4"}},
        {"FusedBatchNormGradV2",
         {"x_backprop", "scale_backprop", "offset_backprop", "reserve_space_3", "reserve_space_4"}},
        {"FusedBatchNormGradV3",
         {"x_backprop", "scale_backprop", "offset_backprop", "reserve_space_4", "reserve_space_5"}},
        {"FusedBatchNormV2", {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"}},
        {"FusedBatchNormV3",
         {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2", "reserve_space_3"}},
        {"GRUBlockCell", {"r", "u", "c", "h"}},
        {"GRUBlockCellGrad", {"d_x", "d_h_prev", "d_c_bar", "d_r_bar_u_bar"}},
        {"LSTMBlockCell", {"i", "cs", "f", "o", "ci", "co", "h"}},
        {"LSTMBlockCellGrad", {"cs_prev_grad", "dicfo", "wci_grad", "wcf_grad", "wco_grad"}},
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
        {"QuantizeAndDequantizeV4Grad", {"input_backprop", "input_min_backprop", "input_max_backprop"}},
        {"QuantizeV2", {"output", "output_min", "output_max"}},
        {"RaggedGather", {"output_nested_splits*OUTPUT_RAGGED_RANK", "output_dense_values"}},
        {"RaggedRange", {"rt_nested_splits", "rt_dense_values"}},
        {"RaggedTensorToSparse", {"sparse_indices", "sparse_values", "sparse_dense_shape"}},
        {"RefMerge", {"output", "value_index"}},
        {"RefSwitch", {"output_false", "output_true"}},
        {"SampleDistortedBoundingBoxV2", {"begin", "size", "bboxes"}},
        {"SelfAdjointEigV2", {"e", "v"}},
        {"SoftmaxCrossEntropyWithLogits", {"loss", "backprop"}},
        {"SparseAdd", {"sum_indices", "sum_values", "sum_shape"}},
        {"SparseAddGrad", {"a_val_grad", "b_val_grad"}},
        {"SparseConcat", {"output_indices", "output_values", "output_shape"}},
        {"SparseFillEmptyRows", {"output_indices", "output_values", "empty_row_indicator", "reverse_index_map"}},
        {"SparseFillEmptyRowsGrad", {"d_values", "d_default_value"}},
        {"SparseReduceMaxSparse", {"output_indices", "output_values", "output_shape"}},
        {"SparseReduceSumSparse", {"output_indices", "output_values", "output_shape"}},
        {"SparseReorder", {"output_indices", "output_values"}},
        {"SparseReshape", {"output_indices", "output_shape"}},
        {"SparseSegmentMeanGradV2", {"output", "sorted_unique_indices"}},
        {"SparseSegmentSqrtNGradV2", {"output", "sorted_unique_indices"}},
        {"SparseSegmentSumGradV2", {"output", "sorted_unique_indices"}},
        {"SparseSlice", {"output_indices", "output_values", "output_shape"}},
        {"SparseSoftmaxCrossEntropyWithLogits", {"loss", "backprop"}},
        {"SparseSparseMaximum", {"output_indices", "output_values"}},
        {"SparseSparseMinimum", {"output_indices", "output_values"}},
        {"SparseSplit", {"output_indices*num_split", "output_values*num_split", "output_shape*num_split"}},
        {"StatelessRandomGetKeyCounter", {"key", "counter"}},
        {"StatelessRandomGetKeyCounterAlg", {"key", "counter", "alg"}},
        {"StringNGrams", {"ngrams", "ngrams_splits"}},
        {"StringSplit", {"indices", "values", "shape"}},
        {"StringSplitV2", {"indices", "values", "shape"}},
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
