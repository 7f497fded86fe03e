// Tensors of a model file as attributes.
#ifndef TFC_LIB_IMPORT_ONNX_TENSORDATA_H
#define TFC_LIB_IMPORT_ONNX_TENSORDATA_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "onnx.pb.h"
#include "tfc/Import/Common/TensorBytes.h"

namespace tfc {

/// Reads tensors of a model that lies in one folder.
class TensorReader {
public:
  /// Both give a diagnostic to complete with what is wrong.
  struct Errors {
    llvm::function_ref<mlir::InFlightDiagnostic()> malformed, unsupported;
  };
  /// Without a folder, no tensor can have external data.
  TensorReader(mlir::MLIRContext *context, llvm::StringRef folder) : context(context), folder(folder) {}

  /// The value of a tensor: dense up to 1 KB and where all elements are equal, else a
  /// resource with one byte per element of 8 bits or fewer. Takes the data out of `tensor`
  /// where `mayTake` says that nobody else will read it.
  mlir::FailureOr<mlir::ElementsAttr> read(onnx::TensorProto &tensor, bool mayTake, Errors errors);
  mlir::FailureOr<mlir::ElementsAttr> read(const onnx::SparseTensorProto &tensor, Errors errors);

private:
  /// The bytes of a file that a tensor keeps its data in.
  mlir::FailureOr<std::unique_ptr<llvm::MemoryBuffer>> external(const onnx::TensorProto &tensor, int64_t size,
                                                                Errors errors);
  mlir::MLIRContext *context;
  std::string folder;
  int64_t sparseBytes = 0; // of the sparse tensors read
};

} // namespace tfc

#endif // TFC_LIB_IMPORT_ONNX_TENSORDATA_H
