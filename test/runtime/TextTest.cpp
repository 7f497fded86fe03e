// Algorithms on strings. Expected answers are TensorFlow's, where it has one.
#include "TextHarness.h"

#include <clocale>
#include <cmath>

using namespace tfc::test;

namespace {

class Text : public testing::Test {
protected:
  // One output of strings, of the shape of a vector.
  Texts map(tfc_operation_t operation, const Texts &x, std::vector<int64_t> parameters = {}) {
    return run(operation, {strings(x)}, parameters).texts.at(0);
  }
  TextOutcome run(tfc_operation_t operation, const std::vector<tfc_tensor_t> &inputs,
                  const std::vector<int64_t> &parameters = {}) {
    TextOutcome outcome = runText(operation, inputs, {unbound()}, parameters);
    EXPECT_EQ(outcome.status, TFC_STATUS_OK) << outcome.message;
    return outcome;
  }
  void refuse(tfc_operation_t operation, const std::vector<tfc_tensor_t> &inputs,
              const std::vector<int64_t> &parameters, const std::string &why, tfc_dtype_t dtype = TFC_DTYPE_INVALID) {
    TextOutcome outcome = runText(operation, inputs, {unbound(dtype)}, parameters, {});
    EXPECT_EQ(outcome.status, TFC_STATUS_INVALID_ARGUMENT);
    EXPECT_EQ(outcome.message, why);
  }
  std::vector<int64_t> hash(const Texts &x, std::vector<int64_t> parameters) {
    return runText(tfc_operation_string_hash, {strings(x)}, {unbound()}, parameters, {})[0].values<int64_t>();
  }
  template <typename T> std::vector<T> numbers(const Texts &x, tfc_dtype_t dtype) {
    TextOutcome outcome = runText(tfc_operation_string_to_number, {strings(x)}, {unbound(dtype)}, {}, {});
    EXPECT_EQ(outcome.status, TFC_STATUS_OK) << outcome.message;
    return outcome[0].values<T>();
  }
  template <typename T> Texts spell(std::vector<T> x, std::vector<int64_t> parameters = {-1, -1, 0, 0}) {
    return run(tfc_operation_string_from_number, {tensor(x, {static_cast<int64_t>(x.size())})}, parameters).texts.at(0);
  }
  Texts replace(const Texts &x, const std::string &pattern, const std::string &rewrite, bool global = true) {
    return run(tfc_operation_regex_replace, {strings(x), strings(pattern), strings(rewrite)}, {global}).texts.at(0);
  }
  bool matches(const std::string &x, const std::string &pattern) {
    TextOutcome outcome = runText(tfc_operation_regex_full_match, {strings(x), strings(pattern)}, {unbound()}, {}, {});
    EXPECT_EQ(outcome.status, TFC_STATUS_OK) << outcome.message;
    return !outcome.status && outcome[0].bytes.at(0);
  }
  Texts split(const Texts &x, const std::string &delimiter, bool python, int64_t how) {
    pieces = runText(tfc_operation_string_split, {strings(x), strings(delimiter)}, {unbound(), unbound(), unbound()},
                     {python, how}, {1});
    EXPECT_EQ(pieces.status, TFC_STATUS_OK) << pieces.message;
    return pieces.texts.at(1);
  }
  Handles strings;
  TextOutcome pieces;
};

TEST_F(Text, Hashes) {
  const Texts x{"",
                "a",
                "abc",
                "abcdefgh",
                "hello world, this",
                std::string(33, 'x'),
                std::string(64, 'y'),
                std::string(65, 'z'),
                std::string(200, 'w'),
                "\0\xff"s};
  EXPECT_EQ(hash(x, {0, 1000000007, 0, 0}),
            (std::vector<int64_t>{912170738, 384735799, 775161712, 592702983, 874941333, 50541667, 823410248, 663309842,
                                  140394510, 916135646}));
  EXPECT_EQ(hash(x, {1, 1000000007, 5, 7}),
            (std::vector<int64_t>{962710282, 314162737, 792536959, 141865044, 292460042, 573198179, 665521976,
                                  595059733, 110544180, 431200209}));
  EXPECT_EQ(hash(x, {2, 1000000007, 0, 0}),
            (std::vector<int64_t>{727638525, 395105680, 448961118, 762742249, 668704101, 24335990, 248027864, 23496564,
                                  753598278, 972153575}));
}

TEST_F(Text, NumbersOfStrings) {
  EXPECT_EQ(numbers<float>({" 1.5 ", "1e400", "-1e400", "0x1p3", "inf", "-infinity", "+1", "1.", ".5", "\t2\n", "1e-50",
                            "3.4028235677973366e38"},
                           TFC_DTYPE_F32),
            (std::vector<float>{1.5f, INFINITY, -INFINITY, 8, INFINITY, -INFINITY, 1, 1, 0.5f, 2, 0, 3.4028235e38f}));
  EXPECT_TRUE(std::isnan(numbers<float>({"nan"}, TFC_DTYPE_F32).at(0)));
  EXPECT_EQ(numbers<double>({"0.1"}, TFC_DTYPE_F64), std::vector<double>{0.1});
  EXPECT_EQ(numbers<int32_t>({" 15 ", "+5", "-2147483648", "00012"}, TFC_DTYPE_I32),
            (std::vector<int32_t>{15, 5, INT32_MIN, 12}));
  EXPECT_EQ(numbers<int64_t>({"9223372036854775807", "-9223372036854775808"}, TFC_DTYPE_I64),
            (std::vector<int64_t>{INT64_MAX, INT64_MIN}));
  for (const std::string &text : {""s, "  "s, "1_0"s, "."s, "1e"s, "1\0"s, "0x"s, "1 2"s, "--1"s, "1f"s})
    EXPECT_EQ(runText(tfc_operation_string_to_number, {strings(text)}, {unbound(TFC_DTYPE_F32)}, {}, {}).status,
              TFC_STATUS_INVALID_ARGUMENT)
        << text;
  refuse(tfc_operation_string_to_number, {strings(Texts{"1", "2147483648"})}, {},
         "string_to_number: element 1 is '2147483648', expected a number of i32", TFC_DTYPE_I32);
  for (const char *text : {"-2147483649", "1.0", "9e2", "- 5", "++5", "0x10"})
    EXPECT_EQ(runText(tfc_operation_string_to_number, {strings(text)}, {unbound(TFC_DTYPE_I32)}, {}, {}).status,
              TFC_STATUS_INVALID_ARGUMENT)
        << text;
}

TEST_F(Text, StringsOfNumbers) {
  EXPECT_EQ(spell<float>({1.5f, NAN, INFINITY, -INFINITY, -0.0f, 1e20f, 1e-10f}),
            (Texts{"1.500000", "nan", "inf", "-inf", "-0.000000", "100000002004087734272.000000", "0.000000"}));
  EXPECT_EQ(spell<double>({1.5, 1e20, 1e-10}, {-1, -1, 2, 0}), (Texts{"1.5", "1e+20", "1e-10"}));
  EXPECT_EQ(spell<float>({1.5f}, {-1, -1, 1, 0}), Texts{"1.500000e+00"});
  EXPECT_EQ(spell<float>({1.5f}, {2, 10, 0, 0}), Texts{"      1.50"});
  EXPECT_EQ(spell<float>({1.5f}, {-1, 10, 0, '-'}), Texts{"1.500000  "});
  EXPECT_EQ(spell<int64_t>({5, -100}, {-1, 5, 0, '0'}), (Texts{"00005", "-0100"}));
  EXPECT_EQ(spell<uint8_t>({255}), Texts{"255"});
  EXPECT_EQ(spell<int32_t>({INT32_MIN}, {-1, 200, 0, 0}).at(0).size(), 200u);
  std::vector<uint8_t> flags{1, 0};
  tfc_tensor_t bools = tensor(flags, {2});
  bools.dtype = TFC_DTYPE_BOOL;
  EXPECT_EQ(run(tfc_operation_string_from_number, {bools}, {-1, -1, 0, 0}).texts.at(0), (Texts{"true", "false"}));
  std::vector<double> parts{1.5, 2};
  tfc_tensor_t complex = tensor(parts, {1});
  complex.dtype = TFC_DTYPE_COMPLEX128;
  EXPECT_EQ(run(tfc_operation_string_from_number, {complex}, {-1, 10, 0, 0}).texts.at(0),
            Texts{"(  1.500000,  2.000000)"});
  std::vector<uint16_t> halves{0x3e00, 0xfc00, 1};
  tfc_tensor_t half = tensor(halves, {3});
  half.dtype = TFC_DTYPE_F16;
  EXPECT_EQ(run(tfc_operation_string_from_number, {half}, {10, -1, 0, 0}).texts.at(0),
            (Texts{"1.5000000000", "-inf", "0.0000000596"}));
}

TEST_F(Text, Case) {
  EXPECT_EQ(map(tfc_operation_string_case, {"aZ\xc3\xa4{@", ""}, {1}), (Texts{"AZ\xc3\xa4{@", ""}));
  EXPECT_EQ(map(tfc_operation_string_case, {"aZ[`"}, {0}), Texts{"az[`"});
  const Texts x{"aÄäß",
                "İıſǅ",
                "ΑΣ ΑΣΑ Σ",
                "\xff\xc3"
                "a",
                "ŉﬃ",
                "𐐨"};
  EXPECT_EQ(map(tfc_operation_string_case_utf8, x, {1}),
            (Texts{"AÄÄSS", "İISǄ", "ΑΣ ΑΣΑ Σ", "\uFFFD\uFFFDA", "ʼNFFI", "𐐀"}));
  EXPECT_EQ(map(tfc_operation_string_case_utf8, x, {0}),
            (Texts{"aääß", "i̇ıſǆ", "ας ασα σ", "\uFFFD\uFFFDa", "ŉﬃ", "𐐨"}));
}

TEST_F(Text, SpacesAroundAndWithin) {
  EXPECT_EQ(map(tfc_operation_string_strip, {" a b \n\t", "\v\fx\0"s, "", "  "}), (Texts{"a b", "x\0"s, "", ""}));
  EXPECT_EQ(map(tfc_operation_string_pad, {"abc", "abcdef"}, {5, 0}), (Texts{"  abc", "abcdef"}));
  EXPECT_EQ(map(tfc_operation_string_pad, {"d\0e"s, ""}, {5, 1}), (Texts{"d\0e  "s, "     "}));
}

TEST_F(Text, Base64) {
  const Texts plain{"", "a", "ab", "abc",
                    "a\xff"
                    "b?>"};
  EXPECT_EQ(map(tfc_operation_base64_encode, plain, {0}), (Texts{"", "YQ", "YWI", "YWJj", "Yf9iPz4"}));
  EXPECT_EQ(map(tfc_operation_base64_encode, plain, {1}), (Texts{"", "YQ==", "YWI=", "YWJj", "Yf9iPz4="}));
  EXPECT_EQ(map(tfc_operation_base64_decode, {"", "YQ", "YQ==", "YWI", "YWI=", "YWJj", "YR", "-_8"}),
            (Texts{"", "a", "a", "ab", "ab", "abc", "a", "\xfb\xff"}));
  for (const char *bad : {"YW I", "+/8", "Y", "YWI==", "====", "YWJj\n"})
    EXPECT_EQ(runText(tfc_operation_base64_decode, {strings(bad)}, {unbound()}, {}, {}).status,
              TFC_STATUS_INVALID_ARGUMENT)
        << bad;
}

TEST_F(Text, Substr) {
  auto part = [&](const std::string &x, int64_t position, int64_t length, bool utf8) {
    std::vector<int64_t> p{position}, l{length};
    return run(tfc_operation_string_substr, {strings(Texts{x}), tensor(p, {1}), tensor(l, {1})}, {utf8})
        .texts.at(0)
        .at(0);
  };
  EXPECT_EQ(part("abc", 0, 2, false), "ab");
  EXPECT_EQ(part("abc", -2, 5, false), "bc");
  EXPECT_EQ(part("abc", 3, 1, false), "");
  EXPECT_EQ(part("abc", 2, -1, false), "c");
  EXPECT_EQ(part("äbç", 0, 2, true), "äb");
  EXPECT_EQ(part("äbç", -2, 5, true), "bç");
  EXPECT_EQ(part("äbç", 3, 1, true), "");
  EXPECT_EQ(part("äbç", 2, -1, true), "");
  std::vector<int64_t> far{-5}, long_{2};
  refuse(tfc_operation_string_substr, {strings(Texts{"abc"}), tensor(far, {1}), tensor(long_, {1})}, {0},
         "string_substr: position -5 is out of range for 'abc' (element 0)");
  far = {4};
  refuse(tfc_operation_string_substr, {strings(Texts{"äbç"}), tensor(far, {1}), tensor(long_, {1})}, {1},
         "string_substr: position 4 is out of range for 'äbç' (element 0)");
}

TEST_F(Text, SplitsAtCharacters) {
  EXPECT_EQ(split({"a,b", "", " ", ",,"}, ",", false, true), (Texts{"a", "b", " "}));
  EXPECT_EQ(pieces[0].values<int64_t>(), (std::vector<int64_t>{0, 0, 0, 1, 2, 0}));
  EXPECT_EQ(pieces[2].values<int64_t>(), (std::vector<int64_t>{4, 2}));
  EXPECT_EQ(split({"a,b", "", " ", ",,"}, ";,", false, false), (Texts{"a", "b", " ", "", "", ""}));
  EXPECT_EQ(pieces[2].values<int64_t>(), (std::vector<int64_t>{4, 3}));
  EXPECT_EQ(split({"a\0"s, ""}, "", false, false), (Texts{"a", "\0"s}));
}

TEST_F(Text, SplitsAsPython) {
  const Texts x{"a,b", "", " a  b ", ",,"};
  EXPECT_EQ(split(x, ",", true, -1), (Texts{"a", "b", "", " a  b ", "", "", ""}));
  EXPECT_EQ(split(x, "", true, -1), (Texts{"a,b", "a", "b", ",,"}));
  EXPECT_EQ(pieces[0].values<int64_t>(), (std::vector<int64_t>{0, 0, 2, 0, 2, 1, 3, 0}));
  EXPECT_EQ(split(x, "", true, 1), (Texts{"a,b", "", "a", "b ", ",,", ""}));
  EXPECT_EQ(split(x, "", true, 0), x);
  EXPECT_EQ(split(x, " ", true, 2), (Texts{"a,b", "", "", "a", " b ", ",,"}));
  EXPECT_EQ(split(x, ",,", true, -1), (Texts{"a,b", "", " a  b ", "", ""}));
}

TEST_F(Text, Joins) {
  EXPECT_EQ(run(tfc_operation_string_reduce_join, {strings("-"), strings({"a", "b", "c", "d"}, {2, 2})}).texts.at(0),
            (Texts{"a-b", "c-d"}));
  EXPECT_EQ(run(tfc_operation_string_reduce_join, {strings("-"), strings(Texts{}, {2, 0})}).texts.at(0),
            (Texts{"", ""}));
  std::vector<int64_t> segments{1, 0, 1}, count{3}, bad{0, 3, 0};
  const tfc_tensor_t x = strings({"a", "b", "c", "d", "e", "f"}, {3, 2});
  EXPECT_EQ(
      run(tfc_operation_string_segment_join, {strings("-"), x, tensor(segments, {3}), tensor(count, {})}).texts.at(0),
      (Texts{"c", "d", "a-e", "b-f", "", ""}));
  refuse(tfc_operation_string_segment_join, {strings("-"), x, tensor(bad, {3}), tensor(count, {})}, {},
         "string_segment_join: segment 3 of row 1, expected one of [0, 3)");
}

TEST_F(Text, Ngrams) {
  auto ngrams = [&](std::vector<int64_t> parameters, const char *left = "", const char *right = "") {
    std::vector<int64_t> splits{0, 3, 3, 5};
    pieces = runText(
        tfc_operation_string_ngrams,
        {strings(Texts{"a", "b", "c", "d", "e"}), tensor(splits, {4}), strings("|"), strings(left), strings(right)},
        {unbound(), unbound()}, parameters);
    EXPECT_EQ(pieces.status, TFC_STATUS_OK) << pieces.message;
    return pieces.texts.at(0);
  };
  EXPECT_EQ(ngrams({0, 0, 2, 1, 2}), (Texts{"a", "b", "c", "a|b", "b|c", "d", "e", "d|e"}));
  EXPECT_EQ(pieces[1].values<int64_t>(), (std::vector<int64_t>{0, 5, 5, 8}));
  EXPECT_EQ(ngrams({-1, 0, 1, 3}, "L", "R"),
            (Texts{"L|L|a", "L|a|b", "a|b|c", "b|c|R", "c|R|R", "L|L|R", "L|R|R", "L|L|d", "L|d|e", "d|e|R", "e|R|R"}));
  EXPECT_EQ(ngrams({1, 0, 1, 3}, "L", "R"), (Texts{"L|a|b", "a|b|c", "b|c|R", "L|d|e", "d|e|R"}));
  EXPECT_EQ(ngrams({1, 1, 1, 5}, "<", ">"), (Texts{"<|a|b|c|>", "<|d|e|>"}));
  EXPECT_EQ(ngrams({0, 1, 1, 5}), (Texts{"a|b|c", "d|e"}));
}

TEST_F(Text, RawBytes) {
  auto decode = [&](const Texts &x, tfc_dtype_t dtype, bool bigEndian, std::vector<int64_t> length = {}) {
    std::vector<tfc_tensor_t> inputs{strings(x)};
    if (!length.empty())
      inputs.push_back(tensor(length, {}));
    return runText(tfc_operation_string_decode_raw, inputs, {unbound(dtype)}, {bigEndian}, {});
  };
  EXPECT_EQ(decode({"\0\1\2\3"s, "abcd"}, TFC_DTYPE_I16, false)[0].values<int16_t>(),
            (std::vector<int16_t>{256, 770, 25185, 25699}));
  EXPECT_EQ(decode({"\0\1\2\3"s}, TFC_DTYPE_I16, true)[0].values<int16_t>(), (std::vector<int16_t>{1, 515}));
  EXPECT_EQ(decode({"abc", "a", "abcdefgh"}, TFC_DTYPE_I16, false, {6})[0].values<int16_t>(),
            (std::vector<int16_t>{25185, 99, 0, 97, 0, 0, 25185, 25699, 26213}));
  EXPECT_EQ(decode({}, TFC_DTYPE_I8, false)[0].shape(), (std::vector<int64_t>{0, 0}));
  EXPECT_EQ(decode({"abc"}, TFC_DTYPE_I16, false).message,
            "string_decode_raw: 3 bytes, expected a multiple of 2, the size of i16");
  EXPECT_EQ(decode({"abc", "ab"}, TFC_DTYPE_I8, false).message,
            "string_decode_raw: element 1 has 2 bytes, expected 3 as the first");
}

TEST_F(Text, Unique) {
  TextOutcome u = runText(tfc_operation_string_unique, {strings(Texts{"b", "a", "b", "", "\0"s, ""})},
                          std::vector<tfc_tensor_t>(4), {});
  EXPECT_EQ(u.texts[0], (Texts{"b", "a", "", "\0"s}));
  EXPECT_EQ(u[1].values<int64_t>(), (std::vector<int64_t>{0, 1, 3, 4}));
  EXPECT_EQ(u[2].values<int64_t>(), (std::vector<int64_t>{0, 1, 0, 2, 3, 2}));
  EXPECT_EQ(u[3].values<int64_t>(), (std::vector<int64_t>{2, 1, 2, 1}));
}

TEST_F(Text, Unicode) {
  auto decode = [&](const Texts &x, std::vector<int64_t> parameters) {
    return runText(tfc_operation_unicode_decode, {strings(x)}, std::vector<tfc_tensor_t>(3), parameters, {});
  };
  const Texts x{"aä€😀", "",
                "\xff"
                "a\xe2\x82",
                "\1\x7f\n"};
  TextOutcome d = decode(x, {0, 0, 0xfffd, 0});
  EXPECT_EQ(d[0].values<int64_t>(), (std::vector<int64_t>{0, 4, 4, 7, 10}));
  EXPECT_EQ(d[1].values<int32_t>(), (std::vector<int32_t>{97, 228, 8364, 128512, 65533, 97, 65533, 1, 127, 10}));
  EXPECT_EQ(d[2].values<int64_t>(), (std::vector<int64_t>{0, 1, 3, 6, 0, 1, 2, 0, 1, 2}));
  EXPECT_EQ(decode(x, {0, 1, 0xfffd, 0})[1].values<int32_t>(),
            (std::vector<int32_t>{97, 228, 8364, 128512, 97, 1, 127, 10}));
  EXPECT_EQ(decode(x, {0, 2, 0xfffd, 0}).message, "unicode_decode: element 2 is malformed");
  EXPECT_EQ(decode({"\0a\xd8\x3d\xde\0\xd8\0\0b\0"s}, {1, 0, 0xfffd, 0})[1].values<int32_t>(),
            (std::vector<int32_t>{97, 128512, 65533, 98, 65533}));
  EXPECT_EQ(decode({"\0\0\0a\0\1\xf6\0\0\x11\0\0\0"s}, {2, 0, 0xfffd, 0})[1].values<int32_t>(),
            (std::vector<int32_t>{97, 128512, 65533, 65533}));
  std::vector<int32_t> codes{97, 0xe4, 0x1f600, 0xd800, 0x110000, 0};
  std::vector<int64_t> splits{0, 3, 6};
  EXPECT_EQ(run(tfc_operation_unicode_encode, {tensor(codes, {6}), tensor(splits, {3})}, {0, 0, 0xfffd}).texts.at(0),
            (Texts{"aä😀", "\uFFFD\uFFFD\0"s}));
  EXPECT_EQ(
      run(tfc_operation_unicode_encode, {tensor(codes, {6}), tensor(splits, {3})}, {1, 1, 0xfffd}).texts.at(0).at(0),
      "\0a\0\xe4\xd8=\xde\0"s);
  EXPECT_EQ(map(tfc_operation_unicode_transcode, {"aä€😀", "\1"}, {0, 1, 0, 0xfffd, 0}),
            (Texts{"\0a\0\xe4 \xac\xd8=\xde\0"s, "\0\1"s}));
}

TEST_F(Text, RegexReplaces) {
  EXPECT_EQ(replace({"a1b22", "", "xyz"}, "[0-9]+", "<\\0>"), (Texts{"a<1>b<22>", "", "xyz"}));
  EXPECT_EQ(replace({"a1b22"}, "[0-9]+", "", false), Texts{"ab22"});
  EXPECT_EQ(replace({"abc", "äb"}, "", "-"), (Texts{"-a-b-c-", "-ä-b-"}));
  EXPECT_EQ(replace({"baaac"}, "a*", "x"), Texts{"xbxcx"});
  EXPECT_EQ(replace({"John Smith"}, "(\\w+) (?P<last>\\w+)", "\\2, \\1\\\\"), Texts{"Smith, John\\"});
  EXPECT_EQ(replace({"aXbxc"}, "(?i)x", "."), Texts{"a.b.c"});
  EXPECT_EQ(replace({"a.b.c"}, "\\.", "\\\\"), Texts{"a\\b\\c"});
  EXPECT_EQ(replace({"foobar barfoo"}, "\\bfoo", "x"), Texts{"xbar barfoo"});
  EXPECT_EQ(replace({"one\ntwo"}, "(?m)^", "> "), Texts{"> one\n> two"});
  EXPECT_EQ(replace({"aaa"}, "a{2}", "b"), Texts{"ba"});
  EXPECT_EQ(replace({"aaaa"}, "a{1,3}?", "b"), Texts{"bbbb"});
  EXPECT_EQ(replace({"abab"}, "a|ab", "x"), Texts{"xbxb"}); // the first alternative that matches
  EXPECT_EQ(replace({"\xff.\xff"}, ".", "x"), Texts{"\xffx\xff"});
  EXPECT_EQ(replace({"ab"}, "(a)|(b)", "[\\1\\2]"), Texts{"[a][b]"});
  EXPECT_EQ(replace({"a"}, "a", "\\1"), Texts{"a"}); // no such group
  EXPECT_EQ(replace({"a\0b"s}, "\\x00", "."), Texts{"a.b"});
  EXPECT_EQ(replace({std::string(3000, 'a')}, "(a*)*b", ""), Texts{std::string(3000, 'a')});
}

TEST_F(Text, RegexMatchesAll) {
  EXPECT_TRUE(matches("s3://bucket/x", "^s3://.*"));
  EXPECT_FALSE(matches("/tmp/x", "^s3://.*"));
  EXPECT_TRUE(matches("ab", "a|ab")); // of all alternatives, unlike in a search
  EXPECT_TRUE(matches("", ""));
  EXPECT_FALSE(matches("a\nb", "a.b"));
  EXPECT_TRUE(matches("a\nb", "(?s)a.b"));
  EXPECT_TRUE(matches("äöü", "\\x{e4}[^a-z]."));
  EXPECT_TRUE(matches("foo_1", "[[:alpha:]_]+[[:digit:]]"));
  EXPECT_TRUE(matches("a]b-", "a[]]b[-x]"));
  EXPECT_TRUE(matches("(.)", "\\Q(.)\\E"));
  EXPECT_TRUE(matches("x{,2}", "x{,2}"));
  EXPECT_TRUE(matches("\a\t0x", "\\a\\t\\060\\x78"));
  EXPECT_FALSE(matches("aaa", "a{2}"));
  EXPECT_TRUE(matches("ABab", "(?i:ab)ab"));
  EXPECT_FALSE(matches("ABAB", "(?i:ab)ab"));
}

TEST_F(Text, RegexRefuses) {
  auto bad = [&](const std::string &pattern, const char *why) {
    refuse(tfc_operation_regex_full_match, {strings(Texts{"x"}), strings(pattern)}, {},
           "regex_full_match: pattern '" + pattern + "': " + why);
  };
  bad("(a", "missing ), at byte 2");
  bad("a)", "unexpected ), at byte 1");
  bad("*a", "nothing to repeat, at byte 0");
  bad("a**", "a repetition of a repetition, at byte 3");
  bad("[a", "missing ], at byte 2");
  bad("[b-a]", "a range that ends before it begins, at byte 4");
  bad("\\pL", "Unicode's classes are not supported, at byte 1");
  bad("\\1", "unknown escape, at byte 1");
  bad("(?<n", "bad name of a group, at byte 4");
  bad("a{1001}", "bad number of repetitions, at byte 7");
  bad("((a{100}){100}){100}", "it is too large, at byte 20");
  refuse(tfc_operation_regex_full_match, {strings(Texts{"x"}), strings(std::string(2000, '('))}, {},
         "regex_full_match: pattern '" + std::string(200, '(') + "': groups nest too deep, at byte 1000");
  refuse(tfc_operation_regex_replace, {strings(Texts{"x"}), strings("x"), strings("\\q")}, {1},
         "regex_replace: byte 1 of the rewrite follows a backslash, expected a digit or a backslash");
}

TEST_F(Text, Formats) {
  auto format = [&](const char *pattern, std::vector<tfc_tensor_t> values, std::vector<int64_t> parameters) {
    values.insert(values.begin(), {strings(pattern), strings("{}")});
    return run(tfc_operation_string_format, values, parameters).texts.at(0).at(0);
  };
  std::vector<float> floats{1.5f, 2, NAN, 1e20f, 1 / 3.f, 1e5f, 1e6f, 1e7f, 123456789.f, 1e-5f, -INFINITY, -0.0f};
  EXPECT_EQ(format("x{}y", {tensor(floats, {12})}, {-1, 0}),
            "x[1.5 2 nan 1e+20 0.333333343 100000 1e+06 1e+07 123456792 1e-05 -inf -0]y");
  std::vector<int64_t> ten(40);
  for (int i = 0; i < 40; ++i)
    ten[i] = i % 10;
  EXPECT_EQ(format("{}", {tensor(ten, {2, 2, 10})}, {3, 0}),
            "[[[0 1 2 ... 7 8 9]\n  [0 1 2 ... 7 8 9]]\n\n [[0 1 2 ... 7 8 9]\n  [0 1 2 ... 7 8 9]]]");
  EXPECT_EQ(format("{}", {strings(Texts{"a", "b\"c", "\0ä"s})}, {3, 1}), "[\"a\" \"b\\\"c\" \"\\000ä\"]");
  std::vector<double> third{1 / 3.}, none;
  EXPECT_EQ(format("{} and {}", {tensor(third, {}), tensor(none, {0})}, {3, 0, 0}), "0.33333333333333331 and []");
  refuse(tfc_operation_string_format, {strings("{}{}"), strings("{}"), tensor(third, {})}, {3, 0},
         "string_format: the template has 2 places for 1 tensors");
}

} // namespace
