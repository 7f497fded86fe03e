// Strings joined, split, and as bytes and characters.
#include "Text.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Joining
//===----------------------------------------------------------------------===//

static LogicalResult importJoin(NodeContext &c) {
  for (unsigned i = 0; i < c.inputCount(); ++i)
    if (failed(requireStrings(c, i)))
      return failure();
  if (c.inputCount() == 0)
    return c.error() << "joins nothing, expected at least one input";
  return c.result(join(c, text(c, c.string("separator")), c.allInputs()));
}

/// Joins along several axes, the first of which changes fastest.
static LogicalResult importReduceJoin(NodeContext &c) {
  GraphBuilder &b = c.b;
  auto axes = c.axesOf(1);
  if (failed(axes) || failed(requireStrings(c, 0)))
    return failure();
  Value x = c.input(0);
  if (axes->empty())
    return c.result(x);
  SmallVector<int64_t> order;
  Dims kept, all = b.dims(x);
  for (int64_t axis = 0; axis < b.rank(x); ++axis)
    if (!llvm::is_contained(*axes, axis)) {
      order.push_back(axis);
      kept.push_back(all[axis]);
    }
  if (order.size() + axes->size() != all.size())
    return c.error() << "reduces an axis twice";
  // What changes slowest comes first.
  SmallVector<int64_t> inner(llvm::reverse(*axes));
  Dims reduced = llvm::map_to_vector(inner, [&](int64_t axis) { return all[axis]; }), rows = kept;
  rows.push_back(b.scope.product(reduced));
  llvm::append_range(order, inner);
  Value y = b.create<dfg::StringReduceJoinOp>(text(c, c.string("separator")), b.reshape(b.transpose(x, order), rows));
  if (c.boolean("keep_dims"))
    for (int64_t axis : *axes)
      all[axis] = b.expr(1);
  return c.result(c.boolean("keep_dims") ? b.reshape(y, all) : y);
}

static LogicalResult importSegmentJoin(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  if (failed(requireStrings(c, 0)) || failed(c.requireRank(1, 0)) || failed(c.requireRank(2, 0)))
    return failure();
  Value x = c.input(0), segments = c.input(1);
  Dims dims = b.dims(x), leading = b.dims(segments);
  if (leading.empty() || leading.size() > dims.size())
    return c.error() << "has segments " << segments.getType() << " of " << x.getType()
                     << ", expected its first dimensions";
  AffineExpr rows = b.scope.product(leading), columns = b.scope.product(ArrayRef(dims).drop_front(leading.size()));
  Value y = b.create<dfg::StringSegmentJoinOp>(text(c, c.string("separator")), b.reshape(x, {rows, columns}),
                                               b.reshape(b.cast(segments, i64), {rows}),
                                               b.reshape(b.cast(c.input(2), i64), {}));
  Dims result{b.dim(y, 0)};
  llvm::append_range(result, ArrayRef(dims).drop_front(leading.size()));
  return c.result(b.reshape(y, result));
}

//===----------------------------------------------------------------------===//
// Splitting
//===----------------------------------------------------------------------===//

template <bool python> static LogicalResult importSplit(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  if (failed(requireStrings(c, 0)) || failed(c.requireRank(0, 1, 1)))
    return failure();
  Value delimiter = scalarText(c, 1);
  auto op = b.createMany<dfg::StringSplitOp>({i64, b.elementType(c.input(0)), i64}, c.input(0), delimiter, python,
                                             c.boolean("skip_empty", true), c.integer("maxsplit", -1));
  return op ? c.results({op.getIndices(), op.getValues(), op.getShape()}) : failure();
}

static LogicalResult importNgrams(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i64 = b.builder.getI64Type();
  if (failed(requireStrings(c, 0)) || failed(c.requireRank(0, 1, 1)) || failed(c.requireRank(1, 1, 1)))
    return failure();
  auto widths = c.integers("ngram_widths");
  if (llvm::any_of(widths, [](int64_t width) { return width < 1; }))
    return c.error() << "has a width below 1";
  Value separator = text(c, c.string("separator")), left = text(c, c.string("left_pad"));
  Value right = text(c, c.string("right_pad")), splits = c.input(1);
  auto op = b.createMany<dfg::StringNgramsOp>(
      {b.elementType(c.input(0)), i64}, c.input(0), b.cast(splits, i64), separator, left, right,
      ArrayRef<int64_t>(widths), std::max<int64_t>(c.integer("pad_width"), -1), c.boolean("preserve_short_sequences"));
  return op ? c.results({op.getY(), b.cast(op.getBegins(), b.elementType(splits))}) : failure();
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

static LogicalResult importDecodeRaw(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type type = c.elementType("out_type");
  if (!type || failed(requireStrings(c, 0)))
    return failure();
  if (isa<dfg::StringType>(type))
    return c.error() << "gives strings, expected numbers";
  OptionalOperand length;
  if (c.op() == "DecodePaddedRaw") {
    if (failed(c.requireRank(1, 0)))
      return failure();
    length.value = b.reshape(b.cast(c.input(1), b.builder.getI64Type()), {});
  }
  return c.result(b.createAs<dfg::StringDecodeRawOp>(type, c.input(0), length, !c.boolean("little_endian", true)));
}

//===----------------------------------------------------------------------===//
// Characters
//===----------------------------------------------------------------------===//

static FailureOr<StringRef> encodingOf(NodeContext &c, StringRef attribute) {
  std::string name = c.string(attribute, "UTF-8").upper();
  auto known = llvm::StringSwitch<StringRef>(name)
                   .Cases({"UTF-8", "UTF8"}, "utf8")
                   .Cases({"UTF-16-BE", "UTF-16BE"}, "utf16")
                   .Cases({"UTF-32-BE", "UTF-32BE"}, "utf32")
                   .Cases({"US-ASCII", "ASCII"}, "ascii")
                   .Cases({"LATIN1", "LATIN-1", "ISO-8859-1"}, "latin1")
                   .Default("");
  if (!known.empty())
    return known;
  return c.unsupported() << "has encoding '" << name << "', expected UTF-8, UTF-16-BE, UTF-32-BE, ASCII or Latin 1";
}

static FailureOr<StringRef> errorsOf(NodeContext &c) {
  StringRef name = c.string("errors", "replace");
  if (name == "strict" || name == "replace" || name == "ignore")
    return name;
  return c.error() << "has errors '" << name << "', expected strict, replace or ignore";
}

constexpr int64_t kReplacement = 0xfffd;

static LogicalResult importUnicodeDecode(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type i32 = b.builder.getI32Type(), i64 = b.builder.getI64Type();
  Type type = c.hasAttribute("Tsplits") ? c.elementType("Tsplits") : i64;
  auto encoding = encodingOf(c, "input_encoding");
  auto errors = errorsOf(c);
  if (!type || failed(encoding) || failed(errors) || failed(requireStrings(c, 0)))
    return failure();
  Value x = b.reshape(c.input(0), {b.count(c.input(0))});
  auto op = b.createMany<dfg::UnicodeDecodeOp>({i64, i32, i64}, x, *encoding, *errors,
                                               c.integer("replacement_char", kReplacement),
                                               c.boolean("replace_control_characters"));
  if (!op)
    return failure();
  SmallVector<Value> results{b.cast(op.getSplits(), type), op.getCodes()};
  if (c.op() == "UnicodeDecodeWithOffsets")
    results.push_back(op.getOffsets());
  return c.results(results);
}

static LogicalResult importUnicodeEncode(NodeContext &c) {
  auto encoding = encodingOf(c, "output_encoding");
  auto errors = errorsOf(c);
  if (failed(encoding) || failed(errors) || failed(c.requireRank(0, 1, 1)) || failed(c.requireRank(1, 1, 1)))
    return failure();
  return c.result(c.b.create<dfg::UnicodeEncodeOp>(c.input(0), c.b.cast(c.input(1), c.b.builder.getI64Type()),
                                                   *encoding, *errors, c.integer("replacement_char", kReplacement)));
}

static LogicalResult importUnicodeTranscode(NodeContext &c) {
  auto from = encodingOf(c, "input_encoding"), to = encodingOf(c, "output_encoding");
  auto errors = errorsOf(c);
  if (failed(from) || failed(to) || failed(errors) || failed(requireStrings(c, 0)))
    return failure();
  return c.result(c.b.create<dfg::UnicodeTranscodeOp>(c.input(0), *from, *to, *errors,
                                                      c.integer("replacement_char", kReplacement),
                                                      c.boolean("replace_control_characters")));
}

void registerTextPartOps(OpRegistry &ops) {
  ops.add("DecodePaddedRaw", importDecodeRaw);
  ops.add("DecodeRaw", importDecodeRaw);
  ops.add("ReduceJoin", importReduceJoin);
  ops.add("StringJoin", importJoin);
  ops.add("StringNGrams", importNgrams);
  ops.add("StringSplit", importSplit<false>);
  ops.add("StringSplitV2", importSplit<true>);
  ops.add("UnicodeDecode", importUnicodeDecode);
  ops.add("UnicodeDecodeWithOffsets", importUnicodeDecode);
  ops.add("UnicodeEncode", importUnicodeEncode);
  ops.add("UnicodeTranscode", importUnicodeTranscode);
  ops.add("UnsortedSegmentJoin", importSegmentJoin);
}

} // namespace tfc::tf
