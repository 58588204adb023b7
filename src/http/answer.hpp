// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "http/document.hpp"
#include "http/soup.hpp"

namespace voicecast {

/// The value of a header field of the request, or an empty text (nothing). Several fields of one name are joined with
/// commas. Main thread, as all functions of this header.
std::string header(SoupServerMessage* request, const char* name);
std::optional<std::string> optional_header(SoupServerMessage* request, const char* name);
bool has_header(SoupServerMessage* request, const char* name);

/// The value of a query parameter, or null; it lives as long as `query`, which may be null.
const char* query_value(GHashTable* query, const char* name);

/// Whether the request's Content-Type is `type`, regardless of case and parameters.
bool has_media_type(SoupServerMessage* request, const char* type);
/// A copy of the request's body.
std::string body_of(SoupServerMessage* request);
/// The client's address and port, for the log.
std::string client_name(SoupServerMessage* request);

/// Sets a header field of the response, replacing its value.
void set_header(SoupServerMessage* request, const char* name, const std::string& value);

/// Sets the response. Caches must not store it.
void answer(SoupServerMessage* request, unsigned status, const char* content_type, GBytes* body);
void answer(SoupServerMessage* request, unsigned status, const char* content_type, const std::string& text);
void answer(SoupServerMessage* request, const Document& document);
void answer_text(SoupServerMessage* request, unsigned status, const std::string& text);
/// Sets a response without a body.
void answer_empty(SoupServerMessage* request, unsigned status);
/// Responds to OPTIONS, including a browser's CORS preflight: with the supported methods, and the header fields that a
/// page of another origin may send. The Guard has checked the page's origin before.
void answer_options(SoupServerMessage* request, const char* methods, const char* fields);

/// Responds with an error; `words` may begin with the reason phrase ("Forbidden: …"). The format is a problem document
/// (RFC 9457) for WHIP and WHEP, else plain text.
void refuse(SoupServerMessage* request, unsigned status, const std::string& words);
/// Responds with 503 and Retry-After, for a server at one of its limits.
void refuse_for_now(SoupServerMessage* request, const std::string& words, std::chrono::seconds retry_after);

}  // namespace voicecast
