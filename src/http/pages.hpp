// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

typedef struct _SoupServerMessage SoupServerMessage;

namespace voicecast {

/// Answers with a page inside the program (data/web/NAME), or with 404. `ancestors` are the pages that may frame it, as
/// a Content-Security-Policy has them; empty: all.
void answer_page(SoupServerMessage* request, std::string_view name, const std::string& ancestors);

/// Answers 403 with a page that says why, and the setting that would allow it, if any; both are texts.
void answer_refusal_page(SoupServerMessage* request, const std::string& words, const std::string& setting);

/// Whether this is the address of a part of a page, such as a script.
bool is_page_part(std::string_view path);

}  // namespace voicecast
