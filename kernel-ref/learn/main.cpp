// SPDX-License-Identifier: GPL-2.0-only
// custody-learn DRIVER: answers the programs that `custody learn` sends, a line each, until its input ends. Exit
// status 3: memory ran out.
#include <fmt/core.h>

#include <cstdio>
#include <iostream>
#include <new>
#include <stdexcept>
#include <string>

#include "kernel-ref/learn/driver_host.hpp"

int main(int argc, char** argv) {
  using namespace custody::kernel_ref;
  if (argc != 2) {
    fmt::print(stderr, "usage: custody-learn DRIVER\n");
    return 2;
  }
  try {
    learn::DriverHost host(learn::find_driver(argv[1]), learn::linked_kernel());
    return host.serve(std::cin, std::cout) ? 0 : 1;
  } catch (const std::invalid_argument& e) {
    fmt::print("bad driver: {}\n", e.what());
    return 2;
  } catch (const std::bad_alloc&) {
    return 3;  // who started it says so
  }
}
