// Archives of named arrays: NumPy's .npz, a zip file of .npy files.
#ifndef TFC_TOOLS_RUN_NPZ_H
#define TFC_TOOLS_RUN_NPZ_H

#include "Npy.h"

#include <map>
#include <memory>

struct zip;

namespace tfc::run {

/// An archive opened for reading; arrays are read when asked for.
class NpzReader {
public:
  /// Opens the archive at `path`, whose entries may be stored or deflated.
  static Expected<NpzReader> open(const std::string &path);

  /// The names of its arrays, sorted.
  std::vector<std::string> names() const;
  bool contains(const std::string &name) const { return entries.count(name) != 0; }
  /// Reads an array, checking its checksum. Failures name archive and array.
  Expected<Array> read(const std::string &name) const;

private:
  struct Close {
    void operator()(zip *archive) const;
  };

  std::string path;
  std::unique_ptr<zip, Close> archive;
  std::map<std::string, uint64_t> entries; // name without ".npy" → index in the archive
};

/// Writes arrays as an uncompressed archive. The file appears under its name only
/// when it is complete.
Result writeNpz(const std::string &path, const std::map<std::string, Array> &arrays);

} // namespace tfc::run
#endif // TFC_TOOLS_RUN_NPZ_H
