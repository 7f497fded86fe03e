// The constant tables of `tfc-rt/model.h` that describe a model.
#include "tfc-rt/model.h"
#include "tfc/Target/Object/Object.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"

namespace tfc {
namespace {

/// Writes tables whose layouts are those of the C structs.
class Writer {
public:
  explicit Writer(llvm::Module &module)
      : module(module), context(module.getContext()), pointer(llvm::PointerType::get(context, 0)),
        i32(llvm::Type::getInt32Ty(context)), i64(llvm::Type::getInt64Ty(context)) {}

  llvm::Constant *word32(uint32_t value) { return llvm::ConstantInt::get(i32, value); }
  llvm::Constant *word64(uint64_t value) { return llvm::ConstantInt::get(i64, value); }
  llvm::Constant *null() { return llvm::ConstantPointerNull::get(pointer); }
  llvm::Constant *structure(llvm::ArrayRef<llvm::Constant *> fields) {
    return llvm::ConstantStruct::getAnon(context, fields);
  }

  llvm::GlobalVariable *global(llvm::Constant *value, llvm::StringRef name = "") {
    auto linkage = name.empty() ? llvm::GlobalValue::PrivateLinkage : llvm::GlobalValue::ExternalLinkage;
    return new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true, linkage, value, name);
  }
  llvm::Constant *text(llvm::StringRef value) { return global(llvm::ConstantDataArray::getString(context, value)); }
  /// The address of an array; null when it is empty.
  llvm::Constant *array(llvm::ArrayRef<llvm::Constant *> elements) {
    if (elements.empty())
      return null();
    return global(llvm::ConstantArray::get(llvm::ArrayType::get(elements[0]->getType(), elements.size()), elements));
  }

  llvm::Constant *ports(const std::vector<PortSignature> &list) {
    llvm::SmallVector<llvm::Constant *> entries;
    for (const PortSignature &port : list) {
      llvm::SmallVector<llvm::Constant *> dims;
      for (int64_t dim : port.dims)
        dims.push_back(word64(dim));
      entries.push_back(
          structure({text(port.name), word32(port.dtype), word32(port.rank), array(dims), ports(port.element)}));
    }
    return array(entries);
  }

  /// The address of a block of data.
  llvm::Constant *bytes(llvm::ArrayRef<char> data) {
    auto *block = global(llvm::ConstantDataArray::getString(context, {data.data(), data.size()}, /*AddNull=*/false));
    block->setAlignment(llvm::Align(64));
    return block;
  }

  llvm::Constant *variable(const VariableSignature &variable) {
    llvm::SmallVector<llvm::Constant *> dims;
    for (int64_t dim : variable.dims)
      dims.push_back(word64(dim));
    llvm::Constant *value = variable.value ? bytes(*variable.value) : null();
    return structure({text(variable.name), word32(variable.dtype), word32(dims.size()), array(dims), value});
  }

  llvm::Constant *queue(const QueueSignature &queue) {
    return structure({text(queue.name), word32(queue.kind), word32(queue.components.size()), word64(queue.capacity),
                      word64(queue.minAfter), word64(queue.seed), ports(queue.components)});
  }

  llvm::Constant *queueRunner(const QueueRunnerSignature &runner) {
    llvm::SmallVector<llvm::Constant *> enqueue;
    for (int32_t step : runner.enqueue)
      enqueue.push_back(word32(step));
    return structure({text(runner.name), array(enqueue), word32(enqueue.size()), word32(runner.close),
                      word32(runner.cancel), word32(runner.closed)});
  }

  llvm::Constant *table(const TableSignature &table) {
    return structure({text(table.name), ports({table.key}), ports({table.value}),
                      table.count ? bytes(table.keys) : null(), table.count ? bytes(table.values) : null(),
                      word64(table.count), word32(table.isStatic), word32(0)});
  }

  llvm::Constant *step(const StepSignature &step, llvm::Function *entry, llvm::Function *plan, bool takesScratch) {
    uint64_t planSize = step.slots;
    for (const PortSignature &output : step.outputs)
      planSize += output.dims.size();
    llvm::SmallVector<llvm::Constant *> symbols;
    for (const std::string &name : step.symbols)
      symbols.push_back(text(name));
    return structure({text(step.name), ports(step.inputs), ports(step.outputs), array(symbols),
                      word32(step.inputs.size()), word32(step.outputs.size()), word32(step.symbols.size()),
                      word32(planSize), word64(step.arenaSize), entry, plan, word32(takesScratch), word32(0)});
  }

  llvm::Module &module;
  llvm::LLVMContext &context;
  llvm::PointerType *pointer;
  llvm::Type *i32, *i64;
};

} // namespace

void ModelCode::addDescriptors(const ModelSignature &signature, bool exportQuery) {
  Writer writer(*module);
  llvm::SmallVector<llvm::Constant *> steps;
  for (const StepSignature &step : signature.steps)
    steps.push_back(
        writer.step(step, dispatched(step.name, "entry"), dispatched(step.name, "plan"), takesScratch(step.name)));
  llvm::Constant *weights = writer.structure({signature.weights ? writer.text(signature.weights->file) : writer.null(),
                                              writer.word64(signature.weights ? signature.weights->size : 0),
                                              writer.word64(signature.weights ? signature.weights->checksum : 0)});
  llvm::SmallVector<llvm::Constant *> variables, queues, tables, runners;
  for (const VariableSignature &variable : signature.variables)
    variables.push_back(writer.variable(variable));
  for (const QueueSignature &queue : signature.queues)
    queues.push_back(writer.queue(queue));
  for (const QueueRunnerSignature &runner : signature.queueRunners)
    runners.push_back(writer.queueRunner(runner));
  for (const TableSignature &table : signature.tables)
    tables.push_back(writer.table(table));
  llvm::Constant *model = writer.structure(
      {writer.word32(TFC_ABI_VERSION), writer.word32(steps.size()), writer.text(signature.prefix), writer.array(steps),
       weights, writer.word64(cpus[0].groups), writer.array(variables), writer.array(queues), writer.array(tables),
       writer.word32(variables.size()), writer.word32(queues.size()), writer.word32(tables.size()),
       writer.word32(signature.locals), writer.array(runners), writer.word32(runners.size()), writer.word32(0)});
  llvm::GlobalVariable *global = writer.global(model, signature.prefix + "_model");
  if (!exportQuery)
    return;
  auto *function = llvm::Function::Create(llvm::FunctionType::get(writer.pointer, false),
                                          llvm::GlobalValue::ExternalLinkage, "tfc_model", *module);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(writer.context, "entry", function));
  builder.CreateRet(global);
}

} // namespace tfc
