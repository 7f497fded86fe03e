/* What generated code calls. Applications do not include this; the `rt` dialect
 * mirrors it one to one. All functions take the context of the running step and
 * belong to the thread that runs it; kernels may call
 * tfc_parallel_for and tfc_kernel_* only. */
#ifndef TFC_RT_GENERATED_H
#define TFC_RT_GENERATED_H

#include "tfc-rt/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Records why the step fails and returns `status`. `node` names the node in the
 * user's graph (may be null), `message` says what was found and what was expected. */
tfc_status_t tfc_context_fail(tfc_context_t *context, tfc_status_t status, const char *node,
                              const char *message);

/* The arena, at least `size` bytes, aligned to 64; contents undefined. Null after
 * recording RESOURCE_EXHAUSTED. Called at most once per step. */
void *tfc_arena_reserve(tfc_context_t *context, uint64_t size);

/* Scratch whose size only data tells, aligned to 64; null after recording
 * RESOURCE_EXHAUSTED. What the step does not free itself is freed when it ends. */
void *tfc_scratch_allocate(tfc_context_t *context, uint64_t size);
void tfc_scratch_free(tfc_context_t *context, void *pointer);

/* Between these, scratch is taken in a frame: what is left of it goes at its end, but for
 * the `count` allocations in `kept` (nulls are ignored), which go on in the frame around
 * it. Frames nest; iterations of loops are frames. */
void tfc_scratch_enter(tfc_context_t *context);
void tfc_scratch_leave(tfc_context_t *context, void *const *kept, int64_t count);

/* Fixes shape and size of output `index` and gives the memory to write it to: the
 * caller's buffer, or one the context owns. Null after recording
 * RESOURCE_EXHAUSTED. May be called before or after the value is computed, once
 * for each output. `outputs` is the array that the step was called with. */
void *tfc_output_bind(tfc_context_t *context, tfc_tensor_t *outputs, int32_t index, int32_t dtype,
                      int32_t rank, const int64_t *shape);

/* A generated kernel. `block` is an array of 64-bit words: word 0 points to an
 * int32 that the kernel may set to a tfc_status_t (its fault word), then come the
 * addresses of its buffers, then its dimensions. It does work units
 * [begin, end). */
typedef void (*tfc_kernel_t)(const uint64_t *block, int64_t begin, int64_t end);

/* Memory for the temporaries of a running kernel, aligned to 64, from the instance's allocator.
 * `fault` is the kernel's fault word. Null after setting it to RESOURCE_EXHAUSTED; the kernel
 * then returns. May be called from every thread that runs units. */
void *tfc_kernel_allocate(int32_t *fault, uint64_t size);
void tfc_kernel_free(int32_t *fault, void *pointer);

/* Runs the units [0, total) of a kernel on the instance's threads, in chunks whose
 * borders depend on `total` and `grain` only, never on the thread count. Called
 * from within a kernel it runs inline. Returns when all units are done. */
void tfc_parallel_for(tfc_context_t *context, tfc_kernel_t kernel, const uint64_t *block,
                      int64_t total, int64_t grain);

/* Part of a step that may wait for other parts. `frame` is memory of the step. */
typedef tfc_status_t (*tfc_task_t)(tfc_context_t *context, void *frame);

/* Runs `count` tasks on the calling thread, each on a stack of its own: while one waits for a
 * queue, others go on. `pairs` are numbers of tasks, the first of which ends before the second
 * begins; those that may begin do so in order. Returns when all have ended. Where one fails, those
 * that wait end with CANCELLED, others do not begin, and the first failure is the result. Errors
 * also: RESOURCE_EXHAUSTED (stacks). Tasks may run tasks. */
tfc_status_t tfc_tasks_run(tfc_context_t *context, const tfc_task_t *tasks, int64_t count, const int64_t *pairs,
                           int64_t pair_count, void *frame);

/* The fault word of the running step; kernels set it, the step checks it. */
int32_t *tfc_context_fault(tfc_context_t *context);

/* An operation written by hand in the runtime (sort, unique, ...), one archive
 * member each. Output tensors come with `data` set where the compiler knows the
 * size, otherwise with null `data`: the operation then fills dtype, rank, shape and
 * size and takes memory with tfc_scratch_allocate. `parameters` are the op's
 * attributes, as each operation documents. */
typedef tfc_status_t (*tfc_operation_t)(tfc_context_t *context, const tfc_tensor_t *inputs,
                                        int32_t input_count, tfc_tensor_t *outputs,
                                        int32_t output_count, const int64_t *parameters);

/* A list of tensors; an optional is one, too: null if it is absent, with one element if it
 * holds a tensor. Lists are values with counted references: every tfc_list_t * that an
 * operation gives is a reference of its own, and whoever holds the only one may change the
 * list in place. All lists go when the step ends. Operations take and give lists as
 * tfc_tensor_t of dtype TFC_DTYPE_LIST whose `data` is the tfc_list_t *. */
typedef struct tfc_list_t tfc_list_t;
/* Null is ignored. */
void tfc_list_retain(tfc_list_t *list);
void tfc_list_release(tfc_context_t *context, tfc_list_t *list);

/* The list (or optional) that the step was called with; its elements stay the caller's
 * memory. Errors: RESOURCE_EXHAUSTED. */
tfc_status_t tfc_list_import(tfc_context_t *context, const tfc_tensor_t *input, tfc_list_t **out_list);
/* Copies a list (or optional) to output `index`. `is_tensor`: an optional of a tensor,
 * whose element is the output. Errors: RESOURCE_EXHAUSTED. */
tfc_status_t tfc_list_export(tfc_context_t *context, tfc_tensor_t *outputs, int32_t index,
                             const tfc_list_t *list, int32_t is_tensor);

/* The TFC_CPU_* groups of this machine, for entries that choose between several
 * compilations of their step. */
uint64_t tfc_context_cpu_features(const tfc_context_t *context);

/* Base address of the weights: the mapped file of --weights=FILE. */
const void *tfc_weights_base(const tfc_context_t *context);

#ifdef __cplusplus
} /* extern "C" */
#endif
#endif /* TFC_RT_GENERATED_H */
