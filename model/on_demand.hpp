// SPDX-License-Identifier: BSD-2-Clause
// A value that most of its owners never need: made when it is first asked for.
#pragma once

#include <memory>
#include <utility>

namespace custody::model {

/// A pointer's size until it is made. A copy is a value of its own.
template <class T>
class OnDemand {
 public:
  OnDemand() = default;
  OnDemand(const OnDemand& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  OnDemand(OnDemand&&) noexcept = default;
  OnDemand& operator=(const OnDemand& other) {
    if (this != &other) value_ = other.value_ ? std::make_unique<T>(*other.value_) : nullptr;
    return *this;
  }
  OnDemand& operator=(OnDemand&&) noexcept = default;
  ~OnDemand() = default;

  [[nodiscard]] bool exists() const { return value_ != nullptr; }
  /// Null: it was not made.
  [[nodiscard]] T* get() { return value_.get(); }
  [[nodiscard]] const T* get() const { return value_.get(); }
  /// The value, made where it does not exist.
  [[nodiscard]] T& made() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }
  void emplace(T value) { value_ = std::make_unique<T>(std::move(value)); }
  void reset() { value_.reset(); }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace custody::model
