/* Operations on strings. What tfc-rt/operations.h says of all operations holds here, too; tensors of strings
 * come and go as tensors of i64 whose elements are handles (runtime/string/string.h), and strings that an
 * operation makes live until the step ends. Sizes are in bytes. */
#ifndef TFC_RT_STRING_OPERATIONS_H
#define TFC_RT_STRING_OPERATIONS_H

#include "tfc-rt/operations.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- The border of a step and of an object ---- */

/* Inputs: an input of the step (tfc_string_t). Outputs: its strings, copied. Parameters: number of the input.
 * INVALID_ARGUMENT if a string of more than 0 bytes is null. */
tfc_status_t tfc_operation_string_feed(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                       tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: strings. Outputs: the same as tfc_string_t, whose bytes the context owns until its next call ends.
 * Parameters: none. */
tfc_status_t tfc_operation_string_fetch(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                        tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: packed strings (i64 vector in the object). Outputs: the strings, in the shape that the output
 * has when the operation is called. Parameters: none. */
tfc_status_t tfc_operation_string_constant(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                           tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* ---- Elementwise: the operands have one shape ---- */

/* Inputs: separator (string scalar); any number of strings of one shape, at least one. Outputs: the strings at
 * each position, joined. Parameters: none. */
tfc_status_t tfc_operation_string_join(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                       tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: x. Outputs: sizes (i32). Parameters: utf8 (1: in characters, which is how many bytes do not
 * continue one). */
tfc_status_t tfc_operation_string_length(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                         tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: a; b. Outputs: whether the strings are equal (bool). Parameters: none. */
tfc_status_t tfc_operation_string_equal(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                        tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* ---- State of the instance ---- */

/* As the operations of tfc-rt/operations.h without the suffix, of variables and queues that hold strings. */
tfc_status_t tfc_operation_variable_read_strings(tfc_context_t *context, const tfc_tensor_t *inputs,
                                                 int32_t input_count, tfc_tensor_t *outputs, int32_t output_count,
                                                 const int64_t *parameters);
tfc_status_t tfc_operation_variable_assign_strings(tfc_context_t *context, const tfc_tensor_t *inputs,
                                                   int32_t input_count, tfc_tensor_t *outputs, int32_t output_count,
                                                   const int64_t *parameters);
tfc_status_t tfc_operation_enqueue_strings(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                           tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

#ifdef __cplusplus
} /* extern "C" */
#endif
#endif /* TFC_RT_STRING_OPERATIONS_H */
