// Graph files, which tfc-run has the compiler make shared objects of.
#ifndef TFC_TOOLS_RUN_SOURCE_H
#define TFC_TOOLS_RUN_SOURCE_H

#include "Result.h"

#include <string>
#include <vector>

namespace tfc::run {

/// Whether the path names a graph rather than a shared object.
bool isGraph(const std::string &path);

/// A shared object in a temporary folder of its own, which goes with it.
class CompiledGraph {
public:
  CompiledGraph() = default;
  CompiledGraph(CompiledGraph &&other) noexcept : folder(std::move(other.folder)) { other.folder.clear(); }
  CompiledGraph &operator=(CompiledGraph &&other) noexcept {
    std::swap(folder, other.folder);
    return *this;
  }
  ~CompiledGraph();

  /// Runs tfc-compile, which lies beside this program or on the PATH, with `flags`. What it
  /// prints goes to stderr.
  static Expected<CompiledGraph> compile(const std::string &graph, const std::vector<std::string> &flags);
  std::string path() const { return folder + "/model.so"; }

private:
  std::string folder;
};

} // namespace tfc::run
#endif // TFC_TOOLS_RUN_SOURCE_H
