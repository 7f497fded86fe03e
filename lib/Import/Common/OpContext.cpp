// Checks that importers of operators share.
#include "tfc/Import/Common/OpContext.h"

using namespace mlir;

namespace tfc {

FailureOr<int64_t> OpContext::axis(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank)
    return error() << "has axis " << axis << ", expected one of [" << -rank << ", " << rank << ")";
  return axis < 0 ? axis + rank : axis;
}

FailureOr<SmallVector<int64_t>> OpContext::axes(ArrayRef<int64_t> given, int64_t rank) {
  SmallVector<int64_t> result;
  for (int64_t one : given) {
    auto checked = axis(one, rank);
    if (failed(checked))
      return failure();
    if (llvm::is_contained(result, *checked))
      return error() << "has axis " << one << " twice";
    result.push_back(*checked);
  }
  return result;
}

FailureOr<GraphBuilder::Dims> OpContext::content(unsigned i) {
  if (!hasInput(i))
    return error() << "has no input " << i;
  auto content = b.content(input(i));
  if (failed(content))
    return unsupported() << "has input '" << inputName(i) << "' of type " << input(i).getType()
                         << ", expected a vector of at most " << GraphBuilder::kMostContent
                         << " integers whose length is known";
  return content;
}

LogicalResult OpContext::requireRank(unsigned i, int64_t least, int64_t most) {
  auto type = hasInput(i) ? dyn_cast<RankedTensorType>(input(i).getType()) : RankedTensorType();
  if (!type)
    return error() << "has no tensor as input " << i;
  if (type.getRank() >= least && type.getRank() <= most)
    return success();
  InFlightDiagnostic diagnostic = error() << "has input " << i << " of rank " << type.getRank() << ", expected ";
  if (least == most)
    return diagnostic << least;
  if (most == INT64_MAX)
    return diagnostic << "at least " << least;
  return diagnostic << least << " to " << most;
}

LogicalResult OpContext::requireSameElements(ArrayRef<unsigned> indices) {
  for (unsigned i : indices) {
    if (failed(requireRank(i, 0)))
      return failure();
    if (b.elementType(input(i)) != b.elementType(input(indices.front())))
      return error() << "has inputs of element types " << b.elementType(input(indices.front())) << " and "
                     << b.elementType(input(i)) << ", expected equal ones";
  }
  return success();
}

} // namespace tfc
