// What the rt dialect refuses: operands and attributes that the C ABI does not take.
// RUN: tfc-opt %s -split-input-file -verify-diagnostics

func.func @input_data(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{attribute 'index' failed to satisfy constraint}}
  %r = "rt.input_data"(%p) {index = -1 : i64} : (!llvm.ptr) -> !llvm.ptr
  return
}

// -----

func.func @input_dim(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{attribute 'dim' failed to satisfy constraint}}
  %r = "rt.input_dim"(%p) {index = 0 : i64, dim = -1 : i64} : (!llvm.ptr) -> index
  return
}

// -----

func.func @arena_reserve(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{operand #1 must be index, but got '!llvm.ptr'}}
  %r = "rt.arena_reserve"(%p, %p) : (!llvm.ptr, !llvm.ptr) -> !llvm.ptr
  return
}

// -----

func.func @scratch_allocate(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{operand #1 must be index, but got '!llvm.ptr'}}
  %r = "rt.scratch_allocate"(%p, %p) : (!llvm.ptr, !llvm.ptr) -> !llvm.ptr
  return
}

// -----

func.func @scratch_free(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{operand #1 must be LLVM pointer type, but got 'index'}}
  "rt.scratch_free"(%p, %n) : (!llvm.ptr, index) -> ()
  return
}

// -----

func.func @scratch_enter(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{operand #0 must be LLVM pointer type, but got 'index'}}
  "rt.scratch_enter"(%n) : (index) -> ()
  return
}

// -----

func.func @scratch_leave(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{operand #1 must be variadic of LLVM pointer type, but got 'index'}}
  "rt.scratch_leave"(%p, %n) : (!llvm.ptr, index) -> ()
  return
}

// -----

func.func @kernel_allocate(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{operand #1 must be index, but got '!llvm.ptr'}}
  %r = "rt.kernel_allocate"(%p, %p) : (!llvm.ptr, !llvm.ptr) -> !llvm.ptr
  return
}

// -----

func.func @kernel_free(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{operand #1 must be LLVM pointer type, but got 'index'}}
  "rt.kernel_free"(%p, %n) : (!llvm.ptr, index) -> ()
  return
}

// -----

func.func @list_import(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{attribute 'index' failed to satisfy constraint}}
  %r = "rt.list_import"(%p, %p, %p) {index = -1 : i64} : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
  return
}

// -----

func.func @list_export(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{attribute 'is_tensor' failed to satisfy constraint}}
  %r = "rt.list_export"(%p, %p, %p) {index = 0 : i64, is_tensor = 2 : i64} : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
  return
}

// -----

func.func @list_retain(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{operand #0 must be LLVM pointer type, but got 'index'}}
  "rt.list_retain"(%n) : (index) -> ()
  return
}

// -----

func.func @list_release(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{operand #1 must be LLVM pointer type, but got 'index'}}
  "rt.list_release"(%p, %n) : (!llvm.ptr, index) -> ()
  return
}

// -----

func.func @output_bind(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{operand #2 must be variadic of index, but got '!llvm.ptr'}}
  %r = "rt.output_bind"(%p, %p, %p) {index = 0 : i64, dtype = 1 : i64} : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> !llvm.ptr
  return
}

// -----

func.func @run_kernel(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{attribute 'grain' failed to satisfy constraint}}
  "rt.run_kernel"(%p, %n) {kernel = @k, grain = 0 : i64} : (!llvm.ptr, index) -> ()
  return
}

// -----

func.func @operation(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{attribute 'input_count' failed to satisfy constraint}}
  %r = "rt.operation"(%p, %p, %p) {symbol = "f", input_count = -1 : i64, output_count = 1 : i64, parameters = array<i64>} : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
  return
}

// -----

func.func @fault(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{result #0 must be 32-bit signless integer, but got 'index'}}
  %r = "rt.fault"(%p) : (!llvm.ptr) -> index
  return
}

// -----

func.func @assert(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{operand #1 must be 1-bit signless integer, but got 'index'}}
  "rt.assert"(%p, %n) {code = 3 : i64, node = "n", message = "m"} : (!llvm.ptr, index) -> ()
  return
}

// -----

func.func @check(%p: !llvm.ptr, %n: index) {
  // expected-error @+1 {{operand #0 must be 32-bit signless integer or LLVM pointer type, but got 'index'}}
  "rt.check"(%n) : (index) -> ()
  return
}
