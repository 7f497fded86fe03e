// Which variables of a SavedModel hold which tensors of its checkpoint.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_RESTOREDVARIABLES_H
#define TFC_LIB_IMPORT_GRAPHDEF_RESTOREDVARIABLES_H

#include "Graph.h"

namespace tfc::tf {

/// Names in the checkpoint by variable (its shared name, or else its node's), as the graph's
/// own op restores them: what assigns `RestoreV2` tensors to variables, in functions as well.
llvm::StringMap<std::string> restoredVariables(const Graph &graph, const tensorflow::GraphDef &def);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_RESTOREDVARIABLES_H
