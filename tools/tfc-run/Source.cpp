// Graph files, which tfc-run has the compiler make shared objects of.
#include "Source.h"

#include <cstring>
#include <filesystem>
#include <spawn.h>
#include <sys/wait.h>

using namespace tfc::run;
namespace fs = std::filesystem;

extern char **environ;

bool tfc::run::isGraph(const std::string &path) {
  std::string extension = fs::path(path).extension();
  return extension == ".onnx" || extension == ".mlir";
}

CompiledGraph::~CompiledGraph() {
  std::error_code ignored;
  if (!folder.empty())
    fs::remove_all(folder, ignored);
}

Expected<CompiledGraph> CompiledGraph::compile(const std::string &graph, const std::vector<std::string> &flags) {
  std::error_code error;
  std::string pattern = (fs::temp_directory_path(error) / "tfc-run-XXXXXX").string();
  if (error || !mkdtemp(pattern.data()))
    return Failure{"cannot create a temporary folder: " + (error ? error.message() : std::strerror(errno))};
  CompiledGraph compiled;
  compiled.folder = pattern;

  fs::path compiler = fs::read_symlink("/proc/self/exe", error).parent_path() / "tfc-compile";
  std::string program = fs::exists(compiler, error) ? compiler.string() : "tfc-compile";
  std::vector<std::string> words = {program, graph, "-o", compiled.path()};
  words.insert(words.end(), flags.begin(), flags.end());
  std::vector<char *> arguments;
  for (std::string &word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child;
  int status;
  if (int code = posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments.data(), environ))
    return Failure{"cannot run " + program + ": " + std::strerror(code)};
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return Failure{"cannot wait for " + program + ": " + std::strerror(errno)};
  if (!WIFEXITED(status) || WEXITSTATUS(status))
    return Failure{graph + ": was not compiled"};
  return compiled;
}
