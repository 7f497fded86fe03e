/* Status codes, element types and tensors: the vocabulary of tfc's C ABI.
 *
 * Everything under tfc-rt/ is C11 without dependencies. Applications read it
 * through the header that tfc-compile writes beside an object. */
#ifndef TFC_RT_BASE_H
#define TFC_RT_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes whenever a generated object and the runtime would misunderstand each
 * other. Checked when a model is opened. */
#define TFC_ABI_VERSION 5u

/* How a call ended. The numbers are those of the canonical codes that TensorFlow
 * and gRPC share. "Retry" says whether the same call can succeed later. */
typedef enum tfc_status_t {
  TFC_STATUS_OK = 0,
  /* A blocked call was cancelled by the application. Retry: yes. */
  TFC_STATUS_CANCELLED = 1,
  /* An argument is wrong whatever the state: shape, dtype, null. Retry: no. */
  TFC_STATUS_INVALID_ARGUMENT = 3,
  /* A blocked call passed its deadline. Retry: yes. */
  TFC_STATUS_DEADLINE_EXCEEDED = 4,
  /* A name or file does not exist. Retry: no. */
  TFC_STATUS_NOT_FOUND = 5,
  /* Something of that name exists already. Retry: no. */
  TFC_STATUS_ALREADY_EXISTS = 6,
  /* Memory or another resource ran out, or an output buffer is too small (its
   * `size` then says what is needed). Retry: after freeing some. */
  TFC_STATUS_RESOURCE_EXHAUSTED = 8,
  /* The state does not allow it: uninitialized variable. Retry: after a fix. */
  TFC_STATUS_FAILED_PRECONDITION = 9,
  /* Another party gave up: a closed queue with pending elements. Retry: yes. */
  TFC_STATUS_ABORTED = 10,
  /* Past the end: an index, or a closed and empty queue. Retry: no. */
  TFC_STATUS_OUT_OF_RANGE = 11,
  /* Not supported by this build or machine. Retry: no. */
  TFC_STATUS_UNIMPLEMENTED = 12,
  /* A broken invariant: a bug of tfc. Retry: no. */
  TFC_STATUS_INTERNAL = 13,
  /* A peer or device is away. Retry: yes. */
  TFC_STATUS_UNAVAILABLE = 14,
  /* A file is truncated or corrupt. Retry: no. */
  TFC_STATUS_DATA_LOSS = 15
} tfc_status_t;

/* Name of a status code, such as "INVALID_ARGUMENT"; never null. */
const char *tfc_status_name(tfc_status_t status);

/* Element types; the numbers are those of onnx.TensorProto.DataType. 4- and 2-bit
 * types take one byte an element in memory, sign- or zero-extended; bool is a
 * byte of 0 or 1. */
typedef enum tfc_dtype_t {
  TFC_DTYPE_INVALID = 0,
  TFC_DTYPE_F32 = 1,
  TFC_DTYPE_U8 = 2,
  TFC_DTYPE_I8 = 3,
  TFC_DTYPE_U16 = 4,
  TFC_DTYPE_I16 = 5,
  TFC_DTYPE_I32 = 6,
  TFC_DTYPE_I64 = 7,
  TFC_DTYPE_STRING = 8,
  TFC_DTYPE_BOOL = 9,
  TFC_DTYPE_F16 = 10,
  TFC_DTYPE_F64 = 11,
  TFC_DTYPE_U32 = 12,
  TFC_DTYPE_U64 = 13,
  TFC_DTYPE_COMPLEX64 = 14,
  TFC_DTYPE_COMPLEX128 = 15,
  TFC_DTYPE_BF16 = 16,
  TFC_DTYPE_F8E4M3FN = 17,
  TFC_DTYPE_F8E4M3FNUZ = 18,
  TFC_DTYPE_F8E5M2 = 19,
  TFC_DTYPE_F8E5M2FNUZ = 20,
  TFC_DTYPE_U4 = 21,
  TFC_DTYPE_I4 = 22,
  TFC_DTYPE_F4E2M1FN = 23,
  TFC_DTYPE_F8E8M0FNU = 24,
  TFC_DTYPE_U2 = 25,
  TFC_DTYPE_I2 = 26,
  /* No elements but tensors, see tfc_tensor_t. */
  TFC_DTYPE_LIST = 64,
  /* Of a port only: the value may be absent. */
  TFC_DTYPE_OPTIONAL = 65
} tfc_dtype_t;

/* Bytes of one element in memory; of a string, those of its tfc_string_t; 0 for unknown values. */
size_t tfc_dtype_size(tfc_dtype_t dtype);
/* Name of an element type, such as "f32"; "invalid" for unknown values. */
const char *tfc_dtype_name(tfc_dtype_t dtype);

/* Elements that C has no type for: the bits of a float, an integer extended to a byte, a byte
 * of 0 or 1, real and imaginary part. */
typedef uint16_t tfc_f16_t;
typedef uint16_t tfc_bf16_t;
typedef uint8_t tfc_f8_t; /* all five formats */
typedef uint8_t tfc_f4_t;
typedef int8_t tfc_i4_t;
typedef uint8_t tfc_u4_t;
typedef int8_t tfc_i2_t;
typedef uint8_t tfc_u2_t;
typedef uint8_t tfc_bool_t;
typedef struct tfc_complex64_t {
  float real, imaginary;
} tfc_complex64_t;
typedef struct tfc_complex128_t {
  double real, imaginary;
} tfc_complex128_t;

/* An element of a tensor of strings: any bytes, NULs included. Of an input, `data` stays the caller's and
 * unchanged during the call; null is fine for no bytes. Of an output, whoever owns the array of these, the
 * context owns the bytes until its next call ends; a NUL follows them that `size` does not count. */
typedef struct tfc_string_t {
  const char *data;
  uint64_t size;
} tfc_string_t;

#define TFC_MAX_RANK 8

/* A dense row-major tensor that somebody else owns.
 *
 * As an input: `data` holds exactly `size` bytes, aligned to its element, that stay
 * unchanged during the call; null is fine for a tensor without elements.
 *
 * As an output: with `data` set, `size` is its capacity in bytes. With `data` null,
 * or as the previous call with the same context left it, the context owns the
 * result until its next call. After a success dtype, rank, shape and size (bytes
 * written) describe the result. A call that refuses its arguments leaves outputs
 * alone, but for buffers that are too small: their `size` becomes what they need, and
 * dtype, rank and shape tell of what. When a step fails later, `data` of outputs that
 * the context owns is null, and caller's buffers hold anything.
 *
 * A list has dtype TFC_DTYPE_LIST and rank 0; `data` points to an array of tfc_tensor_t,
 * `size` is their number. As an output it has null data when the step is called, as the
 * context owns array and elements. An optional value that is absent is all zero.
 *
 * Outputs must not overlap inputs or each other; that is checked. A result that a
 * context owns is overwritten by its next call, so it cannot be that call's input. */
typedef struct tfc_tensor_t {
  void *data;
  uint64_t size;
  int32_t dtype; /* tfc_dtype_t */
  int32_t rank;
  int64_t shape[TFC_MAX_RANK];
} tfc_tensor_t;

#ifdef __cplusplus
} /* extern "C" */
#endif
#endif /* TFC_RT_BASE_H */
