// Waiting and waking.
#include "task/wait.h"
#include "task/futex.h"

using namespace tfc::rt;

// Bit 0 of a context's word: its thread is asleep, or about to be.
constexpr uint32_t asleep = 1, change = 2;
// Some 2 us: less than it takes to sleep and be woken.
constexpr int spins = 100;

void tfc::rt::wakeContext(tfc_context_t &context) {
  if (context.wakeUps.fetch_add(change, std::memory_order_release) & asleep)
    futexWake(context.wakeUps, 1);
}

void tfc::rt::sleepInContext(tfc_context_t &context, uint32_t seen) {
  for (int i = 0; i < spins; ++i) {
    if (context.wakeUps.load(std::memory_order_relaxed) != seen)
      return;
    relaxCore();
  }
  if (context.wakeUps.compare_exchange_strong(seen, seen | asleep, std::memory_order_relaxed))
    futexWait(context.wakeUps, seen | asleep, context.deadline);
  context.wakeUps.fetch_and(~asleep, std::memory_order_relaxed);
}

void Waiter::wake() {
  if (state.load(std::memory_order_relaxed) != waiting)
    return;
  state.store(ready, std::memory_order_release);
  wakeContext(*context);
}

WaitEnd Waiter::end() const {
  if (state.load(std::memory_order_acquire) == ready)
    return WaitEnd::Ready;
  if (context->cancelled.load(std::memory_order_acquire))
    return WaitEnd::Cancelled;
  return context->deadline && now() >= context->deadline ? WaitEnd::Late : WaitEnd::None;
}

WaitEnd Waiter::wait() {
  if (context->park)
    return context->park(*this);
  for (;;) {
    uint32_t seen = context->wakeUps.load(std::memory_order_acquire);
    if (WaitEnd why = end(); why != WaitEnd::None)
      return why;
    sleepInContext(*context, seen);
  }
}
