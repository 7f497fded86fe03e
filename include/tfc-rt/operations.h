/* Operations written by hand: algorithms that are no loops over elements. All are a
 * tfc_operation_t, called by generated code.
 *
 * Inputs are as the compiler has checked them: rank and dtype as stated here, dense,
 * aligned. An optional input is absent when its data is null or input_count ends
 * before it. An output with `data` set has `size` bytes of capacity; one without gets
 * memory of tfc_scratch_allocate. Either way dtype, rank, shape and size describe the
 * result on return. Axes may count from the back.
 *
 * All return TFC_STATUS_OK, or after recording a message that starts with the name of
 * the operation: INVALID_ARGUMENT (a value that only run time tells is impossible),
 * RESOURCE_EXHAUSTED (memory, or an output that is too small), UNIMPLEMENTED (dtype).
 * Results have the same bits on any number of threads.
 *
 * "Ordered" dtypes are bool, all integers, f16, bf16, f32 and f64. NaN counts as equal
 * to NaN and greater than everything else, -0 as equal to +0. */
#ifndef TFC_RT_OPERATIONS_H
#define TFC_RT_OPERATIONS_H

#include "tfc-rt/generated.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Stands for an axis where an operation works on the flattened tensor. */
#define TFC_AXIS_NONE INT64_MIN

/* Stable sort along an axis.
 * Inputs: x (ordered dtype, rank >= 1).
 * Outputs: indices (i64 or i32, shape of x); optional: values (as x).
 * Parameters: axis; descending (0, 1). Equal elements keep their order both ways. */
tfc_status_t tfc_operation_argsort(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                   tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* The k greatest or least elements along an axis, in order; of equal ones those with
 * the lower index, and these first.
 * Inputs: x (ordered dtype, rank >= 1); optional: k (i64, one element).
 * Outputs: values (as x, with k along the axis); indices (i64 or i32, same shape). Without
 * the input, the shape of `values` tells k when the operation is called, so it must be
 * filled in even where its data is null. k greater than the extent is INVALID_ARGUMENT.
 * Parameters: axis; largest (0, 1); sorted (0: any order would do). */
tfc_status_t tfc_operation_top_k(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                 tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Distinct elements, or distinct slices along an axis.
 * Inputs: x (ordered dtype).
 * Outputs: y (u elements, or x with u slices along the axis); optional, all i64 and of
 * rank 1: indices[u] (first occurrence), inverse[n] (where each element or slice of x
 * is in y), counts[u].
 * Parameters: axis or TFC_AXIS_NONE; sorted (1: ascending, slices lexicographically;
 * 0: by first occurrence). */
tfc_status_t tfc_operation_unique(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                  tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Indices of the elements that are not zero, in row-major order. NaN is not zero, -0 is.
 * Inputs: x (ordered or complex dtype).
 * Outputs: y (i64, [rank of x, n]: one column an element; a scalar gives [0, n]).
 * Parameters: none. */
tfc_status_t tfc_operation_non_zero(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                    tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Greedy non-maximum suppression for each batch and class: takes boxes by falling score
 * (of equal ones the lower index first) unless their intersection over union with one
 * taken before is greater than a threshold.
 * Inputs: boxes (f32, [batch, n, 4]); scores (f32, [batch, classes, n]); optional, one
 * element each: limit per batch and class (i64, default 0: nothing), threshold of the
 * overlap (f32, default 0), score that boxes must exceed (f32, default: none).
 * Outputs: indices (i64, [selected, 3]: batch, class, box; by batch, class, score).
 * Parameters: center_point_box (0: y1 x1 y2 x2 of any two opposite corners;
 * 1: x and y of the center, width, height). */
tfc_status_t tfc_operation_non_max_suppression(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                               tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Determinants of square matrices by LU decomposition with partial pivoting, in f64.
 * Inputs: x (f32 or f64, [..., n, n]).
 * Outputs: y (as x, [...]); 1 for n = 0.
 * Parameters: none. */
tfc_status_t tfc_operation_det(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                               tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Discrete Fourier transform of any length along an axis, in f64. The last dimension is 1
 * (real) or 2 (real and imaginary part) and cannot be the axis.
 * Inputs: x (f32 or f64, [..., extent, ..., 1 or 2]), cut or zero-padded to the length;
 * length (i64, one element, >= 1).
 * Outputs: y (as x but for two extents), with the length along the axis and 2 in the last
 * dimension; or as `onesided` says.
 * Parameters: axis; inverse (0, 1: conjugate kernel, divided by length);
 * onesided (0, 1: only frequencies 0 to length/2 stand in the output; of an inverse:
 * in the input, which stands for a conjugate-symmetric spectrum, and y is real: 1 in the
 * last dimension). */
tfc_status_t tfc_operation_dft(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                               tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Cholesky decompositions of the symmetric matrices of which x gives the lower triangle.
 * Inputs: x (f32 or f64, [..., n, n]). INVALID_ARGUMENT if one is not positive definite.
 * Outputs: y (as x): L, where L times its transpose is x.
 * Parameters: none. */
tfc_status_t tfc_operation_cholesky(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                    tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Systems of linear equations a y = b. INVALID_ARGUMENT if a matrix is singular.
 * Inputs: a (f32 or f64, [..., n, n]); b (as a, [..., n, m]).
 * Outputs: y (as b).
 * Parameters: kind (0: any matrix; 1 or 2: only its lower or upper triangle counts). */
tfc_status_t tfc_operation_solve(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                 tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* QR decompositions by Householder reflections.
 * Inputs: x (f32 or f64, [..., m, n]).
 * Outputs: q (as x, [..., m, k]); r (as x, [..., k, n]); k = min(m, n).
 * Parameters: full (0, 1: k = m). */
tfc_status_t tfc_operation_qr(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                              tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Singular values and vectors, x = u diag(s) v^T.
 * Inputs: x (f32 or f64, [..., m, n]).
 * Outputs: s (as x, [..., k]), descending; u (as x, [..., m, k]); v (as x, [..., n, k]);
 * k = min(m, n).
 * Parameters: full (0, 1: u and v are square). */
tfc_status_t tfc_operation_svd(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                               tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Eigenvalues and eigenvectors of the symmetric matrices of which x gives the lower triangle.
 * Inputs: x (f32 or f64, [..., n, n]).
 * Outputs: e (as x, [..., n]), ascending; v (as x): the vectors in its columns.
 * Parameters: none. */
tfc_status_t tfc_operation_eigh(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Complex numbers as pairs of floats, and back.
 * Inputs: x (c64 or c128), or its parts (f32 or f64, [..., 2]).
 * Outputs: y: the other one.
 * Parameters: none. */
tfc_status_t tfc_operation_complex_parts(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                         tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
tfc_status_t tfc_operation_complex_join(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                        tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* ---- Lists and optionals: see tfc_list_t ----
 *
 * Positions are i64 scalars and count from the back where negative; one that is out of
 * range is OUT_OF_RANGE. Where an operation takes a tensor out of a list, its output comes
 * with the dtype, rank and extents (-1: open) that the tensor must have; INVALID_ARGUMENT
 * if it has others. */

/* Inputs: any number of tensors. Outputs: a list of copies. Parameters: none. */
tfc_status_t tfc_operation_list_make(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                     tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: list (its reference is taken over); tensor, which is copied; optional: position,
 * default the end. Outputs: list. Parameters: none. */
tfc_status_t tfc_operation_list_insert(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                       tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: list (its reference is taken over); optional: position, default the last.
 * Outputs: list. Parameters: none. */
tfc_status_t tfc_operation_list_erase(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                      tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* A place of a list may hold nothing: it is taken for zeros where the output says all extents
 * or other elements do, and is INVALID_ARGUMENT otherwise.
 *
 * Inputs: list (its reference is taken over); tensor, which is copied; position, from the front.
 * Outputs: list. Parameters: grow (1: a position beyond the end is made, and those before it);
 * accumulate (1: added to what is there; f32, f64, complex and integers of 32 and 64 bits). */
tfc_status_t tfc_operation_list_set(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                    tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* The same for each slice of a tensor along its first axis.
 * Inputs: list (its reference is taken over); tensor; positions (i32 or i64 vector). Outputs: list.
 * Parameters: grow; accumulate. */
tfc_status_t tfc_operation_list_scatter(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                        tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: list (its reference is taken over); length (i64 scalar). Outputs: the list, cut or with
 * places that hold nothing added. Parameters: none. */
tfc_status_t tfc_operation_list_resize(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                       tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: list (its reference is taken over); another one. Outputs: their sum, place by place; what
 * holds nothing or is missing counts as zero. Parameters: none. UNIMPLEMENTED for dtypes other than
 * f32, f64, complex and integers of 32 and 64 bits. */
tfc_status_t tfc_operation_list_add(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                    tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: list. Outputs: a list of zeros in the shapes of its elements. Parameters: none. */
tfc_status_t tfc_operation_list_zeros(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                      tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: list; positions (i32 or i64 vector). Outputs: the tensors there, stacked along a new
 * first axis. Parameters: none. */
tfc_status_t tfc_operation_list_gather(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                       tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: list. Outputs: the first extent of each tensor (i64 vector), 0 where it has none.
 * Parameters: none. */
tfc_status_t tfc_operation_list_extents(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                        tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: list; position. Outputs: a copy of the tensor there. Parameters: none. */
tfc_status_t tfc_operation_list_at(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                   tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: list. Outputs: its length (i64 scalar). Parameters: none. */
tfc_status_t tfc_operation_list_length(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                       tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Joins the tensors of a list, whose shapes are equal but along the axis.
 * Inputs: list. Outputs: tensor; of an empty list, open extents and the axis are 0.
 * Parameters: axis, in [0, rank of the output); stack (1: along a new axis, the shapes being
 * equal). */
tfc_status_t tfc_operation_list_concat(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                       tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Cuts a tensor along an axis.
 * Inputs: x; optional: sizes (i32 or i64), a vector with the extent of each piece, or a
 * scalar >= 1 with that of all but the last; default 1. Outputs: list.
 * Parameters: axis, in [0, rank of x); keep_axis (0: dropped, the pieces having extent 1). */
tfc_status_t tfc_operation_list_split(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                      tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: none, for nothing; or a tensor, which is copied; or a list (its reference is
 * taken over). Outputs: optional. Parameters: none. */
tfc_status_t tfc_operation_optional_make(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                         tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: optional. Outputs: 1 or 0 (i64 scalar). Parameters: none. */
tfc_status_t tfc_operation_optional_has(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                        tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* Inputs: optional; FAILED_PRECONDITION if it is absent. Outputs: its tensor, copied, or its
 * list. Parameters: none. */
tfc_status_t tfc_operation_optional_get(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                        tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* ---- State of the step: locals, numbered as in the model ----
 *
 * Parameter 0 is the number of the local. */

/* Inputs: none. Outputs: the list, which the local no longer has. */
tfc_status_t tfc_operation_local_take(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                      tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs: none. Outputs: the list. */
tfc_status_t tfc_operation_local_peek(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                      tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs: list (its reference is taken over). Outputs: none. */
tfc_status_t tfc_operation_local_put(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                     tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* ---- State of the instance: variables, numbered as in the model ----
 *
 * Parameter 0 is the number of the variable. Each access holds the variable's lock; a step that has
 * acquired a variable keeps the lock until it releases it or ends. */

/* Inputs: none. Outputs: the value, which must fit the output's extents (-1: open), in memory that nobody
 * changes until the step gives it back as if it were scratch. FAILED_PRECONDITION if the variable
 * holds none. */
tfc_status_t tfc_operation_variable_read(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                         tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* The same of a variable that the step has acquired, in memory that nobody else sees: what the step
 * writes to it is the variable's value. FAILED_PRECONDITION also if the step does not hold it. */
tfc_status_t tfc_operation_variable_update(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                           tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs: the new value, which must fit the variable. Outputs: none. */
tfc_status_t tfc_operation_variable_assign(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                           tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs: none. Outputs: 1 or 0 (i64 scalar). */
tfc_status_t tfc_operation_variable_has_value(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                              tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs and outputs: none. FAILED_PRECONDITION if the step holds the variable already. */
tfc_status_t tfc_operation_variable_acquire(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                            tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs and outputs: none. FAILED_PRECONDITION if the step does not hold the variable. */
tfc_status_t tfc_operation_variable_release(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                            tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* ---- Queues of the instance, numbered as in the model ----
 *
 * Parameter 0 is the number of the queue. Whoever must wait does so in line; CANCELLED or
 * DEADLINE_EXCEEDED end the wait (see tfc_context_cancel). */

/* Inputs: the components, copied. Outputs: none. Parameters: queue; many (1: one element for each
 * position of the first dimension). INVALID_ARGUMENT if shapes do not fit the queue's components,
 * CANCELLED if the queue is closed; of many, those before the failure are in. */
tfc_status_t tfc_operation_enqueue(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                   tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs: none, for one element; or how many (i64 scalar), stacked. Outputs: the components.
 * Parameters: queue; up_to (1: fewer, but at least one, once the queue is closed). OUT_OF_RANGE if
 * the queue is closed and has too few. */
tfc_status_t tfc_operation_dequeue(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                   tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs: position (i64 scalar), 0 comes out next. Outputs: copies of the components of that element
 * of a FIFO queue; waits until there is one. Errors: INVALID_ARGUMENT (negative), OUT_OF_RANGE (the
 * queue is closed), CANCELLED, DEADLINE_EXCEEDED. Parameters: number of the queue. */
tfc_status_t tfc_operation_queue_peek(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                      tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Drops all elements. Inputs and outputs: none. Parameters: number of the queue. */
tfc_status_t tfc_operation_queue_clear(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                       tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs: none. Outputs: how many elements it holds (i64 scalar). */
tfc_status_t tfc_operation_queue_size(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                      tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs: none. Outputs: 1 or 0 (i64 scalar). */
tfc_status_t tfc_operation_queue_is_closed(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                           tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs and outputs: none. Parameters: queue; cancel (1: enqueues that wait fail). CANCELLED if it
 * is closed already, without `cancel`. */
tfc_status_t tfc_operation_queue_close(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                       tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* ---- Checkpoints (see tfc_instance_save), at paths that are data ----
 *
 * Paths, names and parts are strings (tfc-rt/string_operations.h). The file of a path is whole at any time.
 * A part says of what tensor it is which one: "4 3 0,2:-", rows 0 and 1 of 4 by 3; empty: all. */

/* Inputs: path; names; parts (vectors); tensors. Outputs: none. Parameters: for each tensor whether it holds
 * strings. Folders of the path are made. Errors: as tfc_instance_save; INVALID_ARGUMENT if a name comes
 * twice or parts do not fit each other. */
tfc_status_t tfc_operation_save_tensors(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                        tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs: path, or the prefix of a tensor bundle of TensorFlow; names; parts. Outputs: the tensors, which have
 * the dtype, rank and extents (-1: open) of the outputs when the operation is called; INVALID_ARGUMENT if not.
 * Parameters: for each output whether it holds strings; for each whether it is flat, all elements of a tensor
 * of any shape. Errors: NOT_FOUND (file or name), DATA_LOSS (truncated or damaged), UNIMPLEMENTED. */
tfc_status_t tfc_operation_restore_tensors(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                           tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs: paths (vector); path of the result. Outputs: none. Parameters: delete_folders (1: those of the
 * merged files, if they are empty then); allow_missing (1: paths without a file are skipped). The merged files
 * are deleted when the result is there. Errors: as both above. */
tfc_status_t tfc_operation_merge_checkpoints(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                             tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

/* ---- Tables of the instance, numbered as in the model ----
 *
 * Parameter 0 is the number of the table. Keys and values are any number of those that the table
 * declares; strings are handles, see tfc-rt/string_operations.h. */

/* Inputs: keys; one value, or one for each key, for those that the table lacks. Outputs: values.
 * FAILED_PRECONDITION if the table is static and was not filled. */
tfc_status_t tfc_operation_table_find(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                      tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs: keys; values. Outputs: none. Parameters: table; mode (0: insert; 1: replace what the table
 * holds; 2: fill a static table, FAILED_PRECONDITION if it holds something else, INVALID_ARGUMENT if a key
 * comes twice with different values). */
tfc_status_t tfc_operation_table_insert(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                        tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs: keys. Outputs: none. */
tfc_status_t tfc_operation_table_remove(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                        tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs: none. Outputs: keys; values. ABORTED if the table is static and was not filled. */
tfc_status_t tfc_operation_table_export(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                        tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);
/* Inputs: none. Outputs: how many keys it holds (i64 scalar). */
tfc_status_t tfc_operation_table_size(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t input_count,
                                      tfc_tensor_t *outputs, int32_t output_count, const int64_t *parameters);

#ifdef __cplusplus
} /* extern "C" */
#endif
#endif /* TFC_RT_OPERATIONS_H */
