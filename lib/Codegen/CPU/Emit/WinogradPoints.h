// The points at which Winograd's F(4x4, 3x3) evaluates polynomials: 0, +-near, +-far and infinity.
#ifndef TFC_LIB_CODEGEN_CPU_EMIT_WINOGRADPOINTS_H
#define TFC_LIB_CODEGEN_CPU_EMIT_WINOGRADPOINTS_H

namespace tfc::cpu {

/// Every factor of the transforms is exact in f32. The usual 1 and 2 give twice the error, and three to four times the
/// largest one: their powers lie farther apart.
constexpr double kNearPoint = 0.625, kFarPoint = 1.5;

} // namespace tfc::cpu

#endif // TFC_LIB_CODEGEN_CPU_EMIT_WINOGRADPOINTS_H
