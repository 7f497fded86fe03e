// Runs graphs that have no inputs, while compiling.
#ifndef TFC_LIB_PIPELINES_RUNCONSTANT_H
#define TFC_LIB_PIPELINES_RUNCONSTANT_H

#include <string>
#include <vector>

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace tfc {

/// Compiles a module whose only step takes nothing and gives tensors of static shape, loads the object into this
/// process and runs the step. `bytecode` is the module behind the stage "simplify"; a context of its own is made for
/// it, so this can be called from a pass. The code is for x86-64-v3 wherever it runs: the same graph gives the same
/// bits on every machine. Gives each result's elements as the C ABI lays them out. Fails where a stage does, where the
/// step returns an error, and on processors without x86-64-v3.
llvm::Expected<std::vector<std::string>> runConstantStep(llvm::StringRef bytecode);

} // namespace tfc

#endif // TFC_LIB_PIPELINES_RUNCONSTANT_H
