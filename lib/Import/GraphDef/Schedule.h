// What runs of a graph, in which order, with control flow as structure.
//
// TensorFlow's raw control flow is Switch, Merge, Enter, Exit, NextIteration and LoopCond
// nodes in a flat graph (Yu et al., "Dynamic Control Flow in Large-Scale Machine
// Learning", EuroSys 2018). A schedule has it as choices and loops:
//
// - The **frame** of a node follows from the Enter nodes above it; a frame is one loop.
// - The **state** of a node is the set of Switch outputs above it that no Merge has joined:
//   the node runs where all these predicates have these values.
// - Nodes of one frame and state are put in order (Kahn's algorithm); those whose state has
//   one predicate more wait until nothing else can run and become one choice of that
//   predicate, ended by the Merge nodes that join it.
//
// Everything is linear in the graph but for the nesting of loops and choices.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_SCHEDULE_H
#define TFC_LIB_IMPORT_GRAPHDEF_SCHEDULE_H

#include <memory>

#include "Graph.h"
#include "llvm/ADT/DenseSet.h"

namespace tfc::tf {

struct ScheduleItem;
using Schedule = std::vector<ScheduleItem>;

/// Nodes that run where a predicate holds, or does not, and the merges that join them.
struct Choice {
  Edge predicate;
  Schedule branches[2]; // false, true
  struct Join {
    int merge;
    int inputs[2]; // of the merge node: from branch false, true
  };
  llvm::SmallVector<Join> joins;
};

/// A loop: values of `variables` go through `condition`, then `body`, which makes the next.
struct Loop {
  struct Variable {
    int enter, merge, next; // nodes Enter, Merge, NextIteration
  };
  llvm::SmallVector<Variable> variables;
  llvm::SmallVector<int> invariants; // Enter nodes with is_constant
  int loopCond = -1;
  Schedule condition, body;
};

/// Parts that may wait for each other.
struct Tasks {
  std::vector<Schedule> tasks;
  llvm::SmallVector<int64_t> dependencies; // pairs: the first ends before the second begins
};

/// One node, choice, loop or set of tasks.
struct ScheduleItem {
  int node = -1;
  std::unique_ptr<Choice> choice;
  std::unique_ptr<Loop> loop;
  std::unique_ptr<Tasks> tasks;
};

/// A predicate and the value (0 or 1) that it must have.
using Literal = std::pair<Edge, int>;

struct ScheduleRequest {
  llvm::ArrayRef<Edge> fetches;
  llvm::ArrayRef<int> targets;       // nodes that run whoever uses them
  const llvm::DenseSet<Edge> *feeds; // edges whose value is given: what makes them is not needed
  /// If there: takes what must hold for each fetch that only runs in a branch.
  llvm::DenseMap<Edge, llvm::SmallVector<Literal>> *conditions = nullptr;
};

/// Fails where control flow is no structure of choices and loops; `bad` is told the node.
mlir::FailureOr<Schedule> schedule(const Graph &graph, const ScheduleRequest &request,
                                   llvm::function_ref<void(const Node &, const llvm::Twine &)> bad);

/// Turns items that wait, but not for each other's results, into tasks.
///
/// Of every item of a list, and of lists in it, the items above it that may wait are known:
/// data and control edges say so. Those with the same set run in order, in one task; those
/// whose set is part of every other, or the other way round, are in no task. So a graph whose
/// waiting nodes depend on each other, one after the other, has no tasks, and what comes before
/// and behind them is in none. Constants run whatever they are told to wait for.
void formTasks(Schedule &schedule, const Graph &graph, const llvm::DenseSet<Edge> &feeds,
               llvm::function_ref<bool(const Node &)> mayWait);

/// Calls `visit` for every node of an item, choices and loops included.
void forEachNode(const ScheduleItem &item, llvm::function_ref<void(int)> visit);

bool isSwitch(const Node &node);
bool isMerge(const Node &node);
bool isEnter(const Node &node);
bool isExit(const Node &node);
bool isNextIteration(const Node &node);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_SCHEDULE_H
