// Which parts of a schedule may wait for each other.
#include "OpRegistry.h"
#include "Schedule.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace tfc::tf {

void forEachNode(const ScheduleItem &item, llvm::function_ref<void(int)> visit) {
  auto visitAll = [&](const Schedule &schedule) {
    for (const ScheduleItem &inner : schedule)
      forEachNode(inner, visit);
  };
  if (item.choice) {
    llvm::for_each(item.choice->branches, visitAll);
    for (const Choice::Join &join : item.choice->joins)
      visit(join.merge);
  } else if (item.loop) {
    for (const Loop::Variable &variable : item.loop->variables)
      for (int node : {variable.enter, variable.merge, variable.next})
        if (node >= 0)
          visit(node);
    llvm::for_each(item.loop->invariants, visit);
    visit(item.loop->loopCond);
    visitAll(item.loop->condition);
    visitAll(item.loop->body);
  } else if (item.tasks) {
    llvm::for_each(item.tasks->tasks, visitAll);
  } else {
    visit(item.node);
  }
}

namespace {

/// Items above an item, itself included, that may wait.
using Waits = llvm::BitVector;

/// Sets of items, each once.
class Sets {
public:
  explicit Sets(unsigned size) : sets{Waits(size)} { numbers[sets.front()] = 0; }
  int unite(int a, int b) {
    if (a == b || b == 0)
      return a;
    Waits both = sets[a];
    both |= sets[b];
    return numberOf(both);
  }
  int with(int a, unsigned item) {
    Waits both = sets[a];
    both.set(item);
    return numberOf(both);
  }
  const Waits &operator[](int number) const { return sets[number]; }

private:
  int numberOf(const Waits &set) {
    auto [it, isNew] = numbers.try_emplace(set, sets.size());
    if (isNew)
      sets.push_back(set);
    return it->second;
  }
  std::vector<Waits> sets;
  llvm::DenseMap<Waits, int> numbers;
};

/// Forms the tasks of one list of items.
class Former {
public:
  Former(Schedule &schedule, const Graph &graph, const llvm::DenseSet<Edge> &feeds,
         llvm::function_ref<bool(const Node &)> mayWait)
      : schedule(schedule), graph(graph), feeds(feeds), mayWait(mayWait) {}

  void run() {
    SmallVector<bool> waits;
    for (auto [i, item] : llvm::enumerate(schedule)) {
      waits.push_back(false);
      forEachNode(item, [&, i = i](int node) {
        itemOf[node] = i;
        waits[i] |= mayWait(graph[node]);
      });
    }
    unsigned count = llvm::count(waits, true);
    if (count == 0)
      return;
    Sets sets(count);
    SmallVector<int> above; // by item, in the order of edges
    SmallVector<int> own;   // the set that it runs with
    unsigned number = 0;
    for (auto [i, item] : llvm::enumerate(schedule)) {
      int set = 0;
      forEachInput(item, [&](int input) { set = sets.unite(set, above[input]); }, i);
      if (waits[i])
        set = sets.with(set, number++);
      above.push_back(set);
      own.push_back(item.node >= 0 && isConstant(item.node) ? 0 : set);
    }
    place(sets, own);
  }

private:
  /// Items of the list that an item needs the results or the end of.
  void forEachInput(const ScheduleItem &item, llvm::function_ref<void(int)> visit, int self) {
    auto visitNode = [&](int node) {
      auto it = itemOf.find(node);
      if (it != itemOf.end() && it->second < self)
        visit(it->second);
    };
    if (item.choice)
      visitNode(item.choice->predicate.node);
    forEachNode(item, [&](int node) {
      for (const Edge &input : graph[node].inputs)
        if (!feeds.contains(input))
          visitNode(input.node);
      llvm::for_each(graph[node].controls, visitNode);
    });
  }

  /// Whether a node gives the same whenever it runs: constants, and what is made of them.
  bool isConstant(int node) {
    const Node &it = graph[node];
    if (it.op() == "Const")
      return constants.insert(node).second;
    const auto *op = OpRegistry::get().lookup(it.op());
    if (!op || op->hasEffect || it.inputs.empty() || isMerge(it) || isSwitch(it) || isEnter(it))
      return false;
    return llvm::all_of(it.inputs,
                        [&](const Edge &input) { return !feeds.contains(input) && constants.contains(input.node); }) &&
           constants.insert(node).second;
  }

  void place(const Sets &sets, ArrayRef<int> own) {
    SmallVector<int> used(own);
    llvm::sort(used);
    used.erase(llvm::unique(used), used.end());
    llvm::stable_sort(used, [&](int a, int b) { return sets[a].count() < sets[b].count(); });
    auto isPart = [&](int a, int b) { return !sets[a].test(sets[b]); };
    // Where all are parts of each other, neighbours tell.
    bool isChain = true;
    for (size_t i = 1; i < used.size(); ++i)
      isChain &= isPart(used[i - 1], used[i]);
    auto isInTask = [&](int set) {
      return !isChain && llvm::any_of(used, [&](int other) { return !isPart(set, other) && !isPart(other, set); });
    };
    llvm::DenseMap<int, Schedule> items;
    for (auto [item, set] : llvm::zip_equal(schedule, own))
      items[set].push_back(std::move(item));

    schedule.clear();
    SmallVector<int> inTasks;
    auto endTasks = [&] {
      if (inTasks.empty())
        return;
      ScheduleItem item;
      item.tasks = std::make_unique<Tasks>();
      for (auto [i, set] : llvm::enumerate(inTasks)) {
        for (size_t before = 0; before < i; ++before)
          if (isPart(inTasks[before], set))
            item.tasks->dependencies.append({int64_t(before), int64_t(i)});
        item.tasks->tasks.push_back(std::move(items[set]));
      }
      schedule.push_back(std::move(item));
      inTasks.clear();
    };
    for (int set : used) {
      if (isInTask(set)) {
        inTasks.push_back(set);
        continue;
      }
      endTasks();
      for (ScheduleItem &item : items[set])
        schedule.push_back(std::move(item));
    }
    endTasks();
  }

  Schedule &schedule;
  const Graph &graph;
  const llvm::DenseSet<Edge> &feeds;
  llvm::function_ref<bool(const Node &)> mayWait;
  llvm::DenseMap<int, int> itemOf;
  llvm::DenseSet<int> constants;
};

} // namespace

void formTasks(Schedule &schedule, const Graph &graph, const llvm::DenseSet<Edge> &feeds,
               llvm::function_ref<bool(const Node &)> mayWait) {
  for (ScheduleItem &item : schedule) {
    if (item.choice)
      for (Schedule &branch : item.choice->branches)
        formTasks(branch, graph, feeds, mayWait);
    if (item.loop)
      for (Schedule *part : {&item.loop->condition, &item.loop->body})
        formTasks(*part, graph, feeds, mayWait);
  }
  Former(schedule, graph, feeds, mayWait).run();
}

} // namespace tfc::tf
