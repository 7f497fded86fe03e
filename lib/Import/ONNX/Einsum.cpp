// Einsum: sums of products over named dimensions.
#include "tfc/Import/Common/Formula.h"
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace mlir;

namespace tfc {
namespace {

/// A dimension's name: a letter, or, below zero, a dimension of the ellipsis counted from
/// its last one (-1).
using Label = int;
using Labels = SmallVector<Label>;

/// A tensor whose dimensions have names.
struct Operand {
  Value value;
  Labels labels;

  bool has(Label label) const { return llvm::is_contained(labels, label); }
};

class Einsum {
public:
  explicit Einsum(NodeContext &c) : c(c), b(c.b) {}

  LogicalResult run() {
    if (failed(parse()))
      return failure();
    Type element = b.elementType(operands.front().value);
    // Products of bytes would be accumulated in another type than the others are.
    bool isByte = element.isInteger(8);
    for (Operand &operand : operands) {
      if (isByte)
        operand.value = b.cast(operand.value, b.builder.getI32Type());
      takeDiagonals(operand);
    }
    dropUnitDims();
    Operand result = operands.front();
    for (size_t i = 1; i < operands.size(); ++i)
      result = contract(result, operands[i], ArrayRef(operands).drop_front(i + 1));
    sumOut(result, output);
    return c.result(b.cast(arrange(result, output), element));
  }

private:
  //===--- The equation ---------------------------------------------------===//

  LogicalResult parse() {
    std::string equation = c.string("equation").str();
    llvm::erase(equation, ' ');
    auto [left, right] = StringRef(equation).split("->");
    SmallVector<StringRef> terms;
    left.split(terms, ',');
    if (terms.size() != c.inputCount())
      return c.error() << "has equation '" << equation << "' with " << terms.size()
                       << " terms, expected one per input (" << c.inputCount() << ")";
    int64_t ellipsis = 0;
    for (auto [i, term] : llvm::enumerate(terms)) {
      if (failed(c.requireSameElements({0, unsigned(i)})))
        return failure();
      int64_t rank = b.rank(c.input(i));
      Operand &operand = operands.emplace_back(Operand{c.input(i), {}});
      int64_t letters = term.size() - (term.contains("...") ? 3 : 0);
      if (term.contains("...") ? letters > rank : letters != rank)
        return c.error() << "has term '" << term << "' for an input of rank " << rank;
      ellipsis = std::max(ellipsis, rank - letters);
      if (failed(readTerm(term, rank - letters, operand.labels)))
        return failure();
    }
    if (StringRef(equation).contains("->")) {
      if (failed(readTerm(right, ellipsis, output)))
        return failure();
    } else {
      implicitOutput(ellipsis);
    }
    for (auto [i, label] : llvm::enumerate(output)) {
      if (llvm::is_contained(ArrayRef(output).drop_front(i + 1), label))
        return c.error() << "has equation '" << equation << "' that repeats a letter in its result";
      if (llvm::none_of(operands, [label = label](const Operand &operand) { return operand.has(label); }))
        return c.error() << "has equation '" << equation << "' whose result has a letter that no input has";
    }
    return success();
  }

  LogicalResult readTerm(StringRef term, int64_t ellipsis, Labels &labels) {
    bool sawEllipsis = false;
    for (StringRef rest = term; !rest.empty();) {
      if (!sawEllipsis && rest.consume_front("...")) {
        sawEllipsis = true;
        for (int64_t i = ellipsis; i > 0; --i)
          labels.push_back(-i);
        continue;
      }
      if (!llvm::isAlpha(rest.front()))
        return c.error() << "has term '" << term << "', expected letters and at most one ellipsis";
      labels.push_back(rest.front());
      rest = rest.drop_front();
    }
    return success();
  }

  /// Without an arrow: the ellipsis, then the letters that appear once, in ASCII order.
  void implicitOutput(int64_t ellipsis) {
    for (int64_t i = ellipsis; i > 0; --i)
      output.push_back(-i);
    std::map<Label, int> counts;
    for (const Operand &operand : operands)
      for (Label label : operand.labels)
        ++counts[label];
    for (auto [label, count] : counts)
      if (label > 0 && count == 1)
        output.push_back(label);
  }

  //===--- One operand ----------------------------------------------------===//

  /// Merges dimensions of one name: sums over a mask of the diagonal.
  void takeDiagonals(Operand &operand) {
    for (size_t i = 0; i < operand.labels.size(); ++i)
      for (size_t j = operand.labels.size() - 1; j > i; --j) {
        if (operand.labels[i] != operand.labels[j])
          continue;
        GraphBuilder::Dims sizes(b.rank(operand.value), b.expr(1));
        sizes[i] = b.dim(operand.value, i);
        Value row = b.iota(b.builder.getI64Type(), sizes, i);
        sizes[i] = b.expr(1);
        sizes[j] = b.dim(operand.value, j);
        Value column = b.iota(b.builder.getI64Type(), sizes, j);
        Value isDiagonal = b.compare(dfg::CompareKind::EQ, row, column);
        Value masked = b.select(isDiagonal, operand.value, b.scalarLike(operand.value, 0));
        operand.value = b.reduce(dfg::ReduceKind::Sum, masked, int64_t(j), /*keepDims=*/false);
        operand.labels.erase(operand.labels.begin() + j);
      }
  }

  /// A dimension of extent 1 broadcasts against others of its name: without it, the
  /// product does that by itself.
  void dropUnitDims() {
    for (Operand &operand : operands)
      for (size_t i = operand.labels.size(); i-- > 0;) {
        Label label = operand.labels[i];
        bool isElsewhere = llvm::any_of(operands, [&](const Operand &other) { return isWide(other, label); });
        if (isElsewhere && !isWide(operand, label)) {
          operand.value = b.squeeze(operand.value, int64_t(i));
          operand.labels.erase(operand.labels.begin() + i);
        }
      }
  }

  /// Whether an operand has a dimension of a name that is not known to have extent 1.
  bool isWide(const Operand &operand, Label label) {
    auto position = llvm::find(operand.labels, label);
    return position != operand.labels.end() && b.number(b.dim(operand.value, position - operand.labels.begin())) != 1;
  }

  /// Sums over every dimension whose name is not kept.
  void sumOut(Operand &operand, ArrayRef<Label> keep) {
    SmallVector<int64_t> axes;
    Labels kept;
    for (auto [i, label] : llvm::enumerate(operand.labels)) {
      if (llvm::is_contained(keep, label))
        kept.push_back(label);
      else
        axes.push_back(i);
    }
    operand = {b.reduce(dfg::ReduceKind::Sum, operand.value, axes, /*keepDims=*/false), kept};
  }

  /// The dimensions in the order of `labels`, with extent 1 where the operand has none.
  Value arrange(const Operand &operand, ArrayRef<Label> labels) {
    SmallVector<int64_t> permutation, missing;
    for (auto [i, label] : llvm::enumerate(labels)) {
      if (operand.has(label))
        permutation.push_back(llvm::find(operand.labels, label) - operand.labels.begin());
      else
        missing.push_back(i);
    }
    Value value = llvm::is_sorted(permutation) ? operand.value : b.transpose(operand.value, permutation);
    return b.unsqueeze(value, missing);
  }

  //===--- Two operands ---------------------------------------------------===//

  /// The product of two operands, summed over what neither the result nor `later` names.
  Operand contract(Operand x, Operand y, ArrayRef<Operand> later) {
    auto isKept = [&](Label label) {
      return llvm::is_contained(output, label) ||
             llvm::any_of(later, [&](const Operand &operand) { return operand.has(label); });
    };
    auto keepFor = [&](const Operand &operand, const Operand &other) {
      Labels keep;
      for (Label label : operand.labels)
        if (isKept(label) || other.has(label))
          keep.push_back(label);
      return keep;
    };
    sumOut(x, keepFor(x, y));
    sumOut(y, keepFor(y, x));

    Labels batch, rows, inner, columns;
    for (Label label : x.labels)
      (!y.has(label) ? rows : isKept(label) ? batch : inner).push_back(label);
    for (Label label : y.labels)
      if (!x.has(label))
        columns.push_back(label);
    Labels all = joined({batch, rows, columns});
    if (inner.empty())
      return {b.create<dfg::MulOp>(arrange(x, all), arrange(y, all)), all};

    // Rows, columns and inner dimensions become one each for a matrix product.
    GraphBuilder::Dims sizes;
    for (Label label : all)
      sizes.push_back(extent(x.has(label) ? x : y, label));
    int64_t outer = batch.size();
    auto merge = [&](Value value, int64_t first, int64_t second) {
      value = b.flatten(value, outer, outer + first);
      return b.flatten(value, outer + 1, outer + 1 + second);
    };
    Value left = merge(arrange(x, joined({batch, rows, inner})), rows.size(), inner.size());
    bool isTransposed = y.labels == joined({batch, columns, inner});
    Value right = isTransposed ? merge(y.value, columns.size(), inner.size())
                               : merge(arrange(y, joined({batch, inner, columns})), inner.size(), columns.size());
    Value product = b.create<dfg::MatmulOp>(left, right, /*transpose_a=*/false, isTransposed);
    return {b.reshape(product, sizes), all};
  }

  static Labels joined(std::initializer_list<ArrayRef<Label>> lists) {
    Labels all;
    for (ArrayRef<Label> list : lists)
      llvm::append_range(all, list);
    return all;
  }

  AffineExpr extent(const Operand &operand, Label label) {
    return b.dim(operand.value, llvm::find(operand.labels, label) - operand.labels.begin());
  }

  NodeContext &c;
  GraphBuilder &b;
  SmallVector<Operand> operands;
  Labels output;
};

} // namespace

static LogicalResult importEinsum(NodeContext &c) { return Einsum(c).run(); }

void registerEinsumOps(OpRegistry &ops) { ops.add("Einsum", importEinsum, 12); }

} // namespace tfc
