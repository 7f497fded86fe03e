// Copies of a few columns of a matrix, rearranged for a register tile and widened to what sums are kept in.
#ifndef TFC_LIB_CODEGEN_CPU_EMIT_COPYCOLUMNS_H
#define TFC_LIB_CODEGEN_CPU_EMIT_COPYCOLUMNS_H

#include "KernelBuilder.h"

namespace tfc::cpu {

/// A part of a matrix: rows [row, row + rows), and from `column` on one vector of columns for each mask. Vectors of
/// columns that have a mask may reach beyond the matrix, which is `columns` wide.
struct MatrixPart {
  Value matrix, row, rows, column, columns;
  llvm::ArrayRef<Value> masks;
};

/// Copies the part to the top of a buffer that is as wide as it is. Columns beyond the matrix get any values; so do up
/// to one vector's worth of the buffer's rows below the part.
void copyColumns(KernelBuilder &kb, const MatrixPart &part, Value buffer);

/// Whether the elements of a row, or of a column, lie side by side.
bool hasContiguousRows(Value matrix);
bool hasContiguousColumns(Value matrix);

} // namespace tfc::cpu

#endif // TFC_LIB_CODEGEN_CPU_EMIT_COPYCOLUMNS_H
