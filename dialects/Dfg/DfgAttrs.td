#ifndef DFG_ATTRS
#define DFG_ATTRS

include "DfgBase.td"
include "mlir/IR/EnumAttr.td"

class Dfg_Enum<string name, string text, list<I32EnumAttrCase> cases> : I32EnumAttr<name, text, cases> {
  let cppNamespace = "::tfc::dfg";
  let genSpecializedAttr = 0;
}
class Dfg_EnumAttr<I32EnumAttr enum, string mnemonicText> : EnumAttr<Dfg_Dialect, enum, mnemonicText>;

def Dfg_CompareKind : Dfg_Enum<"CompareKind", "how two elements are compared", [
  I32EnumAttrCase<"EQ", 0, "eq">, I32EnumAttrCase<"NE", 1, "ne">, I32EnumAttrCase<"LT", 2, "lt">,
  I32EnumAttrCase<"LE", 3, "le">, I32EnumAttrCase<"GT", 4, "gt">, I32EnumAttrCase<"GE", 5, "ge">]>;
def Dfg_CompareKindAttr : Dfg_EnumAttr<Dfg_CompareKind, "compare">;

def Dfg_ReduceKind : Dfg_Enum<"ReduceKind", "how elements are combined", [
  I32EnumAttrCase<"Sum", 0, "sum">, I32EnumAttrCase<"Prod", 1, "prod">, I32EnumAttrCase<"Max", 2, "max">,
  I32EnumAttrCase<"Min", 3, "min">, I32EnumAttrCase<"None", 4, "none">]>;
def Dfg_ReduceKindAttr : Dfg_EnumAttr<Dfg_ReduceKind, "reduce">;

def Dfg_PadMode : Dfg_Enum<"PadMode", "what lies beyond the border", [
  I32EnumAttrCase<"Constant", 0, "constant">, I32EnumAttrCase<"Edge", 1, "edge">,
  I32EnumAttrCase<"Reflect", 2, "reflect">, I32EnumAttrCase<"Wrap", 3, "wrap">]>;
def Dfg_PadModeAttr : Dfg_EnumAttr<Dfg_PadMode, "pad_mode">;

def Dfg_QueueKind : Dfg_Enum<"QueueKind", "which element of a queue comes out next", [
  I32EnumAttrCase<"FIFO", 0, "fifo">, I32EnumAttrCase<"RandomShuffle", 1, "random_shuffle">,
  I32EnumAttrCase<"PaddingFIFO", 2, "padding_fifo">, I32EnumAttrCase<"Priority", 3, "priority">]>;
def Dfg_QueueKindAttr : Dfg_EnumAttr<Dfg_QueueKind, "queue_kind">;

def Dfg_TableMode : Dfg_Enum<"TableMode", "what becomes of what a table held before", [
  I32EnumAttrCase<"Insert", 0, "insert">, I32EnumAttrCase<"Replace", 1, "replace">,
  I32EnumAttrCase<"Initialize", 2, "initialize">]>;
def Dfg_TableModeAttr : Dfg_EnumAttr<Dfg_TableMode, "table_mode">;

#endif // DFG_ATTRS
