// Special functions as formulas on f64.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_SPECIAL_H
#define TFC_LIB_IMPORT_GRAPHDEF_SPECIAL_H

#include "tfc/Import/Common/Formula.h"

namespace tfc::tf {

/// Logarithm of the absolute value of the gamma function.
Term lgamma(Term x);
/// Derivative of that.
Term digamma(Term x);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_SPECIAL_H
