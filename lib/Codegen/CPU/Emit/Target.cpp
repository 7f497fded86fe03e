// From a processor's name to the facts that emitters use.
#include "tfc/Codegen/CPU/Emit/Target.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/TargetParser/X86TargetParser.h"

using namespace tfc::cpu;

std::optional<CpuTarget> CpuTarget::get(llvm::StringRef cpu) {
  llvm::SmallVector<llvm::StringRef> parts, features;
  cpu.split(parts, '+');
  if (llvm::X86::parseArchX86(parts[0]) == llvm::X86::CK_None)
    return std::nullopt;
  llvm::X86::getFeaturesForCPU(parts[0], features);
  features.append(parts.begin() + 1, parts.end());
  // The list leaves out what its members imply: AVX2 stands without AVX.
  llvm::StringMap<bool> all;
  for (llvm::StringRef feature : features) {
    all[feature] = true;
    llvm::X86::updateImpliedFeatures(feature, true, all);
  }
  auto has = [&](llvm::StringRef feature) { return all.lookup(feature); };

  CpuTarget target;
  // 512-bit vectors want the masks of AVX512VL as well; all processors since Skylake-X have them.
  target.vectorBits = has("avx512vl") ? 512 : has("avx") ? 256 : 128;
  target.fma = has("fma");
  target.vnni = has("avx512vnni") && target.vectorBits == 512;
  // Every server core with AVX-512 has at least 1 MB of L2; the cores before have 256 or 512 KB.
  target.l2Bytes = target.vectorBits == 512 ? 1 << 20 : 512 << 10;
  return target;
}
