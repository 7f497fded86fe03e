// Variables of an instance.
//
// Every access holds the variable's mutex. A context that has acquired a variable owns the
// mutex until it releases it: its own accesses then find `owner` to be itself and do not
// lock again. Only the owner ever sees itself there, so a relaxed load tells.
#ifndef TFC_RUNTIME_STATE_VARIABLE_H
#define TFC_RUNTIME_STATE_VARIABLE_H

#include "base/context.h"

namespace tfc::rt {

struct Variable {
  Mutex mutex;
  tfc_context_t *owner = nullptr; // atomic
  Variable *nextHeld = nullptr;   // of the variables that the owner has acquired
  tfc_tensor_t value{};           // no data: holds nothing
  // Bytes at `value.data`, which is shared with steps that read it (see base/context.h); 0: it
  // is the object's.
  uint64_t capacity = 0;
};

// Holds a variable's mutex for the length of a scope, unless the context has acquired it.
// A null context has acquired nothing.
class Access {
public:
  Access(Variable &variable, tfc_context_t *context)
      : variable(variable), locks(!context || __atomic_load_n(&variable.owner, __ATOMIC_RELAXED) != context) {
    if (locks)
      lock();
  }
  ~Access() {
    if (locks)
      unlock();
  }
  Access(const Access &) = delete;
  Access &operator=(const Access &) = delete;

private:
  void lock() __attribute__((no_thread_safety_analysis)) { variable.mutex.lock(); }
  void unlock() __attribute__((no_thread_safety_analysis)) { variable.mutex.unlock(); }
  Variable &variable;
  bool locks;
};

// Whether a tensor of this dtype and shape may be the variable's value.
bool fits(const tfc_variable_t &declared, const tfc_tensor_t &tensor);
// Copies a tensor that fits into the variable, whose mutex the caller holds; steps that were lent
// the old value keep it. False: no memory.
bool store(tfc_instance_t &instance, Variable &variable, const tfc_tensor_t &tensor);

} // namespace tfc::rt

#endif // TFC_RUNTIME_STATE_VARIABLE_H
