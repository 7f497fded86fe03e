// A compiled model in a shared object, opened through the C ABI it exports.
#ifndef TFC_TOOLS_RUN_MODEL_H
#define TFC_TOOLS_RUN_MODEL_H

#include "Result.h"

#include "tfc-rt/model.h"

#include <memory>
#include <vector>

namespace tfc::run {

/// One instance of a model with one context. Not thread-safe, as a context is not.
class Model {
public:
  struct Settings {
    int32_t threads = 1;
    std::string weights; // path of the weights file; empty: where the object says
  };

  /// Loads the shared object and opens an instance. Failures name the file.
  static Expected<Model> open(const std::string &path, const Settings &settings);

  const tfc_model_t &descriptor() const { return *model; }
  /// The step of that name, or the first where `name` is empty.
  Expected<const tfc_step_t *> findStep(const std::string &name) const;
  /// Runs a step; `outputs` as tfc_step_run takes them.
  Result run(const tfc_step_t &step, const std::vector<tfc_tensor_t> &inputs, std::vector<tfc_tensor_t> &outputs);
  /// Bytes of the arena that the steps run so far have needed.
  uint64_t arenaSize() const { return api.contextArenaSize(context.get()); }

private:
  struct Api {
    decltype(&tfc_instance_open) instanceOpen;
    decltype(&tfc_instance_close) instanceClose;
    decltype(&tfc_context_create) contextCreate;
    decltype(&tfc_context_destroy) contextDestroy;
    decltype(&tfc_context_message) contextMessage;
    decltype(&tfc_context_arena_size) contextArenaSize;
    decltype(&tfc_step_run) stepRun;
  };
  struct CloseLibrary {
    void operator()(void *library) const;
  };

  Result load(const std::string &path);
  Result start(const Settings &settings);

  // In this order, so that the context goes first and the code last.
  std::unique_ptr<void, CloseLibrary> library;
  Api api{};
  const tfc_model_t *model = nullptr;
  std::unique_ptr<tfc_instance_t, decltype(&tfc_instance_close)> instance{nullptr, nullptr};
  std::unique_ptr<tfc_context_t, decltype(&tfc_context_destroy)> context{nullptr, nullptr};
};

} // namespace tfc::run
#endif // TFC_TOOLS_RUN_MODEL_H
