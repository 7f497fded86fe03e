// Checks of a step's arguments. The checks themselves are on the path of every call;
// wording a message is not, and looks at the arguments again.
#include "base/context.h"

#include <inttypes.h>
#include <stdio.h>

using namespace tfc::rt;

namespace {

const char *dtypeName(int32_t dtype) { return tfc_dtype_name(static_cast<tfc_dtype_t>(dtype)); }

// Element alignment. A complex number or string is aligned as its parts are.
uint64_t alignmentOf(int32_t dtype) {
  uint64_t size = tfc_dtype_size(static_cast<tfc_dtype_t>(dtype));
  bool hasParts = dtype == TFC_DTYPE_COMPLEX64 || dtype == TFC_DTYPE_COMPLEX128 || dtype == TFC_DTYPE_STRING;
  return hasParts ? size / 2 : size ? size : 1;
}

bool isAligned(const void *data, int32_t dtype) {
  return (reinterpret_cast<uintptr_t>(data) & (alignmentOf(dtype) - 1)) == 0;
}

struct Range {
  const void *data;
  uint64_t size;

  bool overlaps(Range other) const {
    auto begin = reinterpret_cast<uintptr_t>(data), otherBegin = reinterpret_cast<uintptr_t>(other.data);
    // Differences wrap around where the other one begins first.
    return size && other.size && (begin - otherBegin < other.size || otherBegin - begin < size);
  }
};

// The checks of one call.
class Arguments {
public:
  Arguments(tfc_context_t &context, const tfc_step_t &step, const tfc_tensor_t *inputs, tfc_tensor_t *outputs)
      : context(context), step(step), inputs(inputs), outputs(outputs) {}

  // All inputs, by dtype and shape only if `haveData` is false.
  tfc_status_t checkInputs(bool haveData);
  tfc_status_t checkOutput(int32_t index);
  tfc_status_t checkCapacities();

private:
  // What output `index` will be written to.
  Range outputRange(int32_t index) const {
    if (outputs[index].data && !isOwned(index))
      return {outputs[index].data, outputs[index].size};
    return {context.outputs[index].data, context.outputs[index].capacity};
  }
  bool isOwned(int32_t index) const { return outputs[index].data == context.outputs[index].data; }
  // `where` says which element of a list it is.
  tfc_status_t checkValue(const tfc_port_t &port, const tfc_tensor_t &value, int32_t index, const char *where,
                          bool haveData);
  tfc_status_t checkData(const tfc_tensor_t &value, uint64_t size, const char *name, const char *where);
  tfc_status_t checkList(const tfc_port_t &port, const tfc_tensor_t &list, int32_t index);
  tfc_status_t failSymbol(int32_t index, int32_t dimension, int32_t symbol);

  tfc_context_t &context;
  const tfc_step_t &step;
  const tfc_tensor_t *inputs;
  tfc_tensor_t *outputs;
};

} // namespace

// An extent disagrees with what an earlier dimension has bound its symbol to.
tfc_status_t Arguments::failSymbol(int32_t index, int32_t dimension, int32_t symbol) {
  auto binds = [&](int32_t input) {
    for (int32_t d = 0; d < step.inputs[input].rank; ++d)
      if (step.inputs[input].dims[d] == -1 - int64_t(symbol))
        return true;
    return false;
  };
  int32_t binder = 0;
  while (binder < index && !binds(binder))
    ++binder;
  return context.message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                "input '%s': dimension %" PRId32 " is %" PRId64 ", expected %" PRId64
                                " (dimension '%s', also of input '%s')",
                                step.inputs[index].name, dimension, inputs[index].shape[dimension],
                                context.symbols[symbol], step.symbols[symbol], step.inputs[binder].name);
}

tfc_status_t Arguments::checkList(const tfc_port_t &port, const tfc_tensor_t &list, int32_t index) {
  const char *name = step.inputs[index].name;
  Message message = context.message();
  if (!list.data && list.size)
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "input '%s': data is null, expected %" PRIu64 " tensors", name,
                        list.size);
  if (reinterpret_cast<uintptr_t>(list.data) % alignof(tfc_tensor_t))
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "input '%s': data is at %p, expected a multiple of %zu", name,
                        list.data, alignof(tfc_tensor_t));
  auto *elements = static_cast<const tfc_tensor_t *>(list.data);
  for (uint64_t i = 0; i < list.size; ++i) {
    char where[40];
    snprintf(where, sizeof(where), ", element %" PRIu64, i);
    if (tfc_status_t status = checkValue(*port.element, elements[i], index, where, /*haveData=*/true))
      return status;
  }
  return TFC_STATUS_OK;
}

tfc_status_t Arguments::checkValue(const tfc_port_t &port, const tfc_tensor_t &value, int32_t index, const char *where,
                                   bool haveData) {
  const char *name = step.inputs[index].name;
  Message message = context.message();
  if (port.dtype == TFC_DTYPE_OPTIONAL)
    return value.dtype == TFC_DTYPE_INVALID ? TFC_STATUS_OK : checkValue(*port.element, value, index, where, haveData);
  if (value.dtype != port.dtype)
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "input '%s'%s: dtype is %s, expected %s", name, where,
                        dtypeName(value.dtype), dtypeName(port.dtype));
  if (port.dtype == TFC_DTYPE_LIST)
    return haveData ? checkList(port, value, index) : TFC_STATUS_OK;
  bool anyRank = port.rank < 0 && value.rank >= 0 && value.rank <= TFC_MAX_RANK;
  if (value.rank != port.rank && !anyRank)
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "input '%s'%s: rank is %" PRId32 ", expected %" PRId32, name,
                        where, value.rank, port.rank < 0 ? TFC_MAX_RANK : port.rank);
  for (int32_t d = 0; d < value.rank; ++d) {
    int64_t extent = value.shape[d], expected = anyRank ? TFC_DIM_DYNAMIC : port.dims[d];
    if (extent < 0)
      return message.fail(TFC_STATUS_INVALID_ARGUMENT,
                          "input '%s'%s: dimension %" PRId32 " is %" PRId64 ", expected 0 or more", name, where, d,
                          extent);
    if (expected < 0 && expected != TFC_DIM_DYNAMIC) {
      int64_t &bound = context.symbols[-1 - expected];
      if (bound == unboundSymbol)
        bound = extent;
      else if (bound != extent)
        return failSymbol(index, d, static_cast<int32_t>(-1 - expected));
    } else if (extent != expected && expected != TFC_DIM_DYNAMIC) {
      return message.fail(TFC_STATUS_INVALID_ARGUMENT,
                          "input '%s'%s: dimension %" PRId32 " is %" PRId64 ", expected %" PRId64, name, where, d,
                          extent, expected);
    }
  }
  uint64_t size;
  if (!tensorSize(value.dtype, value.rank, value.shape, size))
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "input '%s'%s: more than 2^64 bytes", name, where);
  return haveData ? checkData(value, size, name, where) : TFC_STATUS_OK;
}

tfc_status_t Arguments::checkData(const tfc_tensor_t &value, uint64_t size, const char *name, const char *where) {
  Message message = context.message();
  if (value.size != size)
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "input '%s'%s: size is %" PRIu64 " bytes, expected %" PRIu64, name,
                        where, value.size, size);
  if (!value.data && size)
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "input '%s'%s: data is null, expected %" PRIu64 " bytes", name,
                        where, size);
  if (size && !isAligned(value.data, value.dtype))
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "input '%s'%s: data is at %p, expected a multiple of %" PRIu64,
                        name, where, value.data, alignmentOf(value.dtype));
  return TFC_STATUS_OK;
}

tfc_status_t Arguments::checkInputs(bool haveData) {
  if ((!inputs && step.input_count) || (!outputs && step.output_count))
    return context.message().fail(TFC_STATUS_INVALID_ARGUMENT, "step '%s': %s is null", step.name,
                                  inputs ? "outputs" : "inputs");
  for (int32_t i = 0; i < step.symbol_count; ++i)
    context.symbols[i] = unboundSymbol;
  for (int32_t i = 0; i < step.input_count; ++i)
    if (tfc_status_t status = checkValue(step.inputs[i], inputs[i], i, "", haveData))
      return status;
  return TFC_STATUS_OK;
}

// Whether memory overlaps a value's: a tensor's data, or that of a list's elements.
static bool overlapsValue(Range range, const tfc_tensor_t &value) {
  if (value.dtype != TFC_DTYPE_LIST)
    return range.overlaps({value.data, value.size});
  auto *elements = static_cast<const tfc_tensor_t *>(value.data);
  bool overlaps = range.overlaps({elements, value.size * sizeof(tfc_tensor_t)});
  for (uint64_t i = 0; i < value.size && !overlaps; ++i)
    overlaps = overlapsValue(range, elements[i]);
  return overlaps;
}

tfc_status_t Arguments::checkOutput(int32_t index) {
  const tfc_port_t &port = step.outputs[index];
  Message message = context.message();
  bool isList = port.element && port.element->dtype == TFC_DTYPE_LIST;
  if ((isList || port.dtype == TFC_DTYPE_LIST) && outputs[index].data && !isOwned(index))
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "output '%s': data is set, expected null: the context owns a list",
                        port.name);
  Range range = outputRange(index);
  if (!isAligned(range.data, port.dtype))
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "output '%s': data is at %p, expected a multiple of %" PRIu64,
                        port.name, range.data, alignmentOf(port.dtype));
  for (int32_t i = 0; i < step.input_count; ++i)
    if (overlapsValue(range, inputs[i]))
      return message.fail(TFC_STATUS_INVALID_ARGUMENT, "output '%s': %s overlaps input '%s'", port.name,
                          outputs[index].data && !isOwned(index) ? "buffer" : "memory that the context owns",
                          step.inputs[i].name);
  for (int32_t i = 0; i < index; ++i)
    if (range.overlaps(outputRange(i)))
      return message.fail(TFC_STATUS_INVALID_ARGUMENT, "output '%s': buffer overlaps output '%s'", port.name,
                          step.outputs[i].name);
  return TFC_STATUS_OK;
}

// Reports every buffer that is certain to be too small, so that one retry suffices.
tfc_status_t Arguments::checkCapacities() {
  tfc_status_t status = TFC_STATUS_OK;
  for (int32_t i = 0; i < step.output_count; ++i) {
    const tfc_port_t &port = step.outputs[i];
    tfc_tensor_t &output = outputs[i];
    if (!output.data || isOwned(i) || port.element)
      continue;
    int64_t shape[TFC_MAX_RANK];
    bool known = port.rank >= 0 && port.rank <= TFC_MAX_RANK;
    for (int32_t d = 0; known && d < port.rank; ++d) {
      int64_t extent = port.dims[d];
      if (extent < 0 && extent != TFC_DIM_DYNAMIC)
        extent = context.symbols[-1 - extent];
      shape[d] = extent;
      known = extent >= 0;
    }
    uint64_t size;
    if (!known || !tensorSize(port.dtype, port.rank, shape, size) || size <= output.size)
      continue;
    // The message is about the first one.
    if (status == TFC_STATUS_OK)
      status = failSmallOutput(context, port.name, output.size, size);
    output.size = size;
    output.dtype = port.dtype;
    output.rank = port.rank;
    for (int32_t d = 0; d < port.rank; ++d)
      output.shape[d] = shape[d];
  }
  return status;
}

tfc_status_t tfc::rt::checkShapes(tfc_context_t &context, const tfc_step_t &step, const tfc_tensor_t *inputs,
                                  tfc_tensor_t *outputs) {
  return Arguments(context, step, inputs, outputs).checkInputs(/*haveData=*/false);
}

tfc_status_t tfc::rt::checkArguments(tfc_context_t &context, const tfc_step_t &step, const tfc_tensor_t *inputs,
                                     tfc_tensor_t *outputs) {
  Arguments arguments(context, step, inputs, outputs);
  if (tfc_status_t status = arguments.checkInputs(/*haveData=*/true))
    return status;
  for (int32_t i = 0; i < step.output_count; ++i)
    if (tfc_status_t status = arguments.checkOutput(i))
      return status;
  if (tfc_status_t status = arguments.checkCapacities())
    return status;
  // From here on null alone says that the context owns an output.
  for (int32_t i = 0; i < step.output_count; ++i)
    if (outputs[i].data == context.outputs[i].data)
      outputs[i].data = nullptr;
  return TFC_STATUS_OK;
}
