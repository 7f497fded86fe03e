// Stacks, and changing between them.
#include "task/fiber.h"

#include <sys/mman.h>
#include <unistd.h>

#if defined(__has_feature)
#define TFC_HAS_FEATURE(x) __has_feature(x)
#else
#define TFC_HAS_FEATURE(x) 0
#endif
#if TFC_HAS_FEATURE(address_sanitizer) || defined(__SANITIZE_ADDRESS__)
#define TFC_ASAN 1
#include <sanitizer/common_interface_defs.h>
#endif
#if TFC_HAS_FEATURE(thread_sanitizer) || defined(__SANITIZE_THREAD__)
#define TFC_TSAN 1
#include <sanitizer/tsan_interface.h>
#endif

using namespace tfc::rt;

// Pages are taken when they are touched. Kernels keep large temporaries elsewhere.
constexpr uint64_t stackSize = 1 << 20;

static uint64_t guardSize() { return static_cast<uint64_t>(sysconf(_SC_PAGESIZE)); }

void *tfc::rt::mapStack() {
  void *stack =
      mmap(nullptr, stackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED)
    return nullptr;
  if (mprotect(stack, guardSize(), PROT_NONE) == 0)
    return stack;
  munmap(stack, stackSize);
  return nullptr;
}

void tfc::rt::unmapStack(void *stack) { munmap(stack, stackSize); }

void *tfc::rt::topOfStack(void *stack, uint64_t size) {
  return static_cast<char *>(stack) + stackSize - ((size + 63) & ~uint64_t(63));
}

#if defined(__x86_64__)

// Pushes what a call keeps, exchanges the stack pointers and pops.
__attribute__((naked, noinline)) static void exchangeStacks(void **, void *) {
  __asm__ volatile("pushq %rbp\n\t"
                   "pushq %rbx\n\t"
                   "pushq %r12\n\t"
                   "pushq %r13\n\t"
                   "pushq %r14\n\t"
                   "pushq %r15\n\t"
                   "subq $8, %rsp\n\t"
                   "stmxcsr (%rsp)\n\t"
                   "fnstcw 4(%rsp)\n\t"
                   "movq %rsp, (%rdi)\n\t"
                   "movq %rsi, %rsp\n\t"
                   "ldmxcsr (%rsp)\n\t"
                   "fldcw 4(%rsp)\n\t"
                   "addq $8, %rsp\n\t"
                   "popq %r15\n\t"
                   "popq %r14\n\t"
                   "popq %r13\n\t"
                   "popq %r12\n\t"
                   "popq %rbx\n\t"
                   "popq %rbp\n\t"
                   "ret");
}

// What the first exchange returns to: main(fiber).
__attribute__((naked, noinline)) static void start() {
  __asm__ volatile("movq %rbx, %rdi\n\t"
                   "jmpq *%r12");
}

static void prepareRegisters(Fiber &fiber, void *top) {
  auto **words = static_cast<void **>(top);
  *--words = nullptr; // in place of a return address, at 8 modulo 16
  *--words = reinterpret_cast<void *>(start);
  *--words = nullptr;                              // rbp
  *--words = &fiber;                               // rbx
  *--words = reinterpret_cast<void *>(fiber.main); // r12
  *--words = *--words = *--words = nullptr;        // r13, r14, r15
  --words;
  __asm__ volatile("stmxcsr %0\n\tfnstcw %1"
                   : "=m"(*reinterpret_cast<uint32_t *>(words)), "=m"(*(reinterpret_cast<uint32_t *>(words) + 1)));
  fiber.stackPointer = words;
}
static void exchange(Fiber &from, Fiber &to) { exchangeStacks(&from.stackPointer, to.stackPointer); }

#else

static void start(uint32_t high, uint32_t low) {
  auto *fiber = reinterpret_cast<Fiber *>(uintptr_t(high) << 32 | low);
  fiber->main(fiber);
}

static void prepareRegisters(Fiber &fiber, void *top) {
  getcontext(&fiber.registers);
  fiber.registers.uc_stack.ss_sp = static_cast<char *>(fiber.stack) + guardSize();
  fiber.registers.uc_stack.ss_size = static_cast<char *>(top) - static_cast<char *>(fiber.registers.uc_stack.ss_sp);
  fiber.registers.uc_link = nullptr;
  auto address = reinterpret_cast<uintptr_t>(&fiber);
  makecontext(&fiber.registers, reinterpret_cast<void (*)()>(start), 2, uint32_t(uint64_t(address) >> 32),
              uint32_t(address));
}
static void exchange(Fiber &from, Fiber &to) { swapcontext(&from.registers, &to.registers); }

#endif

void tfc::rt::prepareFiber(Fiber &fiber, void *stack, void *top, void (*main)(Fiber *)) {
  fiber.stack = stack;
  fiber.main = main;
  fiber.bottom = static_cast<char *>(stack) + guardSize();
  fiber.size = static_cast<uint64_t>(static_cast<char *>(top) - static_cast<const char *>(fiber.bottom));
#if TFC_TSAN
  fiber.shadow = __tsan_create_fiber(0);
#endif
  prepareRegisters(fiber, top);
}

// The flow that `fiber` was switched to from told nothing of its stack where it is the thread's.
void tfc::rt::beginFiber([[maybe_unused]] Fiber &fiber) {
#if TFC_ASAN
  const void *bottom = nullptr;
  size_t size = 0;
  __sanitizer_finish_switch_fiber(fiber.fakeStack, &bottom, &size);
  fiber.previous->bottom = bottom;
  fiber.previous->size = size;
#endif
}

void tfc::rt::switchFiber(Fiber &from, Fiber &to) {
#if TFC_TSAN
  if (!from.stack)
    from.shadow = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(to.shadow, 0);
#endif
#if TFC_ASAN
  to.previous = &from;
  __sanitizer_start_switch_fiber(&from.fakeStack, to.bottom, to.size);
#endif
  exchange(from, to);
  beginFiber(from);
}

void tfc::rt::endFiber([[maybe_unused]] Fiber &fiber) {
#if TFC_TSAN
  __tsan_destroy_fiber(fiber.shadow);
#endif
}
