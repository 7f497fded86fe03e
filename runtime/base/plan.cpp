// What a call will need, told before it.
#include "base/context.h"

#include <inttypes.h>

using namespace tfc::rt;

// One output as its port and the plan's extents tell; moves on behind them. False after
// recording why.
static bool planOutput(tfc_context_t &context, const tfc_port_t &port, const int64_t *&extents, tfc_tensor_t &output) {
  output = {};
  output.dtype = port.dtype;
  if (port.element)
    return true;
  bool known = true;
  for (int32_t d = 0; d < port.rank; ++d) {
    int64_t extent = *extents++, bound = port.dims[d];
    // Where code cannot tell, the port may.
    if (extent == TFC_DIM_DYNAMIC && bound != TFC_DIM_DYNAMIC)
      extent = context.symbols[-1 - bound];
    known &= extent != TFC_DIM_DYNAMIC;
    output.shape[d] = extent;
  }
  output.rank = port.rank;
  return !known || describeOutput(context, port.name, port.dtype, port.rank, output.shape, output);
}

tfc_status_t tfc_step_plan(tfc_context_t *context, const tfc_step_t *step, const tfc_tensor_t *inputs,
                           tfc_tensor_t *outputs, tfc_plan_t *outPlan) {
  if (tfc_status_t status = beginCall(context, step))
    return status;
  if (!outPlan)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "step '%s': plan is null", step->name);
  if (tfc_status_t status = checkShapes(*context, *step, inputs, outputs))
    return status;
  outPlan->arena_size = step->plan(context, inputs, context->planWords);
  outPlan->takes_scratch = step->takes_scratch;
  const int64_t *extents = context->planWords;
  for (int32_t i = 0; i < step->output_count; ++i)
    if (!planOutput(*context, step->outputs[i], extents, outputs[i]))
      return TFC_STATUS_RESOURCE_EXHAUSTED;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_context_reserve(tfc_context_t *context, uint64_t arenaSize) {
  if (!context)
    return TFC_STATUS_INVALID_ARGUMENT;
  context->text[0] = '\0';
  if (arenaSize == 0 || context->arena.reserve(context->instance->allocator, arenaSize))
    return TFC_STATUS_OK;
  return context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "no memory for an arena of %" PRIu64 " bytes",
                                 arenaSize);
}
