// SPDX-License-Identifier: GPL-2.0-only
// A driver that was built and loaded: each program begins with its memory as it was after the boot.
#include "kernel-ref/drive/loaded_kernel.hpp"

#include <exception>
#include <map>

#include "kernel-ref/drive/kernel.hpp"
#include "kernel-ref/drive/trap.hpp"
#include "kernel-ref/machine/machine.hpp"

namespace custody::kernel_ref::drive {

namespace {

class LoadedKernel final : public learn::KernelSide {
 public:
  explicit LoadedKernel(const std::string& object)
      : kernel_(object), fresh_(kernel_.save()),
        policy_(static_cast<ownership_policy*>(kernel_.find("ownership_heap_policy"))) {
    prepare_traps();
  }

  void set_policy(const ownership_policy& policy) override {
    if (policy_ != nullptr) *policy_ = policy;
  }
  void before_boot() override { kernel_.restore(fresh_); }
  void after_boot() override {
    kernel_.arena().settle();
    booted_ = kernel_.save();
  }
  std::string first_exporter() override { return kernel_.first_exporter(); }
  bool put_back() override {
    kernel_.restore(booted_);
    return true;
  }
  void after_call() override { kernel_.arena().settle(); }
  std::string_view function_at(const void* address) override {
    std::string& name = names_[address];
    // A return address may lie behind the function, where its call is the last thing in it.
    const Symbol* const s = name.empty() ? kernel_.symbol(reinterpret_cast<std::uintptr_t>(address) - 1) : nullptr;
    if (s != nullptr) name = s->name.substr(0, s->name.find('.'));
    return name;
  }
  std::string guarded(const std::function<void()>& work) override {
    std::exception_ptr thrown;
    const Stop stop = drive::guarded([&] {
      try {
        work();
      } catch (const machine::KernelBug&) {
        throw;
      } catch (...) {
        thrown = std::current_exception();
      }
    });
    if (thrown) std::rethrow_exception(thrown);
    if (!stop) return {};
    return stop.what + (stop.pc != 0 ? ", in " + std::string(function_at(reinterpret_cast<const void*>(stop.pc))) : "");
  }

 private:
  Kernel kernel_;
  Kernel::Saved fresh_, booted_;
  ownership_policy* policy_;
  std::map<const void*, std::string> names_;
};

}  // namespace

std::unique_ptr<learn::KernelSide> load_kernel(const std::string& object) {
  return std::make_unique<LoadedKernel>(object);
}

}  // namespace custody::kernel_ref::drive
