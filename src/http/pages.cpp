#include "http/pages.hpp"

#include <gio/gio.h>

#include <string>

namespace voicecast {
namespace {

const char* type_of(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  if (name.ends_with(".webmanifest")) return "application/manifest+json";
  return "application/octet-stream";
}

}  // namespace

std::optional<Page> find_page(std::string_view name) {
  const auto path = "/voicecast/web/" + std::string(name);
  auto body = GPtr<GBytes>::adopt(g_resources_lookup_data(path.c_str(), G_RESOURCE_LOOKUP_FLAGS_NONE, nullptr));
  if (!body) return std::nullopt;
  return Page{type_of(name), std::move(body)};
}

}  // namespace voicecast
