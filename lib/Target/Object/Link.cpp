// Static archives and shared objects of one model.
#include "tfc/Target/Object/Link.h"

#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

namespace tfc {

/// What callers of a shared object need of the runtime, whatever the model uses.
static constexpr const char *kApi[] = {
    "tfc_status_name",     "tfc_dtype_size",      "tfc_dtype_name",        "tfc_instance_open", "tfc_instance_close",
    "tfc_instance_model",  "tfc_context_create",  "tfc_context_destroy",   "tfc_step_run",      "tfc_step_plan",
    "tfc_context_reserve", "tfc_context_message", "tfc_context_arena_size"};
/// The same for models that have such state.
static constexpr const char *kVariableApi[] = {"tfc_variable_get", "tfc_variable_set", "tfc_instance_save",
                                               "tfc_instance_restore"};
static constexpr const char *kQueueApi[] = {"tfc_context_cancel", "tfc_context_set_deadline"};

static constexpr const char *kQueueRunnerApi[] = {"tfc_queue_runners_start", "tfc_queue_runners_stop"};

/// The runtime archive: in the build tree and installed it lies in ../lib.
static llvm::Expected<std::string> runtimeLibrary() {
  std::string program = llvm::sys::fs::getMainExecutable(nullptr, nullptr);
  llvm::SmallString<128> folder(llvm::sys::path::parent_path(program));
  for (const char *place : {"../lib", "../lib/x86_64-linux-gnu", "../lib64"}) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, place, "libtfc-rt.a");
    if (llvm::sys::fs::exists(path))
      return path.str().str();
  }
  return llvm::createStringError("libtfc-rt.a was not found beside '" + program + "'");
}

llvm::Expected<std::string> linkShared(llvm::StringRef object, const ModelSignature &signature, OutputFiles &files) {
  auto library = runtimeLibrary();
  if (!library)
    return library.takeError();
  llvm::ErrorOr<std::string> linker = llvm::sys::findProgramByName("cc");
  for (const char *other : {"gcc", "clang", "clang-22"})
    if (!linker)
      linker = llvm::sys::findProgramByName(other);
  if (!linker)
    return llvm::createStringError("no C compiler to link a shared object with, expected cc, gcc or clang");

  llvm::SmallString<128> objectPath, sharedPath, logPath;
  int descriptor;
  if (auto error = llvm::sys::fs::createTemporaryFile("tfc", "o", descriptor, objectPath))
    return llvm::createStringError("cannot create a temporary file: " + error.message());
  llvm::FileRemover removeObject(objectPath);
  {
    llvm::raw_fd_ostream os(descriptor, /*shouldClose=*/true);
    os << object;
  }
  if (auto error = llvm::sys::fs::createTemporaryFile("tfc", "so", sharedPath))
    return llvm::createStringError("cannot create a temporary file: " + error.message());
  llvm::FileRemover removeShared(sharedPath);
  if (auto error = llvm::sys::fs::createTemporaryFile("tfc", "log", logPath))
    return llvm::createStringError("cannot create a temporary file: " + error.message());
  llvm::FileRemover removeLog(logPath);

  std::vector<std::string> arguments = {*linker,
                                        "-shared",
                                        "-o",
                                        sharedPath.str().str(),
                                        objectPath.str().str(),
                                        "-Wl,-Bsymbolic",
                                        "-Wl,--build-id=none"};
  auto keep = [&](llvm::ArrayRef<const char *> symbols) {
    for (const char *symbol : symbols)
      arguments.push_back(std::string("-Wl,-u,") + symbol);
  };
  keep(kApi);
  if (!signature.variables.empty())
    keep(kVariableApi);
  if (!signature.queues.empty())
    keep(kQueueApi);
  if (!signature.queueRunners.empty())
    keep(kQueueRunnerApi);
  arguments.insert(arguments.end(), {*library, "-lm", "-lpthread"});
  std::vector<llvm::StringRef> views(arguments.begin(), arguments.end());
  std::string message;
  std::optional<llvm::StringRef> redirects[] = {std::nullopt, llvm::StringRef(logPath), llvm::StringRef(logPath)};
  if (llvm::sys::ExecuteAndWait(*linker, views, std::nullopt, redirects, 0, 0, &message) != 0) {
    auto log = llvm::MemoryBuffer::getFile(logPath);
    return llvm::createStringError("linking failed: " + (log ? (*log)->getBuffer().str() : message));
  }
  auto linked = llvm::MemoryBuffer::getFile(sharedPath);
  if (!linked)
    return llvm::createStringError("cannot read the linked file: " + linked.getError().message());
  return (*linked)->getBuffer().str();
}

llvm::Expected<std::string> archive(llvm::StringRef object, llvm::StringRef path) {
  std::string name = (llvm::sys::path::stem(path) + ".o").str();
  std::vector<llvm::NewArchiveMember> members;
  members.emplace_back(llvm::MemoryBufferRef(object, name));
  auto buffer = llvm::writeArchiveToBuffer(members, llvm::SymtabWritingMode::NormalSymtab, llvm::object::Archive::K_GNU,
                                           /*Deterministic=*/true, /*Thin=*/false);
  if (!buffer)
    return buffer.takeError();
  return (*buffer)->getBuffer().str();
}

} // namespace tfc
