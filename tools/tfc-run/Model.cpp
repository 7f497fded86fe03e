// The runtime that counts is the one linked into the shared object; this tool's own
// copy only names dtypes and status codes.
#include "Model.h"

#include <dlfcn.h>

using namespace tfc::run;

void Model::CloseLibrary::operator()(void *library) const { dlclose(library); }

template <typename T> static bool lookUp(void *library, const char *name, T &target) {
  target = reinterpret_cast<T>(dlsym(library, name));
  return target != nullptr;
}

Result Model::load(const std::string &path) {
  // Without a slash the loader would search its own folders.
  std::string file = path.find('/') == std::string::npos ? "./" + path : path;
  library.reset(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL));
  if (!library)
    return Failure{dlerror()};
  void *handle = library.get();
  const tfc_model_t *(*getModel)() = nullptr;
  if (!lookUp(handle, "tfc_model", getModel))
    return Failure{"exports no tfc_model; compile it with tfc-compile -o MODEL.so"};
  if (!lookUp(handle, "tfc_instance_open", api.instanceOpen) ||
      !lookUp(handle, "tfc_instance_close", api.instanceClose) ||
      !lookUp(handle, "tfc_context_create", api.contextCreate) ||
      !lookUp(handle, "tfc_context_destroy", api.contextDestroy) ||
      !lookUp(handle, "tfc_context_message", api.contextMessage) ||
      !lookUp(handle, "tfc_context_arena_size", api.contextArenaSize) || !lookUp(handle, "tfc_step_run", api.stepRun))
    return Failure{dlerror()};
  model = getModel();
  // Nothing else of the descriptor can be trusted before this.
  if (model->abi_version != TFC_ABI_VERSION)
    return Failure{"has ABI version " + std::to_string(model->abi_version) + ", this tool needs " +
                   std::to_string(TFC_ABI_VERSION)};
  return Done();
}

Result Model::start(const Settings &settings) {
  char message[1024] = "";
  tfc_options_t options{};
  options.abi_version = TFC_ABI_VERSION;
  options.thread_count = settings.threads;
  options.weights_path = settings.weights.empty() ? nullptr : settings.weights.c_str();
  options.message = message;
  options.message_capacity = sizeof(message);
  tfc_instance_t *opened = nullptr;
  if (tfc_status_t status = api.instanceOpen(model, &options, &opened))
    return Failure{std::string(tfc_status_name(status)) + ": " + message};
  instance = {opened, api.instanceClose};
  tfc_context_t *created = nullptr;
  if (tfc_status_t status = api.contextCreate(opened, &created))
    return Failure{std::string(tfc_status_name(status)) + ": cannot create a context"};
  context = {created, api.contextDestroy};
  return Done();
}

Expected<Model> Model::open(const std::string &path, const Settings &settings) {
  Model model;
  if (Result result = model.load(path); !result)
    return result.takeFailure().about(path);
  if (Result result = model.start(settings); !result)
    return result.takeFailure().about(path);
  return model;
}

Expected<const tfc_step_t *> Model::findStep(const std::string &name) const {
  std::string names;
  for (int32_t i = 0; i < model->step_count; ++i) {
    const tfc_step_t &step = model->steps[i];
    if (name.empty() || name == step.name)
      return &step;
    names += (i ? ", '" : "'") + std::string(step.name) + "'";
  }
  return Failure{"no step '" + name + "'; the model has " + (names.empty() ? "none" : names)};
}

Result Model::run(const tfc_step_t &step, const std::vector<tfc_tensor_t> &inputs, std::vector<tfc_tensor_t> &outputs) {
  if (tfc_status_t status = api.stepRun(context.get(), &step, inputs.data(), outputs.data()))
    return Failure{"step '" + std::string(step.name) + "': " + tfc_status_name(status) + ": " +
                   api.contextMessage(context.get())};
  return Done();
}
