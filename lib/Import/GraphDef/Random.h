// Streams of random words, and what distributions make of them.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_RANDOM_H
#define TFC_LIB_IMPORT_GRAPHDEF_RANDOM_H

#include "OpRegistry.h"
#include "tfc/Import/Common/Formula.h"

namespace tfc::tf {

/// 32-bit words, each in an element of 64 bits.
using Words = llvm::SmallVector<Term, 4>;

mlir::Type wordType(GraphBuilder &b);
Term word(GraphBuilder &b, uint64_t value);
/// An element of a vector of integers as a word of 64 bits.
Term wordAt(GraphBuilder &b, mlir::Value vector, int64_t i);

/// Where a node's numbers begin: words of 64 bits.
struct Source {
  Term key, counter, counterHigh;

  /// The four words of the counters behind this one by `skip`.
  Words at(Term skip) const;
};

/// The source that inputs from number `first` on tell: a seed, or key, counter and algorithm.
mlir::FailureOr<Source> seededSource(NodeContext &c, unsigned first);
mlir::FailureOr<Source> countedSource(NodeContext &c, unsigned first);
/// The source of one run, which takes `count` numbers. Without seeds, the node's name is one.
mlir::FailureOr<Source> nextSource(NodeContext &c, mlir::AffineExpr count);

/// Floats of [0, 1) from four words; f64 takes two for each.
Words uniforms(const Words &words, mlir::Type element);
/// Floats of the standard normal distribution, in f32 for narrower ones.
Words normals(const Words &words, mlir::Type element);

using Distribution = Term (*)(const Source &, mlir::Type, llvm::ArrayRef<mlir::AffineExpr>);
Term uniform(const Source &source, mlir::Type element, llvm::ArrayRef<mlir::AffineExpr> sizes);
Term normal(const Source &source, mlir::Type element, llvm::ArrayRef<mlir::AffineExpr> sizes);
/// Normal numbers that lie in (-2, 2).
Term truncatedNormal(const Source &source, mlir::Type element, llvm::ArrayRef<mlir::AffineExpr> sizes);
/// All bits of integers.
Term integers(const Source &source, mlir::Type element, llvm::ArrayRef<mlir::AffineExpr> sizes);
/// Integers of [low, high).
Term integersBetween(const Source &source, mlir::Value low, mlir::Value high, llvm::ArrayRef<mlir::AffineExpr> sizes);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_RANDOM_H
