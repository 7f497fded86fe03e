// Syntax of algorithms on strings and of checkpoints: every op survives printing and parsing.
// RUN: tfc-opt %s | tfc-opt | FileCheck %s

// CHECK-LABEL: dfg.func @elementwise
dfg.func @elementwise(%x: tensor<?x!dfg.string>, %p: tensor<?xi64>, %n: tensor<?xf32>, %s: tensor<!dfg.string>) {
  // CHECK: dfg.string_map %{{.*}} {kind = "lower_utf8"} : (tensor<?x!dfg.string>) -> tensor<?x!dfg.string>
  %0 = dfg.string_map %x {kind = "lower_utf8"} : (tensor<?x!dfg.string>) -> tensor<?x!dfg.string>
  // CHECK: dfg.string_pad %{{.*}} {left, width = 8 : i64}
  %1 = dfg.string_pad %0 {left, width = 8 : i64} : (tensor<?x!dfg.string>) -> tensor<?x!dfg.string>
  // CHECK: dfg.string_substr %{{.*}}, %{{.*}}, %{{.*}} {utf8}
  %2 = dfg.string_substr %1, %p, %p {utf8} : (tensor<?x!dfg.string>, tensor<?xi64>, tensor<?xi64>) -> tensor<?x!dfg.string>
  // CHECK: dfg.string_hash %{{.*}} {buckets = 7 : i64, key0 = 5 : i64, kind = "sip"} : (tensor<?x!dfg.string>) -> tensor<?xi64>
  %3 = dfg.string_hash %2 {kind = "sip", buckets = 7 : i64, key0 = 5 : i64} : (tensor<?x!dfg.string>) -> tensor<?xi64>
  // CHECK: dfg.string_to_number %{{.*}} : (tensor<?x!dfg.string>) -> tensor<?xf64>
  %4 = dfg.string_to_number %x : (tensor<?x!dfg.string>) -> tensor<?xf64>
  // CHECK: dfg.string_from_number %{{.*}} {flag = "0", notation = "g", precision = 3 : i64, width = 9 : i64} : (tensor<?xf32>) -> tensor<?x!dfg.string>
  %5 = dfg.string_from_number %n {precision = 3 : i64, width = 9 : i64, notation = "g", flag = "0"} : (tensor<?xf32>) -> tensor<?x!dfg.string>
  // CHECK: dfg.regex_replace %{{.*}}, %{{.*}}, %{{.*}} {global}
  %6 = dfg.regex_replace %x, %s, %s {global} : (tensor<?x!dfg.string>, tensor<!dfg.string>, tensor<!dfg.string>) -> tensor<?x!dfg.string>
  // CHECK: dfg.regex_full_match %{{.*}}, %{{.*}} : (tensor<?x!dfg.string>, tensor<!dfg.string>) -> tensor<?xi1>
  %7 = dfg.regex_full_match %x, %s : (tensor<?x!dfg.string>, tensor<!dfg.string>) -> tensor<?xi1>
  dfg.return
}

// CHECK-LABEL: dfg.func @pieces
dfg.func @pieces(%x: tensor<?x!dfg.string>, %y: tensor<?x2x!dfg.string>, %p: tensor<?xi64>, %n: tensor<i64>, %s: tensor<!dfg.string>) {
  // CHECK: dfg.string_reduce_join
  %0 = dfg.string_reduce_join %s, %y : (tensor<!dfg.string>, tensor<?x2x!dfg.string>) -> tensor<?x!dfg.string>
  // CHECK: dfg.string_segment_join
  %1 = dfg.string_segment_join %s, %y, %p, %n : (tensor<!dfg.string>, tensor<?x2x!dfg.string>, tensor<?xi64>, tensor<i64>) -> tensor<?x2x!dfg.string>
  // CHECK: dfg.string_split %{{.*}}, %{{.*}} {most = 2 : i64, python}
  %2:3 = dfg.string_split %x, %s {python, most = 2 : i64} : (tensor<?x!dfg.string>, tensor<!dfg.string>) -> (tensor<?x2xi64>, tensor<?x!dfg.string>, tensor<2xi64>)
  // CHECK: dfg.string_ngrams {{.*}} {pad_width = -1 : i64, preserve_short, widths = array<i64: 2, 3>}
  %3:2 = dfg.string_ngrams %x, %p, %s, %s, %s {widths = array<i64: 2, 3>, pad_width = -1 : i64, preserve_short}
      : (tensor<?x!dfg.string>, tensor<?xi64>, tensor<!dfg.string>, tensor<!dfg.string>, tensor<!dfg.string>) -> (tensor<?x!dfg.string>, tensor<?xi64>)
  // CHECK: dfg.string_unique
  %4:4 = dfg.string_unique %x : (tensor<?x!dfg.string>) -> (tensor<?x!dfg.string>, tensor<?xi64>, tensor<?xi64>, tensor<?xi64>)
  // CHECK: dfg.string_decode_raw %{{.*}}, %{{.*}} {big_endian} : (tensor<?x!dfg.string>, tensor<i64>) -> tensor<?x?xi16>
  %5 = dfg.string_decode_raw %x, %n {big_endian} : (tensor<?x!dfg.string>, tensor<i64>) -> tensor<?x?xi16>
  // CHECK: dfg.unicode_decode
  %6:3 = dfg.unicode_decode %x {encoding = "utf16", errors = "ignore", replacement = 65 : i64, replace_control}
      : (tensor<?x!dfg.string>) -> (tensor<?xi64>, tensor<?xi32>, tensor<?xi64>)
  // CHECK: dfg.unicode_encode
  %7 = dfg.unicode_encode %6#1, %6#0 {encoding = "utf8", errors = "strict", replacement = 65 : i64} : (tensor<?xi32>, tensor<?xi64>) -> tensor<?x!dfg.string>
  // CHECK: dfg.unicode_transcode
  %8 = dfg.unicode_transcode %x {encoding = "utf8", to = "utf32", errors = "replace", replacement = 65 : i64} : (tensor<?x!dfg.string>) -> tensor<?x!dfg.string>
  // CHECK: dfg.string_format
  %9 = dfg.string_format %s, %s, %p, %x {strings = array<i64: 0, 1>, summarize = -1 : i64} : (tensor<!dfg.string>, tensor<!dfg.string>, tensor<?xi64>, tensor<?x!dfg.string>) -> tensor<!dfg.string>
  // CHECK: dfg.print %{{.*}} {severity = 1 : i64} : tensor<!dfg.string>
  dfg.print %9 {severity = 1 : i64} : tensor<!dfg.string>
  // CHECK: dfg.fail %{{.*}} : tensor<!dfg.string>
  dfg.fail %9 : tensor<!dfg.string>
  dfg.return
}

// CHECK-LABEL: dfg.func @checkpoints
dfg.func @checkpoints(%path: tensor<!dfg.string>, %names: tensor<2x!dfg.string>, %w: tensor<4x3xf32>) {
  // CHECK: dfg.save_tensors {{.*}} {strings = array<i64: 0, 1>} : tensor<!dfg.string>, tensor<2x!dfg.string>, tensor<2x!dfg.string>, tensor<4x3xf32>, tensor<!dfg.string>
  dfg.save_tensors %path, %names, %names, %w, %path {strings = array<i64: 0, 1>}
      : tensor<!dfg.string>, tensor<2x!dfg.string>, tensor<2x!dfg.string>, tensor<4x3xf32>, tensor<!dfg.string>
  // CHECK: dfg.restore_tensors {{.*}} {flat = array<i64: 0, 1>, strings = array<i64: 1, 0>}
  %0:2 = dfg.restore_tensors %path, %names, %names {strings = array<i64: 1, 0>, flat = array<i64: 0, 1>}
      : (tensor<!dfg.string>, tensor<2x!dfg.string>, tensor<2x!dfg.string>) -> (tensor<!dfg.string>, tensor<?xf32>)
  // CHECK: dfg.merge_checkpoints %{{.*}}, %{{.*}} {allow_missing, delete_folders} : tensor<2x!dfg.string>, tensor<!dfg.string>
  dfg.merge_checkpoints %names, %path {delete_folders, allow_missing} : tensor<2x!dfg.string>, tensor<!dfg.string>
  dfg.return
}
