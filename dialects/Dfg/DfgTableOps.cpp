// Verifiers of tables, and what their ops are in the runtime archive.
#include "Dfg/Declarations.h"
#include "Dfg/Dfg.h"

using namespace mlir;

namespace tfc::dfg {

using Parameters = SmallVector<int64_t>;

/// The type of `count` tensors of a type, stacked.
static RankedTensorType stacked(RankedTensorType type, int64_t count) {
  SmallVector<int64_t> shape{count};
  llvm::append_range(shape, type.getShape());
  return type.clone(shape);
}

LogicalResult TableOp::verify() {
  auto key = cast<RankedTensorType>(getKey()), value = cast<RankedTensorType>(getValue());
  Type element = key.getElementType();
  if (!(isa<StringType>(element) || element.isInteger(32) || element.isInteger(64)) || key.getRank() > 1 ||
      !key.hasStaticShape())
    return emitOpError() << "has keys of type " << key << ", expected i32, i64 or strings, or vectors of them";
  if (!value.hasStaticShape())
    return emitOpError() << "has values of type " << value << ", expected a static shape";
  if (bool(getKeys()) != bool(getValues()))
    return emitOpError() << "has only one of keys and values, expected both or none";
  if (!getKeys())
    return success();
  auto keys = dyn_cast<RankedTensorType>(getKeys()->getType());
  int64_t count = keys && keys.getRank() ? keys.getDimSize(0) : 0;
  if (keys != stacked(key, count) || getValues()->getType() != stacked(value, count))
    return emitOpError() << "holds " << getKeys()->getType() << " and " << getValues()->getType() << ", expected "
                         << stacked(key, count) << " and " << stacked(value, count);
  return success();
}

/// Refuses a tensor that is not some tensors of a declared type, in any arrangement.
static LogicalResult verifyMany(Operation *op, Type given, Type declared, StringRef what) {
  auto many = cast<RankedTensorType>(given), one = cast<RankedTensorType>(declared);
  auto same = [](Type a, Type b) { return a == b; };
  if (!isDeclaredAs(many.getElementType(), one.getElementType(), same) || many.getRank() < one.getRank() ||
      failed(verifyCompatibleShape(many.getShape().take_back(one.getRank()), one.getShape())))
    return op->emitOpError() << "has " << what << ' ' << given << ", expected any number of " << declared;
  return success();
}

LogicalResult TableFindOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto table = declarationOf<TableOp>(*this, getTableAttr(), symbols);
  if (!table || failed(verifyMany(*this, getKeys().getType(), table.getKey(), "keys")) ||
      failed(verifyMany(*this, getOtherwise().getType(), table.getValue(), "default")) ||
      failed(verifyMany(*this, getY().getType(), table.getValue(), "result")))
    return failure();
  return success();
}
StringRef TableFindOp::getOperationSymbol() { return "tfc_operation_table_find"; }
Parameters TableFindOp::getOperationParameters() { return {numberOf<TableOp>(*this, getTable())}; }

LogicalResult TableInsertOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto table = declarationOf<TableOp>(*this, getTableAttr(), symbols);
  if (!table || failed(verifyMany(*this, getKeys().getType(), table.getKey(), "keys")) ||
      failed(verifyMany(*this, getValues().getType(), table.getValue(), "values")))
    return failure();
  return success();
}
StringRef TableInsertOp::getOperationSymbol() { return "tfc_operation_table_insert"; }
Parameters TableInsertOp::getOperationParameters() {
  return {numberOf<TableOp>(*this, getTable()), int64_t(getMode())};
}

LogicalResult TableRemoveOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto table = declarationOf<TableOp>(*this, getTableAttr(), symbols);
  return success(table && succeeded(verifyMany(*this, getKeys().getType(), table.getKey(), "keys")));
}
StringRef TableRemoveOp::getOperationSymbol() { return "tfc_operation_table_remove"; }
Parameters TableRemoveOp::getOperationParameters() { return {numberOf<TableOp>(*this, getTable())}; }

LogicalResult TableExportOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto table = declarationOf<TableOp>(*this, getTableAttr(), symbols);
  if (!table || failed(verifyMany(*this, getKeys().getType(), table.getKey(), "keys")) ||
      failed(verifyMany(*this, getValues().getType(), table.getValue(), "values")))
    return failure();
  return success();
}
StringRef TableExportOp::getOperationSymbol() { return "tfc_operation_table_export"; }
Parameters TableExportOp::getOperationParameters() { return {numberOf<TableOp>(*this, getTable())}; }

LogicalResult TableSizeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return success(bool(declarationOf<TableOp>(*this, getTableAttr(), symbols)));
}
StringRef TableSizeOp::getOperationSymbol() { return "tfc_operation_table_size"; }
Parameters TableSizeOp::getOperationParameters() { return {numberOf<TableOp>(*this, getTable())}; }

} // namespace tfc::dfg
