#pragma once

#include <optional>
#include <string>

#include "glib/soup.hpp"
#include "http/status.hpp"

namespace voicecast {

/// A field of the request, or an empty text. Several fields of one name are joined with commas.
std::string header(SoupServerMessage* request, const char* name);
std::optional<std::string> optional_header(SoupServerMessage* request, const char* name);
bool has_header(SoupServerMessage* request, const char* name);

/// Sets a field of the response; what it was before is replaced.
void set_header(SoupServerMessage* request, const char* name, const std::string& value);

/// Answers the request; nothing may keep what we say.
void answer(SoupServerMessage* request, unsigned status, const char* content_type, GBytes* body);
void answer(SoupServerMessage* request, unsigned status, const char* content_type, const std::string& text);
void answer(SoupServerMessage* request, const Document& document);
void answer_text(SoupServerMessage* request, unsigned status, const std::string& text);

}  // namespace voicecast
