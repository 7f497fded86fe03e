// Algorithms on strings, and checkpoints of steps.
#ifndef DFG_DFGTEXT_H
#define DFG_DFGTEXT_H

#include "Dfg/Dfg.h"

#define GET_OP_CLASSES
#include "Dfg/DfgCheckpointOps.h.inc"

#endif // DFG_DFGTEXT_H
