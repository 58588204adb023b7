// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

typedef struct _GstElement GstElement;

namespace voicecast {

/// An error that an element of a pipeline reports.
struct PipelineError {
  std::string element;     ///< the pipeline's direct child that contains the source of the error
  bool is_branch = false;  ///< whether that child is a Branch, without which the pipeline goes on
  std::string words;
};

/// Passes the pipeline's errors to `on_error` on the main loop. Drops other messages on the thread that posts them: one
/// join makes a hundred state changes, which no part of the server uses. Main thread.
void watch_errors(GstElement* pipeline, std::function<void(const PipelineError&)> on_error);

}  // namespace voicecast
