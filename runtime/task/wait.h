// What a step does while another one has to act first.
//
// A context has one word that whoever lets it go on changes. So a step, however many of its
// tasks wait, sleeps on one thread and in one place, and cancelling finds it there.
#ifndef TFC_RUNTIME_TASK_WAIT_H
#define TFC_RUNTIME_TASK_WAIT_H

#include "base/context.h"

namespace tfc::rt {

enum class WaitEnd : int32_t { None, Ready, Cancelled, Late };

// Whatever it waits for has a mutex: `begin` and `wake` are called under it.
class Waiter {
public:
  explicit Waiter(tfc_context_t *context) : context(context) {}
  Waiter(const Waiter &) = delete;
  Waiter &operator=(const Waiter &) = delete;

  void begin() { state.store(waiting, std::memory_order_relaxed); }
  // Lets it go on if it waits.
  void wake();
  // Returns when woken, when the step is cancelled, or when its deadline passes; without the
  // mutex. Somebody may wake it still, as long as it can be found.
  WaitEnd wait();
  // Why the wait is over; None: it goes on.
  WaitEnd end() const;

  tfc_context_t *const context;

private:
  static constexpr uint32_t running = 0, waiting = 1, ready = 2;
  std::atomic<uint32_t> state{running};
};

// Makes whoever sleeps for the context look again. Thread-safe.
void wakeContext(tfc_context_t &context);
// Returns when the context's word is no longer `seen`, its deadline passes, or earlier.
void sleepInContext(tfc_context_t &context, uint32_t seen);

} // namespace tfc::rt

#endif // TFC_RUNTIME_TASK_WAIT_H
