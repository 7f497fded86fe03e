// libFuzzer on checkpoints: any index gives an error or tensors, none of which reads beyond
// its file of data.
#include <fstream>
#include <unistd.h>

#include "Dfg/Dfg.h"
#include "ImportCheck.h"
#include "TensorBundle.h"
#include "llvm/Support/FileSystem.h"

using namespace tfc;

/// Where the checkpoint of this process lies: one shard of 64 bytes.
static const std::string &prefix() {
  static const std::string path = [] {
    llvm::SmallString<64> folder;
    check(!llvm::sys::fs::createUniqueDirectory("tfc-bundle", folder), "there is no folder for files");
    std::string prefix = (folder + "/c").str();
    std::ofstream(prefix + ".data-00000-of-00001") << std::string(64, '\1');
    return prefix;
  }();
  return path;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::ofstream(prefix() + ".index", std::ios::binary).write(reinterpret_cast<const char *>(data), size);
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<dfg::DfgDialect>();
  bool hasError = false;
  context.getDiagEngine().registerHandler([&](mlir::Diagnostic &) { hasError = true; });
  auto bad = [&] { return mlir::emitError(mlir::UnknownLoc::get(&context)); };
  auto bundle = tf::TensorBundle::open(prefix(), bad);
  check(!bundle == hasError, "the bundle does not open without an error, or opens with one");
  if (!bundle)
    return 0;
  for (llvm::StringRef name : bundle->names()) {
    hasError = false;
    check(failed(bundle->read(&context, name, bad)) == hasError,
          "a tensor fails without an error, or is read with one");
  }
  return 0;
}
