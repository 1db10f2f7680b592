// SPDX-License-Identifier: BSD-2-Clause
// A list of items in one block of memory that begins with their number: a pointer's size while it has none, as of a
// million buffers most lists are empty.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

namespace custody::model {

/// Nothing is kept beside the items.
struct NothingBeside {};

/// As std::vector, where it has the same names. At most 2^32 - 1 items. Room for more than `kFew` items has room for a
/// `Beside` as well, which is copied and moved with them.
template <class T, class Beside = NothingBeside, std::size_t kFew = 0xffffffffU>
class ThinVector {
 public:
  ThinVector() = default;
  ThinVector(const ThinVector& other) {
    if (other.empty()) return;
    block_ = allocate(other.block_->capacity > kFew ? other.block_->capacity : other.size());
    copy(other);
  }
  ThinVector(ThinVector&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  ThinVector& operator=(const ThinVector& other) {
    if (this == &other) return *this;
    const bool fits = block_ != nullptr && other.size() <= block_->capacity;
    if (!fits || other.beside() != nullptr || beside() != nullptr) return *this = ThinVector(other);
    clear();
    copy(other);
    return *this;
  }
  ThinVector& operator=(ThinVector&& other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~ThinVector() {
    clear();
    free_memory();
  }

  [[nodiscard]] std::size_t size() const { return block_ == nullptr ? 0 : block_->size; }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] T* begin() { return block_ == nullptr ? nullptr : items_of(block_); }
  [[nodiscard]] const T* begin() const { return block_ == nullptr ? nullptr : items_of(block_); }
  [[nodiscard]] T* data() { return begin(); }
  [[nodiscard]] const T* data() const { return begin(); }
  [[nodiscard]] T* end() { return begin() + size(); }
  [[nodiscard]] const T* end() const { return begin() + size(); }
  /// Of a list that has it.
  [[nodiscard]] T& operator[](std::size_t place) { return items_of(block_)[place]; }
  [[nodiscard]] const T& operator[](std::size_t place) const { return items_of(block_)[place]; }
  [[nodiscard]] T& back() { return (*this)[block_->size - 1]; }
  [[nodiscard]] const T& back() const { return (*this)[block_->size - 1]; }

  void push_back(T item) {
    if (block_ == nullptr || block_->size == block_->capacity) grow(size() == 0 ? 1 : size() * 2);
    new (items_of(block_) + block_->size) T(std::move(item));
    ++block_->size;
  }
  void pop_back() { std::destroy_at(items_of(block_) + --block_->size); }
  /// Those behind it move up.
  void erase(std::size_t place) {
    std::move(begin() + place + 1, end(), begin() + place);
    pop_back();
  }
  /// All from this place on.
  void truncate(std::size_t place) {
    while (size() > place) pop_back();
  }
  /// Room for so many in all.
  void reserve(std::size_t count) {
    if (count > (block_ == nullptr ? 0 : block_->capacity)) grow(count);
  }
  /// Null where the room is for few items.
  [[nodiscard]] Beside* beside() { return is_large(block_) ? beside_of(block_) : nullptr; }
  [[nodiscard]] const Beside* beside() const { return is_large(block_) ? beside_of(block_) : nullptr; }
  [[nodiscard]] std::size_t capacity() const { return block_ == nullptr ? 0 : block_->capacity; }
  /// Keeps the memory.
  void clear() { truncate(0); }
  /// Gives the memory back, where there are no items.
  void free_if_empty() {
    if (empty()) free_memory();
  }

 private:
  struct Block {
    std::uint32_t size, capacity;
  };
  static constexpr std::size_t kItemsAt = std::max(sizeof(Block), alignof(T));
  static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);

  static T* items_of(Block* block) { return reinterpret_cast<T*>(reinterpret_cast<std::byte*>(block) + kItemsAt); }
  static const T* items_of(const Block* block) {
    return reinterpret_cast<const T*>(reinterpret_cast<const std::byte*>(block) + kItemsAt);
  }
  // In front of the block, where it is large.
  static constexpr std::size_t kBeside = std::max({sizeof(Beside), alignof(T), alignof(Block)});
  static bool is_large(const Block* block) { return block != nullptr && block->capacity > kFew; }
  static Beside* beside_of(Block* block) {
    return reinterpret_cast<Beside*>(reinterpret_cast<std::byte*>(block) - kBeside);
  }
  static const Beside* beside_of(const Block* block) {
    return reinterpret_cast<const Beside*>(reinterpret_cast<const std::byte*>(block) - kBeside);
  }
  static Block* allocate(std::size_t capacity) {
    const std::size_t before = capacity > kFew ? kBeside : 0;
    auto* const memory = static_cast<std::byte*>(::operator new(before + kItemsAt + capacity * sizeof(T)));
    Block* const block = new (memory + before) Block{0, static_cast<std::uint32_t>(capacity)};
    if (before != 0) new (memory) Beside();
    return block;
  }
  void free_memory() {
    Block* const block = std::exchange(block_, nullptr);
    if (!is_large(block)) return ::operator delete(block);
    std::destroy_at(beside_of(block));
    ::operator delete(beside_of(block));
  }
  /// Of what fits. This one is empty.
  void copy(const ThinVector& other) {
    std::uninitialized_copy(other.begin(), other.end(), begin());
    if (block_ != nullptr) block_->size = static_cast<std::uint32_t>(other.size());
    if (other.beside() != nullptr) *beside() = *other.beside();
  }
  [[gnu::noinline]] void grow(std::size_t capacity) {
    Block* const block = allocate(capacity);
    std::uninitialized_move(begin(), end(), items_of(block));
    block->size = static_cast<std::uint32_t>(size());
    if (is_large(block_)) *beside_of(block) = std::move(*beside_of(block_));
    clear();
    free_memory();
    block_ = block;
  }

  Block* block_ = nullptr;
};

}  // namespace custody::model
