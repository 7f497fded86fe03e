// All ops of the dialect, group by group.
#ifndef DFG_OPS
#define DFG_OPS

include "DfgBase.td"
include "DfgTypes.td"
include "DfgAttrs.td"
include "DfgMathOps.td"
include "DfgArrayOps.td"
include "DfgNNOps.td"
include "DfgControlOps.td"
include "DfgListOps.td"
include "DfgRuntimeOps.td"
include "DfgStringOps.td"
include "DfgStateOps.td"
include "DfgQueueOps.td"
include "DfgTableOps.td"

#endif // DFG_OPS
