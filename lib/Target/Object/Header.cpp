// The C header of a model.
#include "fmt/format.h"
#include "tfc-rt/base.h"
#include "tfc/Target/Object/Signature.h"
#include "llvm/ADT/StringSet.h"

namespace tfc {

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// What the header defines of the model as a whole, behind its prefix; in C++ behind its
/// namespace. Functions on variables are among it for every model, so that variables that
/// come or go change no step's name.
static const char *const kModelNames[] = {"model",   "open", "close", "context_create",      "save",
                                          "restore", "get",  "set",   "start_queue_runners", "::open"};

/// What the header defines of a step.
static std::vector<std::string> namesOf(const StepSignature &step, const std::string &identifier) {
  std::vector<std::string> names;
  for (const char *form : {"{}", "{}_plan", "{}_in_t", "{}_out_t", "{}_ARENA_SIZE", "::{}_in", "::{}_out",
                           "::{}_arena_size", "::run_{}", "::plan_{}"})
    names.push_back(fmt::format(fmt::runtime(form), identifier));
  for (const PortSignature &port : step.inputs)
    names.push_back(identifier + "_input_" + port.identifier);
  for (const PortSignature &port : step.outputs)
    names.push_back(identifier + "_output_" + port.identifier);
  return names;
}

void nameSteps(ModelSignature &model) {
  llvm::StringSet<> taken;
  taken.insert(std::begin(kModelNames), std::end(kModelNames));
  for (StepSignature &step : model.steps) {
    std::string base = cIdentifier(step.name);
    step.identifier = base;
    auto clashes = [&] {
      return llvm::any_of(namesOf(step, step.identifier),
                          [&](const std::string &name) { return taken.contains(name); });
    };
    for (int i = 1; clashes(); ++i)
      step.identifier = base + "_step" + (i == 1 ? "" : std::to_string(i));
    for (const std::string &name : namesOf(step, step.identifier))
      taken.insert(name);
  }
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

/// The C type of one element.
static const char *cType(int32_t dtype) {
  switch (dtype) {
  case TFC_DTYPE_F32: return "float";
  case TFC_DTYPE_F64: return "double";
  case TFC_DTYPE_I8: return "int8_t";
  case TFC_DTYPE_I16: return "int16_t";
  case TFC_DTYPE_I32: return "int32_t";
  case TFC_DTYPE_I64: return "int64_t";
  case TFC_DTYPE_U8: return "uint8_t";
  case TFC_DTYPE_U16: return "uint16_t";
  case TFC_DTYPE_U32: return "uint32_t";
  case TFC_DTYPE_U64: return "uint64_t";
  case TFC_DTYPE_BOOL: return "tfc_bool_t";
  case TFC_DTYPE_F16: return "tfc_f16_t";
  case TFC_DTYPE_BF16: return "tfc_bf16_t";
  case TFC_DTYPE_F4E2M1FN: return "tfc_f4_t";
  case TFC_DTYPE_I4: return "tfc_i4_t";
  case TFC_DTYPE_U4: return "tfc_u4_t";
  case TFC_DTYPE_I2: return "tfc_i2_t";
  case TFC_DTYPE_U2: return "tfc_u2_t";
  case TFC_DTYPE_STRING: return "tfc_string_t";
  case TFC_DTYPE_COMPLEX64: return "tfc_complex64_t";
  case TFC_DTYPE_COMPLEX128: return "tfc_complex128_t";
  default: return "tfc_f8_t";
  }
}

/// A name of the user's graph, harmless inside a comment.
static std::string commented(llvm::StringRef name) {
  std::string text;
  for (char c : name) {
    bool isBorder = !text.empty() && ((c == '/' && text.back() == '*') || (c == '*' && text.back() == '/'));
    text += isBorder ? " " : "";
    text += llvm::isPrint(c) && c != '\\' ? c : '?';
  }
  return text;
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
      text += commented(step.symbols[-1 - dim]);
  }
  return text + "]";
}

/// Type and shape for comments: "float [n, 4]", "list of float of any shape".
static std::string typeText(const PortSignature &port, const StepSignature &step) {
  if (!port.element.empty())
    return (port.dtype == TFC_DTYPE_LIST ? "list of " : "optional ") + typeText(port.element[0], step);
  return std::string(cType(port.dtype)) + " " + (port.rank < 0 ? "of any shape" : shapeText(port, step));
}

static std::string portFields(const std::vector<PortSignature> &ports, const StepSignature &step) {
  std::string text;
  for (const PortSignature &port : ports)
    text += fmt::format("  tfc_tensor_t {}; /* \"{}\": {} */\n", port.identifier, commented(port.name),
                        typeText(port, step));
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
    std::string name =
        fmt::format("{}_{}_{}_{}", model.prefix, step.identifier, areInputs ? "input" : "output", port.identifier);
    std::string parameters = fmt::format("{}{} *data", areInputs ? "const " : "", cType(port.dtype)), shape,
                count = "1";
    for (size_t i = 0; i < port.dims.size(); ++i) {
      std::string extent = fmt::format("INT64_C({})", port.dims[i]);
      if (port.dims[i] < 0) {
        extent = fmt::format("dim{}", i);
        parameters += fmt::format(", int64_t {}", extent);
      }
      shape += (i ? ", " : "") + extent;
      count += fmt::format(" * (uint64_t){}", extent);
    }
    text += fmt::format("/* \"{}\": {}. */\n"
                        "static inline tfc_tensor_t {}({}) {{\n"
                        "  tfc_tensor_t tensor = {{(void *)data, {} * sizeof({}), {}, {}, {{{}}}}};\n"
                        "  return tensor;\n}}\n",
                        commented(port.name), typeText(port, step), name, parameters, count, cType(port.dtype),
                        port.dtype, port.dims.size(), shape.empty() ? "0" : shape);
  }
  return text;
}

static std::string stepText(const ModelSignature &model, const StepSignature &step, size_t index) {
  std::string base = model.prefix + "_" + step.identifier, text;
  text += fmt::format("/* ---- step \"{}\" ---- */\n\n", commented(step.name));
  text += fmt::format("/* Bytes of arena {}. */\n#define {}_ARENA_SIZE UINT64_C({})\n\n",
                      step.slots == 0 ? "that every call uses"
                                      : fmt::format("whose size no input decides; {}_plan tells of all", base),
                      base, step.arenaSize);
  text += fmt::format("typedef struct {0}_in_t {{\n{1}}} {0}_in_t;\n\n", base, portFields(step.inputs, step));
  text += fmt::format("typedef struct {0}_out_t {{\n{1}}} {0}_out_t;\n\n", base, portFields(step.outputs, step));
  text += describers(model, step, true);
  text += describers(model, step, false);
  text += fmt::format(
      "/* Runs the step; see tfc_step_run. An output with null data is lent by the context until its\n"
      "   next call. */\n"
      "static inline tfc_status_t {0}(tfc_context_t *context, const {0}_in_t *in, {0}_out_t *out) {{\n"
      "  return tfc_step_run(context, &{1}_model.steps[{2}], (const tfc_tensor_t *)in, (tfc_tensor_t *)out);\n"
      "}}\n"
      "/* Tells what that needs for inputs of these shapes, which need no data; see tfc_step_plan. */\n"
      "static inline tfc_status_t {0}_plan(tfc_context_t *context, const {0}_in_t *in, {0}_out_t *out,\n"
      "                                    tfc_plan_t *out_plan) {{\n"
      "  return tfc_step_plan(context, &{1}_model.steps[{2}], (const tfc_tensor_t *)in, (tfc_tensor_t *)out, "
      "out_plan);\n"
      "}}\n\n",
      base, model.prefix, index);
  return text;
}

/// Access to the state that steps share; nothing for models without variables.
static std::string stateText(const ModelSignature &model) {
  if (model.variables.empty())
    return "";
  std::string text = "/* ---- variables ---- */\n\n";
  for (const VariableSignature &variable : model.variables) {
    PortSignature port;
    port.dtype = variable.dtype;
    port.rank = static_cast<int32_t>(variable.dims.size());
    port.dims = variable.dims;
    text += fmt::format("/* \"{}\": {} */\n", commented(variable.name), typeText(port, {}));
  }
  text += "\n";
  auto add = [&](const char *name, const char *what, const char *parameters, const char *call) {
    text +=
        fmt::format("/* {} */\nstatic inline tfc_status_t {}_{}(tfc_instance_t *instance, {}) {{\n  return {};\n}}\n",
                    what, model.prefix, name, parameters, call);
  };
  add("save", "Writes all variables to a file; see tfc_instance_save, which also says why it fails.",
      "const char *path", "tfc_instance_save(instance, path, NULL)");
  add("restore", "Reads all variables from a file; see tfc_instance_restore, which also says why it fails.",
      "const char *path", "tfc_instance_restore(instance, path, NULL)");
  add("get", "See tfc_variable_get.", "const char *name, tfc_tensor_t *tensor",
      "tfc_variable_get(instance, name, tensor)");
  add("set", "See tfc_variable_set.", "const char *name, const tfc_tensor_t *tensor",
      "tfc_variable_set(instance, name, tensor)");
  return text + "\n";
}

/// Starting of queue runners; nothing for models without.
static std::string queueRunnerText(const ModelSignature &model) {
  if (model.queueRunners.empty())
    return "";
  std::string text = "/* ---- queue runners ---- */\n\n";
  for (const QueueRunnerSignature &runner : model.queueRunners)
    text += fmt::format("/* \"{}\": {} thread{} */\n", commented(runner.name), runner.enqueue.size(),
                        runner.enqueue.size() == 1 ? "" : "s");
  return text + fmt::format("\n/* Starts the threads that fill these queues; see tfc_queue_runners_start and, for the "
                            "end, tfc_queue_runners_stop. */\n"
                            "static inline tfc_status_t {0}_start_queue_runners(tfc_instance_t *instance,\n"
                            "    tfc_queue_runners_t **out_runners) {{\n"
                            "  return tfc_queue_runners_start(instance, out_runners);\n}}\n\n",
                            model.prefix);
}

/// The same for C++17, on the classes of tfc-rt/tfc.hpp.
static std::string wrapperText(const ModelSignature &model) {
  std::string text =
      fmt::format("#if defined(__cplusplus) && __cplusplus >= 201703L\n#include \"tfc-rt/tfc.hpp\"\n\n"
                  "namespace tfc::models::{0} {{\n\n"
                  "inline tfc_status_t open(Instance &instance, const tfc_options_t *options = nullptr) {{\n"
                  "  return instance.open({0}_model, options);\n}}\n",
                  model.prefix);
  for (const StepSignature &step : model.steps)
    text += fmt::format(
        "\nusing {1}_in = {0}_{1}_in_t;\nusing {1}_out = {0}_{1}_out_t;\n"
        "inline constexpr uint64_t {1}_arena_size = {0}_{1}_ARENA_SIZE;\n"
        "inline tfc_status_t run_{1}(Context &context, const {1}_in &in, {1}_out &out) {{\n"
        "  return {0}_{1}(context.get(), &in, &out);\n}}\n"
        "inline tfc_status_t plan_{1}(Context &context, const {1}_in &in, {1}_out &out, tfc_plan_t &plan) {{\n"
        "  return {0}_{1}_plan(context.get(), &in, &out, &plan);\n}}\n",
        model.prefix, step.identifier);
  return text + fmt::format("\n}} // namespace tfc::models::{}\n#endif\n", model.prefix);
}

std::string headerOf(const ModelSignature &model) {
  std::string text = fmt::format(
      "/* Model \"{0}\", compiled by tfc. Generated: do not edit. */\n"
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
  text += stateText(model) + queueRunnerText(model);
  for (size_t i = 0; i < model.steps.size(); ++i)
    text += stepText(model, model.steps[i], i);
  text += "#ifdef __cplusplus\n} /* extern \"C\" */\n#endif\n\n" + wrapperText(model);
  text += fmt::format("#endif /* TFC_MODEL_{}_H */\n", model.prefix);
  return text;
}

} // namespace tfc
