/* All of tfc's C API for applications. */
#ifndef TFC_RT_TFC_H
#define TFC_RT_TFC_H

#include "tfc-rt/base.h"
#include "tfc-rt/model.h"

#endif /* TFC_RT_TFC_H */
