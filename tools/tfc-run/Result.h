// Values that may be a failure instead, with its reason in words for the user.
#ifndef TFC_TOOLS_RUN_RESULT_H
#define TFC_TOOLS_RUN_RESULT_H

#include <string>
#include <utility>
#include <variant>

namespace tfc::run {

/// Why something failed: lower-case, without a final period.
struct Failure {
  std::string reason;

  /// The same failure with what it is about in front, such as a file name.
  Failure about(const std::string &subject) && { return {subject + ": " + reason}; }
};

/// A value or the reason why there is none. Look before taking the value.
template <typename T> class [[nodiscard]] Expected {
public:
  Expected(T value) : state(std::move(value)) {}
  Expected(Failure failure) : state(std::move(failure)) {}

  explicit operator bool() const { return state.index() == 0; }
  T &operator*() { return std::get<0>(state); }
  T *operator->() { return &std::get<0>(state); }
  Failure takeFailure() { return std::move(std::get<1>(state)); }

private:
  std::variant<T, Failure> state;
};

/// What an action without a value returns.
struct Done {};
using Result = Expected<Done>;

} // namespace tfc::run
#endif // TFC_TOOLS_RUN_RESULT_H
