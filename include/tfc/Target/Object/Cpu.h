// The instructions that an object may use.
#ifndef TFC_TARGET_OBJECT_CPU_H
#define TFC_TARGET_OBJECT_CPU_H

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

namespace tfc {

/// A level of x86-64 and the extensions beyond it that the runtime can tell apart: code uses
/// nothing else, so that a machine either may run it or is refused when the model is opened.
struct CpuSet {
  std::string name;     // "x86-64-v4+avx512vnni"; sets of one name are equal
  std::string level;    // "x86-64-v4"
  std::string features; // "+avx512vnni", as LLVM takes them
  std::string tuning;   // the processor whose timings the code is scheduled for
  uint64_t groups = 0;  // TFC_CPU_* that the code needs
};

/// Reads "CPU[+feature...]": a processor as clang's -march takes it, or native. Fails with a
/// message for what is unknown.
llvm::Expected<CpuSet> parseCpu(llvm::StringRef text);

/// Reads a list separated by commas, from the CPU that asks for the least on: every further
/// one has all groups of the first, and none comes twice.
llvm::Expected<std::vector<CpuSet>> parseCpus(llvm::StringRef list);

/// A code generator for position-independent x86-64 ELF.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>> createTargetMachine(const CpuSet &cpu);

} // namespace tfc

#endif // TFC_TARGET_OBJECT_CPU_H
