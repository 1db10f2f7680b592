// SPDX-License-Identifier: BSD-2-Clause
// What zlib compressed.
#include "traces/input/inflate.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <string>
#include <utility>

namespace custody::traces::input {

Inflate::Inflate(std::unique_ptr<ByteSource> source, Wrapper wrapper) : source_(std::move(source)), wrapper_(wrapper) {
  constexpr int kLargestWindow = 15, kGzipHeader = 16;
  if (::inflateInit2(&stream_, kLargestWindow + (wrapper == Wrapper::kGzip ? kGzipHeader : 0)) != Z_OK)
    throw std::bad_alloc();
}

Inflate::~Inflate() { ::inflateEnd(&stream_); }

void Inflate::damaged(const char* what) const {
  throw Damage("the compressed data are damaged or cut at their byte " + std::to_string(taken_ - stream_.avail_in) +
               ": " + what);
}

bool Inflate::fill() {
  if (stream_.avail_in != 0) return true;
  const std::size_t got = source_->read(buffer_.data(), buffer_.size());
  taken_ += got;
  stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
  stream_.avail_in = static_cast<uInt>(got);
  return got != 0;
}

void Inflate::begin_next() {
  constexpr Bytef kFirstOfGzip = 0x1f;
  // A file may be padded with zeros, as on a tape.
  while (fill() && *stream_.next_in == 0) {
    ++stream_.next_in;
    --stream_.avail_in;
  }
  if (stream_.avail_in == 0) {
    place_ = Place::kEnd;
    return;
  }
  if (wrapper_ == Wrapper::kZlib || *stream_.next_in != kFirstOfGzip) damaged("something else follows them");
  ::inflateReset(&stream_);
  place_ = Place::kInside;
}

std::size_t Inflate::read(char* into, std::size_t size) {
  for (;;) {
    if (place_ == Place::kBetween) begin_next();
    if (place_ == Place::kEnd) return 0;
    if (!fill()) damaged("they end before their end");
    const uInt room = static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
    stream_.next_out = reinterpret_cast<Bytef*>(into);
    stream_.avail_out = room;
    const int status = ::inflate(&stream_, Z_NO_FLUSH);
    const std::size_t made = room - stream_.avail_out;
    if (status == Z_STREAM_END) place_ = Place::kBetween;
    else if (status == Z_MEM_ERROR) throw std::bad_alloc();
    else if (status != Z_OK && status != Z_BUF_ERROR && made == 0)
      damaged(stream_.msg != nullptr ? stream_.msg : "no zlib data");
    if (made != 0) return made;
  }
}

}  // namespace custody::traces::input
