// SPDX-License-Identifier: BSD-2-Clause
// What libarchive reads.
#include "traces/input/archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <exception>
#include <new>
#include <utility>

namespace custody::traces::input {

struct Archive::Upstream {
  std::unique_ptr<ByteSource> source;
  std::array<char, std::size_t{1} << 16U> buffer;
  /// What the source threw: no exception may pass through libarchive.
  std::exception_ptr thrown;

  static la_ssize_t read(archive* a, void* self, const void** bytes) {
    auto& upstream = *static_cast<Upstream*>(self);
    *bytes = upstream.buffer.data();
    try {
      return static_cast<la_ssize_t>(upstream.source->read(upstream.buffer.data(), upstream.buffer.size()));
    } catch (...) {
      upstream.thrown = std::current_exception();
      ::archive_set_error(a, -1, "the source is damaged");
      return ARCHIVE_FATAL;
    }
  }
};

void Archive::Free::operator()(archive* a) const { ::archive_read_free(a); }

namespace {

/// The filter of a compressed stream; -1 for an archive.
int filter_of(Packing packing) {
  switch (packing) {
    case Packing::kXz: return ARCHIVE_FILTER_XZ;
    case Packing::kZstd: return ARCHIVE_FILTER_ZSTD;
    case Packing::kBzip2: return ARCHIVE_FILTER_BZIP2;
    case Packing::kLz4: return ARCHIVE_FILTER_LZ4;
    case Packing::kTar:
    case Packing::kZip: break;
  }
  return -1;
}

}  // namespace

Archive::Archive(std::unique_ptr<ByteSource> source, Packing packing)
    : upstream_(std::make_unique<Upstream>()), archive_(::archive_read_new()), is_stream_(filter_of(packing) >= 0) {
  if (!archive_) throw std::bad_alloc();
  upstream_->source = std::move(source);
  archive* const a = archive_.get();
  if (is_stream_) {
    ::archive_read_append_filter(a, filter_of(packing));
    ::archive_read_support_format_raw(a);
    ::archive_read_support_format_empty(a);
  } else if (packing == Packing::kTar) {
    ::archive_read_support_format_tar(a);
  } else {
    // The same from a file as from a pipe: what stands in front of each member counts, not the list at the end.
    ::archive_read_support_format_zip_streamable(a);
  }
}

Archive::~Archive() = default;

std::string Archive::what_is_damaged() const {
  const char* const what = ::archive_error_string(archive_.get());
  return "the packed data are damaged or cut near their byte " +
         std::to_string(::archive_filter_bytes(archive_.get(), -1)) + ": " +
         (what != nullptr ? what : "libarchive cannot read them");
}

void Archive::damaged(long status) {
  // Behind a damaged member libarchive may find the next one.
  over_ = over_ || is_stream_ || status <= ARCHIVE_FATAL;
  if (upstream_->thrown) std::rethrow_exception(upstream_->thrown);
  throw Damage(what_is_damaged());
}

void Archive::open() {
  if (open_) return;
  open_ = true;
  if (::archive_read_open(archive_.get(), upstream_.get(), nullptr, Upstream::read, nullptr) != ARCHIVE_OK)
    damaged(ARCHIVE_FATAL);
}

bool Archive::next(std::string& name) {
  if (!ahead_.is_known) return advance(name);
  const Ahead ahead = std::exchange(ahead_, {});
  if (ahead.damage) std::rethrow_exception(ahead.damage);
  name = ahead.name;
  return ahead.is_there;
}

void Archive::look_ahead() {
  ahead_.is_known = true;
  try {
    ahead_.is_there = advance(ahead_.name);
  } catch (const Damage&) {
    if (upstream_->thrown) throw;
    ahead_.damage = std::current_exception();  // of the next member
  }
  if (!over_ || ahead_.damage) return;
  while (upstream_->source->read(upstream_->buffer.data(), upstream_->buffer.size()) != 0) continue;
}

bool Archive::advance(std::string& name) {
  if (over_) return false;
  open();
  for (;;) {
    archive_entry* entry = nullptr;
    int status = ::archive_read_next_header(archive_.get(), &entry);
    // A header that cannot be read: its member is not there, but those behind it are.
    for (; status == ARCHIVE_RETRY; status = ::archive_read_next_header(archive_.get(), &entry))
      if (passed_over_.empty()) passed_over_ = what_is_damaged();
    over_ = status == ARCHIVE_EOF;
    if (over_ && !passed_over_.empty()) throw Damage(passed_over_);
    if (over_) return false;
    if (status < ARCHIVE_WARN) damaged(status);
    if (::archive_entry_filetype(entry) != AE_IFREG || ::archive_entry_hardlink(entry) != nullptr) continue;
    const char* const path = ::archive_entry_pathname(entry);
    name = path != nullptr ? path : "";
    return true;
  }
}

std::size_t Archive::read(char* into, std::size_t size) {
  if (over_ || ahead_.is_known) return 0;
  if (is_stream_ && !open_) {
    std::string name;
    if (!next(name)) return 0;
  }
  la_ssize_t got = ARCHIVE_RETRY;
  while (got == ARCHIVE_RETRY) got = ::archive_read_data(archive_.get(), into, size);
  if (got < 0) damaged(got);
  if (got == 0 && size != 0 && !is_stream_) look_ahead();
  return static_cast<std::size_t>(got);
}

}  // namespace custody::traces::input
