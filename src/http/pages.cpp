// SPDX-License-Identifier: MIT
#include "http/pages.hpp"

#include <gio/gio.h>

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "http/answer.hpp"

namespace voicecast {
namespace {

/// Pages load scripts and styles of this server only. The waiting page has inline ones.
constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'";
constexpr const char* waiting_page_policy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'";

constexpr const char* refusal_page_policy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const std::string resource_folder = "/voicecast/web/";

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

GPtr<GBytes> find(const std::string& path) {
  return GPtr<GBytes>::adopt(g_resources_lookup_data(path.c_str(), G_RESOURCE_LOOKUP_FLAGS_NONE, nullptr));
}

std::optional<Page> find_page(std::string_view name) {
  auto body = find(resource_folder + std::string(name));
  if (!body) return std::nullopt;
  return Page{type_of(name), std::move(body)};
}

/// Replaces a placeholder in the page by an escaped text.
void fill_in(std::string& page, std::string_view name, const std::string& text) {
  const GUnique<char> escaped(g_markup_escape_text(text.c_str(), -1));
  if (const auto at = page.find(name); at != page.npos) page.replace(at, name.size(), escaped.get());
}

}  // namespace

void answer_page(SoupServerMessage* request, std::string_view name, const std::string& ancestors) {
  const auto page = find_page(name);
  if (!page) return answer_text(request, SOUP_STATUS_NOT_FOUND, "Not found");
  const std::string policy = name == "waiting.html" ? waiting_page_policy : page_policy;
  set_header(request, "Content-Security-Policy",
             ancestors.empty() ? policy : policy + "; frame-ancestors " + ancestors);
  set_header(request, "Referrer-Policy", "no-referrer");  // the URL may contain a token
  answer(request, SOUP_STATUS_OK, page->content_type, page->body.get());
}

void answer_refusal_page(SoupServerMessage* request, const std::string& words, const std::string& setting) {
  const auto body = find("/voicecast/pages/refused.html");
  std::string page(text_of(body.get()));
  fill_in(page, "@WORDS@", words);
  fill_in(page, "@HIDDEN@", setting.empty() ? "hidden" : "");
  fill_in(page, "@SETTING@", setting);
  set_header(request, "Content-Security-Policy", refusal_page_policy);
  answer(request, SOUP_STATUS_FORBIDDEN, "text/html; charset=utf-8", page);
}

bool is_page_part(std::string_view path) {
  if (path.empty() || path.ends_with(".html")) return false;
  const auto name = resource_folder + std::string(path.substr(1));
  return g_resources_get_info(name.c_str(), G_RESOURCE_LOOKUP_FLAGS_NONE, nullptr, nullptr, nullptr);
}

}  // namespace voicecast
