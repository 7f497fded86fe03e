// Time and memory of each stage.
#include "StageClock.h"

#include <sys/resource.h>

#include "fmt/format.h"

namespace tfc {

void StageClock::start(llvm::StringRef name) {
  stop();
  stage = name.str();
  begin = std::chrono::steady_clock::now();
}

void StageClock::stop() {
  if (!os || stage.empty())
    return;
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  *os << fmt::format("{:<10} {:8.3f} s  peak memory {:7.1f} MB\n", stage, seconds, usage.ru_maxrss / 1024.0);
  stage.clear();
}

} // namespace tfc
