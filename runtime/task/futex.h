// Sleeping until a word changes. Cheaper than a condition variable where the waker
// usually finds nobody asleep, and valid when all bytes are zero.
#ifndef TFC_RUNTIME_TASK_FUTEX_H
#define TFC_RUNTIME_TASK_FUTEX_H

#include <atomic>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tfc::rt {

// Sleeps while `word` is `value`; may return early.
inline void futexWait(std::atomic<uint32_t> &word, uint32_t value) {
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
}

inline void futexWake(std::atomic<uint32_t> &word, int32_t threads) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, threads, nullptr, nullptr, 0);
}

} // namespace tfc::rt

#endif // TFC_RUNTIME_TASK_FUTEX_H
