// SPDX-License-Identifier: BSD-2-Clause
// What stands at a path, unpacked.
#include "traces/input/input.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "traces/input/unpack.hpp"
#include "traces/reader.hpp"

namespace custody::traces::input {

namespace {

/// The current member of an archive, which its successor takes the place of.
class Member final : public ByteSource {
 public:
  explicit Member(Archive& archive) : archive_(archive) {}
  [[nodiscard]] std::size_t read(char* into, std::size_t size) override { return archive_.read(into, size); }

 private:
  Archive& archive_;
};

constexpr char kMemberMark = '!';

Descriptor open_file(const std::string& path) {
  if (path == "-") return Descriptor(0);
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0)
    throw InputError(path, 0, std::string("cannot be opened: ") + std::strerror(errno) + ", expected a trace file");
  struct stat info {};
  if (::fstat(fd.get(), &info) == 0 && S_ISDIR(info.st_mode))
    throw InputError(path, 0, "is a directory, expected a trace file");
  return fd;
}

/// Where `path` does not exist and what stands before a `!` in it does: the place of that mark.
std::size_t member_mark(const std::string& path) {
  struct stat info {};
  if (path == "-" || ::stat(path.c_str(), &info) == 0) return std::string::npos;
  for (auto at = path.find(kMemberMark); at != std::string::npos; at = path.find(kMemberMark, at + 1))
    if (::stat(path.substr(0, at).c_str(), &info) == 0 && !S_ISDIR(info.st_mode)) return at;
  return std::string::npos;
}

}  // namespace

std::string file_of(const std::string& path) { return path.substr(0, member_mark(path)); }

struct Input::Opened {
  std::unique_ptr<MappedFile> file;  ///< text as it stands in a regular file
  std::unique_ptr<ByteSource> text;  ///< or what is left of a stream
  std::unique_ptr<Archive> archive;  ///< or an archive
};

Input::Input(std::string path, const std::atomic<bool>* stop) : path_(std::move(path)), stop_(stop) {
  if (const auto mark = member_mark(path_); mark != std::string::npos) {
    wanted_ = path_.substr(mark + 1);
    path_.resize(mark);
  }
  name_ = path_;
  opened_ = std::make_unique<Opened>();
  open(open_file(path_));
  if (!wanted_.empty() && opened_->archive == nullptr)
    throw InputError(path_, 0, "is no archive, expected one with a member '" + wanted_ + "'");
}

void Input::open(Descriptor fd) {
  // Standard input may be a file that somebody has read a part of.
  if (path_ != "-") {
    auto file = std::make_unique<MappedFile>(std::move(fd));
    if (file->is_mapped() && encoding_of(file->text().substr(0, kMostToTell)) == Encoding::kPlain) {
      opened_->file = std::move(file);
      return;
    }
    fd = file->take_descriptor();
  }
  Unpacked left = unpack(std::make_unique<FileSource>(std::move(fd), stop_), kMostLayers);
  if (left.encoding == Encoding::kPlain) {
    opened_->text = std::move(left.source);
    return;
  }
  const Packing packing = left.encoding == Encoding::kTar ? Packing::kTar : Packing::kZip;
  opened_->archive = std::make_unique<Archive>(std::move(left.source), packing);
}

Input::~Input() = default;

bool Input::is_member() const { return opened_->archive != nullptr; }

bool Input::next() {
  if (is_member()) return next_member();
  if (std::exchange(begun_, true)) return false;
  if (opened_->file) lines_.emplace(std::move(opened_->file), stop_);
  else lines_.emplace(std::move(opened_->text), stop_);
  return true;
}

bool Input::next_member() {
  const bool first = !std::exchange(begun_, true);
  std::string member;
  try {
    do
      if (!opened_->archive->next(member)) {
        if (first && !wanted_.empty()) throw InputError(path_, 0, "has no member '" + wanted_ + "'");
        return false;
      }
    while (!wanted_.empty() && member != wanted_);
  } catch (const Damage& damage) {
    name_ = path_;
    throw DamagedInput(path_, 0, damage.what());
  }
  name_ = path_ + kMemberMark + member;
  lines_.emplace(unpack(std::make_unique<Member>(*opened_->archive), kMostLayers).source, stop_);
  return true;
}

}  // namespace custody::traces::input
