// Zip files through libzip, which checks their structure and checksums.
#include "Npz.h"

#include <zip.h>

using namespace tfc::run;

static constexpr std::string_view extension = ".npy";
/// Entries are read piece by piece, so that memory grows with what a file holds and
/// not with what it claims to hold.
static constexpr size_t pieceSize = 1 << 20;

static std::string describeZipError(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

void NpzReader::Close::operator()(zip *archive) const { zip_discard(archive); }

Expected<NpzReader> NpzReader::open(const std::string &path) {
  int code = 0;
  NpzReader reader;
  reader.path = path;
  reader.archive.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (!reader.archive)
    return Failure{path + ": " + describeZipError(code)};
  for (zip_int64_t i = 0, end = zip_get_num_entries(reader.archive.get(), 0); i < end; ++i) {
    const char *name = zip_get_name(reader.archive.get(), i, ZIP_FL_ENC_GUESS);
    std::string_view view = name ? name : "";
    if (view.size() < extension.size() || view.substr(view.size() - extension.size()) != extension)
      continue;
    view.remove_suffix(extension.size());
    if (!reader.entries.emplace(view, i).second)
      return Failure{path + ": holds two arrays named '" + std::string(view) + "'"};
  }
  return reader;
}

std::vector<std::string> NpzReader::names() const {
  std::vector<std::string> result;
  for (const auto &[name, index] : entries)
    result.push_back(name);
  return result;
}

Expected<Array> NpzReader::read(const std::string &name) const {
  std::string subject = path + ": array '" + name + "'";
  auto entry = entries.find(name);
  if (entry == entries.end())
    return Failure{subject + " does not exist"};
  zip_file_t *file = zip_fopen_index(archive.get(), entry->second, 0);
  if (!file)
    return Failure{subject + ": " + zip_strerror(archive.get())};
  std::string content;
  zip_int64_t got;
  do {
    size_t used = content.size();
    content.resize(used + pieceSize);
    got = zip_fread(file, &content[used], pieceSize);
    content.resize(used + (got > 0 ? got : 0));
  } while (got > 0);
  std::string reason = got < 0 ? zip_file_strerror(file) : "";
  zip_fclose(file);
  if (got < 0)
    return Failure{subject + ": " + reason};
  Expected<Array> array = parseNpy(content);
  if (!array)
    return array.takeFailure().about(subject);
  return array;
}

/// Adds one entry; libzip reads `content` when the archive is closed.
static bool addEntry(zip *archive, const std::string &name, const std::string &content) {
  zip_source_t *source = zip_source_buffer(archive, content.data(), content.size(), 0);
  if (!source)
    return false;
  zip_int64_t index = zip_file_add(archive, (name + std::string(extension)).c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return false;
  }
  return zip_set_file_compression(archive, index, ZIP_CM_STORE, 0) == 0;
}

Result tfc::run::writeNpz(const std::string &path, const std::map<std::string, Array> &arrays) {
  int code = 0;
  zip *archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (!archive)
    return Failure{path + ": " + describeZipError(code)};
  std::map<std::string, std::string> contents;
  bool added = true;
  for (const auto &[name, array] : arrays)
    added = added && addEntry(archive, name, contents[name] = formatNpy(array));
  if (!added || zip_close(archive) != 0) {
    std::string reason = zip_strerror(archive);
    zip_discard(archive);
    return Failure{path + ": " + reason};
  }
  return Done();
}
