// Hash tables.
#include "OpRegistry.h"
#include "Vocabulary.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;

namespace tfc::tf {

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

enum class TableShape {
  Scalars, // values are scalars
  Tensors, // values have the attribute's shape
  Dense,   // the same; keys have the shape of input 0, the key that means nothing
};

template <TableShape shape, bool isStatic> static LogicalResult importTable(NodeContext &c) {
  Type key = c.elementType("key_dtype"), value = c.elementType("value_dtype");
  if (!key || !value)
    return failure();
  if (!key.isInteger(32) && !key.isInteger(64) && !isa<dfg::StringType>(key))
    return c.unsupported() << "has keys of " << key << ", expected 32-bit or 64-bit integers or strings";
  SmallVector<int64_t> keyShape, valueShape;
  if (shape == TableShape::Dense && c.input(0))
    keyShape = c.b.shape(c.input(0));
  if (shape != TableShape::Scalars)
    valueShape = c.shape("value_shape").value_or(SmallVector<int64_t>());
  if (keyShape.size() > 1 || ShapedType::isDynamicShape(keyShape) || ShapedType::isDynamicShape(valueShape))
    return c.unsupported() << "has keys or values of open or many dimensions";
  Entry entry;
  entry.resource = c.resource(Resource::Kind::Table, c.sharedName(), [&](OpBuilder &builder, StringRef symbol) {
    return dfg::TableOp::create(builder, c.b.loc, symbol, c.sharedName(), isStatic,
                                RankedTensorType::get(keyShape, key), RankedTensorType::get(valueShape, value),
                                /*keys=*/ElementsAttr(), /*values=*/ElementsAttr());
  });
  return c.result(entry);
}

static dfg::TableOp tableOf(NodeContext &c) {
  const Resource *table = c.resource(0, Resource::Kind::Table);
  return table ? cast<dfg::TableOp>(table->declaration) : dfg::TableOp();
}

/// Refuses inputs that are not some tensors of a declared type; null after an error.
static RankedTensorType typeOfMany(NodeContext &c, unsigned i, Type declared) {
  auto given = c.input(i) ? dyn_cast<RankedTensorType>(c.input(i).getType()) : RankedTensorType();
  auto one = cast<RankedTensorType>(declared);
  if (given && given.getElementType() == one.getElementType() && given.getRank() >= one.getRank() &&
      succeeded(verifyCompatibleShape(given.getShape().take_back(one.getRank()), one.getShape())))
    return given;
  if (given)
    c.error() << "has input " << i << " of " << given << ", the table declares " << one;
  return {};
}

//===----------------------------------------------------------------------===//
// Access
//===----------------------------------------------------------------------===//

static LogicalResult importFind(NodeContext &c) {
  GraphBuilder &b = c.b;
  dfg::TableOp table = tableOf(c);
  if (!table)
    return failure();
  auto key = cast<RankedTensorType>(table.getKey()), value = cast<RankedTensorType>(table.getValue());
  auto keys = typeOfMany(c, 1, key);
  if (!keys || !typeOfMany(c, 2, value))
    return failure();
  SmallVector<int64_t> shape(keys.getShape().drop_back(key.getRank()));
  llvm::append_range(shape, value.getShape());
  Value found =
      dfg::TableFindOp::create(b.builder, b.loc, value.clone(shape), table.getSymName(), c.input(1), c.input(2));
  // The extents are those of the keys.
  GraphBuilder::Dims dims = b.dims(c.input(1));
  dims.truncate(keys.getRank() - key.getRank());
  dims.append(b.exprs(value.getShape()));
  return c.result(value.clone(shape).hasStaticShape() ? found : b.reshape(found, dims));
}

template <dfg::TableMode mode> static LogicalResult importInsert(NodeContext &c) {
  dfg::TableOp table = tableOf(c);
  if (!table || !typeOfMany(c, 1, table.getKey()) || !typeOfMany(c, 2, table.getValue()))
    return failure();
  // Importing is what initializes a static table.
  bool initializes = mode == dfg::TableMode::Initialize || (mode == dfg::TableMode::Replace && table.getIsStatic());
  if (table.getIsStatic() != initializes)
    return c.unsupported() << "changes table '" << table.getName() << "', which "
                           << (table.getIsStatic() ? "only an initializer fills" : "no initializer fills");
  dfg::TableInsertOp::create(c.b.builder, c.b.loc, table.getSymName(),
                             initializes ? dfg::TableMode::Initialize : mode, c.input(1), c.input(2));
  return c.results(ArrayRef<Entry>());
}

static LogicalResult importInitializeFromFile(NodeContext &c) {
  dfg::TableOp table = tableOf(c);
  auto path = c.constantString(1);
  if (!table || failed(path))
    return failure();
  auto file = c.asset(*path);
  if (!file)
    return failure();
  Vocabulary vocabulary{c.integer("key_index", Vocabulary::kWholeLine),
                        c.integer("value_index", Vocabulary::kLineNumber), c.integer("vocab_size", -1),
                        c.integer("offset"), c.string("delimiter", "\t")};
  auto bad = [&](const Twine &what) { c.error() << "file '" << *path << "': " << what; };
  auto content = readVocabulary(file->getBuffer(), vocabulary, cast<RankedTensorType>(table.getKey()).getElementType(),
                                cast<RankedTensorType>(table.getValue()).getElementType(), bad);
  if (failed(content))
    return failure();
  dfg::TableInsertOp::create(c.b.builder, c.b.loc, table.getSymName(), dfg::TableMode::Initialize,
                             c.b.constant(content->first), c.b.constant(content->second));
  return c.results(ArrayRef<Entry>());
}

static LogicalResult importRemove(NodeContext &c) {
  dfg::TableOp table = tableOf(c);
  if (!table || !typeOfMany(c, 1, table.getKey()))
    return failure();
  dfg::TableRemoveOp::create(c.b.builder, c.b.loc, table.getSymName(), c.input(1));
  return c.results(ArrayRef<Entry>());
}

static LogicalResult importExport(NodeContext &c) {
  dfg::TableOp table = tableOf(c);
  if (!table)
    return failure();
  auto many = [](Type one) {
    SmallVector<int64_t> shape{ShapedType::kDynamic};
    llvm::append_range(shape, cast<RankedTensorType>(one).getShape());
    return cast<RankedTensorType>(one).clone(shape);
  };
  auto all = dfg::TableExportOp::create(c.b.builder, c.b.loc, many(table.getKey()), many(table.getValue()),
                                        table.getSymName());
  return c.results(all.getResults());
}

static LogicalResult importSize(NodeContext &c) {
  GraphBuilder &b = c.b;
  dfg::TableOp table = tableOf(c);
  if (!table)
    return failure();
  Value size = dfg::TableSizeOp::create(b.builder, b.loc, b.builder.getIndexType(), table.getSymName());
  return c.result(b.fromContent(b.scope.index(size), {}, b.builder.getI64Type()));
}

void registerTableOps(OpRegistry &ops) {
  auto both = [&](StringRef name, OpRegistry::Importer importer, bool hasEffect = true) {
    for (const char *version : {"", "V2"})
      ops.add((name + version).str(), importer).hasEffect = hasEffect;
  };
  both("HashTable", importTable<TableShape::Scalars, true>, false);
  both("MutableHashTable", importTable<TableShape::Scalars, false>, false);
  both("MutableHashTableOfTensors", importTable<TableShape::Tensors, false>, false);
  both("MutableDenseHashTable", importTable<TableShape::Dense, false>, false);
  both("InitializeTable", importInsert<dfg::TableMode::Initialize>);
  both("InitializeTableFromTextFile", importInitializeFromFile);
  both("LookupTableFind", importFind);
  both("LookupTableInsert", importInsert<dfg::TableMode::Insert>);
  both("LookupTableImport", importInsert<dfg::TableMode::Replace>);
  both("LookupTableRemove", importRemove);
  both("LookupTableExport", importExport);
  both("LookupTableSize", importSize);
}

} // namespace tfc::tf
