// Recurrent layers: what RNN, GRU and LSTM have in common.
#ifndef TFC_LIB_IMPORT_ONNX_RECURRENT_H
#define TFC_LIB_IMPORT_ONNX_RECURRENT_H

#include "tfc/Import/Common/Formula.h"
#include "tfc/Import/ONNX/OpRegistry.h"

namespace tfc {

/// An activation function of a gate.
struct GateFunction {
  std::string name = "sigmoid"; // lower case
  double alpha = 0, beta = 0;
  Term operator()(Term x) const;
};

/// A node that runs a cell over a sequence, in one or both directions. Tensors inside are
/// [time, batch, ...]; a gate's columns are [gate * hidden, (gate + 1) * hidden).
class RecurrentLayer {
public:
  /// `states` is the number of tensors [batch, hidden] that pass from step to step; the
  /// first of them is what the layer puts out. `functions` are the default activations.
  RecurrentLayer(NodeContext &c, unsigned gates, unsigned states, llvm::ArrayRef<llvm::StringRef> functions)
      : c(c), b(c.b), gates(gates), states(states), functions(functions) {}
  virtual ~RecurrentLayer() = default;

  mlir::LogicalResult run();

protected:
  using States = llvm::MutableArrayRef<mlir::Value>;

  /// x [..., K] times the weights of input `i`, in the current direction.
  virtual mlir::Value multiply(unsigned i, mlir::Value x);
  /// The number of columns of a gate.
  virtual mlir::AffineExpr hiddenSize() { return b.dim(c.input(2), 2); }
  /// Whether `step` adds the biases of the recurrent product.
  virtual bool addsRecurrentBias() { return false; }
  /// Makes what all steps of the current direction use.
  virtual void prepare() {}
  /// The next states, from the part of the preactivations [batch, gates * hidden] that
  /// the step's input makes.
  virtual void step(Term input, States states) = 0;

  /// The current direction's part of an input; null if that is left out.
  mlir::Value own(unsigned i) const { return i < parts.size() ? parts[i] : mlir::Value(); }
  /// Half 0 or 1 of the biases: of the input's product or of the recurrent one; null
  /// without biases.
  mlir::Value bias(unsigned half);
  /// The columns of `count` gates from `first` on.
  Term columns(mlir::Value x, int64_t first, int64_t count = 1);
  /// Activation `i`, of a gate's preactivation or of anything: only the former is clipped.
  Term activateGate(unsigned i, Term x);
  Term activate(unsigned i, Term x);

  NodeContext &c;
  GraphBuilder &b;

private:
  mlir::LogicalResult read();
  mlir::LogicalResult readFunctions();
  /// Runs the current direction: final states, then all outputs [time, batch, hidden].
  llvm::SmallVector<mlir::Value> runDirection();

  const unsigned gates, states;
  const llvm::ArrayRef<llvm::StringRef> functions;
  mlir::Value x, lengths;
  mlir::AffineExpr hidden;
  int64_t directions = 1;
  bool isReversed = false, isBatchFirst = false;
  /// The direction that is being built.
  int64_t direction = 0;
  llvm::SmallVector<mlir::Value> parts;        // its parts of the inputs
  llvm::SmallVector<GateFunction> activations; // of all directions
};

/// Long short-term memory; how it multiplies by its weights is left to variants.
class LongShortTermMemory : public RecurrentLayer {
public:
  explicit LongShortTermMemory(NodeContext &c);

protected:
  void prepare() override;
  void step(Term input, States states) override;

private:
  mlir::Value peepholes[3];
};

} // namespace tfc

#endif // TFC_LIB_IMPORT_ONNX_RECURRENT_H
