// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/mutants/random_trace.hpp"

#include <random>
#include <vector>

namespace custody::checker::test {
namespace {

class Writer {
 public:
  explicit Writer(unsigned seed) : random_(seed) {}

  std::string text() {
    text_ = "custody litmus: a random walk\ndevice D0\ndevice D1 coherent\naccesses exact\n";
    if (one_in(2)) text_ += "trust mappings\n";
    policies();
    text_ += "\n";
    line("export b 4K system");
    for (int i = 0; i < 25; ++i) event();
    if (one_in(2)) give_back();
    line("release b");
    for (unsigned i = one_in(2) ? 2 : 0; i > 0; --i) event();
    return text_;
  }

 private:
  bool one_in(unsigned n) { return random_() % n == 0; }
  std::string pick(const std::vector<std::string>& words) { return words[random_() % words.size()]; }
  void line(const std::string& words) { text_ += words + "\n"; }

  void policies() {
    if (one_in(4)) return line("policy cpu_owns mapping");
    if (one_in(2)) line("policy backing at_first_use\npolicy leaves " + pick({"keep", "release"}));
    if (one_in(2)) line("policy device_ends last_detach");
    if (one_in(2)) line("policy map_in_window refuse");
    line("policy cpu_unattached " + pick({"allow", "refuse", "no_effect"}));
    line("policy cpu_unmapped " + pick({"allow", "allow", "fail", "no_effect"}));
  }
  void give_back() {
    for (const char* const words : {"end b BIDI", "end b FROM", "vunmap b", "vunmap b", "munmap b", "munmap b"})
      if (one_in(2)) line(words);
    for (const char* const device : {"D0", "D1"})
      for (const char* const word : {"unmap", "unmap", "unpin", "detach"})
        if (one_in(2)) of_device(word, device, "BIDI");
  }
  void of_device(const std::string& word, const std::string& device, const std::string& direction) {
    const bool directed = word == "map" || word == "unmap";
    line(word + " b " + device + (directed ? " " + direction : ""));
    if (directed) line("  dma_" + word + " " + device + " " + direction);
  }
  void event() {
    const std::string direction = pick({"TO", "FROM", "BIDI", "BIDI"}), device = pick({"D0", "D0", "D1"});
    const std::string task = one_in(4) ? "[other] " : "";
    const std::string word = pick({"attach",       "attach",
                                   "detach",       "map",
                                   "map",          "unmap",
                                   "begin",        "begin",
                                   "end",          "end",
                                   "vmap",         "vunmap",
                                   "mmap",         "munmap",
                                   "pin",          "unpin",
                                   "move_notify",  "cpu_read",
                                   "cpu_write",    "device_read",
                                   "device_write", one_in(8) ? "export" : "cpu_write"});
    if (word == "export") return line("export b 4K system");
    if (word == "attach" || word == "detach" || word == "map" || word == "unmap" || word == "pin" || word == "unpin")
      return of_device(word, device, one_in(3) ? direction : "BIDI");
    if (word == "begin" || word == "end") {
      line(task + word + " b " + (one_in(2) ? direction : "BIDI"));
      if (one_in(2)) line(std::string(word == "begin" ? "  sync_for_cpu " : "  sync_for_device ") + device + " BIDI");
      return;
    }
    if (word == "device_read" || word == "device_write") return line(word + " b " + device);
    line(word + " b");
  }

  std::mt19937 random_;
  std::string text_;
};

}  // namespace

std::string random_litmus(unsigned seed) { return Writer(seed).text(); }

}  // namespace custody::checker::test
