// Kernels compiled and called in the test's own process.
#ifndef TFC_TEST_CODEGEN_CPU_JITKERNEL_H
#define TFC_TEST_CODEGEN_CPU_JITKERNEL_H

#include "mlir/IR/Builders.h"
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tfc::test {

/// A row-major buffer and the memref that shows it to a kernel. Does not own the data.
struct Buffer {
  template <class T> Buffer(std::vector<T> &values, std::vector<int64_t> sizes);
  Buffer(void *data, std::vector<int64_t> sizes, std::vector<int64_t> strides)
      : data(data), sizes(std::move(sizes)), strides(std::move(strides)) {}

  void *data;
  std::vector<int64_t> sizes, strides;
};

template <class T>
Buffer::Buffer(std::vector<T> &values, std::vector<int64_t> extents)
    : data(values.data()), sizes(std::move(extents)), strides(sizes.size()) {
  int64_t stride = 1;
  for (size_t i = strides.size(); i-- > 0; stride *= sizes[i])
    strides[i] = stride;
}

/// A function that was built, lowered with upstream passes, compiled for this machine or a named processor, and
/// loaded. Errors end the program with a message: they are bugs of the test.
class JitKernel {
public:
  using Body = llvm::function_ref<void(mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;

  /// A context with the dialects that kernels use.
  static mlir::MLIRContext &context();

  /// `arguments` are memref and index types; `body` fills the function. Prints the code if TFC_DUMP_KERNEL is set.
  JitKernel(llvm::ArrayRef<mlir::Type> arguments, Body body, llvm::StringRef cpu);
  ~JitKernel();

  void operator()(llvm::ArrayRef<Buffer> buffers, llvm::ArrayRef<int64_t> integers) const { bind(buffers, integers)(); }

  /// The same call, ready to be made many times. It refers to this kernel.
  std::function<void()> bind(llvm::ArrayRef<Buffer> buffers, llvm::ArrayRef<int64_t> integers) const;

  /// Seconds from the built function to machine code.
  double compileSeconds = 0;

private:
  struct Code;
  std::unique_ptr<Code> code;
};

/// "native" as LLVM names it; otherwise `cpu` itself.
std::string processorName(llvm::StringRef cpu);

/// The feature levels that this machine can run, and their names as parts of test names.
std::vector<std::string> testProcessors();
inline constexpr auto processorLabel = [](const auto &info) { return info.param.substr(info.param.rfind('-') + 1); };

/// The same, and levels with and without instructions for products of bytes.
std::vector<std::string> testByteProcessors();

/// Memref of f32; sizes may be dynamic. With `anyStride`, every stride is dynamic.
mlir::MemRefType floats(llvm::ArrayRef<int64_t> sizes, bool anyStride = false);

/// Reproducible values in [-0.5, 0.5).
std::vector<float> randomFloats(size_t count, uint32_t seed);

} // namespace tfc::test

#endif // TFC_TEST_CODEGEN_CPU_JITKERNEL_H
