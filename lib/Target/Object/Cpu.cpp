// From names of processors to what code for them may use.
#include "tfc/Target/Object/Cpu.h"

#include "tfc-rt/model.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/X86TargetParser.h"

namespace tfc {

using Features = llvm::StringMap<bool>;

static constexpr std::pair<const char *, uint64_t> kLevels[] = {
    {"x86-64-v2", TFC_CPU_X86_64_V2}, {"x86-64-v3", TFC_CPU_X86_64_V3}, {"x86-64-v4", TFC_CPU_X86_64_V4}};

/// What the runtime can tell apart beyond the levels, and the level it stands on.
struct Extension {
  const char *name;
  uint64_t group, level;
};
static constexpr Extension kExtensions[] = {{"avxvnni", TFC_CPU_AVX_VNNI, TFC_CPU_X86_64_V3},
                                            {"gfni", TFC_CPU_GFNI, TFC_CPU_X86_64_V3},
                                            {"avx512vnni", TFC_CPU_AVX512_VNNI, TFC_CPU_X86_64_V4},
                                            {"avx512bf16", TFC_CPU_AVX512_BF16, TFC_CPU_X86_64_V4},
                                            {"avx512fp16", TFC_CPU_AVX512_FP16, TFC_CPU_X86_64_V4},
                                            {"avx512vbmi", TFC_CPU_AVX512_VBMI, TFC_CPU_X86_64_V4},
                                            {"avx512vbmi2", TFC_CPU_AVX512_VBMI2, TFC_CPU_X86_64_V4},
                                            {"avx512ifma", TFC_CPU_AVX512_IFMA, TFC_CPU_X86_64_V4},
                                            {"avx512bitalg", TFC_CPU_AVX512_BITALG, TFC_CPU_X86_64_V4},
                                            {"avx512vpopcntdq", TFC_CPU_AVX512_VPOPCNTDQ, TFC_CPU_X86_64_V4}};

static llvm::SmallVector<llvm::StringRef> featuresOf(llvm::StringRef cpu) {
  llvm::SmallVector<llvm::StringRef> features;
  llvm::X86::getFeaturesForCPU(cpu, features);
  return features;
}

static void add(Features &all, llvm::StringRef feature) {
  all[feature] = true;
  llvm::X86::updateImpliedFeatures(feature, true, all);
}

llvm::Expected<CpuSet> parseCpu(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, '+');
  CpuSet result;
  result.tuning = parts[0] == "native" ? llvm::sys::getHostCPUName().str() : parts[0].str();
  Features features;
  // Not every list of LLVM's has what all machines have.
  for (llvm::StringRef feature : featuresOf("x86-64"))
    add(features, feature);
  if (parts[0] == "native") {
    for (const auto &feature : llvm::sys::getHostCPUFeatures())
      if (feature.second)
        add(features, feature.first());
  } else if (llvm::X86::parseArchX86(parts[0], /*Only64Bit=*/true) == llvm::X86::CK_None) {
    return llvm::createStringError("unknown target CPU '" + parts[0].str() +
                                   "', expected a name such as x86-64-v3 or native");
  }
  for (llvm::StringRef feature : featuresOf(result.tuning))
    if (parts[0] != "native")
      add(features, feature);
  for (llvm::StringRef feature : llvm::ArrayRef(parts).drop_front()) {
    if (llvm::none_of(kExtensions, [&](const Extension &known) { return feature == known.name; })) {
      std::string known;
      for (const Extension &extension : kExtensions)
        known += std::string(known.empty() ? "" : ", ") + extension.name;
      return llvm::createStringError("unknown feature '" + feature.str() + "' of target CPU '" + text.str() +
                                     "', expected one of " + known);
    }
    add(features, feature);
  }

  result.level = "x86-64";
  for (auto [level, group] : kLevels) {
    if (!llvm::all_of(featuresOf(level), [&](llvm::StringRef feature) { return features.lookup(feature); }))
      break;
    result.level = level;
    result.groups |= group;
  }
  result.name = result.level;
  for (const Extension &extension : kExtensions) {
    if (!features.lookup(extension.name) || !(result.groups & extension.level))
      continue;
    result.groups |= extension.group;
    result.name += std::string("+") + extension.name;
    result.features += std::string(result.features.empty() ? "+" : ",+") + extension.name;
  }
  return result;
}

llvm::Expected<std::vector<CpuSet>> parseCpus(llvm::StringRef list) {
  llvm::SmallVector<llvm::StringRef> names;
  list.split(names, ',');
  std::vector<CpuSet> result;
  for (llvm::StringRef name : names) {
    auto cpu = parseCpu(name);
    if (!cpu)
      return cpu.takeError();
    for (const CpuSet &other : result)
      if (other.name == cpu->name)
        return llvm::createStringError("target CPU '" + name.str() + "' stands twice in '" + list.str() + "': it is " +
                                       cpu->name);
    if (!result.empty() && (result[0].groups & ~cpu->groups))
      return llvm::createStringError("target CPU '" + name.str() + "' lacks features of '" + names[0].str() +
                                     "', expected the CPU that needs the least first");
    result.push_back(std::move(*cpu));
  }
  return result;
}

llvm::Expected<std::unique_ptr<llvm::TargetMachine>> createTargetMachine(const CpuSet &cpu) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  llvm::Triple triple("x86_64-unknown-linux-gnu");
  std::string error;
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return llvm::createStringError(error);
  return std::unique_ptr<llvm::TargetMachine>(
      target->createTargetMachine(triple, cpu.level, cpu.features, llvm::TargetOptions(), llvm::Reloc::PIC_,
                                  /*CodeModel=*/std::nullopt, llvm::CodeGenOptLevel::Default));
}

} // namespace tfc
