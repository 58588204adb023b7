// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

typedef struct _SoupServerMessage SoupServerMessage;

namespace voicecast {

/// Responds with a built-in page (data/web/NAME), or with 404. `ancestors` are the pages that may frame it, in the
/// syntax of a Content-Security-Policy; empty: all. Main thread.
void answer_page(SoupServerMessage* request, std::string_view name, const std::string& ancestors);

/// Responds with 403 and a page with the reason and, if any, the setting that would allow the request; both are plain
/// text. Main thread.
void answer_refusal_page(SoupServerMessage* request, const std::string& words, const std::string& setting);

/// Whether the path is a built-in part of a page, such as a script. Any thread.
bool is_page_part(std::string_view path);

}  // namespace voicecast
