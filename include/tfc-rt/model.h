/* Opening a compiled model and calling its steps.
 *
 * A *model* is what an object file holds: read-only code, weights and the
 * descriptors below. An *instance* is a model with its state (variables, queues);
 * a program may open any number of instances of any number of models. A *context*
 * is the scratch memory of one caller: one context serves one thread at a time,
 * any number of contexts may run steps of one instance at once. */
#ifndef TFC_RT_MODEL_H
#define TFC_RT_MODEL_H

#include "tfc-rt/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tfc_instance_t tfc_instance_t;
typedef struct tfc_context_t tfc_context_t;

/* One input or output of a step. */
typedef struct tfc_port_t {
  const char *name; /* as in the user's graph */
  int32_t dtype;    /* tfc_dtype_t */
  int32_t rank;     /* -1: any (elements of lists only) */
  /* Per dimension: its extent, or -1-s for the step's dimension symbol s, or
   * TFC_DIM_DYNAMIC where it depends on data (outputs, and elements of lists). */
  const int64_t *dims;
  /* What a list or optional holds; null otherwise. Its name is empty. */
  const struct tfc_port_t *element;
} tfc_port_t;
#define TFC_DIM_DYNAMIC INT64_MIN

/* Code of a step. `inputs` have been checked against the ports. Returns
 * TFC_STATUS_OK, or another code after tfc_context_fail. */
typedef tfc_status_t (*tfc_step_entry_t)(tfc_context_t *context, const tfc_tensor_t *inputs,
                                         tfc_tensor_t *outputs);

/* Computes what a call of a step needs from the shapes of its inputs, which have been checked.
 * Stores in `words` the extents of the outputs that are tensors, one after the other, each
 * TFC_DIM_DYNAMIC where only data tells, then what the step's entry itself asks for. Returns the
 * bytes of arena; where 64 bits do not hold them, a number that no memory has. */
typedef uint64_t (*tfc_step_plan_t)(tfc_context_t *context, const tfc_tensor_t *inputs, int64_t *words);

/* What a client runs: feeds, fetches and targets compiled to one function. */
typedef struct tfc_step_t {
  const char *name;
  const tfc_port_t *inputs;
  const tfc_port_t *outputs;
  const char *const *symbols; /* names of the dimension symbols */
  int32_t input_count;
  int32_t output_count;
  int32_t symbol_count;
  int32_t plan_size;   /* words that `plan` stores */
  uint64_t arena_size; /* bytes of the static part of the memory plan */
  tfc_step_entry_t entry;
  tfc_step_plan_t plan;
  int32_t takes_scratch; /* see tfc_plan_t */
  int32_t reserved;
} tfc_step_t;

/* Weights that --weights=FILE left out of the object. */
typedef struct tfc_weights_t {
  const char *file;   /* name recorded at compile time, without folder; null: embedded */
  uint64_t size;      /* bytes of the file, its header included */
  uint64_t checksum;  /* tfc_checksum of what follows the header */
} tfc_weights_t;

/* What a weights file begins with. The weights follow, in the layout that the kernels read;
 * all numbers are little-endian. */
typedef struct tfc_weights_header_t {
  char magic[8];      /* TFC_WEIGHTS_MAGIC */
  uint64_t size;      /* of the file */
  uint64_t checksum;  /* tfc_checksum of what follows */
  uint64_t reserved[5]; /* 0 */
} tfc_weights_header_t;
#define TFC_WEIGHTS_MAGIC "tfcwgt\n\x1a"

/* A 64-bit hash at the speed of memory, for accidents, not for attacks. With K =
 * 0x9e3779b97f4a7c15 and mix(h, w) = rotate_left(h ^ w, 29) * K modulo 2^64: lane i of four
 * starts as size + i and takes words i, i + 4, i + 8, ... of the data, little-endian, zeros
 * appended to a multiple of 32 bytes; the result takes the lanes in order, starting at 0. */
uint64_t tfc_checksum(const void *data, uint64_t size);

/* Groups of instructions that code may need beyond the baseline of its
 * architecture. A machine has a group only if the system lets programs use it. */
#define TFC_CPU_X86_64_V2 (UINT64_C(1) << 0)
#define TFC_CPU_X86_64_V3 (UINT64_C(1) << 1) /* AVX2, FMA, F16C, BMI */
#define TFC_CPU_X86_64_V4 (UINT64_C(1) << 2) /* AVX-512 F, BW, CD, DQ, VL */
#define TFC_CPU_AVX512_VNNI (UINT64_C(1) << 3)
#define TFC_CPU_AVX512_BF16 (UINT64_C(1) << 4)
#define TFC_CPU_AVX512_FP16 (UINT64_C(1) << 5)
#define TFC_CPU_AVX_VNNI (UINT64_C(1) << 6)
#define TFC_CPU_AVX512_VBMI (UINT64_C(1) << 7)
#define TFC_CPU_AVX512_VBMI2 (UINT64_C(1) << 8)
#define TFC_CPU_AVX512_IFMA (UINT64_C(1) << 9)
#define TFC_CPU_AVX512_BITALG (UINT64_C(1) << 10)
#define TFC_CPU_AVX512_VPOPCNTDQ (UINT64_C(1) << 11)
#define TFC_CPU_GFNI (UINT64_C(1) << 12)
/* The TFC_CPU_* groups of this machine. */
uint64_t tfc_cpu_features(void);

/* Strings in an object are packed: for each one a word (8 bytes) that says how many bytes from the
 * beginning of the words its record begins; then the records, each a word with the size, the bytes, a
 * NUL, and zeros up to a multiple of 8. */

/* A tensor that lives as long as an instance, shared by all its steps. */
typedef struct tfc_variable_t {
  const char *name;    /* as in the user's graph */
  int32_t dtype;       /* tfc_dtype_t */
  int32_t rank;
  const int64_t *dims; /* extents, or TFC_DIM_DYNAMIC */
  const void *value;   /* what it holds first, of exactly these extents, strings packed; null: nothing */
} tfc_variable_t;

/* A map from keys to tensors of one shape that lives as long as an instance. */
typedef struct tfc_table_t {
  const char *name;         /* as in the user's graph */
  const tfc_port_t *key;    /* i32, i64 or string; fixed extents */
  const tfc_port_t *value;  /* any element type; fixed extents */
  const void *keys;         /* what it holds first: `count` keys and values, strings packed; */
  const void *values;       /* null: nothing */
  int64_t count;
  int32_t is_static;        /* filled once, at first or by an initializer, then only read */
  int32_t reserved;
} tfc_table_t;

/* A queue of tuples of tensors that lives as long as an instance. */
typedef struct tfc_queue_t {
  const char *name;
  int32_t kind;     /* tfc_queue_kind_t */
  int32_t component_count;
  int64_t capacity; /* -1: any number of elements */
  int64_t min_after, seed; /* of TFC_QUEUE_RANDOM_SHUFFLE */
  const tfc_port_t *components; /* rank -1: any */
} tfc_queue_t;
typedef enum tfc_queue_kind_t {
  TFC_QUEUE_FIFO = 0,
  TFC_QUEUE_RANDOM_SHUFFLE = 1,
  TFC_QUEUE_PADDING_FIFO = 2,
  TFC_QUEUE_PRIORITY = 3
} tfc_queue_kind_t;

/* Threads that fill a queue: each step of `enqueue` runs on its own again and again. Steps are
 * numbers of steps of the model, -1: none; they have no inputs and outputs. */
typedef struct tfc_queue_runner_t {
  const char *name; /* of the queue, as in the user's graph */
  const int32_t *enqueue;
  int32_t enqueue_count;
  int32_t close;   /* runs when all threads have ended */
  int32_t cancel;  /* runs when the runner is stopped */
  uint32_t closed; /* bit s: status s ends a thread as planned */
} tfc_queue_runner_t;

/* Everything the runtime needs to know of a model; constant, in the object. */
typedef struct tfc_model_t {
  uint32_t abi_version; /* TFC_ABI_VERSION of the compiler */
  int32_t step_count;
  const char *name;
  const tfc_step_t *steps;
  tfc_weights_t weights;
  uint64_t cpu_features; /* TFC_CPU_* groups without which no step can run */
  const tfc_variable_t *variables;
  const tfc_queue_t *queues;
  const tfc_table_t *tables;
  int32_t variable_count;
  int32_t queue_count;
  int32_t table_count;
  int32_t local_count; /* lists that a running step keeps */
  const tfc_queue_runner_t *queue_runners;
  int32_t queue_runner_count;
  int32_t reserved;
} tfc_model_t;

/* The application's own worker threads. `run` calls task(argument, i) once for
 * every i in [0, count), on any threads, the calling one included, and returns
 * when all have returned. It may be entered by several threads at once. */
typedef struct tfc_pool_t {
  void *user;
  int32_t (*concurrency)(void *user); /* how many tasks can run at once, >= 1 */
  void (*run)(void *user, void (*task)(void *argument, int64_t index), void *argument, int64_t count);
} tfc_pool_t;

/* The application's own memory. Alignment is a power of two of at most 4096. */
typedef struct tfc_allocator_t {
  void *user;
  void *(*allocate)(void *user, uint64_t size, uint64_t alignment); /* null: out of memory */
  void (*release)(void *user, void *pointer);
} tfc_allocator_t;

/* How to open a model; all zero (or a null pointer) is a good default. */
typedef struct tfc_options_t {
  uint32_t abi_version;  /* TFC_ABI_VERSION of the application; 0 is taken as equal */
  int32_t thread_count;  /* threads of the instance's own pool, the caller included; 0: 1 */
  const tfc_pool_t *pool;           /* used instead of an own pool; must outlive the instance */
  const tfc_allocator_t *allocator; /* copied; null: malloc and free */
  const char *weights_path; /* where the weights file is; null: the recorded name in the current
                               folder */
  void (*log)(void *user, int32_t severity, const char *message); /* 0 info 1 warning 2 error */
  void *log_user;
  char *message; /* filled with the reason when opening fails; may be null */
  uint64_t message_capacity;
  /* TFC_CPU_* groups to do without although the machine has them. An object for several CPUs
   * then runs the code of one that lacks them. */
  uint64_t cpu_features_off;
  /* Not 0: of a weights file only header and size are checked, so that opening reads one page of
   * it however large it is. Otherwise all of it is read once to check it. */
  int32_t trust_weights;
} tfc_options_t;

/* Opens a model. Errors: INVALID_ARGUMENT (null), FAILED_PRECONDITION (ABI version,
 * CPU lacks the features compiled for), NOT_FOUND / DATA_LOSS (weights file),
 * RESOURCE_EXHAUSTED. Thread-safe. The caller closes the instance; on failure
 * `*out_instance` is null.
 *
 * After fork() a child may use the instances and contexts that no other thread was
 * inside of at the time of the fork. Threads do not survive a fork: in the child
 * such an instance runs its loops on the calling thread, with the same results.
 * Instances that the child opens have all their threads. */
tfc_status_t tfc_instance_open(const tfc_model_t *model, const tfc_options_t *options,
                               tfc_instance_t **out_instance);
/* Closes an instance whose contexts are destroyed. Null is ignored. */
void tfc_instance_close(tfc_instance_t *instance);
const tfc_model_t *tfc_instance_model(const tfc_instance_t *instance);

/* Makes the scratch of one caller. Errors: INVALID_ARGUMENT, RESOURCE_EXHAUSTED.
 * Thread-safe. The caller destroys it, before the instance is closed. */
tfc_status_t tfc_context_create(tfc_instance_t *instance, tfc_context_t **out_context);
void tfc_context_destroy(tfc_context_t *context);
/* Why the last call with this context failed; "" after a success. Valid until its
 * next call. */
const char *tfc_context_message(const tfc_context_t *context);
/* Bytes of the arena, which grows to what the steps run so far have needed. */
uint64_t tfc_context_arena_size(const tfc_context_t *context);

/* Runs a step. `inputs` and `outputs` are arrays in the order of the step's ports.
 * Checks every input (null, dtype, rank, extents, symbols that must agree, size) and
 * every given output buffer before anything is written. Errors: INVALID_ARGUMENT,
 * RESOURCE_EXHAUSTED (output too small: its `size` says what is needed; memory), and
 * what the step's ops report. Not thread-safe per context.
 *
 * Indices that come as data (Gather, Scatter and their kin) are never an error: one that
 * is out of range is taken to the nearest position inside. */
tfc_status_t tfc_step_run(tfc_context_t *context, const tfc_step_t *step, const tfc_tensor_t *inputs,
                          tfc_tensor_t *outputs);

/* What one call of a step needs, as far as the shapes of its inputs tell. */
typedef struct tfc_plan_t {
  uint64_t arena_size;   /* bytes of the context's arena that the call uses, exactly */
  int32_t takes_scratch; /* not 0: it also takes memory whose size is known while it runs only (tensors
                            of data-dependent size, variables of loops, lists, temporaries) */
} tfc_plan_t;

/* Tells what tfc_step_run would need for inputs of these shapes. Nothing runs: of inputs only
 * dtype, rank and shape are looked at, of lists only that they are lists. Every tensor among
 * `outputs` is overwritten: dtype, rank and shape of the result, the bytes it needs in `size`, null
 * in `data`. Set `data` to that much memory to have the result written there, or leave it to the
 * context. Extents that only data tells are TFC_DIM_DYNAMIC, and `size` is then 0; of lists and
 * optionals only the port's dtype is given. Errors: as tfc_step_run, with the same messages; outputs
 * and plan then hold anything. Results that the context lends stay. Not thread-safe per context. */
tfc_status_t tfc_step_plan(tfc_context_t *context, const tfc_step_t *step, const tfc_tensor_t *inputs,
                           tfc_tensor_t *outputs, tfc_plan_t *out_plan);

/* Makes the arena hold at least so many bytes, so that calls that need no more allocate none.
 * Errors: INVALID_ARGUMENT (null), RESOURCE_EXHAUSTED. Not thread-safe per context. */
tfc_status_t tfc_context_reserve(tfc_context_t *context, uint64_t arena_size);

/* Makes the step that a context runs fail with CANCELLED where it waits, or comes to wait, for a
 * queue. A step that begins later is not affected. Thread-safe. */
void tfc_context_cancel(tfc_context_t *context);
/* From when on (ns of CLOCK_MONOTONIC; 0: never) steps of a context fail with DEADLINE_EXCEEDED
 * instead of waiting. Not while a step runs. */
void tfc_context_set_deadline(tfc_context_t *context, int64_t deadline);

/* The threads of all queue runners of a model (tf.train.start_queue_runners). */
typedef struct tfc_queue_runners_t tfc_queue_runners_t;
/* Starts them: one thread and one context for each enqueue op. A thread ends when its queue is
 * closed (OUT_OF_RANGE and the statuses that the graph lists); the last one of a queue closes that
 * queue, so that dequeues end with OUT_OF_RANGE once it is empty. One that ends with another status
 * stops all others. Errors: INVALID_ARGUMENT (null), NOT_FOUND (the model has no queue runners),
 * RESOURCE_EXHAUSTED (memory, threads). Thread-safe; the caller stops them before the instance is
 * closed. */
tfc_status_t tfc_queue_runners_start(tfc_instance_t *instance, tfc_queue_runners_t **out_runners);
/* Cancels what still runs, as the graph's cancel ops say, waits for all threads and frees them.
 * Returns the status of the first that failed otherwise than by its queue's end or this stop, and
 * writes its message to `message` (may be null). Null runners are ignored. */
tfc_status_t tfc_queue_runners_stop(tfc_queue_runners_t *runners, char *message, uint64_t message_capacity);

/* The value of a variable of the model, by its name in the user's graph. With `data` null, fills in
 * dtype, rank, shape and size; else copies the value there, too, if `size` bytes hold it. Errors:
 * INVALID_ARGUMENT (null), NOT_FOUND (no such variable), FAILED_PRECONDITION (holds no value),
 * RESOURCE_EXHAUSTED (too small: `size` says what is needed), UNIMPLEMENTED (strings). Thread-safe. */
tfc_status_t tfc_variable_get(tfc_instance_t *instance, const char *name, tfc_tensor_t *tensor);
/* Gives a variable a value, which is copied. Errors: INVALID_ARGUMENT (null, or dtype, rank, extents
 * or size that do not fit), NOT_FOUND, RESOURCE_EXHAUSTED, UNIMPLEMENTED (strings). Thread-safe; steps that run see the old
 * or the new value. */
tfc_status_t tfc_variable_set(tfc_instance_t *instance, const char *name, const tfc_tensor_t *tensor);

/* How to save and restore; all zero (or a null pointer) is a good default. */
typedef struct tfc_checkpoint_options_t {
  /* Not 0: variables that only the file has are ignored, and those that it lacks keep what they
   * hold. Otherwise both are errors. Saving ignores it. */
  int32_t partial;
  int32_t reserved;
  char *message; /* filled with the reason when the call fails; may be null */
  uint64_t message_capacity;
} tfc_checkpoint_options_t;

/* Writes the values that all variables have at one moment to a file of the format safetensors;
 * variables that hold none are named in its metadata. Steps wait while the values are copied, not
 * while they are written. The file is written under another name ("PATH.PROCESS-NUMBER.tmp"), made
 * durable and renamed: whenever the program or machine stops, `path` is the previous checkpoint or
 * the new one, and what is left of the other name may be deleted. Errors: INVALID_ARGUMENT (null),
 * UNIMPLEMENTED (an element type that the format lacks), NOT_FOUND (no such folder),
 * RESOURCE_EXHAUSTED (memory, disk), FAILED_PRECONDITION (other errors of the system). Thread-safe. */
tfc_status_t tfc_instance_save(tfc_instance_t *instance, const char *path, const tfc_checkpoint_options_t *options);
/* Gives all variables the values of a file of the format safetensors, whoever has written it, at one
 * moment; those that held none when it was saved hold none again. Errors, which leave the state as it
 * is: INVALID_ARGUMENT (null), NOT_FOUND (no such file), DATA_LOSS (truncated or damaged),
 * FAILED_PRECONDITION (names, element types or shapes are not the model's), UNIMPLEMENTED (another
 * version or an unknown element type), RESOURCE_EXHAUSTED. Thread-safe. */
tfc_status_t tfc_instance_restore(tfc_instance_t *instance, const char *path, const tfc_checkpoint_options_t *options);

#ifdef __cplusplus
} /* extern "C" */
#endif
#endif /* TFC_RT_MODEL_H */
