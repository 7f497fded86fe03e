// What the verifiers of each elementwise op refuse: other elements than it works on, and
// results of another type.
// RUN: tfc-opt %s -split-input-file -verify-diagnostics

dfg.func @exp(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.exp' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.exp %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @expm1(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.expm1' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.expm1 %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @log(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.log' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.log %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @log1p(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.log1p' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.log1p %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @sqrt(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.sqrt' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.sqrt %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @rsqrt(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.rsqrt' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.rsqrt %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @sin(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.sin' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.sin %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @cos(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.cos' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.cos %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @tan(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.tan' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.tan %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @asin(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.asin' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.asin %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @acos(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.acos' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.acos %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @atan(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.atan' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.atan %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @sinh(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.sinh' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.sinh %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @cosh(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.cosh' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.cosh %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @tanh(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.tanh' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.tanh %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @asinh(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.asinh' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.asinh %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @acosh(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.acosh' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.acosh %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @atanh(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.atanh' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.atanh %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @erf(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.erf' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.erf %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @floor(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.floor' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.floor %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @ceil(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.ceil' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.ceil %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @round(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.round' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.round %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @trunc(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.trunc' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.trunc %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @sigmoid(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.sigmoid' op works on 'tensor<4xi32>', expected floats}}
  %y = dfg.sigmoid %x : (tensor<4xi32>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @abs(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.abs' op has result type 'tensor<4xi64>', expected 'tensor<4xi32>'}}
  %y = dfg.abs %x : (tensor<4xi32>) -> tensor<4xi64>
  dfg.return
}

// -----

dfg.func @neg(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.neg' op has result type 'tensor<4xi64>', expected 'tensor<4xi32>'}}
  %y = dfg.neg %x : (tensor<4xi32>) -> tensor<4xi64>
  dfg.return
}

// -----

dfg.func @sign(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.sign' op has result type 'tensor<4xi64>', expected 'tensor<4xi32>'}}
  %y = dfg.sign %x : (tensor<4xi32>) -> tensor<4xi64>
  dfg.return
}

// -----

dfg.func @not(%x: tensor<4xi32>) {
  // expected-error @+1 {{'dfg.not' op has result type 'tensor<4xi64>', expected 'tensor<4xi32>'}}
  %y = dfg.not %x : (tensor<4xi32>) -> tensor<4xi64>
  dfg.return
}

// -----

dfg.func @is_inf(%x: tensor<4xf32>) {
  // expected-error @+1 {{'dfg.is_inf' op has result type 'tensor<4xf32>', expected 'tensor<4xi1>'}}
  %y = dfg.is_inf %x : (tensor<4xf32>) -> tensor<4xf32>
  dfg.return
}

// -----

dfg.func @add(%a: tensor<4xi32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{'dfg.add' op has operands of element types 'i32' and 'i64', expected equal ones}}
  %y = dfg.add %a, %b : (tensor<4xi32>, tensor<4xi64>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @sub(%a: tensor<4xi32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{'dfg.sub' op has operands of element types 'i32' and 'i64', expected equal ones}}
  %y = dfg.sub %a, %b : (tensor<4xi32>, tensor<4xi64>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @mul(%a: tensor<4xi32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{'dfg.mul' op has operands of element types 'i32' and 'i64', expected equal ones}}
  %y = dfg.mul %a, %b : (tensor<4xi32>, tensor<4xi64>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @div(%a: tensor<4xi32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{'dfg.div' op has operands of element types 'i32' and 'i64', expected equal ones}}
  %y = dfg.div %a, %b : (tensor<4xi32>, tensor<4xi64>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @rem(%a: tensor<4xi32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{'dfg.rem' op has operands of element types 'i32' and 'i64', expected equal ones}}
  %y = dfg.rem %a, %b : (tensor<4xi32>, tensor<4xi64>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @mod(%a: tensor<4xi32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{'dfg.mod' op has operands of element types 'i32' and 'i64', expected equal ones}}
  %y = dfg.mod %a, %b : (tensor<4xi32>, tensor<4xi64>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @atan2(%a: tensor<4xi32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{'dfg.atan2' op has operands of element types 'i32' and 'i64', expected equal ones}}
  %y = dfg.atan2 %a, %b : (tensor<4xi32>, tensor<4xi64>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @max(%a: tensor<4xi32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{'dfg.max' op has operands of element types 'i32' and 'i64', expected equal ones}}
  %y = dfg.max %a, %b : (tensor<4xi32>, tensor<4xi64>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @min(%a: tensor<4xi32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{'dfg.min' op has operands of element types 'i32' and 'i64', expected equal ones}}
  %y = dfg.min %a, %b : (tensor<4xi32>, tensor<4xi64>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @and(%a: tensor<4xi32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{'dfg.and' op has operands of element types 'i32' and 'i64', expected equal ones}}
  %y = dfg.and %a, %b : (tensor<4xi32>, tensor<4xi64>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @or(%a: tensor<4xi32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{'dfg.or' op has operands of element types 'i32' and 'i64', expected equal ones}}
  %y = dfg.or %a, %b : (tensor<4xi32>, tensor<4xi64>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @xor(%a: tensor<4xi32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{'dfg.xor' op has operands of element types 'i32' and 'i64', expected equal ones}}
  %y = dfg.xor %a, %b : (tensor<4xi32>, tensor<4xi64>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @shl(%a: tensor<4xi32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{'dfg.shl' op has operands of element types 'i32' and 'i64', expected equal ones}}
  %y = dfg.shl %a, %b : (tensor<4xi32>, tensor<4xi64>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @shr(%a: tensor<4xi32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{'dfg.shr' op has operands of element types 'i32' and 'i64', expected equal ones}}
  %y = dfg.shr %a, %b : (tensor<4xi32>, tensor<4xi64>) -> tensor<4xi32>
  dfg.return
}

// -----

dfg.func @pow(%a: tensor<4xf32>, %b: tensor<3xi64>) {
  // expected-error @+1 {{'dfg.pow' op has operands of shapes that do not broadcast}}
  %y = dfg.pow %a, %b : (tensor<4xf32>, tensor<3xi64>) -> tensor<4xf32>
  dfg.return
}

// -----

dfg.func @random_bits(%a: tensor<4xui64>, %b: tensor<i64>) {
  // expected-error @+1 {{'dfg.random_bits' op has operand 'tensor<i64>', expected elements of ui64}}
  %y = dfg.random_bits %a, %b : (tensor<4xui64>, tensor<i64>) -> tensor<4xui64>
  dfg.return
}
