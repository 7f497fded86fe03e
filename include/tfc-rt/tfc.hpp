// C++17 on top of the C ABI: owners of instances and contexts, typed views of tensors.
//
// Nothing here throws or allocates by itself: what can fail returns a tfc_status_t, as in C.
#ifndef TFC_RT_TFC_HPP
#define TFC_RT_TFC_HPP

#include "tfc-rt/tfc.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

namespace tfc {

/// Owns a context, the scratch of one caller. Empty until Instance::createContext; destroyed
/// before its instance. One thread at a time.
class Context {
public:
  tfc_context_t *get() const { return handle.get(); }
  explicit operator bool() const { return handle != nullptr; }
  /// See tfc_context_cancel; from any thread.
  void cancel() const { tfc_context_cancel(get()); }
  /// See tfc_context_set_deadline.
  void setDeadline(int64_t deadline) const { tfc_context_set_deadline(get(), deadline); }
  /// Why the last call failed; "" after a success. Valid until the next call.
  const char *message() const { return tfc_context_message(get()); }
  uint64_t arenaSize() const { return tfc_context_arena_size(get()); }
  /// See tfc_context_reserve.
  tfc_status_t reserve(uint64_t arenaSize) const { return tfc_context_reserve(get(), arenaSize); }

private:
  friend class Instance;
  struct Destroy {
    void operator()(tfc_context_t *context) const { tfc_context_destroy(context); }
  };
  std::unique_ptr<tfc_context_t, Destroy> handle;
};

/// Owns an open model. Any number of threads may create contexts at once.
class Instance {
public:
  /// See tfc_instance_open. An instance that was open is closed first.
  tfc_status_t open(const tfc_model_t &model, const tfc_options_t *options = nullptr) {
    handle.reset();
    tfc_instance_t *instance = nullptr;
    tfc_status_t status = tfc_instance_open(&model, options, &instance);
    handle.reset(instance);
    return status;
  }
  /// See tfc_context_create.
  tfc_status_t createContext(Context &context) const {
    context.handle.reset();
    tfc_context_t *created = nullptr;
    tfc_status_t status = tfc_context_create(get(), &created);
    context.handle.reset(created);
    return status;
  }
  /// See tfc_instance_save and tfc_instance_restore.
  tfc_status_t save(const char *path, const tfc_checkpoint_options_t *options = nullptr) const {
    return tfc_instance_save(get(), path, options);
  }
  tfc_status_t restore(const char *path, const tfc_checkpoint_options_t *options = nullptr) const {
    return tfc_instance_restore(get(), path, options);
  }
  /// See tfc_variable_get and tfc_variable_set.
  tfc_status_t getVariable(const char *name, tfc_tensor_t &tensor) const {
    return tfc_variable_get(get(), name, &tensor);
  }
  tfc_status_t setVariable(const char *name, const tfc_tensor_t &tensor) const {
    return tfc_variable_set(get(), name, &tensor);
  }
  tfc_instance_t *get() const { return handle.get(); }
  explicit operator bool() const { return handle != nullptr; }

private:
  struct Close {
    void operator()(tfc_instance_t *instance) const { tfc_instance_close(instance); }
  };
  std::unique_ptr<tfc_instance_t, Close> handle;
};

/// The elements of a tensor that somebody else owns, in row-major order.
template <typename T> class View {
public:
  View() = default;
  explicit View(const tfc_tensor_t &tensor)
      : first(static_cast<T *>(tensor.data)), count(tensor.size / sizeof(T)), dimensions(tensor.shape),
        dimensionCount(tensor.rank) {}

  T *begin() const { return first; }
  T *end() const { return first + count; }
  T *data() const { return first; }
  std::size_t size() const { return count; }
  T &operator[](std::size_t i) const { return first[i]; }
  int rank() const { return dimensionCount; }
  int64_t extent(int i) const { return dimensions[i]; }

private:
  T *first = nullptr;
  std::size_t count = 0;
  const int64_t *dimensions = nullptr;
  int dimensionCount = 0;
};

/// Whether elements of a tensor may be read as T: the type that generated headers state, or
/// one of its size and kind (formats without a type of their own are told apart by `dtype`).
template <typename T> constexpr bool isElement(int32_t dtype) {
  switch (dtype) {
  case TFC_DTYPE_F32: return std::is_same_v<T, float>;
  case TFC_DTYPE_F64: return std::is_same_v<T, double>;
  case TFC_DTYPE_I8:
  case TFC_DTYPE_I4:
  case TFC_DTYPE_I2: return std::is_same_v<T, int8_t>;
  case TFC_DTYPE_I16: return std::is_same_v<T, int16_t>;
  case TFC_DTYPE_I32: return std::is_same_v<T, int32_t>;
  case TFC_DTYPE_I64: return std::is_same_v<T, int64_t>;
  case TFC_DTYPE_U16:
  case TFC_DTYPE_F16:
  case TFC_DTYPE_BF16: return std::is_same_v<T, uint16_t>;
  case TFC_DTYPE_U32: return std::is_same_v<T, uint32_t>;
  case TFC_DTYPE_U64: return std::is_same_v<T, uint64_t>;
  case TFC_DTYPE_COMPLEX64: return std::is_same_v<T, tfc_complex64_t>;
  case TFC_DTYPE_COMPLEX128: return std::is_same_v<T, tfc_complex128_t>;
  case TFC_DTYPE_INVALID:
  case TFC_DTYPE_STRING:
  case TFC_DTYPE_LIST:
  case TFC_DTYPE_OPTIONAL: return false;
  default: return std::is_same_v<T, uint8_t>;
  }
}

/// A view of a tensor; an empty one where its elements are no T.
template <typename T> View<T> view(const tfc_tensor_t &tensor) {
  return isElement<std::remove_const_t<T>>(tensor.dtype) ? View<T>(tensor) : View<T>();
}

} // namespace tfc

#endif // TFC_RT_TFC_HPP
