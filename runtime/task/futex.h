// Sleeping until a word changes, and spinning. Cheaper than a condition variable where the
// waker usually finds nobody asleep, and valid when all bytes are zero.
#ifndef TFC_RUNTIME_TASK_FUTEX_H
#define TFC_RUNTIME_TASK_FUTEX_H

#include <atomic>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace tfc::rt {

// Sleeps while `word` is `value`, at most until `deadline` (ns of CLOCK_MONOTONIC; 0: no end);
// may return early.
inline void futexWait(std::atomic<uint32_t> &word, uint32_t value, int64_t deadline = 0) {
  timespec until{static_cast<time_t>(deadline / 1'000'000'000), static_cast<long>(deadline % 1'000'000'000)};
  syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, value, deadline ? &until : nullptr, nullptr,
          FUTEX_BITSET_MATCH_ANY);
}

inline void futexWake(std::atomic<uint32_t> &word, int32_t threads) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, threads, nullptr, nullptr, 0);
}

// ns of CLOCK_MONOTONIC.
inline int64_t now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * int64_t(1'000'000'000) + time.tv_nsec;
}

// Tells the core that this is a spin.
inline void relaxCore() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

} // namespace tfc::rt

#endif // TFC_RUNTIME_TASK_FUTEX_H
