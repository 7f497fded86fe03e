// Square tiles of vectors are loaded along the input's last dimension, transposed in registers and stored along the
// output's: every access is to a whole vector, whatever the distance between rows.
#include "tfc/Codegen/CPU/Emit/Transpose.h"

#include "KernelBuilder.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace tfc::cpu {

/// Transposes a square of vectors: each round exchanges blocks that lie across the diagonal, of 1, 2, 4, ... elements.
static void transposeSquare(KernelBuilder &kb, MutableArrayRef<Value> rows) {
  const int64_t lanes = rows.size();
  for (int64_t block = 1; block < lanes; block *= 2) {
    SmallVector<int64_t> upper, lower;
    for (int64_t i = 0; i < lanes; ++i) {
      bool isFirst = (i / block) % 2 == 0;
      upper.push_back(isFirst ? i : lanes + i - block);
      lower.push_back(isFirst ? i + block : lanes + i);
    }
    for (int64_t i = 0; i < lanes; ++i) {
      if ((i / block) % 2 != 0)
        continue;
      Value a = rows[i], b = rows[i + block];
      rows[i] = vector::ShuffleOp::create(kb.builder, kb.loc, a, b, upper);
      rows[i + block] = vector::ShuffleOp::create(kb.builder, kb.loc, a, b, lower);
    }
  }
}

namespace {

class TransposeEmitter {
public:
  TransposeEmitter(KernelBuilder &kb, const TransposeOperands &operands, int64_t split, Value begin, Value end)
      : kb(kb), operands(operands), lanes(kb.target.lanes()), rank(operands.permutation.size()), last(rank - 1),
        read(llvm::find(operands.permutation, last) - operands.permutation.begin()), position(rank) {
    for (int64_t i = 0; i < rank; ++i)
      ranges.push_back(i == split ? std::pair(begin, end) : std::pair(kb.index(0), kb.dim(operands.output, i)));
  }

  void emit() {
    // The tile's own dimensions innermost, that of the reads last: what one tile leaves of a cache line the next takes.
    for (int64_t i = 0; i < rank; ++i)
      if (i != last && i != read)
        order.push_back(i);
    order.append({last, read});
    emitLoop(0);
  }

private:
  void emitLoop(size_t depth) {
    if (depth == order.size())
      return emitTile();
    int64_t dim = order[depth];
    bool isTiled = dim == last || dim == read;
    kb.loop(ranges[dim].first, ranges[dim].second, isTiled ? lanes : 1, [&](Value at) {
      position[dim] = at;
      emitLoop(depth + 1);
    });
  }

  void emitTile() {
    Value rows = kb.sub(ranges[last].second, position[last]), columns = kb.sub(ranges[read].second, position[read]);
    Value fits = kb.logicalAnd(kb.less(kb.index(lanes - 1), rows), kb.less(kb.index(lanes - 1), columns));
    kb.ifThenElse(fits, [&] { emitTile({}, {}); }, [&] { emitTile(rows, columns); });
  }

  /// A whole tile, or what is left of `rows` along the output's last dimension and `columns` along the input's.
  void emitTile(Value rows, Value columns) {
    // Vectors past the end are masked out; their addresses are never used.
    auto maskAt = [&](Value vectors, int64_t i, Value elements) {
      if (!vectors)
        return Value();
      return kb.maskOf(kb.select(kb.less(kb.index(i), vectors), elements, kb.index(0)));
    };
    SmallVector<Value> tile;
    for (int64_t i = 0; i < lanes; ++i)
      tile.push_back(kb.load(operands.input, inputIndices(i), maskAt(rows, i, columns)));
    transposeSquare(kb, tile);
    for (int64_t i = 0; i < lanes; ++i)
      kb.store(tile[i], operands.output, outputIndices(i), maskAt(columns, i, rows));
  }

  /// Of vector i of a tile.
  SmallVector<Value> inputIndices(int64_t i) {
    SmallVector<Value> indices(rank);
    for (auto [to, from] : llvm::enumerate(operands.permutation))
      indices[from] = int64_t(to) == last ? kb.add(position[to], i) : position[to];
    return indices;
  }
  SmallVector<Value> outputIndices(int64_t i) {
    SmallVector<Value> indices(position);
    indices[read] = kb.add(indices[read], i);
    return indices;
  }

  KernelBuilder &kb;
  const TransposeOperands &operands;
  const int64_t lanes, rank, last;
  /// The dimension of the output that is the input's last.
  const int64_t read;
  SmallVector<std::pair<Value, Value>> ranges;
  SmallVector<int64_t> order;
  SmallVector<Value> position;
};

} // namespace

void emitTranspose(OpBuilder &builder, Location loc, const CpuTarget &target, const TransposeOperands &operands,
                   int64_t split, Value begin, Value end) {
  KernelBuilder kb(builder, loc, target);
  TransposeEmitter(kb, operands, split, begin, end).emit();
}

} // namespace tfc::cpu
