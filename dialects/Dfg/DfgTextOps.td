// Algorithms on strings: functions of the runtime archive. They have a header of their own (DfgText.h), as
// few files use them.
#ifndef DFG_TEXT_OPS
#define DFG_TEXT_OPS

include "DfgBase.td"
include "DfgInterfaces.td"

class Dfg_TextOp<string mnemonicText>
    : Dfg_PureOp<mnemonicText, [DeclareOpInterfaceMethods<Dfg_InferShapes>,
                                DeclareOpInterfaceMethods<Dfg_RuntimeOperation>]>;

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

def Dfg_StringMapOp : Dfg_TextOp<"string_map"> {
  let summary = "a string made of each string";
  let description = [{
    `upper` and `lower` (`kind`) change ASCII only, `upper_utf8` and `lower_utf8` all of Unicode by its
    full mappings; `strip` drops the spaces around; `base64_encode` uses the alphabet for
    addresses and file names, `base64_encode_padded` with padding, and `base64_decode` takes both.

    Example:
    ```mlir
    %y = dfg.string_map %x {kind = "upper"} : (tensor<?x!dfg.string>) -> tensor<?x!dfg.string>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, StrAttr:$kind);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_StringPadOp : Dfg_TextOp<"string_pad"> {
  let summary = "strings filled up with spaces in front, or with `left` behind";
  let description = [{
    Example:
    ```mlir
    %y = dfg.string_pad %x {width = 8 : i64} : (tensor<?x!dfg.string>) -> tensor<?x!dfg.string>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, I64Attr:$width, UnitAttr:$left);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_StringSubstrOp : Dfg_TextOp<"string_substr"> {
  let summary = "parts of strings, by position and length";
  let description = [{
    In bytes, or with `utf8` in characters; both i64, of the shape of x. A position counts from
    the end where negative; one that is out of range fails the step (INVALID_ARGUMENT).

    Example:
    ```mlir
    %y = dfg.string_substr %x, %position, %length
        : (tensor<?x!dfg.string>, tensor<?xi64>, tensor<?xi64>) -> tensor<?x!dfg.string>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Dfg_Tensor:$position, Dfg_Tensor:$length, UnitAttr:$utf8);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_StringHashOp : Dfg_TextOp<"string_hash"> {
  let summary = "the hash of each string, modulo a number of buckets";
  let description = [{
    `farm` is FarmHash's Fingerprint64, `sip` SipHash-2-4 with a key of two words, `murmur`
    MurmurHash2 of 64 bits. Without buckets (0), the hash itself.

    Example:
    ```mlir
    %y = dfg.string_hash %x {kind = "farm", buckets = 100 : i64} : (tensor<?x!dfg.string>) -> tensor<?xi64>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, StrAttr:$kind, I64Attr:$buckets,
                       DefaultValuedAttr<I64Attr, "0">:$key0, DefaultValuedAttr<I64Attr, "0">:$key1);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_StringToNumberOp : Dfg_TextOp<"string_to_number"> {
  let summary = "the number that each string spells";
  let description = [{
    f32, f64, or integers of 32 or 64 bits, with spaces around. Floats may be decimal,
    hexadecimal, inf or nan. What is no such number, or no integer of the type, fails the step
    (INVALID_ARGUMENT).

    Example:
    ```mlir
    %y = dfg.string_to_number %x : (tensor<?x!dfg.string>) -> tensor<?xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_StringFromNumberOp : Dfg_TextOp<"string_from_number"> {
  let summary = "a string that spells each number, as C's printf does";
  let description = [{
    `notation` is f, e or g, for floats; `flag` one of printf's flags, or nothing; a precision
    or width of -1 is none. A boolean is `true` or `false`, a complex number `(re,im)`.

    Example:
    ```mlir
    %y = dfg.string_from_number %x {precision = 2 : i64} : (tensor<?xf32>) -> tensor<?x!dfg.string>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, DefaultValuedAttr<I64Attr, "-1">:$precision,
                       DefaultValuedAttr<I64Attr, "-1">:$width, DefaultValuedAttr<StrAttr, "\"f\"">:$notation,
                       DefaultValuedAttr<StrAttr, "\"\"">:$flag);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_RegexReplaceOp : Dfg_TextOp<"regex_replace"> {
  let summary = "strings with the first match of a pattern, or with `global` all, replaced";
  let description = [{
    Syntax and preferences are RE2's; \0 to \9 in `rewrite` stand for groups. A pattern that
    is none, or that is not supported, fails the step (INVALID_ARGUMENT).

    Example:
    ```mlir
    %y = dfg.regex_replace %x, %pattern, %rewrite {global}
        : (tensor<?x!dfg.string>, tensor<!dfg.string>, tensor<!dfg.string>) -> tensor<?x!dfg.string>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Dfg_Tensor:$pattern, Dfg_Tensor:$rewrite, UnitAttr:$global);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_RegexFullMatchOp : Dfg_TextOp<"regex_full_match"> {
  let summary = "whether a pattern matches all of a string";
  let description = [{
    Example:
    ```mlir
    %y = dfg.regex_full_match %x, %pattern : (tensor<?x!dfg.string>, tensor<!dfg.string>) -> tensor<?xi1>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Dfg_Tensor:$pattern);
  let results = (outs Dfg_Tensor:$y);
}

//===----------------------------------------------------------------------===//
// Joining and splitting
//===----------------------------------------------------------------------===//

def Dfg_StringReduceJoinOp : Dfg_TextOp<"string_reduce_join"> {
  let summary = "the strings along the last axis joined";
  let description = [{
    Example:
    ```mlir
    %y = dfg.string_reduce_join %separator, %x : (tensor<!dfg.string>, tensor<?x3x!dfg.string>) -> tensor<?x!dfg.string>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$separator, Dfg_Tensor:$x);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_StringSegmentJoinOp : Dfg_TextOp<"string_segment_join"> {
  let summary = "the rows of each segment joined, column by column";
  let description = [{
    `x` is [rows, columns], `segments` the segment of each row and `count` how many there are,
    all i64. A segment that is none of them fails the step (INVALID_ARGUMENT).

    Example:
    ```mlir
    %y = dfg.string_segment_join %separator, %x, %segments, %count
        : (tensor<!dfg.string>, tensor<?x2x!dfg.string>, tensor<?xi64>, tensor<i64>) -> tensor<?x2x!dfg.string>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$separator, Dfg_Tensor:$x, Dfg_Tensor:$segments, Dfg_Tensor:$count);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_StringSplitOp : Dfg_TextOp<"string_split"> {
  let summary = "pieces of each string: their places (row, column), the pieces, and the shape of the whole";
  let description = [{
    At each character of the delimiter, into single bytes where that is empty, `skip_empty`
    dropping empty pieces. With `python` as Python's `str.split`: at the whole delimiter, or at
    spaces where it is empty, `most` times where that is not negative.

    Example:
    ```mlir
    %indices, %values, %shape = dfg.string_split %x, %delimiter {skip_empty}
        : (tensor<?x!dfg.string>, tensor<!dfg.string>) -> (tensor<?x2xi64>, tensor<?x!dfg.string>, tensor<2xi64>)
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Dfg_Tensor:$delimiter, UnitAttr:$python, UnitAttr:$skip_empty,
                       DefaultValuedAttr<I64Attr, "-1">:$most);
  let results = (outs Dfg_Tensor:$indices, Dfg_Tensor:$values, Dfg_Tensor:$shape);
}

def Dfg_StringNgramsOp : Dfg_TextOp<"string_ngrams"> {
  let summary = "runs of so many neighbours in rows of strings, joined, and where each row's begin";
  let description = [{
    Row i is `data` from `splits` i to i + 1 (i64). Before and behind it stand `pad_width` pads,
    or as many as a run can hold beside one string where that is -1 or more than those. With
    `preserve_short`, a row that gives no run is one by itself.

    Example:
    ```mlir
    %y, %begins = dfg.string_ngrams %data, %splits, %separator, %left, %right {widths = array<i64: 2>, pad_width = 0 : i64}
        : (tensor<?x!dfg.string>, tensor<?xi64>, tensor<!dfg.string>, tensor<!dfg.string>, tensor<!dfg.string>)
        -> (tensor<?x!dfg.string>, tensor<?xi64>)
    ```
  }];
  let arguments = (ins Dfg_Tensor:$data, Dfg_Tensor:$splits, Dfg_Tensor:$separator, Dfg_Tensor:$left_pad,
                       Dfg_Tensor:$right_pad, DenseI64ArrayAttr:$widths, I64Attr:$pad_width, UnitAttr:$preserve_short);
  let results = (outs Dfg_Tensor:$y, Dfg_Tensor:$begins);
}

def Dfg_StringUniqueOp : Dfg_TextOp<"string_unique"> {
  let summary = "distinct strings by first occurrence; as dfg.unique does, where they are and how often";
  let description = [{
    Example:
    ```mlir
    %y, %i, %inverse, %counts = dfg.string_unique %x
        : (tensor<?x!dfg.string>) -> (tensor<?x!dfg.string>, tensor<?xi64>, tensor<?xi64>, tensor<?xi64>)
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x);
  let results = (outs Dfg_Tensor:$y, Dfg_Tensor:$indices, Dfg_Tensor:$inverse, Dfg_Tensor:$counts);
}

//===----------------------------------------------------------------------===//
// Bytes and characters
//===----------------------------------------------------------------------===//

def Dfg_StringDecodeRawOp : Dfg_TextOp<"string_decode_raw"> {
  let summary = "the bytes of strings as numbers, in a new last dimension";
  let description = [{
    All strings have the size of the first one (INVALID_ARGUMENT if not), or are cut or filled
    up with zeros to `length` bytes, an i64.

    Example:
    ```mlir
    %y = dfg.string_decode_raw %x : (tensor<?x!dfg.string>) -> tensor<?x?xui8>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Optional<Dfg_Tensor>:$length, UnitAttr:$big_endian);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_UnicodeDecodeOp : Dfg_TextOp<"unicode_decode"> {
  let summary = "the code points of strings, and the byte that each begins at, as rows of one vector";
  let description = [{
    Encodings are `utf8`, `utf16` and `utf32` (big-endian), and of what is decoded `latin1` and
    `ascii`; `errors` is `replace`, `ignore` or `strict`.

    Row i is from split i to i + 1. What is malformed becomes `replacement`, or nothing, or
    fails the step (INVALID_ARGUMENT); control characters are replaced with `replace_control`.

    Example:
    ```mlir
    %splits, %codes, %offsets = dfg.unicode_decode %x
        {encoding = "utf8", errors = "replace", replacement = 65533 : i64}
        : (tensor<?x!dfg.string>) -> (tensor<?xi64>, tensor<?xi32>, tensor<?xi64>)
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, StrAttr:$encoding, StrAttr:$errors, I64Attr:$replacement,
                       UnitAttr:$replace_control);
  let results = (outs Dfg_Tensor:$splits, Dfg_Tensor:$codes, Dfg_Tensor:$offsets);
}

def Dfg_UnicodeEncodeOp : Dfg_TextOp<"unicode_encode"> {
  let summary = "strings of the code points in rows of a vector";
  let description = [{
    Example:
    ```mlir
    %y = dfg.unicode_encode %codes, %splits
        {encoding = "utf8", errors = "replace", replacement = 65533 : i64}
        : (tensor<?xi32>, tensor<?xi64>) -> tensor<?x!dfg.string>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$codes, Dfg_Tensor:$splits, StrAttr:$encoding, StrAttr:$errors,
                       I64Attr:$replacement);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_UnicodeTranscodeOp : Dfg_TextOp<"unicode_transcode"> {
  let summary = "strings in another encoding";
  let description = [{
    Example:
    ```mlir
    %y = dfg.unicode_transcode %x {encoding = "utf8", to = "utf16",
        errors = "replace", replacement = 65533 : i64} : (tensor<?x!dfg.string>) -> tensor<?x!dfg.string>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, StrAttr:$encoding, StrAttr:$to, StrAttr:$errors,
                       I64Attr:$replacement, UnitAttr:$replace_control);
  let results = (outs Dfg_Tensor:$y);
}

//===----------------------------------------------------------------------===//
// Tensors as text
//===----------------------------------------------------------------------===//

def Dfg_StringFormatOp : Dfg_TextOp<"string_format"> {
  let summary = "a template with tensors in the places of a placeholder";
  let description = [{
    Of each dimension `summarize` items at both ends, or all where that is -1. `strings` says
    for each tensor whether it holds strings, which are quoted.

    Example:
    ```mlir
    %y = dfg.string_format %template, %placeholder, %x {strings = array<i64: 0>, summarize = 3 : i64}
        : (tensor<!dfg.string>, tensor<!dfg.string>, tensor<?xf32>) -> tensor<!dfg.string>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$pattern, Dfg_Tensor:$placeholder, Variadic<Dfg_Tensor>:$values,
                       DenseI64ArrayAttr:$strings, I64Attr:$summarize);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_PrintOp : Dfg_Op<"print", [MemoryEffects<[MemWrite]>, DeclareOpInterfaceMethods<Dfg_RuntimeOperation>]> {
  let summary = "give a string to the application's log";
  let description = [{
    `severity` is 0 for information, 1 for warnings, 2 for errors.

    Example:
    ```mlir
    dfg.print %text {severity = 0 : i64} : tensor<!dfg.string>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$text, I64Attr:$severity);
  let assemblyFormat = "$text attr-dict `:` type($text)";
}

def Dfg_FailOp : Dfg_Op<"fail", [MemoryEffects<[MemWrite]>, DeclareOpInterfaceMethods<Dfg_RuntimeOperation>]> {
  let summary = "fail the step with INVALID_ARGUMENT and a string as the message";
  let description = [{
    Example:
    ```mlir
    dfg.fail %text : tensor<!dfg.string>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$text);
  let assemblyFormat = "$text attr-dict `:` type($text)";
}

#endif // DFG_TEXT_OPS
