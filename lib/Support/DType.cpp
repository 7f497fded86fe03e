// Element types of the C ABI and of dfg tensors.
#include "tfc/Support/DType.h"

#include "Dfg/Dfg.h"
#include "mlir/IR/Builders.h"
#include "tfc-rt/base.h"

using namespace mlir;

namespace tfc {

Type elementTypeOf(MLIRContext *context, int32_t dtype) {
  auto integer = [&](unsigned width, IntegerType::SignednessSemantics sign = IntegerType::Signless) {
    return IntegerType::get(context, width, sign);
  };
  switch (dtype) {
  case TFC_DTYPE_F32: return Float32Type::get(context);
  case TFC_DTYPE_F64: return Float64Type::get(context);
  case TFC_DTYPE_F16: return Float16Type::get(context);
  case TFC_DTYPE_BF16: return BFloat16Type::get(context);
  case TFC_DTYPE_F8E4M3FN: return Float8E4M3FNType::get(context);
  case TFC_DTYPE_F8E4M3FNUZ: return Float8E4M3FNUZType::get(context);
  case TFC_DTYPE_F8E5M2: return Float8E5M2Type::get(context);
  case TFC_DTYPE_F8E5M2FNUZ: return Float8E5M2FNUZType::get(context);
  case TFC_DTYPE_F8E8M0FNU: return Float8E8M0FNUType::get(context);
  case TFC_DTYPE_F4E2M1FN: return Float4E2M1FNType::get(context);
  case TFC_DTYPE_BOOL: return integer(1);
  case TFC_DTYPE_I2: return integer(2);
  case TFC_DTYPE_I4: return integer(4);
  case TFC_DTYPE_I8: return integer(8);
  case TFC_DTYPE_I16: return integer(16);
  case TFC_DTYPE_I32: return integer(32);
  case TFC_DTYPE_I64: return integer(64);
  case TFC_DTYPE_U2: return integer(2, IntegerType::Unsigned);
  case TFC_DTYPE_U4: return integer(4, IntegerType::Unsigned);
  case TFC_DTYPE_U8: return integer(8, IntegerType::Unsigned);
  case TFC_DTYPE_U16: return integer(16, IntegerType::Unsigned);
  case TFC_DTYPE_U32: return integer(32, IntegerType::Unsigned);
  case TFC_DTYPE_U64: return integer(64, IntegerType::Unsigned);
  case TFC_DTYPE_STRING: return dfg::StringType::get(context);
  case TFC_DTYPE_COMPLEX64: return ComplexType::get(Float32Type::get(context));
  case TFC_DTYPE_COMPLEX128: return ComplexType::get(Float64Type::get(context));
  default: return {};
  }
}

int32_t dtypeCode(Type element) {
  // What strings are at the border of a lowered step.
  if (element.isInteger(8 * sizeof(tfc_string_t)))
    return TFC_DTYPE_STRING;
  for (int32_t code = TFC_DTYPE_F32; code <= TFC_DTYPE_I2; ++code)
    if (elementTypeOf(element.getContext(), code) == element)
      return code;
  return TFC_DTYPE_INVALID;
}

int64_t elementBytes(Type element) {
  if (isa<dfg::StringType>(element))
    return sizeof(tfc_string_t);
  if (auto complex = dyn_cast<ComplexType>(element))
    return 2 * elementBytes(complex.getElementType());
  return llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
}

} // namespace tfc
