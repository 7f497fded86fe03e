// Symbolic dimensions: what is known of the extents of tensors before they run.
#ifndef DFG_DIMSCOPE_H
#define DFG_DIMSCOPE_H

#include <map>
#include <tuple>

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Value.h"

namespace tfc::dfg {

class WhileOp;

/// Element type and dimensions of one result, as `InferShapes` gives them.
struct TensorInfo {
  mlir::Type elementType;
  /// An expression over the scope's symbols; null where only data tells.
  llvm::SmallVector<mlir::AffineExpr> dims;
};

/// Names for every extent of a step, function or kernel.
///
/// A dimension is an affine expression over symbols, so equal pointers are provably
/// equal extents. A symbol stands for a dimension of a block argument or of a
/// data-dependent result, for an `index` value that nothing is known of, or for a
/// max/min/product/quotient of other dimensions that is not affine. Symbols are
/// numbered in order of appearance; a scope lives as long as the IR it describes does
/// not change.
///
/// Results of branches keep a dimension on which all branches agree; arguments and
/// results of loops keep one that no iteration changes. Not thread-safe.
class DimScope {
public:
  /// With `typesOnly`, a dimension is known by its type alone: the verifier's view.
  explicit DimScope(mlir::MLIRContext *context, bool typesOnly = false) : context(context), typesOnly(typesOnly) {}

  /// The dimensions of a ranked tensor. Infers what is not known yet from the
  /// defining op; walk ops in order to keep that shallow.
  llvm::ArrayRef<mlir::AffineExpr> dims(mlir::Value tensor);
  mlir::AffineExpr dim(mlir::Value tensor, unsigned i) { return dims(tensor)[i]; }
  /// The value of an index: constant, `tensor.dim`, arithmetic of those, or a symbol.
  mlir::AffineExpr index(mlir::OpFoldResult value);
  /// The list of static numbers with index values in the holes.
  llvm::SmallVector<mlir::AffineExpr> indices(llvm::ArrayRef<int64_t> statics, mlir::ValueRange dynamics);

  mlir::AffineExpr constant(int64_t value) { return mlir::getAffineConstantExpr(value, context); }
  mlir::AffineExpr add(mlir::AffineExpr a, mlir::AffineExpr b);
  mlir::AffineExpr sub(mlir::AffineExpr a, mlir::AffineExpr b);
  mlir::AffineExpr mul(mlir::AffineExpr a, mlir::AffineExpr b);
  mlir::AffineExpr floorDiv(mlir::AffineExpr a, mlir::AffineExpr b);
  mlir::AffineExpr max(mlir::AffineExpr a, mlir::AffineExpr b);
  mlir::AffineExpr min(mlir::AffineExpr a, mlir::AffineExpr b);
  /// The common extent of two broadcast dimensions; null when they cannot agree.
  mlir::AffineExpr broadcast(mlir::AffineExpr a, mlir::AffineExpr b);
  mlir::AffineExpr product(llvm::ArrayRef<mlir::AffineExpr> factors);

  /// Whether the expression is at least 0 whatever the extents; false where unknown.
  bool isNonNegative(mlir::AffineExpr expr);

  /// NumPy broadcasting of several shapes; fails when two extents cannot agree.
  mlir::FailureOr<llvm::SmallVector<mlir::AffineExpr>> broadcast(llvm::ArrayRef<llvm::ArrayRef<mlir::AffineExpr>> shapes);

  /// Emits the expression as index arithmetic at the builder's insertion point, which
  /// the values behind its symbols (as `mapping` gives them, if set) must dominate.
  /// `reuse`, if set, gives values of expressions that are there already, or null.
  mlir::Value materialize(mlir::OpBuilder &builder, mlir::Location loc, mlir::AffineExpr expr,
                          const mlir::IRMapping *mapping = nullptr,
                          llvm::function_ref<mlir::Value(mlir::AffineExpr)> reuse = nullptr);
  /// The same, but constants stay attributes.
  mlir::OpFoldResult fold(mlir::OpBuilder &builder, mlir::Location loc, mlir::AffineExpr expr,
                          const mlir::IRMapping *mapping = nullptr);

  /// Overrides what is known of a tensor.
  void set(mlir::Value tensor, llvm::ArrayRef<mlir::AffineExpr> dims);
  /// The symbol of dimension `i` of a tensor, whatever else is known.
  mlir::AffineExpr symbol(mlir::Value tensor, unsigned i);
  /// Whether all values behind the expression are defined outside of the regions of `op`.
  bool isDefinedOutside(mlir::AffineExpr expr, mlir::Operation *op);

private:
  enum class Kind { Dim, Index, Add, Mul, FloorDiv, CeilDiv, Mod, Max, Min, Broadcast };
  struct Symbol {
    Kind kind;
    mlir::Value value;   // Dim, Index
    unsigned position;   // Dim
    mlir::AffineExpr a, b; // the others
  };
  class Materializer;
  mlir::AffineExpr intern(Kind kind, mlir::AffineExpr a, mlir::AffineExpr b);
  /// `expr` simplified, unless it is too large to be worked with: then a symbol.
  mlir::AffineExpr limited(mlir::AffineExpr expr, Kind kind, mlir::AffineExpr a, mlir::AffineExpr b);
  mlir::AffineExpr intern(Kind kind, mlir::Value value, unsigned position);
  bool testNonNegative(mlir::AffineExpr expr);
  void inferOp(mlir::Operation *op);
  void inferBranches(mlir::Operation *op);
  void inferLoop(WhileOp loop);
  void inferRegion(mlir::Region &region);
  void forget(mlir::Region &region);
  void argumentDims(mlir::Value tensor);

  mlir::MLIRContext *context;
  bool typesOnly;
  llvm::SmallVector<Symbol> symbols;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<mlir::AffineExpr>> known;
  llvm::DenseMap<mlir::Value, mlir::AffineExpr> knownIndices;
  std::map<std::tuple<int, const void *, const void *>, unsigned> interned;
  llvm::DenseMap<mlir::AffineExpr, bool> nonNegative;
  llvm::StringMap<mlir::AffineExpr> named;
};

/// Most elements of a constant that is made of a smaller one: objects hold constants whole.
constexpr int64_t kMostFolded = 4096;
/// What no tensor has more elements of: their sizes in bytes, and sums of those, are far
/// from what 64 bits hold.
constexpr int64_t kMostElements = int64_t(1) << 40;
/// Inner tensors may have more dimensions than those of the C ABI, but not any number.
constexpr int64_t kMostRank = 32;
/// Whether the known extents alone make more elements than that.
bool isTooLarge(llvm::ArrayRef<int64_t> shape);

/// The builtin tensor type of an inferred result: constants are static extents.
mlir::RankedTensorType typeOf(const TensorInfo &info);

/// Runs `InferShapes` on an op whose result types are placeholders and sets them.
llvm::LogicalResult setInferredTypes(mlir::Operation *op, DimScope &scope);

namespace detail {
/// Verifier of `InferShapes`: declared result types must agree with inferred ones.
llvm::LogicalResult verifyInferredShapes(mlir::Operation *op);
} // namespace detail
} // namespace tfc::dfg

#endif // DFG_DIMSCOPE_H
