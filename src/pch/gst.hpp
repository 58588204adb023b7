// SPDX-License-Identifier: MIT

// As base.hpp, for the rooms that use GStreamer.

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
#include <gst/gst.h>
