// libFuzzer on the importer of ONNX. External data is out of reach.
#include "ImportCheck.h"
#include "ModelMutator.h"
#include "tfc/Import/ONNX/ImportONNX.h"
#include "tfc/Import/ONNX/OpRegistry.h"

using namespace tfc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  checkImport([&](mlir::MLIRContext *context, ImportFailure *why) {
    return importOnnxFromMemory(context, {reinterpret_cast<const char *>(data), size}, {}, why);
  });
  return 0;
}

static ModelMutator mutator(unsigned seed) {
  static const std::vector<std::string> operators = sortedNames(OpRegistry::get().names());
  return ModelMutator(seed, operators, LLVMFuzzerMutate);
}

static bool parse(onnx::ModelProto &model, const uint8_t *data, size_t size) {
  return model.ParseFromArray(data, size) && model.has_graph();
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed) {
  return mutateAs<onnx::ModelProto>(data, size, capacity, seed, parse,
                                    [&](onnx::ModelProto &model) { mutator(seed).mutate(model); });
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other, size_t otherSize,
                                            uint8_t *out, size_t capacity, unsigned seed) {
  onnx::ModelProto model, donor;
  if (!parse(model, data, size) || !parse(donor, other, otherSize))
    return 0;
  mutator(seed).cross(model, donor);
  return store(model, out, capacity);
}
