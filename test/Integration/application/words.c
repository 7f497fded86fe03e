/* Strings in and out of a model. */
#include <string.h>

#include "expect.h"
#include "words.h"

static int is(tfc_string_t string, const char *bytes, uint64_t size) {
  return string.size == size && !memcmp(string.data, bytes, size) && string.data[size] == '\0';
}

int main(void) {
  tfc_instance_t *instance;
  tfc_context_t *context;
  EXPECT(words_open(NULL, &instance) == TFC_STATUS_OK);
  EXPECT(words_context_create(instance, &context) == TFC_STATUS_OK);

  const tfc_string_t x[] = {{"one", 3}, {"a\0b", 3}, {NULL, 0}};
  tfc_string_t y[3];
  words_main_in_t in = {words_main_input_x(x, 3)};
  words_main_out_t out = {words_main_output_y(y, 3), {0}};
  EXPECT(words_main(context, &in, &out) == TFC_STATUS_OK);
  EXPECT(is(y[0], "one+one", 7) && is(y[1], "a\0b+a\0b", 7) && is(y[2], "+", 1));
  const int32_t *id = out.id.data;
  EXPECT(id[0] == 1 && id[1] == -1 && id[2] == -1);

  /* What the context lent may be what it is given next. */
  tfc_string_t last[3];
  memcpy(last, y, sizeof(last));
  in.x = words_main_input_x(last, 3);
  EXPECT(words_main(context, &in, &out) == TFC_STATUS_OK);
  EXPECT(is(y[2], "+++", 3));

  /* The queue has copies of its own. */
  words_next_in_t nothing = {0};
  words_next_out_t seen = {{0}};
  EXPECT(words_next(context, &nothing, &seen) == TFC_STATUS_OK);
  const tfc_string_t *strings = seen.x.data;
  EXPECT(seen.x.shape[0] == 3 && seen.x.size == 3 * sizeof(tfc_string_t));
  EXPECT(is(strings[0], "one", 3) && is(strings[1], "a\0b", 3) && is(strings[2], "", 0));

  /* Bytes that are not there are refused. */
  const tfc_string_t bad[] = {{NULL, 1}};
  in.x = words_main_input_x(bad, 1);
  EXPECT(words_main(context, &in, &out) == TFC_STATUS_INVALID_ARGUMENT);
  EXPECT(strstr(tfc_context_message(context), "input 'x': string 0 is null"));

  tfc_context_destroy(context);
  words_close(instance);
  return 0;
}
