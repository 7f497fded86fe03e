// What a program needs to know of a model to call it.
#ifndef TFC_TARGET_OBJECT_SIGNATURE_H
#define TFC_TARGET_OBJECT_SIGNATURE_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "Dfg/Dfg.h"

namespace tfc {

/// An input or output of a step.
struct PortSignature {
  std::string name;       // as in the user's graph
  std::string identifier; // a C identifier, unique among the step's inputs or outputs
  int32_t dtype = 0;      // tfc_dtype_t
  int32_t rank = 0;       // -1: any
  /// Extents; -1-s stands for symbol s, INT64_MIN for what only data tells.
  std::vector<int64_t> dims;
  /// What a list or optional holds: one port without a name; otherwise none.
  std::vector<PortSignature> element;
};

struct StepSignature {
  std::string name;
  std::string identifier; // what its names in the header are made of, see nameSteps
  std::vector<PortSignature> inputs, outputs;
  std::vector<std::string> symbols; // names of the dimension symbols
  uint64_t arenaSize = 0;           // bytes of what no input decides
  uint64_t slots = 0;               // of the arena, sized by input shapes
  uint64_t liveBytes = 0;           // the least that an arena could have
  uint64_t dispatches = 0;          // of kernels, in the text of the step
};

/// A tensor that lives as long as an instance.
struct VariableSignature {
  std::string name; // as in the user's graph
  int32_t dtype = 0;
  std::vector<int64_t> dims;     // INT64_MIN where open
  std::optional<std::vector<char>> value; // what it holds first
};

struct QueueSignature {
  std::string name;
  int32_t kind = 0; // tfc_queue_kind_t
  int64_t capacity = -1, minAfter = 0, seed = 0;
  std::vector<PortSignature> components;
};

/// Threads that fill a queue, by numbers of steps.
struct QueueRunnerSignature {
  std::string name; // of the queue, as in the user's graph
  std::vector<int32_t> enqueue;
  int32_t close = -1, cancel = -1;
  uint32_t closed = 0; // bits of statuses
};

struct TableSignature {
  std::string name; // as in the user's graph
  PortSignature key, value;
  bool isStatic = false;
  /// What it holds first.
  std::vector<char> keys, values;
  int64_t count = 0;
};

/// The file of --weights.
struct WeightsSignature {
  std::string file;      // without folder
  uint64_t size = 0;     // bytes, header included
  uint64_t checksum = 0; // tfc_checksum of what follows the header
};

struct ModelSignature {
  std::string prefix; // of every symbol, a C identifier
  std::vector<StepSignature> steps;
  std::vector<VariableSignature> variables;
  std::vector<QueueSignature> queues;
  std::vector<QueueRunnerSignature> queueRunners;
  std::vector<TableSignature> tables;
  uint64_t locals = 0;           // lists of a running step
  uint64_t kernels = 0;          // distinct ones
  std::vector<std::string> cpus; // what the object holds code for, from the least on
  std::optional<WeightsSignature> weights;
};

/// Turns any name into a C identifier that is no keyword of C or C++: "x:0" -> "x_0",
/// "537" -> "_537", "class" -> "class_".
std::string cIdentifier(llvm::StringRef name);

/// Reads the signature off a graph whose memory has been planned. Fails after an error
/// where a port's type or rank does not fit the C ABI.
mlir::FailureOr<ModelSignature> signatureOf(dfg::GraphOp graph, llvm::StringRef prefix);

/// Gives each step an identifier by which all that the header defines has names of its own:
/// its name, with `_step` and perhaps a number behind it where that would clash.
void nameSteps(ModelSignature &model);

/// Text of the C11 header, with a C++17 wrapper.
std::string headerOf(const ModelSignature &model);
/// Text of the JSON manifest.
std::string manifestOf(const ModelSignature &model);

} // namespace tfc

#endif // TFC_TARGET_OBJECT_SIGNATURE_H
