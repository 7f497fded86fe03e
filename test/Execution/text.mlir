// Algorithms on strings, and steps that save and restore, run.
// REQUIRES: numpy
// RUN: tfc-compile %s -o %t.so
// RUN: %python %S/Inputs/execute.py %t.so pieces "x=np.array([b'b 2', b'a 10'], object)" | FileCheck %s --check-prefix=PIECES
// RUN: not %python %S/Inputs/execute.py %t.so numbers "x=np.array([b'5', b'five'], object)" 2>&1 | FileCheck %s --check-prefix=FIVE
// RUN: not %python %S/Inputs/execute.py %t.so stop "x=np.array(b'because')" 2>&1 | FileCheck %s --check-prefix=STOP
// RUN: rm -rf %t.d
// RUN: %python %S/Inputs/execute.py %t.so save "p=np.array(b'%t.d/state')" "x=np.array([b'a', b'', b'b'], object)" -- put "w=f32(0, 0)" -- restore "p=np.array(b'%t.d/state')" -- get | FileCheck %s --check-prefix=RESTORED
// RUN: %python %S/Inputs/execute.py %t.so restore "p=np.array(b'%t.d/state')" -- get | FileCheck %s --check-prefix=RESTORED
// RUN: not %python %S/Inputs/execute.py %t.so restore "p=np.array(b'%t.d/none')" 2>&1 | FileCheck %s --check-prefix=NONE

// PIECES: y: object[2] b'10:A!' b'2:B!'
// PIECES: n: int64[2] 10 2
// FIVE: INVALID_ARGUMENT: string_to_number: element 1 is 'five', expected a number of i32
// STOP: INVALID_ARGUMENT: because
// RESTORED: t: object[3] b'a' b'' b'b'
// RESTORED: w: float32[2] 1.0 2.0
// NONE: NOT_FOUND: checkpoint '{{.*}}none': is neither a file nor the prefix of a bundle

dfg.graph @net {
  dfg.variable @w "w" : tensor<2xf32> = dense<[1.0, 2.0]> : tensor<2xf32>

  // "b 2", "a 10" -> "10:A!", "2:B!"
  dfg.step @pieces(%x: tensor<?x!dfg.string> {dfg.edge = "x"})
      -> (tensor<?x!dfg.string> {dfg.edge = "y"}, tensor<?xi64> {dfg.edge = "n"}) {
    %space = dfg.constant dense<" "> : tensor<!dfg.string>
    %none = dfg.constant dense<""> : tensor<!dfg.string>
    %pattern = dfg.constant dense<"(\\w) (\\d+)"> : tensor<!dfg.string>
    %rewrite = dfg.constant dense<"\\2:\\1!"> : tensor<!dfg.string>
    %z = dfg.reverse %x {axes = array<i64: 0>} : (tensor<?x!dfg.string>) -> tensor<?x!dfg.string>
    %u = dfg.string_map %z {kind = "upper"} : (tensor<?x!dfg.string>) -> tensor<?x!dfg.string>
    %y = dfg.regex_replace %u, %pattern, %rewrite : (tensor<?x!dfg.string>, tensor<!dfg.string>, tensor<!dfg.string>) -> tensor<?x!dfg.string>
    %letters = dfg.constant dense<"[A-Z]:? ?"> : tensor<!dfg.string>
    %d = dfg.regex_replace %u, %letters, %none {global} : (tensor<?x!dfg.string>, tensor<!dfg.string>, tensor<!dfg.string>) -> tensor<?x!dfg.string>
    %n = dfg.string_to_number %d : (tensor<?x!dfg.string>) -> tensor<?xi64>
    dfg.return %y, %n : tensor<?x!dfg.string>, tensor<?xi64>
  }
  dfg.step @numbers(%x: tensor<?x!dfg.string> {dfg.edge = "x"}) -> (tensor<?xi32> {dfg.edge = "y"}) {
    %y = dfg.string_to_number %x : (tensor<?x!dfg.string>) -> tensor<?xi32>
    dfg.return %y : tensor<?xi32>
  }
  dfg.step @stop(%x: tensor<!dfg.string> {dfg.edge = "x"}) {
    dfg.print %x {severity = 0 : i64} : tensor<!dfg.string>
    dfg.fail %x : tensor<!dfg.string>
    dfg.return
  }
  dfg.step @save(%p: tensor<!dfg.string> {dfg.edge = "p"}, %x: tensor<?x!dfg.string> {dfg.edge = "x"}) {
    %names = dfg.constant dense<["w", "text"]> : tensor<2x!dfg.string>
    %all = dfg.constant dense<""> : tensor<2x!dfg.string>
    %w = dfg.read @w : tensor<2xf32>
    dfg.save_tensors %p, %names, %all, %w, %x {strings = array<i64: 0, 1>}
        : tensor<!dfg.string>, tensor<2x!dfg.string>, tensor<2x!dfg.string>, tensor<2xf32>, tensor<?x!dfg.string>
    dfg.return
  }
  dfg.step @restore(%p: tensor<!dfg.string> {dfg.edge = "p"}) -> (tensor<?x!dfg.string> {dfg.edge = "t"}) {
    %names = dfg.constant dense<["text", "w"]> : tensor<2x!dfg.string>
    %all = dfg.constant dense<""> : tensor<2x!dfg.string>
    %t, %w = dfg.restore_tensors %p, %names, %all {strings = array<i64: 1, 0>, flat = array<i64: 0, 0>}
        : (tensor<!dfg.string>, tensor<2x!dfg.string>, tensor<2x!dfg.string>) -> (tensor<?x!dfg.string>, tensor<2xf32>)
    dfg.assign @w, %w : tensor<2xf32>
    dfg.return %t : tensor<?x!dfg.string>
  }
  dfg.step @put(%w: tensor<2xf32> {dfg.edge = "w"}) {
    dfg.assign @w, %w : tensor<2xf32>
    dfg.return
  }
  dfg.step @get() -> (tensor<2xf32> {dfg.edge = "w"}) {
    %w = dfg.read @w : tensor<2xf32>
    dfg.return %w : tensor<2xf32>
  }
}
