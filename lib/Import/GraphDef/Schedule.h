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

/// One node, choice or loop.
struct ScheduleItem {
  int node = -1;
  std::unique_ptr<Choice> choice;
  std::unique_ptr<Loop> loop;
};

/// A predicate and the value (0 or 1) that it must have.
using Literal = std::pair<Edge, int>;

struct ScheduleRequest {
  llvm::ArrayRef<Edge> fetches;
  llvm::ArrayRef<int> targets;       // nodes that run whoever uses them
  const llvm::DenseSet<Edge> *feeds; // edges whose value is given: what makes them is not needed
  /// How late a node goes among those that could run next; 0: in the order of the graph.
  llvm::function_ref<int(const Node &)> delay;
  /// What a node puts one element into (first: the node of the container, second: 1) or takes
  /// one out of (second: -1); second is 0 for other nodes. Behind one that puts, one that
  /// takes comes first, so that more goes through a container than it holds.
  llvm::function_ref<std::pair<int, int>(const Node &)> exchange;
  /// If there: takes what must hold for each fetch that only runs in a branch.
  llvm::DenseMap<Edge, llvm::SmallVector<Literal>> *conditions = nullptr;
};

/// Fails where control flow is no structure of choices and loops; `bad` is told the node.
mlir::FailureOr<Schedule> schedule(const Graph &graph, const ScheduleRequest &request,
                                   llvm::function_ref<void(const Node &, const llvm::Twine &)> bad);

bool isSwitch(const Node &node);
bool isMerge(const Node &node);
bool isEnter(const Node &node);
bool isExit(const Node &node);
bool isNextIteration(const Node &node);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_SCHEDULE_H
