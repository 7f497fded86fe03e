// Waiting for a mutex (Drepper, "Futexes Are Tricky", 2011, mutex 2, with a spin in front).
#include "base/mutex.h"
#include "task/futex.h"

using namespace tfc::rt;

void Mutex::lockSlowly() {
  for (int i = 0; i < 100; ++i) {
    uint32_t expected = unlocked;
    if (state.load(std::memory_order_relaxed) == unlocked &&
        state.compare_exchange_weak(expected, locked, std::memory_order_acquire, std::memory_order_relaxed))
      return;
    relaxCore();
  }
  while (state.exchange(contended, std::memory_order_acquire) != unlocked)
    futexWait(state, contended);
}

void Mutex::wakeOne() { futexWake(state, 1); }
