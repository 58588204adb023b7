// SPDX-License-Identifier: MIT

// What nearly every file includes, compiled once (-Dpch=true), and included by the compiler itself: gcc 12 would warn
// of a "#pragma once" here. Files include what they use all the same: a build without it checks that.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gio/gio.h>
