// SPDX-License-Identifier: MIT

// As src/pch/base.hpp, for unit tests.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gst/gst.h>
