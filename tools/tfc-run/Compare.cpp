// Comparison in a type that holds every element exactly.
#include "Compare.h"

#include "DType.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace tfc::run;

static bool isFinite(Number value) { return std::isfinite(value.real()) && std::isfinite(value.imag()); }
static bool isNaN(Number value) { return std::isnan(value.real()) || std::isnan(value.imag()); }

Difference tfc::run::compareElements(int32_t dtype, const uint8_t *got, const uint8_t *want, uint64_t size,
                                     Tolerance tolerance) {
  Difference result;
  uint64_t step = tfc_dtype_size(static_cast<tfc_dtype_t>(dtype));
  for (uint64_t i = 0; i < size; ++i) {
    Number a = decodeElement(dtype, got + i * step), b = decodeElement(dtype, want + i * step);
    bool agrees = a == b || (isNaN(a) && isNaN(b));
    if (!agrees && isFinite(a) && isFinite(b)) {
      long double error = std::abs(a - b), magnitude = std::abs(b);
      agrees = error <= tolerance.absolute + tolerance.relative * magnitude;
      result.maxAbsolute = std::max(result.maxAbsolute, static_cast<double>(error));
      if (magnitude > 0)
        result.maxRelative = std::max(result.maxRelative, static_cast<double>(error / magnitude));
    }
    if (!agrees && result.count++ == 0)
      result.first = i;
  }
  return result;
}

static std::string formatShape(const int64_t *shape, size_t rank) {
  std::string text = "[";
  for (size_t d = 0; d < rank; ++d)
    text += (d ? ", " : "") + std::to_string(shape[d]);
  return text + "]";
}

/// Why a tensor cannot be compared element by element, if so.
static std::string describeMismatch(const tfc_tensor_t &got, const Array &want) {
  if (static_cast<size_t>(got.rank) == want.shape.size() && std::equal(want.shape.begin(), want.shape.end(), got.shape))
    return "";
  return "shape is " + formatShape(got.shape, got.rank) + ", expected " +
         formatShape(want.shape.data(), want.shape.size());
}

/// Which string differs from what is wanted, if one does.
static std::string compareStrings(const tfc_tensor_t &got, const tfc_tensor_t &want) {
  auto text = [](const tfc_tensor_t &tensor, uint64_t i) {
    const tfc_string_t &string = static_cast<const tfc_string_t *>(tensor.data)[i];
    // NULs at the end of recorded ones are what fills them.
    std::string bytes(string.data, string.size);
    return bytes.substr(0, bytes.find_last_not_of('\0') + 1);
  };
  for (uint64_t i = 0; i < want.size / sizeof(tfc_string_t); ++i)
    if (std::string a = text(got, i), b = text(want, i); a != b)
      return "string " + std::to_string(i) + " is \"" + a + "\", expected \"" + b + "\"";
  return "";
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

void Comparison::diverge(const std::string &name, const std::string &why) {
  if (agrees())
    firstDiverging = "'" + name + "': " + why;
}

void Comparison::compare(const std::string &name, const tfc_tensor_t &got, Value &want) {
  ++compared;
  std::string mismatch;
  if (got.dtype != want.dtype && (got.dtype == TFC_DTYPE_INVALID || want.dtype == TFC_DTYPE_INVALID))
    mismatch = got.dtype == TFC_DTYPE_INVALID ? "is absent, expected a value" : "is a value, expected none";
  else if (want.dtype == TFC_DTYPE_LIST && got.size != want.elements.size())
    mismatch = "has " + std::to_string(got.size) + " elements, expected " + std::to_string(want.elements.size());
  else if (want.dtype == TFC_DTYPE_LIST) {
    for (size_t i = 0; i < want.elements.size(); ++i)
      compare(name + "." + std::to_string(i), static_cast<const tfc_tensor_t *>(got.data)[i], want.elements[i]);
    return;
  } else if (want.dtype != TFC_DTYPE_INVALID) {
    mismatch = describeMismatch(got, want.array);
    if (mismatch.empty() && want.dtype == TFC_DTYPE_STRING)
      mismatch = compareStrings(got, want.view());
    else if (mismatch.empty())
      return compareTensor(name, got, want.array);
  }
  std::printf(mismatch.empty() ? "%s: agrees\n" : "%s: DIFFERS: %s\n", name.c_str(), mismatch.c_str());
  if (!mismatch.empty())
    diverge(name, mismatch);
}

void Comparison::compareTensor(const std::string &name, const tfc_tensor_t &got, const Array &want) {
  const auto *data = static_cast<const uint8_t *>(got.data);
  Difference difference = compareElements(got.dtype, data, want.data.data(), want.count(), tolerance);
  std::printf("%s: largest error %.3g absolute, %.3g relative: %s\n", name.c_str(), difference.maxAbsolute,
              difference.maxRelative, difference.count ? "DIFFERS" : "agrees");
  if (difference.count)
    diverge(name, std::to_string(difference.count) + " of " + std::to_string(want.count()) +
                      " elements differ, first at " + formatIndex(difference.first, want.shape) + ": " +
                      formatElement(got.dtype, data, difference.first) + " instead of " +
                      formatElement(got.dtype, want.data.data(), difference.first));
}
