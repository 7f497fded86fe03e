// Shapes of algorithms on strings, and how they and checkpoints are called.
#include "Dfg/DfgText.h"

using namespace mlir;

#define GET_OP_CLASSES
#include "Dfg/DfgCheckpointOps.cpp.inc"

namespace tfc::dfg {

using Parameters = SmallVector<int64_t>;
using Infos = SmallVectorImpl<TensorInfo>;

static Type integerType(Operation *op, unsigned bits) { return IntegerType::get(op->getContext(), bits); }
static Type stringType(Operation *op) { return StringType::get(op->getContext()); }

static LogicalResult checkScalar(Operation *op, Value value, StringRef what) {
  if (failed(checkStrings(op, value, what)))
    return failure();
  if (tensorType(value).getRank() != 0)
    return op->emitOpError() << "has " << what << " of type " << value.getType() << ", expected a scalar";
  return success();
}

/// A tensor of i64 of this rank.
static LogicalResult checkIntegers(Operation *op, Value value, int64_t rank, StringRef what) {
  RankedTensorType type = tensorType(value);
  if (!type.getElementType().isInteger(64) || type.getRank() != rank)
    return op->emitOpError() << "has " << what << " of type " << type << ", expected rank " << rank << " and i64";
  return success();
}

/// Strings of this rank.
static LogicalResult checkRank(Operation *op, Value value, int64_t rank) {
  if (failed(checkStrings(op, value, "operand")))
    return failure();
  if (tensorType(value).getRank() != rank)
    return op->emitOpError() << "has operand " << value.getType() << ", expected rank " << rank;
  return success();
}

/// A result of the shape of strings.
static LogicalResult likeStrings(Operation *op, Value x, Type element, DimScope &scope, Infos &results) {
  if (failed(checkStrings(op, x, "operand")))
    return failure();
  results.push_back({element, llvm::to_vector(scope.dims(x))});
  return success();
}

/// The place of a name in a list; -1 if it is not there.
static int64_t indexOf(StringRef name, ArrayRef<StringRef> names) {
  auto it = llvm::find(names, name);
  return it == names.end() ? -1 : it - names.begin();
}
static LogicalResult checkName(Operation *op, StringRef what, StringRef name, ArrayRef<StringRef> names) {
  if (llvm::is_contained(names, name))
    return success();
  InFlightDiagnostic error = op->emitOpError() << "has " << what << " '" << name << "', expected one of";
  for (StringRef one : names)
    error << ' ' << one;
  return error;
}

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

/// Functions of the kinds of maps, and their parameter.
struct MapKind {
  StringRef name, symbol;
  std::optional<int64_t> parameter;
};
static const MapKind kMapKinds[] = {
    {"upper", "tfc_operation_string_case", 1},
    {"lower", "tfc_operation_string_case", 0},
    {"upper_utf8", "tfc_operation_string_case_utf8", 1},
    {"lower_utf8", "tfc_operation_string_case_utf8", 0},
    {"strip", "tfc_operation_string_strip", std::nullopt},
    {"base64_encode", "tfc_operation_base64_encode", 0},
    {"base64_encode_padded", "tfc_operation_base64_encode", 1},
    {"base64_decode", "tfc_operation_base64_decode", std::nullopt},
};
static const MapKind *findKind(StringRef name) {
  auto it = llvm::find_if(kMapKinds, [&](const MapKind &kind) { return kind.name == name; });
  return it == std::end(kMapKinds) ? nullptr : it;
}

LogicalResult StringMapOp::inferShapes(DimScope &scope, Infos &results) {
  if (!findKind(getKind()))
    return emitOpError() << "has kind '" << getKind() << "', which is none";
  return likeStrings(*this, getX(), stringType(*this), scope, results);
}
StringRef StringMapOp::getOperationSymbol() { return findKind(getKind())->symbol; }
Parameters StringMapOp::getOperationParameters() {
  auto parameter = findKind(getKind())->parameter;
  return parameter ? Parameters{*parameter} : Parameters{};
}

LogicalResult StringPadOp::inferShapes(DimScope &scope, Infos &results) {
  if (getWidth() < 0)
    return emitOpError() << "has width " << getWidth() << ", expected 0 or more";
  return likeStrings(*this, getX(), stringType(*this), scope, results);
}
StringRef StringPadOp::getOperationSymbol() { return "tfc_operation_string_pad"; }
Parameters StringPadOp::getOperationParameters() { return {int64_t(getWidth()), getLeft()}; }

LogicalResult StringSubstrOp::inferShapes(DimScope &scope, Infos &results) {
  int64_t rank = tensorType(getX()).getRank();
  for (Value numbers : {getPosition(), getLength()})
    if (failed(checkIntegers(*this, numbers, rank, "positions or lengths")) ||
        failed(verifyCompatibleShape(numbers.getType(), getX().getType())))
      return emitOpError() << "takes " << numbers.getType() << " of " << getX().getType() << ", expected equal shapes";
  return likeStrings(*this, getX(), stringType(*this), scope, results);
}
StringRef StringSubstrOp::getOperationSymbol() { return "tfc_operation_string_substr"; }
Parameters StringSubstrOp::getOperationParameters() { return {getUtf8()}; }

static const StringRef kHashKinds[] = {"farm", "sip", "murmur"};
LogicalResult StringHashOp::inferShapes(DimScope &scope, Infos &results) {
  if (failed(checkName(*this, "kind", getKind(), kHashKinds)))
    return failure();
  if (getBuckets() < 0)
    return emitOpError() << "has " << getBuckets() << " buckets, expected 0 or more";
  return likeStrings(*this, getX(), integerType(*this, 64), scope, results);
}
StringRef StringHashOp::getOperationSymbol() { return "tfc_operation_string_hash"; }
Parameters StringHashOp::getOperationParameters() {
  return {indexOf(getKind(), kHashKinds), int64_t(getBuckets()), int64_t(getKey0()), int64_t(getKey1())};
}

LogicalResult StringToNumberOp::inferShapes(DimScope &scope, Infos &results) {
  Type to = tensorType(getY()).getElementType();
  bool isInteger = isa<IntegerType>(to) && (to.getIntOrFloatBitWidth() == 32 || to.getIntOrFloatBitWidth() == 64);
  if (!isInteger && !to.isF32() && !to.isF64())
    return emitOpError() << "gives " << to << ", expected f32, f64 or integers of 32 or 64 bits";
  return likeStrings(*this, getX(), to, scope, results);
}
StringRef StringToNumberOp::getOperationSymbol() { return "tfc_operation_string_to_number"; }
Parameters StringToNumberOp::getOperationParameters() { return {}; }

LogicalResult StringFromNumberOp::inferShapes(DimScope &scope, Infos &results) {
  if (getNotation() != "f" && getNotation() != "e" && getNotation() != "g")
    return emitOpError() << "has notation '" << getNotation() << "', expected f, e or g";
  if (getFlag().size() > 1 || !StringRef(" +-0#").contains(getFlag()))
    return emitOpError() << "has flag '" << getFlag() << "', expected one of printf's, or nothing";
  if (int64_t(getWidth()) > INT32_MAX || int64_t(getPrecision()) > INT32_MAX)
    return emitOpError() << "has width " << getWidth() << " and precision " << getPrecision()
                         << ", expected 32-bit integers";
  results.push_back({stringType(*this), llvm::to_vector(scope.dims(getX()))});
  return success();
}
StringRef StringFromNumberOp::getOperationSymbol() { return "tfc_operation_string_from_number"; }
Parameters StringFromNumberOp::getOperationParameters() {
  return {int64_t(getPrecision()), int64_t(getWidth()),
          getNotation() == "e"   ? 1
          : getNotation() == "g" ? 2
                                 : 0,
          getFlag().empty() ? 0 : getFlag().front()};
}

LogicalResult RegexReplaceOp::inferShapes(DimScope &scope, Infos &results) {
  if (failed(checkScalar(*this, getPattern(), "pattern")) || failed(checkScalar(*this, getRewrite(), "rewrite")))
    return failure();
  return likeStrings(*this, getX(), stringType(*this), scope, results);
}
StringRef RegexReplaceOp::getOperationSymbol() { return "tfc_operation_regex_replace"; }
Parameters RegexReplaceOp::getOperationParameters() { return {getGlobal()}; }

LogicalResult RegexFullMatchOp::inferShapes(DimScope &scope, Infos &results) {
  if (failed(checkScalar(*this, getPattern(), "pattern")))
    return failure();
  return likeStrings(*this, getX(), integerType(*this, 1), scope, results);
}
StringRef RegexFullMatchOp::getOperationSymbol() { return "tfc_operation_regex_full_match"; }
Parameters RegexFullMatchOp::getOperationParameters() { return {}; }

//===----------------------------------------------------------------------===//
// Joining and splitting
//===----------------------------------------------------------------------===//

LogicalResult StringReduceJoinOp::inferShapes(DimScope &scope, Infos &results) {
  if (failed(checkScalar(*this, getSeparator(), "separator")) || failed(checkStrings(*this, getX(), "operand")))
    return failure();
  if (tensorType(getX()).getRank() == 0)
    return emitOpError() << "joins " << getX().getType() << ", expected rank 1 or more";
  results.push_back({stringType(*this), llvm::to_vector(scope.dims(getX()).drop_back())});
  return success();
}
StringRef StringReduceJoinOp::getOperationSymbol() { return "tfc_operation_string_reduce_join"; }
Parameters StringReduceJoinOp::getOperationParameters() { return {}; }

LogicalResult StringSegmentJoinOp::inferShapes(DimScope &scope, Infos &results) {
  if (failed(checkScalar(*this, getSeparator(), "separator")) || failed(checkRank(*this, getX(), 2)) ||
      failed(checkIntegers(*this, getSegments(), 1, "segments")) ||
      failed(checkIntegers(*this, getCount(), 0, "count")))
    return failure();
  results.push_back({stringType(*this), {AffineExpr(), scope.dims(getX())[1]}});
  return success();
}
StringRef StringSegmentJoinOp::getOperationSymbol() { return "tfc_operation_string_segment_join"; }
Parameters StringSegmentJoinOp::getOperationParameters() { return {}; }

LogicalResult StringSplitOp::inferShapes(DimScope &scope, Infos &results) {
  if (failed(checkScalar(*this, getDelimiter(), "delimiter")) || failed(checkRank(*this, getX(), 1)))
    return failure();
  Type i64 = integerType(*this, 64);
  results.push_back({i64, {AffineExpr(), scope.constant(2)}});
  results.push_back({stringType(*this), {AffineExpr()}});
  results.push_back({i64, {scope.constant(2)}});
  return success();
}
StringRef StringSplitOp::getOperationSymbol() { return "tfc_operation_string_split"; }
Parameters StringSplitOp::getOperationParameters() {
  return {getPython(), getPython() ? int64_t(getMost()) : int64_t(getSkipEmpty())};
}

LogicalResult StringNgramsOp::inferShapes(DimScope &scope, Infos &results) {
  for (Value scalar : {getSeparator(), getLeftPad(), getRightPad()})
    if (failed(checkScalar(*this, scalar, "separator or pad")))
      return failure();
  if (failed(checkRank(*this, getData(), 1)) || failed(checkIntegers(*this, getSplits(), 1, "splits")))
    return failure();
  if (llvm::any_of(getWidths(), [](int64_t width) { return width < 1; }))
    return emitOpError() << "has widths [" << getWidths() << "], expected 1 or more";
  results.push_back({stringType(*this), {AffineExpr()}});
  results.push_back({integerType(*this, 64), llvm::to_vector(scope.dims(getSplits()))});
  return success();
}
StringRef StringNgramsOp::getOperationSymbol() { return "tfc_operation_string_ngrams"; }
Parameters StringNgramsOp::getOperationParameters() {
  Parameters parameters{int64_t(getPadWidth()), getPreserveShort(), int64_t(getWidths().size())};
  llvm::append_range(parameters, getWidths());
  return parameters;
}

LogicalResult StringUniqueOp::inferShapes(DimScope &scope, Infos &results) {
  if (failed(checkRank(*this, getX(), 1)))
    return failure();
  Type i64 = integerType(*this, 64);
  results.push_back({stringType(*this), {AffineExpr()}});
  results.push_back({i64, {AffineExpr()}});
  results.push_back({i64, llvm::to_vector(scope.dims(getX()))});
  results.push_back({i64, {AffineExpr()}});
  return success();
}
StringRef StringUniqueOp::getOperationSymbol() { return "tfc_operation_string_unique"; }
Parameters StringUniqueOp::getOperationParameters() { return {}; }

//===----------------------------------------------------------------------===//
// Bytes and characters
//===----------------------------------------------------------------------===//

LogicalResult StringDecodeRawOp::inferShapes(DimScope &scope, Infos &results) {
  if (failed(checkStrings(*this, getX(), "operand")) ||
      (getLength() && failed(checkIntegers(*this, getLength(), 0, "length"))))
    return failure();
  auto dims = llvm::to_vector(scope.dims(getX()));
  dims.push_back(AffineExpr());
  results.push_back({tensorType(getY()).getElementType(), dims});
  return success();
}
StringRef StringDecodeRawOp::getOperationSymbol() { return "tfc_operation_string_decode_raw"; }
Parameters StringDecodeRawOp::getOperationParameters() { return {getBigEndian()}; }

/// In the order of the runtime's numbers; the first three can be made.
static const StringRef kEncodings[] = {"utf8", "utf16", "utf32", "latin1", "ascii"};
static const StringRef kErrors[] = {"replace", "ignore", "strict"};
static LogicalResult checkPolicy(Operation *op, StringRef from, StringRef to, StringRef errors) {
  return success(succeeded(checkName(op, "encoding", from, kEncodings)) &&
                 succeeded(checkName(op, "encoding", to, ArrayRef(kEncodings).take_front(3))) &&
                 succeeded(checkName(op, "errors", errors, kErrors)));
}

LogicalResult UnicodeDecodeOp::inferShapes(DimScope &scope, Infos &results) {
  if (failed(checkRank(*this, getX(), 1)) || failed(checkPolicy(*this, getEncoding(), "utf8", getErrors())))
    return failure();
  AffineExpr rows = scope.dims(getX()).front();
  results.push_back({integerType(*this, 64), {scope.add(rows, scope.constant(1))}});
  results.push_back({integerType(*this, 32), {AffineExpr()}});
  results.push_back({integerType(*this, 64), {AffineExpr()}});
  return success();
}
StringRef UnicodeDecodeOp::getOperationSymbol() { return "tfc_operation_unicode_decode"; }
Parameters UnicodeDecodeOp::getOperationParameters() {
  return {indexOf(getEncoding(), kEncodings), indexOf(getErrors(), kErrors), int64_t(getReplacement()),
          getReplaceControl()};
}

LogicalResult UnicodeEncodeOp::inferShapes(DimScope &scope, Infos &results) {
  if (failed(checkIntegers(*this, getSplits(), 1, "splits")) ||
      failed(checkPolicy(*this, "utf8", getEncoding(), getErrors())))
    return failure();
  if (!tensorType(getCodes()).getElementType().isInteger(32) || tensorType(getCodes()).getRank() != 1)
    return emitOpError() << "has code points " << getCodes().getType() << ", expected a vector of i32";
  results.push_back({stringType(*this), {AffineExpr()}}); // one less than splits, of which there may be none
  return success();
}
StringRef UnicodeEncodeOp::getOperationSymbol() { return "tfc_operation_unicode_encode"; }
Parameters UnicodeEncodeOp::getOperationParameters() {
  return {indexOf(getEncoding(), kEncodings), indexOf(getErrors(), kErrors), int64_t(getReplacement())};
}

LogicalResult UnicodeTranscodeOp::inferShapes(DimScope &scope, Infos &results) {
  if (failed(checkPolicy(*this, getEncoding(), getTo(), getErrors())))
    return failure();
  return likeStrings(*this, getX(), stringType(*this), scope, results);
}
StringRef UnicodeTranscodeOp::getOperationSymbol() { return "tfc_operation_unicode_transcode"; }
Parameters UnicodeTranscodeOp::getOperationParameters() {
  return {indexOf(getEncoding(), kEncodings), indexOf(getTo(), kEncodings), indexOf(getErrors(), kErrors),
          int64_t(getReplacement()), getReplaceControl()};
}

//===----------------------------------------------------------------------===//
// Tensors as text
//===----------------------------------------------------------------------===//

LogicalResult StringFormatOp::inferShapes(DimScope &scope, Infos &results) {
  if (failed(checkScalar(*this, getPattern(), "template")) ||
      failed(checkScalar(*this, getPlaceholder(), "placeholder")))
    return failure();
  if (getStrings().size() != getValues().size())
    return emitOpError() << "says of " << getStrings().size() << " tensors whether they hold strings, expected "
                         << getValues().size();
  results.push_back({stringType(*this), {}});
  return success();
}
StringRef StringFormatOp::getOperationSymbol() { return "tfc_operation_string_format"; }
Parameters StringFormatOp::getOperationParameters() {
  Parameters parameters{int64_t(getSummarize())};
  llvm::append_range(parameters, getStrings());
  return parameters;
}

StringRef PrintOp::getOperationSymbol() { return "tfc_operation_string_print"; }
Parameters PrintOp::getOperationParameters() { return {int64_t(getSeverity())}; }

StringRef FailOp::getOperationSymbol() { return "tfc_operation_string_fail"; }
Parameters FailOp::getOperationParameters() { return {}; }

//===----------------------------------------------------------------------===//
// Checkpoints
//===----------------------------------------------------------------------===//

StringRef SaveTensorsOp::getOperationSymbol() { return "tfc_operation_save_tensors"; }
Parameters SaveTensorsOp::getOperationParameters() { return llvm::to_vector(getStrings()); }

StringRef RestoreTensorsOp::getOperationSymbol() { return "tfc_operation_restore_tensors"; }
Parameters RestoreTensorsOp::getOperationParameters() {
  Parameters parameters = llvm::to_vector(getStrings());
  llvm::append_range(parameters, getFlat());
  return parameters;
}

StringRef MergeCheckpointsOp::getOperationSymbol() { return "tfc_operation_merge_checkpoints"; }
Parameters MergeCheckpointsOp::getOperationParameters() { return {getDeleteFolders(), getAllowMissing()}; }

} // namespace tfc::dfg
