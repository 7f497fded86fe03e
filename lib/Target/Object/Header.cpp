// The C header of a model.
#include "fmt/format.h"
#include "tfc-rt/base.h"
#include "tfc/Target/Object/Signature.h"

namespace tfc {

/// The C type of one element, for the comments and sizes of the header.
static const char *cType(int32_t dtype) {
  switch (dtype) {
  case TFC_DTYPE_F32: return "float";
  case TFC_DTYPE_F64: return "double";
  case TFC_DTYPE_I8:
  case TFC_DTYPE_I4:
  case TFC_DTYPE_I2: return "int8_t";
  case TFC_DTYPE_I16: return "int16_t";
  case TFC_DTYPE_I32: return "int32_t";
  case TFC_DTYPE_I64: return "int64_t";
  case TFC_DTYPE_U16: return "uint16_t";
  case TFC_DTYPE_U32: return "uint32_t";
  case TFC_DTYPE_U64: return "uint64_t";
  case TFC_DTYPE_F16:
  case TFC_DTYPE_BF16: return "uint16_t"; // the bits; C11 has no such float
  default: return "uint8_t";
  }
}

static std::string shapeText(const PortSignature &port, const StepSignature &step) {
  std::string text = "[";
  for (size_t i = 0; i < port.dims.size(); ++i) {
    int64_t dim = port.dims[i];
    if (i)
      text += ", ";
    if (dim >= 0)
      text += std::to_string(dim);
    else if (dim == INT64_MIN || step.symbols[-1 - dim].empty())
      text += "?";
    else
      text += step.symbols[-1 - dim];
  }
  return text + "]";
}

/// Type and shape for comments: "float [n, 4]", "list of float of any shape".
static std::string typeText(const PortSignature &port, const StepSignature &step) {
  if (!port.element.empty())
    return (port.dtype == TFC_DTYPE_LIST ? "list of " : "optional ") + typeText(port.element[0], step);
  return std::string(cType(port.dtype)) + " " + (port.rank < 0 ? "of any shape" : shapeText(port, step));
}

static bool isStatic(const PortSignature &port) {
  return llvm::all_of(port.dims, [](int64_t dim) { return dim >= 0; });
}

static std::string portFields(const std::vector<PortSignature> &ports, const StepSignature &step) {
  std::string text;
  for (const PortSignature &port : ports)
    text += fmt::format("  tfc_tensor_t {}; /* \"{}\": {} */\n", port.identifier, port.name, typeText(port, step));
  if (ports.empty())
    text += "  char none; /* a C struct needs a member */\n";
  return text;
}

/// One function per input or output that describes a buffer of the right type.
static std::string describers(const ModelSignature &model, const StepSignature &step, bool areInputs) {
  std::string text;
  for (const PortSignature &port : areInputs ? step.inputs : step.outputs) {
    // Lists are described by hand, see tfc_tensor_t.
    if (!port.element.empty())
      continue;
    std::string name = fmt::format("{}_{}_{}_{}", model.prefix, step.name, areInputs ? "input" : "output", port.identifier);
    std::string parameters = fmt::format("{}{} *data", areInputs ? "const " : "", cType(port.dtype)), fill, count = "1";
    for (size_t i = 0; i < port.dims.size(); ++i) {
      std::string extent = std::to_string(port.dims[i]);
      if (port.dims[i] < 0) {
        extent = fmt::format("dim{}", i);
        parameters += fmt::format(", int64_t {}", extent);
      }
      fill += fmt::format("  tensor.shape[{}] = {};\n", i, extent);
      count += fmt::format(" * (uint64_t){}", extent);
    }
    text += fmt::format("/* \"{}\": {}. */\n"
                        "static inline tfc_tensor_t {}({}) {{\n"
                        "  tfc_tensor_t tensor = {{0}};\n"
                        "  tensor.data = (void *)data;\n"
                        "  tensor.size = {} * sizeof({});\n"
                        "  tensor.dtype = {};\n"
                        "  tensor.rank = {};\n{}"
                        "  return tensor;\n}}\n",
                        port.name, typeText(port, step), name, parameters, count, cType(port.dtype),
                        port.dtype, port.dims.size(), fill);
  }
  return text;
}

static std::string stepText(const ModelSignature &model, const StepSignature &step, size_t index) {
  std::string base = model.prefix + "_" + step.name, text;
  text += fmt::format("/* ---- step \"{}\" ---- */\n\n", step.name);
  text += fmt::format("enum {{ {}_ARENA_SIZE = {} }}; /* bytes of scratch whose size no input decides */\n\n", base,
                      step.arenaSize);
  text += fmt::format("typedef struct {0}_in_t {{\n{1}}} {0}_in_t;\n\n", base, portFields(step.inputs, step));
  text += fmt::format("typedef struct {0}_out_t {{\n{1}}} {0}_out_t;\n\n", base, portFields(step.outputs, step));
  text += describers(model, step, true);
  bool anyStatic = llvm::any_of(step.outputs, isStatic);
  if (anyStatic || !step.outputs.empty())
    text += describers(model, step, false);
  text += fmt::format("/* Runs the step; see tfc_step_run. An output with null data is lent by the context until its\n"
                      "   next call. */\n"
                      "static inline tfc_status_t {0}(tfc_context_t *context, const {0}_in_t *in, {0}_out_t *out) {{\n"
                      "  return tfc_step_run(context, &{1}_model.steps[{2}], (const tfc_tensor_t *)in, (tfc_tensor_t *)out);\n"
                      "}}\n\n",
                      base, model.prefix, index);
  return text;
}

std::string headerOf(const ModelSignature &model) {
  std::string text = fmt::format("/* Model \"{0}\", compiled by tfc. Generated: do not edit. */\n"
                                 "#ifndef TFC_MODEL_{0}_H\n#define TFC_MODEL_{0}_H\n\n"
                                 "#include \"tfc-rt/tfc.h\"\n\n"
                                 "#if TFC_ABI_VERSION != {1}u\n"
                                 "#error \"this header was generated for another version of tfc-rt\"\n#endif\n\n"
                                 "#ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n"
                                 "extern const tfc_model_t {0}_model;\n\n"
                                 "/* Opens an instance; see tfc_instance_open. Null options are the defaults. */\n"
                                 "static inline tfc_status_t {0}_open(const tfc_options_t *options, tfc_instance_t **out_instance) {{\n"
                                 "  return tfc_instance_open(&{0}_model, options, out_instance);\n}}\n"
                                 "static inline void {0}_close(tfc_instance_t *instance) {{ tfc_instance_close(instance); }}\n"
                                 "static inline tfc_status_t {0}_context_create(tfc_instance_t *instance, tfc_context_t **out_context) {{\n"
                                 "  return tfc_context_create(instance, out_context);\n}}\n\n",
                                 model.prefix, TFC_ABI_VERSION);
  for (size_t i = 0; i < model.steps.size(); ++i)
    text += stepText(model, model.steps[i], i);
  text += fmt::format("#ifdef __cplusplus\n}} /* extern \"C\" */\n#endif\n#endif /* TFC_MODEL_{}_H */\n", model.prefix);
  return text;
}

} // namespace tfc
