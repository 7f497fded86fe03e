// Tasks of a step, which may wait for each other, on the thread that runs the step.
//
// Every task that has begun and not ended has a fiber. One that must wait looks for another
// that can go on, or begin, and switches to it; where there is none it sleeps on the
// context's word for all of them. So nothing here is shared between threads but that word.
#include "task/fiber.h"
#include "task/wait.h"

#include <string.h>

using namespace tfc::rt;

namespace tfc::rt {

// One call of tfc_tasks_run.
struct Group {
  tfc_task_t const *functions;
  const int64_t *pairs;
  int64_t pairCount;
  void *frame;
  Group *outer;        // that the caller is a task of
  Group *next;         // of those that run
  int32_t *waitingFor; // by task: how many must end before it begins; begun: -1
  int64_t count, left; // left: have not ended
  tfc_status_t status = TFC_STATUS_OK;
  char text[sizeof(tfc_context_t::text)] = "";

  // Nothing more begins; what waits is cancelled.
  void fail(tfc_status_t why, const char *message) {
    if (status != TFC_STATUS_OK)
      return;
    status = why;
    memcpy(text, message, sizeof(text));
    for (int64_t i = 0; i < count; ++i)
      left -= waitingFor[i] >= 0;
  }
};

static bool hasFailed(const Group *group) {
  for (; group; group = group->outer)
    if (group->status != TFC_STATUS_OK)
      return true;
  return false;
}

// A flow of control of the step.
struct Flow : Fiber {
  Scheduler *scheduler = nullptr;
  Group *group = nullptr; // that it runs task `task` of; null: the step itself
  int64_t task = 0;
  Flow *next = nullptr, *previous = nullptr; // in the ring of those that have begun
  // What it waits for, if it does.
  const Waiter *waiter = nullptr;
  const Group *joined = nullptr;
  // Its scratch and what it has been lent, while it does not run.
  ScratchHeader *scratch = nullptr;
  int64_t frame = 0;
  Loan *loans = nullptr;
  int64_t loanCount = 0, loanCapacity = 0;

  bool isReady() const { return joined ? joined->left == 0 : waiter->end() != WaitEnd::None || hasFailed(group); }
};

struct Scheduler {
  explicit Scheduler(tfc_context_t *context) : context(context) { own.next = own.previous = &own; }

  tfc_context_t *context;
  Flow own; // of the step
  Flow *current = &own;
  Group *groups = nullptr; // that run, the innermost of one flow first
  void *stacks = nullptr;  // not in use, linked through their tops
  int64_t stackCount = 0;

  Flow *ended = nullptr; // the flow that was left for good, whose stack is not in `stacks` yet

  Flow *begin(Group &group, int64_t task);
  Flow *nextFlow();
  void goTo(Flow &flow);
  void goOn() { goTo(*nextFlow()); }
  void reap();
  void dropStacks(int64_t kept);
  static void main(Fiber *fiber);
  static WaitEnd park(Waiter &waiter);
  static void close(tfc_context_t *context);
};

} // namespace tfc::rt

static void *&linkIn(void *stack) { return *static_cast<void **>(topOfStack(stack, sizeof(void *))); }

// The first task of a group that may begin; -1: none.
static int64_t firstToBegin(const Group &group) {
  if (group.status != TFC_STATUS_OK)
    return -1;
  for (int64_t i = 0; i < group.count; ++i)
    if (group.waitingFor[i] == 0)
      return i;
  return -1;
}

Flow *Scheduler::begin(Group &group, int64_t task) {
  void *stack = stacks;
  if (stack) {
    stacks = linkIn(stack);
    --stackCount;
  } else if (!(stack = mapStack())) {
    return nullptr;
  }
  void *top = topOfStack(stack, sizeof(Flow));
  auto *flow = new (TfcPlacement{top}) Flow;
  flow->scheduler = this;
  flow->group = &group;
  flow->task = task;
  group.waitingFor[task] = -1;
  flow->next = &own;
  flow->previous = own.previous;
  own.previous = own.previous->next = flow;
  prepareFiber(*flow, stack, top, main);
  return flow;
}

// A flow that can go on, or begin; sleeps until there is one.
Flow *Scheduler::nextFlow() {
  for (;;) {
    uint32_t seen = context->wakeUps.load(std::memory_order_acquire);
    for (Group *group = groups; group; group = group->next) {
      int64_t task = firstToBegin(*group);
      if (task < 0)
        continue;
      if (hasFailed(group->outer)) {
        group->fail(TFC_STATUS_CANCELLED, "a task beside this one failed");
      } else if (Flow *flow = begin(*group, task)) {
        return flow;
      } else {
        context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "no memory for the stack of a task");
        group->fail(TFC_STATUS_RESOURCE_EXHAUSTED, context->text);
      }
    }
    // In turn, beginning behind the one that ran.
    Flow *first = current->next, *flow = first;
    do {
      if (flow->isReady())
        return flow;
      flow = flow->next;
    } while (flow != first);
    sleepInContext(*context, seen);
  }
}

// Changes the context's scratch for that of another flow.
static void exchangeScratch(tfc_context_t &context, Flow &from, Flow &to) {
  auto move = [](ScratchHeader *&source, ScratchHeader *&target) {
    target = source;
    source = nullptr;
    if (target)
      target->link = &target;
  };
  move(context.scratch, from.scratch);
  from.frame = context.frame;
  move(to.scratch, context.scratch);
  context.frame = to.frame;
  from.loans = context.loans;
  from.loanCount = context.loanCount;
  from.loanCapacity = context.loanCapacity;
  context.loans = to.loans;
  context.loanCount = to.loanCount;
  context.loanCapacity = to.loanCapacity;
}

// Frees what the task of a flow has left.
static void dropScratch(tfc_context_t &context) {
  while (context.scratch)
    tfc_scratch_free(&context, context.scratch + 1);
  while (context.loanCount)
    releaseShared(context.instance->allocator, context.loans[--context.loanCount].data);
  context.frame = 0;
}

void Scheduler::reap() {
  if (!ended)
    return;
  endFiber(*ended);
  void *stack = ended->stack;
  ended = nullptr;
  linkIn(stack) = stacks;
  stacks = stack;
  ++stackCount;
}

void Scheduler::dropStacks(int64_t kept) {
  for (; stackCount > kept; --stackCount) {
    void *stack = stacks;
    stacks = linkIn(stack);
    unmapStack(stack);
  }
}

void Scheduler::goTo(Flow &flow) {
  if (&flow == current)
    return;
  Flow &from = *current;
  exchangeScratch(*context, from, flow);
  current = &flow;
  switchFiber(from, flow);
  reap();
}

void Scheduler::main(Fiber *fiber) {
  auto *flow = static_cast<Flow *>(fiber);
  beginFiber(*flow);
  Scheduler &scheduler = *flow->scheduler;
  scheduler.reap();
  tfc_context_t *context = scheduler.context;
  Group &group = *flow->group;
  // What may begin then begins on the same stack.
  for (int64_t task = flow->task; task >= 0; task = firstToBegin(group)) {
    group.waitingFor[task] = -1;
    tfc_status_t status = group.functions[task](context, group.frame);
    dropScratch(*context);
    --group.left;
    if (status != TFC_STATUS_OK)
      group.fail(status, context->text);
    for (int64_t i = 0; i < group.pairCount; ++i)
      group.waitingFor[group.pairs[2 * i + 1]] -= group.pairs[2 * i] == task;
  }
  release(context->instance->allocator, context->loans);
  context->loans = nullptr;
  context->loanCapacity = 0;
  flow->previous->next = flow->next;
  flow->next->previous = flow->previous;
  Flow *next = scheduler.nextFlow();
  scheduler.ended = flow;
  scheduler.goTo(*next);
}

WaitEnd Scheduler::park(Waiter &waiter) {
  Scheduler &scheduler = *waiter.context->scheduler;
  Flow &self = *scheduler.current;
  self.waiter = &waiter;
  for (;; scheduler.goOn()) {
    if (WaitEnd end = waiter.end(); end != WaitEnd::None)
      return end;
    if (hasFailed(self.group))
      return WaitEnd::Cancelled;
  }
}

void Scheduler::close(tfc_context_t *context) {
  context->scheduler->dropStacks(0);
  release(context->instance->allocator, context->scheduler);
}

// More than most steps need at once.
constexpr int64_t keptStacks = 16;

tfc_status_t tfc_tasks_run(tfc_context_t *context, const tfc_task_t *functions, int64_t count, const int64_t *pairs,
                           int64_t pairCount, void *frame) {
  if (!context->scheduler) {
    void *memory = allocate(context->instance->allocator, sizeof(Scheduler));
    if (!memory)
      return context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "no memory to run tasks");
    context->scheduler = new (TfcPlacement{memory}) Scheduler(context);
    context->park = Scheduler::park;
    context->closeScheduler = Scheduler::close;
  }
  Scheduler &scheduler = *context->scheduler;
  auto *waitingFor = static_cast<int32_t *>(tfc_scratch_allocate(context, sizeof(int32_t) * count));
  if (!waitingFor)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  memset(waitingFor, 0, sizeof(int32_t) * count);
  for (int64_t i = 0; i < pairCount; ++i)
    ++waitingFor[pairs[2 * i + 1]];

  Flow &self = *scheduler.current;
  Group group{functions, pairs, pairCount, frame, self.group, scheduler.groups, waitingFor, count, count};
  scheduler.groups = &group;
  self.joined = &group;
  while (group.left > 0)
    scheduler.goOn();
  self.joined = nullptr;
  Group **link = &scheduler.groups;
  while (*link != &group)
    link = &(*link)->next;
  *link = group.next;
  tfc_scratch_free(context, waitingFor);
  if (&self == &scheduler.own)
    scheduler.dropStacks(keptStacks);
  if (group.status != TFC_STATUS_OK)
    memcpy(context->text, group.text, sizeof(group.text));
  return group.status;
}
