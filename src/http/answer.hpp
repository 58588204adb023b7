// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "http/document.hpp"
#include "http/soup.hpp"

namespace voicecast {

/// A field of the request, or an empty text. Several fields of one name are joined with commas.
std::string header(SoupServerMessage* request, const char* name);
std::optional<std::string> optional_header(SoupServerMessage* request, const char* name);
bool has_header(SoupServerMessage* request, const char* name);

/// A value of the request's query, or null; it lives as long as the query, which may be null.
const char* query_value(GHashTable* query, const char* name);

/// Whether its body is of this type, in whatever letters and with whatever parameters.
bool has_media_type(SoupServerMessage* request, const char* type);
std::string body_of(SoupServerMessage* request);
/// For the log: address and port.
std::string client_name(SoupServerMessage* request);

/// Sets a field of the response; what it was before is replaced.
void set_header(SoupServerMessage* request, const char* name, const std::string& value);

/// Answers the request; nothing may keep what we say.
void answer(SoupServerMessage* request, unsigned status, const char* content_type, GBytes* body);
void answer(SoupServerMessage* request, unsigned status, const char* content_type, const std::string& text);
void answer(SoupServerMessage* request, const Document& document);
void answer_text(SoupServerMessage* request, unsigned status, const std::string& text);
/// Answers without a body.
void answer_empty(SoupServerMessage* request, unsigned status);
/// Answers OPTIONS, of people and of a browser's CORS preflight: the methods that there are, and the fields that a page
/// of another origin may send. Whether that page may ask at all, the Guard has said.
void answer_options(SoupServerMessage* request, const char* methods, const char* fields);

/// Answers with an error, in words that may begin with the status' own ("Forbidden: …"): as a problem document (RFC
/// 9457) at the addresses of WHIP and WHEP, else as text.
void refuse(SoupServerMessage* request, unsigned status, const std::string& words);
/// The same for a server that has no room now.
void refuse_for_now(SoupServerMessage* request, const std::string& words, std::chrono::seconds retry_after);

}  // namespace voicecast
