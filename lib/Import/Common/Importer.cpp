// Errors and limits of importers.
#include "tfc/Import/Common/Importer.h"

#include "mlir/IR/Verifier.h"

using namespace mlir;

namespace tfc {

/// Caps what a model can grow to: so many nodes, or so many times those in the file.
constexpr int64_t kMostNodes = 50'000, kMostGrowth = 32;

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

InFlightDiagnostic Importer::malformed(Location loc) {
  fail(ImportFailure::Malformed);
  return emitError(loc);
}

InFlightDiagnostic Importer::unsupported(Location loc) {
  fail(ImportFailure::Unsupported);
  return emitError(loc);
}

Importer::Attempt Importer::attempt(llvm::function_ref<LogicalResult()> import) {
  Attempt result;
  ImportFailure before = std::exchange(failure, ImportFailure::None);
  auto reportedBefore = reported;
  {
    ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() == DiagnosticSeverity::Error && result.error.empty())
        result.error = diagnostic.str();
      return success();
    });
    result.isFine = succeeded(import()) && failure == ImportFailure::None;
  }
  if (!result.isFine)
    reported = std::move(reportedBefore);
  result.failure = std::exchange(failure, before);
  return result;
}

static std::string withoutOpName(std::string text) {
  StringRef view = text;
  if (view.consume_front("'") && view.contains("' op "))
    return view.split("' op ").second.str();
  return text;
}

LogicalResult Importer::importAs(StringRef prefix, llvm::function_ref<LogicalResult()> import) {
  std::vector<std::pair<Location, std::string>> messages;
  ImportFailure before = std::exchange(failure, ImportFailure::None);
  LogicalResult result = mlir::failure();
  {
    ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
        return mlir::failure();
      messages.emplace_back(diagnostic.getLocation(), withoutOpName(diagnostic.str()));
      return success();
    });
    result = import();
  }
  for (auto &[loc, message] : messages)
    emitError(loc) << (StringRef(message).starts_with("node '") ? "" : prefix) << message;
  if (failed(result) && messages.empty() && failure == ImportFailure::None)
    malformed() << prefix << "cannot be imported: an input or attribute that it needs is missing";
  bool isFine = succeeded(result) && messages.empty();
  if (!isFine && failure == ImportFailure::None)
    failure = ImportFailure::Malformed;
  fail(before);
  return success(isFine);
}

FailureOr<OwningOpRef<ModuleOp>> Importer::finish(OwningOpRef<ModuleOp> module) {
  if (failure != ImportFailure::None)
    return mlir::failure();
  // What the importer built itself must hold together.
  if (failed(verify(*module))) {
    failure = ImportFailure::Malformed;
    return mlir::failure();
  }
  return std::move(module);
}

//===----------------------------------------------------------------------===//
// Limits
//===----------------------------------------------------------------------===//

void Importer::limitNodes(int64_t inFile) {
  nodeCount = 0;
  mostNodes = std::max(kMostNodes, kMostGrowth * inFile);
}

LogicalResult Importer::countNode() {
  if (++nodeCount <= mostNodes)
    return success();
  return malformed() << "the model grows to more than " << mostNodes
                     << " nodes by functions, loops and branches, expected fewer";
}

Location Importer::locationOf(StringRef node) const {
  Location own = NameLoc::get(StringAttr::get(context, node));
  return isInCall ? Location(FusedLoc::get(context, {b.loc, own})) : own;
}

} // namespace tfc
