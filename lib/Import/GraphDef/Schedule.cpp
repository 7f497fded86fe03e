// Frames and states of nodes, then the order.
#include "Schedule.h"

#include <map>
#include <queue>

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace tfc::tf {

bool isSwitch(const Node &node) { return node.op() == "Switch" || node.op() == "RefSwitch"; }
bool isMerge(const Node &node) { return node.op() == "Merge" || node.op() == "RefMerge"; }
bool isEnter(const Node &node) { return node.op() == "Enter" || node.op() == "RefEnter"; }
bool isExit(const Node &node) { return node.op() == "Exit" || node.op() == "RefExit"; }
bool isNextIteration(const Node &node) { return node.op() == "NextIteration" || node.op() == "RefNextIteration"; }

namespace {

using Bad = llvm::function_ref<void(const Node &, const llvm::Twine &)>;

/// A loop's frame; number 0 is the graph itself.
struct Frame {
  int parent;
  std::string name;
  int depth;
  SmallVector<int> enters;
};

/// Literals, each predicate once, sorted.
using State = SmallVector<Literal, 2>;

/// How deep loops and choices may nest.
constexpr unsigned kDeepest = 64;

class Scheduler {
public:
  Scheduler(const Graph &graph, const ScheduleRequest &request, Bad bad)
      : graph(graph), request(request), bad(bad), position(graph.size(), -1), frameOf(graph.size(), 0),
        states(graph.size()) {}

  FailureOr<Schedule> run() {
    collectNeeded();
    if (failed(sort()) || failed(checkControlFlow()) || failed(findFrames()) || failed(findStates()))
      return failure();
    nestStates();
    for (const Edge &fetch : request.fetches) {
      State state = request.feeds->contains(fetch) ? State() : outputState(fetch);
      if (!state.empty() && !request.conditions)
        return fail(fetch.node, "is asked for, but only runs in a branch");
      if (!state.empty())
        (*request.conditions)[fetch].append(state.begin(), state.end());
    }
    SmallVector<int> elements;
    for (int node : order)
      if (frameOf[node] == 0)
        elements.push_back(node);
    for (int frame = 1; frame < int(frames.size()); ++frame)
      if (frames[frame].parent == 0)
        elements.push_back(elementOfFrame(frame));
    return region(elements, 0);
  }

private:
  LogicalResult fail(int node, const llvm::Twine &what) {
    bad(graph[node], what);
    return failure();
  }

  //===--- What is needed, in any legal order -----------------------------===//

  void collectNeeded() {
    SmallVector<int> work(request.targets);
    for (const Edge &fetch : request.fetches)
      if (!request.feeds->contains(fetch))
        work.push_back(fetch.node);
    needed.assign(graph.size(), false);
    while (!work.empty()) {
      int node = work.pop_back_val();
      if (needed[node])
        continue;
      needed[node] = true;
      for (int input : predecessors(node, /*back=*/true))
        work.push_back(input);
    }
  }

  /// Nodes that a node waits for; those behind back edges only on demand.
  SmallVector<int, 4> predecessors(int node, bool back = false) const {
    SmallVector<int, 4> result;
    for (const Edge &input : graph[node].inputs)
      if (!request.feeds->contains(input) && (back || !isBackEdge(node, input)))
        result.push_back(input.node);
    llvm::append_range(result, graph[node].controls);
    return result;
  }

  bool isBackEdge(int node, const Edge &input) const {
    return isMerge(graph[node]) && isNextIteration(graph[input.node]);
  }

  LogicalResult sort() {
    std::vector<int> waiting(graph.size(), 0);
    std::vector<SmallVector<int, 4>> successors(graph.size());
    std::queue<int> ready;
    int count = 0;
    for (int node = 0; node < graph.size(); ++node) {
      if (!needed[node])
        continue;
      ++count;
      for (int input : predecessors(node)) {
        successors[input].push_back(node);
        ++waiting[node];
      }
      if (waiting[node] == 0)
        ready.push(node);
    }
    while (!ready.empty()) {
      int node = ready.front();
      ready.pop();
      position[node] = order.size();
      order.push_back(node);
      for (int next : successors[node])
        if (--waiting[next] == 0)
          ready.push(next);
    }
    if (int(order.size()) == count)
      return success();
    for (int node = 0; node < graph.size(); ++node)
      if (needed[node] && position[node] < 0)
        return fail(node, "is part of a cycle that is no loop");
    return failure();
  }

  //===--- Frames ---------------------------------------------------------===//

  /// Data inputs that a node of control flow cannot do without.
  static size_t leastInputs(const Node &node) {
    if (isSwitch(node))
      return 2;
    return isMerge(node) || isEnter(node) || isExit(node) || isNextIteration(node) || node.op() == "LoopCond";
  }

  LogicalResult checkPort(const Edge &edge) {
    if (isSwitch(graph[edge.node]) && edge.port > 1 && !request.feeds->contains(edge))
      return fail(edge.node, "has no output " + llvm::Twine(edge.port));
    return success();
  }

  /// Nodes of control flow have all inputs, and no outputs but their own.
  LogicalResult checkControlFlow() {
    for (const Edge &fetch : request.fetches)
      if (failed(checkPort(fetch)))
        return failure();
    for (int node : order) {
      const auto &inputs = graph[node].inputs;
      if (size_t least = leastInputs(graph[node]); inputs.size() < least)
        return fail(node, "has " + llvm::Twine(inputs.size()) + " inputs, expected " + llvm::Twine(least));
      for (const Edge &input : inputs)
        if (failed(checkPort(input)))
          return failure();
    }
    return success();
  }

  LogicalResult findFrames() {

    frames.push_back({-1, "", 0, {}});
    std::map<std::pair<int, StringRef>, int> known;
    for (int node : order) {
      int frame = 0;
      for (int input : predecessors(node)) {
        int other = frameOf[input];
        if (frames[other].depth > frames[frame].depth)
          frame = other;
      }
      if (isExit(graph[node])) {
        if (frame == 0)
          return fail(node, "leaves a loop that it is not in");
        frame = frames[frame].parent;
      }
      if (isEnter(graph[node])) {
        auto attribute = graph[node].def->attr().find("frame_name");
        StringRef name = attribute == graph[node].def->attr().end() ? "" : StringRef(attribute->second.s());
        auto [it, isNew] = known.try_emplace({frame, name}, int(frames.size()));
        if (isNew)
          frames.push_back({frame, name.str(), frames[frame].depth + 1, {}});
        if (frames.back().depth > int(kDeepest))
          return fail(node, "enters a loop that lies " + llvm::Twine(kDeepest) + " deep in others");
        frame = it->second;
        frames[frame].enters.push_back(node);
      }
      if (frame == 0 && isLoopMerge(node))
        return fail(node, "joins no Enter and NextIteration");
      frameOf[node] = frame;
    }
    return success();
  }

  int elementOfFrame(int frame) const { return graph.size() + frame; }
  bool isFrameElement(int element) const { return element >= graph.size(); }
  int frameOfElement(int element) const { return element - graph.size(); }

  /// What stands for a node in a region of `frame`: itself, or the loop around it; -1 if
  /// it lies outside.
  int elementIn(int frame, int node) const {
    int at = frameOf[node];
    if (at == frame)
      return node;
    while (at != 0 && frames[at].parent != frame)
      at = frames[at].parent;
    return at == 0 ? -1 : elementOfFrame(at);
  }

  bool isLoopMerge(int node) const {
    if (!isMerge(graph[node]))
      return false;
    return llvm::any_of(graph[node].inputs, [&](const Edge &input) { return isNextIteration(graph[input.node]); });
  }
  bool isLoopSwitch(int node) const {
    return isSwitch(graph[node]) && graph[node].inputs.size() == 2 &&
           graph[graph[node].inputs[1].node].op() == "LoopCond";
  }

  //===--- States ---------------------------------------------------------===//

  /// Adds a literal; false if its opposite is there.
  static bool add(State &state, const Literal &literal) {
    auto *it = llvm::lower_bound(state, literal, [](const Literal &a, const Literal &b) { return a.first < b.first; });
    if (it != state.end() && it->first == literal.first)
      return it->second == literal.second;
    state.insert(it, literal);
    return true;
  }

  /// Whether a node hands on a value that no iteration of a loop changes.
  static bool isInvariant(const Node &node) {
    auto attribute = node.def->attr().find("is_constant");
    return isEnter(node) && attribute != node.def->attr().end() && attribute->second.b();
  }

  /// What tells which way a Switch goes: tf.cond hands its predicate to some through Identity,
  /// and into loops.
  Edge predicateOf(const Node &node) const {
    Edge edge = node.inputs[1];
    while ((graph[edge.node].op() == "Identity" || isInvariant(graph[edge.node])) && !graph[edge.node].inputs.empty() &&
           !request.feeds->contains(edge))
      edge = graph[edge.node].inputs.front();
    return edge;
  }

  State outputState(const Edge &edge) const {
    State state = states[edge.node];
    if (isSwitch(graph[edge.node]) && !isLoopSwitch(edge.node) && graph[edge.node].inputs.size() == 2)
      add(state, {predicateOf(graph[edge.node]), edge.port});
    return state;
  }

  LogicalResult findStates() {
    std::vector<int> dead(graph.size(), false);
    for (int node : order) {
      State &state = states[node];
      if (isMerge(graph[node]) && !isLoopMerge(node)) {
        if (failed(joinStates(node, dead)))
          return failure();
        continue;
      }
      bool conflict = false;
      auto include = [&](const State &other, int input) {
        for (const Literal &literal : other)
          conflict |= !add(state, literal);
        conflict |= bool(dead[input]);
      };
      for (const Edge &input : graph[node].inputs)
        if (!request.feeds->contains(input) && !isBackEdge(node, input))
          include(outputState(input), input.node);
      for (int control : graph[node].controls)
        include(states[control], control);
      dead[node] = conflict;
      if (!conflict && state.size() > kDeepest)
        return fail(node, "lies more than " + llvm::Twine(kDeepest) + " choices deep");
    }
    // What can never run does not.
    llvm::erase_if(order, [&](int node) { return dead[node]; });
    for (int node = 0; node < graph.size(); ++node)
      if (dead[node])
        needed[node] = false;
    return success();
  }

  LogicalResult joinStates(int node, std::vector<int> &dead) {
    const auto &inputs = graph[node].inputs;
    SmallVector<Edge> live;
    for (const Edge &input : inputs)
      if (request.feeds->contains(input) || !dead[input.node])
        live.push_back(input);
    // What can never run leaves nothing to join.
    if (live.size() < 2 && live.size() < inputs.size()) {
      dead[node] = live.empty();
      if (!live.empty())
        states[node] = outputState(live.front());
      return success();
    }
    if (inputs.size() != 2)
      return fail(node, "joins " + llvm::Twine(inputs.size()) + " values, expected 2");
    State a = outputState(inputs[0]), b = outputState(inputs[1]);
    const Literal *differ = nullptr;
    int count = 0;
    if (a.size() == b.size())
      for (auto [x, y] : llvm::zip(a, b)) {
        if (x == y)
          continue;
        ++count;
        differ = x.first == y.first ? &x : nullptr;
      }
    if (count != 1 || !differ)
      return fail(node, "joins values that are not the two sides of one Switch predicate");
    joined[node] = *differ;
    State rest;
    for (const Literal &literal : a)
      if (literal.first != differ->first)
        rest.push_back(literal);
    // What is left holds around the choice.
    int &rank = ranks[differ->first];
    rank = std::max(rank, int(rest.size()));
    states[node] = rest;
    return success();
  }

  /// Sorts literals from the outermost choice to the innermost.
  void nestStates() {
    auto key = [&](const Literal &literal) {
      int node = literal.first.node;
      auto rank = ranks.find(literal.first);
      return std::make_tuple(rank == ranks.end() ? int(states[node].size()) : rank->second, int(states[node].size()),
                             position[node], literal.first.port);
    };
    for (State &state : states)
      llvm::sort(state, [&](const Literal &a, const Literal &b) { return key(a) < key(b); });
  }

  State stateOf(int element) const {
    if (!isFrameElement(element))
      return states[element];
    State state;
    for (int enter : frames[frameOfElement(element)].enters)
      if (states[enter].size() > state.size())
        state = states[enter];
    return state;
  }

  //===--- Regions --------------------------------------------------------===//

  /// Elements that an element of its frame waits for.
  SmallVector<int> waitsFor(int element) const {
    SmallVector<int> result;
    auto add = [&](int frame, int node) {
      if (int other = elementIn(frame, node); other >= 0 && other != element)
        result.push_back(other);
    };
    if (!isFrameElement(element)) {
      for (int input : predecessors(element))
        add(frameOf[element], input);
      return result;
    }
    int frame = frameOfElement(element), parent = frames[frame].parent;
    for (int inner : nodesUnder(frame))
      for (int input : predecessors(inner))
        add(parent, input);
    return result;
  }

  /// Nodes of a frame and the frames in it.
  SmallVector<int> nodesUnder(int frame) const {
    SmallVector<int> result;
    for (int node : order) {
      int at = frameOf[node];
      while (at != 0 && at != frame)
        at = frames[at].parent;
      if (at == frame)
        result.push_back(node);
    }
    return result;
  }

  /// The order of elements whose states agree in the first `depth` literals.
  FailureOr<Schedule> region(ArrayRef<int> elements, size_t depth) {
    struct Pending {
      SmallVector<int> sides[2];
      SmallVector<Choice::Join> joins;
      int left = 0; // elements not collected yet
      int first = 0;
    };
    llvm::DenseMap<int, int> local;
    for (auto [i, element] : llvm::enumerate(elements))
      local[element] = i;
    size_t count = elements.size();
    std::vector<int> waiting(count, 0);
    std::vector<SmallVector<int, 4>> successors(count);
    std::vector<State> own(count);
    std::map<Edge, Pending> pending;
    for (size_t i = 0; i < count; ++i) {
      own[i] = stateOf(elements[i]);
      SmallVector<int> inputs = waitsFor(elements[i]);
      llvm::sort(inputs);
      inputs.erase(llvm::unique(inputs), inputs.end());
      for (int input : inputs)
        if (auto it = local.find(input); it != local.end()) {
          successors[it->second].push_back(i);
          ++waiting[i];
        }
      if (own[i].size() > depth)
        ++pending[own[i][depth].first].left;
    }

    // Leaves that may run, by position.
    using Ready = std::pair<int, int>;
    std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready;
    Schedule result;
    SmallVector<int> released;
    auto release = [&](int i) {
      for (int next : successors[i])
        if (--waiting[next] == 0)
          released.push_back(next);
    };
    /// Puts what waits for nothing where it belongs; nodes of choices free their users at once.
    auto place = [&] {
      while (!released.empty()) {
        int i = released.pop_back_val(), element = elements[i];
        auto join = isFrameElement(element) ? joined.end() : joined.find(element);
        if (own[i].size() > depth) {
          Pending &unit = pending[own[i][depth].first];
          unit.sides[own[i][depth].second].push_back(i);
          if (unit.first == 0)
            unit.first = int(result.size()) + 1;
          --unit.left;
          release(i);
        } else if (join != joined.end()) {
          // Literal of input 0; the other input has its opposite.
          int side = join->second.second;
          Choice::Join both{element, {side, 1 - side}};
          pending[join->second.first].joins.push_back(both);
        } else {
          ready.push({isFrameElement(element) ? 0 : element, i});
        }
      }
    };
    for (size_t i = 0; i < count; ++i)
      if (waiting[i] == 0)
        released.push_back(i);
    place();
    for (;;) {
      while (!ready.empty()) {
        int i = ready.top().second, element = elements[i];
        ready.pop();
        ScheduleItem item;
        if (isFrameElement(element)) {
          auto built = loop(frameOfElement(element));
          if (failed(built))
            return failure();
          item.loop = std::move(*built);
        } else {
          item.node = element;
        }
        result.push_back(std::move(item));
        release(i);
        place();
      }
      // A choice that is complete, or else the one that began first.
      auto best = pending.end();
      for (auto it = pending.begin(); it != pending.end(); ++it) {
        if (it->second.sides[0].empty() && it->second.sides[1].empty() && it->second.joins.empty())
          continue;
        auto rank = [](const Pending &unit) { return std::make_pair(unit.left > 0, unit.first); };
        if (best == pending.end() || rank(it->second) < rank(best->second))
          best = it;
      }
      if (best == pending.end())
        return result;
      Pending unit = std::move(best->second);
      best->second = Pending();
      best->second.left = unit.left;
      auto choice = std::make_unique<Choice>();
      choice->predicate = best->first;
      choice->joins = unit.joins;
      for (int side : {0, 1}) {
        SmallVector<int> inner;
        for (int i : unit.sides[side])
          inner.push_back(elements[i]);
        auto built = region(inner, depth + 1);
        if (failed(built))
          return failure();
        choice->branches[side] = std::move(*built);
      }
      ScheduleItem item;
      item.choice = std::move(choice);
      result.push_back(std::move(item));
      for (const Choice::Join &join : unit.joins)
        release(local[join.merge]);
      place();
    }
  }

  //===--- Loops ----------------------------------------------------------===//

  FailureOr<std::unique_ptr<Loop>> loop(int frame) {
    auto result = std::make_unique<Loop>();
    llvm::DenseMap<int, int> mergeOfEnter;
    SmallVector<int> elements;
    int enterNode = frames[frame].enters.empty() ? -1 : frames[frame].enters.front();
    for (int node : order) {
      if (frameOf[node] != frame)
        continue;
      const Node &it = graph[node];
      if (isEnter(it)) {
        continue;
      } else if (it.op() == "LoopCond") {
        if (result->loopCond >= 0)
          return fail(node, "is the second LoopCond of its loop");
        result->loopCond = node;
      } else if (isLoopMerge(node)) {
        Loop::Variable variable{-1, node, -1};
        for (const Edge &input : it.inputs)
          (isNextIteration(graph[input.node]) ? variable.next : variable.enter) = input.node;
        if (it.inputs.size() != 2 || variable.enter < 0 || !isEnter(graph[variable.enter]))
          return fail(node, "joins no Enter and NextIteration");
        mergeOfEnter[variable.enter] = node;
        result->variables.push_back(variable);
      } else if (!isNextIteration(it)) {
        elements.push_back(node);
      }
    }
    if (result->loopCond < 0)
      return fail(enterNode, "enters a loop without LoopCond");
    for (int enter : frames[frame].enters)
      if (!mergeOfEnter.contains(enter))
        result->invariants.push_back(enter);
    for (int inner = 1; inner < int(frames.size()); ++inner)
      if (frames[inner].parent == frame)
        elements.push_back(elementOfFrame(inner));

    // What the condition needs comes before it, the rest is the body.
    llvm::DenseSet<int> all(elements.begin(), elements.end()), conditional;
    SmallVector<int> work;
    auto want = [&](int element) {
      if (all.contains(element) && conditional.insert(element).second)
        work.push_back(element);
    };
    llvm::for_each(waitsFor(result->loopCond), want);
    while (!work.empty())
      llvm::for_each(waitsFor(work.pop_back_val()), want);
    SmallVector<int> parts[2];
    for (int element : elements)
      parts[conditional.contains(element) ? 0 : 1].push_back(element);
    size_t depth = stateOf(elementOfFrame(frame)).size();
    auto condition = region(parts[0], depth);
    if (failed(condition))
      return failure();
    auto body = region(parts[1], depth);
    if (failed(body))
      return failure();
    result->condition = std::move(*condition);
    result->body = std::move(*body);
    return result;
  }

  const Graph &graph;
  const ScheduleRequest &request;
  Bad bad;
  std::vector<bool> needed;
  std::vector<int> order;    // all needed nodes, inputs first
  std::vector<int> position; // in that
  std::vector<int> frameOf;
  std::vector<Frame> frames;
  std::vector<State> states;
  llvm::DenseMap<int, Literal> joined; // by merge: the literal of its first input
  llvm::DenseMap<Edge, int> ranks;     // by predicate: how many choices lie around it, at least
};

} // namespace

FailureOr<Schedule> schedule(const Graph &graph, const ScheduleRequest &request,
                             llvm::function_ref<void(const Node &, const llvm::Twine &)> bad) {
  return Scheduler(graph, request, bad).run();
}

} // namespace tfc::tf
