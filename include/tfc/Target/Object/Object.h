// LLVM IR to machine code: the last stage of the road.
#ifndef TFC_TARGET_OBJECT_OBJECT_H
#define TFC_TARGET_OBJECT_OBJECT_H

#include <memory>
#include <string>

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"
#include "mlir/IR/BuiltinOps.h"
#include "tfc/Target/Object/Signature.h"

namespace tfc {

struct TargetOptions {
  std::string cpu = "x86-64-v3"; // as clang's -march; "native" is this machine
  bool debugInfo = false;
};

/// A code generator for the CPU asked for. Fails with a message for an unknown CPU.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>> createTargetMachine(const TargetOptions &options);

/// Translates a module in the LLVM dialect, adds the model's descriptors and optimizes.
/// `exportQuery` adds `tfc_model()`, which shared objects are opened by. Fails after an
/// error on the module.
mlir::FailureOr<std::unique_ptr<llvm::Module>> translateToLLVM(mlir::ModuleOp module, llvm::LLVMContext &context,
                                                               const ModelSignature &signature,
                                                               llvm::TargetMachine &machine, bool exportQuery);

/// Adds `const tfc_model_t PREFIX_model` and everything it points to. `cpuFeatures` are the
/// TFC_CPU_* groups that the code needs.
void addDescriptors(llvm::Module &module, const ModelSignature &signature, uint64_t cpuFeatures, bool exportQuery);

/// Emits machine code (an ELF relocatable) or, with `assembly`, its text.
llvm::Error emitObject(llvm::Module &module, llvm::TargetMachine &machine, llvm::raw_pwrite_stream &os,
                       bool assembly = false);

} // namespace tfc

#endif // TFC_TARGET_OBJECT_OBJECT_H
