// Strings: records, packed, through a step, and as the caller sees them.
#include "string/string.h"

#include "TestModel.h"
#include "tfc-rt/string_operations.h"

using namespace tfc::rt;
using namespace tfc::test;

namespace {

std::string textOf(StringView view) { return {view.data, view.size}; }

tfc_tensor_t stringTensor(std::vector<tfc_string_t> &strings) {
  return {strings.data(), strings.size() * sizeof(tfc_string_t), TFC_DTYPE_STRING, 1, {int64_t(strings.size())}};
}

std::vector<std::string> stringsOf(const tfc_tensor_t &tensor) {
  std::vector<std::string> result;
  for (const tfc_string_t &string : valuesOf<tfc_string_t>(tensor))
    result.emplace_back(string.data, string.size);
  return result;
}

// Feeds and fetches, packing on the way.
tfc_status_t roundTrip(tfc_context_t *context, const tfc_tensor_t *inputs, tfc_tensor_t *outputs) {
  tfc_tensor_t handles = {}, fetched = {};
  const int64_t input = 0;
  if (tfc_status_t status = tfc_operation_string_feed(context, inputs, 1, &handles, 1, &input))
    return status;
  const int64_t count = countOf(handles);
  const uint64_t size = packedSize(handlesOf(handles), count);
  EXPECT_EQ(size % 8, 0u);
  std::vector<uint64_t> packed(size / 8);
  packStrings(handlesOf(handles), count, packed.data());
  if (!unpackStrings(context, packed.data(), count, handlesOf(handles)))
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  if (tfc_status_t status = tfc_operation_string_fetch(context, &handles, 1, &fetched, 1, nullptr))
    return status;
  void *data = tfc_output_bind(context, outputs, 0, TFC_DTYPE_STRING, 1, fetched.shape);
  if (!data)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  memcpy(data, fetched.data, fetched.size);
  return TFC_STATUS_OK;
}

tfc_status_t call(Session &session, const tfc_tensor_t &in, tfc_tensor_t &out) {
  std::vector<tfc_tensor_t> outputs = {out};
  tfc_status_t status = session.run({in}, outputs);
  out = outputs[0];
  return status;
}

TestModel copies({{"x", TFC_DTYPE_STRING, {symbol(0)}}}, {{"y", TFC_DTYPE_STRING, {symbol(0)}}}, roundTrip);

} // namespace

TEST(String, EmptyIsZero) {
  EXPECT_EQ(textOf(viewOf(0)), "");
  uint64_t packed[4] = {1, 1, 1, 1};
  const uint64_t none[1] = {0};
  ASSERT_LE(packedSize(none, 1), sizeof(packed));
  packStrings(none, 1, packed);
  EXPECT_EQ(packed[0], 8u); // where the record begins
  EXPECT_EQ(packed[1], 0u); // its size
}

TEST(String, SizesDoNotOverflow) {
  EXPECT_EQ(recordSize(0), 16u);
  EXPECT_EQ(recordSize(7), 16u);
  EXPECT_EQ(recordSize(8), 24u);
  EXPECT_EQ(recordSize(UINT64_MAX - 3), UINT64_MAX);
}

TEST(String, SurvivesAStep) {
  Session session(copies);
  const std::string large(100000, 'x');
  std::vector<tfc_string_t> strings = {{"a\0b", 3}, {nullptr, 0}, {large.data(), large.size()}};
  for (int i = 0; i < 1000; ++i)
    strings.push_back({"many", 4});
  tfc_tensor_t in = stringTensor(strings), out = {};
  ASSERT_EQ(call(session, in, out), TFC_STATUS_OK);
  std::vector<std::string> got = stringsOf(out);
  ASSERT_EQ(got.size(), 1003u);
  EXPECT_EQ(got[0], std::string("a\0b", 3));
  EXPECT_EQ(got[1], "");
  EXPECT_EQ(got[2], large);
  EXPECT_EQ(got.back(), "many");
  // A NUL follows the bytes.
  EXPECT_EQ(static_cast<tfc_string_t *>(out.data)[0].data[3], '\0');
}

// The context owns bytes until its next call ends, whoever owns the array of strings.
TEST(String, LentBytesMayComeBack) {
  Session session(copies);
  std::vector<tfc_string_t> strings = {{"lent", 4}}, own(1);
  tfc_tensor_t in = stringTensor(strings), out = stringTensor(own);
  ASSERT_EQ(call(session, in, out), TFC_STATUS_OK);
  EXPECT_NE(own[0].data, strings[0].data);
  std::vector<tfc_string_t> again = own, last(1);
  tfc_tensor_t back = stringTensor(again), end = stringTensor(last);
  ASSERT_EQ(call(session, back, end), TFC_STATUS_OK);
  EXPECT_EQ(stringsOf(end), std::vector<std::string>{"lent"});
}

TEST(String, RefusesNull) {
  Session session(copies);
  std::vector<tfc_string_t> strings = {{"a", 1}, {nullptr, 5}};
  tfc_tensor_t in = stringTensor(strings), out = {};
  EXPECT_EQ(call(session, in, out), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(session.message(), "input 'x': string 1 is null, expected 5 bytes");
}
