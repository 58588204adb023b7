#include "http/pages.hpp"

#include <gio/gio.h>

#include <optional>
#include <string>

#include "http/answer.hpp"

namespace voicecast {
namespace {

/// Pages run our own scripts and styles only. Anybody may frame them, as Home Assistant does from an address that we do
/// not know; what is in the frame stays hidden from the page around it. The waiting page has its few lines inside.
constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'";
constexpr const char* waiting_page_policy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'";

struct Page {
  const char* content_type;
  GPtr<GBytes> body;
};

const char* type_of(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  if (name.ends_with(".webmanifest")) return "application/manifest+json";
  return "application/octet-stream";
}

std::optional<Page> find_page(std::string_view name) {
  const auto path = "/voicecast/web/" + std::string(name);
  auto body = GPtr<GBytes>::adopt(g_resources_lookup_data(path.c_str(), G_RESOURCE_LOOKUP_FLAGS_NONE, nullptr));
  if (!body) return std::nullopt;
  return Page{type_of(name), std::move(body)};
}

}  // namespace

void answer_page(SoupServerMessage* request, std::string_view name) {
  const auto page = find_page(name);
  if (!page) return answer_text(request, SOUP_STATUS_NOT_FOUND, "Not found");
  set_header(request, "Content-Security-Policy", name == "waiting.html" ? waiting_page_policy : page_policy);
  set_header(request, "Referrer-Policy", "no-referrer");  // an address may have a token in it
  answer(request, SOUP_STATUS_OK, page->content_type, page->body.get());
}

}  // namespace voicecast
