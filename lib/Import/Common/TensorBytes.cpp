// Sizes of tensors that files declare.
#include "tfc/Import/Common/TensorBytes.h"

#include "Dfg/Dfg.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tfc {

FailureOr<int64_t> elementCount(ArrayRef<int64_t> dims) {
  int64_t count = 1;
  for (int64_t dim : dims)
    if (dim < 0 || llvm::MulOverflow(count, dim, count) || count > dfg::kMostElements)
      return failure();
  return count;
}

} // namespace tfc
