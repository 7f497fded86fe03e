// A mutex that clang's thread-safety analysis understands, and that spins before it sleeps:
// what it guards takes less time than a sleep. All zero bytes are an unlocked mutex, so
// that one in zeroed memory needs no constructor.
#ifndef TFC_RUNTIME_BASE_MUTEX_H
#define TFC_RUNTIME_BASE_MUTEX_H

#include <atomic>
#include <stdint.h>

#if defined(__clang__)
#define TFC_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define TFC_THREAD_ANNOTATION(x)
#endif
#define TFC_CAPABILITY(name) TFC_THREAD_ANNOTATION(capability(name))
#define TFC_SCOPED_CAPABILITY TFC_THREAD_ANNOTATION(scoped_lockable)
#define TFC_GUARDED_BY(mutex) TFC_THREAD_ANNOTATION(guarded_by(mutex))
#define TFC_ACQUIRE(...) TFC_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define TFC_RELEASE(...) TFC_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define TFC_REQUIRES(...) TFC_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define TFC_EXCLUDES(...) TFC_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))

namespace tfc::rt {

class TFC_CAPABILITY("mutex") Mutex {
public:
  void lock() TFC_ACQUIRE() {
    uint32_t expected = unlocked;
    if (!state.compare_exchange_strong(expected, locked, std::memory_order_acquire, std::memory_order_relaxed))
      lockSlowly();
  }
  void unlock() TFC_RELEASE() {
    if (state.exchange(unlocked, std::memory_order_release) == contended)
      wakeOne();
  }

private:
  void lockSlowly();
  void wakeOne();

  static constexpr uint32_t unlocked = 0, locked = 1, contended = 2; // contended: somebody may sleep
  std::atomic<uint32_t> state{unlocked};
};

// Holds a mutex for the length of a scope.
class TFC_SCOPED_CAPABILITY MutexLock {
public:
  explicit MutexLock(Mutex &mutex) TFC_ACQUIRE(mutex) : mutex(mutex) { mutex.lock(); }
  ~MutexLock() TFC_RELEASE() { mutex.unlock(); }
  MutexLock(const MutexLock &) = delete;
  MutexLock &operator=(const MutexLock &) = delete;

private:
  Mutex &mutex;
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_BASE_MUTEX_H
