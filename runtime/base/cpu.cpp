// What this machine's CPU can do, in the groups of instructions that objects are
// compiled for.
#include "tfc-rt/model.h"

#if defined(__x86_64__)
#include <cpuid.h>

// Registers of one CPUID leaf; all zero where the CPU does not have the leaf.
namespace {
struct Leaf {
  uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
  Leaf(uint32_t leaf, uint32_t subleaf) { __get_cpuid_count(leaf, subleaf, &eax, &ebx, &ecx, &edx); }
};
} // namespace

static bool has(uint32_t value, uint32_t bits) { return (value & bits) == bits; }

// The register files that the operating system saves (XCR0).
static uint64_t savedState() {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return uint64_t(high) << 32 | low;
}

uint64_t tfc_cpu_features(void) {
  Leaf basic(1, 0), extended(7, 0), extended1(7, 1), amd(0x80000001, 0);
  uint64_t features = 0;
  if (!has(basic.ecx, bit_SSE3 | bit_SSSE3 | bit_SSE41 | bit_SSE42 | bit_POPCNT | bit_CMPXCHG16B) ||
      !has(amd.ecx, bit_LAHF_LM))
    return features;
  features |= TFC_CPU_X86_64_V2;

  constexpr uint64_t ymm = 0x6, zmm = 0xe6; // SSE, AVX; and opmask, upper halves, registers 16-31
  constexpr uint32_t lzcnt = 1u << 5;
  uint64_t saved = has(basic.ecx, bit_OSXSAVE) ? savedState() : 0;
  if ((saved & ymm) != ymm || !has(basic.ecx, bit_AVX | bit_FMA | bit_F16C | bit_MOVBE) ||
      !has(extended.ebx, bit_AVX2 | bit_BMI | bit_BMI2) || !has(amd.ecx, lzcnt))
    return features;
  features |= TFC_CPU_X86_64_V3;
  if (has(extended1.eax, bit_AVXVNNI))
    features |= TFC_CPU_AVX_VNNI;
  if (has(extended.ecx, bit_GFNI))
    features |= TFC_CPU_GFNI;

  if ((saved & zmm) != zmm ||
      !has(extended.ebx, bit_AVX512F | bit_AVX512BW | bit_AVX512CD | bit_AVX512DQ | bit_AVX512VL))
    return features;
  features |= TFC_CPU_X86_64_V4;
  auto add = [&](uint32_t value, uint32_t bit, uint64_t group) {
    if (has(value, bit))
      features |= group;
  };
  add(extended.ecx, bit_AVX512VNNI, TFC_CPU_AVX512_VNNI);
  add(extended1.eax, bit_AVX512BF16, TFC_CPU_AVX512_BF16);
  add(extended.edx, bit_AVX512FP16, TFC_CPU_AVX512_FP16);
  add(extended.ecx, bit_AVX512VBMI, TFC_CPU_AVX512_VBMI);
  add(extended.ecx, bit_AVX512VBMI2, TFC_CPU_AVX512_VBMI2);
  add(extended.ebx, bit_AVX512IFMA, TFC_CPU_AVX512_IFMA);
  add(extended.ecx, bit_AVX512BITALG, TFC_CPU_AVX512_BITALG);
  add(extended.ecx, bit_AVX512VPOPCNTDQ, TFC_CPU_AVX512_VPOPCNTDQ);
  return features;
}
#else
uint64_t tfc_cpu_features(void) { return 0; }
#endif
