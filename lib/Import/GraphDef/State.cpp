// Variables: declared, read, assigned and updated.
#include "GraphImporter.h"
#include "Resource.h"
#include "RestoredVariables.h"
#include "TensorBundle.h"
#include "TensorData.h"
#include "tfc-rt/base.h"

using namespace mlir;

namespace tfc::tf {

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

Resource *GraphImporter::resource(Resource::Kind kind, const llvm::Twine &key,
                                  llvm::function_ref<Operation *(OpBuilder &, StringRef symbol)> declare) {
  std::string name = key.str();
  std::unique_ptr<Resource> &found = resources[{int(kind), name}];
  if (found)
    return found.get();
  // Declarations stand before the steps, and their symbols apart from those of the steps.
  std::string symbol = name;
  for (int i = 1; symbols.contains(symbol); ++i)
    symbol = name + "_" + std::to_string(i);
  symbols.insert(symbol);
  OpBuilder builder = OpBuilder::atBlockBegin(graphBlock);
  if (lastDeclaration)
    builder.setInsertionPointAfter(lastDeclaration);
  Operation *declaration = declare(builder, symbol);
  if (!declaration)
    return nullptr;
  lastDeclaration = declaration;
  found = std::make_unique<Resource>(Resource{kind, name, declaration, {}});
  return found.get();
}

Resource *NodeContext::resource(Resource::Kind kind, const llvm::Twine &name,
                                llvm::function_ref<Operation *(OpBuilder &, StringRef symbol)> declare) {
  return importer.resource(kind, name, declare);
}

Resource *NodeContext::newLocal(Resource::Kind kind, Type elementType) {
  Location loc = b.loc;
  auto type = dfg::ListType::get(b.builder.getContext(), UnrankedTensorType::get(elementType));
  // One for each time that the node is imported: calls of a function have their own.
  Resource *made = importer.resource(kind, name() + "#" + llvm::Twine(importer.nextLocal()),
                                     [&](OpBuilder &builder, StringRef symbol) -> Operation * {
                                       return dfg::LocalOp::create(builder, loc, symbol, type);
                                     });
  made->name = name().str();
  made->elementType = elementType;
  made->isInLoop = importer.isInLoop();
  return made;
}

std::string NodeContext::sharedName() const {
  std::string name = string("shared_name").str();
  if (name.empty())
    name = this->name().str();
  StringRef container = string("container");
  return container.empty() ? name : (container + "/" + name).str();
}

static LogicalResult importVariable(NodeContext &c, StringRef typeAttribute, bool isReference) {
  Type element = c.elementType(typeAttribute);
  auto shape = c.shape("shape");
  if (!element)
    return failure();
  if (!shape)
    return c.unsupported() << "is a variable of unknown rank, expected a shape";
  auto type = RankedTensorType::get(*shape, element);
  Entry entry;
  entry.resource = c.resource(Resource::Kind::Variable, c.sharedName(), [&](OpBuilder &builder, StringRef symbol) {
    return dfg::VariableOp::create(builder, c.b.loc, symbol, builder.getStringAttr(c.sharedName()), type,
                                   /*value=*/ElementsAttr());
  });
  auto *resource = const_cast<Resource *>(entry.resource);
  if (resource->type && resource->type != type)
    return c.error() << "shares variable '" << resource->name << "' of " << resource->type << ", expected " << type;
  resource->type = type;
  resource->elementType = element;
  entry.isReference = isReference;
  return c.result(entry);
}

//===----------------------------------------------------------------------===//
// Values from a checkpoint
//===----------------------------------------------------------------------===//

LogicalResult GraphImporter::initializeVariables(const Graph &graph, dfg::GraphOp graphOp) {
  auto names = restoredVariables(graph, def);
  auto bundle = TensorBundle::open(checkpoint, [&] { return malformed(); });
  if (!bundle)
    return mlir::failure();
  llvm::StringMap<SmallVector<Operation *>> users;
  llvm::StringSet<> written;
  graphOp.walk([&](Operation *op) {
    if (auto read = dyn_cast<dfg::ReadOp>(op))
      users[read.getVariable()].push_back(op);
    else if (auto has = dyn_cast<dfg::HasValueOp>(op))
      written.insert(has.getVariable());
    else if (auto assign = dyn_cast<dfg::AssignOp>(op))
      written.insert(assign.getVariable());
  });
  for (auto variable : llvm::make_early_inc_range(graphOp.getBody().getOps<dfg::VariableOp>())) {
    auto name = names.find(variable.getName());
    if (name == names.end())
      continue;
    auto value = bundle->read(context, name->second, [&] { return malformed(); });
    if (failed(value))
      return mlir::failure();
    if (!dfg::flowsInto(value->getType(), variable.getType()))
      return malformed() << "variable '" << variable.getName() << "' is a " << variable.getType()
                         << ", the checkpoint has " << value->getType();
    variable.setTypeAttr(TypeAttr::get(value->getType()));
    variable.setValueAttr(*value);
    if (written.contains(variable.getSymName()))
      continue;
    // Nobody changes it: kernels may pack it.
    for (Operation *read : users[variable.getSymName()]) {
      OpBuilder builder(read);
      Value constant = dfg::ConstantOp::create(builder, read->getLoc(), *value);
      if (constant.getType() != read->getResult(0).getType())
        return malformed() << "variable '" << variable.getName() << "' of " << variable.getType()
                           << " leaves extents open that the checkpoint has: unsupported";
      read->getResult(0).replaceAllUsesWith(constant);
      read->erase();
    }
    variable.erase();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Access
//===----------------------------------------------------------------------===//

const Resource *NodeContext::resource(unsigned i, Resource::Kind kind) {
  if (i < entries.size() && entries[i].resource && entries[i].resource->kind == kind)
    return entries[i].resource;
  unsupported() << "has input " << i << ", which is no handle of the kind that it needs, known at compile time";
  return nullptr;
}

Value NodeContext::read(const Resource &variable) {
  return dfg::ReadOp::create(b.builder, b.loc, variable.type, variable.symbol());
}

LogicalResult NodeContext::assign(const Resource &variable, Value value) {
  if (!value)
    return failure();
  if (!dfg::joinTypes(value.getType(), variable.type))
    return error() << "assigns " << value.getType() << " to variable '" << variable.name << "' of " << variable.type;
  dfg::AssignOp::create(b.builder, b.loc, variable.symbol(), value);
  return success();
}

LogicalResult NodeContext::update(ArrayRef<const Resource *> variables, llvm::function_ref<LogicalResult()> change) {
  SmallVector<const Resource *> sorted(variables);
  llvm::sort(sorted, [](const Resource *a, const Resource *b) {
    return a->declaration != b->declaration && a->declaration->isBeforeInBlock(b->declaration);
  });
  sorted.erase(llvm::unique(sorted), sorted.end());
  for (const Resource *variable : sorted)
    dfg::AcquireOp::create(b.builder, b.loc, variable->symbol());
  if (failed(change()))
    return failure();
  for (const Resource *variable : llvm::reverse(sorted))
    dfg::ReleaseOp::create(b.builder, b.loc, variable->symbol());
  return success();
}

/// Ops on references give the reference, those on handles nothing.
static LogicalResult finish(NodeContext &c) {
  return c.entry(0).isReference ? c.result(c.entry(0)) : c.results(ArrayRef<Entry>());
}

static LogicalResult importRead(NodeContext &c) {
  const Resource *variable = c.resource(0, Resource::Kind::Variable);
  return variable ? c.result(c.read(*variable)) : failure();
}

static LogicalResult importAssign(NodeContext &c) {
  const Resource *variable = c.resource(0, Resource::Kind::Variable);
  return variable && succeeded(c.assign(*variable, c.input(1))) ? finish(c) : failure();
}

template <class Op> static LogicalResult importAssignWith(NodeContext &c) {
  const Resource *variable = c.resource(0, Resource::Kind::Variable);
  if (!variable)
    return failure();
  auto change = [&] { return c.assign(*variable, c.b.create<Op>(c.read(*variable), c.input(1))); };
  return succeeded(c.update(variable, change)) ? finish(c) : failure();
}

static LogicalResult importIsInitialized(NodeContext &c) {
  GraphBuilder &b = c.b;
  const Resource *variable = c.resource(0, Resource::Kind::Variable);
  if (!variable)
    return failure();
  Value has = dfg::HasValueOp::create(b.builder, b.loc, b.builder.getIndexType(), variable->symbol());
  return c.result(b.fromContent(b.scope.index(has), {}, b.builder.getI1Type()));
}

static LogicalResult importVariableShape(NodeContext &c) {
  const Resource *variable = c.resource(0, Resource::Kind::Variable);
  if (!variable)
    return failure();
  Type type = c.hasAttribute("out_type") ? c.elementType("out_type") : c.b.builder.getI32Type();
  GraphBuilder::Dims dims =
      variable->type.hasStaticShape() ? c.b.exprs(variable->type.getShape()) : c.b.dims(c.read(*variable));
  return type ? c.result(c.b.fromContent(dims, {int64_t(dims.size())}, type)) : failure();
}

static LogicalResult importNothing(NodeContext &c) { return c.results(ArrayRef<Entry>()); }

/// The value before, which must be below the limit.
static LogicalResult importCountUpTo(NodeContext &c) {
  GraphBuilder &b = c.b;
  const Resource *variable = c.resource(0, Resource::Kind::Variable);
  if (!variable)
    return failure();
  Value old;
  auto change = [&] {
    old = c.read(*variable);
    Value below = b.compare(dfg::CompareKind::LT, old, b.scalarLike(old, c.integer("limit")));
    dfg::AssertOp::create(b.builder, b.loc, below, "reached its limit of " + std::to_string(c.integer("limit")),
                          TFC_STATUS_OUT_OF_RANGE);
    return c.assign(*variable, b.create<dfg::AddOp>(old, b.scalarLike(old, 1)));
  };
  return succeeded(c.update(variable, change)) ? c.result(old) : failure();
}

void registerStateOps(OpRegistry &ops) {
  for (StringRef name : {"Variable", "VariableV2", "TemporaryVariable"})
    ops.add(name, [](NodeContext &c) { return importVariable(c, "dtype", /*isReference=*/true); }).references();
  ops.add("VarHandleOp", [](NodeContext &c) { return importVariable(c, "dtype", /*isReference=*/false); });
  ops.add("ReadVariableOp", importRead).effect();
  for (StringRef name : {"Assign", "AssignVariableOp"})
    ops.add(name, importAssign).effect().references();
  for (StringRef name : {"AssignAdd", "AssignAddVariableOp"})
    ops.add(name, importAssignWith<dfg::AddOp>).effect().references();
  for (StringRef name : {"AssignSub", "AssignSubVariableOp"})
    ops.add(name, importAssignWith<dfg::SubOp>).effect().references();
  for (StringRef name : {"IsVariableInitialized", "VarIsInitializedOp"})
    ops.add(name, importIsInitialized).effect().references();
  ops.add("VariableShape", importVariableShape);
  for (StringRef name : {"CountUpTo", "ResourceCountUpTo"})
    ops.add(name, importCountUpTo).effect().references();
  for (StringRef name : {"DestroyResourceOp", "DisableCopyOnRead"})
    ops.add(name, importNothing).effect();
}

} // namespace tfc::tf
