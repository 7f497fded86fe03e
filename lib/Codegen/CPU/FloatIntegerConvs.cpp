// Runs convolutions of small integers in floats, where those are exact.
#include "Weights.h"
#include "mlir/IR/Matchers.h"
#include "tfc/Codegen/CPU/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_FLOATINTEGERCONVS
#include "tfc/Codegen/CPU/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

bool isByteCast(Value value) {
  auto cast = value.getDefiningOp<dfg::CastOp>();
  return cast && dfg::tensorType(cast.getX()).getElementType().isInteger(8);
}

/// The largest magnitude that a tensor of i32 can have by its ops: bytes, less a zero point that is a byte.
std::optional<double> largestOf(Value value) {
  if (isByteCast(value))
    return 255;
  auto sub = value.getDefiningOp<dfg::SubOp>();
  if (sub && isByteCast(sub.getA()) && isByteCast(sub.getB()))
    return 255;
  return std::nullopt;
}

/// The numbers of a constant of i32, or of constant bytes less one constant.
std::optional<std::vector<int32_t>> integersOf(Value value) {
  auto isConstant = [](Value x) { return x && x.getDefiningOp<dfg::ConstantOp>(); };
  if (isConstant(value))
    return dfg::tensorType(value).getElementType().isInteger(32) ? std::optional(numbersOf<int32_t>(value)) : std::nullopt;
  if (auto cast = value.getDefiningOp<dfg::CastOp>(); cast && isByteCast(value) && isConstant(cast.getX())) {
    const bool isUnsigned = dfg::tensorType(cast.getX()).getElementType().isUnsignedInteger();
    std::vector<int32_t> numbers;
    for (int8_t byte : numbersOf<int8_t>(cast.getX()))
      numbers.push_back(isUnsigned ? uint8_t(byte) : byte);
    return numbers;
  }
  auto sub = value.getDefiningOp<dfg::SubOp>();
  if (!sub || dfg::tensorType(sub.getA()) != dfg::tensorType(value))
    return std::nullopt;
  auto numbers = integersOf(sub.getA()), zero = integersOf(sub.getB());
  if (!numbers || !zero || zero->size() != 1)
    return std::nullopt;
  for (int32_t &number : *numbers)
    number -= zero->front();
  return numbers;
}

struct FloatIntegerConvs : impl::FloatIntegerConvsBase<FloatIntegerConvs> {
  void runOnOperation() override {
    SmallVector<dfg::ConvOp> convs;
    getOperation().walk([&](dfg::ConvOp conv) { convs.push_back(conv); });
    for (dfg::ConvOp conv : convs)
      rewrite(conv);
  }

  void rewrite(dfg::ConvOp conv) {
    RankedTensorType w = dfg::tensorType(conv.getW());
    if (!conv.getType().getElementType().isInteger(32) || !w.hasStaticShape() || w.getNumElements() == 0)
      return;
    std::optional<double> largest = largestOf(conv.getX());
    auto weights = largest ? integersOf(conv.getW()) : std::nullopt;
    if (!weights)
      return;
    // Every partial sum of a filter is at most this.
    const size_t perFilter = weights->size() / w.getDimSize(0);
    double bound = 0;
    for (size_t i = 0; i < weights->size(); i += perFilter) {
      double sum = 0;
      for (size_t j = i; j < i + perFilter; ++j)
        sum += std::abs(double((*weights)[j]));
      bound = std::max(bound, sum * *largest);
    }
    // Beyond 2^31 integers wrap.
    if (bound >= double(int64_t(1) << 31))
      return;
    OpBuilder builder(conv);
    Location loc = conv.getLoc();
    const bool fitsF32 = bound <= double(1 << 24);
    Type element = fitsF32 ? builder.getF32Type() : builder.getF64Type();
    Value filters = fitsF32 ? blobConstant(builder, loc, w.getShape(), element,
                                           std::vector<float>(weights->begin(), weights->end()))
                            : blobConstant(builder, loc, w.getShape(), element,
                                           std::vector<double>(weights->begin(), weights->end()));
    auto converted = [&](Value value, Type to) -> Value {
      return dfg::CastOp::create(builder, loc, dfg::tensorType(value).clone(to), value);
    };
    Value images = converted(conv.getX(), element);
    auto inFloat = cast<dfg::ConvOp>(builder.clone(*conv));
    inFloat.getXMutable().assign(images);
    inFloat.getWMutable().assign(filters);
    inFloat.getResult().setType(conv.getType().clone(element));
    conv.getResult().replaceAllUsesWith(converted(inFloat.getResult(), conv.getType().getElementType()));
    conv.erase();
  }
};

} // namespace
} // namespace tfc
