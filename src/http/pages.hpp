#pragma once

#include <string_view>

typedef struct _SoupServerMessage SoupServerMessage;

namespace voicecast {

/// Answers with a page inside the program (data/web/NAME), or with 404.
void answer_page(SoupServerMessage* request, std::string_view name);

}  // namespace voicecast
