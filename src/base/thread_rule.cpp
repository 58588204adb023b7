// SPDX-License-Identifier: MIT
#include "base/thread_rule.hpp"

#include <cassert>
#include <thread>

namespace voicecast {
namespace {

std::thread::id main_thread;

}  // namespace

void become_main_thread() { main_thread = std::this_thread::get_id(); }

#ifndef NDEBUG
void assert_main_thread() { assert(main_thread == std::thread::id() || main_thread == std::this_thread::get_id()); }
#endif

}  // namespace voicecast
