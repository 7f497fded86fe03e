// Strings mapped, spelled and hashed, position by position.
#include "Text.h"

using namespace mlir;

namespace tfc::tf {

//===----------------------------------------------------------------------===//
// Shared
//===----------------------------------------------------------------------===//

bool holdsStrings(Value x) {
  auto type = x ? dyn_cast<RankedTensorType>(x.getType()) : RankedTensorType();
  return type && isString(type.getElementType());
}

SmallVector<int64_t> whichHoldStrings(ValueRange values) {
  return llvm::map_to_vector(values, [](Value value) { return int64_t(holdsStrings(value)); });
}

LogicalResult requireStrings(NodeContext &c, ArrayRef<unsigned> inputs) {
  for (unsigned i : inputs) {
    if (failed(c.requireRank(i, 0)))
      return failure();
    if (!holdsStrings(c.input(i)))
      return c.error() << "has input " << i << " of " << c.input(i).getType() << ", expected strings";
  }
  return success();
}

Value text(NodeContext &c, StringRef value) { return constantStrings(c.b, {}, value); }

Value scalarText(NodeContext &c, unsigned input) {
  return failed(requireStrings(c, input)) ? Value() : c.b.reshape(c.input(input), {});
}

Value join(NodeContext &c, Value separator, ArrayRef<Value> given) {
  auto parts = broadcastTogether(c.b, given);
  return parts.empty() ? Value() : c.b.create<dfg::StringJoinOp>(separator, ArrayRef<Value>(parts));
}

//===----------------------------------------------------------------------===//
// Maps
//===----------------------------------------------------------------------===//

static LogicalResult importMap(NodeContext &c, StringRef kind) {
  return succeeded(requireStrings(c, 0)) ? c.result(c.b.create<dfg::StringMapOp>(c.input(0), kind)) : failure();
}

static LogicalResult importCase(NodeContext &c) {
  StringRef kind = c.op() == "StringUpper" ? "upper" : "lower";
  StringRef encoding = c.string("encoding");
  if (!encoding.empty() && encoding != "utf-8")
    return c.error() << "has encoding '" << encoding << "', expected utf-8 or nothing";
  return importMap(c, encoding.empty() ? kind.str() : (kind + "_utf8").str());
}

static LogicalResult importStrip(NodeContext &c) { return importMap(c, "strip"); }
static LogicalResult importDecodeBase64(NodeContext &c) { return importMap(c, "base64_decode"); }

static LogicalResult importEncodeBase64(NodeContext &c) {
  return importMap(c, c.boolean("pad") ? "base64_encode_padded" : "base64_encode");
}

static LogicalResult importReplace(NodeContext &c) {
  bool isStatic = c.op() == "StaticRegexReplace";
  if (failed(requireStrings(c, 0)))
    return failure();
  Value pattern = isStatic ? text(c, c.string("pattern")) : scalarText(c, 1);
  Value rewrite = isStatic ? text(c, c.string("rewrite")) : scalarText(c, 2);
  return c.result(c.b.create<dfg::RegexReplaceOp>(c.input(0), pattern, rewrite, c.boolean("replace_global", true)));
}

static LogicalResult importFullMatch(NodeContext &c) {
  if (failed(requireStrings(c, 0)))
    return failure();
  Value pattern = c.op() == "StaticRegexFullMatch" ? text(c, c.string("pattern")) : scalarText(c, 1);
  return c.result(c.b.create<dfg::RegexFullMatchOp>(c.input(0), pattern));
}

/// Whether positions and lengths are counted in characters; nothing after an error.
static std::optional<bool> countsCharacters(NodeContext &c) {
  StringRef unit = c.string("unit", "BYTE");
  if (unit != "BYTE" && unit != "UTF8_CHAR") {
    c.error() << "has unit '" << unit << "', expected BYTE or UTF8_CHAR";
    return std::nullopt;
  }
  return unit == "UTF8_CHAR";
}

static LogicalResult importLength(NodeContext &c) {
  auto utf8 = countsCharacters(c);
  if (!utf8 || failed(requireStrings(c, 0)))
    return failure();
  return c.result(c.b.create<dfg::StringLengthOp>(c.input(0), *utf8));
}

static LogicalResult importSubstr(NodeContext &c) {
  Type i64 = c.b.builder.getI64Type();
  auto utf8 = countsCharacters(c);
  if (!utf8 || failed(requireStrings(c, 0)) || failed(c.requireRank(1, 0)) || failed(c.requireRank(2, 0)))
    return failure();
  auto operands = broadcastTogether(c.b, {c.input(0), c.b.cast(c.input(1), i64), c.b.cast(c.input(2), i64)});
  if (operands.empty())
    return failure();
  return c.result(c.b.create<dfg::StringSubstrOp>(operands[0], operands[1], operands[2], *utf8));
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

static LogicalResult importToNumber(NodeContext &c) {
  Type type = c.hasAttribute("out_type") ? c.elementType("out_type") : Type(c.b.builder.getF32Type());
  if (!type || failed(requireStrings(c, 0)))
    return failure();
  return c.result(c.b.createAs<dfg::StringToNumberOp>(type, c.input(0)));
}

static LogicalResult importAsString(NodeContext &c) {
  if (failed(c.requireRank(0, 0)))
    return failure();
  Type element = c.b.elementType(c.input(0));
  int64_t precision = c.integer("precision", -1), width = c.integer("width", -1);
  bool scientific = c.boolean("scientific"), shortest = c.boolean("shortest");
  StringRef fill = c.string("fill");
  if (fill.size() > 1 || !StringRef(" +-0#").contains(fill))
    return c.error() << "has fill '" << fill << "', expected one of ' +-0#', or nothing";
  if (scientific && shortest)
    return c.error() << "is to be scientific and shortest, expected one of them at most";
  if (isString(element))
    return c.result(width > 0 ? c.b.create<dfg::StringPadOp>(c.input(0), width, fill == "-") : c.input(0));
  if (!isa<FloatType, ComplexType>(element) && (precision >= 0 || scientific || shortest))
    return c.error() << "has a precision or notation for elements of " << element << ", expected floats";
  return c.result(c.b.createAs<dfg::StringFromNumberOp>(dfg::StringType::get(c.b.builder.getContext()), c.input(0),
                                                        std::max<int64_t>(precision, -1), std::max<int64_t>(width, -1),
                                                        scientific ? "e"
                                                        : shortest ? "g"
                                                                   : "f",
                                                        fill));
}

static LogicalResult importHash(NodeContext &c) {
  bool isStrong = c.op().ends_with("Strong");
  StringRef kind = isStrong ? "sip" : c.op().ends_with("Fast") ? "farm" : "murmur";
  int64_t buckets = c.integer("num_buckets");
  auto key = c.integers("key");
  if (buckets < 1)
    return c.error() << "has " << buckets << " buckets, expected 1 or more";
  if (isStrong && key.size() != 2)
    return c.error() << "has a key of " << key.size() << " words, expected 2";
  key.resize(2);
  if (failed(requireStrings(c, 0)))
    return failure();
  return c.result(c.b.create<dfg::StringHashOp>(c.input(0), kind, buckets, key[0], key[1]));
}

//===----------------------------------------------------------------------===//
// Distinct strings
//===----------------------------------------------------------------------===//

static LogicalResult importUnique(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type(),
       type = c.hasAttribute("out_idx") ? c.elementType("out_idx") : b.builder.getI32Type();
  if (!type || failed(c.requireRank(0, 1, 1)))
    return failure();
  auto op = b.createMany<dfg::StringUniqueOp>({b.elementType(c.input(0)), i64, i64, i64}, c.input(0));
  if (!op)
    return failure();
  SmallVector<Value> results{op.getY(), b.cast(op.getInverse(), type)};
  if (c.op().contains("Counts"))
    results.push_back(b.cast(op.getCounts(), type));
  return c.results(results);
}

/// Lets an operator that takes numbers take strings, too.
static void addForStrings(OpRegistry &ops, StringRef name, OpRegistry::Importer forStrings) {
  OpRegistry::Importer forNumbers = ops.lookup(name)->importer;
  ops.add(name, [=](NodeContext &c) { return holdsStrings(c.input(0)) ? forStrings(c) : forNumbers(c); });
}

void registerTextOps(OpRegistry &ops) {
  ops.add("AsString", importAsString);
  ops.add("DecodeBase64", importDecodeBase64);
  ops.add("EncodeBase64", importEncodeBase64);
  for (StringRef name : {"RegexFullMatch", "StaticRegexFullMatch"})
    ops.add(name, importFullMatch);
  for (StringRef name : {"RegexReplace", "StaticRegexReplace"})
    ops.add(name, importReplace);
  ops.add("StringLength", importLength);
  ops.add("StringLower", importCase);
  ops.add("StringStrip", importStrip);
  for (StringRef name : {"StringToHashBucket", "StringToHashBucketFast", "StringToHashBucketStrong"})
    ops.add(name, importHash);
  ops.add("StringToNumber", importToNumber);
  ops.add("StringUpper", importCase);
  ops.add("Substr", importSubstr);
  for (StringRef name : {"Unique", "UniqueV2", "UniqueWithCounts", "UniqueWithCountsV2"})
    addForStrings(ops, name, importUnique);
}

} // namespace tfc::tf
