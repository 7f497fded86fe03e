// Reads vocabularies as TensorFlow's initializers from text files do.
#include "Vocabulary.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Error.h"

using namespace mlir;

namespace tfc::tf {

/// Texts as elements of a type; null where one is no such element.
static ElementsAttr elementsOf(Type element, ArrayRef<StringRef> texts) {
  auto type = RankedTensorType::get({int64_t(texts.size())}, element);
  if (isa<dfg::StringType>(element))
    return cast<ElementsAttr>(DenseStringElementsAttr::get(type, texts));
  if (auto integer = dyn_cast<IntegerType>(element)) {
    SmallVector<APInt> values;
    for (StringRef text : texts) {
      int64_t value;
      if (text.trim().getAsInteger(10, value) || !llvm::isIntN(integer.getWidth(), value))
        return {};
      values.push_back(APInt(integer.getWidth(), value, /*isSigned=*/true));
    }
    return DenseElementsAttr::get(type, values);
  }
  auto real = dyn_cast<FloatType>(element);
  if (!real)
    return {};
  SmallVector<APFloat> values;
  for (StringRef text : texts) {
    values.emplace_back(real.getFloatSemantics());
    if (!llvm::errorToBool(values.back().convertFromString(text.trim(), APFloat::rmNearestTiesToEven).takeError()))
      continue;
    return {};
  }
  return DenseElementsAttr::get(type, values);
}

FailureOr<std::pair<ElementsAttr, ElementsAttr>> readVocabulary(StringRef text, const Vocabulary &vocabulary, Type key,
                                                                Type value,
                                                                llvm::function_ref<void(const Twine &)> bad) {
  if (vocabulary.delimiter.size() != 1)
    return bad("has a delimiter of " + Twine(vocabulary.delimiter.size()) + " characters, expected one"), failure();
  std::vector<std::string> numbers; // of lines
  std::vector<std::pair<StringRef, int64_t>> lines;
  for (int64_t number = 0; !text.empty(); ++number) {
    auto [line, rest] = text.split('\n');
    text = rest;
    if (number < vocabulary.offset)
      continue;
    if (vocabulary.lines >= 0 && int64_t(lines.size()) == vocabulary.lines)
      break;
    lines.push_back({line.ends_with("\r") ? line.drop_back() : line, lines.size()});
  }
  if (vocabulary.lines > int64_t(lines.size()))
    return bad("has " + Twine(lines.size()) + " lines, expected " + Twine(vocabulary.lines)), failure();
  for (auto &line : lines)
    numbers.push_back(std::to_string(line.second));
  auto column = [&](int64_t index, Type element) -> ElementsAttr {
    SmallVector<StringRef> texts;
    for (auto [line, number] : lines) {
      if (index == Vocabulary::kLineNumber) {
        texts.push_back(numbers[number]);
        continue;
      }
      SmallVector<StringRef> columns{line};
      if (index >= 0) {
        columns.clear();
        line.split(columns, vocabulary.delimiter);
      }
      if (index >= int64_t(columns.size())) {
        bad("line " + Twine(number) + " has " + Twine(columns.size()) + " columns, expected more than " + Twine(index));
        return {};
      }
      texts.push_back(columns[std::max<int64_t>(index, 0)]);
    }
    ElementsAttr elements = elementsOf(element, texts);
    if (!elements)
      bad("column " + Twine(index) + " has a field that is not what the table holds");
    return elements;
  };
  ElementsAttr keys = column(vocabulary.keyIndex, key);
  ElementsAttr values = keys ? column(vocabulary.valueIndex, value) : ElementsAttr();
  if (!values)
    return failure();
  return std::pair(keys, values);
}

} // namespace tfc::tf
