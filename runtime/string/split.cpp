// Strings split into pieces.
#include "string/text.h"
#include "tfc-rt/text_operations.h"

using namespace tfc::rt;

namespace {

StringView from(StringView text, uint64_t begin) { return {text.data + begin, text.size - begin}; }

// Where `part` first occurs; the size of the text if it does not.
uint64_t find(StringView text, StringView part) {
  for (uint64_t i = 0; i + part.size <= text.size; ++i)
    if (!memcmp(text.data + i, part.data, part.size))
      return i;
  return text.size;
}

uint64_t countSpaces(StringView text, bool are) {
  uint64_t count = 0;
  while (count < text.size && isSpace(text.data[count]) == are)
    ++count;
  return count;
}

// At each character of `delimiters`; without them, into single bytes.
template <typename Take> void splitAtAny(StringView text, StringView delimiters, bool skipEmpty, Take take) {
  if (delimiters.size == 0) {
    for (uint64_t i = 0; i < text.size; ++i)
      take(StringView{text.data + i, 1});
    return;
  }
  if (text.size == 0)
    return;
  for (uint64_t begin = 0, i = 0; i <= text.size; ++i)
    if (i == text.size || memchr(delimiters.data, text.data[i], delimiters.size)) {
      if (i > begin || !skipEmpty)
        take(StringView{text.data + begin, i - begin});
      begin = i + 1;
    }
}

// As Python's str.split: at a separator, or at spaces where that is empty.
template <typename Take> void splitAt(StringView text, StringView separator, int64_t most, Take take) {
  if (most == 0)
    return take(text);
  if (separator.size == 0)
    text = from(text, countSpaces(text, true));
  for (int64_t splits = 0;;) {
    const uint64_t size = separator.size ? find(text, separator) : countSpaces(text, false);
    const bool isLast = separator.size ? size == text.size : text.size == 0;
    if (isLast) {
      if (separator.size)
        take(text);
      return;
    }
    take(StringView{text.data, size});
    text = from(text, size + separator.size);
    if (separator.size == 0)
      text = from(text, countSpaces(text, true));
    if (most > 0 && ++splits == most)
      return take(text);
  }
}

} // namespace

tfc_status_t tfc_operation_string_split(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                        tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  const StringView delimiter = stringAt(inputs[1], 0);
  const int64_t rows = x.shape[0];
  struct Piece {
    int64_t row, column;
    uint64_t handle;
  };
  GrowingArray<Piece> pieces(context);
  int64_t most = 0;
  bool isFine = true;
  for (int64_t row = 0; row < rows; ++row) {
    int64_t column = 0;
    auto take = [&](StringView text) {
      Piece piece{row, column++, 0};
      isFine = isFine && makeHandle(context, text, piece.handle);
      pieces.append(piece);
    };
    const StringView text = stringAt(x, row);
    if (parameters[0])
      splitAt(text, delimiter, parameters[1], take);
    else
      splitAtAny(text, delimiter, parameters[1], take);
    most = column > most ? column : most;
  }
  if (!isFine || !pieces.isFine())
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  const int64_t count = pieces.count(), indexShape[] = {count, 2}, two = 2;
  if (tfc_status_t status = bindResult(context, "string_split", outputs[0], TFC_DTYPE_I64, 2, indexShape))
    return status;
  if (tfc_status_t status = bindStrings(context, "string_split", outputs[1], 1, &count))
    return status;
  if (tfc_status_t status = bindResult(context, "string_split", outputs[2], TFC_DTYPE_I64, 1, &two))
    return status;
  auto *indices = static_cast<int64_t *>(outputs[0].data), *shape = static_cast<int64_t *>(outputs[2].data);
  for (int64_t i = 0; i < count; ++i) {
    indices[2 * i] = pieces[i].row;
    indices[2 * i + 1] = pieces[i].column;
    handlesOf(outputs[1])[i] = pieces[i].handle;
  }
  shape[0] = rows;
  shape[1] = most;
  return TFC_STATUS_OK;
}
