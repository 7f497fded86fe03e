// A line on a terminal that tells what a tool is busy with.
#include "tfc/Support/Progress.h"

#include <cstdio>

#include "llvm/Support/Process.h"

namespace tfc {

/// Work that is shorter is not worth a line.
constexpr auto kQuiet = std::chrono::seconds(1);
constexpr auto kPeriod = std::chrono::milliseconds(200);

Progress::Progress(bool enabled) : isEnabled(enabled && llvm::sys::Process::StandardErrIsDisplayed()) {}

Progress::~Progress() {
  if (!thread.joinable())
    return;
  {
    std::lock_guard<std::mutex> lock(mutex);
    isDone = true;
  }
  wake.notify_one();
  thread.join();
  erase();
}

void Progress::start(llvm::StringRef what) {
  if (!isEnabled)
    return;
  std::lock_guard<std::mutex> lock(mutex);
  stage = what.str();
  stageBegin = Clock::now();
  if (!thread.joinable())
    thread = std::thread([this] { run(); });
}

void Progress::yield() {
  std::lock_guard<std::mutex> lock(mutex);
  erase();
}

void Progress::run() {
  std::unique_lock<std::mutex> lock(mutex);
  wake.wait_until(lock, begin + kQuiet, [this] { return isDone; });
  while (!isDone) {
    std::fprintf(stderr, "\r\033[K%s  %.0f s", stage.c_str(),
                 std::chrono::duration<double>(Clock::now() - stageBegin).count());
    std::fflush(stderr);
    isShown = true;
    wake.wait_for(lock, kPeriod, [this] { return isDone; });
  }
}

void Progress::erase() {
  if (isShown)
    std::fputs("\r\033[K", stderr);
  isShown = false;
}

} // namespace tfc
