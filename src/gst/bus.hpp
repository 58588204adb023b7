// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

typedef struct _GstElement GstElement;
typedef struct _GstObject GstObject;

namespace voicecast {

/// Hands the pipeline's error messages to `on_error(where, words)` on the main loop; `where` is the name of the bin
/// directly in the pipeline that the error came from ("receiver_…", "mp3_…", or another element's). Other messages are
/// dropped where they arise: a join makes a hundred state changes that nobody here asks for.
void watch_errors(GstElement* pipeline,
                  std::function<void(const std::string& where, const std::string& words)> on_error);

}  // namespace voicecast
