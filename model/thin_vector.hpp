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

/// The memory of a ThinVector: their number, then room for items; in front of them a `Beside`, where it has room for
/// more than `kFew`.
template <class T, class Beside, std::size_t kFew>
struct ThinBlock {
  std::uint32_t size, capacity;

  static ThinBlock* allocate(std::size_t capacity) {
    const std::size_t before = capacity > kFew ? kBefore : 0;
    auto* const memory = static_cast<std::byte*>(::operator new(before + kItemsAt + capacity * sizeof(T)));
    auto* const block = new (memory + before) ThinBlock{0, static_cast<std::uint32_t>(capacity)};
    if (before != 0) new (memory) Beside();
    return block;
  }
  /// It has no items any more; null: nothing is done.
  static void free(ThinBlock* block) {
    if (block == nullptr) return;
    Beside* const beside = block->beside();
    if (beside == nullptr) return ::operator delete(block);
    std::destroy_at(beside);
    ::operator delete(beside);
  }
  [[nodiscard]] T* items() { return reinterpret_cast<T*>(reinterpret_cast<std::byte*>(this) + kItemsAt); }
  /// Null where there is room for few.
  [[nodiscard]] Beside* beside() {
    return capacity > kFew ? reinterpret_cast<Beside*>(reinterpret_cast<std::byte*>(this) - kBefore) : nullptr;
  }

 private:
  static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
  static constexpr std::size_t kItemsAt = std::max(2 * sizeof(std::uint32_t), alignof(T));
  static constexpr std::size_t kBefore = std::max({sizeof(Beside), alignof(T), alignof(std::uint32_t)});
};

/// As std::vector, where it has the same names. At most 2^32 - 1 items. Room for more than `kFew` items has room for a
/// `Beside` as well, which is copied and moved with them.
template <class T, class Beside = NothingBeside, std::size_t kFew = 0xffffffffU>
class ThinVector {
 public:
  ThinVector() = default;
  ThinVector(const ThinVector& other) {
    if (other.empty()) return;
    block_ = Block::allocate(other.beside() != nullptr ? other.capacity() : other.size());
    std::uninitialized_copy(other.begin(), other.end(), begin());
    block_->size = other.block_->size;
    if (other.beside() != nullptr) *beside() = *other.beside();
  }
  ThinVector(ThinVector&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  ThinVector& operator=(ThinVector other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~ThinVector() {
    clear();
    Block::free(block_);
  }

  [[nodiscard]] std::size_t size() const { return block_ == nullptr ? 0 : block_->size; }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::size_t capacity() const { return block_ == nullptr ? 0 : block_->capacity; }
  [[nodiscard]] T* begin() { return block_ == nullptr ? nullptr : block_->items(); }
  [[nodiscard]] const T* begin() const { return block_ == nullptr ? nullptr : block_->items(); }
  [[nodiscard]] T* end() { return begin() + size(); }
  [[nodiscard]] const T* end() const { return begin() + size(); }
  /// Of a list that has it.
  [[nodiscard]] T& operator[](std::size_t place) { return block_->items()[place]; }
  [[nodiscard]] const T& operator[](std::size_t place) const { return block_->items()[place]; }
  [[nodiscard]] const T& back() const { return (*this)[size() - 1]; }

  void push_back(T item) {
    if (size() == capacity()) grow(empty() ? 1 : size() * 2);
    new (block_->items() + block_->size) T(std::move(item));
    ++block_->size;
  }
  void pop_back() { std::destroy_at(block_->items() + --block_->size); }
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
    if (count > capacity()) grow(count);
  }
  /// Null where the room is for few items.
  [[nodiscard]] Beside* beside() { return block_ == nullptr ? nullptr : block_->beside(); }
  [[nodiscard]] const Beside* beside() const { return block_ == nullptr ? nullptr : block_->beside(); }
  /// Keeps the memory.
  void clear() { truncate(0); }
  /// Gives the memory back, where there are no items.
  void free_if_empty() {
    if (empty()) Block::free(std::exchange(block_, nullptr));
  }

 private:
  using Block = ThinBlock<T, Beside, kFew>;

  [[gnu::noinline]] void grow(std::size_t capacity) {
    Block* const block = Block::allocate(capacity);
    std::uninitialized_move(begin(), end(), block->items());
    block->size = static_cast<std::uint32_t>(size());
    if (beside() != nullptr) *block->beside() = std::move(*beside());
    clear();
    Block::free(std::exchange(block_, block));
  }

  Block* block_ = nullptr;
};

}  // namespace custody::model
