// Functions of f32 with the very bits of the GNU C library, of which TensorFlow's normal
// numbers are made.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_LIBRARYMATH_H
#define TFC_LIB_IMPORT_GRAPHDEF_LIBRARYMATH_H

#include "tfc/Import/Common/Formula.h"

namespace tfc::tf {

/// logf of normal numbers from 2^-126 to 2^127.
Term libraryLog(Term x);

struct SinCos {
  Term sin, cos;
};
/// sinf and cosf of [0, 7].
SinCos librarySinCos(Term x);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_LIBRARYMATH_H
