// A line on a terminal that tells what a tool is busy with.
#ifndef TFC_SUPPORT_PROGRESS_H
#define TFC_SUPPORT_PROGRESS_H

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "llvm/ADT/StringRef.h"

namespace tfc {

/// Shows on stderr what goes on and since when, once work has taken over a second; the
/// line is erased in the end. Does nothing where `enabled` is false or stderr is no
/// terminal. All functions are for one thread.
class Progress {
public:
  explicit Progress(bool enabled);
  ~Progress();
  /// What goes on from now on.
  void start(llvm::StringRef what);
  /// Erases the line so that a message can be printed; it comes back by itself.
  void yield();

private:
  using Clock = std::chrono::steady_clock;
  void run();
  void erase();

  const Clock::time_point begin = Clock::now();
  std::mutex mutex; // guards all below
  std::condition_variable wake;
  std::string stage;
  Clock::time_point stageBegin;
  bool isShown = false, isDone = false;
  std::thread thread; // started by the first stage; last, as it uses all of the above
  const bool isEnabled;
};

} // namespace tfc

#endif // TFC_SUPPORT_PROGRESS_H
