// The scratch memory of one caller. One thread at a time uses a context; a parallel
// loop's helper threads read `inLoop` of it, which only changes between loops.
#ifndef TFC_RUNTIME_BASE_CONTEXT_H
#define TFC_RUNTIME_BASE_CONTEXT_H

#include "base/instance.h"
#include "base/message.h"
#include "tfc-rt/generated.h"

namespace tfc::rt {

class Waiter;
enum class WaitEnd : int32_t;
struct Scheduler;

// Stands in front of each scratch allocation, on a cache line of its own: the list
// of what the running step has not freed.
struct alignas(tensorAlignment) ScratchHeader {
  ScratchHeader *next;
  ScratchHeader **link; // what points to this header
  int64_t frame;        // depth of the frame that it belongs to; deeper ones come first
  // Of memory that steps are lent, which nobody changes while there is more than one. It is in
  // no list: without a link it is told apart.
  std::atomic<int64_t> references{0};
  int32_t bin = 0; // of ScratchBins; 0: too large for any
};

// Scratch that was freed, by size, for the running step to use again.
struct ScratchBins {
  static constexpr int32_t count = 57; // up to 1.75 MB
  ScratchHeader *first[count] = {};
  bool areEmpty = true;
};

inline ScratchHeader *headerOf(void *data) { return static_cast<ScratchHeader *>(data) - 1; }
// Memory with one reference, the caller's; null when memory runs out.
void *allocateShared(const tfc_allocator_t &allocator, uint64_t size);
// Whether others have references to it, too. They may let go of them at any time, but where
// nobody can take a new one, memory that is not shared stays so.
inline bool isShared(void *data) { return headerOf(data)->references.load(std::memory_order_acquire) != 1; }
// One reference less; the last one frees. Null is ignored.
void releaseShared(const tfc_allocator_t &allocator, void *data);
// Gives the context a reference, until tfc_scratch_free or the end of the frame: as if it were
// scratch. False after recording RESOURCE_EXHAUSTED.
bool lend(tfc_context_t *context, void *data);

// A reference that a context has.
struct Loan {
  void *data;
  int64_t frame;
};

// Scratch that belongs to no frame: whoever counts references to it frees it, or the
// step's end. Null after recording RESOURCE_EXHAUSTED.
void *allocateLasting(tfc_context_t *context, uint64_t size);

// The same until the context's next call ends: bytes of strings that it lends to the caller.
void *allocateLent(tfc_context_t *context, uint64_t size);
// Frees a list of allocations.
void releaseAll(const tfc_allocator_t &allocator, ScratchHeader *head);

// Frees all that is left of the running step's scratch.
void releaseScratch(tfc_context_t &context);

// Checks a call before anything is written, binds the step's dimension symbols and
// reports the sizes of outputs that are known to be too small.
tfc_status_t checkArguments(tfc_context_t &context, const tfc_step_t &step, const tfc_tensor_t *inputs,
                            tfc_tensor_t *outputs);
// The same for inputs that are shapes without data; binds the symbols.
tfc_status_t checkShapes(tfc_context_t &context, const tfc_step_t &step, const tfc_tensor_t *inputs,
                         tfc_tensor_t *outputs);

// Begins a call: clears what the last one left and checks the step itself.
tfc_status_t beginCall(tfc_context_t *context, const tfc_step_t *step);

// Bytes of a dense tensor. False if the rank, an extent or the product is no
// possible one.
bool tensorSize(int32_t dtype, int32_t rank, const int64_t *shape, uint64_t &outSize);

// Fills in dtype, rank, shape and size of output `name`. False after recording
// RESOURCE_EXHAUSTED where no tensor can have the shape; the output is left alone.
bool describeOutput(tfc_context_t &context, const char *name, int32_t dtype, int32_t rank, const int64_t *shape,
                    tfc_tensor_t &output);

// Records that a caller's buffer of `capacity` bytes is too small for an output.
tfc_status_t failSmallOutput(tfc_context_t &context, const char *name, uint64_t capacity, uint64_t needed);

// Value of a dimension symbol that no input has bound.
constexpr int64_t unboundSymbol = -1;

} // namespace tfc::rt

struct tfc_context_t {
  explicit tfc_context_t(tfc_instance_t *instance) : instance(instance) {}

  tfc_instance_t *instance;
  const tfc_step_t *step = nullptr; // the running one
  // The memory of outputs that the caller gave no buffer for, by index of output, the
  // running step's symbols, and the words of a plan: as many as the largest step of the
  // model has.
  tfc::rt::GrowingBuffer *outputs = nullptr;
  int64_t *symbols = nullptr, *planWords = nullptr;
  int32_t outputCount = 0;

  tfc::rt::GrowingBuffer arena;
  tfc::rt::ScratchHeader *scratch = nullptr, *lasting = nullptr, *lent = nullptr;
  tfc::rt::ScratchBins bins;
  // What is left of the block of `lasting` that the running step's strings are made in.
  char *stringSpace = nullptr;
  uint64_t stringSpaceSize = 0;
  // What the running step has been lent, in the order of frames; the array stays.
  tfc::rt::Loan *loans = nullptr;
  int64_t loanCount = 0, loanCapacity = 0;
  // The lists of the running step, as many as the model has locals; null: empty.
  tfc_list_t **locals = nullptr;
  // Variables that the running step has acquired; `letAllGo` is set with the first, so that
  // only objects that acquire variables link the code.
  tfc::rt::Variable *held = nullptr;
  void (*letAllGo)(tfc_context_t *context) = nullptr;
  int64_t frame = 0; // how many frames of scratch are open
  int32_t fault = TFC_STATUS_OK;
  std::atomic<int32_t> cancelled{0}; // whoever waits in the running step gives up
  std::atomic<uint32_t> wakeUps{0};  // changes when what waits here has to look again: task/wait.h
  // Of steps with tasks, from the first that ran on; see task/tasks.cpp. `park` waits while others go on.
  tfc::rt::Scheduler *scheduler = nullptr;
  tfc::rt::WaitEnd (*park)(tfc::rt::Waiter &waiter) = nullptr;
  void (*closeScheduler)(tfc_context_t *context) = nullptr;
  int64_t deadline = 0;  // of steps, in ns of CLOCK_MONOTONIC; 0: none
  bool inLoop = false;   // a parallel loop of this context is running
  char text[512] = "";

  tfc::rt::Message message() { return {text, sizeof(text)}; }
};

#endif // TFC_RUNTIME_BASE_CONTEXT_H
