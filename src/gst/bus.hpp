// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

typedef struct _GstElement GstElement;
typedef struct _GstObject GstObject;

namespace voicecast {

/// Passes the pipeline's error messages to `on_error(where, words)` on the main loop; `where` is the name of the
/// pipeline's direct child that contains the source of the error ("receiver_…", "mp3_…", or another element). Drops
/// other messages on the thread that posts them: one join makes a hundred state changes, which no part of the server
/// uses. Main thread.
void watch_errors(GstElement* pipeline,
                  std::function<void(const std::string& where, const std::string& words)> on_error);

}  // namespace voicecast
