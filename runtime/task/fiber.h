// Flows of control that one thread changes between. A fiber is its stack and, while it does
// not run, the registers that calls keep.
#ifndef TFC_RUNTIME_TASK_FIBER_H
#define TFC_RUNTIME_TASK_FIBER_H

#include <stdint.h>

#if !defined(__x86_64__)
#include <ucontext.h>
#endif

namespace tfc::rt {

struct Fiber {
  void *stack = nullptr; // its mapping, a guard page first; null: the thread's own
#if defined(__x86_64__)
  void *stackPointer = nullptr;
#else
  ucontext_t registers;
#endif
  void (*main)(Fiber *) = nullptr;
  // For sanitizers: what they know it by, the bounds of its stack, whom it was switched to from.
  void *shadow = nullptr, *fakeStack = nullptr;
  const void *bottom = nullptr;
  uint64_t size = 0;
  Fiber *previous = nullptr;
};

// A mapping for a stack. Null: no memory.
void *mapStack();
void unmapStack(void *stack);
// Where a stack's owner keeps `size` bytes of its own: at the top, 64-byte aligned.
void *topOfStack(void *stack, uint64_t size);

// Makes a fiber that runs `main` on `stack`, below `top`, when it is first switched to. `main`
// calls beginFiber first and never returns.
void prepareFiber(Fiber &fiber, void *stack, void *top, void (*main)(Fiber *));
void beginFiber(Fiber &fiber);
// Stops the running fiber `from`, or the thread's own flow, and goes on with `to`. Returns when
// `from` is switched to.
void switchFiber(Fiber &from, Fiber &to);
// Before the stack of a fiber that is not gone back to is used again or unmapped.
void endFiber(Fiber &fiber);

} // namespace tfc::rt

#endif // TFC_RUNTIME_TASK_FIBER_H
