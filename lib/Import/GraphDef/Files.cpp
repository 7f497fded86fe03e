// What reads files or decodes formats of files is left to the application: errors say so.
#include "OpRegistry.h"

using namespace mlir;

namespace tfc::tf {

void registerFileOps(OpRegistry &ops) {
  struct Family {
    StringRef does;
    std::initializer_list<StringRef> names;
  };
  const Family families[] = {
      {"accesses files",
       {"MatchingFiles", "ReadFile", "WriteFile", "FixedLengthRecordReader", "FixedLengthRecordReaderV2",
        "IdentityReader", "IdentityReaderV2", "LMDBReader", "ReaderRead", "ReaderReadUpTo", "ReaderReadUpToV2",
        "ReaderReadV2", "TFRecordReader", "TFRecordReaderV2", "TextLineReader", "TextLineReaderV2", "WholeFileReader",
        "WholeFileReaderV2"}},
      {"decodes media",
       {"DecodeAndCropJpeg", "DecodeBmp", "DecodeGif", "DecodeImage", "DecodeJpeg", "DecodePng", "DecodeWav",
        "DecodeWebP", "EncodeJpeg", "EncodeJpegVariableQuality", "EncodePng", "EncodeWav", "ExtractJpegShape"}},
      {"parses records",
       {"DecodeCSV", "DecodeCompressed", "DecodeJSONExample", "DecodeProtoV2", "EncodeProto", "ParseExample",
        "ParseExampleV2", "ParseSequenceExample", "ParseSequenceExampleV2", "ParseSingleExample",
        "ParseSingleSequenceExample", "ParseTensor", "SerializeTensor"}},
  };
  for (const Family &family : families)
    for (StringRef name : family.names)
      ops.add(name, [does = family.does](NodeContext &c) -> LogicalResult {
        return c.unsupported() << does.str() << ", which is the application's part: feed '" << c.name()
                               << ":0' instead";
      });
}

} // namespace tfc::tf
