/* Operations on strings: algorithms. What tfc-rt/string_operations.h says holds here, too. */
#ifndef TFC_RT_TEXT_OPERATIONS_H
#define TFC_RT_TEXT_OPERATIONS_H

#include "tfc-rt/generated.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Elementwise: results have the shape of x ---- */

/* Inputs: x. Outputs: x in upper or lower case, of ASCII. Parameters: upper (0, 1). */
tfc_status_t tfc_operation_string_case(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                       tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* The same of all of Unicode, by its full mappings, up to the first NUL: a character can become three. What is no UTF-8 becomes
 * U+FFFD. */
tfc_status_t tfc_operation_string_case_utf8(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                            tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: x. Outputs: x without spaces (ASCII) in front and behind. Parameters: none. */
tfc_status_t tfc_operation_string_strip(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                        tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: x. Outputs: x with spaces up to a width, in bytes. Parameters: width; left (1: spaces behind). */
tfc_status_t tfc_operation_string_pad(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                      tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Base 64 with the alphabet that is safe in addresses and file names.
 * Inputs: x. Outputs: digits. Parameters: pad (1: with = up to a multiple of four). */
tfc_status_t tfc_operation_base64_encode(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                         tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: digits, padded or not; INVALID_ARGUMENT if they are none. Outputs: bytes. Parameters: none. */
tfc_status_t tfc_operation_base64_decode(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                         tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: x; position, from the end where negative; length (i64, shapes of x), of which a negative one is all in bytes
 * and nothing in characters. Outputs: parts of x. INVALID_ARGUMENT if a position is out of range. Parameters: utf8
 * (1: in characters). */
tfc_status_t tfc_operation_string_substr(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                         tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: x. Outputs: hashes (i64). Parameters: kind (0: FarmHash's Fingerprint64, 1: SipHash-2-4, 2: MurmurHash2 of
 * 64 bits); buckets (modulo, 0: the hash itself); two words of the key of SipHash. */
tfc_status_t tfc_operation_string_hash(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                       tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: x. Outputs: the numbers that they spell: f32, f64, or integers of 32 or 64 bits, as the output says when the
 * operation is called. INVALID_ARGUMENT if one is no such number. Parameters: none. */
tfc_status_t tfc_operation_string_to_number(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                            tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: x (any number, bool). Outputs: strings as printf makes them in the C locale; true, false; (re,im).
 * Parameters: precision, width (-1: none); notation of floats (0: f, 1: e, 2: g); flag (a character of printf's, 0: none). */
tfc_status_t tfc_operation_string_from_number(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                              tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: x; pattern; rewrite (scalars). Outputs: x with matches replaced. INVALID_ARGUMENT if the pattern or the
 * rewrite is none or not supported (runtime/string/regex.h). Parameters: global (0: the first match only). */
tfc_status_t tfc_operation_regex_replace(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                         tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: x; pattern (scalar). Outputs: whether all of each string matches (bool). Parameters: none. */
tfc_status_t tfc_operation_regex_full_match(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                            tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* ---- Joining and splitting ---- */

/* Inputs: separator (scalar); x (rank >= 1). Outputs: the strings along the last axis joined. Parameters: none. */
tfc_status_t tfc_operation_string_reduce_join(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                              tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: separator (scalar); x [rows, columns]; segment of each row (i64); how many segments (i64 scalar).
 * INVALID_ARGUMENT if a row has none of them. Outputs: [segments, columns]. Parameters: none. */
tfc_status_t tfc_operation_string_segment_join(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                               tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: x (vector); delimiter (scalar). Outputs: indices (i64, [pieces, 2]: row, column); pieces; shape (i64, [2]:
 * rows, most columns). Parameters: python; then, if 0, skip_empty of pieces at each character of the delimiter, or of
 * single bytes if it is empty; if 1, how many times at most (-1: any number) at the delimiter, or at spaces if it is
 * empty. */
tfc_status_t tfc_operation_string_split(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                        tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: data (vector); splits (i64): row i is data[splits[i], splits[i + 1]); separator; left pad; right pad.
 * INVALID_ARGUMENT if splits fall or are out of range. Outputs: n-grams; where those of each row begin (i64).
 * Parameters: pad width (-1: what fits); preserve_short (1: of a row without n-grams, all in one); number of widths;
 * widths. */
tfc_status_t tfc_operation_string_ngrams(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                         tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: x (vector). Outputs: distinct strings by first occurrence; first occurrences; for each of x its place among
 * them; counts (i64). Parameters: none. */
tfc_status_t tfc_operation_string_unique(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                         tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* ---- Bytes and characters ---- */

/* Inputs: x; optional: bytes to cut or fill each up to with zeros (i64 scalar). Outputs: the bytes as numbers of the
 * output's dtype, in a new last dimension. INVALID_ARGUMENT if sizes differ or are no multiple of an element.
 * Parameters: big_endian. */
tfc_status_t tfc_operation_string_decode_raw(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                             tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Encodings are 0: UTF-8, 1: UTF-16BE, 2: UTF-32BE, and of inputs 3: Latin 1, 4: ASCII. What is malformed is 0:
 * replaced, 1: ignored, 2: an error, INVALID_ARGUMENT.
 *
 * Inputs: x (vector). Outputs: splits (i64), code points (i32) and the bytes where they begin (i64) of row i from
 * splits[i] to splits[i + 1]. Parameters: encoding; errors; replacement; whether control characters are replaced. */
tfc_status_t tfc_operation_unicode_decode(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                          tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: code points (i32 vector); splits (i64). Outputs: a string for each row. Parameters: encoding; errors;
 * replacement. */
tfc_status_t tfc_operation_unicode_encode(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                          tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: x. Outputs: x in another encoding. Parameters: encoding; encoding of the result; errors; replacement; whether
 * control characters are replaced. */
tfc_status_t tfc_operation_unicode_transcode(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                             tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* ---- Tensors as text ---- */

/* Inputs: template; placeholder (scalars); tensors. Outputs: the template with the tensors in the places (scalar).
 * INVALID_ARGUMENT if there are more or fewer places. Parameters: how many items of each dimension at both ends (-1: all);
 * for each tensor whether it holds strings. */
tfc_status_t tfc_operation_string_format(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                         tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: text (scalar), which the application's log hook gets up to its first NUL. Outputs: none. Parameters:
 * severity. */
tfc_status_t tfc_operation_string_print(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                        tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: text (scalar). Outputs: none. INVALID_ARGUMENT with the text as the message. Parameters: none. */
tfc_status_t tfc_operation_string_fail(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                       tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

#ifdef __cplusplus
} /* extern "C" */
#endif
#endif /* TFC_RT_TEXT_OPERATIONS_H */
