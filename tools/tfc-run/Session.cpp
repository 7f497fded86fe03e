// Arrays in, step, arrays out, times and differences on standard output.
#include "Session.h"

#include "DType.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

using namespace tfc::run;

static std::string formatShape(const int64_t *shape, size_t rank) {
  std::string text = "[";
  for (size_t d = 0; d < rank; ++d)
    text += (d ? ", " : "") + std::to_string(shape[d]);
  return text + "]";
}

Expected<Array> Session::readPort(const NpzReader &archive, const tfc_port_t &port) const {
  Expected<Array> array = archive.read(options.key(port.name));
  if (!array) {
    Failure failure = array.takeFailure();
    if (!options.run && archive.contains("r0:" + std::string(port.name)))
      failure.reason += "; it holds recorded runs, choose one with --run";
    return failure;
  }
  // Recordings made with older NumPy have scalars as arrays of one element.
  if (port.rank == 0 && array->count() == 1)
    array->shape.clear();
  if (Result result = convertTo(*array, port.dtype); !result)
    return result.takeFailure().about("'" + options.key(port.name) + "'");
  if (array->shape.size() > TFC_MAX_RANK)
    return Failure{"'" + options.key(port.name) + "': rank " + std::to_string(array->shape.size()) +
                   " is above the limit of " + std::to_string(TFC_MAX_RANK)};
  return array;
}

Result Session::readInputs() {
  if (step.input_count == 0)
    return Done();
  if (options.inputs.empty())
    return Failure{"step '" + std::string(step.name) + "' has inputs; give them with --inputs"};
  Expected<NpzReader> archive = NpzReader::open(options.inputs);
  if (!archive)
    return archive.takeFailure();
  for (int32_t i = 0; i < step.input_count; ++i) {
    Expected<Array> array = readPort(*archive, step.inputs[i]);
    if (!array)
      return array.takeFailure();
    inputArrays.push_back(std::move(*array));
  }
  for (int32_t i = 0; i < step.input_count; ++i) {
    Array &array = inputArrays[i];
    tfc_tensor_t tensor{};
    tensor.data = array.data.data();
    tensor.size = array.data.size();
    tensor.dtype = step.inputs[i].dtype;
    tensor.rank = static_cast<int32_t>(array.shape.size());
    std::copy(array.shape.begin(), array.shape.end(), tensor.shape);
    inputs.push_back(tensor);
  }
  return Done();
}

Result Session::run() {
  outputs.assign(step.output_count, tfc_tensor_t{});
  return model.run(step, inputs, outputs);
}

Result Session::time() {
  // The first run has told the sizes. Empty results get a byte: null would ask for
  // the context's memory.
  for (tfc_tensor_t &output : outputs) {
    buffers.emplace_back(std::max<uint64_t>(output.size, 1));
    output.data = buffers.back().data();
  }
  std::vector<double> microseconds;
  for (int64_t i = 0; i < options.repeat; ++i) {
    for (size_t j = 0; j < outputs.size(); ++j)
      outputs[j].size = buffers[j].size();
    auto start = std::chrono::steady_clock::now();
    if (Result result = model.run(step, inputs, outputs); !result)
      return result;
    microseconds.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(microseconds.begin(), microseconds.end());
  std::printf("time: median %.3f us, min %.3f us, %zu runs, %d threads, arena %llu bytes\n",
              microseconds[microseconds.size() / 2], microseconds.front(), microseconds.size(),
              options.settings.threads, static_cast<unsigned long long>(model.arenaSize()));
  return Done();
}

Result Session::writeOutputs() const {
  std::map<std::string, Array> arrays;
  for (int32_t i = 0; i < step.output_count; ++i) {
    const tfc_tensor_t &output = outputs[i];
    std::string element = npyElement(output.dtype);
    if (element.empty())
      return Failure{"output '" + std::string(step.outputs[i].name) + "': elements of type " + dtypeName(output.dtype) +
                     " cannot be written"};
    const auto *data = static_cast<const uint8_t *>(output.data);
    arrays[options.key(step.outputs[i].name)] = {
        element, {output.shape, output.shape + output.rank}, {data, data + output.size}};
  }
  return writeNpz(options.outputs, arrays);
}

/// Why an output cannot be compared element by element, if so.
static std::string describeMismatch(const tfc_tensor_t &got, const Array &want) {
  if (static_cast<size_t>(got.rank) == want.shape.size() && std::equal(want.shape.begin(), want.shape.end(), got.shape))
    return "";
  return "shape is " + formatShape(got.shape, got.rank) + ", expected " +
         formatShape(want.shape.data(), want.shape.size());
}

static std::string formatIndex(uint64_t index, const std::vector<int64_t> &shape) {
  std::vector<int64_t> position(shape.size());
  for (size_t d = shape.size(); d-- > 0; index /= shape[d])
    position[d] = static_cast<int64_t>(index % shape[d]);
  return formatShape(position.data(), position.size());
}

static std::string formatElement(int32_t dtype, const void *data, uint64_t index) {
  const auto *bytes = static_cast<const uint8_t *>(data);
  Number value = decodeElement(dtype, bytes + index * tfc_dtype_size(static_cast<tfc_dtype_t>(dtype)));
  bool isFloat = npyElement(dtype).find_first_of("fcV") == 0,
       isDouble = dtype == TFC_DTYPE_F64 || dtype == TFC_DTYPE_COMPLEX128;
  int digits = !isFloat ? 20 : isDouble ? 17 : 9;
  char text[96];
  if (npyElement(dtype)[0] == 'c')
    std::snprintf(text, sizeof(text), "%.*Lg%+.*Lgi", digits, value.real(), digits, value.imag());
  else
    std::snprintf(text, sizeof(text), "%.*Lg", digits, value.real());
  return text;
}

Expected<bool> Session::compare() const {
  Expected<NpzReader> archive = NpzReader::open(options.reference);
  if (!archive)
    return archive.takeFailure();
  std::string diverging;
  int compared = 0;
  for (int32_t i = 0; i < step.output_count; ++i) {
    const tfc_port_t &port = step.outputs[i];
    if (!archive->contains(options.key(port.name))) {
      std::printf("%s: no reference\n", port.name);
      continue;
    }
    Expected<Array> want = readPort(*archive, port);
    if (!want)
      return want.takeFailure();
    ++compared;
    const tfc_tensor_t &got = outputs[i];
    std::string mismatch = describeMismatch(got, *want);
    if (!mismatch.empty()) {
      std::printf("%s: DIFFERS: %s\n", port.name, mismatch.c_str());
    } else {
      const auto *data = static_cast<const uint8_t *>(got.data);
      Difference difference = compareElements(port.dtype, data, want->data.data(), want->count(), options.tolerance);
      std::printf("%s: largest error %.3g absolute, %.3g relative: %s\n", port.name, difference.maxAbsolute,
                  difference.maxRelative, difference.count ? "DIFFERS" : "agrees");
      if (difference.count)
        mismatch = std::to_string(difference.count) + " of " + std::to_string(want->count()) +
                   " elements differ, first at " + formatIndex(difference.first, want->shape) + ": " +
                   formatElement(port.dtype, data, difference.first) + " instead of " +
                   formatElement(port.dtype, want->data.data(), difference.first);
    }
    if (diverging.empty() && !mismatch.empty())
      diverging = "'" + std::string(port.name) + "': " + mismatch;
  }
  if (!compared)
    return Failure{options.reference + ": holds no output of step '" + step.name + "', such as '" +
                   (step.output_count ? options.key(step.outputs[0].name) : "") + "'"};
  if (!diverging.empty())
    std::printf("first diverging output: %s\n", diverging.c_str());
  return diverging.empty();
}
