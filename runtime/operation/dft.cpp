// Discrete Fourier transform along an axis.
#include "operation/fourier.h"
#include "operation/operation.h"

#include <inttypes.h>

using namespace tfc::rt;

namespace {

struct Transform {
  int64_t length;
  bool inverse, onesided;
};

// Reads a row of `extent` numbers with `parts` parts, `stride` numbers apart, as
// `length` complex numbers.
template <typename T>
void loadRow(const T *row, int64_t extent, int64_t stride, int64_t parts, Transform transform, Complex *data) {
  const bool mirrored = transform.inverse && transform.onesided;
  const int64_t length = transform.length, given = mirrored ? length / 2 + 1 : length;
  for (int64_t k = 0; k < given; ++k) {
    const T *number = row + k * stride * parts;
    data[k] = k < extent ? Complex{double(number[0]), parts == 2 ? double(number[1]) : 0} : Complex{0, 0};
  }
  for (int64_t k = given; k < length; ++k)
    data[k] = data[length - k].conjugate();
}

template <typename T>
tfc_status_t run(tfc_context_t *context, const tfc_tensor_t &x, const AxisView &view, Transform transform,
                 const tfc_tensor_t &y) {
  const int64_t length = transform.length, inParts = x.shape[x.rank - 1], outParts = y.shape[y.rank - 1];
  // Rows of whole numbers, not of their parts.
  AxisView from = view, to = view;
  from.inner = to.inner = view.inner / inParts;
  to.extent = y.shape[view.axis];
  ScratchArray<Complex> memory(context, Fourier::planSize(length));
  if (!memory)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  const Fourier fourier(length, memory.get());
  const double scale = transform.inverse ? 1.0 / static_cast<double>(length) : 1.0;
  return forEachRow<Complex>(context, from.rowCount(), length * 32, Fourier::scratchSize(length),
                             [&](int64_t row, Complex *scratch) {
                               loadRow(static_cast<const T *>(x.data) + from.firstOf(row) * inParts, from.extent,
                                       from.inner, inParts, transform, scratch);
                               // The inverse is the forward transform between two conjugations.
                               if (transform.inverse)
                                 for (int64_t k = 0; k < length; ++k)
                                   scratch[k] = scratch[k].conjugate();
                               const Complex *result = fourier.run(scratch);
                               T *out = static_cast<T *>(y.data) + to.firstOf(row) * outParts;
                               for (int64_t k = 0; k < to.extent; ++k, out += to.inner * outParts) {
                                 out[0] = static_cast<T>(result[k].re * scale);
                                 if (outParts == 2)
                                   out[1] = static_cast<T>((transform.inverse ? -result[k].im : result[k].im) * scale);
                               }
                             });
}

} // namespace

tfc_status_t tfc_operation_dft(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *outputs,
                               int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  const Transform transform{*static_cast<const int64_t *>(inputs[1].data), parameters[1] != 0, parameters[2] != 0};
  if (x.dtype != TFC_DTYPE_F32 && x.dtype != TFC_DTYPE_F64)
    return failDtype(context, "dft", x.dtype);
  AxisView view;
  if (tfc_status_t status = viewAxis(context, "dft", x, parameters[0], view))
    return status;
  const int32_t last = x.rank - 1;
  if (view.axis == last || x.shape[last] < 1 || x.shape[last] > 2)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "dft: axis is %" PRId32 " and the last dimension is %" PRId64
                                   ", expected another axis and 1 or 2",
                                   view.axis, x.shape[last]);
  if (transform.length < 1 || transform.length > INT32_MAX)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "dft: length is %" PRId64 ", expected 1 to 2^31-1",
                                   transform.length);
  int64_t shape[TFC_MAX_RANK];
  for (int32_t d = 0; d < last; ++d)
    shape[d] = x.shape[d];
  shape[view.axis] = transform.onesided && !transform.inverse ? transform.length / 2 + 1 : transform.length;
  shape[last] = transform.onesided && transform.inverse ? 1 : 2;
  if (tfc_status_t status = bindResult(context, "dft", outputs[0], x.dtype, x.rank, shape))
    return status;
  return x.dtype == TFC_DTYPE_F32 ? run<float>(context, x, view, transform, outputs[0])
                                  : run<double>(context, x, view, transform, outputs[0]);
}
