#pragma once

#include <optional>
#include <string_view>

#include "glib/ptr.hpp"

namespace voicecast {

struct Page {
  const char* content_type;
  GPtr<GBytes> body;
};

/// The page inside the program (data/web/NAME), or nothing. Any thread.
std::optional<Page> find_page(std::string_view name);

}  // namespace voicecast
