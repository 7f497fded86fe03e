// Tensors and types of TensorFlow's messages as attributes and types of MLIR.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_TENSORDATA_H
#define TFC_LIB_IMPORT_GRAPHDEF_TENSORDATA_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "tensorflow.pb.h"

namespace tfc::tf {

/// The element type of a tensor or of the variable that a reference is to. Quantized
/// integers are the integers that they are stored as. Null for resources, variants and
/// what this version does not know.
mlir::Type elementTypeOf(mlir::MLIRContext *context, int dtype);
/// TensorFlow's name of a data type, such as "float", for messages.
std::string nameOf(tensorflow::DataType dtype);

/// The dimensions of a shape, ShapedType::kDynamic where open; nothing if the rank is unknown.
std::optional<llvm::SmallVector<int64_t>> dimsOf(const tensorflow::TensorShapeProto &shape);

/// The value of a tensor; complex numbers become their parts in a last dimension of 2. `bad` is told what is wrong: the
/// tensor `has ...`. `repeatedBytes` counts what files make of few elements by leaving out equal ones at the end.
mlir::FailureOr<mlir::ElementsAttr> readTensor(mlir::MLIRContext *context, const tensorflow::TensorProto &tensor,
                                               int64_t &repeatedBytes, llvm::function_ref<void(llvm::StringRef)> bad);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_TENSORDATA_H
