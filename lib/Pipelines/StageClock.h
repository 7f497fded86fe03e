// Time and memory of each stage, for --timing.
#ifndef TFC_LIB_PIPELINES_STAGECLOCK_H
#define TFC_LIB_PIPELINES_STAGECLOCK_H

#include <chrono>
#include <string>

#include "llvm/Support/raw_ostream.h"

namespace tfc {

/// Prints one line per stage when the next one starts or the clock goes away. Without a
/// stream it does nothing.
class StageClock {
public:
  explicit StageClock(llvm::raw_ostream *os) : os(os) {}
  ~StageClock() { stop(); }
  void start(llvm::StringRef name);

private:
  void stop();
  llvm::raw_ostream *os;
  std::string stage;
  std::chrono::steady_clock::time_point begin;
};

} // namespace tfc

#endif // TFC_LIB_PIPELINES_STAGECLOCK_H
