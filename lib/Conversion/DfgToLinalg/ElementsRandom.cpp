// Random numbers without state: the Philox block cipher applied to a counter.
#include "ElementModels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace tfc::elements {
namespace {

/// Arithmetic on words of 32 bits that stand in i64 elements.
class Words {
public:
  Words(OpBuilder &b, Location loc, Type type) : b(b), loc(loc), type(type) {}

  Value constant(uint64_t value) const {
    auto bits = b.getIntegerAttr(getElementTypeOrSelf(type), int64_t(value));
    if (auto vector = dyn_cast<VectorType>(type))
      return arith::ConstantOp::create(b, loc, DenseElementsAttr::get(vector, Attribute(bits)));
    return arith::ConstantOp::create(b, loc, bits);
  }
  Value low(Value x) const { return arith::AndIOp::create(b, loc, x, constant(UINT32_MAX)); }
  Value high(Value x) const { return arith::ShRUIOp::create(b, loc, x, constant(32)); }
  Value mul(Value x, uint64_t y) const { return arith::MulIOp::create(b, loc, x, constant(y)); }
  Value add(Value x, uint64_t y) const { return low(arith::AddIOp::create(b, loc, x, constant(y))); }
  Value exclusive(Value x, Value y) const { return arith::XOrIOp::create(b, loc, x, y); }
  Value join(Value high, Value low) const {
    return arith::OrIOp::create(b, loc, arith::ShLIOp::create(b, loc, high, constant(32)), low);
  }

private:
  OpBuilder &b;
  Location loc;
  Type type;
};

} // namespace

Value emit(dfg::RandomBitsOp op, OpBuilder &b, ValueRange v) {
  constexpr int kRounds = 10;
  Words words(b, op.getLoc(), v[0].getType());
  Value counter[] = {words.low(v[0]), words.high(v[0]), words.constant(0), words.constant(0)};
  Value key[] = {words.low(v[1]), words.high(v[1])};
  for (int round = 0; round < kRounds; ++round) {
    Value first = words.mul(counter[0], 0xD2511F53), second = words.mul(counter[2], 0xCD9E8D57);
    Value mixed = words.exclusive(words.exclusive(words.high(second), counter[1]), key[0]);
    Value other = words.exclusive(words.exclusive(words.high(first), counter[3]), key[1]);
    counter[0] = mixed;
    counter[1] = words.low(second);
    counter[2] = other;
    counter[3] = words.low(first);
    key[0] = words.add(key[0], 0x9E3779B9);
    key[1] = words.add(key[1], 0xBB67AE85);
  }
  return words.join(counter[1], counter[0]);
}

} // namespace tfc::elements
