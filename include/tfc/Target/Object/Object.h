// LLVM IR to machine code: the last stage of the road.
#ifndef TFC_TARGET_OBJECT_OBJECT_H
#define TFC_TARGET_OBJECT_OBJECT_H

#include <memory>
#include <string>
#include <vector>

#include "mlir/IR/BuiltinOps.h"
#include "tfc/Target/Object/Cpu.h"
#include "tfc/Target/Object/Sanitize.h"
#include "tfc/Target/Object/Signature.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

namespace tfc {

/// A model's code in LLVM IR: one compilation for each CPU, from the one that asks for the least
/// on, and the constants that they share.
class ModelCode {
public:
  /// Smaller constants stay in the object: they would only make the file's offsets many.
  static constexpr uint64_t kLeastWeight = 1024;

  /// `prefix` is that of all symbols.
  explicit ModelCode(std::string prefix) : prefix(std::move(prefix)) {}

  /// Takes the compilation for one more CPU, a module in the LLVM dialect. Unless it is the only
  /// one, functions carry the name of their CPU; with `nameNodes` those of kernels also that of
  /// the node they belong to. Fails after an error on the module.
  llvm::LogicalResult add(mlir::ModuleOp module, const CpuSet &cpu, bool isOnly, bool nameNodes);

  /// Takes the constants of steps of at least `kLeastWeight` bytes out of the code, to be found at
  /// their offsets in a weights file; returns that file. `file` is its name without folder.
  std::string moveWeightsOut(ModelSignature &signature, std::string file);

  /// Where constants have more bytes than `threshold` in total, places those of at least
  /// `kLeastWeight` in the large-data section (.lrodata), which linkers keep out of the 2 GB that
  /// all other code and data share.
  void placeLargeData(uint64_t threshold);

  /// Adds `const tfc_model_t PREFIX_model` and everything it points to. `exportQuery` adds
  /// `tfc_model()`, which shared objects are opened by.
  void addDescriptors(const ModelSignature &signature, bool exportQuery);

  /// LLVM's optimizer, at whose end a sanitizer instruments the code.
  void optimize(llvm::TargetMachine &machine, Sanitizer sanitizer = Sanitizer::None);

  /// Emits machine code (an ELF relocatable) or, with `assembly`, its text.
  llvm::Error emitObject(llvm::TargetMachine &machine, llvm::raw_pwrite_stream &os, bool assembly = false);

  void print(llvm::raw_ostream &os) const { module->print(os, nullptr); }

private:
  /// A function of a step that one compilation has; `part` is "entry" or "plan".
  llvm::Function *compiled(llvm::StringRef step, llvm::StringRef part, const CpuSet &cpu);
  /// The function that the runtime calls; of several compilations it takes the last that fits the
  /// machine.
  llvm::Function *dispatched(llvm::StringRef step, llvm::StringRef part);
  /// Whether the step takes memory beyond arena and outputs on any CPU.
  bool takesScratch(llvm::StringRef step);

  std::string prefix;
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> module;
  std::vector<CpuSet> cpus;
};

} // namespace tfc

#endif // TFC_TARGET_OBJECT_OBJECT_H
